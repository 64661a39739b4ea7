"""The first day as records tell it: laws by their quantiles, visits to go, who will ask again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from careload.model.direct.to_go import to_go
from careload.model.quantiles import STEPS, told


def spread(quantiles: tuple[float, ...], number: int = 20_000) -> np.ndarray:
    """Values as a run draws them of quantiles at even steps."""
    levels = (np.arange(number) + 0.5) / number * STEPS
    return np.interp(levels, np.arange(STEPS + 1), quantiles)


def test_quantiles_of_an_even_law_are_even() -> None:
    assert told(np.arange(10.0), np.ones(10)) == pytest.approx(tuple(range(11)), abs=1e-6)


def test_a_few_long_overdue_do_not_stretch_the_lowest_tenth() -> None:
    """One of 100 is due 300 days ago, the others this week: the mean is kept, and not by a straight line."""
    values, people = np.array([-300.0, *range(7)]), np.array([1.0, *[99 / 7] * 7])
    drawn = spread(told(values, people))
    assert drawn.mean() == pytest.approx((people @ (values + 0.5)) / people.sum(), abs=0.3)
    assert (drawn < -1).mean() < 0.1


def test_quantiles_stay_within_what_was_seen() -> None:
    quantiles = told(np.array([0.0, 1.0, 30.0]), np.array([70.0, 20.0, 10.0]))
    assert min(quantiles) >= 0 and max(quantiles) <= 31


def test_visits_to_go_after_a_whole_episode() -> None:
    """Of N = 1 + Poisson(4) given N > 3, by hand."""
    law = to_go(np.array([3.0]), np.array([True]), np.array([10.0]), 5.0)
    expected = poisson.pmf(np.arange(3, 40), 4.0)
    assert law.sum() == pytest.approx(10)
    assert law[:37] / 10 == pytest.approx(expected / expected.sum(), abs=1e-9)


def test_visits_to_go_where_the_records_began_amid_treatment() -> None:
    """Whoever has just come into sight may be anywhere in treatment: P(r to go) ~ P(N >= r)."""
    law = to_go(np.array([0.0]), np.array([False]), np.array([1.0]), 5.0)
    expected = poisson.sf(np.arange(40) - 1, 4.0)
    assert law[:40] == pytest.approx(expected / expected.sum(), abs=1e-9)


def test_who_has_had_more_visits_than_anybody_needs_has_one_to_go() -> None:
    law = to_go(np.array([390.0]), np.array([True]), np.array([1.0]), 2.0)
    assert law[0] == pytest.approx(1)
