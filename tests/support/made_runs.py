"""Runs made by hand: every number in them can be worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Estimate, Finding, Service, parse_service
from careload.simulate import Simulated
from careload.simulate.kernel.records import CELL_COUNTS, DAYS_SHOWN, SEEN, TEAM_COUNTS

SERVICE = """
name = "{name}"

[site.North]
[site.Harbor]

[profession.psychologist]
treats = ["anxiety"]

[need.anxiety]
arrivals_per_week = {{ North = 5.0, Harbor = 4.0 }}
visits_needed = {visits}

[team.north_psychologists]
site = "North"
profession = "psychologist"
posts = {posts}
intake_slots = 5
return_slots = 20

[team.harbor_psychologists]
site = "Harbor"
profession = "psychologist"
posts = 2
intake_slots = 5
return_slots = 20

[mechanisms]
groups = false
"""
WEEKS = 64
PEOPLE = {"in_care": 100, "referred": 9, "discharged": 5, "dropped_waiting": 3, "remitted": 1}
POSTS_AND_HOURS = {"due_hours": 110.0, "paid_hours": 100.0, "filled": 5.0, "vacant": 1.0}


def made_service(name: str = "Two small sites", posts: int = 4, visits: int = 10) -> Service:
    """A service of two sites."""
    return parse_service(SERVICE.format(name=name, posts=posts, visits=visits))


@dataclass(frozen=True)
class MadeRun:
    """What the page reads of one run."""

    replication: int
    weeks: int
    first: int
    weekly_cells: NDArray[np.int64]
    weekly_teams: NDArray[np.float64]
    spans: NDArray[np.int32]
    monthly: NDArray[np.int32]


def made_run(
    replication: int = 0, weeks: int = WEEKS, first: int = 0,
    people: Mapping[str, int] | None = None, posts: Mapping[str, float] | None = None,
    seen: Mapping[int, int] | None = None, ended: Mapping[tuple[int, int], int] | None = None,
) -> MadeRun:
    """A run in which every week is the same.

    people  counts of the whole service, each week
    posts   counts of all teams, each week
    seen    days to so many visits in each four weeks
    ended   (how, days) to so many spans of waiting; in business days five for seven
    """
    whole = first + weeks
    cells = np.zeros((whole, len(CELL_COUNTS)), dtype=np.int64)
    teams = np.zeros((whole, len(TEAM_COUNTS)))
    for name, number in {"overdue": 40 + 10 * replication, **(people or PEOPLE)}.items():
        cells[:, CELL_COUNTS.index(name)] = number
    for name, amount in (posts or POSTS_AND_HOURS).items():
        teams[:, TEAM_COUNTS.index(name)] = amount
    monthly = np.zeros((2, whole // 4, DAYS_SHOWN), dtype=np.int32)
    for days, number in (seen or {20: 1, 30 + replication: 3}).items():
        monthly[:, :, days] = number
    spans = np.zeros((2, 2, 4, 2, DAYS_SHOWN), dtype=np.int32)
    for (how, days), number in (ended or {(int(SEEN), 10): 50, (int(SEEN), 40): 50}).items():
        spans[:, 0, how, 0, days] = number
        spans[:, 1, how, 0, days * 5 // 7] = number
    return MadeRun(replication, weeks, first, cells, teams, spans, monthly)


@dataclass(frozen=True)
class MadeRuns(Simulated):
    """Runs with estimates made by hand."""

    made: tuple[Estimate, ...] = ()
    findings: tuple[Finding, ...] = ()

    def estimates(self) -> list[Estimate]:
        return list(self.made)


def estimate(
    measure: str, statistic: str, value: float | None, low: float | None = None, high: float | None = None,
    unit: str = "days", by: Mapping[str, str] | None = None, note: str = "",
) -> Estimate:
    """An estimate over ten runs; one over one run where it has no interval."""
    runs = 10 if low is not None or value is None else 1
    return Estimate(measure, statistic, value, low, high, unit, runs, by or {}, interval="made", note=note)


def made_estimates(shift: float = 0.0) -> tuple[Estimate, ...]:
    """The figures a page tells first, of everybody and by site."""
    def each(by: Mapping[str, str], more: float) -> list[Estimate]:
        days = 40.0 + shift + more
        return [
            estimate("return_interval", "median", days, days - 1, days + 1, by=by),
            estimate("return_interval", "p90", None, by=by, note="not reached in 3 of 10 runs"),
            estimate("return_interval", "seen_by_14", 0.25, 0.24, 0.26, "share", by),
            estimate("intake_wait", "median", 5.0, 4.5, 5.5, by=by),
            estimate("overdue", "mean", 410.0, 400.0, 420.0, "patients", by),
            estimate("dropout", "rate", 120.0, 110.0, 130.0, "patients per year", by),
            estimate("overload", "mean", 1.1, 1.05, 1.15, "ratio", by),
            estimate("unpaid_hours", "mean", 1.5, 1.4, 1.6, "hours per week and clinician", by),
            estimate("exhaustion", "mean", 0.3, 0.28, 0.32, "0 to 1", by),
            estimate("leaver_rate", "rate", 0.12, 0.1, 0.14, "per year", by),
            estimate("vacancy_rate", "share", 0.06, 0.05, 0.07, "share", by),
            estimate("caseload", "mean", 61.0, 60.0, 62.0, "patients per clinician", by),
        ]

    return (*each({}, 0), *each({"site": "North"}, 4), *each({"site": "Harbor"}, -4))


def made_runs(
    runs: Sequence[MadeRun] = (), service: Service | None = None, shift: float = 0.0, warm_up: int = 0,
    made: Sequence[Estimate] | None = None, findings: tuple[Finding, ...] = (),
) -> MadeRuns:
    """Runs of a service, three where none are given."""
    chosen: Any = tuple(runs or (made_run(number) for number in range(3)))
    estimates = made_estimates(shift) if made is None else tuple(made)
    return MadeRuns(
        service or made_service(), chosen[0].weeks, warm_up, 7, len(chosen), chosen, estimates, findings
    )


@dataclass(frozen=True)
class MadeChange:
    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class MadeDifference:
    here: Estimate
    there: Estimate
    difference: Estimate


@dataclass(frozen=True)
class MadeShare:
    change: MadeChange
    difference: Estimate


@dataclass(frozen=True)
class MadeWaterfall:
    measure: str
    statistic: str
    by: Mapping[str, str]
    unit: str
    start: float
    shares: tuple[MadeShare, ...]
    end: float
    method: str


@dataclass(frozen=True)
class MadeComparison:
    """Two services with changes, differences and waterfalls made by hand."""

    here: MadeRuns
    there: MadeRuns
    changes: tuple[MadeChange, ...]
    waterfalls: tuple[MadeWaterfall, ...]
    made: tuple[MadeDifference, ...]

    def differences(self) -> list[MadeDifference]:
        return list(self.made)


POSTS = MadeChange("team.north_psychologists.posts", 4, 6)
VISITS = MadeChange("need.anxiety.visits_needed", 10, 12)


def made_comparison() -> MadeComparison:
    """Ten days shorter by two more posts, four longer by more visits needed: six shorter together."""
    here, there = made_runs(), made_runs(service=made_service(posts=6, visits=12), shift=-6.0)
    pairs = zip(here.estimates(), there.estimates(), strict=True)
    shares = (
        MadeShare(POSTS, estimate("return_interval", "median", -10.0, -11.0, -9.0)),
        MadeShare(VISITS, estimate("return_interval", "median", 4.0, 3.0, 5.0)),
    )
    way = MadeWaterfall("return_interval", "median", {}, "days", 40.0, shares, 34.0, "made by hand")
    return MadeComparison(here, there, (POSTS, VISITS), (way,), tuple(_difference(*pair) for pair in pairs))


def _difference(here: Estimate, there: Estimate) -> MadeDifference:
    less = None if here.value is None or there.value is None else there.value - here.value
    ends = (None, None) if less is None else (less - 0.5, less + 0.5)
    found = estimate(here.measure, here.statistic, less, *ends, here.unit, here.by)
    return MadeDifference(here, there, found)
