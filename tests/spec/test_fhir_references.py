"""References in every form that R4 allows, and resources that stand twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support.fhir_reading import checked, found, opened, row, rows, write_lines

from careload.history.source import OpenSource

Resource = dict[str, Any]
NPI = "http://hl7.org/fhir/sid/us-npi"

PEOPLE: list[Resource] = [
    {"resourceType": "Practitioner", "id": "ann", "identifier": [{"system": NPI, "value": "99"}]},
    {"resourceType": "PractitionerRole", "id": "ann-south", "practitioner": {"reference": "Practitioner/ann"},
     "identifier": [{"system": "urn:posts", "value": "7"}], "code": [{"text": "Psychologist"}],
     "location": [{"reference": "Location/south"}], "period": {"start": "2020-01-01"}},
    {"resourceType": "PractitionerRole", "id": "ann-north", "practitioner": {"identifier": {"system": NPI,
     "value": "99"}}, "code": [{"coding": [{"display": "Supervisor"}]}],
     "location": [{"reference": "Location/north"}], "period": {"start": "2018-01-01", "end": "2019-12-31"}},
    {"resourceType": "PractitionerRole", "id": "vacant", "code": [{"coding": [{"code": "104100000X"}]}]},
    {"resourceType": "Location", "id": "south", "name": "South"},
    {"resourceType": "Location", "id": "north", "name": "North"},
    {"resourceType": "Location", "id": "room", "name": "Room 4", "partOf": {"reference": "Location/south"},
     "physicalType": {"coding": [{"code": "ro"}]}},
    {"resourceType": "Location", "id": "bed", "partOf": {"reference": "Location/room"},
     "physicalType": {"coding": [{"code": "bd"}]}},
    {"resourceType": "Location", "id": "twin-1", "name": "Annex"},
    {"resourceType": "Location", "id": "twin-2", "name": "Annex"},
    {"resourceType": "Patient", "id": "kim", "identifier": [{"system": "urn:mrn", "value": "1 2"}]},
    {"resourceType": "Patient", "id": "kim-old", "link": [{"type": "replaced-by",
     "other": {"reference": "Patient/kim"}}]},
]

CLINICIANS: dict[str, tuple[Resource, str, str | None, str | None]] = {
    # name: (reference, clinician, profession, site of the role)
    "relative": ({"reference": "Practitioner/ann"}, "ann", "Psychologist", "South"),
    "versioned": ({"reference": "Practitioner/ann/_history/3"}, "ann", "Psychologist", "South"),
    "absolute": ({"reference": "https://ehr.example/r4/Practitioner/ann"}, "ann", "Psychologist", "South"),
    "conditional": ({"reference": f"Practitioner?identifier={NPI}|99"}, "ann", "Psychologist", "South"),
    "encoded": ({"reference": f"Practitioner?identifier={NPI}%7C99"}, "ann", "Psychologist", "South"),
    "identifier": ({"type": "Practitioner", "identifier": {"system": NPI, "value": "99"}}, "ann",
                   "Psychologist", "South"),
    "untyped": ({"identifier": {"system": NPI, "value": "99"}}, "ann", "Psychologist", "South"),
    "urn": ({"reference": "urn:uuid:ann"}, "ann", "Psychologist", "South"),
    "role": ({"reference": "PractitionerRole/ann-north"}, "ann", "Supervisor", "North"),
    "role-by-identifier": ({"type": "PractitionerRole", "identifier": {"system": "urn:posts", "value": "7"}},
                           "ann", "Psychologist", "South"),
    "vacant-role": ({"reference": "PractitionerRole/vacant"}, "PractitionerRole/vacant", "104100000X", None),
    "contained": ({"reference": "#me"}, "ann", "Psychologist", "South"),
    "dangling": ({"reference": "Practitioner/bo"}, "bo", None, None),
    "dangling-by-identifier": ({"reference": f"Practitioner?identifier={NPI}|1"}, f"{NPI}|1", None, None),
}
PATIENTS = {
    "by-id": ({"reference": "Patient/kim"}, "kim"),
    "by-number": ({"type": "Patient", "identifier": {"system": "urn:mrn", "value": "1 2"}}, "kim"),
    "merged": ({"reference": "Patient/kim-old"}, "kim"),
    "dangling-patient": ({"reference": "https://other.example/fhir/Patient/77"}, "77"),
    "contained-patient": ({"reference": "#p"}, "Appointment/contained-patient#p"),
}
PLACES = {"at-site": ("south", "South"), "in-room": ("room", "South"), "in-bed": ("bed", "South"),
          "at-twin": ("twin-1", "Annex (twin-1)"), "nowhere": ("lost", "lost")}


def appointment(name: str, patient: Resource, *others: Resource) -> Resource:
    contained = [{"resourceType": "Practitioner", "id": "me", "identifier": [{"system": NPI, "value": "99"}]},
                 {"resourceType": "Patient", "id": "p", "name": [{"family": "Secret"}]}]
    return {"resourceType": "Appointment", "id": name, "status": "fulfilled", "start": "2024-03-04T09:00:00Z",
            "contained": contained,
            "participant": [{"actor": actor, "status": "accepted"} for actor in (*others, patient)]}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> OpenSource:
    kim = {"reference": "Patient/kim"}
    return opened(write_lines(
        tmp_path_factory.mktemp("references"), *PEOPLE,
        *(appointment(name, kim, clinician) for name, (clinician, *_) in CLINICIANS.items()),
        *(appointment(name, patient) for name, (patient, _) in PATIENTS.items()),
        *(appointment(name, kim, {"reference": f"Location/{place}"}) for name, (place, _) in PLACES.items()),
        appointment("urn-patient", {"reference": "urn:uuid:kim"}, {"reference": "urn:uuid:ann"}),
    ))


@pytest.mark.parametrize("name", CLINICIANS)
def test_clinician(source: OpenSource, name: str) -> None:
    _, clinician, profession, site = CLINICIANS[name]
    visit = row(source, "appointments", "appointment", name)
    assert (visit["clinician"], visit.get("profession"), visit.get("site")) == (clinician, profession, site)


@pytest.mark.parametrize("name", PATIENTS)
def test_patient(source: OpenSource, name: str) -> None:
    assert row(source, "appointments", "appointment", name)["patient"] == PATIENTS[name][1]


@pytest.mark.parametrize("name", PLACES)
def test_site(source: OpenSource, name: str) -> None:
    assert row(source, "appointments", "appointment", name)["site"] == PLACES[name][1]


def test_references_by_urn_are_told_apart_by_what_they_name(source: OpenSource) -> None:
    visit = row(source, "appointments", "appointment", "urn-patient")
    assert (visit["patient"], visit["clinician"]) == ("kim", "ann")


def test_one_row_per_clinician_with_the_post_held_now(source: OpenSource) -> None:
    ann = row(source, "clinicians", "clinician", "ann")
    assert (ann["profession"], ann["site"], ann["hired_on"]) == ("Psychologist", "South", "2018-01-01")
    assert "left_on" not in ann
    clinicians = {person["clinician"] for person in rows(source, "clinicians")}
    assert clinicians == {"ann", "PractitionerRole/vacant"}
    assert found(source)["fhir-several-posts"] == 1


def test_what_leads_nowhere_is_reported_without_an_id(source: OpenSource) -> None:
    nowhere = [finding for finding in source.findings if finding.code == "fhir-nowhere"]
    assert {finding.rows for finding in nowhere if "Practitioner " in finding.found} == {2}
    text = " ".join(map(str, source.findings))
    assert not any(secret in text for secret in ("77", "bo.", "Secret"))


def test_a_subject_that_is_nobody(tmp_path: Path) -> None:
    of = {"status": "finished", "class": {"code": "AMB"}, "period": {"start": "2024-03-04T09:00:00Z"}}
    source = opened(write_lines(
        tmp_path, {"resourceType": "Encounter", "id": "e", "subject": {"reference": "Group/circle"}, **of},
    ))
    assert "patient" not in row(source, "appointments", "appointment", "Encounter/e")
    assert checked(source)["appointments"].counts.set_aside == 1


def test_of_versions_the_last_counts(tmp_path: Path) -> None:
    def version(status: str, updated: str | None) -> Resource:
        return {**appointment("x", {"reference": "Patient/kim"}), "status": status,
                **({"meta": {"lastUpdated": updated}} if updated else {})}

    newer, older = version("noshow", "2024-03-05T08:00:00Z"), version("booked", "2024-03-04T23:30:00-01:00")
    paths = write_lines(tmp_path, newer, name="a.ndjson") + write_lines(tmp_path, older, name="b.ndjson")
    source = opened(paths)
    counts = checked(source)["appointments"].counts
    assert (counts.rows, counts.accepted, counts.duplicates) == (2, 1, 1)
    assert checked(source)["appointments"].accepted.status.execute().tolist() == ["no_show"]
    assert found(source)["fhir-older-version"] == 1


def test_without_a_date_of_change_the_one_read_last_counts(tmp_path: Path) -> None:
    def clinic(name: str) -> Resource:
        return {"resourceType": "Location", "id": "c", "name": name}

    visit = appointment("x", {"reference": "Patient/kim"}, {"reference": "Location/c"})
    source = opened(write_lines(tmp_path, clinic("Old name"), visit, clinic("New name")))
    assert row(source, "appointments", "appointment", "x")["site"] == "New name"
