"""Result tables of the study warmtenet about owners, money and how sure the answer is."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from lekp_lib.contracts._base import Contract, Table, column

__all__ = ["CARRIERS", "CONTRACTS", "LAYERS", "OWNERS", "RISKS", "VERDICTS", "WAYS"]

OWNERS = (
    "municipality",
    "intermunicipal",
    "citizen_coop",
    "private_concession",
    "hybrid",
    "consumer_owned",
)
"""Ownership forms."""

LAYERS = (
    "subsidy",
    "municipal_equity",
    "intermunicipal_equity",
    "citizen_shares",
    "private_equity",
    "loan",
)
"""Kinds of money that together pay the investment."""

RISKS = ("demand", "construction", "energy_price", "interest", "connection", "heat_source")

CARRIERS = ("municipality", "member_municipalities", "citizens", "operator", "users", "shared")
"""Who pays when a risk comes true."""

WAYS = ("network", "heat_pump", "gas")
"""Ways to heat a home."""

VERDICTS = ("kansrijk", "twijfel", "niet", "niet bekend")
"""Verdicts on the network; the last one where there is no home to compare with."""


class Eigenaars(Table):
    """Six owners of the same network side by side."""

    owner: Series[str] = column(
        "Eigenaar",
        "Wie het net bezit.",
        required=True,
        allowed=OWNERS,
        labels="network_owner",
    )
    required_return_share: Series[float] = column(
        "Vereist rendement",
        "Per jaar, zonder inflatie, op de hele investering.",
        unit="aandeel",
        decimals=1,
    )
    break_even_eur_mwh: Series[float] = column(
        "Warmteprijs die uitkomt",
        "Prijs zonder btw waarbij de eigenaar net zijn rendement haalt.",
        unit="EUR/MWh",
    )
    bill_eur: Series[float] = column(
        "Gezin per jaar", "Een gemiddelde woning tegen die prijs, met btw.", unit="EUR"
    )
    heat_pump_gap_eur: Series[float] = column(
        "Verschil met warmtepomp",
        "Onder nul: het net is goedkoper dan een eigen warmtepomp.",
        unit="EUR",
    )
    gas_gap_eur: Series[float] = column(
        "Verschil met gas", "Onder nul: het net is goedkoper dan een nieuwe gasketel.", unit="EUR"
    )
    npv_eur: Series[float] = column(
        "Netto contante waarde",
        "Als warmte evenveel kost als met een eigen warmtepomp, tegen het vereist rendement.",
        unit="EUR",
    )
    irr_share: Series[float] = column(
        "Rendement van het net",
        "Bij diezelfde prijs, voor leningen en belasting.",
        unit="aandeel",
        decimals=1,
    )
    equity_irr_share: Series[float] = column(
        "Rendement op eigen kapitaal",
        "Bij diezelfde prijs, na leningen en belasting.",
        unit="aandeel",
        decimals=1,
    )
    payback_years: Series[float] = column(
        "Terugverdientijd",
        "Jaren, zonder rente en restwaarde; leeg als het geld niet terugkomt.",
        unit="jaar",
    )
    dscr_lowest: Series[float] = column(
        "Schulddekking, laagste jaar",
        "Geld dat overblijft gedeeld door rente en aflossing; onder 1 is er te weinig.",
        unit="-",
        decimals=2,
    )
    dscr_average: Series[float] = column(
        "Schulddekking, gemiddeld",
        "Over alle jaren met een lening.",
        unit="-",
        decimals=2,
    )
    subsidy_eur: Series[float] = column("Subsidie", "Op de eerste investering.", unit="EUR")
    shortage_eur: Series[float] = column(
        "Bij te passen", "Geld dat de eigenaar in moeilijke jaren moet toevoegen.", unit="EUR"
    )
    capital_cost_share: Series[float] = column(
        "Kost van het kapitaal",
        "Wat lening en eigen kapitaal samen per jaar vragen, met belasting.",
        unit="aandeel",
        decimals=1,
    )


class Kapitaal(Table):
    """Where the money for the first investment comes from, per owner."""

    owner: Series[str] = column(
        "Eigenaar",
        "Wie het net bezit.",
        required=True,
        allowed=OWNERS,
        labels="network_owner",
    )
    layer: Series[str] = column(
        "Geld van", "Soort kapitaal.", required=True, allowed=LAYERS, labels="capital_layer"
    )
    share: Series[float] = column("Aandeel", "Deel van de investering.", unit="aandeel")
    amount_eur: Series[float] = column("Bedrag", "Zonder btw.", unit="EUR")


class PrijsPerEigenaar(Table):
    """Break-even price by owner, speed of uptake and subsidy."""

    owner: Series[str] = column(
        "Eigenaar",
        "Wie het net bezit.",
        required=True,
        allowed=OWNERS,
        labels="network_owner",
    )
    subsidy_share: Series[float] = column(
        "Subsidie", "Deel van de eerste investering.", unit="aandeel", required=True
    )
    full_after_years: Series[pd.Int64Dtype] = column(
        "Jaren tot iedereen is aangesloten",
        "Iedereen die meedoet; elk jaar komen er evenveel bij.",
        unit="jaar",
        required=True,
    )
    price_eur_mwh: Series[float] = column("Warmteprijs die uitkomt", "Zonder btw.", unit="EUR/MWh")
    is_cheaper: Series[pd.BooleanDtype] = column(
        "Goedkoper dan een warmtepomp", "Leeg zonder woningen om mee te vergelijken."
    )


class Kasstroom(Table):
    """All money that moves each year, per owner, at the price that this owner must ask."""

    owner: Series[str] = column(
        "Eigenaar",
        "Wie het net bezit.",
        required=True,
        allowed=OWNERS,
        labels="network_owner",
    )
    year: Series[pd.Int64Dtype] = column(
        "Jaar", "Jaar 0 is het jaar van de bouw.", unit="aantal", required=True
    )
    cumulative_eur: Series[float] = column(
        "Opgeteld",
        "Alles wat tot dan binnenkwam min alles wat uitging, voor leningen en belasting.",
        unit="EUR",
    )
    flow_eur: Series[float] = column("Dit jaar", "In min uit, met restwaarde.", unit="EUR")
    investment_eur: Series[float] = column("Investering", "Eerste aanleg.", unit="EUR")
    reinvestment_eur: Series[float] = column("Vervanging", "Wat op is.", unit="EUR")
    om_eur: Series[float] = column("Onderhoud", "En beheer.", unit="EUR")
    heat_cost_eur: Series[float] = column("Kost van de warmte", "Bron en pompen.", unit="EUR")
    subsidy_eur: Series[float] = column("Subsidie", "Op de eerste aanleg.", unit="EUR")
    revenue_eur: Series[float] = column("Verkoop van warmte", "Zonder btw.", unit="EUR")
    residual_value_eur: Series[float] = column(
        "Restwaarde", "Wat het net na de looptijd nog waard is; geen geld.", unit="EUR"
    )
    debt_service_eur: Series[float] = column("Rente en aflossing", "Van leningen.", unit="EUR")
    tax_eur: Series[float] = column("Belasting", "Op winst.", unit="EUR")
    dividends_eur: Series[float] = column(
        "Uitgekeerd", "Aan wie eigen kapitaal inbracht.", unit="EUR"
    )
    shortage_eur: Series[float] = column("Bij te passen", "Door de eigenaar.", unit="EUR")
    loan_balance_eur: Series[float] = column("Openstaande lening", "Einde jaar.", unit="EUR")
    cash_eur: Series[float] = column("Kas", "Einde jaar.", unit="EUR")


class Risicos(Table):
    """Who pays when something goes wrong, per owner."""

    owner: Series[str] = column(
        "Eigenaar",
        "Wie het net bezit.",
        required=True,
        allowed=OWNERS,
        labels="network_owner",
    )
    risk: Series[str] = column(
        "Wat misgaat", "Het risico.", required=True, allowed=RISKS, labels="network_risk"
    )
    carrier: Series[str] = column(
        "Wie betaalt",
        "Wie de gevolgen draagt.",
        required=True,
        allowed=CARRIERS,
        labels="risk_carrier",
    )
    note: Series[str] = column("Uitleg", "In eigen woorden.")
    basis: Series[str] = column("Hoe zeker", "Waar het antwoord op steunt.", labels="basis")
    source: Series[str] = column("Bron", "Waar het staat, of «niet nagegaan».")
    check_by: Series[str] = column("Wie kan het nagaan", "Dienst of beroep, geen persoon.")


class JaarkostHuishouden(Table):
    """What an average home pays a year, per way to heat it."""

    name: Series[str] = column("Verwarming", "Warmtenet per eigenaar, of alleen.", required=True)
    total_eur: Series[float] = column(
        "Per jaar", "Alles samen, met btw, voor een gemiddelde woning.", unit="EUR"
    )
    energy_eur: Series[float] = column(
        "Energie", "Warmte, stroom of gas, met de vaste kosten die erbij horen.", unit="EUR"
    )
    upkeep_eur: Series[float] = column("Onderhoud", "En beheer.", unit="EUR")
    capital_eur: Series[float] = column(
        "Investering",
        "Gespreid over de jaren, met rente of rendement; bij de warmtepomp ook de netten.",
        unit="EUR",
    )


class TornadoPrijs(Table):
    """What moves the difference with a heat pump most, one assumption at a time."""

    assumption: Series[str] = column("Aanname", "Wat verandert.", required=True)
    low_text: Series[str] = column("Laag", "Laagste waarde.")
    value_text: Series[str] = column("Ons cijfer", "Waarmee wij rekenen.")
    high_text: Series[str] = column("Hoog", "Hoogste waarde.")
    gap_low_eur_mwh: Series[float] = column(
        "Verschil bij laag",
        "Warmteprijs van het net min die van een warmtepomp; onder nul is het net goedkoper.",
        unit="EUR/MWh",
    )
    gap_high_eur_mwh: Series[float] = column(
        "Verschil bij hoog",
        "Warmteprijs van het net min die van een warmtepomp; onder nul is het net goedkoper.",
        unit="EUR/MWh",
    )
    swing_eur_mwh: Series[float] = column("Zwaai", "Hoogste min laagste verschil.", unit="EUR/MWh")


class KansOpVoordeel(Table):
    """The price of heat over all draws, and how likely the network is the cheapest."""

    way: Series[str] = column(
        "Verwarming",
        "Het warmtenet is dat van de gemeente.",
        required=True,
        allowed=WAYS,
        labels="heat_way",
    )
    low_eur_mwh: Series[float] = column(
        "Laag", "In één op de tien trekkingen is de prijs lager.", unit="EUR/MWh"
    )
    middle_eur_mwh: Series[float] = column(
        "Midden", "De helft van de trekkingen ligt lager.", unit="EUR/MWh"
    )
    high_eur_mwh: Series[float] = column(
        "Hoog", "In één op de tien trekkingen is de prijs hoger.", unit="EUR/MWh"
    )
    probability: Series[str] = column(
        "Is het net goedkoper?", "Kans, afgerond op 10 %.", required=True
    )


class WatDraaitHet(Table):
    """The value of each assumption at which the answer turns."""

    assumption: Series[str] = column("Aanname", "Wat verandert.", required=True)
    value_text: Series[str] = column("Ons cijfer", "Waarmee wij rekenen.")
    flips_text: Series[str] = column(
        "Antwoord keert bij", "Alle andere aannames blijven gelijk.", required=True
    )
    low_text: Series[str] = column("Laag", "Laagste waarde.")
    high_text: Series[str] = column("Hoog", "Hoogste waarde.")
    distance_share: Series[float] = column(
        "Afstand",
        "Deel van de weg van ons cijfer naar het einde van het bereik; leeg als niets keert.",
        unit="aandeel",
    )


class OordeelNet(Table):
    """The verdict on a network for the whole neighbourhood."""

    verdict: Series[str] = column(
        "Oordeel", "Over één net voor de hele wijk.", required=True, allowed=VERDICTS
    )
    probability: Series[str] = column(
        "Hoe zeker", "Kans dat het net goedkoper is dan een eigen warmtepomp.", required=True
    )
    gas: Series[str] = column("Tegenover gas", "Kans dat het net goedkoper is.", required=True)
    turns: Series[str] = column("Wat het keert", "Welke aannames het antwoord keren.")


CONTRACTS: tuple[Contract, ...] = (
    Contract("eigenaars", "Zes eigenaars van hetzelfde net naast elkaar", Eigenaars),
    Contract("kapitaal", "Waar het geld vandaan komt", Kapitaal, key=("owner", "layer")),
    Contract(
        "prijs_per_eigenaar",
        "Warmteprijs per eigenaar, snelheid van aansluiten en subsidie",
        PrijsPerEigenaar,
        key=("owner", "subsidy_share", "full_after_years"),
    ),
    Contract("kasstroom", "Geldstroom per jaar en per eigenaar", Kasstroom, key=("owner", "year")),
    Contract("risicos", "Wie betaalt als het misgaat", Risicos, key=("owner", "risk")),
    Contract("jaarkost_huishouden", "Wat een gezin per jaar betaalt", JaarkostHuishouden),
    Contract("tornado_prijs", "Wat het verschil met een warmtepomp bepaalt", TornadoPrijs),
    Contract("kans_op_voordeel", "Hoe groot de kans is dat het net goedkoper is", KansOpVoordeel),
    Contract("wat_draait_het", "Bij welk cijfer het antwoord keert", WatDraaitHet),
    Contract("oordeel_net", "Oordeel over één net voor de hele wijk", OordeelNet),
)
