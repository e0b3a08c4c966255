"""Contracts of the tables that come out of the studies, one module per study."""

from __future__ import annotations

from lekp_lib.contracts._base import Contract
from lekp_lib.contracts.results import (
    gemeenschappelijk,
    gemeente,
    iedereen_mee,
    mee_base,
    mee_counter,
    mee_offer,
    mee_reach,
    mee_roles,
    mee_rules,
    mee_tables,
    straten,
    warmtenet,
    warmtenet_legal,
    warmtenet_money,
    warmtenet_route,
    warmtenet_steps,
)

__all__ = ["RESULTS"]

RESULTS: dict[str, Contract] = {
    contract.name: contract
    for module in (
        gemeenschappelijk,
        gemeente,
        warmtenet,
        warmtenet_route,
        warmtenet_money,
        warmtenet_legal,
        warmtenet_steps,
        iedereen_mee,
        mee_base,
        mee_counter,
        mee_offer,
        mee_reach,
        mee_tables,
        mee_rules,
        mee_roles,
        straten,
    )
    for contract in module.CONTRACTS
}
"""Every result table by its name."""
