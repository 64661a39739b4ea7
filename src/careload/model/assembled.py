"""A service from what is believed: every parameter has a belief, and together they hold."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from careload.clinic import Parameter, Section, Service, registry, service_from
from careload.model.belief import Belief, Beliefs
from careload.model.evidence import Evidence
from careload.model.family import by_assumption
from careload.model.known import source_of
from careload.model.otherwise import by_records
from careload.model.prior import parameter_at, pattern_of
from careload.model.together import held_together

ROUNDING = 1e-6
OF_A_PLAN = ("team.opens_after_days",)
"""What only a plan says: of a service as it is nothing is to be believed of it."""
OTHERS, LEFT, SIX = ("overflow_displaced", "overflow_unpaid"), "overflow_undone", 6


def completed(found: Beliefs, evidence: Evidence) -> Beliefs:
    """What was found, what is known beside the records, and of all else what was believed before.

    What is known beside the records stands above what they say: whoever asks takes it as given.
    """
    found = held_together(found)
    every = {place: found.get(place) or by_assumption(place, evidence, "") for place in _places(found)}
    every |= {place: _given(belief, evidence.known)
              for place, belief in every.items() if place in evidence.known}
    return {place: _with_remedy(belief) for place, belief in _whole(every).items()}


def service_of(beliefs: Iterable[Belief], name: str) -> Service:
    """The service in which every parameter has the value believed in.

    Raises `SettingsError` when they do not hold together.
    """
    document: dict[str, Any] = {"name": name}
    for belief in beliefs:
        table = document
        *tables, key = keys_of(belief.place)
        for each in tables:
            table = table.setdefault(each, {})
        table[key] = _as_written(belief.value, parameter_at(belief.place))
    return service_from(document, name)


def keys_of(place: str) -> list[str]:
    """The keys of a place; names of tables and sites may hold dots themselves."""
    section, _, rest = place.partition(".")
    if not registry()[section].many:
        return [section, rest]
    parameter = parameter_at(place).name
    name, _, site = rest.partition(f".{parameter}")
    return [section, name, parameter, *([site.removeprefix(".")] if site else [])]


def _places(found: Beliefs) -> Iterator[str]:
    """Every place of a service that has the tables of what was found."""
    keys = [keys_of(place) for place in found]
    for section in registry().values():
        names = dict.fromkeys(each[1] for each in keys if each[0] == section.name and section.many)
        # A site is known by the teams that work there, and a profession by those who belong to it.
        named = [belief.value for place, belief in found.items()
                 if place.startswith("team.") and place.endswith(f".{section.name}")]
        yield from _of_section(section, list(names | dict.fromkeys(named)), found)


def _of_section(section: Section, names: list[str], found: Beliefs) -> Iterator[str]:
    for name in names if section.many else [""]:
        head = f"{section.name}.{name}." if section.many else f"{section.name}."
        for parameter in section.parameters.values():
            if f"{section.name}.{parameter.name}" in OF_A_PLAN:
                continue
            if parameter.kind in ("by_site", "by_need"):
                start = f"{head}{parameter.name}."
                yield from (place for place in found if place.startswith(start))
            elif parameter.default is not None or f"{head}{parameter.name}" in found:
                yield f"{head}{parameter.name}"


def _whole(beliefs: Beliefs) -> Beliefs:
    """Beliefs whose shares are parts of a whole also as a file keeps them, to six digits."""
    found = dict(beliefs)
    for place, belief in beliefs.items():
        if place.endswith(f".{LEFT}"):
            others = [place.replace(LEFT, name) for name in OTHERS]
            for other in others:
                found[other] = replace(found[other], value=round(float(found[other].value), SIX))
            rest = 1 - sum(float(found[other].value) for other in others)
            found[place] = replace(belief, value=round(rest, SIX))
            found |= _draws_of_a_whole([found[each] for each in (*others, place)])
        if place.endswith(".ed_share"):
            found |= _no_more_than_all(belief, found[place.replace("ed_share", "admission_share")])
    return found


def _no_more_than_all(ed: Belief, admission: Belief) -> Beliefs:
    """Shares of crises that are parts of one whole: together never more than all of them."""
    value = max(1.0, float(ed.value) + float(admission.value))
    parts = [replace(part, value=round(float(part.value) / value - ROUNDING, SIX)) if value > 1 else part
             for part in (ed, admission)]
    if len(ed.draws) and len(admission.draws):
        whole = np.maximum(1.0, (ed.draws + admission.draws) * (1 + ROUNDING))
        parts = [replace(part, draws=part.draws / whole) for part in parts]
    return {part.place: part for part in parts}


def _draws_of_a_whole(parts: list[Belief]) -> Beliefs:
    """The same with draws that sum to one: what is believed of each apart does not."""
    if not all(len(part.draws) for part in parts):
        return {}
    whole = sum(part.draws for part in parts)
    return {part.place: replace(part, draws=part.draws / whole) for part in parts}


def _given(belief: Belief, known: Mapping[str, Any]) -> Belief:
    """What was given instead of what was found, and what was found where it says otherwise."""
    value, (source, mark) = known[belief.place], source_of(known, belief.place)
    return Belief(belief.place, value, belief.unit, origin="given", determined="given", source=source,
                  mark=mark, otherwise=tuple(by_records(value, belief)))


def _with_remedy(belief: Belief) -> Belief:
    """A belief that the records do not determine names the data that would."""
    if belief.determined != "not identified":
        return belief
    remedy = settled_by(belief.place)
    words = [belief.note, f"What would settle it: {remedy}." if remedy else ""]
    return replace(belief, note=" ".join(word for word in words if word))


def settled_by(place: str) -> str:
    """The records that would settle a parameter; "" for what no record can, such as a decision."""
    pattern = pattern_of(place)
    return _settled_by().get(pattern) or _settled_by().get(f"{pattern.partition('.')[0]}.*", "")


@lru_cache(maxsize=1)
def _settled_by() -> Mapping[str, str]:
    text = resources.files(__package__).joinpath("settled_by.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _as_written(value: Any, parameter: Parameter) -> Any:
    """A value as a service file writes it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return list(value)
    if parameter.kind == "whole":
        return round(value)
    if isinstance(value, float) and parameter.low is not None and parameter.high is not None:
        return min(max(value, parameter.low), parameter.high)
    return value
