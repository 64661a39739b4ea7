"""Student's interval and the visits needed, computed without SciPy, against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import pdtr, stdtrit

from careload.simulate.kernel.records import MOST_VISITS
from careload.simulate.needs import visits_needed_law
from careload.simulate.student import quantile_of_t, within


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 10, 19, 199, 1000, 1999])
def test_the_quantile_of_t(freedom: int) -> None:
    assert quantile_of_t(freedom) == pytest.approx(stdtrit(freedom, 0.975), rel=1e-12)


@pytest.mark.parametrize(("t", "freedom", "chance"), [(1.0, 1, 0.5), (12.706205, 1, 0.95), (2.5706, 5, 0.95)])
def test_the_chance_of_t(t: float, freedom: int, chance: float) -> None:
    assert within(t, freedom) == pytest.approx(chance, abs=1e-5)


@pytest.mark.parametrize("mean", [1.0, 1.5, 12.0, 100.0, 200.0])
def test_the_distribution_of_visits_needed(mean: float) -> None:
    found = visits_needed_law(mean)
    assert found[0] == 0 and len(found) == MOST_VISITS
    assert found[1:] == pytest.approx(pdtr(np.arange(MOST_VISITS - 1), mean - 1), abs=1e-13)
