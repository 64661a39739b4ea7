"""Shares and ratios against their theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from careload.measure.estimators import poisson_interval
from careload.measure.ratio import NORMAL, Sums, design_effect, ratio_interval, share_interval, variance


def sums(clusters: list[tuple[int, int]]) -> Sums:
    """Sums over clusters given as (n, y)."""
    n, y = np.array([n for n, _ in clusters]), np.array([y for _, y in clusters])
    return Sums(
        int((n > 0).sum()),
        int((y > 0).sum()),
        int(n.sum()),
        int(y.sum()),
        int((n * n).sum()),
        int((y * y).sum()),
        int((n * y).sum()),
    )


def test_independent_rows_give_wilsons_interval() -> None:
    found = share_interval(sums([(1, 1)] * 20 + [(1, 0)] * 80))
    expected = stats.binomtest(20, 100).proportion_ci(method="wilson")
    assert found == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_no_event_gives_wilsons_bound() -> None:
    expected = stats.binomtest(0, 50).proportion_ci(method="wilson")
    assert share_interval(sums([(1, 0)] * 50)) == pytest.approx((0, expected.high), abs=1e-9)


def test_equal_rows_of_a_patient_count_once() -> None:
    once, fivefold = sums([(1, 1)] * 30 + [(1, 0)] * 70), sums([(5, 5)] * 30 + [(5, 0)] * 70)
    assert design_effect(fivefold) == pytest.approx(5 * 100 / 99)
    narrow, wide = share_interval(once), share_interval(fivefold)
    assert narrow is not None
    assert wide is not None
    assert wide[1] - wide[0] == pytest.approx(narrow[1] - narrow[0], rel=0.05)


def test_variance_is_that_of_the_linearised_ratio() -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(1, 9, 200)
    y = rng.binomial(n, 0.3)
    r = y.sum() / n.sum()
    expected = 200 / 199 * ((y - r * n) ** 2).sum() / n.sum() ** 2
    assert variance(sums(list(zip(n.tolist(), y.tolist(), strict=True)))) == pytest.approx(
        expected, rel=1e-12
    )


def test_the_mean_of_single_rows_has_students_interval() -> None:
    values = [3, 4, 4, 5, 9, 2, 7, 6]
    found = ratio_interval(sums([(1, value) for value in values]))
    expected = stats.t.interval(0.95, 7, np.mean(values), stats.sem(values))
    # The residual variance divides by n² m/(m-1), which for single rows is s²/m.
    assert found == pytest.approx(expected, rel=1e-12)


def test_one_cluster_tells_nothing_about_its_doubt() -> None:
    assert ratio_interval(sums([(40, 38)])) is None


@pytest.mark.parametrize("events", [0, 1, 3, 10, 100])
def test_poisson_interval_is_garwoods(events: int) -> None:
    low, high = poisson_interval(events)
    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * events + 2) / 2)


def test_normal_quantile() -> None:
    assert pytest.approx(stats.norm.ppf(0.975)) == NORMAL
