"""Morris' effects and Sobol's indices of functions for which they are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from careload.model.belief import Belief
from careload.model.sensitivity import at_levels, elementary_effects, factors_of, total_indices

Numbers = NDArray[np.float64]
WAYS = ("displaced", "unpaid", "undone")
SLOPES = np.array([4.0, 2.0, 1.0, 0.0])


def straight(levels: Numbers) -> Numbers:
    return np.asarray((levels @ SLOPES)[:, None])


def test_effects_of_a_straight_function_are_its_slopes() -> None:
    effects, answers = elementary_effects(straight, 4, np.random.default_rng(1))
    assert effects[:, 0] == pytest.approx(SLOPES)
    assert len(answers) == 8 * 5


def test_total_indices_of_a_straight_function_are_its_slopes_squared() -> None:
    """f = sum a u, u even on (0, 1): T = a^2 / sum a^2."""
    found = np.mean([
        total_indices(straight, 4, np.arange(4), np.random.default_rng(seed))[0][:, 0] for seed in range(60)
    ], axis=0)
    assert found == pytest.approx(SLOPES**2 / (SLOPES**2).sum(), abs=0.03)


def test_a_product_counts_for_both_its_factors() -> None:
    """f = (u - 1/2)(v - 1/2): all of the variance is of the two together."""
    def product(levels: Numbers) -> Numbers:
        return np.asarray(((levels[:, 0] - 0.5) * (levels[:, 1] - 0.5))[:, None])

    found = np.mean([
        total_indices(product, 2, np.arange(2), np.random.default_rng(seed))[0][:, 0] for seed in range(100)
    ], axis=0)
    assert found == pytest.approx([1.0, 1.0], abs=0.2)


def test_a_factor_is_one_parameter_in_all_its_tables() -> None:
    draws = np.linspace(1.0, 3.0, 101)
    beliefs = [
        Belief("need.a.crisis_per_day", 0.2, draws=draws / 10),
        Belief("need.b.crisis_per_day", 0.02, draws=draws / 100),
        Belief("workforce.ramp_weeks", 16.0),
        Belief("profession.p.overflow_displaced", 1 / 3, draws=np.array([0.1, 0.2])),
        Belief("profession.p.overflow_unpaid", 1 / 3, draws=np.array([0.6, 0.3])),
        Belief("profession.p.overflow_undone", 1 / 3, draws=np.array([0.3, 0.5])),
    ]
    factors = factors_of(beliefs)
    assert list(factors) == ["need.*.crisis_per_day", "profession.*.overflow"]
    top = {each.place: each.value for each in at_levels(beliefs, factors, np.array([1.0, 1.0]))}
    assert top["need.a.crisis_per_day"] == pytest.approx(0.3)
    assert top["need.b.crisis_per_day"] == pytest.approx(0.03)
    assert top["workforce.ramp_weeks"] == 16.0
    assert [top[f"profession.p.overflow_{way}"] for way in WAYS] == [0.1, 0.6, 0.3]


def test_what_is_known_as_a_sum_is_moved_together() -> None:
    """Of two need groups dropping out and getting well sum to what was counted, at every level."""
    out = np.random.default_rng(1).uniform(0.0, 0.004, 400)
    beliefs = [
        Belief("need.a.dropout_per_day", 0.002, draws=out),
        Belief("need.b.dropout_per_day", 0.002, draws=out**2),
        Belief("need.a.remission_per_month", 0.1, draws=0.1 - 10 * out),
        Belief("need.b.remission_per_month", 0.1, draws=0.1 - 10 * out**2),
    ]
    factors = factors_of(beliefs)
    assert list(factors) == ["need.*.staying_away"]
    dropouts = []
    for level in (0.0, 0.3, 1.0):
        at = {each.place: each.value for each in at_levels(beliefs, factors, np.array([level]))}
        for need in "ab":
            assert 10 * at[f"need.{need}.dropout_per_day"] + at[f"need.{need}.remission_per_month"] == (
                pytest.approx(0.1))
        dropouts.append(at["need.a.dropout_per_day"])
    assert dropouts == sorted(dropouts) and dropouts[0] < dropouts[-1]
