"""Laws of hazards, of people = flow x time, and of risks split between groups."""

from __future__ import annotations

import math
from itertools import accumulate

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from careload.clinic.formulas import (
    attendance,
    between_visits,
    caseload,
    chance,
    convert,
    exhaustion_after,
    gap,
    half_life,
    hazard,
    hazards_between,
    little_in_window,
    race,
    share_by,
    split_by_odds_ratio,
    split_by_risk_ratio,
)

UNITS = ("day", "week", "month", "year")
chances = st.floats(0, 0.99)
small = st.floats(0.001, 0.5)
units = st.sampled_from(UNITS)


@given(chances, st.floats(0.1, 100))
def test_a_chance_and_its_hazard_are_the_same_thing(p: float, over: float) -> None:
    assert chance(hazard(p, over), over) == pytest.approx(p, abs=1e-12)


@given(chances, units, units, units)
def test_conversions_follow_one_another(p: float, a: str, b: str, c: str) -> None:
    assume(convert(p, a, b) < 1 - 1e-9)  # nearer to 1 no digits are left of what does not happen
    assert convert(convert(p, a, b), b, c) == pytest.approx(convert(p, a, c), rel=1e-6, abs=1e-12)
    assert convert(p, a, a) == pytest.approx(p)


@given(small)
def test_twelve_months_are_a_year_and_seven_days_a_week(p: float) -> None:
    assert 1 - (1 - convert(p, "year", "month")) ** 12 == pytest.approx(p)
    assert 1 - (1 - convert(p, "week", "day")) ** 7 == pytest.approx(p)


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(0, 0.3)), min_size=1, max_size=6))
def test_stepwise_hazards_pass_through_what_is_known(steps: list[tuple[float, float]]) -> None:
    times = list(accumulate(length for length, _ in steps))
    shares = [1 - left for left in accumulate((1 - p for _, p in steps), lambda a, b: a * b)]
    found = hazards_between(times, shares)
    for time, share in zip(times, shares, strict=True):
        assert share_by(time, times, found) == pytest.approx(share, abs=1e-9)
    assert share_by(0, times, found) == 0
    later = 1 - (1 - shares[-1]) * (1 - chance(found[-1] * 2))
    assert share_by(times[-1] + 2, times, found) == pytest.approx(later, abs=1e-9)


# ── Two things that may happen first ───────────────────────────────────────────────────────────────────

daily = st.floats(0, 0.6)


@given(daily, daily, st.integers(0, 60))
def test_the_race_is_what_day_by_day_gives(p: float, q: float, days: int) -> None:
    first = second = 0.0
    left = 1.0
    for _ in range(days):
        first += left * p
        second += left * (1 - p) * q
        left *= (1 - p) * (1 - q)
    found = race(p, q, days)
    assert found.first == pytest.approx(first, abs=1e-12)
    assert found.second == pytest.approx(second, abs=1e-12)
    assert found.neither == pytest.approx(left, abs=1e-12)


@given(daily, daily, st.integers(0, 5000))
def test_whoever_has_not_left_has_stayed(p: float, q: float, days: int) -> None:
    found = race(p, q, days)
    assert found.first + found.second + found.neither == pytest.approx(1)


@given(small, small)
def test_without_a_horizon_somebody_wins(p: float, q: float) -> None:
    found = race(p, q)
    assert found.first + found.second == pytest.approx(1)
    assert found.neither == 0
    days = math.fsum(((1 - p) * (1 - q)) ** n for n in range(40_000 if p + q < 0.01 else 4_000))
    assert found.mean_days == pytest.approx(days, rel=1e-3)


def test_drop_out_before_crisis_in_the_reference_model() -> None:
    """Midnights overdue, .001 of dropping out and .002 of a crisis: two in three come to a crisis first."""
    found = race(0.001, 0.002)
    assert found.second == pytest.approx(0.999 * 0.002 / (0.001 + 0.999 * 0.002))
    assert found.mean_days == pytest.approx(1 / 0.002998)


# ── Exhaustion ─────────────────────────────────────────────────────────────────────────────────────────


@given(st.integers(0, 300), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.2))
def test_exhaustion_is_what_week_by_week_gives(
    weeks: int, start: float, recovery: float, push: float
) -> None:
    now = start
    for _ in range(weeks):
        now = min(1.0, (1 - recovery) * now + push)
    assert exhaustion_after(weeks, start, recovery, push) == pytest.approx(now, abs=1e-9)


@given(st.floats(0.005, 0.5), st.floats(0, 1))
def test_exhaustion_comes_to_rest_where_push_and_recovery_are_equal(recovery: float, level: float) -> None:
    assert exhaustion_after(10_000, 0, recovery, level * recovery) == pytest.approx(level, abs=1e-9)


def test_half_of_exhaustion_is_gone_after_its_half_life() -> None:
    """A recovery of 2 % a week, the assumed default of a service: 34 weeks."""
    assert half_life(0.02) == pytest.approx(34.31, abs=0.01)
    assert exhaustion_after(34, 0.8, 0.02) > 0.4 > exhaustion_after(35, 0.8, 0.02)


# ── People = flow x time ───────────────────────────────────────────────────────────────────────────────

spans_of_weeks = st.builds(
    lambda opened, weeks: (opened, opened + weeks), st.integers(-30, 60), st.integers(0, 40)
)
gaps = st.lists(spans_of_weeks, max_size=40)


@given(gaps, st.integers(1, 50))
def test_little_is_exact_to_the_last_patient(spans: list[tuple[int, int]], weeks: int) -> None:
    found = little_in_window(spans, 0, weeks)
    counted = sum(opened <= week < closed for week in range(weeks) for opened, closed in spans)
    assert found.mean_between == pytest.approx(counted / weeks)
    product = between_visits(found.opened_per_week, found.mean_gap_weeks)
    assert found.mean_between == pytest.approx(product + found.edge)


@given(gaps.filter(bool))
def test_nothing_is_carried_over_a_window_that_holds_everything(spans: list[tuple[int, int]]) -> None:
    found = little_in_window(spans, -31, 101)
    assert found.edge == pytest.approx(0, abs=1e-12)
    assert found.mean_between == pytest.approx(found.opened_per_week * found.mean_gap_weeks)


def test_gaps_ended_by_dropping_out_count() -> None:
    """Ten seen again after 2 weeks and two who gave up after 20: the mean gap is 5 weeks, not 2."""
    spans = [(week, week + 2) for week in range(10)] + [(0, 20), (1, 21)]
    assert little_in_window(spans, 0, 21).mean_gap_weeks == pytest.approx(5)


@given(st.floats(1, 40), st.floats(0.5, 12))
def test_a_caseload_is_visits_times_gap(visits: float, weeks: float) -> None:
    assert gap(caseload(visits, weeks), visits) == pytest.approx(weeks)


# ── Risks ──────────────────────────────────────────────────────────────────────────────────────────────


@given(st.floats(0.001, 0.9), st.floats(0, 1), st.floats(0.1, 10))
def test_two_risks_make_up_the_one_they_came_from(overall: float, exposed: float, odds_ratio: float) -> None:
    found = split_by_odds_ratio(overall, exposed, odds_ratio)
    assert exposed * found.exposed + (1 - exposed) * found.unexposed == pytest.approx(overall)
    odds = [p / (1 - p) for p in (found.exposed, found.unexposed)]
    assert odds[0] / odds[1] == pytest.approx(odds_ratio, rel=1e-6)


@given(st.floats(0.001, 0.09), st.floats(0, 1), st.floats(0.1, 10))
def test_so_do_those_of_a_risk_ratio(overall: float, exposed: float, risk_ratio: float) -> None:
    found = split_by_risk_ratio(overall, exposed, risk_ratio)
    assert exposed * found.exposed + (1 - exposed) * found.unexposed == pytest.approx(overall)
    assert found.exposed == pytest.approx(risk_ratio * found.unexposed)
    assert found.attributable == pytest.approx(1 - found.unexposed / overall)


@given(st.floats(0.05, 0.95), st.floats(0.5, 2), st.floats(0, 20), st.floats(0, 20))
def test_weeks_add_up_in_the_odds(start: float, ratio: float, a: float, b: float) -> None:
    assert attendance(attendance(start, ratio, a), ratio, b) == pytest.approx(attendance(start, ratio, a + b))
