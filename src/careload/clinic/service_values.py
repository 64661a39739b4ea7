"""One value of a service file: of the right kind, within its range, told with its line when it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any

from careload.clinic.errors import nearest
from careload.clinic.registry import Kind, Parameter
from careload.clinic.spot import Spot

Names = Mapping[str, tuple[str, ...]]
"""Section to the names of its tables."""
A_DAY = "a date such as 2024-01-01"
UNITLESS = ("switch", "name", "names", "day", "days")


def read_value(spot: Spot, parameter: Parameter, names: Names) -> Any:
    """The value at `spot` as its parameter wants it; None, and the reason told, when it does not hold.

    Numbers become float, whole numbers int, lists tuples, days `date` or None.
    """
    return READERS[parameter.kind](spot, parameter, names)


def expected_of(parameter: Parameter) -> str:
    """What a parameter wants, in words."""
    each = f"a {parameter.of} of this file"
    many = parameter.length or (f"1 to {parameter.most}" if parameter.most else "one or more")
    return {
        "whole": f"a whole number{_range(parameter)}", "switch": "true or false",
        "text": "a text in double quotes", "day": A_DAY, "days": "a list of dates in square brackets",
        "numbers": f"{many} numbers in square brackets", "name": f"the name of {each}",
        "names": f"one or more names of {each} in square brackets",
        "by_site": f"a number{_range(parameter)} for each site",
        "by_need": f"a number{_range(parameter)} for each need group",
    }.get(parameter.kind, f"a number{_range(parameter)}")


def with_unit(expected: str, parameter: Parameter) -> str:
    """What was expected with its unit; a name, a switch and a date have none."""
    return expected if parameter.kind in UNITLESS else f"{expected}, in {parameter.unit}"


def _number(spot: Spot, parameter: Parameter, names: Names) -> Any:
    value = spot.value
    number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    if not number or not _within(value, parameter):
        return _wrong(spot, parameter, f"a number{_range(parameter)}")
    return float(value)


def _whole(spot: Spot, parameter: Parameter, names: Names) -> Any:
    value = spot.value
    if isinstance(value, bool) or not isinstance(value, int) or not _within(value, parameter):
        return _wrong(spot, parameter)
    return value


def _switch(spot: Spot, parameter: Parameter, names: Names) -> Any:
    return spot.value if isinstance(spot.value, bool) else _wrong(spot, parameter)


def _text(spot: Spot, parameter: Parameter, names: Names) -> Any:
    return spot.value if isinstance(spot.value, str) else _wrong(spot, parameter)


def _day(spot: Spot, parameter: Parameter, names: Names) -> Any:
    value = spot.value
    if value == parameter.default == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return _wrong(spot, parameter, A_DAY)


def _days(spot: Spot, parameter: Parameter, names: Names) -> Any:
    return _each(spot, parameter, names, _day)


def _numbers(spot: Spot, parameter: Parameter, names: Names) -> Any:
    found = _each(spot, parameter, names, _number)
    if found is None:
        return None
    holds = 1 <= len(found) <= (parameter.length or parameter.most or len(found))
    return found if holds and len(found) >= parameter.length else _wrong(spot, parameter)


def _each(
    spot: Spot, parameter: Parameter, names: Names, read: Callable[[Spot, Parameter, Names], Any]
) -> Any:
    if not isinstance(spot.value, list):
        return _wrong(spot, parameter)
    return tuple(read(spot.at(place), parameter, names) for place in range(len(spot.value)))


def _name(spot: Spot, parameter: Parameter, names: Names) -> Any:
    known = names[parameter.of]
    if spot.value in known:
        return str(spot.value)
    if isinstance(spot.value, str) and known:
        spot.tell(f"There is no {parameter.of} {spot.value!r}.", f"a {parameter.of} of this file",
                  nearest(spot.value, known))
        return None
    return _wrong(spot, parameter, f"the name of a {parameter.of} of this file")


def _names(spot: Spot, parameter: Parameter, names: Names) -> Any:
    return _wrong(spot, parameter) if spot.value == [] else _each(spot, parameter, names, _name)


def _by_site(spot: Spot, parameter: Parameter, names: Names) -> Any:
    """A number for each site; one number alone where there is one site."""
    sites = names["site"]
    if not isinstance(spot.value, dict):
        if len(sites) == 1:
            return {sites[0]: _number(spot, parameter, names)}
        example = ", ".join(f"{site} = …" for site in sites)
        return _wrong(spot, parameter, f"a number for each site: {{ {example} }}")
    spot.only_keys(sites, "a site of this file")
    return {site: _number(spot.at(site), parameter, names) for site in sites if site in spot.value}


def _by_need(spot: Spot, parameter: Parameter, names: Names) -> Any:
    """A number for each need group named."""
    if not isinstance(spot.value, dict):
        return _wrong(spot, parameter)
    needs = names["need"]
    spot.only_keys(needs, "a need group of this file")
    return {need: _number(spot.at(need), parameter, names) for need in needs if need in spot.value}


def _wrong(spot: Spot, parameter: Parameter, expected: str = "") -> Any:
    """Tell that the value does not hold; None."""
    expected = expected or expected_of(parameter)
    spot.tell(f"{parameter.name} is {spot.value!r}.", with_unit(expected, parameter),
              f"Give {expected}. It means: {parameter.meaning}")


def _within(value: float, parameter: Parameter) -> bool:
    low, high = parameter.low, parameter.high
    return (low is None or value >= low) and (high is None or value <= high)


def _range(parameter: Parameter) -> str:
    if parameter.low is None or parameter.high is None:
        return ""
    low, high = (f"{end:,.0f}" if end == int(end) else f"{end:g}" for end in (parameter.low, parameter.high))
    return f" from {low} to {high}"


READERS: Mapping[Kind, Callable[[Spot, Parameter, Names], Any]] = {
    "number": _number, "share": _number, "whole": _whole, "switch": _switch, "text": _text,
    "day": _day, "days": _days, "numbers": _numbers, "name": _name, "names": _names, "by_site": _by_site,
    "by_need": _by_need,
}
