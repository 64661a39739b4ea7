"""Which parameters carry the doubt of the main answers.

    Morris:  mu* = mean |f(x with one factor moved) - f(x)| / step  over paths through draws (Morris 1991)
    Sobol:   total index = E Var(f | all but one) / Var f           of the few that matter (Saltelli 2010)

A factor is one parameter in all its tables (the dropout of all need groups together), from the bottom to
the top of what is believed of it; all runs have the same luck. Parameters that are only known together are
one factor (`TOGETHER`). Others are moved apart, also where what is believed of them hangs together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service
from careload.model.assembled import service_of
from careload.model.belief import Belief
from careload.model.prior import generator, pattern_of
from careload.simulate import plan_of, run, spread, weekly

Numbers = NDArray[np.float64]
Progress = Callable[[str, int, int], None]

PATHS, LEVELS = 8, 8
"""Morris: paths through the draws, and steps of each factor."""
MOST_FEW = 8
"""Factors of the second step."""
SAMPLES = 32
"""Sobol: a power of two."""
YEARS = 2
DAYS_A_YEAR, LAST = 364, 13
"""Four weeks thirteen times; what is told is the last of the years."""
TOGETHER = {
    "profession.*.overflow": ("overflow_unpaid", "overflow_displaced", "overflow_undone"),
    "need.*.staying_away": ("dropout_per_day", "remission_per_month"),
}
"""Factor to parameters of which only the sum is sure: their values are of one draw, in the order of the
first."""
ANSWERS = {
    "return_interval": "days between visits", "overdue": "patients overdue",
    "overload": "hours due per hour paid", "leavers": "leavers a year", "visits": "visits per week",
}


@dataclass(frozen=True)
class Carried:
    """How much of the doubt about one answer a factor carries.

    factor  the parameter, with ``*`` for its tables
    morris  mean size of the change a step makes, against the spread of the answer over all runs
    share   of the variance, alone and with others (Sobol, total); nan for those not looked at again
    """

    factor: str
    morris: float
    share: float


@dataclass(frozen=True)
class Doubt:
    """Where the doubt about one answer lies.

    answer    one of `ANSWERS`
    unit      its unit
    middle, low, high  of the answer, over the runs of the second step: median and middle 90 %
    carried   factors, the heaviest first
    """

    answer: str
    unit: str
    middle: float
    low: float
    high: float
    carried: tuple[Carried, ...]

    def few(self, share: float = 0.9) -> int:
        """How many factors together carry so much of what those looked at again carry."""
        own = np.array([each.share for each in self.carried if not np.isnan(each.share)])
        if not len(own) or own.sum() <= 0:
            return 0
        return int(np.searchsorted(np.cumsum(np.sort(own)[::-1]), share * own.sum()) + 1)


def doubts_of(
    beliefs: Sequence[Belief], name: str, seed: int = 1, executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Doubt, ...]:
    """Which parameters carry the doubt of each main answer, `YEARS` years on.

    beliefs  of every parameter of a service
    name     of the service
    """
    factors = factors_of(beliefs)
    ask = _asker(beliefs, name, factors, seed, executor, progress)
    names, chance = list(factors), generator("sensitivity", seed)
    effects, answers = elementary_effects(ask, len(names), chance)
    sizes = effects / (answers.std(axis=0) + 1e-12)
    few = np.argsort(-sizes.max(axis=1), kind="stable")[:MOST_FEW]
    shares, told = total_indices(ask, len(names), few, chance)
    return tuple(
        _doubt(answer, place, names, sizes[:, place], dict(zip(few.tolist(), shares[:, place], strict=True)),
               told[:, place])
        for place, answer in enumerate(ANSWERS)
    )


def _doubt(
    answer: str, place: int, names: Sequence[str], sizes: Numbers, shares: Mapping[int, float], told: Numbers
) -> Doubt:
    carried = [Carried(name, float(sizes[number]), float(shares.get(number, np.nan)))
               for number, name in enumerate(names)]
    carried.sort(key=lambda each: (-np.nan_to_num(each.share, nan=-1.0), -each.morris))
    low, middle, high = (float(end) for end in np.quantile(told, (0.05, 0.5, 0.95)))
    return Doubt(answer, ANSWERS[answer], middle, low, high, tuple(carried))


def factors_of(beliefs: Sequence[Belief]) -> dict[str, list[Belief]]:
    """Parameters that are doubted, those of all tables together, and those that are only known together."""
    found: dict[str, list[Belief]] = {}
    for belief in beliefs:
        if len(belief.draws) and np.ptp(belief.draws) > 0:
            found.setdefault(_factor_of(belief.place), []).append(belief)
    return found


def _factor_of(place: str) -> str:
    pattern = pattern_of(place)
    section, _, name = pattern.rpartition(".")
    return next((factor for factor, names in TOGETHER.items()
                 if name in names and factor.startswith(f"{section}.")), pattern)


def at_levels(
    beliefs: Sequence[Belief], factors: Mapping[str, list[Belief]], levels: Numbers
) -> list[Belief]:
    """Beliefs with every factor at a level of what is believed of it.

    levels  (factors,) from 0, the lowest draw, to 1, the highest
    """
    chosen: dict[str, float] = {}
    for (name, own), level in zip(factors.items(), levels, strict=True):
        chosen |= _values(name, own, float(level))
    return [replace(each, value=chosen.get(each.place, each.value)) for each in beliefs]


def _values(name: str, own: Sequence[Belief], level: float) -> dict[str, float]:
    if name not in TOGETHER:
        return {each.place: float(np.quantile(each.draws, level)) for each in own}
    first = {_table(each.place): each.draws for each in own if each.place.endswith(TOGETHER[name][0])}
    found = {}
    for each in own:
        draws = first.get(_table(each.place), each.draws)
        draw = np.argsort(draws, kind="stable")[min(int(level * len(draws)), len(draws) - 1)]
        found[each.place] = float(each.draws[draw])
    return found


def _table(place: str) -> str:
    return place.rpartition(".")[0]


Ask = Callable[[Numbers], Numbers]
"""From levels, (runs, factors), to answers, (runs, answers)."""


def elementary_effects(ask: Ask, factors: int, chance: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Mean size of the effect of moving each factor, (factors, answers), and all answers on the way.

    Along a path every factor is moved once, half of its range up or down, in an order of its own.
    """
    step = 0.5
    starts = chance.integers(0, LEVELS // 2, (PATHS, factors)) / (LEVELS - 1)
    rows, moved = [], []
    for start in starts:
        row, order = start.copy(), chance.permutation(factors)
        rows.append(row.copy())
        for factor in order:
            row[factor] += step
            rows.append(row.copy())
            moved.append(factor)
    answers = ask(np.array(rows)).reshape(PATHS, factors + 1, -1)
    sizes = np.abs(np.diff(answers, axis=1)) / step
    found = np.zeros((factors, answers.shape[2]))
    np.add.at(found, np.array(moved), sizes.reshape(PATHS * factors, -1))
    return found / PATHS, answers.reshape(-1, answers.shape[2])


def total_indices(
    ask: Ask, factors: int, few: NDArray[np.int64], chance: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """Total Sobol index of some factors, (few, answers), all others at their middle; and the answers.

    T = mean((f(A) - f(A with one column of B))^2) / (2 Var f)     (Jansen 1999)
    """
    a, b = (np.full((SAMPLES, factors), 0.5) for _ in range(2))
    a[:, few], b[:, few] = chance.random((SAMPLES, len(few))), chance.random((SAMPLES, len(few)))
    mixed = [a.copy() for _ in few]
    for own, factor in zip(mixed, few, strict=True):
        own[:, factor] = b[:, factor]
    answers = ask(np.concatenate([a, b, *mixed])).reshape(2 + len(few), SAMPLES, -1)
    both = answers[:2].reshape(2 * SAMPLES, -1)
    shares = ((answers[2:] - answers[0]) ** 2).mean(axis=1) / (2 * both.var(axis=0) + 1e-12)
    return np.asarray(shares), both


def _asker(
    beliefs: Sequence[Belief], name: str, factors: Mapping[str, list[Belief]], seed: int,
    executor: Executor | None, progress: Progress | None,
) -> Ask:
    def ask(levels: Numbers) -> Numbers:
        tasks = [(service_of(at_levels(beliefs, factors, row), name), seed) for row in levels]
        found = np.zeros((len(levels), len(ANSWERS)))
        with closing(spread(answers_of, tasks, executor)) as results:
            for done, (place, values) in enumerate(results, 1):
                found[place] = values
                if progress:
                    progress("where the doubt lies", done, len(tasks))
        return found

    return ask


def answers_of(service: Service, seed: int) -> Numbers:
    """The main answers of one run, over its last year: a task for a worker."""
    ran = weekly(run(plan_of(service, YEARS * DAYS_A_YEAR), seed))
    year = 4 * LAST
    staff = {name: own[-year:].sum() for name, own in ran.clinicians.items()}
    return np.array([
        np.nanmean(ran.return_interval[-LAST:]), ran.patients["overdue"][-year:].mean(),
        staff["due_hours"] / max(staff["paid_hours"], 1e-9), staff["left"],
        ran.patients["attended"][-year:].mean(),
    ])
