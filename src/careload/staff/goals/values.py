"""Numbers, switches, days and names of a goals file, each told with its line when it does not hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from careload.clinic import Spot, nearest

TOO_LARGE = 1e300


def whole_at(spot: Spot, key: str, low: int, high: int) -> int | None:
    """The whole number under a key, likewise."""
    found = number_at(spot, key, low, high)
    if found is not None and found != int(found):
        spot.at(key).tell(f"{key} is {found:g}.", f"a whole number from {low} to {high}", "Give a whole one.")
        return None
    return None if found is None else int(found)


def number_at(spot: Spot, key: str, low: float | None, high: float | None) -> float | None:
    """The number under a key, between two ends; None where there is none, or it does not hold and why is
    told."""
    value = spot.value.get(key)
    if value is None:
        return None
    good = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < TOO_LARGE
    if not good or (low is not None and value < low) or (high is not None and value > high):
        spot.at(key).tell(f"{key} is {value!r}.", f"a number{_range(low, high)}", "Give another number.")
        return None
    return float(value)


def switch_at(spot: Spot, key: str, *, default: bool) -> bool:
    """true or false under a key."""
    value = spot.value.get(key, default)
    if not isinstance(value, bool):
        spot.at(key).tell(f"{key} is {value!r}.", "true or false", f"Write {key} = true, or false.")
        return default
    return value


def day_at(spot: Spot, key: str, default: date | None = None) -> date:
    """The day under a key; the first day there is, and the reason told, where there is none."""
    value = spot.value.get(key, default)
    if isinstance(value, datetime) or not isinstance(value, date):
        told = f"{key} is {value!r}." if value is not None else f"There is no {key}."
        spot.tell(told, f"{key}: a date such as 2026-07-01", f"Write {key} = 2026-07-01, without quotes.")
        return date.min
    return value


def told_unless_known(spot: Spot, what: str, name: str, known: Collection[str]) -> bool:
    """Whether a name is one of those known; told where it is not."""
    if name not in known:
        spot.tell(f"There is no {what} {name!r}.", f"one of {', '.join(known)}" if known else "no name",
                  nearest(name, known))
    return name in known


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    return f" of {low:g} or more" if low is not None else f" of {high:g} or less" if high is not None else ""
