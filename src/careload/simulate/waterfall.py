"""The shares of changes in a difference, from runs of what lies between two services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from careload.simulate.changes import Between
from careload.simulate.figures import FIGURES, Figure
from careload.simulate.kernel.records import Numbers
from careload.simulate.many import Prepared, Simulated, prepare, run_batch
from careload.simulate.pool import Progress, batches, spread
from careload.simulate.shapley import along, orders, shares, shares_along

MOST_EXACT = 6
"""Most changes whose every set is run: 2^6 = 64 sets."""
EVERYBODY = 0


@dataclass(frozen=True)
class Parts:
    """What each change makes in each run, each (change, run, figure).

    shares       its Shapley share
    first, last  what it adds made before all others, and made after them; nan where nobody asked
    method       how the shares were found
    """

    shares: Numbers
    first: Numbers
    last: Numbers
    method: str


def parts_of(
    way: Between, here: Simulated, ends: tuple[Numbers, Numbers], figures: Sequence[Figure],
    executor: Executor | None = None, progress: Progress | None = None, *, alone: bool = False,
) -> Parts:
    """What each change makes in each run.

    way      the changes
    here     runs of the service where the way begins
    ends     (run, figure) each: the figures there, and at the other end
    figures  which
    alone    run each change alone too, and all but it, where the shares can do without
    """
    places = [FIGURES.index(figure) for figure in figures]
    if len(way.changes) > MOST_EXACT:
        return _sampled(way, here, ends, places, executor, progress, alone=alone)
    return _exact(way, here, ends, places, executor, progress)


def run_for(prepared: Prepared, seed: int, replications: Sequence[int], places: Sequence[int]) -> Numbers:
    """Some figures of everybody in some replications, (run, figure): a task for a worker."""
    return np.array([summary.figures[EVERYBODY, list(places)]
                     for summary in run_batch(prepared, seed, replications)])


def run_along(
    way: Between, weeks: int, warm_up: int, seed: int, replication: int, sets: Sequence[int],
    places: Sequence[int],
) -> Mapping[int, Numbers]:
    """Some figures of everybody in one replication, for each set of changes: a task for a worker."""
    return {
        chosen: run_for(prepare(way.service(chosen), weeks, warm_up), seed, [replication], places)[0]
        for chosen in sets
    }


def _exact(
    way: Between, here: Simulated, ends: tuple[Numbers, Numbers], places: Sequence[int],
    executor: Executor | None, progress: Progress | None,
) -> Parts:
    """From every set of changes."""
    number, last = len(here.summaries), (1 << len(way.changes)) - 1
    worth = np.zeros((last + 1, number, len(places)))
    worth[0], worth[last] = ends
    middle = range(1, last)
    pieces = [(chosen, list(batch)) for chosen in middle for batch in batches(range(number), executor)]
    ready = {chosen: prepare(way.service(chosen), here.weeks, here.warm_up) for chosen in middle}
    tasks = [(ready[chosen], here.seed, batch, places) for chosen, batch in pieces]
    with closing(spread(run_for, tasks, executor)) as results:
        for done, (place, found) in enumerate(results, 1):
            chosen, batch = pieces[place]
            worth[chosen, batch] = found
            _tell(progress, done, len(tasks))
    single = [1 << change for change in range(len(way.changes))]
    with np.errstate(invalid="ignore"):
        return Parts(shares(worth), worth[single] - worth[0],
                     worth[last] - worth[[last ^ one for one in single]],
                     f"exact Shapley over {len(way.changes)} changes")


def _sampled(
    way: Between, here: Simulated, ends: tuple[Numbers, Numbers], places: Sequence[int],
    executor: Executor | None, progress: Progress | None, *, alone: bool,
) -> Parts:
    """From two orders for each run."""
    number, changes, last = len(here.summaries), len(way.changes), (1 << len(way.changes)) - 1
    drawn = [orders(changes, here.seed, replication) for replication in range(number)]
    single = [1 << change for change in range(changes)] if alone else []
    more = [*single, *(last ^ one for one in single)]
    tasks = [(way, here.weeks, here.warm_up, here.seed, replication,
              sorted({*_between_ends(pair), *more}), places) for replication, pair in enumerate(drawn)]
    found, first, after = (np.full((changes, number, len(places)), np.nan) for _ in range(3))
    with closing(spread(run_along, tasks, executor)) as results, np.errstate(invalid="ignore"):
        for done, (replication, worth) in enumerate(results, 1):
            every = {0: ends[0][replication], last: ends[1][replication], **worth}
            found[:, replication] = shares_along(drawn[replication], every.__getitem__)
            for change, one in enumerate(single):
                first[change, replication] = every[one] - every[0]
                after[change, replication] = every[last] - every[last ^ one]
            _tell(progress, done, len(tasks))
    return Parts(found, first, after, f"Shapley sampled over {2 * number} orders")


def _between_ends(several: Sequence[Sequence[int]]) -> set[int]:
    """The sets that some orders pass through, without none and all."""
    return {chosen for order in several for chosen in along(order)[1:-1]}


def _tell(progress: Progress | None, done: int, of: int) -> None:
    if progress:
        progress("waterfall", done, of)
