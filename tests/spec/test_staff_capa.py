"""CAPA: each output that its two pages publish (read), where they differ both."""

from __future__ import annotations

import pytest

from careload.clinic import UsageError
from careload.staff import (
    balanced_partnerships,
    capacity_share,
    choice_appointments,
    core_multiplier,
    half_days,
    half_days_needed,
    hours_multiplier,
    hours_per_referral,
    new_partnerships,
)


def test_the_multiplier_of_the_formula() -> None:
    """2 x 11.25 / 7.5 = 3 (capa.co.uk)."""
    assert core_multiplier(2, 7.5, net_weeks=11.25) == core_multiplier() == 3


def test_eleven_hours_of_core() -> None:
    """11 / 3.5 = 3.14 half-days, x 3 = 9.4 new a quarter; the hours form 11 x 0.86 = 9.4."""
    sessions = half_days(11)
    assert round(sessions, 2) == 3.14
    assert round(new_partnerships(sessions, core_multiplier()), 1) == 9.4
    assert round(hours_multiplier(core_multiplier()), 2) == 0.86
    assert round(11 * hours_multiplier(core_multiplier()), 1) == 9.4


@pytest.mark.parametrize(("net_weeks", "published"), [(11.5, 2.3), (11.25, 2.25)])
def test_one_and_a_half_appointments_a_half_day(net_weeks: float, published: float) -> None:
    """The example of the page takes 11.5 weeks where its formula says 11.25: 2.3, or 2.25."""
    assert round(core_multiplier(1.5, 7.5, net_weeks), 2) == published


@pytest.mark.parametrize("net_weeks", [11.5, 11.25])
def test_longer_courses(net_weeks: float) -> None:
    """2 appointments and a mean of 10: 2.3 with 11.5 weeks; 1 appointment and 10: about 1."""
    assert core_multiplier(2, 10, net_weeks) == pytest.approx(2.3, abs=0.051)
    assert core_multiplier(1, 10, net_weeks) == pytest.approx(1, abs=0.16)
    assert round(core_multiplier(2, 10, 11.5), 1) == 2.3


def test_the_referral_rule() -> None:
    """1 h of Choice and 66 % of 7.5 h are told as 6 h, or 3 half-days of two appointments."""
    assert hours_per_referral() == pytest.approx(5.95)
    assert round(hours_per_referral()) == 6
    assert half_days_needed(1) == 3


def test_twelve_referrals_a_week() -> None:
    """36 half-days: 30 % of those of twelve clinicians; the 36 % of the page are of ten."""
    assert half_days_needed(12) == 36
    assert capacity_share(12, clinicians=12) == pytest.approx(0.30)
    assert capacity_share(12, clinicians=10) == pytest.approx(0.36)


def test_three_of_ten_half_days_take_one_referral_a_week() -> None:
    assert capacity_share(1, clinicians=1) == pytest.approx(3 / 10)


def test_eleven_accepted_referrals_need_eleven_choice_appointments() -> None:
    assert choice_appointments(11) == 11


def test_where_some_miss_more_are_offered() -> None:
    """CAPA plans with nobody missing one; its audit found about 5 % (read)."""
    assert choice_appointments(11, missed=0.05) == pytest.approx(11.579, abs=0.001)


@pytest.mark.parametrize(("go_on", "each"), [(0.66, 8.58), (0.70, 9.1)])
def test_balance_is_eight_to_nine_new_a_quarter_for_each_weekly_referral(go_on: float, each: float) -> None:
    assert balanced_partnerships(1, go_on) == pytest.approx(each)


@pytest.mark.parametrize("call", [
    lambda: core_multiplier(2, 0), lambda: half_days(-1), lambda: half_days(1, 0),
    lambda: choice_appointments(11, missed=1), lambda: capacity_share(12, 0),
    lambda: hours_per_referral(go_on=1.5), lambda: balanced_partnerships(-1),
])
def test_what_no_team_can_have_is_refused(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError) as raised:
        call()
    assert raised.value.expected and raised.value.remedy
