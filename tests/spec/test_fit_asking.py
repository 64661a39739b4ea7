"""Requests and episodes as real services write them: made twice, closed late, told from some day on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.support.by_hand import Row, day, episode, request, visit
from tests.support.fitted import evidence_of, found_in

from careload.model.asking import episodes_of
from careload.model.direct import arrivals, start, waiting
from careload.model.evidence import Evidence, rows_of

LAST, ENOUGH = "2024-06-30", 12
PEOPLE = [f"p{number}" for number in range(ENOUGH)]
STAFF: list[Row] = [{"clinician": "a", "site": "North", "profession": "psychologist", "fte": 1.0,
                     "hired_on": day("2020-01-01"), "left_on": None}]


def seen(patient: str, when: str, **more: Any) -> Row:
    usual = {"clinician": "a", "kind": "return", "prescribed_interval_days": 14}
    return visit(patient, when, **{**usual, **more})


def evidence(appointments: list[Row], **tables: list[Row]) -> Evidence:
    """With somebody seen on the first day and on the last, so that these are what the records span."""
    ends = [seen("z", when) for when in ("2024-01-01", LAST)]
    return evidence_of(LAST, appointments=[*ends, *appointments], clinicians=STAFF, **tables)


def waiting_now(found: Evidence) -> tuple[int, float]:
    """How many wait for a first visit, and twice the mean days since it was due on Monday."""
    places = {place: own.value for place, own in found_in(found, start.FAMILY).items()}
    number = sum(value for place, value in places.items() if ".waiting." in place)
    return number, 7 * places.get("need.everybody.waiting_weeks", 0)


def in_care_now(found: Evidence) -> int:
    return found_in(found, start.FAMILY)["start.patients"].counts["patients in care"]


def counted(found: Evidence) -> dict[str, Any]:
    return {name: column[0] for name, column in waiting.counted(found).items()}


def test_who_was_seen_before_the_records_begin_does_not_wait() -> None:
    asked = [request(name, "2022-01-03", "2022-01-20", "seen") for name in PEOPLE]
    assert waiting_now(evidence([], referrals=asked))[0] == 0


def test_who_was_seen_elsewhere_does_not_wait() -> None:
    asked = [request(name, "2024-02-05", "2024-02-20", "seen") for name in PEOPLE]
    assert waiting_now(evidence([], referrals=asked))[0] == 0


def test_who_asks_again_while_waiting_waits_since_the_first_time() -> None:
    asked = [request(name, when) for name in PEOPLE for when in ("2024-03-10", "2024-06-20")]
    assert waiting_now(evidence([], referrals=asked)) == (ENOUGH, 2 * 112)


def test_a_request_closed_because_there_is_another_ends_no_wait() -> None:
    twice = [own for name in PEOPLE for own in (
        request(name, "2024-03-10", "2024-05-05", "other"), request(name, "2024-04-20"))]
    assert waiting_now(evidence([], referrals=twice)) == (ENOUGH, 2 * 112)


def test_a_request_of_somebody_in_care_neither_opens_a_wait_nor_ends_care() -> None:
    visits = [seen(name, "2024-06-20") for name in PEOPLE]
    asked = [request(name, "2024-06-22", "2024-06-25", "gave_up") for name in PEOPLE]
    found = evidence(visits, referrals=asked, episodes=[episode(name) for name in [*PEOPLE, "z"]])
    assert in_care_now(found) == ENOUGH + 1
    assert waiting_now(found)[0] == 0
    assert counted(found)["dropped"] == 0


def test_a_request_closed_by_the_visit_ends_no_care_though_nobody_wrote_down_why() -> None:
    visits = [visit(name, "2024-06-20", clinician="a", kind="intake") for name in PEOPLE]
    asked = [{**request(name, "2024-06-10", "2024-06-20"), "outcome": None} for name in PEOPLE]
    cares = [{**episode(name), "opened_on": day("2024-06-20")} for name in PEOPLE]
    assert in_care_now(evidence(visits, referrals=asked, episodes=[*cares, episode("z")])) == ENOUGH + 1


def test_visits_missed_before_asking_again_are_not_first_visits_missed() -> None:
    before = [own for name in PEOPLE for own in (
        seen(name, "2024-01-10"), *(seen(name, f"2024-0{month}-10", status="no_show") for month in (2, 3)))]
    over = [episode(name, "2024-03-20", "dropped") for name in PEOPLE]
    asked = [request(name, "2024-06-10") for name in PEOPLE]
    found = found_in(evidence(before, referrals=asked, episodes=[*over, episode("z")]), start.FAMILY)
    assert found["need.everybody.waiting.North"].value == ENOUGH
    assert "need.everybody.waiting_missed" not in found


@pytest.mark.parametrize("closed", ["2024-04-01", "2024-04-10", ""])
def test_who_died_has_died_whenever_the_episode_was_closed(closed: str) -> None:
    visits = [seen(name, "2024-03-01") for name in PEOPLE]
    cares = [episode(name, closed, "died" if closed else None) for name in PEOPLE]
    found = evidence(visits, episodes=[*cares, episode("z")], patients=[
        {"patient": name, "need_group": "n", "died_on": day("2024-04-01")} for name in PEOPLE])
    (died,) = [own for need, own in zip(*(waiting.counted(found)[name] for name in ("need", "died")),
                                        strict=True) if need == "n"]
    assert died == ENOUGH


def test_episodes_that_overlap_are_one() -> None:
    cares = [{**episode("p"), "opened_on": day(opened), "closed_on": day(closed), "reason": reason}
             for opened, closed, reason in (("2024-01-02", "2024-03-01", "other"),
                                            ("2024-02-01", "2024-05-01", "completed"),
                                            ("2024-05-20", "2024-06-01", "dropped"))]
    found = rows_of(episodes_of(evidence([], episodes=cares).view).order_by("opened_on"))
    told = [(str(row["opened_on"]), str(row["closed_on"]), row["reason"]) for row in found]
    assert told == [("2024-01-02", "2024-05-01", "completed"), ("2024-05-20", "2024-06-01", "dropped")]


def test_requests_recorded_from_some_day_on_are_no_growth() -> None:
    """Two each weekday from April; visits since January."""
    asked = [request(f"{number}{on}", str(on)) for number in "ab"
             for on in (day("2024-04-01") + timedelta(days=days) for days in range(91)) if on.weekday() < 5]
    own = arrivals.counted(evidence([], referrals=asked), {})["everybody"]
    assert (own.first, own.days) == (day("2024-04-01"), 91)


def test_where_only_visits_close_requests_nobody_knows_who_gave_up() -> None:
    closed = [request(f"s{number}", "2024-01-05", "2024-01-08", "seen") for number in range(ENOUGH)]
    visits = [visit(f"s{number}", "2024-01-08", clinician="a", kind="intake") for number in range(ENOUGH)]
    cares = [{**episode(f"s{number}"), "opened_on": day("2024-01-08")} for number in range(ENOUGH)]
    asked = [request(name, "2024-01-09") for name in PEOPLE]
    found = evidence(visits, referrals=[*closed, *asked], episodes=[*cares, episode("z")])
    assert counted(found)["midnights"] == 167, "z alone, planned for 15 January: nobody who waits"


def test_without_ends_of_care_only_who_has_something_ahead_is_in_care() -> None:
    """Twelve seen in June, twelve in January, each planned after two weeks."""
    visits = [seen(f"{when} {name}", when) for name in PEOPLE for when in ("2024-01-10", "2024-06-10")]
    found = found_in(evidence(visits), start.FAMILY)["start.patients"]
    assert (found.counts["patients in care"], found.origin) == (ENOUGH + 1, "lower bound")


def test_a_dropout_as_the_clinician_leaves_is_one_of_the_hand_over_alone() -> None:
    staff = [*STAFF, {**STAFF[0], "clinician": "b", "left_on": day("2024-03-29")}]
    visits = [seen(name, "2024-03-01", clinician="b") for name in PEOPLE]
    cares = [episode(name, "2024-03-30", "dropped") for name in PEOPLE]
    visits += [seen("z", when) for when in ("2024-01-01", LAST)]
    found = evidence_of(LAST, appointments=visits, clinicians=staff, episodes=[*cares, episode("z")])
    assert counted(found)["dropped"] == 0
