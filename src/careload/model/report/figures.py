"""Values of parameters and figures of forecasts as a person reads them."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from careload.model.belief import Belief
from careload.page import NBSP

DIGITS = 3
"""Digits that say something: intervals are wider than the fourth."""
UP_TO_TWELVE = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
                "twelve")


def told(value: Any) -> str:
    """A value of a parameter: numbers to three digits, lists in a row, "none" for what is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return ", ".join(told(each) for each in value) or "none"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return rounded(value)
    return value.isoformat() if isinstance(value, date) else str(value or "none")


def rounded(value: float) -> str:
    """A number to three digits, whole where it is larger, without an exponent: 12,345, 0.0000217."""
    if not math.isfinite(value):
        return "not known"
    if value == 0:
        return "0"
    places = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ends(low: float | None, high: float | None) -> str:
    """An interval: "44 to 51"; "" where there is none."""
    return "" if low is None or high is None else f"{rounded(low)}{NBSP}to{NBSP}{rounded(high)}"


def range_of(belief: Belief) -> str:
    """The 90 % interval of a belief; "none given" where nobody has said how sure a number is."""
    return ends(belief.low, belief.high) or ("none given" if belief.is_number else "")


def per_cent(share: float) -> str:
    """A share as a whole per cent."""
    return f"{100 * share:.0f}{NBSP}%"


def in_words(number: int) -> str:
    """A number in letters up to twelve."""
    return UP_TO_TWELVE[number] if number < len(UP_TO_TWELVE) else f"{number:,}"
