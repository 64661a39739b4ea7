"""Files as they come: compressed, bundled, half-written, empty, with a mark, with lines of a megabyte."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.fhir_reading import aside, checked, fhir_files, found, opened, row, rows, write_lines

Resource = dict[str, Any]


def visit(name: str, **more: Any) -> Resource:
    return {"resourceType": "Encounter", "id": name, "status": "finished", "class": {"code": "AMB"},
            "subject": {"reference": "Patient/p"}, "period": {"start": "2024-03-04T09:00:00-08:00"}, **more}


def names(paths: list[Path]) -> list[str]:
    return [line["appointment"].removeprefix("Encounter/") for line in rows(opened(paths), "appointments")]


def test_gzip(tmp_path: Path) -> None:
    path = tmp_path / "1.Encounter.ndjson.gz"
    path.write_bytes(gzip.compress(f"{json.dumps(visit('a'))}\n{json.dumps(visit('b'))}\n".encode()))
    assert names([path]) == ["a", "b"]


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    assert names(write_lines(tmp_path, visit("a"), name="Patient.ndjson")) == ["a"]


def test_a_name_that_looks_like_a_pattern(tmp_path: Path) -> None:
    (folder := tmp_path / "export[1]").mkdir()
    assert names(write_lines(folder, visit("a"), name="visits (*).ndjson")) == ["a"]


def test_types_may_be_mixed_in_one_file(tmp_path: Path) -> None:
    source = opened(write_lines(
        tmp_path,
        {"resourceType": "Patient", "id": "p", "birthDate": "1980"},
        visit("a"),
        {"resourceType": "Observation", "id": "o", "status": {"not": "text"}, "class": "not a coding"},
        {"resourceType": "Location", "id": "l", "name": "South"},
        visit("b"),
    ))
    assert len(rows(source, "appointments")) == 2
    assert len(rows(source, "patients")) == 1
    assert dict(source.resources) == {"Patient": 1, "Encounter": 2, "Observation": 1, "Location": 1}


@pytest.mark.parametrize(("suffix", "encoding"), [
    (".ndjson", "utf-8-sig"), (".json", "utf-8-sig"), (".ndjson", "utf-16"), (".json", "utf-16"),
])
def test_a_byte_order_mark_loses_no_resource(tmp_path: Path, suffix: str, encoding: str) -> None:
    path = tmp_path / f"export{suffix}"
    path.write_bytes(f"{json.dumps(visit('ä'))}\n{json.dumps(visit('b'))}\n".encode(encoding))
    if suffix == ".json":
        path.write_bytes(json.dumps([visit("ä"), visit("b")], indent=1, ensure_ascii=False).encode(encoding))
    assert names([path]) == ["ä", "b"]


def test_lines_in_a_file_called_json(tmp_path: Path) -> None:
    assert names(write_lines(tmp_path, visit("a"), visit("b"), name="export.json")) == ["a", "b"]


def test_windows_line_ends_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "export.ndjson"
    path.write_text(f"\r\n{json.dumps(visit('a'))}\r\n\r\n{json.dumps(visit('b'))}", newline="")
    source = opened([path])
    assert len(rows(source, "appointments")) == 2
    assert set(found(source)) == {"fhir-nowhere"}  # nothing but the patient, who is in no file


def test_a_line_of_two_megabytes(tmp_path: Path) -> None:
    long = visit("long", text={"status": "generated", "div": "x" * 2_000_000})
    assert names(write_lines(tmp_path, visit("a"), long, visit("b"))) == ["a", "long", "b"]


def test_a_half_written_line_is_set_aside_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "Encounter.ndjson"
    whole = json.dumps(visit("a"))
    path.write_text(f"{whole}\n\n{json.dumps(visit('b'))[:60]}\n{json.dumps(visit('c'))}\n{whole[:70]}")
    source = opened([path])
    assert aside(source, "appointments") == [(3, "fhir-broken-line"), (5, "fhir-broken-line")]
    assert "Encounter.ndjson line 3, Encounter.ndjson line 5" in " ".join(map(str, source.findings))
    counts = checked(source)["appointments"].counts
    assert (counts.rows, counts.accepted, counts.set_aside) == (4, 2, 2)


def test_a_broken_line_that_tells_no_type_counts_where_its_file_belongs(tmp_path: Path) -> None:
    path = tmp_path / "export.ndjson"
    no_unicode = b'{"resourceType":"Patient","id":"\xff"}'
    path.write_bytes(b"\n".join([json.dumps(visit("a")).encode(), b'{"id": "x", "res', no_unicode]))
    source = opened([path])
    assert aside(source, "appointments") == [(2, "fhir-broken-line")]
    assert found(source)["fhir-where-broken"] == 2  # the other is a Patient, in no Unicode


def test_a_half_written_single_resource(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(visit("a"), indent=2)[:-30])
    (tmp_path / "b.json").write_text(json.dumps(visit("b"), indent=2))
    source = opened(fhir_files(tmp_path))
    assert aside(source, "appointments") == [(1, "fhir-broken-line")]
    assert len(rows(source, "appointments")) == 1


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "Slot.ndjson").write_text("")
    (tmp_path / "Schedule.json").write_text(" \n")
    source = opened([*fhir_files(tmp_path), *write_lines(tmp_path, visit("a"))])
    empty = [finding for finding in source.findings if finding.code == "empty-file"]
    assert [str(finding).split()[0] for finding in empty] == ["Schedule.json", "Slot.ndjson"]


@pytest.mark.parametrize("text", ['{"a": 1}', "[]", "null", '"text"', "12", '{"resourceType": 3}'])
@pytest.mark.parametrize("name", ["x.json", "x.ndjson"])
def test_json_that_is_no_fhir(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    source = opened([tmp_path / name])
    assert not source.raws
    assert found(source)["fhir-no-resource"] == 1


def test_text_that_is_no_json_at_all(tmp_path: Path) -> None:
    path = tmp_path / "appointments.ndjson"
    path.write_text("patient,starts_at,status\n1,2024-03-04,completed\n")
    source = opened([path])
    assert not source.raws
    assert found(source)["fhir-where-broken"] == 2
    assert "2024-03-04" not in " ".join(map(str, source.findings))


def test_texts_and_tables_beside_the_records_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "SOURCE.txt").write_text("Licence: CC0\n")
    (tmp_path / "rooms.csv").write_text("room,beds\n1,2\n")
    source = opened([*sorted(tmp_path.iterdir()), *write_lines(tmp_path, visit("a"))])
    assert set(found(source)) == {"fhir-nowhere"}


def test_nothing_at_all() -> None:
    source = opened([])
    assert (dict(source.raws), source.findings) == ({}, ())


def bundle(*entries: tuple[str, Resource]) -> Resource:
    return {"resourceType": "Bundle", "type": "collection",
            "entry": [{"fullUrl": url, "resource": resource} for url, resource in entries]}


BUNDLE = bundle(
    ("urn:uuid:11111111-aaaa", {"resourceType": "Patient", "birthDate": "1990-05-06"}),
    ("https://ehr.example/people/4", {"resourceType": "Practitioner", "id": "ann"}),
    ("urn:uuid:33333333-cccc", visit("a", subject={"reference": "urn:uuid:11111111-aaaa"}, participant=[
        {"individual": {"reference": "https://ehr.example/people/4"}}])),
)


@pytest.mark.parametrize("name", ["bundle.json", "bundles.ndjson"])
def test_a_bundle_is_its_entries_and_their_links(tmp_path: Path, name: str) -> None:
    source = opened(write_lines(tmp_path, BUNDLE, name=name))
    held = row(source, "appointments", "appointment", "Encounter/a")
    assert (held["patient"], held["clinician"]) == ("11111111-aaaa", "ann")
    assert row(source, "patients", "patient", "11111111-aaaa")["birth_year"] == "1990"
    assert "fhir-nowhere" not in found(source)


def test_a_bundle_with_gaps(tmp_path: Path) -> None:
    holes = {"resourceType": "Bundle", "entry": [{}, {"resource": None}, "x", {"resource": visit("a")},
                                                 {"fullUrl": 3, "resource": {"resourceType": "Bundle"}}]}
    assert names(write_lines(tmp_path, holes, name="bundle.json")) == ["a"]


def test_wrong_types_in_a_resource_lose_the_cell_and_not_the_row(tmp_path: Path) -> None:
    odd = visit("odd", participant={"individual": "x"}, length="long", location=[None, 3], period="2024",
                extension="none", meta=[1])
    source = opened(write_lines(tmp_path, visit("a"), odd))
    assert len(rows(source, "appointments")) == 2
    assert checked(source)["appointments"].counts.set_aside == 1  # no start


def test_nothing_is_left_behind_but_the_tables(tmp_path: Path) -> None:
    source = opened(write_lines(tmp_path, visit("a")))
    assert source.backend.list_tables(database="fhir_raw") == ["appointments"]
    assert "fhir" not in source.backend.list_catalogs()
