"""Approximate Bayesian computation against posteriors known in closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from careload.model.latent.abc import abc

Numbers = NDArray[np.float64]
NOISE = 0.5


def noisy(seed: int, silent: int = 0) -> Callable[[Numbers, int], Numbers]:
    """Each parameter is seen with noise, but for the last few, of which nothing shows."""
    chance = np.random.default_rng(seed)

    def run(theta: Numbers, before: int) -> Numbers:
        shown = theta[:, : theta.shape[1] - silent]
        return np.asarray(shown + NOISE * chance.standard_normal(shown.shape))

    return run


@pytest.mark.parametrize("seen", [-1.5, 0.0, 1.0])
def test_a_normal_mean_seen_with_normal_noise(seen: float) -> None:
    """theta ~ N(0, 1), x ~ N(theta, s^2): theta | x ~ N(x / (1 + s^2), s^2 / (1 + s^2))."""
    found = abc(noisy(1), np.array([seen]), 1, np.random.default_rng(2), runs=2000)
    variance = NOISE**2 / (1 + NOISE**2)
    assert found.draws.mean() == pytest.approx(seen / (1 + NOISE**2), abs=0.08)
    assert found.draws.std() == pytest.approx(variance**0.5, rel=0.12)


def test_what_does_not_show_stays_as_it_was_believed_before() -> None:
    found = abc(noisy(3, silent=1), np.array([1.0]), 2, np.random.default_rng(4), runs=2000)
    assert found.draws[:, 1].mean() == pytest.approx(0.0, abs=0.15)
    assert found.draws[:, 1].std() == pytest.approx(1.0, rel=0.12)
    assert found.draws[:, 0].std() < 0.6


def test_ranks_of_the_truth_among_the_draws_are_even() -> None:
    """Simulation-based calibration: truths of the prior, each rank as likely (Talts et al. 2018)."""
    chance, ranks = np.random.default_rng(5), []
    for seed in range(200):
        truth = chance.standard_normal(2)
        seen = truth + NOISE * chance.standard_normal(2)
        draws = abc(noisy(seed), seen, 2, np.random.default_rng(1000 + seed), runs=300).draws
        ranks.append((draws < truth).mean(axis=0))
    counts = np.histogram(np.array(ranks).ravel(), bins=5, range=(0, 1))[0]
    expected = 400 / 5
    assert ((counts - expected) ** 2 / expected).sum() < 18.5  # chi-square of 4, p = 0.001


def test_more_steps_come_nearer() -> None:
    far = abc(noisy(6), np.array([2.5, -2.5]), 2, np.random.default_rng(7), runs=400, steps=1)
    near = abc(noisy(6), np.array([2.5, -2.5]), 2, np.random.default_rng(7), runs=400, steps=3)
    assert near.reached < far.reached
    assert near.ran == 3 * far.ran
