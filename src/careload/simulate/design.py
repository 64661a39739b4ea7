"""Which scenarios a sweep runs: every combination of named values, or points spread evenly over ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from careload.clinic import Service, UsageError

Values = Mapping[str, Any]
"""Dotted place of a service to its value in one scenario."""


@dataclass(frozen=True)
class Vary:
    """One parameter that is varied.

    key     its dotted place, as in ``Service.changed``
    values  those it takes; of a range its two ends, in either order
    range   True: anything from the first to the last, for Latin hypercubes
    """

    key: str
    values: tuple[Any, ...]
    range: bool = False


def grid(varied: Sequence[Vary]) -> list[Values]:
    """Every combination of values, the last parameter changing fastest."""
    _check(varied)
    for each in varied:
        if each.range:
            raise UsageError(
                f"{each.key} is given as a range in a grid.", "values with commas between",
                f"Write {each.key}={each.values[0]},{each.values[1]}, or ask for a Latin hypercube.",
            )
    combined = product(*(each.values for each in varied))
    return [dict(zip((each.key for each in varied), values, strict=True)) for values in combined]


def latin(varied: Sequence[Vary], number: int, seed: int = 1) -> list[Values]:
    """So many points of a Latin hypercube (McKay, Beckman & Conover 1979): each parameter evenly covered.

    Of a list of values each is as likely; whole ends of a range give whole numbers, both ends included.
    """
    from scipy.stats import qmc

    _check(varied)
    if number < 1:
        raise UsageError(f"A Latin hypercube of {number} scenarios.", "at least one scenario",
                         "Raise --latin.")
    drawn = qmc.LatinHypercube(d=len(varied), rng=seed).random(number)
    return [{each.key: _at(each, float(share)) for each, share in zip(varied, row, strict=True)}
            for row in drawn]


def scenarios(service: Service, design: Sequence[Values]) -> list[Service]:
    """The service of each scenario. Raises `UsageError` or `SettingsError` for values that do not hold."""
    if not design:
        raise UsageError("The sweep has no scenario.", "at least one", "Vary something.")
    return [service.changed(values, f"The scenario with {_told(values)}") for values in design]


def _told(values: Values) -> str:
    return ", ".join(f"{key} = {value}" for key, value in values.items())


def _check(varied: Sequence[Vary]) -> None:
    keys = [each.key for each in varied]
    double = next((key for key in keys if keys.count(key) > 1), None)
    if not keys or double:
        raise UsageError(f"{double} is varied twice." if double else "Nothing is varied.",
                         "each parameter once", "Name the parameters to vary, each once.")


def _at(each: Vary, share: float) -> Any:
    if not each.range:
        return each.values[int(share * len(each.values))]
    low, high = sorted(each.values)
    if isinstance(low, int) and isinstance(high, int):
        return low + int(share * (high - low + 1))
    return low + share * (high - low)
