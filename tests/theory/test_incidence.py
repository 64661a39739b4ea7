"""Competing risks against their theory: lifelines, the infinitesimal jackknife, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from careload.measure.incidence import Counts, Incidence, log_log_band, quantile_interval

EVENTS = {"open": 0, "reached": 1, "closed": 2, "lost": 3}


def durations(seed: int, n: int, shares: dict[str, float]) -> list[tuple[int, str]]:
    rng = np.random.default_rng(seed)
    kinds = rng.choice(list(shares), size=n, p=list(shares.values()))
    return [(int(day), str(kind)) for day, kind in zip(rng.integers(0, 60, n), kinds, strict=True)]


def counted(rows: list[tuple[int, str]]) -> dict[tuple[int, str], float]:
    found: dict[tuple[int, str], float] = {}
    for row in rows:
        found[row] = found.get(row, 0) + 1
    return found


@pytest.mark.parametrize("seed", range(5))
def test_without_competing_risks_it_is_kaplan_meier(seed: int) -> None:
    rows = durations(seed, 200, {"reached": 0.7, "open": 0.3})
    curve = Incidence(Counts.of(counted(rows)))
    oracle = KaplanMeierFitter().fit([day for day, _ in rows], [kind == "reached" for _, kind in rows])
    expected = 1 - oracle.predict(curve.day).to_numpy()
    np.testing.assert_allclose(curve.of_those_not_closed, expected, atol=1e-12)
    np.testing.assert_allclose(curve.variance, curve.greenwood, atol=1e-12)


@pytest.mark.filterwarnings("ignore:Tied event times")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["reached", "closed", "lost"])
def test_shares_of_each_kind_are_aalen_johansen(seed: int, kind: str) -> None:
    # lifelines breaks ties at random, so the days are made distinct; one open row per day stays behind.
    rng = np.random.default_rng(seed)
    days = rng.permutation(300) + 1  # lifelines takes day 0 for the start
    kinds = rng.choice(list(EVENTS), size=300, p=[0.2, 0.5, 0.2, 0.1])
    rows = [(int(day), str(each)) for day, each in zip(days, kinds, strict=True)]
    curve = Incidence(Counts.of(counted(rows)))
    oracle = AalenJohansenFitter(calculate_variance=True)
    oracle.fit(days, [EVENTS[each] for each in kinds], event_of_interest=EVENTS[kind])
    expected = oracle.cumulative_density_.iloc[:, 0].reindex(curve.day, method="ffill").to_numpy()
    np.testing.assert_allclose(curve.share[kind], expected, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_shares_and_waiting_add_up_to_one(seed: int) -> None:
    rows = durations(seed, 150, {"reached": 0.5, "closed": 0.2, "lost": 0.1, "open": 0.2})
    curve = Incidence(Counts.of(counted(rows)))
    np.testing.assert_allclose(sum(curve.share.values()) + curve.waiting, 1, atol=1e-12)


@pytest.mark.parametrize("day", [5, 20, 45])
def test_variances_are_those_of_the_infinitesimal_jackknife(day: int) -> None:
    cells = counted(durations(7, 300, {"reached": 0.5, "closed": 0.2, "lost": 0.1, "open": 0.2}))
    curve = Incidence(Counts.of(cells))
    index = curve.at(day)

    def figures(counts: dict[tuple[int, str], float]) -> np.ndarray:
        found = Incidence(Counts.of(counts))
        return np.array(
            [found.share["reached"][index], found.share["closed"][index], found.of_those_not_closed[index]]
        )

    step, base = 1e-5, figures(cells)
    expected = np.zeros((3, 3))
    for cell, number in cells.items():
        influence = (figures({**cells, cell: number + step}) - base) / step
        expected += number * np.outer(influence, influence)
    assert curve.covariance("reached", "reached")[index] == pytest.approx(expected[0, 0], rel=1e-3)
    assert curve.covariance("closed", "closed")[index] == pytest.approx(expected[1, 1], rel=1e-3)
    assert curve.covariance("reached", "closed")[index] == pytest.approx(expected[0, 1], rel=1e-3)
    assert curve.variance[index] == pytest.approx(expected[2, 2], rel=1e-3)


def test_without_anyone_cut_off_the_variance_is_binomial() -> None:
    curve = Incidence(Counts.of({(7, "reached"): 60, (14, "reached"): 40}))
    assert curve.of_those_not_closed[0] == pytest.approx(0.6)
    assert curve.variance[0] == pytest.approx(0.6 * 0.4 / 100)


def test_discharge_is_not_waiting_and_dropping_out_is_not_being_seen() -> None:
    curve = Incidence(Counts.of({(7, "reached"): 80, (0, "closed"): 20}))
    assert curve.of_those_not_closed[-1] == pytest.approx(1.0)
    curve = Incidence(Counts.of({(7, "reached"): 80, (3, "lost"): 20}))
    assert curve.of_those_not_closed[-1] == pytest.approx(0.8)


def test_a_quantile_nobody_reached_is_none_and_its_interval_open() -> None:
    curve = Incidence(Counts.of({(10, "reached"): 20, (30, "open"): 80}))
    assert curve.quantile(0.5) is None
    assert quantile_interval(curve, 0.5, 1.0)[1] is None


def test_bands_stay_inside_zero_and_one() -> None:
    low, high = log_log_band(np.array([0.0, 1e-9, 0.5, 1 - 1e-9, 1.0]), np.full(5, 0.3))
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (low <= high).all()
