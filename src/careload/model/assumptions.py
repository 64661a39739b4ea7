"""An assumption set as a file: what somebody holds of a few parameters, each value with its source.

    union = read_assumptions("union.toml")
    service = with_assumptions(read_service("service.toml"), union)
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from careload.clinic import (
    MARKS,
    Lines,
    Mark,
    Parameter,
    Problems,
    Service,
    SettingsError,
    Spot,
    nearest,
    parse_toml,
    read_text,
    read_value,
    registry,
)

KEYS = ("name", "whose", "value")
KEYS_OF_A_VALUE = ("place", "value", "source", "mark")
EVERY = "*"
NEED_THE_SERVICE = ("by_site", "by_need", "name", "names")
"""Kinds of value that can only be checked against the sites and names of a service."""


@dataclass(frozen=True)
class Place:
    """Where in a service something is held: ``need.*.visits_needed``, ``workforce.ramp_from``.

    section    of the service file
    table      name of the table; ``*`` for every table of the section, "" where the section has only one
    parameter  name in it
    site       of a number for each site, the one it is about; "" for all
    """

    section: str
    table: str
    parameter: str
    site: str = ""

    def __str__(self) -> str:
        parts = (self.section, self.table, self.parameter, self.site)
        return ".".join(part for part in parts if part)


@dataclass(frozen=True)
class Held:
    """One value that a party holds.

    place   where in the service
    value   as the service file would have it
    source  where it comes from
    mark    how sure that is: read, second-hand, computed, assumed
    """

    place: Place
    value: Any
    source: str
    mark: Mark


@dataclass(frozen=True)
class AssumptionSet:
    """Named values for what parties dispute: all that somebody holds of a service.

    name    of the set
    whose   who holds it
    values  what is held, each place once
    """

    name: str
    whose: str
    values: tuple[Held, ...]


def read_assumptions(path: str | os.PathLike[str]) -> AssumptionSet:
    """Read an assumption set.

    Raises `SettingsError` (exit code 4) when the file is not there, is no TOML, or does not hold together;
    all errors are told at once, each with its line, what was expected, and what to do.
    """
    return parse_assumptions(*read_text(path, "assumption set", "Check the path."))


def parse_assumptions(text: str, origin: str = "assumption set") -> AssumptionSet:
    """The same from text; `origin` names the file in messages."""
    expected = "name, whose, and a [[value]] for each assumption"
    document = parse_toml(text, origin, expected, "Correct that line.")
    problems = Problems(origin, whole="an assumption set in which every value holds",
                        page="docs/assumption-sets.md")
    root = Spot(document, (), Lines(text), problems)
    root.only_keys(KEYS, "name, whose or [[value]]")
    name, whose = (_told(root, key, means) for key, means in (
        ("name", "what the set is called"), ("whose", "who holds these values, or who invented them"),
    ))
    held = _each_once(root)
    problems.raise_all()
    return AssumptionSet(name, whose, tuple(held))


def with_assumptions(service: Service, held: AssumptionSet) -> Service:
    """The service with the values of an assumption set.

    A ``*`` stands for every table of the section in this service; a table that is named beats it. All values
    are set together, so that shares that must sum to one may be changed.

    Raises `SettingsError` for a table that the service does not have, or values that do not hold in it.
    """
    values = {str(place): copy.deepcopy(each.value) for place, each in places_in(service, held).items()}
    try:
        return service.changed(values, held.name)
    except SettingsError as error:
        found = error.found if error.found.startswith(held.name) else f"{held.name}: {error.found}"
        raise SettingsError(found, error.expected, error.remedy) from None


def places_in(service: Service, held: AssumptionSet) -> dict[Place, Held]:
    """Every place of a service that a set speaks of, without ``*``, and what it holds there."""
    by_care = sorted(held.values, key=lambda each: (each.place.table != EVERY, bool(each.place.site)))
    return {place: each for each in by_care for place in _tables(service, each.place)}


def _tables(service: Service, place: Place) -> Iterator[Place]:
    for table in service[place.section] if place.table == EVERY else (place.table,):
        yield Place(place.section, table, place.parameter, place.site)


def _told(spot: Spot, key: str, means: str) -> str:
    """The text under a key that may not be missing; "", and the reason told, where it is."""
    text = spot.text(key)
    if not text.strip() and (key not in spot.value or isinstance(spot.value[key], str)):
        missing = f"[[{spot.name}]] has no {key}." if spot.path else f"It has no {key}."
        spot.tell(missing, f"{key}: {means}", f'Add {key} = "…".')
    return text


def _each_once(root: Spot) -> list[Held]:
    found: dict[Place, Held] = {}
    spots = list(root.tables("value"))
    if not spots and not root.value.get("value"):
        root.tell("It holds no value.", "at least one [[value]]",
                  "Add [[value]] with place, value, source and mark.")
    for spot in spots:
        held = _held(spot)
        if held and held.place in found:
            spot.at("place").tell(f"{held.place} is held twice.", "each place once", "Take one of them out.")
        elif held:
            found[held.place] = held
    return list(found.values())


def _held(spot: Spot) -> Held | None:
    """One [[value]]; None, and every reason told, when it does not hold."""
    spot.only_keys(KEYS_OF_A_VALUE, "place, value, source or mark")
    text = _told(spot, "place", "where in a service it stands")
    source = _told(spot, "source", "where the value comes from, or that it is assumed")
    mark = _mark(spot)
    place = _place(spot, text) if text.strip() else None
    if "value" not in spot.value:
        spot.tell("[[value]] has no value.", "what is held there", "Add value = ….")
    elif place:
        _check(spot.at("value"), registry()[place.section].parameters[place.parameter], place)
    return Held(place, spot.value.get("value"), source, mark) if place and mark else None


def _mark(spot: Spot) -> Mark | None:
    text = _told(spot, "mark", f"how sure the source is: {', '.join(MARKS)}")
    found: Mark | None = next((mark for mark in MARKS if mark == text), None)
    if text.strip() and not found:
        spot.at("mark").tell(f"There is no mark {text!r}.", f"one of {', '.join(MARKS)}",
                             nearest(text, MARKS))
    return found


def _place(spot: Spot, text: str) -> Place | None:
    """Where a dotted place leads; None, and the reason told, where it leads nowhere."""
    section, _, rest = text.partition(".")
    at = spot.at("place")
    if section not in registry():
        at.tell(f"There is no parameter {text!r}.", "a section of a service and a parameter of it",
                nearest(section, registry()))
        return None
    known = registry()[section]
    table, parameter, site = _parts(rest, tuple(known.parameters)) if known.many else ("", rest, "")
    if parameter not in known.parameters:
        at.tell(f"There is no {parameter or 'parameter'!r} in {text!r}.", f"a parameter of [{section}]",
                nearest(parameter, known.parameters))
        return None
    if known.many and not table:
        at.tell(f"{text!r} does not say of which {section}.", f"{section}.{EVERY}.{parameter}, or a name",
                f"Write {section}.{EVERY}.{parameter} for every {section}.")
        return None
    if site and known.parameters[parameter].kind not in ("by_site", "by_need"):
        at.tell(f"{parameter} has no number for each site, so {text!r} is no place.",
                f"{section}.{table}.{parameter}", f"Leave out {site!r}.")
        return None
    return Place(section, table, parameter, site)


def _parts(rest: str, parameters: tuple[str, ...]) -> tuple[str, str, str]:
    """Table, parameter and site of the rest of a place; a name of a table may hold dots itself."""
    before, _, last = rest.rpartition(".")
    table, _, middle = before.rpartition(".")
    if last not in parameters and middle in parameters:
        return table, middle, last
    return before, last, ""


def _check(spot: Spot, parameter: Parameter, place: Place) -> None:
    """Tell a value that cannot hold in any service."""
    if parameter.kind in NEED_THE_SERVICE and not place.site:
        return
    if not place.site:
        read_value(spot, parameter, {})
    elif isinstance(spot.value, bool) or not isinstance(spot.value, int | float):
        spot.tell(f"{parameter.name} is {spot.value!r}.", f"a number, in {parameter.unit}",
                  f"Give a number. It means: {parameter.meaning}")
