"""Models made by hand: a belief of every kind about every parameter of a ready service."""

from __future__ import annotations

from datetime import date
from itertools import cycle
from typing import Any

import numpy as np

from careload.clinic import Service, read_service
from careload.model import Belief, HoldOut, Model
from careload.model.belief import NUMBER_OF_DRAWS, interval
from careload.model.explain import places_of
from careload.model.prior import parameter_at
from careload.simulate import ready_service

KINDS: tuple[dict[str, Any], ...] = (
    {"origin": "records", "determined": "well", "formula": "events / days",
     "counts": {"events": 812, "days": 40_000}},
    {"origin": "records", "determined": "roughly", "formula": "events / days",
     "counts": {"events": 7, "days": 900}},
    {"origin": "simulation", "determined": "weakly", "formula": "runs that look like the records",
     "counts": {"runs": 800}, "source": "a study", "mark": "read"},
    {"origin": "lower bound", "determined": "well", "formula": "visits held / weeks",
     "counts": {"visits": 5_000}},
    {"origin": "prior", "determined": "not identified", "source": "a review", "mark": "second-hand",
     "note": "What would settle it: staff surveys each quarter."},
    {"origin": "given", "determined": "given"},
)
DOUBTED = ("records", "simulation", "lower bound", "prior")


def made_model(
    service: Service | None = None, hold_out: HoldOut | None = None, warnings: tuple[str, ...] = ()
) -> Model:
    """A model of a ready service, its numbers believed in turn in every way there is."""
    service = service or read_service(ready_service("solo"))
    kinds, beliefs = cycle(KINDS), []
    for place, value in places_of(service):
        number = isinstance(value, float) and value > 0
        beliefs.append(_belief(place, value, next(kinds) if number else KINDS[0], number))
    first, last = date(2022, 1, 3), date(2023, 12, 31)
    return Model("the records of a practice", first, last, 1, tuple(beliefs), service, hold_out, warnings)


def _belief(place: str, value: Any, kind: dict[str, Any], number: bool) -> Belief:
    unit = parameter_at(place).unit
    if not number or kind["origin"] not in DOUBTED:
        return Belief(place, value, unit, **kind)
    draws = value * np.linspace(0.8, 1.2, NUMBER_OF_DRAWS)
    low, high = interval(draws)
    return Belief(place, value, unit, low, high, draws=draws, **kind)
