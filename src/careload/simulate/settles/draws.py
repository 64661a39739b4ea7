"""Draws of what is disputed: from which ranges, how they are spread, and which parameter decides.

By default every parameter that the registry leaves to "an assumption set" is drawn, if it changes anything in
the service at hand: from half to twice its value, as likely above as below (uniform in its logarithm), within
the range of the registry. One level is drawn for a parameter of many tables, such as the dropout of each need
group. What may have either sign is uniform around 0; the three shares of the overflow are uniform over all
that sum to one (Dirichlet with 1, 1, 1). Draws are spread by a Latin hypercube: with N draws, each parameter
has one in every N-th part of its range (McKay, Beckman & Conover 1979).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from careload.clinic import Parameter, Service, UsageError, nearest, registry
from careload.simulate.plan import plan_of
from careload.simulate.settles.doubt import Doubt, Numbers, rank_correlation

SPREAD = 2.0
SIGNED = {"need.*.progress_lost_per_doubling": 0.2, "need.*.referrals_per_wait": 0.05}
"""Half the width of the ranges around 0: twice the default of the first; of the second nothing is known."""
MOVES_NOBODY = {"need.*.ed_share"}
"""Counted only: nobody waits longer or shorter for it."""
OVERFLOW = tuple(f"profession.*.overflow_{way}" for way in ("displaced", "unpaid", "undone"))
DISPUTED = "an assumption set"

Ranges = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Prior:
    """Where a parameter is drawn from.

    place      ``workforce.ramp_from``; ``need.*.dropout_per_day`` for that of every need group
    low, high  ends of the range
    mode       most likely value of a triangle; None for a uniform range
    times      ends are factors of the value in the file, uniform in their logarithm
    """

    place: str
    low: float
    high: float
    mode: float | None = None
    times: bool = False

    def at(self, level: float) -> float:
        """The value below which a part `level` of the range lies."""
        low, high, mode = self.low, self.high, self.mode
        if self.times:
            return float(low * (high / low) ** level)
        if mode is None or low == high:
            return low + level * (high - low)
        turn = (mode - low) / (high - low)
        if level < turn:
            return low + math.sqrt(level * (high - low) * (mode - low))
        return high - math.sqrt((1 - level) * (high - low) * (high - mode))


def priors_of(service: Service, ranges: Ranges | None = None) -> tuple[Prior, ...]:
    """The ranges given, or those of everything disputed that changes something in this service.

    ranges  place to (low, high) or (low, most likely, high)
    """
    if ranges is not None:
        return tuple(_given(place, ends) for place, ends in ranges.items())
    return tuple(prior for prior in _disputed() if _matters(service, prior))


def _given(place: str, ends: Sequence[float]) -> Prior:
    if len(ends) not in (2, 3) or list(ends) != sorted(ends):
        raise UsageError(
            f"{place} is to be drawn from {list(ends)}.",
            "low and high, or low, most likely and high, in order", "Write two or three numbers.",
        )
    return Prior(place, ends[0], ends[-1], ends[1] if len(ends) == 3 else None)


def _disputed() -> Iterator[Prior]:
    for section in registry().values():
        for parameter in section.parameters.values():
            place = f"{section.name}.{'*.' if section.many else ''}{parameter.name}"
            if parameter.who != DISPUTED or parameter.kind == "switch" or place in MOVES_NOBODY:
                continue
            if place in SIGNED:
                yield Prior(place, -SIGNED[place], SIGNED[place])
            elif place in OVERFLOW:
                yield Prior(place, 0.0, 1.0)
            else:
                yield Prior(place, 1 / SPREAD, SPREAD, times=True)


def _matters(service: Service, prior: Prior) -> bool:
    """Whether the parameter changes the plan; one of the overflow only together with the other two."""
    if prior.place in OVERFLOW:
        return bool(service["mechanisms"]["overload"])
    plan, week = plan_of(service, 7), 7
    return any(
        any(np.asarray(one).tobytes() != np.asarray(other).tobytes() for one, other in zip(
            plan, plan_of(with_values(service, [prior], {prior.place: prior.at(level)}), week), strict=True
        ))
        for level in (0.0, 1.0)
    )


def hypercube(draws: int, columns: int, seed: int) -> Numbers:
    """Levels from 0 to 1, shape (draws, columns): in every column one in each of `draws` equal parts."""
    generator = np.random.Generator(np.random.PCG64(seed))
    parts = np.stack([generator.permutation(draws) for _ in range(columns)], axis=1)
    return np.asarray((parts + generator.random((draws, columns))) / draws)


def drawn(priors: Sequence[Prior], draws: int, seed: int) -> list[dict[str, float]]:
    """Place to value, or to factor, of each draw."""
    levels = hypercube(draws, len(priors), seed) if priors else np.zeros((draws, 0))
    found = [
        {prior.place: prior.at(level) for prior, level in zip(priors, row, strict=True)} for row in levels
    ]
    if {Prior(place, 0.0, 1.0) for place in OVERFLOW} <= set(priors):
        for values in found:
            values.update(_shares({place: values[place] for place in OVERFLOW}))
    return found


def _shares(levels: Mapping[str, float]) -> dict[str, float]:
    """Uniform over all shares that sum to one: exponential numbers over their sum."""
    parts = {place: -math.log1p(-level) for place, level in levels.items()}
    whole = sum(parts.values())
    return {place: part / whole for place, part in parts.items()}


def with_values(service: Service, priors: Sequence[Prior], values: Mapping[str, float]) -> Service:
    """The service with the values of a draw, each within the range of the registry."""
    changes: dict[str, Any] = {}
    for prior in priors:
        for place, parameter, own in _tables(service, prior.place):
            value = values[prior.place] * own if prior.times else values[prior.place]
            low = value if parameter.low is None else max(value, parameter.low)
            within = low if parameter.high is None else min(low, parameter.high)
            changes[place] = round(within) if parameter.kind == "whole" else within
    return service.changed(changes, origin="draw")


def _tables(service: Service, place: str) -> Iterator[tuple[str, Parameter, float]]:
    """Every table a place speaks of: its own place, its parameter, the value there."""
    section, _, rest = place.partition(".")
    parameters = registry()[section].parameters if section in registry() else {}
    own, _, name = rest.rpartition(".")
    parameter = parameters.get(name or rest)
    if parameter is None or parameter.kind not in ("number", "share", "whole"):
        known = [f"{section}.{each}" for each in parameters] or list(registry())
        raise UsageError(f"{place} cannot be drawn.", "the place of a number", nearest(place, known))
    if not own:
        yield place, parameter, service[section][name]
        return
    for each in service[section] if own == "*" else (own,):
        yield f"{section}.{each}.{name}", parameter, service[section][each][name]


@dataclass(frozen=True)
class Draw:
    """One draw and what came of it.

    values   place to the value drawn, or to the factor of the value in the file
    verdict  as for the service itself
    overdue  patients overdue in the last third, mean of both starts
    """

    values: Mapping[str, float]
    verdict: str
    overdue: float


def what_decides(draws: Sequence[Draw], most: int = 3) -> list[tuple[str, Doubt]]:
    """The parameters whose ranks go most with the answer, strongest first.

    The answer is whether the verdict is another than the commonest; where all are the same, how many are
    overdue.
    """
    verdicts = [draw.verdict for draw in draws]
    commonest = max(sorted(set(verdicts)), key=verdicts.count, default="")
    varied = len(set(verdicts)) > 1
    answers = np.array([draw.verdict != commonest if varied else draw.overdue for draw in draws], dtype=float)
    places = list(draws[0].values) if draws else []
    found = [
        (place, rank_correlation(np.array([draw.values[place] for draw in draws]), answers))
        for place in places
    ]
    known = [each for each in found if not math.isnan(each[1].value)]
    return sorted(known, key=lambda each: -abs(each[1].value))[:most]
