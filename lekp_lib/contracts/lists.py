"""Closed lists: the only values a code column may hold. Dutch labels stand in ``wording``."""

from __future__ import annotations

__all__ = [
    "ACTIVATION_GROUPS",
    "ACTOR_KINDS",
    "AGE_GROUPS",
    "AREA_KINDS",
    "BUILDING_TYPES",
    "CONDITIONS",
    "CONTRIBUTION_KINDS",
    "CONTRIBUTION_UNITS",
    "EPC_LABELS",
    "FUNCTIONS",
    "GREEN_KINDS",
    "HEAT_SOURCE_KINDS",
    "HOME_TYPES",
    "INCOME_GROUPS",
    "LANGUAGE_GROUPS",
    "LOCATION_KINDS",
    "MUNICIPAL_TABLES",
    "OWNER_KINDS",
    "PACKAGES",
    "PARKING_FUNCTIONS",
    "PERIODS",
    "PERIOD_FIRST_YEAR",
    "ROAD_CLASSES",
    "RULE_KINDS",
    "RULE_STATUSES",
    "RULE_SUBJECTS",
    "RULE_UNITS",
    "TABLES",
    "TENURES",
    "TREE_CLASSES",
    "WORKS_ASSETS",
    "WORKS_PARTIES",
]

PERIODS = (
    "before_1900",
    "1900_1918",
    "1919_1945",
    "1946_1961",
    "1962_1970",
    "1971_1981",
    "1982_1991",
    "1992_2001",
    "2002_2011",
    "after_2011",
)
"""Construction periods of Statbel's building stock, oldest first."""

PERIOD_FIRST_YEAR = (0, 1900, 1919, 1946, 1962, 1971, 1982, 1992, 2002, 2012)
"""First construction year of each period, in the order of ``PERIODS``."""

HOME_TYPES = ("terraced", "semi_detached", "detached", "apartment_building")
"""Building types that consist of homes alone."""

BUILDING_TYPES = (*HOME_TYPES, "mixed_commercial", "other")

FUNCTIONS = (
    "residential",
    "mixed",
    "school",
    "supermarket",
    "shop",
    "office",
    "care",
    "hospitality",
    "community",
    "sport",
    "industry",
    "agriculture",
    "ancillary",
    "unknown",
)

TENURES = ("owner_occupied", "private_rental", "social_rental")

EPC_LABELS = ("A+", "A", "B", "C", "D", "E", "F")

ROAD_CLASSES = ("motorway", "main", "connector", "local", "service", "slow")

OWNER_KINDS = (
    "municipality",
    "school",
    "supermarket",
    "company",
    "care",
    "church",
    "housing_company",
    "private",
    "unknown",
)

PARKING_FUNCTIONS = (
    "residential",
    "visitors",
    "school",
    "supermarket",
    "shop",
    "office",
    "care",
    "hospitality",
    "community",
    "sport",
    "public",
    "unknown",
)

TREE_CLASSES = ("1a", "1b", "2", "3")

GREEN_KINDS = (
    "park",
    "grass",
    "forest",
    "garden",
    "verge",
    "playground",
    "sports",
    "cemetery",
    "agriculture",
    "heath",
    "water",
    "other",
)

AREA_KINDS = ("street", "sector", "wijk")

HEAT_SOURCE_KINDS = (
    "waste_heat",
    "geothermal",
    "aquathermal",
    "air_heat_pump",
    "biomass",
    "solar_thermal",
    "gas_boiler",
    "electric_boiler",
)

WORKS_PARTIES = (
    "sewer",
    "water",
    "electricity",
    "gas",
    "telecom",
    "road",
    "municipality",
    "heat",
    "other",
)

WORKS_ASSETS = (
    "sewer",
    "water_main",
    "power_cable",
    "gas_main",
    "telecom",
    "surface",
    "depaving",
    "mobility",
)

ACTOR_KINDS = ("public", "private", "civic")

CONTRIBUTION_KINDS = ("land", "capital", "capacity")

CONTRIBUTION_UNITS = ("m2", "EUR", "kW", "vte")

CONDITIONS = (
    "none",
    "co_ownership",
    "vote",
    "lease_only",
    "return_cap",
    "market_return",
    "guarantee_needed",
    "exit_after_years",
)
"""What an actor asks in return for land, capital or capacity."""

INCOME_GROUPS = ("low", "middle", "high")
"""The categories of Mijn VerbouwPremie, lowest first."""

AGE_GROUPS = ("under_35", "35_64", "65_74", "75_plus")
"""Age of who answers for the household."""

LANGUAGE_GROUPS = ("dutch", "other")

LOCATION_KINDS = (
    "school",
    "library",
    "community_centre",
    "sports_hall",
    "church",
    "care",
    "other",
)

ACTIVATION_GROUPS = (
    "owner_mid_high",
    "owner_low",
    "landlord",
    "tenant",
    "social_tenant",
    "aged_75_plus",
    "other_language",
)
"""Groups to reach; a household can be in more than one."""

PACKAGES = ("basis", "schil", "fossielvrij")
"""What the one contact point offers, lightest first."""

RULE_KINDS = (
    "premium",
    "loan_rate",
    "loan_max",
    "loan_years",
    "vat",
    "income_cap",
    "retention_fund",
    "duty",
    "permit",
)

RULE_SUBJECTS = (
    "roof",
    "wall",
    "floor",
    "window",
    "ventilation",
    "heat_pump",
    "heat_pump_boiler",
    "solar_panels",
    "solar_boiler",
    "heat_network",
    "heating_fossil",
    "renovation",
    "demolition",
    "loan",
    "emergency_loan",
    "rental",
)
"""What a rule is about: a part of the home, the works as a whole, a loan or letting."""

RULE_STATUSES = ("in_force", "stale", "expired", "missing")

RULE_UNITS = ("EUR", "EUR/m2", "aandeel", "jaar")

TABLES = (
    "gebouwen",
    "straten",
    "grens",
    "verbruik",
    "klimaat",
    "warmtebronnen",
    "warmteleidingen",
    "werken",
    "actoren",
    "parkings",
    "bomen",
    "groen",
    "huishoudens",
    "locaties",
    "aannames",
)
"""Input tables of a neighbourhood."""

MUNICIPAL_TABLES = ("voortgang", "regels")
"""Input tables of a municipality."""
