"""Who is in care on the last day, from records written by hand: also who has not been seen in them."""

from __future__ import annotations

from tests.support.by_hand import Row, day, episode, request, visit
from tests.support.fitted import evidence_of

from careload.model.direct.who_is_there import who_is_there
from careload.model.evidence import columns_of

STAFF: list[Row] = [{"clinician": "a", "site": "North", "profession": "psychologist", "fte": 1.0,
                     "hired_on": day("2020-01-01"), "left_on": None}]


def before(patient: str, closed: str = "") -> Row:
    """An episode that began before the records, whose first visit is of January."""
    return {**(episode(patient, closed, "completed") if closed else episode(patient)),
            "opened_on": day("2023-09-01")}


def told(**tables: list[Row]) -> dict[str, tuple[object, ...]]:
    """Patient to whether in care, visits seen, days to when due, visits missed and profession."""
    staying = {"appointments": [visit("known", "2024-01-02", clinician="a", kind="return"),
                                visit("known", "2024-06-26", clinician="a", kind="return",
                                      prescribed_interval_days=14)],
               "clinicians": STAFF, "episodes": [before("known")]}
    rows = columns_of(who_is_there(evidence_of("2024-06-26", **{
        name: staying.get(name, []) + tables.get(name, []) for name in {**staying, **tables}})))
    names = ("in_care", "seen", "days", "missed", "profession")
    return {patient: tuple(rows[name][place] for name in names)
            for place, patient in enumerate(rows["patient"])}


def test_who_was_seen_is_due_by_the_plan() -> None:
    assert told()["known"] == (True, 2, 14, 0, "psychologist")


def test_who_has_had_no_appointment_since_the_records_began_is_in_care_and_was_due_then() -> None:
    found = told(episodes=[before("never")])
    assert found["never"] == (True, 0, -176, 0, "everybody"), "176 days from 2 January to 26 June"


def test_who_has_only_missed_visits_is_in_care_with_the_clinician_of_these() -> None:
    missed = visit("missing", "2024-06-10", clinician="a", kind="return", status="no_show")
    again = visit("missing", "2024-06-20", clinician="a", kind="return", status="no_show")
    found = told(appointments=[missed, again], episodes=[before("missing")])
    in_care, seen, _days, misses, profession = found["missing"]
    assert (in_care, seen, misses, profession) == (True, 0, 2, "psychologist")


def test_whose_care_has_ended_is_not_in_care() -> None:
    assert "over" not in told(episodes=[before("over", "2024-03-01")])


def test_who_asked_and_was_not_seen_waits() -> None:
    found = told(referrals=[request("asks", "2024-06-01")])
    assert found["asks"][0] == False  # noqa: E712  (a numpy truth)


def test_a_visit_in_a_crisis_makes_nobody_another_clinicians_patient() -> None:
    """Seen by a counsellor in a crisis, the patient still comes to the psychologist."""
    staff: list[Row] = [{**STAFF[0], "clinician": "b", "profession": "counsellor"}]
    crisis = visit("known", "2024-06-20", clinician="b", kind="crisis", prescribed_interval_days=7)
    found = columns_of(who_is_there(evidence_of(
        "2024-06-26", clinicians=STAFF + staff, episodes=[before("known"), before("new")],
        appointments=[visit("known", "2024-06-10", clinician="a", kind="return"), crisis,
                      visit("new", "2024-06-21", clinician="b", kind="crisis")],
    )))
    whose = dict(zip(found["patient"], found["profession"], strict=True))
    assert whose == {"known": "psychologist", "new": "counsellor"}
    assert found["days"][list(found["patient"]).index("known")] == 1, "due by the plan of the last visit"
