"""SMART Scheduling Links: slots of a whole day with a capacity, and a manifest beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.fhir_reading import fhir_files, found, opened, rows

from careload.history.source import OpenSource


@pytest.fixture(scope="module")
def links(data: Path) -> OpenSource:
    return opened(fhir_files(data / "smart_scheduling_links"))


def test_slots_of_five_files_are_one_table(links: OpenSource) -> None:
    slots = rows(links, "slots")
    assert len(slots) == len({slot["slot"] for slot in slots}) == 300
    assert {slot["status"] for slot in slots} == {"free"}
    assert dict(links.resources) == {"Slot": 300, "Schedule": 10, "Location": 10}


def test_a_slot_of_a_whole_day_keeps_its_length_and_capacity(links: OpenSource) -> None:
    slots = rows(links, "slots")
    assert {slot["minutes"] for slot in slots} == {"540.0"}
    assert {slot["capacity"] for slot in slots} == {"100"}


def test_the_site_is_that_of_the_schedule(links: OpenSource) -> None:
    sites = {slot["site"] for slot in rows(links, "slots")}
    assert len(sites) == 10
    assert "SMART Vaccine Clinic Boston" in sites


def test_the_manifest_is_no_record_and_all_it_lists_is_here(links: OpenSource) -> None:
    assert "fhir-missing-file" not in found(links)
    assert "fhir-no-resource" not in found(links)


def test_a_file_that_the_manifest_lists_and_that_is_missing(data: Path, tmp_path: Path) -> None:
    for path in (data / "smart_scheduling_links").iterdir():
        if path.name != "slots-2021-W11.ndjson":
            shutil.copy(path, tmp_path)
    source = opened(fhir_files(tmp_path))
    assert found(source)["fhir-missing-file"] == 1
    assert "slots-2021-W11.ndjson" in " ".join(str(finding) for finding in source.findings)


def test_the_manifest_itself_may_be_handed_over(data: Path) -> None:
    folder = data / "smart_scheduling_links"
    source = opened([*fhir_files(folder), folder / "$bulk-publish"])
    assert len(rows(source, "slots")) == 300
