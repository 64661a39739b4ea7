"""Many runs of one service: replications, in any order, on any workers, put together in their own order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from os import cpu_count

import numpy as np

from careload.clinic import Estimate, Service, UsageError
from careload.simulate.figures import FIGURES, Figure, Group, groups
from careload.simulate.plan import plan_of
from careload.simulate.run import run
from careload.simulate.summary import Summary, summarise

Progress = Callable[[str, int, int], None]
MOST_WEEKS_OF_WARM_UP = 5200


@dataclass(frozen=True)
class Simulated:
    """Many runs of one service.

    service    what was run
    weeks      weeks counted in each run
    warm_up    weeks run before counting began
    seed       of all runs
    asked      replications asked for
    summaries  of those finished, in order
    """

    service: Service
    weeks: int
    warm_up: int
    seed: int
    asked: int
    summaries: tuple[Summary, ...]

    def values(self, figure: Figure, group: Group) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """A figure of a group in each run, in order of replication."""
        return np.array([figure.of(summary, group) for summary in self.summaries])

    def estimates(self) -> list[Estimate]:
        """Every figure of everybody and of each site, profession and need group: mean and 95 % interval."""
        return list(_estimates(self))


def simulate(
    service: Service, years: float = 5, replications: int = 200, seed: int = 1, *,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Simulated:
    """Run a service forward many times.

    service       `read_service`
    years         years counted, after the weeks of warm-up the service names
    replications  runs, each with luck of its own
    seed          same seed, same result, on any number of workers
    executor      where the runs are made; None for the processors of this machine
    progress      told after each batch of runs: name, done, of

    Interrupted, it raises `Interrupted` with what is finished.
    """
    if replications < 1 or years <= 0:
        raise UsageError(
            f"{replications} replications of {years:g} years.", "at least one of more than no time",
            "Raise --replications or --years.",
        )
    weeks, warm_up = max(1, round(years * 365.25 / 7)), int(service["start"]["warm_up_weeks"])
    found: dict[int, Summary] = {}
    own = ThreadPoolExecutor(cpu_count() or 1) if executor is None else None
    pool = executor or own
    assert pool is not None
    batches = _batches(replications)
    try:
        futures = [pool.submit(run_batch, service, weeks, warm_up, seed, batch) for batch in batches]
        for future in as_completed(futures):
            found.update((summary.replication, summary) for summary in future.result())
            if progress:
                progress("runs", len(found), replications)
    except KeyboardInterrupt:
        for future in futures:
            future.cancel()
        raise Interrupted(_together(service, weeks, warm_up, seed, replications, found)) from None
    finally:
        if own is not None:
            own.shutdown(wait=True, cancel_futures=True)
    return _together(service, weeks, warm_up, seed, replications, found)


class Interrupted(KeyboardInterrupt):
    """Somebody stopped the runs; `finished` are those that were ready."""

    def __init__(self, finished: Simulated) -> None:
        super().__init__()
        self.finished = finished


def run_batch(
    service: Service, weeks: int, warm_up: int, seed: int, replications: Sequence[int]
) -> list[Summary]:
    """Some replications of a service, one after the other: a task for a worker."""
    plan = plan_of(service, 7 * (warm_up + weeks), counted_from=7 * warm_up)
    return [summarise(run(plan, seed, replication), replication) for replication in replications]


def _batches(replications: int) -> list[range]:
    """Few enough that a worker is asked seldom, many enough that all workers end together."""
    size = max(1, replications // (8 * (cpu_count() or 1)))
    return [range(first, min(first + size, replications)) for first in range(0, replications, size)]


def _together(
    service: Service, weeks: int, warm_up: int, seed: int, asked: int, found: dict[int, Summary]
) -> Simulated:
    return Simulated(service, weeks, warm_up, seed, asked, tuple(found[key] for key in sorted(found)))


def _estimates(simulated: Simulated) -> Iterator[Estimate]:
    for group in groups(simulated.service):
        for figure in FIGURES:
            values = simulated.values(figure, group)
            known = values[~np.isnan(values)]
            if len(known):
                yield estimate(figure, group, known)


def estimate(figure: Figure, group: Group, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Estimate:
    """Mean of a figure over runs, with Student's interval for it; no interval from a single run."""
    from scipy.stats import t

    number, mean = len(values), float(values.mean())
    half = float(t.ppf(0.975, number - 1) * values.std(ddof=1) / number**0.5) if number > 1 else None
    low, high = (None, None) if half is None else (mean - half, mean + half)
    return Estimate(
        figure.measure, figure.statistic, mean, low, high, figure.unit, number, dict(group.by),
        interval="Student's t over runs", counted="runs",
    )
