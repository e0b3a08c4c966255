"""Which rules must change: permits for neighbours together, and a register of barriers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lekp_lib import wording
from lekp_lib.assumptions import Assumptions, load, load_barriers
from lekp_lib.contracts import CRS, RESULTS
from lekp_lib.contracts.lists import PERIOD_FIRST_YEAR, PERIODS, TENURES
from lekp_lib.contracts.results.mee_rules import BARRIER_STATUSES, COUNTERS, FORMS, WALL_PLACES
from lekp_lib.domain import adjacency, permits, renovation
from lekp_lib.domain.permits import PermitTerms
from lekp_lib.studies._frames import KeyFigure
from lekp_lib.studies._mee_scene import Scene
from lekp_lib.studies._section import Section

__all__ = ["RULES_KEYS", "rules_section"]

_SURFACE = "permits.surface."
RULES_KEYS = (
    "stock.touching_gap_m",
    "stock.row_smallest_dwellings",
    "stock.row_largest_dwellings",
    *(f"permits.{field.name}" for field in fields(PermitTerms)),
    "permits.approval_share",
    "permits.approval_heritage_share",
    "permits.block_files",
    "permits.line_within_m",
    "permits.line_reach_m",
    "permits.line_widest_half_m",
    "permits.insulated_from_year",
    *(f"{_SURFACE}{name}" for name in load().values_below(_SURFACE)),
)
"""Figures that this section reads."""

_NO_FRONT = ("motorway", "slow")
_GIVEN = "is_on_building_line"
_OLD_BEFORE = 1971  # the counter reads "built until 1970"
_OWNER = TENURES[0]
_WITH_PERMIT = ("voorgevel-rooilijn", "erfgoed")
_WHO = {
    "separate": "niemand: zo gaat het nu",
    "joint": "niemand: zo kan het nu, als de gemeente het aanvaardt (niet nagegaan)",
    "severable": "Vlaamse Regering, in het decreet over de omgevingsvergunning",
    "front_wall_exemption": "Vlaamse Regering, in het Vrijstellingsbesluit",
    "linked_one_fee": "gemeenteraad, in het reglement op de dossierkosten",
}
_PROPOSALS = {
    "separate": "Geen: elke woning dient een eigen dossier in.",
    "joint": "Geen: één weigering houdt de hele rij tegen.",
    "severable": (
        "Wie samen één dossier indient, krijgt een beslissing per woning: een weigering voor de "
        "ene houdt de andere niet tegen."
    ),
    "front_wall_exemption": (
        "Isolatie van een voorgevel op de rooilijn is vrij van vergunning, als er op de stoep "
        "genoeg plaats blijft en het gebouw geen erfgoed is."
    ),
    "linked_one_fee": (
        "Buren die met dezelfde tekeningen gekoppelde dossiers indienen, betalen samen één keer "
        "de dossierkosten."
    ),
}
_DEFAULTS = (
    "Hoeveel gezinnen eigenaar zijn, weinig verdienen of thuis een andere taal spreken, weten we "
    "niet voor deze wijk: die aantallen komen uit aannames voor Vlaanderen."
)


@dataclass(frozen=True)
class _Permits:
    """What the tables of this section share."""

    walls: pd.DataFrame
    files: pd.DataFrame
    group: pd.Series[Any]
    forms: pd.DataFrame
    terms: PermitTerms
    smallest: float

    @property
    def joint(self) -> pd.DataFrame:
        """Return the groups that are large enough, in one file."""
        return self.form("joint")

    def form(self, form: str) -> pd.DataFrame:
        """Return the groups that are large enough, filed in one way."""
        table = self.forms[self.forms.index.get_level_values("form") == form].droplevel("form")
        return table[table["dwellings"] >= self.smallest]


def rules_section(scene: Scene, group: pd.Series[Any] | None = None) -> Section:
    """
    Return what a permit for neighbours together asks, and which rules hit this neighbourhood.

    Parameters
    ----------
    scene : Scene
    group : Series, indexed by ``building_id``, optional
        Group of like neighbours of each home; rows of one type and period if left out.

    Returns
    -------
    Section
        Tables voorgevels, vergunning_vormen, vergunning_groepen, kans_dossier, regelvarianten
        and knelpunten.
    """
    used = scene.used
    found = _permits(scene, _rows(scene) if group is None else group)
    variants = permits.rule_variants(
        found.files, found.group, terms=found.terms, smallest=found.smallest
    )
    counters = _counters(scene, found.walls)
    tables = {
        "voorgevels": _walls(scene, found),
        "vergunning_vormen": _forms(found),
        "vergunning_groepen": _groups(scene, found),
        "kans_dossier": _chances(used),
        "regelvarianten": _variants(variants),
        "knelpunten": _barriers(counters, found),
    }
    numbers = _numbers(scene, found, variants)
    return Section(
        tables,
        _figures(numbers),
        _remarks(scene, numbers, found, tables["vergunning_groepen"], variants),
    )


def _shown(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a contract in their order, codes as text and counts whole."""
    about = RESULTS[name].columns
    kinds = {"text": "str", "integer": "Int64", "number": "float64", "yes_no": "boolean"}
    return table[list(about)].astype({key: kinds[one.kind] for key, one in about.items()})


# --- permits --------------------------------------------------------------------------------


def _rows(scene: Scene) -> pd.Series[Any]:
    return adjacency.joint_groups(
        scene.homes.assign(kind=renovation.row_kinds(scene.homes), rank=0.0),
        scene.walls,
        smallest=scene.used["stock.row_smallest_dwellings"].value,
        largest=scene.used["stock.row_largest_dwellings"].value,
        steps=0.0,
        step_m=0.0,
    )


def _permits(scene: Scene, group: pd.Series[Any]) -> _Permits:
    walls = _front_walls(scene)
    files = _files(scene, walls)
    values = scene.used.values_below("permits.")
    terms = PermitTerms(**{field.name: values[field.name] for field in fields(PermitTerms)})
    forms = permits.compare_forms(files, group, terms=terms, block_files=values["block_files"])
    smallest = scene.used["stock.row_smallest_dwellings"].value
    return _Permits(walls, files, group, forms, terms, smallest)


def _front_walls(scene: Scene) -> pd.DataFrame:
    streets = gpd.GeoDataFrame(scene.place.tables["straten"])
    given = scene.place.tables["gebouwen"].get(_GIVEN)
    return permits.building_line(
        scene.homes,
        streets[~streets["road_class"].isin(_NO_FRONT)],
        within_m=scene.used["permits.line_within_m"].value,
        reach_m=scene.used["permits.line_reach_m"].value,
        widest_half_m=scene.used["permits.line_widest_half_m"].value,
        given=None if given is None else pd.Series(given),
    )


def _files(scene: Scene, walls: pd.DataFrame) -> pd.DataFrame:
    """Return the buildings that need a permit to insulate their front wall on the outside."""
    homes, used = scene.homes, scene.used
    first_year = homes["period"].map(dict(zip(PERIODS, PERIOD_FIRST_YEAR, strict=True)))
    is_recent = first_year >= used["permits.insulated_from_year"].value
    is_heritage = homes["is_heritage"].astype("bool")
    is_needed = walls["is_on_line"].fillna(value=False).astype("bool") | is_heritage
    usual, heritage = used["permits.approval_share"], used["permits.approval_heritage_share"]
    table = pd.DataFrame(
        {
            "dwellings": homes["dwellings"].astype("float64"),
            "approval_share": np.where(is_heritage, heritage.value, usual.value),
            "is_freed": ~is_heritage,
        }
    )
    return pd.DataFrame(table.loc[is_needed & ~is_recent])


def _walls(scene: Scene, found: _Permits) -> pd.DataFrame:
    is_on = found.walls["is_on_line"].astype("object")
    place = is_on.map({True: WALL_PLACES[0], False: WALL_PLACES[1]}).fillna(WALL_PLACES[2])
    dwellings = scene.homes["dwellings"].astype("float64")
    table = pd.DataFrame(
        {
            "buildings": place.value_counts(),
            "dwellings": dwellings.groupby(place).sum(),
            "files": place.loc[found.files.index].value_counts(),
        }
    ).reindex(list(WALL_PLACES), fill_value=0)
    table = table.fillna(0).assign(share=table["dwellings"] / (dwellings.sum() or math.nan))
    return _shown("voorgevels", table.rename_axis("place").reset_index())


def _forms(found: _Permits) -> pd.DataFrame:
    """Return the totals of each way of filing, over the groups that are large enough."""
    added = ["files", "fee_eur", "cost_eur", "expected_dwellings"]
    added += ["architect_hours", "clerk_hours", "applicant_hours"]
    rows = []
    for form in FORMS:
        groups = found.form(form)
        dwellings = float(groups["dwellings"].sum()) or math.nan
        total: dict[str, Any] = dict(groups[added].sum())
        total["form"] = form
        total["days"] = float((groups["days"] * groups["dwellings"]).sum()) / dwellings
        total["expected_share"] = total["expected_dwellings"] / dwellings
        rows.append(total)
    return _shown("vergunning_vormen", pd.DataFrame(rows))


def _groups(scene: Scene, found: _Permits) -> gpd.GeoDataFrame:
    joint, linked, apart = (found.form(form) for form in ("joint", "linked", "separate"))
    members = found.group[found.group.isin(joint.index)]
    outlines = adjacency.group_outlines(
        scene.homes, members, touching_gap_m=scene.used["stock.touching_gap_m"].value
    )
    streets = scene.homes.loc[members.index, "street_name"].groupby(members)
    table = joint.assign(
        street_name=streets.agg(_most_common),
        last_signature_days=permits.slowest_signature_days(
            joint["files"], mean_days=found.terms.signature_days
        ),
        linked_below_share=permits.break_even_share(
            joint["files"], joint_eur=joint["cost_eur"], linked_eur=linked["cost_eur"]
        ),
        even_odds_share=permits.even_odds_share(joint["files"]),
        hours_saved=_hours(apart) - _hours(linked),
    )
    order = table.sort_values("files", ascending=False, kind="stable").index
    shapes = outlines.reindex(order).to_numpy()
    table = table.loc[order].assign(group_id=[str(number + 1) for number in range(len(table))])
    shown = _shown("vergunning_groepen", table.reset_index(drop=True))
    return gpd.GeoDataFrame(shown, geometry=shapes, crs=CRS)


def _most_common(names: pd.Series[Any]) -> str | None:
    common = names.mode()
    return str(common.iloc[0]) if len(common) else None


def _hours(forms: pd.DataFrame) -> pd.Series[float]:
    return forms[["architect_hours", "clerk_hours", "applicant_hours"]].sum(axis=1)


def _chances(used: Assumptions) -> pd.DataFrame:
    points = used.values_below(_SURFACE)
    table = permits.success_shares(
        sorted(value for name, value in points.items() if not name.endswith("_share")),
        sorted(value for name, value in points.items() if name.endswith("_share")),
        block_files=used["permits.block_files"].value,
    )
    return _shown("kans_dossier", table)


def _variants(variants: pd.DataFrame) -> pd.DataFrame:
    table = variants.reset_index()
    table = table.assign(
        who_can_change=table["variant"].map(_WHO), proposal=table["variant"].map(_PROPOSALS)
    )
    return _shown("regelvarianten", table)


# --- barriers -------------------------------------------------------------------------------


def _counters(scene: Scene, walls: pd.DataFrame) -> pd.DataFrame:
    """
    Return the dwellings behind each counter, and the smallest household cell it tells about.

    0 stands for a count of dwellings, which is no personal fact.
    """
    homes, households = scene.homes, scene.households
    dwellings = homes["dwellings"].astype("float64")
    is_on_line = walls["is_on_line"].fillna(value=False).astype("bool")
    old = [
        period
        for period, year in zip(PERIODS, PERIOD_FIRST_YEAR, strict=True)
        if year < _OLD_BEFORE
    ]
    flats = scene.segments[scene.segments["building_type"] == "apartment_building"]
    in_flats = flats.groupby("tenure")["dwellings"].sum()
    tenures = households.groupby("tenure")["households"].sum()
    owners = households[households["tenure"] == _OWNER].groupby("income_group")["households"].sum()
    languages = households.groupby("language_group")["households"].sum()
    # Owners and tenants add up to all households: owners tell how many tenants there are.
    owners_fewest = _fewest(pd.concat([owners, tenures]))
    rows = {
        "all": (dwellings.sum(), 0.0),
        "front_on_building_line": (dwellings[is_on_line].sum(), 0.0),
        "heritage": (dwellings[homes["is_heritage"].astype("bool")].sum(), 0.0),
        "pre_1970": ((scene.weights[old].sum(axis=1) * dwellings).sum(), 0.0),
        "apartments_co_owned": (
            in_flats.drop("social_rental", errors="ignore").sum(),
            _fewest(in_flats),
        ),
        "owner_occupied": (tenures.get(_OWNER, 0.0), _fewest(tenures)),
        "owner_low": (owners.get("low", 0.0), owners_fewest),
        "owner_low_middle": (owners.reindex(["low", "middle"]).sum(), owners_fewest),
        "private_rental": (tenures.get("private_rental", 0.0), _fewest(tenures)),
        "other_language": (languages.get("other", 0.0), _fewest(languages)),
    }
    table = pd.DataFrame.from_dict(
        rows, orient="index", columns=["dwellings", "fewest_dwellings"], dtype="float64"
    )
    return table.loc[list(COUNTERS)]


def _fewest(households: pd.Series[Any]) -> float:
    """Return the smallest cell that is not empty; 0 where all are."""
    return float(households[households > 0].min()) if (households > 0).any() else 0.0


def _barriers(counters: pd.DataFrame, found: _Permits) -> pd.DataFrame:
    """Return the register; what a permit costs comes from the files of this neighbourhood."""
    table = load_barriers()
    apart = found.forms[found.forms.index.get_level_values("form") == "separate"]
    files = float(apart["files"].sum()) or math.nan
    is_permit = table.index.isin(_WITH_PERMIT)
    days, cost_eur = apart["days"].mean(), apart["cost_eur"].sum() / files
    table["effect_days"] = table["effect_days"].mask(is_permit, days)
    table["effect_eur"] = table["effect_eur"].mask(is_permit, cost_eur)
    counted = counters.loc[table["counts_on"]].set_axis(table.index, axis=0)
    shown = _shown("knelpunten", table.join(counted)).reset_index(drop=True)
    return shown.assign(fewest_dwellings=counted["fewest_dwellings"].to_numpy())


# --- figures and sentences ------------------------------------------------------------------


def _numbers(scene: Scene, found: _Permits, variants: pd.DataFrame) -> dict[str, float]:
    dwellings = scene.homes["dwellings"].astype("float64")
    is_known = found.walls["is_on_line"].notna()
    on_line = dwellings[found.walls["is_on_line"].fillna(value=False).astype("bool")].sum()
    largest = found.joint.sort_values(["files", "all_share"]).tail(1)
    return {
        "dwellings_on_building_line": float(on_line),
        "on_building_line_share": float(on_line) / (float(dwellings[is_known].sum()) or math.nan),
        "permit_dwellings": float(found.files["dwellings"].sum()),
        "permit_groups": float(len(found.joint)),
        "largest_group_files": float(largest["files"].sum()) if len(largest) else math.nan,
        "joint_success_share": _chance(float(largest["all_share"].sum()), largest),
        "linked_hours_saved": float(variants["hours_saved"]["linked_one_fee"]),
        "exemption_dwellings_freed": float(variants["dwellings_freed"]["front_wall_exemption"]),
    }


_LABELS: Mapping[str, tuple[str, str, str]] = {
    "dwellings_on_building_line": (
        "aantal", "derived", "woningen met de voorgevel op de rooilijn (afgeleid, niet gemeten)"),
    "on_building_line_share": (
        "aandeel", "derived", "van de woningen heeft de voorgevel op de rooilijn"),
    "permit_dwellings": (
        "aantal", "derived", "woningen die nu een vergunning nodig hebben voor buitenisolatie"),
    "permit_groups": ("aantal", "derived", "rijen die samen een vergunning kunnen vragen"),
    "largest_group_files": ("aantal", "derived", "dossiers in de grootste rij"),
    "joint_success_share": (
        "aandeel", "assumed", "kans dat één dossier voor die rij helemaal slaagt"),
    "linked_hours_saved": (
        "uur", "assumed", "gespaard met gekoppelde dossiers: architect, gemeente en bewoners"),
    "exemption_dwellings_freed": (
        "aantal", "assumed", "woningen zonder vergunning als de voorgevel wordt vrijgesteld"),
}  # fmt: skip
"""Key figure → unit, basis and label."""


def _figures(numbers: Mapping[str, float]) -> tuple[KeyFigure, ...]:
    return tuple(
        KeyFigure(key, None if math.isnan(numbers[key]) else numbers[key], unit, label, basis, 2)
        for key, (unit, basis, label) in _LABELS.items()
    )


def _remarks(
    scene: Scene,
    numbers: Mapping[str, float],
    found: _Permits,
    groups: pd.DataFrame,
    variants: pd.DataFrame,
) -> tuple[str, ...]:
    said = [
        _about_walls(numbers, found),
        _about_groups(numbers, groups),
        _about_variants(numbers, variants),
        _about_register(),
    ]
    if not scene.has_households:
        said.append(_DEFAULTS)
    return tuple(sentence for sentence in said if sentence)


def _about_walls(numbers: Mapping[str, float], found: _Permits) -> str:
    if found.walls["is_on_line"].isna().all():
        return "Waar de voorgevels staan, kunnen we niet uit de kaart afleiden."
    if numbers["dwellings_on_building_line"] == 0:
        return (
            "Nergens staat de voorgevel op de rooilijn, voor zover we dat uit de afstand tussen "
            "gevel en straat kunnen afleiden. We hebben het niet gemeten."
        )
    count = wording.number(numbers["dwellings_on_building_line"])
    share = wording.share(numbers["on_building_line_share"], 1)
    return (
        f"Bij {count} woningen ({share}) staat de voorgevel vermoedelijk op de rooilijn. Dat "
        "leiden we af uit de afstand tussen gevel en straat; we hebben het niet gemeten. Een "
        "ondiepe voortuin in een smalle straat telt zo mee, een gevel aan een breed plein niet."
    )


def _about_groups(numbers: Mapping[str, float], groups: pd.DataFrame) -> str:
    if not len(groups):
        return (
            "Er is hier geen rij van gelijke woningen die samen een vergunning zou vragen. Een "
            "collectieve vergunning lost in deze wijk dus weinig op."
        )
    files = wording.number(numbers["largest_group_files"])
    largest = groups.iloc[0]
    below, even = float(largest["linked_below_share"]), float(largest["even_odds_share"])
    return (
        f"De grootste rij telt {files} dossiers. Dient ze één dossier in, alles of niets, dan "
        f"slaagt dat met een kans van ongeveer {wording.share(numbers['joint_success_share'])}, "
        "binnen onze aannames: één weigering houdt iedereen tegen. Op kosten alleen wint één "
        f"dossier, zolang elke woning meer dan {wording.share(below)} kans heeft. Maar onder "
        f"{wording.share(even)} mislukt het vaker dan het slaagt."
    )


def _about_variants(numbers: Mapping[str, float], variants: pd.DataFrame) -> str:
    if numbers["permit_dwellings"] == 0:
        return "Geen van de drie voorgestelde regels zou hier veel veranderen."
    freed = wording.number(numbers["exemption_dwellings_freed"])
    days = wording.number(float(variants["days_saved"]["front_wall_exemption"]))
    hours = wording.number(numbers["linked_hours_saved"])
    more = float(variants["days"]["severable"] - variants["days"]["separate"])
    wait = (
        f" Een deelbaar dossier maakt het minder werk, maar de traagste handtekening kost "
        f"gemiddeld {wording.number(more)} dagen."
        if more >= 1
        else ""
    )
    return (
        f"Een vrijstelling voor de voorgevel geeft {freed} woningen zonder vergunning en spaart "
        f"gemiddeld {days} dagen per woning. Gekoppelde dossiers sparen {hours} uren werk."
        f"{wait} Dit geldt als alle eigenaars hun gevel langs buiten isoleren."
    )


def _chance(share: float, groups: pd.DataFrame) -> float:
    """Return a chance rounded to tenths: it stands on assumptions."""
    return round(share, 1) if len(groups) else math.nan


def _about_register() -> str:
    counts = load_barriers()["status"].value_counts().reindex(list(BARRIER_STATUSES), fill_value=0)
    checked, again, never = (wording.number(int(count)) for count in counts)
    return (
        f"In de lijst van knelpunten zijn er {checked} nagegaan bij een bron. Bij {again} andere "
        f"kan de regel intussen veranderd zijn, en {never} zijn niet nagegaan."
    )
