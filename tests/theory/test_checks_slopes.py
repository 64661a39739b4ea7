"""The statistics behind the checks of a fit, against cases known in closed form and against chance."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from careload.model.discharge import Treated
from careload.model.trust.checks.change import changes_in
from careload.model.trust.checks.plans import slope_over
from careload.model.trust.checks.severity import spread_of
from careload.model.trust.checks.slopes import slope_of
from careload.model.trust.checks.weeks import Series

FIRST = date(2024, 1, 1)
WEEKS = 78


def test_two_rates_in_one_stratum_have_the_slope_of_their_ratio() -> None:
    """ln(30 / 10), with the error of two Poisson counts: the root of 1/30 + 1/10."""
    exposure, x = np.array([50.0, 50.0]), np.array([0.0, 1.0])
    found = slope_of([np.array(["a", "a"])], np.array([10.0, 30.0]), exposure, x)
    assert found.value == pytest.approx(np.log(3))
    assert found.error == pytest.approx((1 / 10 + 1 / 30) ** 0.5)
    assert found.events == 40


def test_what_differs_between_strata_only_says_nothing() -> None:
    stratum, x = np.array(["a", "b"]), np.array([0.0, 1.0])
    assert slope_of([stratum], np.array([10.0, 90.0]), np.array([50.0, 50.0]), x).events == 0


def test_a_slope_is_found_beside_another_that_goes_with_it() -> None:
    """Events follow the second thing alone, and the first goes with the second."""
    chance = np.random.default_rng(1)
    second = chance.standard_normal(4000)
    first = second + 0.5 * chance.standard_normal(4000)
    events = chance.poisson(np.exp(-1 + 0.7 * second)).astype(float)
    one, exposure = [np.zeros(4000)], np.ones(4000)
    assert slope_of(one, events, exposure, first).away > 10
    assert abs(slope_of(one, events, exposure, first, second).away) < 3


def spread(needed: np.ndarray) -> float:
    """Standard errors of the score for patients seen as often as they need, one in four cut off before."""
    chance = np.random.default_rng(7)
    cut = np.where(chance.random(len(needed)) < 0.25, chance.integers(1, 20, len(needed)), 1000)
    none, one = np.zeros(len(needed)), np.ones(len(needed))
    return spread_of(Treated("x", np.minimum(needed, cut), needed <= cut, none, one, none, one, one)).away


def test_visits_of_one_law_do_not_vary_more_than_it_allows_but_of_two_do() -> None:
    chance = np.random.default_rng(2)
    by_chance = [spread(1 + chance.poisson(9, 300)) for _ in range(40)]
    assert np.mean(np.array(by_chance) > 1.64) < 0.2
    assert abs(np.mean(by_chance)) < 0.6
    assert spread(1 + chance.poisson(np.where(np.arange(300) % 2, 6, 14))) > 5


def test_plans_that_are_the_interval_have_slope_one() -> None:
    period = np.tile(np.arange(12), 2)
    site = np.repeat(np.array(["n", "h"]), 12)
    x = np.where(site == "n", 3.0, 2.0) + 0.3 * np.sin(period)
    found = slope_over(site, period, x, x - 1, np.full(24, 50.0))
    assert found.value == pytest.approx(1)
    assert found.away > 100
    assert slope_over(site, period, np.full(24, 3.0), x, np.full(24, 50.0)).events == 0


def missed(chance: np.random.Generator, share: np.ndarray) -> Series:
    of = chance.poisson(200, len(share)).astype(float)
    return Series("missed", "", 0, chance.binomial(of.astype(int), share).astype(float), of, True)


def visits(chance: np.random.Generator, mean: np.ndarray) -> Series:
    days = chance.integers(15, 25, len(mean)).astype(float)
    return Series("visits", "", 0, chance.poisson(mean * days).astype(float), days, False)


def test_season_trend_holidays_and_noise_set_off_no_alarm() -> None:
    """Twenty records of six series, half of them with a level that goes on: in 1 of 20 one may be told."""
    told, week = 0, np.arange(WEEKS)
    season = np.exp(0.15 * np.sin(2 * np.pi * week / 52) + 0.003 * week)
    holiday = np.where(np.isin(week % 52, (51, 0)), 0.6, 1.0)
    for seed in range(20):
        chance = np.random.default_rng(seed)
        series = [visits(chance, 4 * season * holiday * np.exp(level(chance))) for _ in range(3)]
        series += [missed(chance, 0.12 * season) for _ in range(3)]
        told += bool(changes_in(series, FIRST, chance).changes)
    assert told <= 3


def level(chance: np.random.Generator) -> np.ndarray:
    """Noise of 4 % that goes on from week to week with a correlation of 0.4."""
    noise = 0.04 * chance.standard_normal(WEEKS)
    for week in range(1, WEEKS):
        noise[week] += 0.4 * noise[week - 1]
    return noise


@pytest.mark.parametrize("at", [20, 40, 60])
def test_a_change_is_found_in_its_week(at: int) -> None:
    chance, after = np.random.default_rng(at), np.arange(WEEKS) >= at
    series = [missed(chance, np.where(after, 0.05, 0.15)), missed(chance, np.full(WEEKS, 0.1))]
    (found,) = changes_in(series, FIRST, chance).changes
    assert abs((found.week - FIRST).days / 7 - at) <= 1
    assert found.before == pytest.approx(0.15, abs=0.03)
    assert found.after == pytest.approx(0.05, abs=0.02)
    assert found.chance < 0.05


def test_two_changes_of_one_series_are_both_found() -> None:
    chance, week = np.random.default_rng(5), np.arange(WEEKS)
    series = [missed(chance, np.where((week >= 25) & (week < 50), 0.04, 0.16))]
    found = sorted((each.week - FIRST).days / 7 for each in changes_in(series, FIRST, chance).changes)
    assert found == pytest.approx([25, 50], abs=1)
