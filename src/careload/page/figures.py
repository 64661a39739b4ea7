"""Figures as a person writes them: value, unit, interval, what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from careload.clinic import Estimate, plural

NBSP = "\N{NO-BREAK SPACE}"
NOT_A_NUMBER = "hidden"
_RATIOS = {"ratio", "hours per hour", "hours due per hour paid", "hours per hour paid", ""}


def sentence(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def listed(words: Sequence[str]) -> str:
    """Words in a row: "visits, no-shows and caseload"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def figure(estimate: Estimate) -> str:
    """The value as a person writes it: "47 days", "20.2 %", "hidden", "nothing counted", "not reached"."""
    if estimate.hidden:
        return NOT_A_NUMBER
    if estimate.value is not None:
        return with_unit(estimate.value, estimate.unit, decimals(estimate))
    if estimate.low is None:
        return "nothing counted" if estimate.n == 0 else "not reached"
    return f"more than {with_unit(estimate.low, estimate.unit, decimals(estimate))}"


def interval(estimate: Estimate) -> str:
    """The 95 % interval as "44 to 51"; "complete count" where chance has no part."""
    if estimate.hidden:
        return NOT_A_NUMBER
    if estimate.interval == "census":
        return "complete count" if estimate.value is not None else ""
    if estimate.low is None and estimate.high is None:
        return "not known"
    places = decimals(estimate)
    low = plain(estimate.low, estimate.unit, places) if estimate.low is not None else "not known"
    high = plain(estimate.high, estimate.unit, places) if estimate.high is not None else "not reached"
    sign = f"{NBSP}%" if estimate.unit == "share" and estimate.high is not None else ""
    return f"{low}{NBSP}to{NBSP}{high}{sign}"


def decimals(estimate: Estimate) -> int:
    """Decimals that value and interval share: none for whole numbers, else what keeps about three digits."""
    known = [v for v in (estimate.value, estimate.low, estimate.high) if v is not None]
    if estimate.unit == "share":
        return 1
    if all(float(v).is_integer() for v in known):
        return 0
    return 1 if max(abs(v) for v in known) >= 10 else 2


def plain(value: float, unit: str, places: int) -> str:
    """A number without its unit; shares in per cent."""
    shown = round(100 * value if unit == "share" else value, places)
    return f"{shown or 0.0:,.{places}f}"  # 0.0 for -0.0


def with_unit(value: float, unit: str, places: int) -> str:
    """A number and its unit; the number keeps the unit's first word on its line."""
    text = plain(value, unit, places)
    sign = "%" if unit == "share" else "" if unit in _RATIOS else plural(1 if text == "1" else 2, unit)
    return f"{text}{NBSP}{sign}" if sign else text


def basis(estimate: Estimate) -> str:
    """What was counted: "3,112 intervals, of them 804 people still waiting"."""
    if estimate.hidden:
        return NOT_A_NUMBER
    if estimate.n is None:
        return ""
    cut_off = f", of them {estimate.cut_off_words}" if estimate.cut_off_words else ""
    return f"{estimate.n:,} {plural(estimate.n, estimate.counted)}{cut_off}"


def share(value: float | None) -> str:
    """A share of 0-1 in per cent; "not known" when there is none."""
    return "not known" if value is None else with_unit(value, "share", 1)


def day(value: date) -> str:
    """30 June 2026."""
    return f"{value.day} {value:%B %Y}"
