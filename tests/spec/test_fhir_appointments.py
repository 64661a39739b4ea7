"""What becomes of each status of Appointment and Encounter, and of visits that stand in both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support.fhir_reading import aside, checked, found, opened, row, rows, write_lines

from careload.history.source import OpenSource

Resource = dict[str, Any]
REASONS = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"


def appointment(name: str, status: str = "fulfilled", patient: str = "Patient/p", **more: Any) -> Resource:
    actors = [{"actor": {"reference": patient}, "status": "accepted"}]
    return {"resourceType": "Appointment", "id": name, "status": status, "start": "2024-03-04T09:00:00-08:00",
            "end": "2024-03-04T09:50:00-08:00", "participant": actors, **more}


def cancelled(name: str, code: str | None, system: str = REASONS, **more: Any) -> Resource:
    reason = {"cancelationReason": {"coding": [{"system": system, "code": code}]}} if code else {}
    return appointment(name, "cancelled", **reason, **more)


def encounter(name: str, kind: str, status: str = "finished", **more: Any) -> Resource:
    period = {"start": "2024-03-04T09:05:00-08:00", "end": "2024-03-04T09:50:00-08:00"}
    return {"resourceType": "Encounter", "id": name, "status": status, "class": {"code": kind},
            "subject": {"reference": "Patient/p"}, "period": period, **more}


def answers(**statuses: str) -> list[Resource]:
    return [{"actor": {"reference": f"{kind}/x"}, "status": status} for kind, status in statuses.items()]


STATUSES = {
    "fulfilled": "completed", "arrived": "completed", "checked-in": "completed", "noshow": "no_show",
    "booked": "booked", "pending": "booked",
}
NO_APPOINTMENT = {
    "proposed": "fhir-not-agreed", "waitlist": "fhir-not-agreed", "entered-in-error": "fhir-entered-in-error",
}
BY = {
    "pat": "patient", "pat-crs": "patient", "pat-dec": "patient", "pat-mv": "patient", "pat-uwo": "patient",
    "prov": "clinic", "prov-pers": "clinic", "prov-edu": "clinic", "maint": "clinic", "meds-inc": "clinic",
    "oth-room": "clinic", "oth-int": "clinic",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> OpenSource:
    resources = [appointment(status, status) for status in (*STATUSES, *NO_APPOINTMENT)]
    resources += [cancelled(f"by-{code}", code) for code in BY]
    resources += [
        cancelled("by-local-code", "pat", system="urn:local"),
        cancelled("by-weather", "oth-weath"),
        cancelled("by-nobody", None),
        cancelled("by-answer", None, participant=answers(Patient="declined", Practitioner="accepted")),
        cancelled("by-clinics-answer", None,
                  participant=answers(Patient="accepted", Practitioner="declined")),
    ]
    return opened(write_lines(tmp_path_factory.mktemp("book"), *resources))


@pytest.mark.parametrize(("status", "word"), STATUSES.items())
def test_status(book: OpenSource, status: str, word: str) -> None:
    assert row(book, "appointments", "appointment", status)["status"] == word


def test_what_is_no_appointment_is_set_aside_with_its_reason(book: OpenSource) -> None:
    assert [code for _, code in aside(book, "appointments")] == list(NO_APPOINTMENT.values())


@pytest.mark.parametrize(("code", "who"), BY.items())
def test_cancelled_by_whom(book: OpenSource, code: str, who: str) -> None:
    assert row(book, "appointments", "appointment", f"by-{code}")["status"] == f"cancelled_by_{who}"


@pytest.mark.parametrize(("name", "word"), [
    ("by-local-code", "cancelled_by_patient"), ("by-answer", "cancelled_by_patient"),
    ("by-clinics-answer", "cancelled_by_clinic"),
])
def test_cancelled_by_other_signs(book: OpenSource, name: str, word: str) -> None:
    assert row(book, "appointments", "appointment", name)["status"] == word


def test_cancelled_by_nobody_knows_whom_is_not_guessed(book: OpenSource) -> None:
    assert row(book, "appointments", "appointment", "by-nobody")["status"] == "cancelled"
    assert found(book)["fhir-by-whom"] == 2  # no code, and the weather
    counts = checked(book)["appointments"].counts
    assert counts.set_aside == len(NO_APPOINTMENT) + 2
    assert counts.rows == counts.accepted + counts.set_aside
    assert counts.rows == len(STATUSES) + len(NO_APPOINTMENT) + len(BY) + 5


CLASSES = {
    "AMB": "in person", "HH": "home", "VR": "virtual", "FLD": "field",
    "EMER": "ed", "IMP": "inpatient", "ACUTE": "inpatient", "NONAC": "inpatient", "OBSENC": "inpatient",
    "SS": "inpatient",
}


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> OpenSource:
    link = {"appointment": [{"reference": "Appointment/booked"}]}
    statuses = ("arrived", "in-progress", "planned", "cancelled", "entered-in-error", "unknown")
    return opened(write_lines(
        tmp_path_factory.mktemp("visits"),
        *(encounter(kind, kind) for kind in CLASSES),
        *(encounter(f"visit-{status}", "AMB", status) for status in statuses),
        *(encounter(f"stay-{status}", "IMP", status) for status in statuses),
        encounter("before-admission", "PRENC"),
        appointment("booked", "booked"), encounter("the-visit", "AMB", **link),
        encounter("the-same-visit", "VR", **link),
        appointment("missed", "noshow"),
        encounter("a-note", "AMB", appointment=[{"reference": "Appointment/missed"}]),
        encounter("elsewhere", "AMB", appointment=[{"reference": "Appointment/elsewhere"}]),
        appointment("hoped-for", "proposed"),
        encounter("came-true", "AMB", appointment=[{"reference": "https://ehr.example/r4/Appointment/hoped-for"}]),
        appointment("mistake", "entered-in-error"),
        encounter("no-mistake", "AMB", appointment=[{"reference": "Appointment/mistake"}]),
    ))


def test_class_decides_between_visit_and_stay(visits: OpenSource) -> None:
    for kind, word in CLASSES.items():
        if word in ("ed", "inpatient"):
            assert row(visits, "encounters", "encounter", kind)["kind"] == word
        else:
            held = row(visits, "appointments", "appointment", f"Encounter/{kind}")
            assert (held["modality"], held["status"]) == (word, "completed")
            assert "booked_at" not in held


@pytest.mark.parametrize(("status", "word"), [
    ("arrived", "completed"), ("in-progress", "completed"), ("planned", "booked"),
    ("cancelled", "cancelled"), ("unknown", "unknown"),  # no words of ours: checking sets them aside
])
def test_status_of_a_visit(visits: OpenSource, status: str, word: str) -> None:
    assert row(visits, "appointments", "appointment", f"Encounter/visit-{status}")["status"] == word


def test_only_stays_that_began_are_stays(visits: OpenSource) -> None:
    stays = {stay["encounter"] for stay in rows(visits, "encounters")}
    assert {"stay-arrived", "stay-in-progress"} <= stays
    reasons = [code for _, code in aside(visits, "encounters")]
    assert sorted(reasons) == ["fhir-did-not-happen"] * 3 + ["fhir-entered-in-error"]


def test_an_unknown_class_is_not_guessed(visits: OpenSource) -> None:
    assert row(visits, "encounters", "encounter", "before-admission")["kind"] == "PRENC"
    assert checked(visits)["encounters"].counts.set_aside == 4 + 1


def test_a_visit_is_counted_once_as_its_appointment(visits: OpenSource) -> None:
    assert row(visits, "appointments", "appointment", "booked")["status"] == "completed"
    names = {visit["appointment"] for visit in rows(visits, "appointments")}
    assert not names & {"Encounter/the-visit", "Encounter/the-same-visit", "Encounter/a-note",
                        "Encounter/came-true"}
    assert found(visits)["fhir-same-visit"] == 4


def test_a_proposal_that_was_held_is_completed(visits: OpenSource) -> None:
    assert row(visits, "appointments", "appointment", "hoped-for")["status"] == "completed"


def test_a_missed_appointment_with_a_visit_is_a_conflict(visits: OpenSource) -> None:
    assert row(visits, "appointments", "appointment", "missed")["status"] == "no_show"
    assert found(visits)["fhir-outcome-conflict"] == 1


def test_a_visit_of_no_appointment_that_is_here_is_a_row_of_its_own(visits: OpenSource) -> None:
    for name in ("elsewhere", "no-mistake"):
        assert row(visits, "appointments", "appointment", f"Encounter/{name}")["status"] == "completed"


def test_group_appointments_are_one_row_per_patient(tmp_path: Path) -> None:
    people = [{"actor": {"reference": f"Patient/{name}"}, "status": "accepted"} for name in "abc"]
    source = opened(write_lines(tmp_path, appointment("circle", participant=people), appointment("alone")))
    circle = [visit for visit in rows(source, "appointments") if visit.get("group_id") == "circle"]
    assert {visit["appointment"]: visit["patient"] for visit in circle} == {
        "circle": "a", "circle#2": "b", "circle#3": "c",
    }
    assert {visit["kind"] for visit in circle} == {"group"}
    assert "group_id" not in row(source, "appointments", "appointment", "alone")


def test_kinds_come_from_the_type_and_times_from_the_book(tmp_path: Path) -> None:
    coded = {kind: {"coding": [{"code": kind}]} for kind in ("FOLLOWUP", "EMERGENCY", "ROUTINE", "WALKIN")}
    source = opened(write_lines(
        tmp_path,
        *(appointment(kind, appointmentType=concept, created="2024-02-01")
          for kind, concept in coded.items()),
        appointment("planned-length", minutesDuration=30),
        appointment("over-the-change-of-clocks", start="2024-03-10T01:30:00-08:00",
                    end="2024-03-10T03:30:00-07:00"),
        appointment("dates-only", start="2024-03", end="2024-04"),
    ))
    kinds = {visit["appointment"]: visit.get("kind") for visit in rows(source, "appointments")}
    assert [kinds[kind] for kind in coded] == ["return", "crisis", None, None]
    assert row(source, "appointments", "appointment", "FOLLOWUP")["booked_at"] == "2024-02-01"
    assert row(source, "appointments", "appointment", "planned-length")["minutes"] == "30"
    assert row(source, "appointments", "appointment", "over-the-change-of-clocks")["minutes"] == "60.0"
    partial = row(source, "appointments", "appointment", "dates-only")
    assert (partial["starts_at"], "minutes" in partial) == ("2024-03", False)
    assert checked(source)["appointments"].counts.set_aside == 1  # a month is no start


def test_only_the_first_appointment_on_a_request_was_asked_for_then(tmp_path: Path) -> None:
    request = {"resourceType": "ServiceRequest", "id": "r", "status": "active", "intent": "order",
               "subject": {"reference": "Patient/p"}, "authoredOn": "2024-01-15T10:00:00-08:00"}
    on_it = {"basedOn": [{"reference": "ServiceRequest/r"}]}
    source = opened(write_lines(
        tmp_path, request,
        appointment("second", created="2024-02-20", **on_it),
        appointment("first", created="2024-01-20", requestedPeriod=[{"start": "2024-02-05"}], **on_it),
    ))
    assert row(source, "appointments", "appointment", "first")["requested_at"] == "2024-01-15T10:00:00-08:00"
    assert "requested_at" not in row(source, "appointments", "appointment", "second")
    (referral,) = rows(source, "referrals")  # an order on which an appointment rests is a referral
    assert referral["preferred_date"] == "2024-02-05"
