"""Hours add up: nobody works more than the time paid but unpaid, and what is put off comes back."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.random_services import RANDOM, services

from careload.clinic import Service, parse_service
from careload.simulate import plan_of, run, simulate
from careload.simulate.kernel.records import TEAM_COUNTS

DAYS, YEAR = 210, 364
ALONE = """
name = "One clinician, 40 visits of an hour and a quarter a week, 40 hours paid"
[site.here]
[profession.therapist]
treats = ["adults"]
visit_hours = 1
intake_hours = 1
note_hours = 0.25
missed_hours = 0
patient_hours = 0
fixed_hours = 0
paid_hours = 40
[need.adults]
arrivals_per_week = 0
visits_needed = 200
cadence_days = [7]
stage_from_visit = [0]
[team.therapists]
site = "here"
profession = "therapist"
posts = 1
return_slots = 40
[workforce]
leaving_per_year = 0
sick_days_per_year = 0
leave_days_per_year = 0
[mechanisms]
hazards = false
progress_by_gap = false
[no_show]
return_soon = 0
return_late = 0
intake_soon = 0
intake_late = 0
[start]
patients = 60
"""


def alone(**changes: Any) -> Service:
    return parse_service(ALONE, "alone.toml").changed(changes)


def overflow(displaced: float, unpaid: float, undone: float) -> dict[str, float]:
    ways = {"displaced": displaced, "unpaid": unpaid, "undone": undone}
    return {f"profession.therapist.overflow_{way}": share for way, share in ways.items()}


def hours(service: Service, days: int = YEAR) -> dict[str, np.ndarray]:
    """Counts of the one team by week."""
    counts = run(plan_of(service, days)).tally.teams[:, 0]
    return {name: counts[:, place] for place, name in enumerate(TEAM_COUNTS)}


@settings(RANDOM, max_examples=25)
@given(service=services(), seed=st.integers(0, 1000))
def test_in_paid_time_no_more_is_done_than_is_paid(service: Service, seed: int) -> None:
    on = service.changed({"mechanisms.overload": True})
    counts = run(plan_of(on, DAYS), seed).tally.teams
    due, paid, unpaid, undone, displaced = (
        counts[:, :, TEAM_COUNTS.index(f"{what}_hours")]
        for what in ("due", "paid", "unpaid", "undone", "displaced")
    )
    assert np.all(due - unpaid - undone - displaced <= paid + 1e-6)


@pytest.mark.parametrize(("shares", "visits", "unpaid"), [
    ((1.0, 0.0, 0.0), 32.0, 0.0),  # 32 visits of 1.25 hours are the 40 hours paid
    ((0.0, 1.0, 0.0), 40.0, 10.0),
    ((0.0, 0.0, 1.0), 40.0, 0.0),
    # excess e: due = 1.25 visits + put off, e = due - 40, put off = 0.2 e, visits = 40 - 0.2 e / 1.25
    ((0.2, 0.6, 0.2), 40 - 0.2 * 10 / 1.25, 6.0),
])
def test_where_the_excess_goes(shares: tuple[float, float, float], visits: float, unpaid: float) -> None:
    counts = hours(alone(**overflow(*shares)))
    assert counts["attended"][10:].mean() == pytest.approx(visits, rel=0.002)
    assert counts["unpaid_hours"][10:].mean() == pytest.approx(unpaid, abs=0.05)


def test_what_no_return_visit_can_give_way_to_is_done_unpaid() -> None:
    """Intakes are not displaced: 50 a week of 1.25 hours are 62.5 of 40 hours."""
    service = alone(**overflow(1.0, 0.0, 0.0), **{
        "need.adults.arrivals_per_week": 80, "need.adults.visits_needed": 1, "start.patients": 0,
        "team.therapists.intake_slots": 50, "team.therapists.return_slots": 0,
        "policy.protected_intake": 1,
    })
    counts = hours(service)
    assert counts["attended"][20:].mean() == 50
    assert counts["unpaid_hours"][20:].mean() == pytest.approx(22.5)
    assert not counts["displaced_hours"].any()


def test_of_weeks_on_strike_nothing_falls_due_and_nothing_is_paid() -> None:
    strike = {"calendar.strike_from": date(2024, 1, 1), "calendar.strike_to": date(2024, 9, 27)}
    quiet = overflow(0.0, 1.0, 0.0)
    struck, whole = hours(alone(**quiet, **strike)), hours(alone(**quiet))
    assert not struck["due_hours"][:39].any() and not struck["paid_hours"][:39].any()
    assert struck["on_strike"].sum() == pytest.approx(39)
    assert struck["due_hours"][45:].sum() == pytest.approx(whole["due_hours"][45:].sum())
    pay = [
        {each.measure: each.value for each in simulate(alone(**quiet, **more), 1, 1).estimates()}["pay_cost"]
        for more in ({}, strike)
    ]
    assert pay[1] == pytest.approx(pay[0] * 13 / 52, rel=0.02)


def test_the_last_week_of_a_leaver_is_counted() -> None:
    """Notice ends with a week, so no visit is without its hour."""
    service = alone(**overflow(0.0, 1.0, 0.0), **{
        "workforce.leaving_per_year": 3.0, "workforce.notice_weeks": 3.5, "workforce.days_to_fill": 10,
        "need.adults.arrivals_per_week": 8,
    })
    counts = hours(service, 10 * YEAR)
    assert counts["left"].sum() > 5
    assert counts["contact_hours"].sum() == pytest.approx(counts["attended"].sum())
