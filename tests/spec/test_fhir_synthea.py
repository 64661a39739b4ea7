"""Bulk exports of Synthea: encounters without appointments, references by identifier, foreign types."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.support.fhir_reading import checked, fhir_files, found, opened, rows

from careload.history.source import OpenSource


@pytest.fixture(scope="module")
def ten(data: Path) -> OpenSource:
    return opened(fhir_files(data / "synthea_bulk_10"))


def test_every_encounter_is_read_once(ten: OpenSource) -> None:
    assert ten.resources["Encounter"] == 1215
    visits, stays = rows(ten, "appointments"), rows(ten, "encounters")
    assert len(visits) == 1133 + 9 + 1
    assert Counter(visit["modality"] for visit in visits) == {"in person": 1133, "home": 9, "virtual": 1}
    assert Counter(stay["kind"] for stay in stays) == {"inpatient": 49, "ed": 23}


def test_visits_are_completed_and_were_never_booked(ten: OpenSource) -> None:
    assert {visit["status"] for visit in rows(ten, "appointments")} == {"completed"}
    assert "booked_at" not in ten.raws["appointments"].table.columns


def test_practitioners_named_by_identifier_are_found(ten: OpenSource) -> None:
    practitioners = {person["clinician"] for person in rows(ten, "clinicians")}
    visits = rows(ten, "appointments")
    assert all(visit["clinician"] in practitioners for visit in visits)
    assert {visit["profession"] for visit in visits} == {"General Practice Physician"}
    assert all("identifier" not in visit["site"] for visit in visits)


def test_log_and_foreign_types_are_passed_over_with_a_message(ten: OpenSource) -> None:
    codes = found(ten)
    assert codes["fhir-no-resource"] == 4
    assert codes["fhir-passed-over"] == 555 + 2056 + 1745 + 43
    text = " ".join(str(finding) for finding in ten.findings)
    assert "log.ndjson" in text
    assert "Condition 555, MedicationRequest 1,745, Organization 43, Procedure 2,056" in text


def test_the_patients_of_the_export(ten: OpenSource) -> None:
    patients = rows(ten, "patients")
    assert len(patients) == 13
    assert {"_row", "patient", "language", "birth_year", "area"} <= set(patients[0])
    assert all(len(patient["area"]) == 3 for patient in patients)  # the start of a postal code


def test_every_row_is_accounted_for(ten: OpenSource) -> None:
    counts = {name: table.counts for name, table in checked(ten).items()}
    assert counts["appointments"].rows == counts["appointments"].accepted == 1143
    assert counts["encounters"].rows == counts["encounters"].accepted == 72


def test_a_directory_without_visits(data: Path) -> None:
    source = opened(fhir_files(data / "synthea_bulk_1000_directory"))
    assert len(rows(source, "patients")) == 1144
    clinicians = rows(source, "clinicians")
    assert len(clinicians) == 835
    assert {person["profession"] for person in clinicians} == {"General Practice Physician"}
    assert all(person.get("site") for person in clinicians)
    assert set(source.raws) == {"patients", "clinicians"}
