"""The levers of a goals file."""

from __future__ import annotations

from collections.abc import Iterator

from careload.clinic import Service, Spot
from careload.staff.goals.lever import PRICED, Lever, LeverKind, lever_kinds
from careload.staff.goals.values import number_at, told_unless_known

KEYS = ("of", "at_least", "at_most", "step", "cost", "source", "after_days", "wait_days")
ELSEWHERE = ("after_days", "wait_days")
"""What only care elsewhere has, and has to say: when it is offered, and how long people wait there."""
MOST_DAYS = 3650
STEPS = 10
"""Of a lever whose step is not given, as many lie between its ends."""
WANTED = ("group_share",)
"""Levers of which the file says with a source how far patients want them pulled."""


def read_levers(table: Spot, service: Service) -> Iterator[Lever]:
    """Every lever that holds together; why not, is told of the others."""
    kinds = lever_kinds()
    for name in table.value:
        if told_unless_known(table.at(name), "lever", str(name), kinds):
            found = _lever(table.table(name), kinds[str(name)], service)
            if found:
                yield found


def _lever(spot: Spot, kind: LeverKind, service: Service) -> Lever | None:
    parameter = kind.registered
    spot.only_keys(KEYS, f"one of {', '.join(KEYS)}")
    low, high = (number_at(spot, key, parameter.low, parameter.high) for key in ("at_least", "at_most"))
    ends = {"more": [high], "less": [low], "either": [low, high]}[kind.moves]
    if all(end is None for end in ends):
        wanted = {"more": "at_most", "less": "at_least", "either": "at_most or at_least"}[kind.moves]
        spot.tell(f"[{spot.name}] has no end.", f"{wanted}: how far it may be pulled",
                  f"Give one, in {parameter.unit}.")
        return None
    if low is not None and high is not None and low > high:
        spot.tell(f"[{spot.name}] goes from {low:g} to {high:g}.", "at_least no more than at_most",
                  "Change one of them.")
    cost, source = number_at(spot, "cost", 0, None), spot.text("source")
    if kind.price in PRICED and not cost:
        spot.tell(f"[{spot.name}] has no cost.", f"cost: what each {kind.price} costs",
                  "Add cost and source.")
    if (kind.price in PRICED or kind.name in WANTED) and not source:
        spot.tell(f"[{spot.name}] has no source.",
                  "source: where the number comes from, or that it is assumed", 'Add source = "…".')
    of, (after, wait) = _of(spot, kind.section, service), _elsewhere(spot, kind)
    return Lever(kind, of, low, high, _step(spot, kind, low, high), cost or 0.0, source, int(after), wait)


def _elsewhere(spot: Spot, kind: LeverKind) -> tuple[float, float]:
    """Of care elsewhere, days until it is offered and days people wait there; else none."""
    days = [number_at(spot, key, 0, MOST_DAYS) for key in ELSEWHERE]
    for key, own in zip(ELSEWHERE, days, strict=True):
        if kind.price == "patient" and own is None:
            spot.tell(f"[{spot.name}] has no {key}.",
                      "after_days: when care elsewhere is offered; wait_days: how long people wait there",
                      f"Add {key}.")
    return days[0] or 0.0, days[1] or 0.0


def _step(spot: Spot, kind: LeverKind, low: float | None, high: float | None) -> float:
    """The step between values that are tried: as told, 1 of whole numbers, else a tenth of the span."""
    told = number_at(spot, "step", 1 if kind.whole else 1e-6, None)
    if told is not None:
        return told
    span = abs((high or 0.0) - (low or 0.0))
    return 1.0 if kind.whole else (span or 1.0) / STEPS


def _of(spot: Spot, section: str, service: Service) -> tuple[str, ...]:
    """The tables a lever moves: those named, else all."""
    known = tuple(service[section]) if section in ("team", "profession", "need", "site") else ()
    named = spot.texts("of")
    for name in named:
        told_unless_known(spot.at("of"), section, name, known)
    return named or known
