"""The official R4 examples: single resources, partial dates, dangling references, no start."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.fhir_reading import aside, checked, fhir_files, found, opened, row, rows

from careload.history.source import OpenSource


@pytest.fixture(scope="module")
def examples(data: Path) -> OpenSource:
    return opened(fhir_files(data / "hl7_r4_examples"))


def test_single_resources_are_read_like_lines(examples: OpenSource) -> None:
    expected = {"Appointment": 3, "Encounter": 10, "Schedule": 3, "Slot": 4, "Practitioner": 14,
                "Patient": 22, "PractitionerRole": 1, "Location": 6, "EpisodeOfCare": 1, "ServiceRequest": 20}
    assert {kind: examples.resources[kind] for kind in expected} == expected


def test_types_beside_the_point_are_passed_over(examples: OpenSource) -> None:
    assert found(examples)["fhir-passed-over"] == sum((2, 1, 4, 2, 1, 13, 3, 12))
    assert "hours" not in examples.raws  # Basic resources of other people are not ours


def test_the_proposed_appointment_without_a_start_is_set_aside(examples: OpenSource) -> None:
    assert aside(examples, "appointments") == [(3, "fhir-not-agreed")]
    assert checked(examples)["appointments"].counts.rows == 10


def test_an_appointment_with_two_doctors_counts_for_the_first(examples: OpenSource) -> None:
    two = row(examples, "appointments", "appointment", "2docs")
    assert (two["clinician"], two["patient"], two["minutes"]) == ("example", "example", "120.0")
    assert "booked_at" not in two


def test_a_booked_follow_up(examples: OpenSource) -> None:
    booked = row(examples, "appointments", "appointment", "example")
    assert booked["kind"] == "return"
    assert booked["booked_at"] == "2013-10-10"
    assert booked["site"] == "South Wing, second floor"
    assert booked["profession"] == "General medical practice"


def test_a_request_of_somebody_else_tells_nothing(examples: OpenSource) -> None:
    """Appointment/example rests on a request whose subject is another patient on another server."""
    assert "requested_at" not in row(examples, "appointments", "appointment", "example")


def test_visits_without_a_period_are_set_aside_for_want_of_a_start(examples: OpenSource) -> None:
    without = [visit["appointment"] for visit in rows(examples, "appointments") if "starts_at" not in visit]
    assert without == [f"Encounter/{name}" for name in ("f001", "f002", "f003", "f201", "f202", "xcda")]
    counts = checked(examples)["appointments"].counts
    assert (counts.accepted, counts.set_aside) == (3, 7)


def test_the_home_visit_keeps_the_clock_of_its_place(examples: OpenSource) -> None:
    home = row(examples, "appointments", "appointment", "Encounter/home")
    assert (home["starts_at"], home["minutes"]) == ("2015-01-17T16:00:00+10:00", "30.0")
    assert (home["modality"], home["status"]) == ("home", "completed")
    accepted = checked(examples)["appointments"].accepted.to_pyarrow().to_pylist()
    (start,) = [visit["starts_at"] for visit in accepted if visit["appointment"] == "Encounter/home"]
    assert start.isoformat() == "2015-01-17T16:00:00"


def test_a_stay_that_began_in_the_emergency_department_is_two(examples: OpenSource) -> None:
    emergency = row(examples, "encounters", "encounter", "emerg#EMER")
    ward = row(examples, "encounters", "encounter", "emerg")
    assert (emergency["kind"], emergency["starts_at"], emergency["ends_at"]) == (
        "ed", "2017-02-01T07:15:00+10:00", "2017-02-01T09:27:00+10:00",
    )
    assert (ward["kind"], ward["starts_at"]) == ("inpatient", "2017-02-01T09:27:00+10:00")


def test_a_stay_with_dates_and_no_times(examples: OpenSource) -> None:
    stay = row(examples, "encounters", "encounter", "f203")
    assert (stay["kind"], stay["starts_at"], stay["ends_at"]) == ("inpatient", "2013-03-11", "2013-03-20")


def test_a_stay_that_names_an_appointment_is_not_its_visit(examples: OpenSource) -> None:
    assert row(examples, "appointments", "appointment", "example")["status"] == "booked"
    assert "fhir-same-visit" not in found(examples)


def test_slots_of_each_status(examples: OpenSource) -> None:
    assert {slot["slot"]: slot["status"] for slot in rows(examples, "slots")} == {
        "1": "busy", "2": "busy", "3": "blocked", "example": "free",
    }
    assert {slot["site"] for slot in rows(examples, "slots")} == {"South Wing, second floor"}


def test_only_the_referral_among_twenty_requests(examples: OpenSource) -> None:
    (referral,) = rows(examples, "referrals")
    assert referral["referral"] == "myringotomy"
    assert (referral["patient"], referral["urgency"]) == ("77662", "routine")
    assert referral["requested_at"] == "2014-02-14"
    assert found(examples)["fhir-order"] == 19


def test_the_dog_is_not_a_patient(examples: OpenSource) -> None:
    assert aside(examples, "patients") == [(1, "fhir-not-a-person")]
    assert len(rows(examples, "patients")) == 21


def test_who_died_when(examples: OpenSource) -> None:
    assert row(examples, "patients", "patient", "pat3")["died_on"] == "2015-02-14"
    assert "died_on" not in row(examples, "patients", "patient", "pat4")  # dead, but on no recorded day
    assert found(examples)["fhir-died-some-day"] == 1


def test_languages_and_areas_no_finer_than_a_district(examples: OpenSource) -> None:
    assert row(examples, "patients", "patient", "f201")["language"] == "nl-NL"
    assert row(examples, "patients", "patient", "f001")["area"] == "102"  # of 1024 RJ
    assert row(examples, "patients", "patient", "ch-example")["area"] == "黄埔区"


def test_an_open_episode(examples: OpenSource) -> None:
    (episode,) = rows(examples, "episodes")
    assert (episode["episode"], episode["patient"]) == ("example", "example")
    assert episode["opened_on"] == "2014-09-01"
    assert "closed_on" not in episode
    assert "reason" not in episode


def test_a_role_gives_profession_site_and_time_in_post(examples: OpenSource) -> None:
    careful = row(examples, "clinicians", "clinician", "example")
    assert careful["profession"] == "General medical practice"
    assert careful["site"] == "South Wing, second floor"
    assert (careful["hired_on"], careful["left_on"]) == ("2012-01-01", "2012-03-31")
    assert row(examples, "clinicians", "clinician", "f201")["profession"] == "Pulmonologist"
    (leave,) = rows(examples, "leaves")
    assert leave["clinician"] == "example"
    assert (leave["starts_on"], leave["ends_on"]) == ("2017-05-01", "2017-05-20")


def test_dangling_references_are_reported(examples: OpenSource) -> None:
    nowhere = [finding for finding in examples.findings if finding.code == "fhir-nowhere"]
    assert {kind for finding in nowhere for kind in ("Patient", "Practitioner", "Location")
            if f"of type {kind} " in finding.found} == {"Patient", "Practitioner", "Location"}


def test_no_name_and_no_number_of_a_person_is_read(examples: OpenSource) -> None:
    cells = {str(value) for name in examples.raws for line in rows(examples, name) for value in line.values()}
    text = " ".join(cells | {str(finding) for finding in examples.findings})
    for private in ("Chalmers", "Heuvel", "Careful", "Donald", "444222222", "5555", "Erewhon", "@"):
        assert private not in text
