"""Numbers that an arithmetic can take, and messages in three parts for those it cannot."""

from __future__ import annotations

import math

from careload.clinic import UsageError


def at_least_zero(name: str, value: float, unit: str) -> float:
    """`value` when it is a finite number of 0 or more."""
    return _checked(name, value, unit, 0 <= value < math.inf, "a finite number of 0 or more")


def above_zero(name: str, value: float, unit: str) -> float:
    """`value` when it is a finite number above 0."""
    return _checked(name, value, unit, 0 < value < math.inf, "a finite number above 0")


def below_one(name: str, value: float) -> float:
    """`value` when it is a share of at least 0 and below 1: something must be left."""
    return _checked(name, value, "as a part of 1", 0 <= value < 1, "a share of at least 0 and below 1")


def between_zero_and_one(name: str, value: float) -> float:
    """`value` when it is a share, both ends left out."""
    return _checked(name, value, "as a part of 1", 0 < value < 1, "a share above 0 and below 1")


def a_share(name: str, value: float) -> float:
    """`value` when it is a share from 0 to 1."""
    return _checked(name, value, "as a part of 1", 0 <= value <= 1, "a share from 0 to 1")


def _checked(name: str, value: float, unit: str, fits: bool, expected: str) -> float:
    if not fits:
        way = unit if unit.startswith("as ") else f"in {unit}"
        raise UsageError(f"{name} is {value:g} ({unit}).", expected, f"Give {name} {way}.")
    return value
