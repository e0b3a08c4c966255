"""An extract of OpenStreetMap becomes a neighbourhood, or nothing changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import osmium
import pandas as pd
import pytest
import yaml

from lekp_lib.errors import ContractError, LekpError, SourceError
from lekp_lib.io.adapters.osm import import_osm
from lekp_lib.io.read import read_place

from .conftest import EAST, NORTH, ROOT, Sketch

DORP = ROOT / "tests/fixtures/osm/dorp.osm"
GRENS = ROOT / "tests/fixtures/osm/grens.geojson"
PLACE = "lille/wechelderzande"


def _tables(data_dir: Path, place: str = PLACE) -> dict[str, pd.DataFrame]:
    return dict(read_place(place, data_dir=data_dir).tables)


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _skipped(data_dir: Path) -> pd.DataFrame:
    return pd.read_csv(data_dir / PLACE / "import_overgeslagen.csv", dtype=str)


def test_village_arrives_as_drawn(data_dir: Path) -> None:
    """Functions and homes of the hand-made village, counted by hand."""
    import_osm([DORP], place=PLACE, data_dir=data_dir)
    buildings = _tables(data_dir)["gebouwen"]
    assert buildings["function"].value_counts().to_dict() == {
        "residential": 5, "mixed": 1, "school": 1, "ancillary": 1, "unknown": 1,
    }  # fmt: skip
    assert buildings["dwellings"].sum() == 1 + 1 + 1 + 6 + 1 + 1
    assert buildings.loc["r900"].geometry.area == pytest.approx(40 * 30 - 20 * 10, abs=0.5)
    assert buildings.loc["w103", "levels"] == 2.5


def test_points_lie_where_they_were_drawn(data_dir: Path) -> None:
    """Degrees become metres of Lambert 72."""
    import_osm([DORP], place=PLACE, data_dir=data_dir)
    west, south, *_ = _tables(data_dir)["gebouwen"].loc[["w101"]].total_bounds
    assert (west, south) == (pytest.approx(EAST, abs=0.01), pytest.approx(NORTH + 10, abs=0.01))


def test_streets_are_cut_at_junctions(data_dir: Path) -> None:
    """Two segments of the main street, one of the side street, one path; works are left out."""
    import_osm([DORP], place=PLACE, data_dir=data_dir)
    streets = _tables(data_dir)["straten"]
    assert streets["road_class"].to_dict() == {
        "w201-1": "local", "w201-2": "local", "w202-1": "connector", "w203-1": "slow",
    }  # fmt: skip
    assert streets.loc["w202-1", "on_street_spaces"] == 5
    assert streets.length.sum() == pytest.approx(170 + 80 + 40, abs=0.1)


def test_other_tables_arrive(data_dir: Path) -> None:
    """Car parks off the street, trees and green."""
    import_osm([DORP], place=PLACE, data_dir=data_dir)
    tables = _tables(data_dir)
    assert tables["parkings"]["function"].to_dict() == {"w301": "school", "w302": "unknown"}
    assert tables["bomen"]["size_class"].dropna().tolist() == ["1b"]
    assert tables["groen"]["kind"].to_dict() == {"w401": "agriculture", "w402": "park"}


def test_what_is_left_out_is_listed(data_dir: Path) -> None:
    """A bow-tie and a cut footprint stand in the file, with the reason and an address."""
    lines = import_osm([DORP], place=PLACE, data_dir=data_dir)
    skipped = _skipped(data_dir).set_index("osm_id")
    assert skipped.loc["120", "probleem"].startswith("het vlak kruist zichzelf")
    assert skipped.loc["121", "probleem"] == "punten die in het bestand ontbreken: 1 van de 4"
    assert skipped.loc["120", "adres"] == "https://www.openstreetmap.org/way/120"
    assert any("way 121" in line for line in lines)


def test_lines_count_what_gets_no_demand(data_dir: Path) -> None:
    """Sheds and footprints without a home are counted for the reader."""
    lines = import_osm([DORP], place=PLACE, data_dir=data_dir)
    assert (
        "Zonder woning en dus zonder warmtevraag: garages, schuren en andere bijgebouwen (1) en "
        "gebouwen zonder teken van bewoning (1)."
    ) in lines
    assert lines[0] == "Gelezen: dorp.osm (jongste wijziging 1 maart 2026)."
    assert "ODbL" in lines[-1]


def test_lines_count_what_no_table_takes(village: Sketch, data_dir: Path) -> None:
    """Works, squares, tree rows and bays along the street are named with their number."""
    village.box(31, (0, 50), (9, 9), {"highway": "pedestrian", "area": "yes"})
    village.way(32, [(0, 70), (9, 70)], {"natural": "tree_row"})
    village.box(33, (0, 80), (9, 2), {"amenity": "parking", "parking": "lane"})
    village.box(34, (0, 90), (9, 9), {"building": "construction"})
    lines = import_osm([village.save(data_dir / "a.osm")], place=PLACE, data_dir=data_dir)
    left = [line for line in lines if line.startswith("Niet overgenomen: ")]
    assert len(left) == 4
    assert all(line.endswith("(1).") for line in left)


def test_new_place_is_described(data_dir: Path) -> None:
    """Name, codes, source and a first story."""
    import_osm([DORP], place=PLACE, data_dir=data_dir, boundary=GRENS)
    place = read_place(PLACE, data_dir=data_dir)
    assert (place.settings.name, place.settings.nis_code) == ("Wechelderzande", "13019")
    assert place.settings.wijk_code == "1301904"
    assert place.settings.sources["gebouwen"].licence == "ODbL 1.0"
    assert place.settings.sources["gebouwen"].date == "2026-03-01"
    assert "OpenStreetMap van 1 maart 2026" in place.story
    assert place.notices == ()


def test_boundary_keeps_what_lies_inside(data_dir: Path) -> None:
    """A car park 300 metres away belongs to another wijk, and is counted."""
    lines = import_osm([DORP], place=PLACE, data_dir=data_dir, boundary=GRENS)
    tables = _tables(data_dir)
    assert tables["parkings"].index.tolist() == ["w301"]
    assert tables["grens"]["wijk_code"].tolist() == ["1301904"]
    assert "Buiten de grens van de wijk en dus niet overgenomen: 1 parkings." in lines


def test_wijk_code_comes_from_the_list_of_wijken(data_dir: Path) -> None:
    """Without a boundary the name of the folder finds the code."""
    import_osm([DORP], place=PLACE, data_dir=data_dir)
    assert read_place(PLACE, data_dir=data_dir).settings.wijk_code == "1301904"


def test_wijk_that_is_in_no_list_has_no_code(village: Sketch, data_dir: Path) -> None:
    """A wijk may be anything the municipality calls so."""
    import_osm([village.save(data_dir / "a.osm")], place="lille/mijn-wijk", data_dir=data_dir)
    settings = read_place("lille/mijn-wijk", data_dir=data_dir).settings
    assert (settings.name, settings.wijk_code) == ("Mijn wijk", None)


def test_extract_of_another_municipality_is_refused(village: Sketch, data_dir: Path) -> None:
    """A village of the Kempen is not imported as a wijk of Gent."""
    file = village.save(data_dir / "a.osm")
    with pytest.raises(ContractError, match="km van het midden van Gent"):
        import_osm([file], place="gent/mijn-wijk", data_dir=data_dir)


def test_order_in_the_file_does_not_matter(village: Sketch, tmp_path: Path) -> None:
    """Some services write ways before points."""
    for name, ways_first in (("a", False), ("b", True)):
        file = village.save(tmp_path / f"{name}.osm", ways_first=ways_first)
        import_osm([file], place=PLACE, data_dir=tmp_path / name)
    first, second = (_tables(tmp_path / name)["gebouwen"] for name in ("a", "b"))
    assert first.equals(second)


def test_points_missing_from_one_file_come_from_another(sketch: Sketch, data_dir: Path) -> None:
    """Two extracts that meet complete each other."""
    sketch.box(10, (0, 10), (10, 8), {"building": "house"})
    sketch.way(20, [(0, 0), (50, 0)], {"highway": "residential"})
    whole = sketch.save(data_dir / "whole.osm")
    sketch.forget((10, 18))
    cut = sketch.save(data_dir / "cut.osm")
    import_osm([cut, whole], place=PLACE, data_dir=data_dir)
    assert _tables(data_dir)["gebouwen"].index.tolist() == ["w10"]
    assert _skipped(data_dir).empty


def test_binary_and_packed_files_give_the_same(village: Sketch, tmp_path: Path) -> None:
    """Endings .osm.pbf and .osm.gz."""
    plain = village.save(tmp_path / "a.osm")
    tables = []
    for name in ("b.osm.pbf", "c.osm.gz"):
        with osmium.SimpleWriter(str(tmp_path / name)) as writer:
            for item in osmium.FileProcessor(str(plain)):
                writer.add(item)
        import_osm([tmp_path / name], place=PLACE, data_dir=tmp_path / name[0])
        tables.append(_tables(tmp_path / name[0])["gebouwen"])
    assert tables[0].equals(tables[1])


def test_tags_are_text_and_nothing_else(village: Sketch, data_dir: Path) -> None:
    """A name with markup comes through as it is; pages escape it."""
    evil = "<script>alert(1)</script>"
    village.way(30, [(0, 0), (0, -50)], {"highway": "path", "name": evil})
    import_osm([village.save(data_dir / "a.osm")], place=PLACE, data_dir=data_dir)
    assert _tables(data_dir)["straten"].loc["w30-1", "street_name"] == evil
    assert evil not in (data_dir / PLACE / "verhaal.md").read_text(encoding="utf-8")


def test_value_outside_the_contract_is_taken_away_and_listed(
    village: Sketch, data_dir: Path
) -> None:
    """A typing error in a height does not stop an import of a thousand buildings."""
    village.box(11, (30, 10), (10, 8), {"building": "house", "height": "900"})
    import_osm([village.save(data_dir / "a.osm")], place=PLACE, data_dir=data_dir)
    assert _tables(data_dir)["gebouwen"]["height_m"].isna().all()
    row = _skipped(data_dir).iloc[0]
    assert (row["osm_id"], row["gebruikt"]) == ("11", "deels")
    assert "«900» mag hoogstens 250 m zijn" in row["probleem"]


def test_objects_outside_belgium_are_listed(village: Sketch, data_dir: Path) -> None:
    """An extract may reach across the border of the map."""
    village.box(11, (300_000, 10), (10, 8), {"building": "house"})
    import_osm([village.save(data_dir / "a.osm")], place=PLACE, data_dir=data_dir)
    assert _skipped(data_dir)["probleem"].tolist() == ["de vorm ligt buiten België"]


def test_point_with_a_building_tag_is_listed(village: Sketch, data_dir: Path) -> None:
    """Without an outline there is no footprint."""
    village.point((70, 70), {"building": "house"})
    import_osm([village.save(data_dir / "a.osm")], place=PLACE, data_dir=data_dir)
    assert _skipped(data_dir)["probleem"].tolist() == ["het is een punt zonder omtrek"]


def test_relation_lacking_a_member_is_listed(village: Sketch, data_dir: Path) -> None:
    """A courtyard that is not in the file: the building is left out, not filled in."""
    village.box(11, (60, 60), (30, 30))
    village.relation(9, [("outer", 11), ("inner", 12)], {"building": "yes"})
    import_osm([village.save(data_dir / "a.osm")], place=PLACE, data_dir=data_dir)
    assert _skipped(data_dir)[["soort", "osm_id"]].to_numpy().tolist() == [["relation", "9"]]


def test_second_import_changes_nothing(data_dir: Path) -> None:
    """Tables that are there are not written over."""
    import_osm([DORP], place=PLACE, data_dir=data_dir)
    before = _everything(data_dir)
    with pytest.raises(ContractError, match="de tabel gebouwen bestaat al") as caught:
        import_osm([DORP], place=PLACE, data_dir=data_dir)
    assert len(caught.value.faults) == 5
    assert _everything(data_dir) == before


def test_force_replaces_tables_of_an_import(village: Sketch, data_dir: Path) -> None:
    """Whoever asks for it gets the new tables."""
    import_osm([DORP], place=PLACE, data_dir=data_dir)
    file = village.save(data_dir / "a.osm")
    import_osm([file], place=PLACE, data_dir=data_dir, force=True)
    assert _tables(data_dir)["gebouwen"].index.tolist() == ["w10"]


def test_force_leaves_a_table_of_the_municipality_alone(data_dir: Path) -> None:
    """Another format is someone's own work."""
    folder = data_dir / PLACE
    folder.mkdir(parents=True)
    (folder / "gebouwen.geojson").write_text("{}", encoding="utf-8")
    with pytest.raises(ContractError, match=r"gebouwen\.geojson"):
        import_osm([DORP], place=PLACE, data_dir=data_dir, force=True)
    assert [path.name for path in folder.iterdir()] == ["gebouwen.geojson"]


def test_what_an_editor_wrote_stays(data_dir: Path) -> None:
    """Comments, name, story and other sources survive an import."""
    folder = data_dir / PLACE
    folder.mkdir(parents=True)
    (folder / "verhaal.md").write_text("Ons verhaal.\n", encoding="utf-8")
    (folder / "wijk.yml").write_text(
        "# nagekeken door de dienst\nname: De Vogelwijk\nmunicipality: Lille\n"
        'nis_code: "13019"\nsources:\n  verbruik:\n    source: Fluvius\n    licence: vrij\n'
        "contact_role: dienst omgeving  # geen persoon\n",
        encoding="utf-8",
    )
    import_osm([DORP], place=PLACE, data_dir=data_dir)
    text = (folder / "wijk.yml").read_text(encoding="utf-8")
    assert "# nagekeken door de dienst" in text
    assert "# geen persoon" in text
    place = read_place(PLACE, data_dir=data_dir)
    assert (place.settings.name, place.story) == ("De Vogelwijk", "Ons verhaal.\n")
    assert {"verbruik", "gebouwen"} <= set(place.settings.sources)


@pytest.mark.parametrize(
    ("place", "match"),
    [
        ("lile/dorp", "Bedoelde u lille"),
        ("galmaarden/dorp", "hoort sinds 1 januari 2025 bij Pajottegem"),
        ("atlantis/dorp", "geen Vlaamse gemeente heeft deze naam"),
        ("lille", "de naam van een wijk"),
        ("lille/gemeente", "de naam van een wijk"),
        ("../../etc/dorp", "geen naam van een plaats"),
        ("Lille/Dorp", "geen naam van een plaats"),
    ],
)
def test_place_that_cannot_be_is_refused(place: str, match: str, data_dir: Path) -> None:
    """The message names what comes near; nothing is made."""
    with pytest.raises(ContractError, match=match):
        import_osm([DORP], place=place, data_dir=data_dir)
    assert list(data_dir.iterdir()) == []


def _cut_binary(folder: Path) -> Path:
    with osmium.SimpleWriter(str(folder / "whole.osm.pbf")) as writer:
        for item in osmium.FileProcessor(str(DORP)):
            writer.add(item)
    whole = (folder / "whole.osm.pbf").read_bytes()
    path = folder / "half.osm.pbf"
    path.write_bytes(whole[: len(whole) // 2])
    return path


def _holding(content: bytes, name: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (_cut_binary, "beschadigd, afgebroken"),
        (_holding(b"", "a.osm.pbf"), "het bestand is leeg"),
        (_holding(b"<html>404</html>", "a.osm"), "beschadigd, afgebroken"),
        (_holding(b'<osm version="0.6"><node id="1" lat="51', "a.osm"), "beschadigd, afgebroken"),
        (_holding(b'<osm version="0.6"><node id="x"/></osm>', "a.osm"), "beschadigd, afgebroken"),
        (_holding(b"no gzip", "a.osm.gz"), "beschadigd, afgebroken"),
        (_holding(b"PK", "a.zip"), "geen bestand van OpenStreetMap"),
        (_holding(b'<osm version="0.6"></osm>', "a.osm"), "het bestand bevat geen gebouwen"),
        (lambda folder: folder / "absent.osm", "het bestand bestaat niet"),
    ],
)
def test_file_that_cannot_be_used(
    make: Callable[[Path], Path], match: str, tmp_path: Path, data_dir: Path
) -> None:
    """One Dutch sentence instead of a traceback, and nothing on disk."""
    with pytest.raises(LekpError, match=match) as caught:
        import_osm([make(tmp_path)], place=PLACE, data_dir=data_dir)
    assert isinstance(caught.value, ContractError | SourceError)
    assert list(data_dir.iterdir()) == []


def test_no_file_at_all(data_dir: Path) -> None:
    """The command needs something to read."""
    with pytest.raises(ContractError, match="geen bestand opgegeven"):
        import_osm([], place=PLACE, data_dir=data_dir)


def test_extract_without_streets_is_refused(sketch: Sketch, data_dir: Path) -> None:
    """Both tables are needed."""
    sketch.box(10, (0, 10), (10, 8), {"building": "house"})
    file = sketch.save(data_dir / "a.osm")
    with pytest.raises(ContractError, match="het bestand bevat geen straten"):
        import_osm([file], place=PLACE, data_dir=data_dir)


def test_extract_with_cut_buildings_only_is_refused(sketch: Sketch, data_dir: Path) -> None:
    """The message tells that they were there, but not whole."""
    sketch.box(10, (0, 10), (10, 8), {"building": "house"})
    sketch.forget((0, 10))
    file = sketch.save(data_dir / "a.osm")
    with pytest.raises(ContractError, match="geen van de 1 gebouwen"):
        import_osm([file], place=PLACE, data_dir=data_dir)


def _boundary(folder: Path, **properties: object) -> Path:
    content = json.loads(GRENS.read_text(encoding="utf-8"))
    content["features"][0]["properties"] = properties
    path = folder / "grens.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_boundary_elsewhere_holds_no_buildings(tmp_path: Path, data_dir: Path) -> None:
    """Two files of different places are not put together."""
    content = json.loads(GRENS.read_text(encoding="utf-8"))
    ring = content["features"][0]["geometry"]["coordinates"][0]
    content["features"][0]["geometry"]["coordinates"] = [[[x - 0.5, y] for x, y in ring]]
    path = tmp_path / "grens.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ContractError, match="geen gebouwen binnen de grens"):
        import_osm([DORP], place=PLACE, data_dir=data_dir, boundary=path)


def test_boundary_of_another_municipality_is_refused(tmp_path: Path, data_dir: Path) -> None:
    """A wijkcode knows its municipality."""
    path = _boundary(tmp_path, wijk_code="1100101")
    with pytest.raises(ContractError, match="ligt niet in Lille"):
        import_osm([DORP], place=PLACE, data_dir=data_dir, boundary=path)
    assert list(data_dir.iterdir()) == []


def test_code_that_became_a_number_is_refused(tmp_path: Path, data_dir: Path) -> None:
    """Code 11002E122 in a spreadsheet becomes 1.1E+126."""
    path = _boundary(tmp_path, wijk_code=1.1002e126)
    with pytest.raises(ContractError, match="een rekenblad heeft deze code in een getal"):
        import_osm([DORP], place=PLACE, data_dir=data_dir, boundary=path)


def test_boundary_with_another_code_than_the_place_is_refused(
    tmp_path: Path, data_dir: Path
) -> None:
    """What the municipality wrote is not changed quietly."""
    import_osm([DORP], place=PLACE, data_dir=data_dir)
    path = _boundary(tmp_path, wijk_code="1301901")
    with pytest.raises(ContractError, match="de grens is van wijk 1301901"):
        import_osm([DORP], place=PLACE, data_dir=data_dir, boundary=path, force=True)


def test_boundary_that_crosses_itself_is_refused(tmp_path: Path, data_dir: Path) -> None:
    """Nothing is repaired."""
    content = json.loads(GRENS.read_text(encoding="utf-8"))
    a, b, c, d, _ = content["features"][0]["geometry"]["coordinates"][0]
    content["features"][0]["geometry"]["coordinates"] = [[a, c, b, d, a]]
    path = tmp_path / "grens.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ContractError, match="kruist zichzelf"):
        import_osm([DORP], place=PLACE, data_dir=data_dir, boundary=path)


def test_settings_are_plain_yaml(data_dir: Path) -> None:
    """Codes stay text for every reader of YAML."""
    import_osm([DORP], place=PLACE, data_dir=data_dir)
    text = (data_dir / PLACE / "wijk.yml").read_text(encoding="utf-8")
    assert "nis_code: '13019'" in text
    assert yaml.safe_load(text)["wijk_code"] == "1301904"


def test_wechelderzande(real: Callable[[str], Path], data_dir: Path) -> None:
    """The real village: every complete footprint arrives, the cut ones are listed."""
    extract = real("wechelderzande-osm/wechel.osm.pbf")
    boundary = real("wechelderzande-osm/wijk_1301904.geojson")
    lines = import_osm([extract], place=PLACE, data_dir=data_dir, boundary=boundary)
    buildings = _tables(data_dir)["gebouwen"]
    assert len(buildings) == 1794
    assert buildings["dwellings"].sum() == 1537
    assert (buildings["function"] == "ancillary").sum() == 13
    skipped = _skipped(data_dir)
    assert (skipped["tabel"] == "gebouwen").sum() == 9
    assert any("17 september 2016" in line for line in lines)
