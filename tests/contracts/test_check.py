"""Tests of holding a table against its contract: every fault at once, in Dutch."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa
import pytest
import shapely

from lekp_lib.contracts import INPUTS, Checked, Source, check, reference_faults
from lekp_lib.contracts.check import _RULES
from lekp_lib.errors import Fault

SHEET = Source("verbruik.csv", 2, uses_decimal_comma=True)
DTYPES = {
    **{"text": "str", "integer": "Int64", "number": "float64", "yes_no": "boolean"},
    "time": "datetime64[ns]",
}
HOURS = pd.date_range("2023-01-01", periods=8760, freq="h")
EMPTY: dict[str, dict[str, Any]] = {
    "gebouwen": {"building_id": ["g1"]},
    "straten": {"street_id": ["s1"]},
    "grens": {},
    "verbruik": {"area_kind": ["wijk"], "area_id": ["w"], "year": ["2021"]},
    "klimaat": {"timestamp": list(HOURS), "temperature_c": [5.0] * len(HOURS)},
    "warmtebronnen": {"source_id": ["b1"], "kind": ["waste_heat"], "capacity_kw": ["500"]},
    "warmteleidingen": {"pipe_id": ["l1"], "dn": ["100"]},
    "werken": {
        **{"works_id": ["w1"], "street_id": ["s1"]},
        **{"asset": ["sewer"], "planned_year": ["2028"]},
    },
    "actoren": {
        **{"actor_id": ["a1"], "role_name": ["gemeente"]},
        **{"kind": ["public"], "contribution_kind": ["land"]},
    },
    "parkings": {"parking_id": ["p1"]},
    "bomen": {"tree_id": ["b1"]},
    "groen": {"green_id": ["v1"]},
    "huishoudens": {"area_id": ["w"], "households": ["30"]},
    "locaties": {"location_id": ["z1"]},
    "aannames": {"key": ["a"], "value": ["1"], "unit": ["m"], "source": ["b"]},
    "voortgang": {
        **{"goal_id": ["W1a"], "year": ["2024"], "realised": ["1"]},
        **{"unit": ["boom"], "source": ["b"]},
    },
    "regels": {
        **{"rule_id": ["r"], "kind": ["premium"], "subject": ["roof"]},
        **{"checked_on": ["2026-11-01"], "source": ["b"]},
    },
}
SHAPES = {
    "Point": shapely.Point(180_000, 200_000),
    "LineString": shapely.LineString([(180_000, 200_000), (180_010, 200_000)]),
    "Polygon": shapely.box(180_000, 200_000, 180_010, 200_010),
}


def with_shapes(name: str, columns: dict[str, list[Any]], rows: int = 1) -> pd.DataFrame:
    """Return a raw table, with a right shape in each row where the contract wants one."""
    contract = INPUTS[name]
    if not contract.geometry:
        return pd.DataFrame(columns, dtype=object)
    shapes = [SHAPES[contract.geometry[0]]] * rows
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=31370)


def use(**columns: list[Any]) -> Checked:
    """Check rows of ``verbruik``, complete but for what is given."""
    rows = max(map(len, columns.values()), default=1)
    given = {
        "area_kind": ["straat"] * rows,
        "area_id": [f"s{row}" for row in range(rows)],
        "year": ["2021"] * rows,
        **columns,
    }
    return check(pd.DataFrame(given), INPUTS["verbruik"], SHEET)


def only(checked: Checked) -> Fault:
    """Return the only fault."""
    assert len(checked.faults) == 1, checked.faults
    return checked.faults[0]


@pytest.mark.parametrize("name", INPUTS)
def test_every_optional_column_is_there_afterwards(name: str) -> None:
    """A study never asks whether a column was given."""
    checked = check(with_shapes(name, EMPTY[name]), INPUTS[name], Source(f"{name}.x"))
    assert checked.faults == ()
    for column in INPUTS[name].columns.values():
        if column.name != INPUTS[name].index:
            assert str(checked.table[column.name].dtype) == DTYPES[column.kind], column.name


@pytest.mark.parametrize("name", INPUTS)
def test_columns_come_in_one_order(name: str) -> None:
    """The table has its identifier as index and no column more than its contract."""
    contract = INPUTS[name]
    table = check(with_shapes(name, EMPTY[name]), contract, Source("x")).table
    assert table.index.name == contract.index
    expected = set(contract.columns) - {contract.index}
    assert set(table.columns) == expected | ({"geometry"} if contract.geometry else set())


@pytest.mark.parametrize("name", INPUTS)
def test_dutch_and_canonical_headings_give_the_same_table(name: str) -> None:
    """A form with Dutch headings and a file with English ones are one table."""
    contract = INPUTS[name]
    raw = with_shapes(name, EMPTY[name])
    titles = {one.name: one.title for one in contract.columns.values()}
    dutch = check(raw.rename(columns=titles), contract, Source("x"))
    assert dutch.faults == ()
    pd.testing.assert_frame_equal(dutch.table, check(raw, contract, Source("x")).table)


@pytest.mark.parametrize("heading", ["JAAR", " jaar ", "Jaar (jaar)", "year", "\ufeffJaar", "YEAR"])
def test_a_heading_is_recognised_however_it_is_typed(heading: str) -> None:
    """Capitals, spaces and a unit behind the title do not matter."""
    raw = pd.DataFrame({"Soort gebied": ["wijk"], "Gebied": ["w"], heading: ["2021"]})
    assert check(raw, INPUTS["verbruik"], SHEET).faults == ()


def test_the_raw_table_is_unchanged() -> None:
    """Checking leaves what was read alone."""
    raw = pd.DataFrame({"Soort gebied": ["wijk"], "Gebied": [" w "], "Jaar": ["2021"]})
    before = raw.copy(deep=True)
    check(raw, INPUTS["verbruik"], SHEET)
    pd.testing.assert_frame_equal(raw, before)


def test_every_check_of_every_contract_has_a_dutch_sentence() -> None:
    """What pandera finds never reaches a reader in English."""
    names = {
        one.name
        for contract in INPUTS.values()
        for column in contract.model.to_schema().columns.values()
        for one in column.checks
    }
    assert names - {"isin"} <= set(_RULES)


@pytest.mark.parametrize(
    ("columns", "row", "value", "said"),
    [
        ({"gas_mwh": ["1", "-2"]}, 3, "-2", "moet minstens 0 MWh zijn"),
        ({"gas_mwh": ["1", "20000000"]}, 3, "20000000", "mag hoogstens 10.000.000 MWh zijn"),
        ({"year": ["1999"]}, 2, "1999", "moet minstens 2000 zijn"),
        ({"area_kind": ["dorp"]}, 2, "dorp", "staat niet in de lijst"),
        ({"area_id": [None]}, 2, None, "de cel is leeg maar verplicht"),
        ({"area_id": ["a\nb"]}, 2, "a b", "telt meer dan één regel"),
        ({"gas_points": ["2,5"]}, 2, "2,5", "is geen geheel getal"),
    ],
)
def test_a_wrong_value_is_told_with_row_and_value(
    columns: dict[str, list[Any]], row: int, value: str | None, said: str
) -> None:
    """The message shows the cell as the user wrote it, in the row the sheet shows."""
    fault = only(use(**columns))
    assert (fault.row, fault.value) == (row, value)
    assert said in fault.problem


def test_a_limit_that_may_not_be_reached_says_so() -> None:
    """Nothing is 0 m² large."""
    columns = {"building_id": ["g1"], "floor_area_m2": [0.0]}
    fault = only(check(with_shapes("gebouwen", columns), INPUTS["gebouwen"], Source("g.gpkg")))
    assert fault.problem == "moet groter zijn dan 0 m²"


def test_the_choices_of_a_list_are_told_in_dutch() -> None:
    """Who wrote something else sees what there is to choose from."""
    remedy = only(use(area_kind=["dorp"])).remedy
    assert remedy == "Kies uit street (straat), sector (statistische sector) en wijk (wijk)."


def test_doubled_identifiers_are_told_in_each_row() -> None:
    """Both rows are shown, for nobody knows which one is right."""
    raw = with_shapes("bomen", {"tree_id": ["a", "b", "a "]}, rows=3)
    faults = check(raw, INPUTS["bomen"], Source("bomen.gpkg")).faults
    assert [fault.row for fault in faults] == [1, 3]
    assert {fault.problem for fault in faults} == {"komt meer dan eens voor"}


def test_a_doubled_key_is_told_in_the_second_row() -> None:
    """A year of an area stands in one row."""
    fault = only(use(area_id=["s1", "s1"]))
    assert (fault.row, fault.value) == (3, "street · s1 · 2021")


def test_a_missing_column_is_told_with_its_title() -> None:
    """The message names the column both ways."""
    raw = pd.DataFrame({"Soort gebied": ["wijk"], "Gebied": ["w"]})
    fault = only(check(raw, INPUTS["verbruik"], SHEET))
    assert (fault.row, fault.column) == (None, "year")
    assert "«Jaar»" in fault.problem


@pytest.mark.parametrize("second", ["gas_mwh", "Gas", "GAS_MWH "])
def test_a_doubled_heading_is_refused(second: str) -> None:
    """Two columns for one thing: nobody knows which one is meant."""
    raw = pd.DataFrame([["straat", "s", "2021", "1", "2"]])
    raw.columns = pd.Index(["area_kind", "area_id", "year", "gas_mwh", second])
    fault = only(check(raw, INPUTS["verbruik"], SHEET))
    assert fault.problem == "de kolom gas_mwh staat er twee keer in"


def test_an_unknown_column_is_only_remarked() -> None:
    """A file may hold more than we use; a near name is offered."""
    checked = use(gas_mhw=["1"])
    assert checked.faults == ()
    assert "«gas_mhw» is niet gekend" in checked.notices[0]
    assert "Bedoelde u «gas_mwh»?" in checked.notices[0]


def test_all_faults_come_at_once_in_the_order_of_the_rows() -> None:
    """A user corrects a file once."""
    faults = use(gas_mwh=["x", "-1", "1"], year=["2021", "19", "2021"], area_id=["a", "b", ""])
    found = [(fault.row, fault.column) for fault in faults.faults]
    assert found == [(2, "gas_mwh"), (3, "gas_mwh"), (3, "year"), (4, "area_id")]


def test_the_same_fault_in_very_many_rows_is_counted() -> None:
    """A file in the wrong place gives a hundred lines, not fifty thousand."""
    faults = use(gas_mwh=["x"] * 250).faults
    assert [fault.row for fault in faults[:100]] == list(range(2, 102))
    assert len(faults) == 101
    assert faults[-1].problem.endswith("dat geldt ook voor nog 150 andere rijen")


def test_an_unreadable_required_cell_is_told_of_once() -> None:
    """A year that is text is not also an empty year."""
    assert only(use(year=["vorig jaar"])).problem == "is tekst in plaats van een getal"


def test_no_rows_is_a_fault() -> None:
    """An empty table is left out of the folder, not handed in."""
    raw = pd.DataFrame(columns=["area_kind", "area_id", "year"], dtype=object)
    assert "geen enkele rij" in only(check(raw, INPUTS["verbruik"], SHEET)).problem


@pytest.mark.parametrize(
    ("crs", "said"), [(None, "(CRS) ontbreekt"), (3857, "in plaats van EPSG:31370")]
)
def test_the_crs_comes_first(crs: int | None, said: str) -> None:
    """Without the right CRS nothing else can be said of the shapes."""
    raw = gpd.GeoDataFrame({"tree_id": [None]}, geometry=[SHAPES["Point"]], crs=crs)
    assert said in only(check(raw, INPUTS["bomen"], Source("bomen.gpkg"))).problem


def test_a_table_without_shapes_is_no_map_table() -> None:
    """A plain table cannot be a table of buildings."""
    fault = only(check(pd.DataFrame({"tree_id": ["a"]}), INPUTS["bomen"], Source("b.parquet")))
    assert "geen geometrie" in fault.problem


@pytest.mark.parametrize("heading", ["building_t", "BUILDING_T", "gebouwtype"])
def test_a_name_that_a_shapefile_cut_is_recognised(heading: str) -> None:
    """A shapefile keeps ten characters of a name."""
    raw = with_shapes("gebouwen", {"building_i": ["g1"], heading: ["rijwoning"]})
    checked = check(raw, INPUTS["gebouwen"], Source("GEBOUWEN.ZIP"))
    assert checked.faults == ()
    assert checked.table["building_type"].tolist() == ["terraced"]


def test_a_cut_name_that_fits_two_columns_is_not_guessed() -> None:
    """Year and period of construction begin with the same ten characters."""
    raw = with_shapes("gebouwen", {"building_i": ["g1"], "constructi": ["1965"]})
    checked = check(raw, INPUTS["gebouwen"], Source("gebouwen.shp"))
    assert checked.table["construction_year"].isna().all()
    assert "«constructi» is niet gekend" in checked.notices[0]


def test_a_cut_name_is_only_for_shapefiles() -> None:
    """Other files keep their names, so a short one is another column."""
    raw = with_shapes("gebouwen", {"building_id": ["g1"], "building_t": ["rijwoning"]})
    assert len(check(raw, INPUTS["gebouwen"], Source("gebouwen.gpkg")).notices) == 1


def test_a_broken_contract_is_our_own_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding that names no row is a bug and keeps its traceback."""
    cases = pd.DataFrame({"index": [None], "check": ["dtype('x')"], "column": ["year"]})

    class Broken(pa.errors.SchemaErrors):
        def __init__(self) -> None:
            self.failure_cases = cases

    def fail(*_: object, **__: object) -> None:
        raise Broken

    monkeypatch.setattr(INPUTS["verbruik"].model, "validate", fail)
    with pytest.raises(TypeError, match="Contract verbruik is broken"):
        use()


def works(**columns: list[Any]) -> Checked:
    """Check rows of ``werken``, complete but for what is given."""
    rows = max(map(len, columns.values()))
    given = {
        "works_id": [f"w{row}" for row in range(rows)],
        "street_id": ["s1"] * rows,
        "asset": ["riolering"] * rows,
        "planned_year": ["2028"] * rows,
        **columns,
    }
    return check(pd.DataFrame(given), INPUTS["werken"], Source("werken.csv", 2))


def test_works_lie_between_their_earliest_and_latest_year() -> None:
    """Every row with years out of order is told, each at the year that comes too soon."""
    checked = works(earliest_year=["2028", "2029", ""], latest_year=["2028", "2030", "2027"])
    assert [(fault.row, fault.column) for fault in checked.faults] == [
        (3, "planned_year"),
        (4, "latest_year"),
    ]
    assert checked.faults[1].problem == "«Laatste jaar» (2027) ligt vóór «Gepland jaar» (2028)"


def test_years_out_of_order_are_told_also_without_the_one_between() -> None:
    """A year that cannot be read hides no other fault."""
    checked = works(earliest_year=["2030"], planned_year=["straks"], latest_year=["2029"])
    assert {fault.column for fault in checked.faults} == {"planned_year", "latest_year"}


def test_works_in_an_unknown_street_are_told() -> None:
    """Works that lie nowhere would be lost."""
    table = works(street_id=["s1", "s9"]).table
    tables = {"straten": streets(), "werken": table}
    (fault,) = reference_faults(tables, {"werken": Source("werken.csv", 2)})
    assert (fault.row, fault.column, fault.value) == (3, "street_id", "s9")


def weather(times: Any) -> Checked:
    """Check ``klimaat`` at these times."""
    raw = pd.DataFrame({"Tijdstip": list(times), "Temperatuur": "5,5"}, dtype=object)
    return check(raw, INPUTS["klimaat"], Source("klimaat.csv", 2, uses_decimal_comma=True))


def test_a_year_of_weather_is_enough() -> None:
    """A thousand hours say nothing of a winter."""
    assert weather(HOURS).table["timestamp"].tolist() == list(HOURS)
    fault = only(weather(HOURS[:-1]))
    assert (fault.row, fault.column) == (None, None)
    assert fault.problem == "de tabel telt 8.759 rijen; er zijn er minstens 8.760 nodig"


def test_the_hour_that_summer_time_doubles_is_told() -> None:
    """The remedy names the clock to use."""
    faults = weather(HOURS.append(HOURS[5000:5001])).faults
    assert [fault.row for fault in faults] == [5002, 8762]
    assert "wintertijd" in faults[0].remedy


def actors(raw: pd.DataFrame) -> Checked:
    """Check ``actoren``: a municipality with land and a company with money."""
    given = raw.assign(
        actor_id=["a1", "a2"],
        role_name=["gemeente", "bedrijf"],
        kind=["publiek", "privaat"],
        contribution_kind=["grond", "kapitaal"],
    )
    return check(given, INPUTS["actoren"], Source("actoren.csv", 2))


def test_actors_may_come_without_shapes() -> None:
    """A sheet is enough; what comes out has room for shapes all the same."""
    checked = actors(pd.DataFrame(index=range(2)))
    assert (checked.faults, checked.notices) == ((), ())
    assert gpd.GeoDataFrame(checked.table).geometry.isna().tolist() == [True, True]


def test_actors_may_have_a_shape_in_some_rows() -> None:
    """Land lies somewhere, money does not; a shape that is there must be right."""
    land = gpd.GeoDataFrame(geometry=[SHAPES["Polygon"], None], crs=31370)
    assert actors(land).faults == ()
    line = gpd.GeoDataFrame(geometry=[SHAPES["Polygon"], SHAPES["LineString"]], crs=31370)
    assert [fault.row for fault in actors(line).faults] == [3]


def test_shapes_that_cannot_be_read_are_remarked() -> None:
    """A column of shapes in a workbook is not lost without a word."""
    (notice,) = actors(pd.DataFrame({"geometry": ["POINT (1 2)", None]})).notices
    assert "GeoPackage" in notice


def test_an_amount_needs_its_unit() -> None:
    """A thousand of what?"""
    raw = pd.DataFrame({"amount": ["1000", ""], "unit": ["", ""]})
    fault = only(actors(raw))
    assert (fault.row, fault.column) == (2, "unit")
    assert fault.problem == "«Eenheid» ontbreekt bij «Hoeveelheid»"


def streets() -> pd.DataFrame:
    """Return two checked streets."""
    return pd.DataFrame({"street_name": ["Dorp", None]}, index=pd.Index(["s1", "s2"]))


def test_a_building_in_an_unknown_street_is_told() -> None:
    """A reference that leads nowhere is shown with its row."""
    buildings = pd.DataFrame({"street_id": ["s1", None, "s9"]}, index=["a", "b", "c"])
    tables = {"straten": streets(), "gebouwen": buildings}
    (fault,) = reference_faults(tables, {"gebouwen": Source("gebouwen.gpkg", 1)})
    assert (fault.row, fault.column, fault.value) == (3, "street_id", "s9")


def test_use_of_a_street_may_name_it_or_its_mark() -> None:
    """Metered use comes per segment or per street name; other areas are not looked up."""
    table = pd.DataFrame(
        {"area_kind": ["street"] * 3 + ["sector"], "area_id": ["s1", "Dorp", "Weg", "11002E122"]}
    )
    tables = {"straten": streets(), "verbruik": table}
    (fault,) = reference_faults(tables, {"verbruik": SHEET})
    assert (fault.row, fault.value) == (4, "Weg")


def test_without_streets_nothing_is_looked_up() -> None:
    """A table of streets that could not be read gives no second fault."""
    assert reference_faults({"verbruik": pd.DataFrame()}, {}) == []


def test_an_empty_group_of_households_counts_as_a_value() -> None:
    """Two rows "all owners" are one too many; owners and all together are two different rows."""
    raw = pd.DataFrame(
        {"area_id": "w", "tenure": ["eigenaar-bewoner", None, "owner_occupied"], "households": 30}
    )
    checked = check(raw, INPUTS["huishoudens"], Source("huishoudens.csv", 2))
    assert (only(checked).row, only(checked).value) == (4, "w · owner_occupied · nan · nan · nan")


def test_shapes_come_last() -> None:
    """Also where an optional column was not given."""
    checked = check(with_shapes("bomen", {"tree_id": ["b1"]}), INPUTS["bomen"], SHEET)
    assert checked.table.columns[-1] == "geometry"
