"""What may be decided: levers as data (`levers.toml`), and how far one may be pulled in a plan."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from careload.clinic import Parameter, Service, registry

Moves = Literal["more", "less", "either"]
Price = Literal["post", "pay", "hour", "patient", "unit", "none"]
PRICED = ("hour", "patient", "unit")
"""Prices that only the goals file knows."""


@dataclass(frozen=True)
class LeverKind:
    """Something that can be decided.

    name              ``posts``
    section           of a service that it moves
    parameter         in it
    moves             which way a plan may move it
    whole             only whole numbers can be decided
    price             what a unit costs
    meaning           in a sentence
    lifts             shortcuts that are none where this lever pays for them
    """

    name: str
    section: str
    parameter: str
    moves: Moves
    whole: bool
    price: Price
    meaning: str
    lifts: tuple[str, ...] = ()

    @property
    def registered(self) -> Parameter:
        """What the registry says of the parameter: unit, range, who may change it."""
        return registry()[self.section].parameters[self.parameter]


@dataclass(frozen=True)
class Lever:
    """A lever a plan may use.

    kind     what it is
    of       tables of the section it moves, all that may be; () where the section has one
    low      least value it may be given, in the unit of the parameter; None for that of today
    high     most value likewise
    step     between values that are tried
    cost     of one unit a year, in the currency of the service, where the kind has a price of its own
    source   of the cost, or of how many want it; "" where nothing needs one
    after_days  of care elsewhere: days of waiting after which it is offered
    wait_days   of care elsewhere: days people then wait there, which no run can see and every report tells
    """

    kind: LeverKind
    of: tuple[str, ...]
    low: float | None
    high: float | None
    step: float
    cost: float
    source: str
    after_days: int = 0
    wait_days: float = 0.0

    def places(self) -> tuple[str, ...]:
        """Dotted places of a service that it moves."""
        section, parameter = self.kind.section, self.kind.parameter
        return tuple(f"{section}.{name}.{parameter}" for name in self.of) or (f"{section}.{parameter}",)

    def ends(self, today: float) -> tuple[float, float]:
        """The least and most value it may be given where today it has one; whichever way is not open ends
        there."""
        low = today if self.kind.moves == "more" or self.low is None else min(self.low, today)
        high = today if self.kind.moves == "less" or self.high is None else max(self.high, today)
        return low, high


@cache
def lever_kinds() -> Mapping[str, LeverKind]:
    """Every lever there is, by name."""
    text = files("careload.staff.goals").joinpath("levers.toml").read_text(encoding="utf-8")
    return {name: _kind(name, own) for name, own in tomllib.loads(text).items()}


def _kind(name: str, own: Mapping[str, Any]) -> LeverKind:
    section, parameter = own["place"].split(".")
    return LeverKind(name, section, parameter, own["moves"], own["whole"], own["price"], own["meaning"],
                     tuple(own.get("lifts", ())))


def parts_of(place: str) -> tuple[str, str, str]:
    """Section, table and parameter of a dotted place; table "" of a section with one. Names may hold dots."""
    section, _, rest = place.partition(".")
    table, _, parameter = rest.rpartition(".")
    return section, table, parameter


def value_at(service: Service, place: str) -> float:
    """The number at a dotted place that a lever moves."""
    section, table, parameter = parts_of(place)
    return float((service[section][table] if table else service[section])[parameter])
