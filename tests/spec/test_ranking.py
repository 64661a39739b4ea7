"""Groups ranked by a mean: who leans on the others, who does not."""

from __future__ import annotations

import numpy as np
import pytest

from careload.clinic import UsageError
from careload.model.ranking import among_highest, pooled_means


def middle(values: np.ndarray, overlapping: bool = False) -> np.ndarray:
    return np.median(pooled_means(values, np.random.default_rng(1), overlapping), axis=1)


STEADY = np.array([
    [20.0, 21, 20, 21], [10, 10, 11, 10], [30, 31, 30, 30], [15, 15, 14, 15], [25, 24, 25, 25],
])


def test_groups_that_stand_still_keep_their_own() -> None:
    assert middle(STEADY) == pytest.approx(STEADY.mean(axis=1), rel=0.03)


def test_a_group_with_one_value_and_one_that_jumps_are_drawn_to_the_middle() -> None:
    values = np.vstack([STEADY, [90, np.nan, np.nan, np.nan], [1, 160, 2, 90]])
    found = middle(values)
    assert 20 < found[5] < 90
    raw, own = values[6].mean(), np.expm1(np.log1p(values[6]).mean())
    assert found[6] < raw and abs(found[6] - 20) < abs(own - 20) + 5


def test_overlapping_periods_count_as_one() -> None:
    values = np.vstack([STEADY, [60, 90, 40, 80]])
    spread = [np.ptp(np.quantile(pooled_means(values, np.random.default_rng(1), each)[5], (0.05, 0.95)))
              for each in (False, True)]
    assert spread[1] > 1.5 * spread[0]


def test_the_chance_to_be_among_the_highest() -> None:
    """Three draws of four groups: B is highest twice, D once; half of four groups are two."""
    draws = np.array([[1.0, 1, 1], [9, 9, 2], [3, 2, 3], [4, 4, 9]])
    assert among_highest(draws, 0.25).tolist() == pytest.approx([0, 2 / 3, 0, 1 / 3])
    assert among_highest(draws, 0.5).tolist() == pytest.approx([0, 2 / 3, 1 / 3, 1])


def test_a_group_without_a_value_has_no_place() -> None:
    values = np.vstack([STEADY, np.full(4, np.nan)])
    draws = pooled_means(values, np.random.default_rng(1))
    assert np.isnan(draws[5]).all() and not np.isnan(draws[:5]).any()
    assert np.isnan(among_highest(draws)[5])


@pytest.mark.parametrize("values", [
    np.array([[1.0, 2.0]]), np.array([[1.0, np.nan], [2.0, np.nan]]), np.array([[1.0, -2.0], [1.0, 3.0]]),
    np.full((2, 3), np.nan), np.full((3, 3), 7.0),
])
def test_what_cannot_be_ranked_is_told(values: np.ndarray) -> None:
    with pytest.raises(UsageError):
        pooled_means(values, np.random.default_rng(1))
