"""The chance of what became of a patient's treatment, against every way it can have gone."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from careload.model.direct.treatment import chances_of


def slow_chance(visits: int, discharged: bool, per_visit: float, extra: float) -> float:
    """Every pattern of progress over the visits, times every number of visits needed."""
    whole = 0.0
    steps, odds = ((1, 2), (2 - per_visit, per_visit - 1)) if per_visit > 1 else (
        (0, 1), (1 - per_visit, per_visit))
    for pattern in itertools.product(range(2), repeat=visits):
        chance = math.prod(odds[each] for each in pattern)
        reached = np.cumsum([steps[each] for each in pattern])
        for more in range(60):
            needed = 1 + more
            of_need = math.exp(-extra) * extra**more / math.factorial(more)
            done = int(np.argmax(reached >= needed)) + 1 if (reached >= needed).any() else 0
            if (done == visits) if discharged else (done == 0):
                whole += chance * of_need
    return whole


@pytest.mark.parametrize("per_visit", [0.4, 0.85, 1.0, 1.3, 2.0])
@pytest.mark.parametrize("discharged", [True, False])
@pytest.mark.parametrize("visits", [1, 2, 5, 7])
def test_chances_agree_with_every_way_counted_out(visits: int, discharged: bool, per_visit: float) -> None:
    extra = np.array([0.5, 3.0, 8.0])
    found = chances_of(np.array([visits]), np.array([discharged]), np.array([per_visit]), extra)[0]
    expected = [slow_chance(visits, discharged, per_visit, each) for each in extra]
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_every_end_together_is_certain() -> None:
    """Discharged at visit 1, 2, …, n, or not yet after n: one of these happens."""
    visits = np.append(np.arange(1, 31), 30)
    discharged = np.append(np.ones(30, dtype=bool), False)
    for per_visit in (0.7, 1.0, 1.4):
        found = chances_of(visits, discharged, np.full(31, per_visit), np.array([6.0]))
        assert found.sum() == pytest.approx(1.0, abs=1e-6)
