"""The chance of what became of a patient's treatment, against every way it can have gone."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.typing import NDArray

from careload.model.discharge import Treated, chances_of, log_likelihood

Numbers = NDArray[np.float64]
FROM_DOUBLINGS = -1.0
"""A loss at which a visit brings exp(doublings)."""


def slow_chance(per_visit: list[float], discharged: bool, extra: float) -> float:
    """Every pattern of progress over the visits, times every number of visits needed."""
    whole = 0.0
    for pattern in itertools.product(range(2), repeat=len(per_visit)):
        chance = math.prod(odds_of(each)[way] for each, way in zip(per_visit, pattern, strict=True))
        reached = np.cumsum([way + (each > 1) for each, way in zip(per_visit, pattern, strict=True)])
        for more in range(60):
            needed = 1 + more
            of_need = math.exp(-extra) * extra**more / math.factorial(more)
            done = int(np.argmax(reached >= needed)) + 1 if (reached >= needed).any() else 0
            if (done == len(per_visit)) if discharged else (done == 0):
                whole += chance * of_need
    return whole


def odds_of(per_visit: float) -> tuple[float, float]:
    """Chance of the lesser number of steps and of the greater: none or one, or one or two."""
    more = per_visit - 1 if per_visit > 1 else per_visit
    return 1 - more, more


def alike(visits: list[int], discharged: list[bool], before: list[float], last: list[float]) -> Treated:
    """Kinds of patients whose visits bring so much before the last and at the last."""
    n = np.ones(len(visits))
    return Treated("x", np.array(visits), np.array(discharged), np.log(before), n, np.log(last), n, n)


@pytest.mark.parametrize("last", [0.3, 1.0, 1.6])
@pytest.mark.parametrize("before", [0.4, 0.85, 1.0, 1.3, 2.0])
@pytest.mark.parametrize("visits", [1, 2, 5, 7])
def test_chances_agree_with_every_way_counted_out(visits: int, before: float, last: float) -> None:
    extra = np.array([0.5, 3.0, 8.0])
    both = alike([visits] * 2, [True, False], [before] * 2, [last] * 2)
    done, still = chances_of(both, FROM_DOUBLINGS, extra)
    per_visit = [before] * (visits - 1)
    expected = [slow_chance([*per_visit, last], True, each) for each in extra]
    assert done == pytest.approx(expected, rel=1e-6, abs=1e-12)
    expected = [slow_chance([*per_visit, before], False, each) for each in extra]
    assert still == pytest.approx(expected, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("per_visit", [0.7, 1.0, 1.4])
def test_every_end_together_is_certain(per_visit: float) -> None:
    """Discharged at visit 1, 2, …, n, or not yet after n: one of these happens."""
    number = 30
    visits, discharged = [*range(1, number + 1), number], [True] * number + [False]
    all_ends = alike(visits, discharged, [per_visit] * len(visits), [per_visit] * len(visits))
    found = chances_of(all_ends, FROM_DOUBLINGS, np.array([6.0]))
    assert found.sum() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("losses", [np.linspace(0, 0.4, 9), np.linspace(-0.3, 0.2, 9)])
def test_tables_agree_with_each_kind_by_itself(losses: Numbers) -> None:
    """Of a thousand patients the logarithms differ by less than what tells one loss from the next."""
    chance = np.random.default_rng(4)
    number, ones = 1000, np.ones(1000)
    patients = Treated(
        "x", chance.integers(1, 25, number), chance.random(number) < 0.6, chance.exponential(0.5, number),
        chance.uniform(0.8, 1, number), chance.exponential(0.5, number), chance.uniform(0.8, 1, number), ones,
    )
    extra = np.linspace(4, 14, 11)
    found = log_likelihood(patients, losses, extra)
    expected = np.array([np.log(chances_of(patients, loss, extra)).sum(axis=0) for loss in losses])
    top, expected_top = found - found.max(), expected - expected.max()
    likely = expected_top > -10
    assert likely.any()
    assert np.abs(top - expected_top)[likely].max() < 0.3


def test_one_discharged_whose_gaps_were_just_as_planned() -> None:
    """Progress a touch above 1, by rounding alone: the tables must not divide by the width of nothing."""
    one = alike([2], [True], [1 + 2e-16], [1.0])
    found = log_likelihood(one, np.array([-1.0, 0.0, 1.0]), np.array([0.5, 3.0]))
    assert np.isfinite(found).all()
    assert found[0] == pytest.approx(np.log(chances_of(one, 0.0, np.array([0.5, 3.0])))[0], abs=1e-6)
