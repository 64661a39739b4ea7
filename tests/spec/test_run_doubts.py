"""When the answer of runs is not to be taken as it stands: every doubt, and its absence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from careload.clinic import Finding, Service
from careload.simulate import Simulated, doubts, simulate
from careload.simulate.kernel.records import CELL_COUNTS, SEEN
from careload.simulate.summary import Kept

OVERDUE, IN_CARE = CELL_COUNTS.index("overdue"), CELL_COUNTS.index("in_care")
WEEKS = np.arange(52)


def with_weeks(found: Simulated, overdue: np.ndarray, warm_up: int = 0) -> Simulated:
    """The runs with so many people overdue by week, and chance of one or two; nothing else moves."""
    summaries = []
    for place, summary in enumerate(found.summaries):
        cells = summary.weekly_cells.copy()
        cells[:, OVERDUE] = overdue + (place + WEEKS) % 3
        cells[:, IN_CARE] = 100
        summaries.append(replace(summary, weekly_cells=cells, kept_monthly=Kept.of(0 * summary.monthly)))
    return replace(found, summaries=tuple(summaries), warm_up=warm_up)


def doubted(found: Simulated, precision: float | None = None) -> list[Finding]:
    """The doubts, but that there are so few runs."""
    return [finding for finding in doubts(found, precision) if finding.code != "few-replications"]


def codes(found: Simulated, precision: float | None = None) -> list[str]:
    return [finding.code for finding in doubted(found, precision)]


def test_few_replications(solo_runs: Simulated) -> None:
    (found,) = [each for each in doubts(solo_runs) if each.code == "few-replications"]
    assert found.severity == "note" and found.found.startswith("6 replications: intervals of waits")
    for enough in (1, 50):
        many = replace(solo_runs, summaries=solo_runs.summaries[:1] * enough)
        assert "few-replications" not in [each.code for each in doubts(many)]


def test_one_run_whose_queue_grows(solo_runs: Simulated) -> None:
    one = replace(solo_runs, summaries=solo_runs.summaries[:1], asked=1)
    assert "queue-grows" in codes(with_weeks(one, 100 + 4 * WEEKS))
    assert codes(with_weeks(one, np.full(52, 50))) == []
    assert "queue-grows" not in codes(with_weeks(one, 100 + (4 * WEEKS * (WEEKS % 2))))


def test_more_hours_than_anybody_works(solo: Service) -> None:
    flooded = simulate(solo.changed({"start.patients": 3000}), 0.25, 2)
    (found,) = [each for each in doubts(flooded) if each.code == "hours-beyond-anybody"]
    assert found.severity == "warning" and "start.patients" in found.remedy
    assert "hours-beyond-anybody" not in [each.code for each in doubts(simulate(solo, 0.25, 2))]


def test_nothing_to_doubt(solo_runs: Simulated) -> None:
    assert codes(with_weeks(solo_runs, np.full(52, 50))) == []


def test_a_queue_that_grows(solo_runs: Simulated) -> None:
    (found,) = doubted(with_weeks(solo_runs, 100 + 4 * WEEKS))
    assert found.code == "queue-grows" and found.severity == "warning"
    assert "125 in the first fourth of the run, then 177, 229 and 281 in the last." in found.found
    assert found.expected and found.remedy


def test_a_queue_that_settles_is_no_queue_that_grows(solo_runs: Simulated) -> None:
    settling = with_weeks(solo_runs, (300 - 200 * 0.93**WEEKS).astype(int))
    assert codes(settling) == ["still-moving"]
    assert codes(replace(settling, warm_up=26)) == ["warm-up-too-short"]


def test_a_queue_that_shrinks_still_moves(solo_runs: Simulated) -> None:
    (found,) = doubted(with_weeks(solo_runs, 300 - 4 * WEEKS))
    assert found.code == "still-moving" and "people overdue 251, then 147" in found.found


def test_a_drift_too_small_to_matter(solo_runs: Simulated) -> None:
    assert codes(with_weeks(solo_runs, 1000 + WEEKS // 26)) == []


def test_too_few_replications_for_the_precision_asked(solo_runs: Simulated) -> None:
    assert "too-few-replications" not in codes(solo_runs)
    found = [each for each in doubts(solo_runs, 0.001) if each.code == "too-few-replications"]
    assert any(each.found.startswith("Visits per week (visits_per_week, mean)") for each in found)
    assert all("--replications" in each.remedy for each in found)
    assert "too-few-replications" not in codes(with_weeks(solo_runs, np.full(52, 50)), 0.99)


def test_how_many_would_do(solo_runs: Simulated) -> None:
    """Half as wide takes four times as many."""
    def needed(precision: float) -> int:
        (found,) = (each for each in doubts(solo_runs, precision)
                    if each.found.startswith("Visits per week (visits_per_week, mean)"))
        return int(found.remedy.split("about ")[1].rstrip(".").replace(",", ""))

    assert needed(0.001) == pytest.approx(4 * needed(0.002), rel=0.01)


def test_waits_longer_than_can_be_told(solo_runs: Simulated) -> None:
    spans = solo_runs.summaries[0].spans.copy()
    spans[0, 0, SEEN, 0, -1] = 3
    first = replace(solo_runs.summaries[0], kept_spans=Kept.of(spans))
    found = doubts(replace(solo_runs, summaries=(first, *solo_runs.summaries[1:])))
    (room,) = (each for each in found if each.code == "waits-beyond-room")
    assert room.rows == 3 and room.severity == "note" and "510 days" in room.found
    assert "waits-beyond-room" not in codes(solo_runs)


@pytest.mark.parametrize(("country", "years", "beyond"), [
    ("US", 76.5, 0), ("US", 80, 3), ("JP", 76.5, 1), ("", 80, 0)
])
def test_public_holidays_that_nobody_knows(
    solo_runs: Simulated, country: str, years: float, beyond: int
) -> None:
    """From 2024: those of the United States are known until 2100, those of Japan until 2099."""
    service = solo_runs.service.changed({"calendar.country": country, "calendar.subdivision": ""})
    found = doubts(replace(solo_runs, service=service, years=years))
    told = [each for each in found if each.code == "holidays-unknown"]
    assert [each.rows for each in told] == [beyond] * bool(beyond)
    assert all(f"from 2024 to {2100 if years < 80 else 2103}" in each.found for each in told)


def test_runs_that_were_interrupted(solo_runs: Simulated) -> None:
    (found,) = (each for each in doubts(replace(solo_runs, asked=20)) if each.code == "interrupted")
    assert "6 of 20" in found.found
    assert doubts(replace(solo_runs, asked=20, summaries=())) == [
        replace(found, rows=20, found=found.found.replace("6 of", "0 of"))
    ]
