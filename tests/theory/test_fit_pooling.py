"""Partial pooling against what the theory of shrinkage says."""

from __future__ import annotations

import numpy as np
import pytest

from careload.model.pooling import pooled_draws, pooled_rates, pooled_shares


def test_groups_that_differ_by_chance_only_share_one_rate() -> None:
    events, exposure = np.array([98, 102, 101, 99, 100]), np.full(5, 1000.0)
    middle = np.median(pooled_rates(events, exposure, np.random.default_rng(1)), axis=1)
    assert np.ptp(middle) < 0.5 * np.ptp(events / exposure)
    assert middle.mean() == pytest.approx(0.1, rel=0.03)


def test_groups_that_differ_much_keep_their_own() -> None:
    events, exposure = np.array([200, 1000, 5000]), np.full(3, 1000.0)
    middle = np.median(pooled_rates(events, exposure, np.random.default_rng(2)), axis=1)
    assert middle == pytest.approx(events / exposure, rel=0.05)


def test_a_small_group_leans_on_the_others_and_a_large_one_does_not() -> None:
    events, exposure = np.array([0, 300, 310, 290]), np.array([10.0, 3000.0, 3000.0, 3000.0])
    middle = np.median(pooled_rates(events, exposure, np.random.default_rng(3)), axis=1)
    assert middle[0] == pytest.approx(0.1, rel=0.25)
    assert middle[1] == pytest.approx(0.1, rel=0.1)


def test_one_group_alone_is_as_it_is() -> None:
    draws = pooled_rates(np.array([20]), np.array([100.0]), np.random.default_rng(4))
    assert draws.shape[0] == 1
    assert draws.mean() == pytest.approx(20.5 / 100, rel=0.05)
    shares = pooled_shares(np.array([20]), np.array([100]), np.random.default_rng(4))
    assert shares.mean() == pytest.approx(20.5 / 101, rel=0.05)


def test_intervals_hold_the_truth_nine_times_in_ten() -> None:
    """Truths of groups drawn around a mean, with errors of their own: nine in ten of 2,000 hold."""
    chance, held = np.random.default_rng(5), []
    for _ in range(400):
        truth = 0.7 + 0.4 * chance.standard_normal(5)
        error = chance.uniform(0.1, 0.8, 5)
        draws = pooled_draws(truth + error * chance.standard_normal(5), error, chance)
        low, high = np.quantile(draws, (0.05, 0.95), axis=1)
        held.append((low <= truth) & (truth <= high))
    assert 0.88 <= np.mean(held) <= 0.95


def test_pooling_is_nearer_to_the_truth_than_each_by_itself() -> None:
    chance, own, pooled = np.random.default_rng(6), [], []
    for _ in range(200):
        truth, error = 0.3 * chance.standard_normal(6), np.full(6, 0.5)
        seen = truth + error * chance.standard_normal(6)
        own.append((seen - truth) ** 2)
        pooled.append((np.median(pooled_draws(seen, error, chance), axis=1) - truth) ** 2)
    assert np.mean(pooled) < 0.7 * np.mean(own)
