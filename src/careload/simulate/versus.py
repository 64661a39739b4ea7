"""Two services on the same luck: how they differ, and how much of it each change makes.

The replication with the same number has the same luck in both, so a difference is told from pairs of runs
and is much surer than one of two separate answers. The waterfall gives each change its Shapley share
(`shapley`): exactly, by running every set of changes, or over orders drawn at random, a pair of orders for
each replication, so that the interval of a share holds the error of sampling as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

import numpy as np

from careload.clinic import Estimate, Service, UsageError
from careload.simulate.changes import Between, Change, between, changes_between
from careload.simulate.figures import FIGURES, Figure, figure_named, groups
from careload.simulate.kernel.records import Numbers
from careload.simulate.many import OVER_RUNS, Simulated, length, simulate
from careload.simulate.pool import Interrupted, Progress
from careload.simulate.student import estimate_of
from careload.simulate.waterfall import Parts, parts_of

OVER_PAIRS = "t-over-pairs"
WATERFALLS = (
    ("return_interval", "median"), ("overdue", "mean"), ("overload", "ratio"), ("leaver_rate", "rate"),
)
"""Measure and statistic of the waterfalls that are made when nobody says which."""


def _nothing() -> Numbers:
    return np.zeros(0)


@dataclass(frozen=True)
class Difference:
    """A figure here and there, and `there` less `here` from pairs of runs, each with its interval."""

    here: Estimate
    there: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Share:
    """How much of a difference one change makes.

    change       which
    difference   its Shapley share, with its interval
    first, last  what it adds in each pair of runs, (run,), made before all others and after them; nan
                 where that was not run
    """

    change: Change
    difference: Estimate
    first: Numbers = field(default_factory=_nothing, compare=False, repr=False)
    last: Numbers = field(default_factory=_nothing, compare=False, repr=False)


@dataclass(frozen=True)
class Waterfall:
    """How a figure gets from here to there, change by change.

    measure, statistic, by, unit  of the figure
    start   its mean here
    shares  what each change adds; together with `start` they make `end`
    end     its mean there
    method  how the shares were found: ``exact Shapley over 3 changes``, ``Shapley sampled over 400 orders``
    whole   there less here in each pair of runs, (run,)
    """

    measure: str
    statistic: str
    by: Mapping[str, str]
    unit: str
    start: float
    shares: tuple[Share, ...]
    end: float
    method: str
    whole: Numbers = field(default_factory=_nothing, compare=False, repr=False)


@dataclass(frozen=True)
class Comparison:
    """Two services on the same luck.

    here, there  their runs
    changes      every value in which they differ
    waterfalls   how much each change makes, for the measures asked
    """

    here: Simulated
    there: Simulated
    changes: tuple[Change, ...]
    waterfalls: tuple[Waterfall, ...]

    def differences(self) -> list[Difference]:
        """Every figure of everybody, and of each site, profession and need group that both have."""
        return list(_differences(self.here, self.there))


def compare(
    here: Service, there: Service, years: float = 5, replications: int = 200, seed: int = 1, *,
    measures: Sequence[tuple[str, str]] = WATERFALLS, together: Sequence[Sequence[str]] = (),
    alone: bool = False, by_week: bool = False,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Comparison:
    """Run two services on the same luck.

    here, there   `read_service`
    years         years counted
    replications  pairs of runs
    seed          same seed, same result, on any number of workers
    measures      measure and statistic of the waterfalls wanted; none for no waterfall
    together      dotted places whose values are one change of the waterfalls, each sequence of them;
                  none to leave to `between` which are
    alone         run each change alone too, and all but it: `first` and `last` of every share
    by_week       keep what `write_parquet` needs
    executor      where the runs are made; None for the processors of this machine
    progress      told after each batch of runs: name, done, of

    A waterfall needs a figure that every run has: one that was not reached in some run has none.
    Interrupted, it raises `Interrupted` with what is finished: pairs of runs, or runs of `here` alone.
    """
    if length(here, years, replications) != length(there, years):
        raise UsageError("The two services have different warm-ups.", "the same weeks of warm-up",
                         "Set start.warm_up_weeks alike in both.")
    figures = [figure_named(*name) for name in measures]
    changes, way = changes_between(here, there), between(here, there, together)
    one = simulate(here, years, replications, seed, by_week=by_week, executor=executor, progress=progress)
    try:
        two = simulate(there, years, replications, seed, by_week=by_week, executor=executor,
                       progress=progress)
    except Interrupted as stopped:
        raise Interrupted(Comparison(*_pairs(one, stopped.finished), changes, ())) from None
    try:
        waterfalls = (_waterfalls(way, one, two, figures, executor, progress, alone=alone)
                      if changes and figures else [])
    except KeyboardInterrupt:
        raise Interrupted(Comparison(one, two, changes, ())) from None
    return Comparison(one, two, changes, tuple(waterfalls))


def _pairs(here: Simulated, there: Simulated) -> tuple[Simulated, Simulated]:
    """Only the replications that both have."""
    both = {each.replication for each in here.summaries} & {each.replication for each in there.summaries}
    one, two = (
        replace(found, summaries=tuple(each for each in found.summaries if each.replication in both))
        for found in (here, there)
    )
    return one, two


def _differences(here: Simulated, there: Simulated) -> Iterator[Difference]:
    others = {tuple(sorted(group.by.items())): group for group in groups(there.service)}
    for group in groups(here.service):
        other = others.get(tuple(sorted(group.by.items())))
        for figure in FIGURES if other else ():
            assert other is not None
            one, two = here.values(figure, group), there.values(figure, other)
            if not (np.isnan(one).all() or np.isnan(two).all()):
                yield _difference(figure, group.by, one, two, here, there)


def _difference(
    figure: Figure, by: Mapping[str, str], one: Numbers, two: Numbers,
    here: Simulated, there: Simulated,
) -> Difference:
    name = (figure.measure, figure.statistic, figure.unit, by)
    return Difference(
        estimate_of(one, *name, here.as_of, OVER_RUNS), estimate_of(two, *name, there.as_of, OVER_RUNS),
        estimate_of(_less(two, one), *name, there.as_of, OVER_PAIRS, "pairs of runs"),
    )


def _less(two: Numbers, one: Numbers) -> Numbers:
    """two - one; infinite where either is, so that it is told as not reached."""
    beyond = np.isinf(one) | np.isinf(two)
    return np.where(beyond, np.inf, np.where(beyond, 0.0, two) - np.where(beyond, 0.0, one))


def _waterfalls(
    way: Between, here: Simulated, there: Simulated, figures: Sequence[Figure], executor: Executor | None,
    progress: Progress | None, *, alone: bool,
) -> list[Waterfall]:
    start, end = (_of_everybody(each, figures) for each in (here, there))
    parts = parts_of(way, here, (start, end), figures, executor, progress, alone=alone)
    return [
        _waterfall(figure, way, start[:, place], end[:, place], place, parts)
        for place, figure in enumerate(figures) if np.isfinite(parts.shares[:, :, place]).all()
    ]


def _of_everybody(simulated: Simulated, figures: Sequence[Figure]) -> Numbers:
    """(run, figure)"""
    everybody = next(groups(simulated.service))
    return np.stack([simulated.values(figure, everybody) for figure in figures], axis=1)


def _waterfall(
    figure: Figure, way: Between, start: Numbers, end: Numbers, place: int, parts: Parts
) -> Waterfall:
    name = (figure.measure, figure.statistic, figure.unit)
    own = (each[:, :, place] for each in (parts.shares, parts.first, parts.last))
    return Waterfall(
        figure.measure, figure.statistic, {}, figure.unit, float(start.mean()),
        tuple(Share(change, estimate_of(share, *name, {}, None, OVER_PAIRS, "pairs of runs"), first, last)
              for change, share, first, last in zip(way.changes, *own, strict=True)),
        float(end.mean()), parts.method, end - start,
    )
