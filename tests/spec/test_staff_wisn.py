"""WISN as WHO teaches it: the worked case that was read, and what no arithmetic can take."""

from __future__ import annotations

import pytest

from careload.clinic import UsageError
from careload.staff import Activity, WorkingYear, wisn

# Burmen 2017, Hum Resour Health 15:9, Table 3 (read): 52 weeks of 4.5 days of 8 hours.
YEAR = WorkingYear(days_per_week=4.5, holidays=10, leave=30, sick=15, hours_per_day=8)
VISITS = Activity("outpatient visit", per_year=10_000 * 10, hours_each=0.25)


def test_the_published_days_of_a_year() -> None:
    found = (YEAR.possible_days, YEAR.days_after_holidays, YEAR.days_after_leave, YEAR.days)
    assert found == (234, 224, 194, 179)
    assert YEAR.hours == 1432


def test_the_published_baseline() -> None:
    """100,000 visits, 25,000 hours, 3,125 days, 17.46 clinicians."""
    found = wisn(YEAR, [VISITS], now=12)
    assert VISITS.per_year == 100_000
    assert found.workload_hours == 25_000
    assert found.workload_days == 3_125
    assert round(found.baseline, 2) == 17.46


def test_the_allowance_of_the_category() -> None:
    """10 of 179 days otherwise (published); 1.059, 18.5 and 0.65 are computed, as the excerpt stops there."""
    found = wisn(YEAR, [VISITS], now=12, category_allowance_days=10)
    assert found.allowance_share == 10 / 179
    assert round(found.multiplier, 3) == 1.059
    assert round(found.required, 1) == 18.5
    assert round(found.ratio, 2) == 0.65


def test_an_individual_allowance_is_added_not_multiplied() -> None:
    """716 hours a year, half of what one clinician has, is half a clinician more."""
    without = wisn(YEAR, [VISITS], now=12, category_allowance_days=10)
    found = wisn(YEAR, [VISITS], now=12, category_allowance_days=10, individual_allowance_hours=716)
    assert found.individual == pytest.approx(0.5)
    assert found.required == pytest.approx(without.required + 0.5)


def test_activities_add_up() -> None:
    group = Activity("group session", per_year=1432, hours_each=2)
    assert wisn(YEAR, [VISITS, group], 12).baseline == pytest.approx(3125 / 179 + 2)


def test_it_prints_itself() -> None:
    assert str(wisn(YEAR, [VISITS], now=12, category_allowance_days=10)) == (
        "25,000 hours a year / 1,432 hours of one clinician = 17.46; x 1.059 + 0.00 = 18.5 required, 12 now, "
        "difference -6.5, ratio 0.65"
    )


def test_a_year_with_nothing_left_is_refused() -> None:
    with pytest.raises(UsageError, match="240 days away in a year of 234") as raised:
        WorkingYear(days_per_week=4.5, holidays=10, leave=200, sick=30, hours_per_day=8)
    assert raised.value.expected and raised.value.remedy


def test_an_allowance_of_the_whole_year_is_refused() -> None:
    with pytest.raises(UsageError, match="below 1"):
        wisn(YEAR, [VISITS], now=12, category_allowance_days=179)


@pytest.mark.parametrize("now", [-1, float("nan")])
def test_clinicians_below_none_are_refused(now: float) -> None:
    with pytest.raises(UsageError, match="now is"):
        wisn(YEAR, [VISITS], now=now)
