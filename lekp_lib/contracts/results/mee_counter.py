"""Result tables of iedereen_mee on one contact point: dossiers, people, money, teams, groups."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column
from lekp_lib.contracts.lists import BUILDING_TYPES, PERIODS

__all__ = ["AREAS", "CONTRACTS", "FORMS", "OFFERS", "PARTIES", "PAYERS", "PLANS", "STAGES"]

STAGES = ("contact", "visit", "quote", "order", "done")
AREAS = ("neighbourhood", "municipality", "partners")
FORMS = ("alone", "together")
PAYERS = ("household", "contractor", "subsidy", "municipality")
PLANS = ("goal", "pace")
PARTIES = ("contractor", "architect", "both")
OFFERS = ("own_panels", "shared_panels", "community", "heat_network")

_SHAPES = ("Polygon", "MultiPolygon")
_FITS = ("ja", "deels", "nee")
_PERIODS = (*PERIODS, "unknown")

_TYPE = column(
    "Type", "Type van het gebouw.", required=True, allowed=BUILDING_TYPES, labels="building_type"
)
_FORM = column(
    "Loket", "Wie het loket samen opent.", required=True, allowed=FORMS, labels="desk_form"
)


class LoketVolumes(Table):
    """How many renovations the pact asks, here and around."""

    area: Series[str] = column(
        "Waar", "Gebied.", required=True, unique=True, allowed=AREAS, labels="desk_area"
    )
    municipalities: Series[pd.Int64Dtype] = column(
        "Gemeenten", "Gemeenten in dit gebied.", unit="aantal"
    )
    dwellings: Series[float] = column("Woningen", "Alle woningen.", unit="aantal", ge=0)
    goal: Series[float] = column(
        "Doel", "Gezamenlijke renovaties volgens het pact.", unit="renovatie", ge=0
    )
    left: Series[float] = column(
        "Nog te doen", "Na aftrek van wat al geteld is.", unit="renovatie", ge=0
    )
    per_year: Series[float] = column(
        "Per jaar",
        "Woningen per jaar om het doel op tijd te halen.",
        unit="aantal",
        decimals=1,
        ge=0,
    )
    in_groups: Series[float] = column(
        "Woningen in een groep", "Enkel voor deze wijk gerekend.", unit="aantal", ge=0
    )


class LoketTrechter(Table):
    """Dossiers per stage and year; nobody is followed."""

    stage: Series[str] = column(
        "Stap",
        "Stap van een dossier.",
        required=True,
        unique=True,
        allowed=STAGES,
        labels="desk_stage",
    )
    dossiers: Series[float] = column(
        "In de gemeente", "Dossiers per jaar.", unit="aantal", decimals=1, ge=0
    )
    drop_outs: Series[float] = column(
        "Haken af", "Dossiers per jaar die hier stoppen.", unit="aantal", decimals=1, ge=0
    )
    of_contacts_share: Series[float] = column(
        "Deel van de contacten", "Hoeveel tot hier komen.", unit="aandeel", decimals=1, ge=0, le=1
    )
    hours: Series[float] = column("Uren van het loket", "Per jaar.", unit="uur", ge=0)
    neighbourhood: Series[float] = column(
        "Waarvan voor deze wijk",
        "Dossiers per jaar, evenredig met de woningen.",
        unit="aantal",
        decimals=1,
        ge=0,
    )


class LoketKosten(Table):
    """People and euros per year for the contact point of this municipality."""

    form: Series[str] = _FORM
    municipalities: Series[pd.Int64Dtype] = column(
        "Gemeenten", "Gemeenten in het loket.", unit="aantal"
    )
    own_done: Series[float] = column(
        "Renovaties per jaar", "Uitgevoerd in deze gemeente.", unit="aantal", decimals=1, ge=0
    )
    desk_fte: Series[float] = column(
        "Adviseurs van het loket", "Voor alle gemeenten samen.", unit="vte", decimals=1, ge=0
    )
    own_fte: Series[float] = column(
        "Deel van deze gemeente", "Naar aantal dossiers.", unit="vte", decimals=1, ge=0
    )
    wait_days: Series[float] = column(
        "Wachten op een huisbezoek",
        "Gemiddeld; leeg als de wachttijd blijft groeien.",
        unit="dag",
        ge=0,
    )
    staff_eur: Series[float] = column("Personeel", "Deze gemeente, per jaar.", unit="EUR", ge=0)
    travel_eur: Series[float] = column("Verplaatsing", "Deze gemeente, per jaar.", unit="EUR", ge=0)
    fixed_eur: Series[float] = column("Vaste kost", "Deze gemeente, per jaar.", unit="EUR", ge=0)
    total_eur: Series[float] = column("Samen", "Deze gemeente, per jaar.", unit="EUR", ge=0)
    cost_per_done_eur: Series[float] = column(
        "Per renovatie",
        "De bijdrage per uitgevoerde renovatie waarbij het loket zichzelf betaalt.",
        unit="EUR",
        ge=0,
    )
    cost_per_visit_eur: Series[float] = column(
        "Per huisbezoek",
        "De bijdrage per huisbezoek waarbij het loket zichzelf betaalt.",
        unit="EUR",
        ge=0,
    )


class LoketBetalers(Table):
    """Who pays what for the contact point."""

    form: Series[str] = _FORM
    payer: Series[str] = column(
        "Wie betaalt", "Partij.", required=True, allowed=PAYERS, labels="desk_payer"
    )
    paid_eur: Series[float] = column("Betaalt", "Per jaar; onder nul is een overschot.", unit="EUR")
    share: Series[float] = column("Aandeel", "Van de hele kost.", unit="aandeel")


class WachttijdBezetting(Table):
    """How waiting grows with occupation."""

    pool: Series[str] = column("Ploegen", "Hoeveel ploegen er samen werken.", required=True)
    occupation_share: Series[float] = column(
        "Bezetting", "Deel van de tijd dat ploegen bezet zijn.", unit="aandeel", ge=0, le=1
    )
    requests_per_year: Series[float] = column(
        "Renovaties per jaar", "Gevraagd.", unit="aantal", decimals=1, ge=0
    )
    wait_days: Series[float] = column(
        "Wachttijd", "Gemiddeld, als elk jaar zo blijft.", unit="dag", ge=0
    )


class PloegenPerJaar(Table):
    """Requests, teams and waiting, year after year."""

    plan: Series[str] = column(
        "Plan", "Hoe snel we uitnodigen.", required=True, allowed=PLANS, labels="team_plan"
    )
    year: Series[int] = column("Jaar", "Kalenderjaar.", unit="jaar", required=True)
    requests_per_year: Series[float] = column(
        "Gevraagd", "Renovaties die dat jaar besteld worden.", unit="aantal", decimals=1, ge=0
    )
    contacts: Series[float] = column(
        "Uit te nodigen", "Gezinnen om daarvoor aan te spreken.", unit="aantal", ge=0
    )
    teams: Series[pd.Int64Dtype] = column("Ploegen", "Beschikbaar.", unit="aantal", ge=0)
    occupation_share: Series[float] = column(
        "Bezetting", "Gevraagd tegenover wat kan; boven 100 % groeit de rij.", unit="aandeel", ge=0
    )
    wait_days: Series[float] = column(
        "Wachttijd", "Gemiddeld voor wie dat jaar bestelt.", unit="dag", ge=0
    )
    queue_end: Series[float] = column(
        "In de rij", "Wachten op het einde van het jaar.", unit="aantal", decimals=1, ge=0
    )
    done: Series[float] = column("Uitgevoerd", "Dat jaar.", unit="aantal", decimals=1, ge=0)
    done_in_all: Series[float] = column(
        "Uitgevoerd tot dan", "Sinds het begin.", unit="aantal", decimals=1, ge=0
    )
    teams_needed: Series[pd.Int64Dtype] = column(
        "Nodige ploegen", "Om de wachttijd kort te houden.", unit="aantal", ge=0
    )
    to_hire: Series[pd.Int64Dtype] = column(
        "Tekort", "Ploegen die nog gezocht moeten worden.", unit="aantal", ge=0
    )


class GroepenAanbod(Table):
    """Groups of like homes that stand together."""

    group_id: Series[str] = column(
        "Groep", "Nummer van de groep; 1 is de grootste.", required=True, unique=True
    )
    street_name: Series[str] = column("Straat", "Straat waar de meeste woningen staan.")
    building_type: Series[str] = column(
        "Type",
        "Type van de meeste woningen; hoekhuizen horen bij hun groep.",
        required=True,
        allowed=BUILDING_TYPES,
        labels="building_type",
    )
    oldest_period: Series[str] = column(
        "Oudste bouwperiode", "In de groep.", required=True, allowed=_PERIODS, labels="period"
    )
    newest_period: Series[str] = column(
        "Jongste bouwperiode", "In de groep.", required=True, allowed=_PERIODS, labels="period"
    )
    shares_walls: Series[str] = column(
        "Hoe ze samen staan", "Met gedeelde muren, los naast elkaar, of in één gebouw."
    )
    buildings: Series[int] = column("Gebouwen", "Gebouwen in de groep.", unit="aantal", ge=1)
    dwellings: Series[float] = column(
        "Woningen",
        "Woningen in de groep; leeg bij één gebouw waarvan het aantal geschat is.",
        unit="aantal",
        ge=0,
    )


class GroepenOfferte(Table):
    """What the groups of one type pay together for the package Schil."""

    building_type: Series[str] = _TYPE
    groups: Series[int] = column("Groepen", "Aantal.", unit="aantal", ge=0)
    dwellings: Series[float] = column("Woningen", "In deze groepen.", unit="aantal", ge=0)
    cost_eur: Series[float] = column(
        "Apart besteld", "Pakket Schil, zonder btw en premies.", unit="EUR", ge=0
    )
    discount_eur: Series[float] = column(
        "Korting", "Standaard nul: geen nagerekende korting gevonden.", unit="EUR", ge=0
    )
    shared_eur: Series[float] = column(
        "Eén stelling, één plan", "Standaard nul: een aanname met schakelaar.", unit="EUR", ge=0
    )
    offer_eur: Series[float] = column("Samen besteld", "Zonder btw en premies.", unit="EUR")
    offer_per_dwelling_eur: Series[float] = column(
        "Per woning", "Samen besteld, gemiddeld.", unit="EUR"
    )


class GroepenRest(Table):
    """Which homes stand in a group, and which are left over."""

    building_type: Series[str] = _TYPE
    dwellings: Series[float] = column("Woningen", "Alle woningen.", unit="aantal", ge=0)
    in_groups: Series[float] = column("In een groep", "Groot genoeg.", unit="aantal", ge=0)
    in_groups_walls: Series[float] = column(
        "Met enkel gedeelde muren",
        "In een groep als losse buren in dezelfde straat niet meetellen.",
        unit="aantal",
        ge=0,
    )
    left_small: Series[float] = column(
        "Rest: te klein", "Gelijke buren, maar te weinig samen.", unit="aantal", ge=0
    )
    left_alone: Series[float] = column("Rest: alleen", "Geen gelijke buur.", unit="aantal", ge=0)
    left_share: Series[float] = column(
        "Aandeel rest", "Van de woningen.", unit="aandeel", ge=0, le=1
    )


class PoolVoorwaarden(Table):
    """What architects and contractors must prove, and how that is checked."""

    criterion_id: Series[str] = column("Nummer", "Van de voorwaarde.", required=True, unique=True)
    party: Series[str] = column(
        "Voor wie", "Partij.", required=True, allowed=PARTIES, labels="pool_party"
    )
    criterion: Series[str] = column("Voorwaarde", "Wat we vragen.", required=True)
    proof: Series[str] = column("Bewijs", "Wat de partij geeft.", required=True)
    check: Series[str] = column("Controle", "Wat het loket doet.", required=True)
    how_often: Series[str] = column("Hoe vaak", "Wanneer.", required=True)
    consequence: Series[str] = column("Gevolg", "Als het niet in orde is.", required=True)
    status: Series[str] = column("Bron", "Waar het staat, of niet nagegaan.", required=True)
    who_can_check: Series[str] = column("Wie kan het nakijken", "Dienst of beroep.")


class EnergieAanbod(Table):
    """Which energy offer fits which home and whom."""

    building_type: Series[str] = _TYPE
    dwellings: Series[float] = column("Woningen", "Woningen van dit type.", unit="aantal", ge=0)
    offer: Series[str] = column(
        "Aanbod",
        "Wat het loket kan aanbieden.",
        required=True,
        allowed=OFFERS,
        labels="energy_offer",
    )
    owner: Series[str] = column("Eigenaar-bewoner", "Past het?", required=True, allowed=_FITS)
    landlord: Series[str] = column("Verhuurder", "Past het?", required=True, allowed=_FITS)
    tenant: Series[str] = column("Huurder", "Past het?", required=True, allowed=_FITS)
    why: Series[str] = column("Omdat", "Uitleg.", required=True)
    needs: Series[str] = column("Eerst nodig", "Wat er eerst moet zijn.", required=True)
    status: Series[str] = column("Bron", "Waar het staat, of niet nagegaan.", required=True)


CONTRACTS: tuple[Contract, ...] = (
    Contract("loket_volumes", "Hoeveel renovaties het pact vraagt", LoketVolumes),
    Contract("loket_trechter", "Van contact tot uitgevoerde werken", LoketTrechter),
    Contract("loket_kosten", "Adviseurs en euro per jaar", LoketKosten),
    Contract("loket_betalers", "Wie het loket betaalt", LoketBetalers, key=("form", "payer")),
    Contract("wachttijd_bezetting", "Wachttijd tegenover bezetting", WachttijdBezetting),
    Contract(
        "ploegen_per_jaar", "Ploegen en wachttijd per jaar", PloegenPerJaar, key=("plan", "year")
    ),
    Contract("groepen_aanbod", "Groepen van gelijke woningen", GroepenAanbod, geometry=_SHAPES),
    Contract("groepen_offerte", "Het gezamenlijke aanbod per type", GroepenOfferte),
    Contract("groepen_rest", "Woningen in een groep en woningen die overblijven", GroepenRest),
    Contract("pool_voorwaarden", "Wie in de pool mag, en hoe dat wordt nagekeken", PoolVoorwaarden),
    Contract(
        "energie_aanbod",
        "Welk energie-aanbod bij wie past",
        EnergieAanbod,
        key=("building_type", "offer"),
    ),
)
"""Result tables of the contact point."""
