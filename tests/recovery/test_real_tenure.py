"""Tenure of employees of real companies, half of whom left, beside lifelines."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from lifelines import ExponentialFitter, KaplanMeierFitter, WeibullFitter

from careload.model.tenure import Tenures, by_group, exponential, kaplan_meier, stepwise, weibull

EXACT = 1e-6


@pytest.fixture(scope="module")
def rows(data: Path) -> list[dict[str, str]]:
    file = data / "employee_turnover_survival" / "turnover_70_percent.csv"
    with file.open(encoding="latin-1", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def tenures(rows: list[dict[str, str]]) -> Tenures:
    """Months of each, whether they left."""
    return Tenures.of([float(row["stag"]) for row in rows], [row["event"] == "1" for row in rows])


@pytest.fixture(scope="module")
def truncated(tenures: Tenures) -> Tenures:
    """The same as if the records had begun when a random part of each tenure was over: some never seen."""
    since = np.random.default_rng(1).uniform(0, 30, len(tenures.until)).round(1)
    since[np.random.default_rng(2).random(len(since)) < 0.5] = 0.0
    return Tenures(tenures.until, tenures.left, since).where(since < tenures.until)


@pytest.fixture(params=["whole", "truncated"])
def seen(request: pytest.FixtureRequest, tenures: Tenures, truncated: Tenures) -> Tenures:
    return {"whole": tenures, "truncated": truncated}[request.param]


def test_the_data(tenures: Tenures) -> None:
    """Half of them left (SOURCE.txt of the data set says 50.6 % of its 1,129; a part of them is here)."""
    assert len(tenures.until) > 500
    assert 0.4 < tenures.leavers / len(tenures.until) < 0.6


def test_kaplan_meier(seen: Tenures) -> None:
    oracle = KaplanMeierFitter(alpha=0.1).fit(seen.until, seen.left, entry=seen.since)
    curve = kaplan_meier(seen)
    times = np.linspace(0.5, 150, 300)
    np.testing.assert_allclose(curve.at(times), oracle.predict(times).to_numpy(), atol=EXACT)
    band = oracle.confidence_interval_.reindex(curve.time).to_numpy()
    inside = (curve.staying > 0) & (curve.staying < 1)
    np.testing.assert_allclose(curve.low[inside], band[inside, 0], atol=EXACT)
    np.testing.assert_allclose(curve.high[inside], band[inside, 1], atol=EXACT)


def test_exponential(seen: Tenures) -> None:
    oracle = ExponentialFitter().fit(seen.until, seen.left, entry=seen.since)
    rate = exponential(seen)
    assert rate.value == pytest.approx(1 / oracle.lambda_, rel=EXACT)
    assert rate.low < rate.value < rate.high


def test_weibull(seen: Tenures) -> None:
    oracle = WeibullFitter().fit(seen.until, seen.left, entry=seen.since)
    law = weibull(seen)
    assert law.shape == pytest.approx(oracle.rho_, rel=EXACT)
    assert law.scale == pytest.approx(oracle.lambda_, rel=EXACT)


@pytest.mark.parametrize("column", ["gender", "coach", "way"])
def test_by_group(tenures: Tenures, rows: list[dict[str, str]], column: str) -> None:
    words = [row[column] for row in rows]
    groups = by_group(tenures, words)
    assert sum(len(own.until) for own in groups.values()) == len(rows)
    for word, own in groups.items():
        which = np.array(words) == word
        oracle = WeibullFitter().fit(tenures.until[which], tenures.left[which])
        law = weibull(own)
        assert (law.shape, law.scale) == pytest.approx((oracle.rho_, oracle.lambda_), rel=EXACT)


def test_a_stepwise_hazard_follows_the_curve_where_one_rate_does_not(tenures: Tenures) -> None:
    ends = [6, 12, 24, 36, 60, 100]
    steps = [rate.value for rate in stepwise(tenures, ends)]
    staying = np.exp(-np.cumsum(steps * np.diff([0, *ends])))
    curve = kaplan_meier(tenures).at(np.array(ends, dtype=float))
    assert np.abs(staying - curve).max() < 0.02
    assert np.abs(exponential(tenures).staying(ends) - curve).max() > 0.02


def test_who_was_there_before_is_not_counted_from_the_first_day(tenures: Tenures, truncated: Tenures) -> None:
    """Taking those in sight from mid-tenure for seen all along makes everybody stay longer."""
    naive = Tenures.of(truncated.until, truncated.left)
    whole = exponential(tenures).value
    assert abs(exponential(truncated).value - whole) < abs(exponential(naive).value - whole)
