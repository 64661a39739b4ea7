"""The return interval, in small tables worked by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pytest
from tests.support.estimates import of_measure
from tests.support.records import records

from careload.clinic import Estimate
from careload.measure.view import View

AS_OF = date(2024, 3, 31)
Row = dict[str, Any]


def visit(patient: str, day: str, **more: Any) -> Row:
    return {
        "patient": patient,
        "starts_at": datetime.fromisoformat(f"{day}T09:00"),
        "status": "completed",
        **more,
    }


def episode(patient: str, opened: str, closed: str | None = None, reason: str | None = None) -> Row:
    return {
        "patient": patient,
        "opened_on": date.fromisoformat(opened),
        "reason": reason,
        "closed_on": None if closed is None else date.fromisoformat(closed),
    }


def spans(
    appointments: Iterable[Row], episodes: Iterable[Row] = (), **more: Any
) -> list[tuple[str, str, int]]:
    """(patient, event, days) of every span."""
    tables = {"appointments": list(appointments), **more}
    if episodes:
        tables["episodes"] = list(episodes)
    found = View(records(**tables), AS_OF).spans.to_pyarrow().to_pylist()
    return sorted((row["patient"], row["event"], row["days"]) for row in found)


def told(appointments: Iterable[Row], episodes: Iterable[Row] = ()) -> dict[tuple[str, str], Estimate]:
    """(statistic, bound) to estimate."""
    tables = {"appointments": list(appointments)} | ({"episodes": list(episodes)} if episodes else {})
    view = View(records(**tables), AS_OF)
    found = of_measure("return_interval", view)
    return {(each.statistic, each.by.get("open", "")): each for each in found}


def test_a_span_runs_from_one_attended_visit_to_the_next() -> None:
    rows = [visit("a", "2024-01-01"), visit("a", "2024-01-08"), visit("a", "2024-02-05")]
    assert spans(rows) == [("a", "seen", 7), ("a", "seen", 28), ("a", "waiting", 55)]


def test_missed_and_cancelled_appointments_end_no_wait() -> None:
    rows = [
        visit("a", "2024-01-01"),
        visit("a", "2024-01-08", status="no_show"),
        visit("a", "2024-01-10", status="cancelled_by_clinic"),
        visit("a", "2024-01-22"),
    ]
    assert spans(rows)[0] == ("a", "seen", 21)


def test_several_visits_on_one_day_count_once() -> None:
    late = {"patient": "a", "starts_at": datetime(2024, 1, 1, 15), "status": "completed"}
    assert spans([visit("a", "2024-01-01"), late, visit("a", "2024-01-08")])[0] == ("a", "seen", 7)
    assert len(spans([visit("a", "2024-01-01"), late, visit("a", "2024-01-08")])) == 2


def test_a_discharge_ends_the_span_without_waiting() -> None:
    rows = [visit("a", "2024-01-01"), visit("a", "2024-01-08")]
    assert spans(rows, [episode("a", "2024-01-01", "2024-01-10", "completed")]) == [
        ("a", "discharged", 2),
        ("a", "seen", 7),
    ]


def test_a_discharge_on_the_day_of_the_last_visit_comes_after_it() -> None:
    assert spans([visit("a", "2024-01-01")], [episode("a", "2024-01-01", "2024-01-01", "completed")]) == [
        ("a", "discharged", 0)
    ]


def test_dropping_out_ends_the_span_without_being_seen() -> None:
    assert spans([visit("a", "2024-01-01")], [episode("a", "2024-01-01", "2024-02-01", "dropped")]) == [
        ("a", "dropped", 31)
    ]


@pytest.mark.parametrize("reason", ["referred_out", "admitted", "died", "lost_coverage", "administrative"])
def test_other_ends_cut_the_span_off(reason: str) -> None:
    assert spans([visit("a", "2024-01-01")], [episode("a", "2024-01-01", "2024-01-11", reason)]) == [
        ("a", "ended", 10)
    ]


def test_death_cuts_the_span_off_where_no_episode_says_so() -> None:
    dead = [{"patient": "a", "died_on": date(2024, 1, 15)}]
    assert spans([visit("a", "2024-01-01")], patients=dead) == [("a", "ended", 14)]


@pytest.mark.parametrize(("reason", "ended"), [("died", True), ("dropped", False), (None, False)])
def test_not_all_who_were_cut_off_are_said_to_wait_where_some_care_ended(
    reason: str | None, ended: bool
) -> None:
    rows = [visit("a", "2024-01-01"), visit("b", "2024-01-01"), visit("b", "2024-03-01")]
    ends = [episode("a", "2024-01-01", "2024-02-01", reason)] if reason else [episode("a", "2024-01-01")]
    found = told(rows, ends)
    assert found["median", ""].ended == ended


def test_closing_one_of_two_open_episodes_ends_nothing() -> None:
    rows = [visit("a", "2024-01-01"), visit("a", "2024-02-01")]
    both = [episode("a", "2023-12-01", "2024-01-10", "completed"), episode("a", "2024-01-01")]
    assert spans(rows, both) == [("a", "seen", 31), ("a", "waiting", 59)]


def test_whoever_comes_back_after_a_discharge_starts_anew() -> None:
    rows = [visit("a", "2024-01-01"), visit("a", "2024-03-01")]
    assert spans(
        rows, [episode("a", "2023-12-01", "2024-01-10", "completed"), episode("a", "2024-02-20")]
    ) == [("a", "discharged", 9), ("a", "waiting", 30)]


def test_what_happens_after_the_day_is_not_known_yet() -> None:
    rows = [visit("a", "2024-01-01"), visit("a", "2024-04-15", booked_at=datetime(2024, 1, 1))]
    assert spans(rows) == [("a", "waiting", 90)]


def test_everyone_who_finishes_on_time_waits_for_nothing() -> None:
    weekly = [visit(f"p{number}", f"2024-01-{day:02}") for number in range(20) for day in (1, 8, 15, 22)]
    ends = [episode(f"p{number}", "2024-01-01", "2024-01-22", "completed") for number in range(20)]
    found = told(weekly, ends)
    assert found["median", ""].value == 7
    assert found["p90", ""].value == 7
    assert found["seen_by_7", ""].value == pytest.approx(1)
    assert found["median", ""].censored == 0
    assert found["in_care_median", ""].n == 0


def test_those_still_waiting_are_counted() -> None:
    # Six are seen after a week; six have waited twelve weeks and were not seen at all.
    seen = [visit(f"s{number}", day) for number in range(6) for day in ("2024-01-01", "2024-01-08")]
    waiting = [visit(f"w{number}", "2024-01-08") for number in range(6)]
    found = told(seen + waiting, [episode("s0", "2023-01-01")])
    assert found["naive_median", ""].value == 7
    assert found["seen_by_56", ""].value == pytest.approx(6 / 18)
    assert found["median", ""].value is None
    assert found["median", ""].high is None
    assert found["median", ""].censored == 12


def test_without_ends_of_episodes_two_bounds_are_given() -> None:
    rows = [
        visit("a", "2024-01-01"),
        visit("a", "2024-01-08"),
        visit("b", "2024-01-01"),
        visit("b", "2024-01-08"),
        {"patient": "b", "starts_at": datetime(2024, 4, 10, 9), "status": "booked"},
    ]
    found = told(rows)
    assert found["median", "all"].censored == 2
    assert found["median", "planned"].censored == 1
    assert ("median", "") not in found


def test_without_any_booking_ahead_or_plan_only_one_bound_can_be_given() -> None:
    found = told([visit("a", "2024-01-01"), visit("a", "2024-01-08")])
    assert ("median", "all") in found
    assert ("median", "planned") not in found


def test_a_weekly_patient_does_not_outvote_a_starved_one() -> None:
    weekly = [
        visit("often", f"2024-{month:02}-{day:02}") for month in (1, 2, 3) for day in (1, 8, 15, 22, 29)
    ]
    rare = [visit("rare", "2024-01-01"), visit("rare", "2024-02-15")]
    found = told(weekly + rare, [episode("often", "2023-01-01"), episode("rare", "2023-01-01")])
    # Fifteen spans of one, two of the other: by interval 14 of 16 were seen in a week, by patient one of two.
    assert found["seen_by_7", ""].value == pytest.approx(14 / 16, abs=0.01)
    assert found["per_patient_seen_by_7", ""].value == pytest.approx(1 / 2, abs=0.02)
