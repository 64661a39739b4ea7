"""Scores of forecasts against closed forms; naive rivals on series made for them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from careload.model.trust.rivals import ensemble_of, last_value, season, straight_line
from careload.model.trust.score import crps, held


@pytest.mark.parametrize("truth", [-1.0, 0.0, 2.0])
def test_the_score_of_a_normal_forecast(truth: float) -> None:
    """CRPS(N(0,1), y) = y (2 Phi(y) - 1) + 2 phi(y) - 1 / sqrt(pi)  (Gneiting & Raftery 2007)."""
    draws = np.random.default_rng(1).standard_normal((20_000, 1))
    density = math.exp(-truth**2 / 2) / math.sqrt(2 * math.pi)
    below = 0.5 * (1 + math.erf(truth / math.sqrt(2)))
    expected = truth * (2 * below - 1) + 2 * density - 1 / math.sqrt(math.pi)
    assert crps(draws, np.array([truth]))[0] == pytest.approx(expected, abs=0.03)


def test_a_forecast_without_doubt_scores_its_error() -> None:
    assert crps(np.full((5, 2), 3.0), np.array([3.0, 7.5])).tolist() == [0.0, 4.5]
    assert crps(np.array([[2.0]]), np.array([5.0])).tolist() == [3.0]


def test_the_score_by_hand() -> None:
    # E|X - y| = (1 + 1) / 2; E|X - X'| of two different draws = 2.
    assert crps(np.array([[1.0], [3.0]]), np.array([2.0])).tolist() == [0.0]


def test_what_did_not_happen_has_no_score() -> None:
    draws = np.array([[1.0, np.nan], [2.0, np.nan]])
    assert np.isnan(crps(draws, np.array([np.nan, 1.0]))).all()
    assert np.isnan(held(draws, np.array([np.nan, 1.0]))).all()


def test_intervals_hold_what_lies_within() -> None:
    draws = np.repeat(np.arange(101.0)[:, None], 3, axis=1)
    assert held(draws, np.array([4.0, 50.0, 96.0])).tolist() == [0.0, 1.0, 0.0]


def test_rivals_know_the_series_made_for_them() -> None:
    line = np.arange(20.0)
    assert straight_line(line, 3) == pytest.approx([20, 21, 22])
    assert last_value(line, 3).tolist() == [19, 19, 19]
    year = np.tile(np.arange(13.0), 2)
    assert season(year, 15).tolist() == [*range(13), 0, 1]
    assert season(line[:5], 2).tolist() == [4, 4]


def test_a_rival_is_as_unsure_as_it_was_wrong_before() -> None:
    chance = np.random.default_rng(2)
    walk = np.cumsum(chance.standard_normal(200))
    draws = ensemble_of(last_value, walk, 9, 4000, chance)
    assert draws[:, 0].std() == pytest.approx(1.0, rel=0.2)
    assert draws[:, 8].std() == pytest.approx(3.0, rel=0.4)
    assert np.isnan(ensemble_of(last_value, np.full(4, np.nan), 2, 10, chance)).all()
