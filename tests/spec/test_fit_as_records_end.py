"""How a service stands after the last day of its records, from records written by hand."""

from __future__ import annotations

from datetime import datetime

from tests.support.by_hand import Row, day, episode, request, visit
from tests.support.fitted import believed_in, evidence_of, found_in

from careload.model.direct.start import FAMILY

IN_CARE = 12


def clinician(name: str, site: str, profession: str, left: str = "") -> Row:
    return {"clinician": name, "site": site, "profession": profession, "fte": 1.0,
            "hired_on": day("2020-01-01"), "left_on": day(left) if left else None}


def seen(patient: str, when: str, clinician: str, **more: int) -> Row:
    return visit(patient, when, clinician=clinician, kind="return", prescribed_interval_days=14, **more)


def test_patients_of_a_team_that_is_gone_make_no_team() -> None:
    """The only social worker of South left and no post is vacant: nothing is said of a team there."""
    staff = [clinician("a", "North", "psychologist"), clinician("b", "South", "social worker", "2024-05-01")]
    visits = [seen(f"n{n}", "2024-06-20", "a") for n in range(IN_CARE)]
    visits += [seen(f"s{n}", "2024-04-20", "b") for n in range(IN_CARE)]
    episodes = [episode(f"{site}{n}") for site in "ns" for n in range(IN_CARE)]
    found = believed_in(FAMILY, appointments=visits, clinicians=staff, episodes=episodes)
    assert any(place.startswith("team.North psychologist.start_needs.") for place in found)
    assert not any(place.startswith("team.South") for place in found)


def test_who_was_discharged_and_comes_to_a_crisis_does_not_wait_for_a_first_visit() -> None:
    asked = [request("p", "2024-01-05", "2024-01-10", "seen"), request("q", "2024-06-10")]
    visits = [seen("p", "2024-01-10", "a"), seen("p", "2024-02-10", "a"), seen("r", "2024-06-20", "a")]
    found = believed_in(
        FAMILY, appointments=visits, referrals=asked, clinicians=[clinician("a", "North", "psychologist")],
        episodes=[{**episode("p", "2024-03-01", "completed"), "opened_on": day("2024-01-10")}, episode("r")],
        encounters=[{"patient": "p", "starts_at": datetime(2024, 6, 1, 20), "kind": "ed"}],
    )
    waiting = {place: own.value for place, own in found.items() if ".waiting." in place}
    assert list(waiting.values()) == [5], "q alone: one to ten stand for five"


def test_due_days_count_from_the_monday_on_which_the_service_begins() -> None:
    """Read on Wednesday 26 June; due a fortnight after the 20th, on Thursday 4 July: day 3 of the run."""
    visits = [seen(f"n{n}", "2024-06-20", "a") for n in range(IN_CARE)]
    last = visit("z", "2024-06-26", clinician="a", kind="return")
    evidence = evidence_of("2024-06-26", appointments=[*visits, last],
                           clinicians=[clinician("a", "North", "psychologist")],
                           episodes=[episode(f"n{n}") for n in range(IN_CARE)])
    found = found_in(evidence, FAMILY)
    assert found["start.date"].value == day("2024-07-01")
    days = found["team.North psychologist.start_due_days"].value
    assert all(3 * 1.4 <= each <= 4 * 1.4 for each in days), "a Thursday, of a week of five days"
