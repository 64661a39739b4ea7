"""The level that drifts, on series made by its own law: season, shrinking, coverage, an exact likelihood."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from careload.model.monthly import forecast, scored
from careload.model.monthly import level as law

SEASON = 0.15 * np.sin(2 * np.pi * np.arange(12) / 12)
MONTHS = [date(2020 + each // 12, each % 12 + 1, 1) for each in range(60)]


def made(
    number: int, noise: float, step: float, stay: float, seed: int, season: np.ndarray = SEASON
) -> np.ndarray:
    """Series of 60 months by the formula, (organisations, months), rounded as counts are."""
    chance = np.random.default_rng(seed)
    usual = 6 + 0.7 * chance.standard_normal(number)
    level, found = usual + 0.2 * chance.standard_normal(number), []
    for month in range(60):
        level = usual + stay * (level - usual) + step * chance.standard_normal(number)
        found.append(season[month % 12] + level + noise * chance.standard_normal(number))
    return np.round(np.expm1(np.array(found).T))


def test_the_season_is_found() -> None:
    values = made(60, 0.05, 0.05, 0.9, 1)[:, :48]
    assert law.season_of(np.log1p(values), 0) == pytest.approx(SEASON, abs=0.04)


def test_no_season_is_read_into_chance() -> None:
    values = made(60, 0.05, 0.05, 0.9, 2, np.zeros(12))[:, :48]
    assert np.abs(law.season_of(np.log1p(values), 0)).max() < 0.03


def test_the_season_stands_on_the_calendar() -> None:
    """The same series from April on: the same season."""
    values = made(60, 0.05, 0.05, 0.9, 1)[:, 3:51]
    assert law.season_of(np.log1p(values), 3) == pytest.approx(SEASON, abs=0.05)


def test_the_filter_gives_the_likelihood_of_the_normal_law() -> None:
    """One series of six months, one unknown: the joint normal density of the five, written out."""
    seen = np.array([[1.0, 1.2, np.nan, 0.9, 1.1, 1.4]])
    likelihood, _, _ = law._filter(seen)
    centre, apart = law._usual(seen)
    for point in (0, 100, 255):
        noise, step, stay = law.GRID[point]
        lags = np.arange(6)
        start = stay ** (lags[:, None] + lags) * law.START**2
        left = np.where(lags[:, None] >= lags[1:], stay ** np.maximum(lags[:, None] - lags[1:], 0), 0)
        spread = apart + start + step**2 * left @ left.T + noise**2 * np.eye(6)
        known = ~np.isnan(seen[0])
        exact = multivariate_normal(np.full(5, centre), spread[np.ix_(known, known)]).logpdf(seen[0][known])
        assert likelihood[0, point] == pytest.approx(exact, abs=1e-9)


def test_organisations_lean_on_what_all_have_in_common() -> None:
    """One short series among many steady ones is thought steadier than on its own."""
    values = made(40, 0.03, 0.03, 0.9, 3)
    values[0, :42] = np.nan
    alone = law.fitted(values[:1], 0).weights[0] @ law.GRID[:, 1]
    among = law.fitted(values, 0).weights[0] @ law.GRID[:, 1]
    assert abs(among - 0.03) < abs(alone - 0.03)


@pytest.mark.parametrize(("noise", "step", "stay"), [(0.1, 0.05, 1.0), (0.05, 0.15, 0.9)])
def test_intervals_hold_nine_in_ten(noise: float, step: float, stay: float) -> None:
    held = []
    for seed in range(3):
        values = made(50, noise, step, stay, 10 + seed)
        told = forecast(values[:, :48], [str(each) for each in range(50)], MONTHS[:48])
        score = scored(told, values[:, :48], values[:, 48:])
        held.append(score.covered)
        assert score.better > 0.6
    assert 0.86 <= np.mean(held) <= 0.96


def test_the_same_seed_gives_the_same_forecast() -> None:
    values, names = made(4, 0.1, 0.1, 0.9, 5), list("ABCD")
    one, other = (forecast(values, names, MONTHS, seed=7) for _ in range(2))
    np.testing.assert_array_equal(one.high, other.high)
    assert (forecast(values, names, MONTHS, seed=8).high != one.high).any()


def test_who_says_nothing_has_the_law_of_all() -> None:
    """Nineteen organisations are surely at one point of the grid; the twentieth has no record at all."""
    likelihood = np.full((20, 50), -30.0)
    likelihood[:, 7] = 0.0
    likelihood[19] = 0.0
    weights = law.pooled_weights(likelihood)
    assert weights[19, 7] > 0.7
    assert weights.sum(axis=1) == pytest.approx(1)
    alone = law.pooled_weights(likelihood[19:])
    assert alone == pytest.approx(1 / 50), "without the others every point is as likely as it was"


def test_the_season_goes_on_where_the_series_ends() -> None:
    """From April on, 41 months: forecasts begin in September, and rise and fall with the season."""
    values = made(60, 0.03, 0.01, 1.0, 6)[:, 3:44]
    told = forecast(values, [str(each) for each in range(60)], MONTHS[3:44])
    assert told.months[0] == date(2023, 9, 1)
    shape = np.log1p(told.middle).mean(axis=0)
    assert shape - shape.mean() == pytest.approx(np.roll(SEASON, -8), abs=0.05)
    assert np.log(told.season) == pytest.approx(SEASON, abs=0.05)
