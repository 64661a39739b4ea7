"""Many runs of one service: replications, in any order, on any workers, put together in their own order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from careload.clinic import Estimate, Service, UsageError
from careload.simulate.figures import FIGURES, Figure, Group, groups, spans_of, values
from careload.simulate.kernel.records import (
    BUSINESS_DAYS,
    CALENDAR_DAYS,
    DAYS_SHOWN,
    INTERVALS,
    SECOND_WAITS,
    WAITS,
    Numbers,
    Plan,
)
from careload.simulate.money import Prices, prices
from careload.simulate.plan import WEEKS_A_YEAR, plan_of
from careload.simulate.pool import Interrupted, Progress, batches, spread
from careload.simulate.run import Run, run
from careload.simulate.spans import seen_by
from careload.simulate.student import estimate_of
from careload.simulate.summary import Summary, summarise, totals

UNITS = {"calendar_days": int(CALENDAR_DAYS), "business_days": int(BUSINESS_DAYS)}
WAITED_FOR = {"return_interval": int(INTERVALS), "intake_wait": int(WAITS),
              "second_visit_wait": int(SECOND_WAITS)}
OVER_RUNS = "t-over-runs"
MOST_YEARS = 1000


@dataclass(frozen=True)
class Simulated:
    """Many runs of one service.

    service    what was run
    weeks      weeks counted in each run
    warm_up    weeks run before counting began
    seed       of all runs
    asked      replications asked for
    summaries  of those finished, in order
    years      asked for, of which `weeks` are the whole weeks
    """

    service: Service
    weeks: int
    warm_up: int
    seed: int
    asked: int
    summaries: tuple[Summary, ...]
    years: float

    @property
    def as_of(self) -> date:
        """The last day of the runs."""
        return last_day(self.service, self.years)

    def values(self, figure: Figure, group: Group) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """A figure of a group in each run, in order of replication; nan or infinite where there is none."""
        place = [each.by for each in groups(self.service)].index(group.by)
        which = FIGURES.index(figure)
        return np.array([summary.figures[place, which] for summary in self.summaries])

    def estimates(self) -> list[Estimate]:
        """Every figure of everybody and of each site, profession and need group: mean and 95 % interval."""
        if not self.summaries:
            return []
        found = np.array([summary.figures for summary in self.summaries])
        return list(estimates_of(self.service, found, self.as_of))

    def share_within(
        self, limit: int, unit: str = "calendar_days", measure: str = "return_interval"
    ) -> list[Estimate]:
        """The share seen within a limit, of those not discharged: of everybody, and of each group.

        limit    days
        unit     ``calendar_days`` or ``business_days``, as the calendar of the service has them
        measure  ``return_interval``, ``intake_wait`` or ``second_visit_wait``

        Raises `UsageError` for a limit, unit or measure that was not counted.
        """
        some, found = list(groups(self.service)), self.shares_within(limit, unit, measure)
        name = f"seen_by_{limit}" + ("_business_days" if unit == "business_days" else "")
        return [
            estimate_of(found[:, place], measure, name, "share", group.by, self.as_of, OVER_RUNS)
            for place, group in enumerate(some) if not np.isnan(found[:, place]).all()
        ]

    def shares_within(self, limit: int, unit: str, measure: str) -> Numbers:
        """The same of each run, (run, group) in the order of `groups`; nan where nobody waited."""
        _check_within(limit, unit, measure)
        which, some = WAITED_FOR[measure], list(groups(self.service))
        return np.array([_within(summary, some, which, UNITS[unit], limit) for summary in self.summaries])


def run_logged(service: Service, years: float = 5, seed: int = 1, replication: int = 0) -> Run:
    """One run of a service that keeps everything that happens to everyone: the same run as in `simulate`."""
    weeks, warm_up = length(service, years)
    return run(prepare(service, weeks, warm_up).plan, seed, replication, logged=True)


@dataclass(frozen=True)
class Prepared:
    """All that a worker needs to know of a service to run it: made once, used for every replication."""

    plan: Plan
    groups: tuple[Group, ...]
    prices: Prices


def simulate(
    service: Service, years: float = 5, replications: int = 200, seed: int = 1, *, by_week: bool = False,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Simulated:
    """Run a service forward many times.

    service       `read_service`
    years         years counted, after the weeks of warm-up the service names
    replications  runs, each with luck of its own
    seed          same seed, same result, on any number of workers
    by_week       keep what `write_parquet` needs: every week of every need group and team
    executor      where the runs are made; None for the processors of this machine
    progress      told after each batch of runs: name, done, of

    Interrupted, it raises `Interrupted` with what is finished.
    """
    weeks, warm_up = length(service, years, replications)
    prepared = prepare(service, weeks, warm_up)
    tasks = [(prepared, seed, batch, by_week) for batch in batches(range(replications), executor)]
    found: dict[int, Summary] = {}

    def together() -> Simulated:
        in_order = tuple(found[key] for key in sorted(found))
        return Simulated(service, weeks, warm_up, seed, replications, in_order, years)

    try:
        with closing(spread(run_batch, tasks, executor)) as results:
            for _, summaries in results:
                found.update((summary.replication, summary) for summary in summaries)
                if progress:
                    progress("runs", len(found), replications)
    except KeyboardInterrupt:
        raise Interrupted(together()) from None
    return together()


def simulate_each(
    services: Sequence[Service], years: float = 5, seed: int = 1, *, executor: Executor | None = None,
    progress: Progress | None = None,
) -> Simulated:
    """Run each of several services once, with the luck of its own number: what may be true of one service.

    services  of the same sites, teams, need groups and weeks of warm-up; one that stands in it several times
              is run as often
    The rest as in `simulate`, and the same of many times the same service.
    """
    weeks, warm_up = length(services[0], years, len(services))
    prepared: dict[int, Prepared] = {}
    for each in services:
        prepared.setdefault(id(each), prepare(each, weeks, warm_up))
    tasks = [(prepared[id(each)], seed, [number]) for number, each in enumerate(services)]
    found: dict[int, Summary] = {}
    with closing(spread(run_batch, tasks, executor)) as results:
        for place, (summary,) in results:
            found[place] = summary
            if progress:
                progress("runs", len(found), len(tasks))
    in_order = tuple(found[place] for place in range(len(tasks)))
    return Simulated(services[0], weeks, warm_up, seed, len(tasks), in_order, years)


def length(service: Service, years: float, replications: int = 1) -> tuple[int, int]:
    """Weeks counted and weeks of warm-up before them. Raises `UsageError` when there is nothing to run."""
    if replications < 1:
        raise UsageError(f"{replications} replications.", "at least one", "Raise --replications.")
    if not 0 < years <= MOST_YEARS:
        raise UsageError(
            f"Runs of {years:g} years.", f"more than 0 and at most {MOST_YEARS:,} years",
            "Give another number of --years.",
        )
    return max(1, round(years * WEEKS_A_YEAR)), int(service["start"]["warm_up_weeks"])


def last_day(service: Service, years: float) -> date:
    """The last day of runs of so many years."""
    first: date = service["start"]["date"]
    return first + timedelta(days=7 * sum(length(service, years)) - 1)


def prepare(service: Service, weeks: int, warm_up: int) -> Prepared:
    """A service ready to be run by `run_batch`."""
    plan = plan_of(service, 7 * (warm_up + weeks), counted_from=7 * warm_up)
    return Prepared(plan, tuple(groups(service)), prices(service))


def run_batch(
    prepared: Prepared, seed: int, replications: Sequence[int], by_week: bool = False
) -> list[Summary]:
    """Some replications of a service, one after the other: a task for a worker."""
    found = []
    for replication in replications:
        ran = run(prepared.plan, seed, replication)
        figures = values(totals(ran), prepared.groups, prepared.prices)
        found.append(summarise(ran, replication, figures, by_week))
    return found


def estimates_of(service: Service, found: Numbers, as_of: date) -> Iterator[Estimate]:
    """Every figure of every group: mean over the runs and 95 % interval.

    found  (run, group, figure), `values` of each run
    as_of  the last day of the runs
    """
    for place, group in enumerate(groups(service)):
        for which, figure in enumerate(FIGURES):
            own = found[:, place, which]
            if not np.isnan(own).all():
                name = (figure.measure, figure.statistic, figure.unit)
                yield estimate_of(own, *name, group.by, as_of, OVER_RUNS)


def _within(summary: Summary, some: Sequence[Group], which: int, unit: int, limit: int) -> list[float]:
    whole = summary.spans
    spans = np.stack([spans_of(whole, group, which, unit) for group in some])
    return [
        float(seen[limit]) if own.any() else float("nan")
        for seen, own in zip(seen_by(spans), spans, strict=True)
    ]


def _check_within(limit: int, unit: str, measure: str) -> None:
    if unit not in UNITS or measure not in WAITED_FOR or not 0 <= limit < DAYS_SHOWN - 1:
        raise UsageError(
            f"{measure} within {limit} {unit}.",
            f"{' or '.join(WAITED_FOR)}, 0 to {DAYS_SHOWN - 2} of {' or '.join(UNITS)}",
            "Ask for a wait that is counted.",
        )
