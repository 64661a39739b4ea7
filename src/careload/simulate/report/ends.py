"""What became of people: who came, how they left care, who is still in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from careload.clinic import Estimate
from careload.simulate.figures import DROPPED
from careload.simulate.kernel.records import CELL_COUNTS, IN_CARE
from careload.simulate.many import OVER_RUNS, Simulated
from careload.simulate.plan import WEEKS_A_YEAR
from careload.simulate.student import estimate_of
from careload.simulate.summary import Summary

CAME = (("Asked for care", ("referred",)), ("Came back", ("came_back",)))
LEFT = (
    ("Discharged", ("discharged",)),
    ("Dropped out", DROPPED),
    ("Got well untreated", ("remitted",)),
    ("Admitted to hospital", ("admitted",)),
    ("Died", ("died",)),
    ("Moved away", ("moved",)),
    ("Seen outside", ("outside",)),
)


@dataclass(frozen=True)
class Fate:
    """Something that became of people, as so many a year, or those in care on a day.

    words     what it is
    heading   under which it stands
    estimate  over the runs
    """

    words: str
    heading: str
    estimate: Estimate


def fates(found: Simulated) -> list[Fate]:
    """Everyone who came, everyone who left by how, and those in care at the beginning and at the end."""
    rows = [("Came, a year", each) for each in CAME] + [("Left care, a year", each) for each in LEFT]
    flows = [
        Fate(name, heading, _over_runs(found, name, _a_year(counts))) for heading, (name, counts) in rows
    ]
    stocks = [("In care when counting began", in_care_at_first), ("In care at the end", in_care_at_last)]
    return [*flows, *(Fate(name, "In care", _over_runs(found, name, of, "people")) for name, of in stocks)]


def _over_runs(
    found: Simulated, name: str, of: Callable[[Summary], float], unit: str = "people a year"
) -> Estimate:
    values = np.array([of(summary) for summary in found.summaries])
    statistic = "mean" if unit == "people" else "rate"
    return estimate_of(values, name, statistic, unit, {}, found.as_of, OVER_RUNS)


def _a_year(counts: tuple[str, ...]) -> Callable[[Summary], float]:
    places = [CELL_COUNTS.index(name) for name in counts]

    def of(summary: Summary) -> float:
        counted = summary.weekly_cells[summary.first : summary.first + summary.weeks, places]
        return float(counted.sum() * WEEKS_A_YEAR / summary.weeks)

    return of


def in_care_at_last(summary: Summary) -> float:
    """People in care at the end of the last week."""
    return float(summary.weekly_cells[-1, IN_CARE])


def in_care_at_first(summary: Summary) -> float:
    """People in care when counting began: at the end of the week before, or on the first day of a run."""
    if summary.first:
        return float(summary.weekly_cells[summary.first - 1, IN_CARE])
    week = summary.weekly_cells[0]
    came, left = (
        sum(int(week[CELL_COUNTS.index(name)]) for _, counts in rows for name in counts)
        for rows in (CAME, LEFT)
    )
    return float(week[IN_CARE] - came + left)
