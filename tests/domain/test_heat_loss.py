"""Heat loss from areas and resistances, on a hand-made shell and on the real streets of Genk."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lekp_lib.domain import heat_loss
from lekp_lib.errors import ContractError

ROOT = Path(__file__).parents[2]
FILMS = {"wall": 0.17, "roof": 0.14, "floor": 0.17, "window": 0.17}
CHOICES: dict[str, Any] = {
    "film_m2k_w": FILMS,
    "floor_ratio": 0.6,
    "air_changes": 0.5,
    "air_heat_wh_m3k": 0.34,
}
SHELL = {
    **{"wall_m2": 170.0, "wall_m2k_w": 0.17, "roof_m2": 86.0, "roof_m2k_w": 0.29},
    **{"floor_m2": 50.0, "floor_m2k_w": 0.33, "window_m2": 34.0, "window_m2k_w": 0.17},
    "volume_m3": 400.0,
}


def shells(**changes: float) -> pd.DataFrame:
    """Return a table of one shell."""
    return pd.DataFrame([{**SHELL, **changes}], index=["house"])


def test_shell_by_hand() -> None:
    """500 + 200 + 60 + 100 W/K through the shell, 68 W/K with the air."""
    found = heat_loss.heat_loss_coefficient(shells(), **CHOICES)
    assert found.loc["house"].tolist() == pytest.approx([860.0, 68.0])


def test_films_lower_the_loss() -> None:
    """A wall of 3.50 W/m²K without films is one of 2.2 with them, as the Genk file warns."""
    only_wall = shells(
        wall_m2=1.0, wall_m2k_w=1 / 3.5, roof_m2=0, floor_m2=0, window_m2=0, volume_m3=0
    )
    found = heat_loss.heat_loss_coefficient(only_wall, **CHOICES)
    assert found["transmission_w_k"].tolist() == pytest.approx([2.2], abs=0.01)


@pytest.mark.parametrize("changes", [{"roof_m2": -1.0}, {"volume_m3": -1.0}, {"wall_m2k_w": -0.2}])
def test_impossible_shell_is_refused(changes: dict[str, float]) -> None:
    """A negative area, volume or resistance raises and names the row."""
    with pytest.raises(ContractError, match="house"):
        heat_loss.heat_loss_coefficient(shells(**changes), **CHOICES)


def test_warm_hours_do_not_pay_back_cold_ones() -> None:
    """928 W/K over 5,000 hours ten degrees too cold is 46.4 MWh, however warm the others are."""
    parts = heat_loss.heat_loss_coefficient(shells(), **CHOICES)
    year = [5.0] * 5000 + [25.0] * 3760
    found = heat_loss.yearly_heat_loss(parts, temperature_c=year, base_c=15.0)
    assert found.tolist() == pytest.approx([46.4])


def test_real_streets_of_genk() -> None:
    """Every one of 7,775 buildings gets a loss, and uninsulated streets lose more per m³."""
    folder = ROOT.parent / "shared" / "data" / "genk"
    if not folder.is_dir():
        pytest.skip("shared/data/genk is not there")
    genk = runpy.run_path(str(ROOT / "benchmarks" / "genk_streets.py"))["read_genk"](folder)
    parts = heat_loss.heat_loss_coefficient(genk, **CHOICES)
    per_m3 = parts.sum(axis=1) / genk["volume_m3"]
    means = per_m3.groupby(genk["neighbourhood"]).mean()
    assert len(parts) == 7775
    assert means["Winterslag"] > 1.5 * means["OudWinterslag"]
    assert parts.sum(axis=1).between(50, 10_000).all()
