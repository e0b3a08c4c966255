"""Result tables of the study iedereen_mee: segments of homes and the rows they stand in."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS, TENURES

__all__ = ["CONTRACTS"]

_AREAS = ("Polygon", "MultiPolygon")
_PERIODS = (*PERIODS, "unknown")


class Segmenten(Table):
    """The homes per type and period."""

    building_type: Series[str] = column(
        "Type",
        "Type van het gebouw.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    period: Series[str] = column(
        "Bouwperiode", "Periode van Statbel.", required=True, allowed=_PERIODS, labels="period"
    )
    buildings: Series[int] = column(
        "Gebouwen", "Gebouwen met minstens één woning.", unit="aantal", required=True, ge=0
    )
    dwellings: Series[float] = column(
        "Woningen gevonden",
        "Woningen met deze periode in uw gegevens.",
        unit="aantal",
        required=True,
        ge=0,
    )
    dwellings_expected: Series[float] = column(
        "Woningen verwacht",
        "Ook woningen zonder bouwjaar, verdeeld over de periodes zoals in de gemeente.",
        unit="aantal",
        required=True,
        ge=0,
    )
    share: Series[float] = column(
        "Aandeel in de wijk", "Van de verwachte woningen.", unit="aandeel", decimals=1, ge=0, le=1
    )
    municipality_share: Series[float] = column(
        "Aandeel in de gemeente",
        "Van de gebouwen van alle types samen: Statbel telt per periode gebouwen, geen woningen.",
        unit="aandeel",
        decimals=1,
        ge=0,
        le=1,
    )
    flanders_share: Series[float] = column(
        "Aandeel in Vlaanderen",
        "Van de gebouwen, zoals bij de gemeente.",
        unit="aandeel",
        decimals=1,
        ge=0,
        le=1,
    )


class SegmentenEigendom(Table):
    """The homes per type, period and tenure."""

    building_type: Series[str] = column(
        "Type",
        "Type van het gebouw.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    period: Series[str] = column(
        "Bouwperiode", "Periode van Statbel.", required=True, allowed=_PERIODS, labels="period"
    )
    tenure: Series[str] = column(
        "Eigendom",
        "Eigenaar-bewoner, private huur of sociale huur.",
        required=True,
        allowed=(*TENURES, "unknown"),
        labels="tenure",
    )
    dwellings: Series[float] = column(
        "Woningen", "Woningen in dit segment.", unit="aantal", sensitive=True, ge=0
    )


class EigendomTotaal(Table):
    """The homes per tenure; the rows stand or fall together, see the contract."""

    tenure: Series[str] = column(
        "Eigendom",
        "Eigenaar-bewoner, private huur of sociale huur.",
        required=True,
        unique=True,
        allowed=(*TENURES, "unknown"),
        labels="tenure",
    )
    dwellings: Series[float] = column(
        "Woningen", "Woningen in de hele wijk.", unit="aantal", sensitive=True, ge=0
    )


class VergelijkingType(Table):
    """Dwellings per type beside the municipality and Flanders."""

    building_type: Series[str] = column(
        "Type",
        "Type van het gebouw.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    dwellings: Series[float] = column(
        "Woningen in de wijk", "Woningen van dit type.", unit="aantal", required=True, ge=0
    )
    share: Series[float] = column(
        "Aandeel in de wijk", "Van de woningen.", unit="aandeel", ge=0, le=1
    )
    municipality_share: Series[float] = column(
        "Aandeel in de gemeente", "Van de woningen.", unit="aandeel", ge=0, le=1
    )
    flanders_share: Series[float] = column(
        "Aandeel in Vlaanderen", "Van de woningen.", unit="aandeel", ge=0, le=1
    )


class VergelijkingPeriode(Table):
    """Buildings per period beside the municipality and Flanders."""

    period: Series[str] = column(
        "Bouwperiode", "Periode van Statbel.", required=True, allowed=PERIODS, labels="period"
    )
    buildings: Series[int] = column(
        "Gebouwen in de wijk",
        "Gebouwen met woningen waarvan de bouwperiode bekend is.",
        unit="aantal",
        required=True,
        ge=0,
    )
    share: Series[float] = column(
        "Aandeel in de wijk",
        "Van de gebouwen met bekende bouwperiode; leeg als er geen zijn.",
        unit="aandeel",
        ge=0,
        le=1,
    )
    municipality_share: Series[float] = column(
        "Aandeel in de gemeente", "Van de gebouwen, niet de woningen.", unit="aandeel", ge=0, le=1
    )
    flanders_share: Series[float] = column(
        "Aandeel in Vlaanderen", "Van de gebouwen, niet de woningen.", unit="aandeel", ge=0, le=1
    )


_WHERE = column("Waar", "De wijk, de gemeente of Vlaanderen.", required=True)
_SHARE = column("Aandeel", "Van het geheel op die plaats.", unit="aandeel", ge=0, le=1)


class TypesNaastElkaar(Table):
    """Shares of the types of dwellings, one row per place, for a chart."""

    building_type: Series[str] = column(
        "Type",
        "Type van het gebouw.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    where: Series[str] = _WHERE
    share: Series[float] = _SHARE


class PeriodesNaastElkaar(Table):
    """Shares of the periods of buildings, one row per place, for a chart."""

    period: Series[str] = column(
        "Bouwperiode", "Periode van Statbel.", required=True, allowed=PERIODS, labels="period"
    )
    where: Series[str] = _WHERE
    share: Series[float] = _SHARE


class Rijen(Table):
    """Rows of like homes that stand side by side, and buildings with several homes."""

    group_id: Series[str] = column(
        "Rij", "Nummer van de rij; 1 is de langste.", required=True, unique=True
    )
    street_name: Series[str] = column("Straat", "Straat waar de meeste woningen van de rij staan.")
    building_type: Series[str] = column(
        "Type",
        "Type van de meeste woningen; hoekhuizen horen bij hun rij.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    period: Series[str] = column(
        "Bouwperiode", "Periode van Statbel.", required=True, allowed=_PERIODS, labels="period"
    )
    buildings: Series[int] = column("Gebouwen", "Gebouwen in de rij.", unit="aantal", ge=1)
    dwellings: Series[float] = column(
        "Woningen",
        "Woningen in de rij; leeg bij één gebouw waarvan het aantal geschat is.",
        unit="aantal",
        ge=0,
    )


class RijenPerSegment(Table):
    """Per segment how many homes stand in a row."""

    building_type: Series[str] = column(
        "Type",
        "Type van het gebouw.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    period: Series[str] = column(
        "Bouwperiode", "Periode van Statbel.", required=True, allowed=_PERIODS, labels="period"
    )
    dwellings: Series[float] = column(
        "Woningen", "Woningen in het segment.", unit="aantal", required=True, ge=0
    )
    dwellings_in_rows: Series[float] = column(
        "In een rij", "Woningen in een rij.", unit="aantal", required=True, ge=0
    )
    dwellings_in_long_rows: Series[float] = column(
        "In een lange rij", "Woningen in een lange rij.", unit="aantal", required=True, ge=0
    )
    in_rows_share: Series[float] = column(
        "Aandeel in een rij", "Van de woningen in het segment.", unit="aandeel", ge=0, le=1
    )
    longest_row_dwellings: Series[float] = column(
        "Langste rij", "Woningen in de langste rij; 0 zonder rij.", unit="aantal", ge=0
    )


class BurenMatrix(Table):
    """Which segment stands beside which."""

    building_type: Series[str] = column(
        "Type",
        "Type van het ene gebouw.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    period: Series[str] = column(
        "Bouwperiode", "Van het ene gebouw.", required=True, allowed=_PERIODS, labels="period"
    )
    neighbour_type: Series[str] = column(
        "Type van de buur",
        "Type van het andere gebouw.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    neighbour_period: Series[str] = column(
        "Bouwperiode van de buur",
        "Van het andere gebouw.",
        required=True,
        allowed=_PERIODS,
        labels="period",
    )
    pairs: Series[int] = column(
        "Burenparen",
        "Paren van gebouwen met woningen die een muur delen.",
        unit="aantal",
        required=True,
        ge=1,
    )
    share: Series[float] = column(
        "Aandeel", "Van alle burenparen.", unit="aandeel", required=True, ge=0, le=1
    )


class InvullingWoningen(Table):
    """What was filled in, and for how many buildings."""

    step: Series[str] = column("Wat", "Welk gegeven.", required=True)
    how: Series[str] = column("Hoe", "Waar het vandaan komt.", required=True)
    buildings: Series[int] = column(
        "Gebouwen", "Aantal gebouwen met woningen.", unit="aantal", required=True, ge=0
    )
    share: Series[float] = column(
        "Aandeel", "Van de gebouwen met woningen.", unit="aandeel", ge=0, le=1
    )


class LekpWijk(Table):
    """The pact's renovation goals for this neighbourhood, beside the homes in rows."""

    goal_id: Series[str] = column("Doel", "Kenmerk van het doel.", required=True, unique=True)
    goal: Series[str] = column("Wat", "Het doel in woorden.", required=True)
    signed_by: Series[str] = column("Voor wie", "Welke versie van het pact.", required=True)
    amount: Series[float] = column(
        "Aandeel van de wijk", "Evenredig met het aantal woningen.", unit="renovatie", ge=0
    )
    dwellings_in_rows: Series[float] = column(
        "Woningen in een rij", "Aantal, geen bereidheid.", unit="aantal", ge=0
    )
    dwellings_in_long_rows: Series[float] = column(
        "Woningen in een lange rij", "Aantal, geen bereidheid.", unit="aantal", ge=0
    )
    is_enough: Series[pd.BooleanDtype] = column(
        "Genoeg?", "Staan er in lange rijen minstens zoveel woningen als het doel vraagt?"
    )


class KaartWoningen(Table):
    """Every building with homes, for the map: type and period only."""

    building_type: Series[str] = column(
        "Type",
        "Type van het gebouw.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    period: Series[str] = column(
        "Bouwperiode", "Periode van Statbel.", required=True, allowed=_PERIODS, labels="period"
    )


class WoningenPerGebouw(Table):
    """Every building with homes; never leaves the house."""

    building_type: Series[str] = column(
        "Type",
        "Type van het gebouw.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    period: Series[str] = column(
        "Bouwperiode", "Periode van Statbel.", required=True, allowed=_PERIODS, labels="period"
    )
    dwellings: Series[float] = column(
        "Woningen", "Geteld of geschat.", unit="aantal", decimals=2, required=True, ge=0
    )
    group: Series[int] = column("Groep", "Groep van gelijke buren.", required=True, ge=0)


CONTRACTS: tuple[Contract, ...] = (
    Contract("segmenten", "Woningen per segment", Segmenten, key=("building_type", "period")),
    Contract(
        "segmenten_getoond",
        "Woningen per segment, zonder lege segmenten",
        Segmenten,
        key=("building_type", "period"),
    ),
    # One small tenure blanks all: beside the segments, a total would give away what is hidden.
    Contract(
        "eigendom_totaal",
        "Woningen per eigendom",
        EigendomTotaal,
        count_column="fewest_dwellings",
        drops_blank_rows=True,
    ),
    Contract(
        "segmenten_eigendom",
        "Woningen per segment en eigendom",
        SegmentenEigendom,
        key=("building_type", "period", "tenure"),
        count_column="dwellings",
        total_groups=(("building_type", "period"), ("building_type", "tenure"), ("tenure",)),
        drops_blank_rows=True,
    ),
    Contract("vergelijking_type", "Types naast gemeente en Vlaanderen", VergelijkingType),
    Contract(
        "vergelijking_periode", "Bouwperiodes naast gemeente en Vlaanderen", VergelijkingPeriode
    ),
    Contract("types_naast_elkaar", "Aandeel per type, per plaats", TypesNaastElkaar),
    Contract("periodes_naast_elkaar", "Aandeel per bouwperiode, per plaats", PeriodesNaastElkaar),
    Contract("rijen", "Rijen van gelijke woningen", Rijen, geometry=_AREAS),
    Contract(
        "rijen_per_segment",
        "Woningen in een rij, per segment",
        RijenPerSegment,
        key=("building_type", "period"),
    ),
    Contract("buren_matrix", "Welke woningen naast elkaar staan", BurenMatrix),
    Contract("invulling_woningen", "Wat ingevuld werd", InvullingWoningen),
    Contract("lekp_wijk", "LEKP-doelen voor renovatie in deze wijk", LekpWijk),
    Contract("kaart_woningen", "Gebouwen met woningen", KaartWoningen, geometry=_AREAS),
    Contract("woningen_per_gebouw", "Woningen per gebouw", WoningenPerGebouw, is_public=False),
)
"""Result tables of the study iedereen_mee."""
