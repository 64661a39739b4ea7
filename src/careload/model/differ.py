"""Two assumption sets on one scenario: how far apart they come out, and which single assumption decides it.

The scenario is run as A holds it and as B holds it, on the same luck. Of each figure, with D = B - A, every
assumption in which the two differ is swapped alone, from either side:

    from A:  A with this one value of B's, less A
    from B:  B, less B with this one value of A's

Both point from A to B; what two assumptions do only together stands in the second and not in the first.
Beside them stands its Shapley share: what it adds on average over every order of swapping. An assumption is
*enough alone* where from both sides its swap makes more than half of D, with 95 % sureness over pairs of
runs; it *decides* where no other is. Several may be, where others pull the other way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Estimate, Service, registry
from careload.model.assumptions import EVERY, AssumptionSet, Held, Place, places_in, with_assumptions
from careload.simulate import (
    OVER_PAIRS,
    WATERFALLS,
    Change,
    Comparison,
    Difference,
    Interrupted,
    Progress,
    Share,
    Waterfall,
    compare,
    differences,
    estimate_of,
)

Numbers = NDArray[np.float64]
MATTERS = 0.1
"""A difference of so much of a figure is one that parties would call a disagreement (assumed)."""
Verdict = Literal["one", "several", "none", "no disagreement", "cannot be said", "not finished"]


@dataclass(frozen=True)
class Assumption:
    """What two sets hold of one thing: of every table where one of them says ``*``, else of one place.

    place   where: ``need.*.visits_needed``, ``workforce.ramp_from``
    places  the same in this scenario, without ``*``
    a, b    what each holds there; nothing where it keeps the scenario's own value
    """

    place: Place
    places: tuple[Place, ...]
    a: tuple[Held, ...]
    b: tuple[Held, ...]


@dataclass(frozen=True)
class Swap:
    """One assumption swapped alone; several as one where a service holds together only with all of them.

    assumptions     which
    change          from what A holds to what B holds
    from_a, from_b  what the swap makes, from either side; both point from A to B
    share           its Shapley share
    is_enough       from both sides it makes more than half of the difference, with 95 % sureness
    is_against      from both sides it makes more than half as much the other way
    """

    assumptions: tuple[Assumption, ...]
    change: Change
    from_a: Estimate
    from_b: Estimate
    share: Estimate
    is_enough: bool
    is_against: bool

    @property
    def key(self) -> str:
        """The places of its assumptions."""
        return ", ".join(str(each.place) for each in self.assumptions)


@dataclass(frozen=True)
class Answer:
    """What decides the disagreement on one figure.

    difference  the figure under A, under B, and B less A
    swaps       every assumption in which A and B differ, the one whose swap alone moves furthest first
    verdict     ``one`` decides, ``several`` would each be enough alone, ``none`` is, there is
                ``no disagreement``, it ``cannot be said`` (a figure not reached, a single pair of runs), or
                the swaps were ``not finished``
    method      how the shares were found; "" without swaps
    """

    difference: Difference
    swaps: tuple[Swap, ...]
    verdict: Verdict
    method: str

    @property
    def measure(self) -> str:
        """What is measured."""
        return self.difference.here.measure

    @property
    def statistic(self) -> str:
        """Which statistic of it."""
        return self.difference.here.statistic

    @property
    def decides(self) -> Swap | None:
        """The assumption that decides; None where no single one does."""
        return next((swap for swap in self.swaps if swap.is_enough), None) if self.verdict == "one" else None


@dataclass(frozen=True)
class Disagreement:
    """Two assumption sets on one scenario.

    scenario     the service they are about
    a, b         the sets
    assumptions  all that either of them holds
    compared     the runs under A and under B
    answers      for each figure, what decides
    """

    scenario: Service
    a: AssumptionSet
    b: AssumptionSet
    assumptions: tuple[Assumption, ...]
    compared: Comparison
    answers: tuple[Answer, ...]


def differ(
    scenario: Service, a: AssumptionSet, b: AssumptionSet, years: float = 5, replications: int = 100,
    seed: int = 1, *, executor: Executor | None = None, progress: Progress | None = None,
) -> Disagreement:
    """Which single assumption decides what two parties disagree about?

    scenario      a service, with the levers that are asked about
    a, b          `read_assumptions`; where only one speaks of a value, the other keeps the scenario's own
    years         years counted
    replications  runs of each, and pairs of runs of each swap
    seed          same seed, same result, on any number of workers
    executor      where the runs are made; None for the processors of this machine
    progress      told after each batch of runs: name, done, of

    Raises `SettingsError` where a set does not hold in the scenario. Interrupted, it raises `Interrupted`
    with what is finished: a `Disagreement` without swaps, or the runs under A alone.
    """
    here, there = (with_assumptions(scenario, each) for each in (a, b))
    assumptions = assumptions_of(scenario, a, b)
    try:
        compared = compare(
            here, there, years, replications, seed, alone=True,
            together=[[str(place) for place in each.places] for each in assumptions],
            executor=executor, progress=progress,
        )
    except Interrupted as stopped:
        if not isinstance(stopped.finished, Comparison):
            raise
        found = _disagreement(scenario, a, b, assumptions, stopped.finished, finished=False)
        raise Interrupted(found) from None
    return _disagreement(scenario, a, b, assumptions, compared, finished=True)


def assumptions_of(scenario: Service, a: AssumptionSet, b: AssumptionSet) -> tuple[Assumption, ...]:
    """All that either set holds of a scenario, in the order of the service file."""
    of_a, of_b = (places_in(scenario, held) for held in (a, b))
    whole = {_parameter(each.place) for held in (a, b) for each in held.values if each.place.table == EVERY}
    together: dict[Place, dict[Place, None]] = {}
    for place in {**of_a, **of_b}:
        own = replace(place, site="")
        home = replace(own, table=EVERY) if _parameter(place) in whole else own
        together.setdefault(home, {})[own] = None
    return tuple(
        Assumption(home, tuple(places), _held(of_a, places), _held(of_b, places))
        for home, places in sorted(together.items(), key=lambda each: _order(each[0]))
    )


def _parameter(place: Place) -> tuple[str, str]:
    return place.section, place.parameter


def _order(place: Place) -> tuple[int, int, str]:
    parameters = list(registry()[place.section].parameters)
    return list(registry()).index(place.section), parameters.index(place.parameter), place.table


def _held(held: Mapping[Place, Held], places: Collection[Place]) -> tuple[Held, ...]:
    """What is held of some places, each value once: of a ``*`` there is one for many places."""
    found: list[Held] = []
    for place, each in held.items():
        if replace(place, site="") in places and each not in found:
            found.append(each)
    return tuple(found)


def _disagreement(
    scenario: Service, a: AssumptionSet, b: AssumptionSet, assumptions: tuple[Assumption, ...],
    compared: Comparison, *, finished: bool,
) -> Disagreement:
    known = {(each.here.measure, each.here.statistic): each
             for each in compared.differences() if not each.here.by}
    ways = {(each.measure, each.statistic): each for each in compared.waterfalls}
    answers = tuple(
        _answer(known[name], ways.get(name), assumptions, finished=finished)
        for name in WATERFALLS if name in known
    )
    return Disagreement(scenario, a, b, assumptions, compared, answers)


def _answer(
    difference: Difference, way: Waterfall | None, assumptions: Sequence[Assumption], *, finished: bool
) -> Answer:
    swaps = _swaps(way, assumptions, known=differences.differs(difference.difference)) if way else ()
    verdict = _verdict(difference.difference, swaps, finished=finished)
    if verdict == "no disagreement" and _may_be_far_apart(difference):
        verdict = "cannot be said"
    return Answer(difference, swaps, verdict, way.method if way else "")


def _may_be_far_apart(told: Difference) -> bool:
    """Whether so few runs were made that what they leave open is as much as would matter."""
    low, high = told.difference.low or 0.0, told.difference.high or 0.0
    level = max(abs(told.here.value or 0.0), abs(told.there.value or 0.0))
    return max(abs(low), abs(high)) > MATTERS * level


def _verdict(difference: Estimate, swaps: Sequence[Swap], *, finished: bool) -> Verdict:
    if difference.value is None or difference.low is None:
        return "cannot be said"
    if not differences.differs(difference):
        return "no disagreement"
    if not swaps:
        return "cannot be said" if finished else "not finished"
    enough = sum(swap.is_enough for swap in swaps)
    return "several" if enough > 1 else "one" if enough else "none"


def _swaps(way: Waterfall, assumptions: Sequence[Assumption], *, known: bool) -> tuple[Swap, ...]:
    """Every swap, the one that alone moves furthest first; of a difference not `known` none is enough."""
    towards = 1.0 if way.end >= way.start else -1.0
    swaps = [_swap(way, share, towards, assumptions, known=known) for share in way.shares]
    return tuple(sorted(swaps, key=lambda swap: _how_far(swap, towards), reverse=True))


def _swap(
    way: Waterfall, share: Share, towards: float, assumptions: Sequence[Assumption], *, known: bool
) -> Swap:
    sides = share.first, share.last
    from_a, from_b = (_pairs(way, values) for values in sides)
    half = towards * way.whole / 2
    is_enough, is_against = (
        known and all(_is_sure(_pairs(way, sign * towards * values - half)) for values in sides)
        for sign in (1.0, -1.0)
    )
    return Swap(_of(share.change, assumptions), share.change, from_a, from_b, share.difference, is_enough,
                is_against)


def _pairs(way: Waterfall, values: Numbers) -> Estimate:
    name = (way.measure, way.statistic, way.unit, way.by)
    return estimate_of(values, *name, None, OVER_PAIRS, "pairs of runs")


def _is_sure(more: Estimate) -> bool:
    """Whether it is above 0 with 95 % sureness."""
    return more.low is not None and more.low > 0


def _of(change: Change, assumptions: Sequence[Assumption]) -> tuple[Assumption, ...]:
    keys = change.before if isinstance(change.before, Mapping) else (change.key,)
    return tuple(each for each in assumptions if any(_is_in(key, each.places) for key in keys))


def _is_in(key: str, places: Sequence[Place]) -> bool:
    # The number of a site is its parameter's.
    return any(str(place) in (key, key.rpartition(".")[0]) for place in places)


def _how_far(swap: Swap, towards: float) -> tuple[float, float]:
    """How far a swap alone moves towards the other side, from the side where that is less; then its share."""
    ends = (swap.from_a.value, swap.from_b.value)
    least = min(towards * end for end in ends if end is not None) if None not in ends else -np.inf
    return least, towards * (swap.share.value or 0.0)
