"""Where one number of a service comes from, back to what was counted and the formula."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careload.clinic import Parameter, Service, UsageError, nearest, read_service, registry
from careload.model.belief import ORIGINS, WORDS, Belief, Other
from careload.model.prior import Prior, parameter_at, prior_of
from careload.model.written import read_beliefs

SAME = 1e-4
"""Relative difference up to which a value of the file is the one fitted: files keep six digits."""


@dataclass(frozen=True)
class Explanation:
    """Where one number comes from.

    place      of the parameter
    value      as the service file has it
    parameter  its definition: unit, meaning, range, who may change it
    belief     what a fit said of it; None where no fit is known
    prior      what is believed of it without records; None where nobody can say
    changed    whether the file has another value than the fit
    """

    place: str
    value: Any
    parameter: Parameter
    belief: Belief | None
    prior: Prior | None
    changed: bool

    def __str__(self) -> str:
        return "\n".join(_sentences(self))


def explain(path: str | os.PathLike[str], what: str) -> tuple[Explanation, ...]:
    """Where the numbers of a parameter come from.

    path  a service file, with what is believed beside it if it was fitted
    what  a place (``need.anxiety.dropout_per_day``), or its last words for all places that end so
          (``dropout_per_day``)

    Raises `UsageError` for a parameter the service does not have, `SettingsError` for a file that does not
    hold.
    """
    service, beliefs = read_service(path), read_beliefs(path)
    values = dict(places_of(service))
    chosen = [place for place in values if place == what or f".{place}.".find(f".{what}.") >= 0]
    if not chosen:
        names = {place.rpartition(".")[2] for place in values} | set(values)
        raise UsageError(f"The service has no parameter {what!r}.",
                         "a parameter of it, such as dropout_per_day", nearest(what, sorted(names)))
    return tuple(_explanation(place, values[place], beliefs.get(place)) for place in chosen)


def _explanation(place: str, value: Any, belief: Belief | None) -> Explanation:
    changed = belief is not None and not _same(value, belief.value)
    return Explanation(place, value, parameter_at(place), belief, prior_of(place), changed)


def places_of(service: Service) -> Iterator[tuple[str, Any]]:
    """Every place of a service with its value."""
    for section in registry().values():
        own = service[section.name]
        tables = {f"{section.name}.{name}": each for name, each in own.items()} if section.many else {
            section.name: own}
        for table, values in tables.items():
            for name, value in values.items():
                if isinstance(value, Mapping):
                    yield from ((f"{table}.{name}.{site}", each) for site, each in value.items())
                else:
                    yield f"{table}.{name}", value


def _same(value: Any, fitted: Any) -> bool:
    if isinstance(value, float | int) and isinstance(fitted, float | int):
        return abs(value - fitted) <= SAME * max(abs(value), abs(fitted))
    if isinstance(value, tuple) and isinstance(fitted, list | tuple):
        return len(value) == len(fitted) and all(_same(a, b) for a, b in zip(value, fitted, strict=True))
    return str(value if value is not None else "") == str(fitted if fitted is not None else "")


def _sentences(found: Explanation) -> Iterator[str]:
    parameter, belief = found.parameter, found.belief
    yield f"{found.place} = {_told(found.value)}"
    yield f"  {parameter.meaning} In {parameter.unit}. Who may change it: {parameter.who}."
    if belief is None:
        yield f"  No fit is known of it. Default of the registry: {parameter.default}"
        yield f"  ({parameter.mark}: {parameter.source})."
    else:
        yield from _of_belief(found, belief)
    if found.prior is not None:
        prior = found.prior
        yield (f"  Without records: {prior.low:g} to {prior.high:g} nine times in ten "
               f"({prior.mark}: {prior.source}).")


def _of_belief(found: Explanation, belief: Belief) -> Iterator[str]:
    if found.changed:
        yield f"  Changed by hand since the fit, which had {_told(belief.value)}."
    ends = "" if belief.low is None else f", {belief.low:.4g} to {belief.high:.4g} nine times in ten"
    yield f"  Fitted: {_told(belief.value)}{ends}: {ORIGINS[belief.origin]}; {WORDS[belief.determined]}."
    if belief.formula:
        yield f"  Formula: {belief.formula}."
    if counts := belief.counted:
        yield f"  Counted: {counts}."
    if belief.note:
        yield f"  {belief.note}"
    if belief.source:
        yield f"  Source ({belief.mark}): {belief.source}."
    yield from (f"  {_other(each)}" for each in belief.otherwise)


def _other(other: Other) -> str:
    """What somebody else says; whether it is within the interval is said too."""
    said = [] if other.value is None else [_told(other.value)]
    if other.low is not None and other.high is not None:
        said.append(f"{other.low:.4g} to {other.high:.4g} nine times in ten")
    said += ["inside the interval"] * other.inside
    source = ": ".join(each for each in (other.mark, other.source) if each)
    verb = "Beside it" if other.inside else "Otherwise"
    return f"{verb}: {other.who}: {', '.join(said)}{f' ({source})' if source else ''}."


def _told(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
