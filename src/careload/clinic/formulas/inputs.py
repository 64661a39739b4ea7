"""Inputs that a formula can take, and messages in three parts for those it cannot."""

from __future__ import annotations

import math

from careload.clinic.errors import UsageError


def positive(name: str, value: float, unit: str) -> float:
    """`value` when it is a finite number above 0."""
    return _checked(name, value, unit, 0 < value < math.inf, "a finite number above 0")


def not_negative(name: str, value: float, unit: str) -> float:
    """`value` when it is a finite number of 0 or more."""
    return _checked(name, value, unit, 0 <= value < math.inf, "a finite number of 0 or more")


def share(name: str, value: float) -> float:
    """`value` when it is a share, 0 to 1."""
    return _checked(name, value, "as a part of 1", 0 <= value <= 1, "a share from 0 to 1")


def part(name: str, value: float) -> float:
    """`value` when it is a share below 1: something must be left."""
    return _checked(name, value, "as a part of 1", 0 <= value < 1, "a share of at least 0 and below 1")


def whole(name: str, value: int, unit: str, least: int = 0) -> int:
    """`value` when it is a whole number of at least `least`."""
    fits = least <= value < math.inf and value == int(value)
    return int(_checked(name, value, unit, fits, f"a whole number of at least {least}"))


def _checked(name: str, value: float, unit: str, fits: bool, expected: str) -> float:
    if not fits:
        raise UsageError(f"{name} is {value:g} ({unit}).", expected, f"Give {name} {_in(unit)}.")
    return value


def _in(unit: str) -> str:
    return unit if unit.startswith("as ") else f"in {unit}"
