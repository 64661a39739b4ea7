"""95 % intervals hold the truth about 95 times in a hundred, although visits of one patient are alike."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from careload.measure.incidence import Counts, Incidence
from careload.measure.ratio import Sums
from careload.measure.timing import Durations

WINDOW_DAYS = 200
PATIENTS = 80
EFFECT_DAYS = (14, 28, 56, 182)
RUNS = 300

Row = tuple[int, int, str, int]  # patient, days, outcome, window


def service(rng: np.random.Generator, patients: int, window: int) -> list[Row]:
    """Patients with their own pace (a slow one waits twice as long), seen from a random day on."""
    rows = []
    for patient in range(patients):
        pace = rng.gamma(4.0, 0.25)
        day = int(rng.integers(0, 60))
        while day < window:
            gap = 5 + int(rng.exponential(25 * pace))
            fate = rng.choice(["reached", "closed", "lost"], p=[0.88, 0.08, 0.04])
            left = window - day
            rows.append((patient, gap, str(fate), left) if gap <= left else (patient, left, "open", left))
            day += gap
            if fate != "reached":
                break
    return rows


def told(rows: list[Row]) -> Durations:
    curve = Incidence(Counts.of(Counter((days, outcome) for _, days, outcome, _ in rows)))
    sums = {"all": summed(rows, lambda row: (1, int(row[2] == "reached")))}
    for day in EFFECT_DAYS:
        sums[f"t{day}"] = summed(rows, lambda row, day=day: known(row, day))
    return Durations({}, curve, sums, EFFECT_DAYS)


def known(row: Row, day: int) -> tuple[int, int]:
    _, days, outcome, window = row
    counted = (
        window >= day and not (outcome == "closed" and days <= day) and not (outcome == "open" and days < day)
    )
    return int(counted), int(counted and outcome == "reached" and days <= day)


def summed(rows: list[Row], pair) -> Sums:  # type: ignore[no-untyped-def]
    own: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        n, y = pair(row)
        own[row[0]][0] += n
        own[row[0]][1] += y
    n, y = np.array(list(own.values())).T
    return Sums(
        int((n > 0).sum()), int((y > 0).sum()), *(int(x) for x in (n.sum(), y.sum(), n @ n, y @ y, n @ y))
    )


@pytest.fixture(scope="module")
def coverage() -> dict[str, float]:
    truth = told(service(np.random.default_rng(1), 40_000, WINDOW_DAYS))
    share, median = truth.share_by(28)[0], truth.quantile(0.5)[0]
    rng = np.random.default_rng(2)
    held: Counter[str] = Counter()
    for _ in range(RUNS):
        each = told(service(rng, PATIENTS, WINDOW_DAYS))
        _, low, high = each.share_by(28)
        held["share"] += low <= share <= high
        naive_low, naive_high = (
            each.share_by(28)[0] + 1.96 * np.array([-1, 1]) * each.curve.variance[each.curve.at(28)] ** 0.5
        )
        held["naive"] += naive_low <= share <= naive_high
        _, early, late = each.quantile(0.5)
        assert median is not None
        assert early is not None
        assert late is not None
        held["median"] += early <= median <= late
    return {name: number / RUNS for name, number in held.items()}


def test_share_seen_by_a_day(coverage: dict[str, float]) -> None:
    assert 0.92 <= coverage["share"] <= 0.99


def test_median(coverage: dict[str, float]) -> None:
    assert 0.92 <= coverage["median"] <= 0.995


def test_an_interval_that_forgets_the_patient_is_too_short(coverage: dict[str, float]) -> None:
    assert coverage["naive"] < coverage["share"]
