"""The one type in which every number is reported."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

JSON_KEYS = (
    "measure",
    "statistic",
    "by",
    "value",
    "low",
    "high",
    "unit",
    "n",
    "censored",
    "hidden",
    "as_of",
    "interval",
)

SMALLEST_GROUP = 11
"""Fewest people, and fewest events of patients, that a shown figure may be about."""

CUT_OFF = {
    "intervals": "people still waiting",
    "patients": "people still waiting",
    "intakes": "not seen again",
    "patients handed over": "not seen again",
    "requests": "not answered",
    "stays": "not followed up",
    "emergency visits": "not followed up",
    "episodes": "still open",
    "vacancies": "still vacant",
    "clinicians": "still employed",
    "third_next_available": "with fewer than three free slots",
}
"""What is known of the censored, by what is counted; by the measure where that alone would mislead."""

ENDED = "or out of care otherwise"
"""What else is known of them where some died or left care in a way that says nothing of the wait."""


@dataclass(frozen=True)
class Estimate:
    """A number with its doubt.

    measure    name of the definition, for example ``return_interval``
    statistic  ``share``, ``median``, ``p90``, ``mean``, ``count``, ``rate``, ``seen_by_14``, …
    by         the group, column to value; {} for everyone
    value      the number in `unit`; None when hidden or not reached
    low, high  95 % interval in `unit`; low = high = value for a complete count
    unit       ``days``, ``share``, ``hours``, ``patients``, …
    n          what was counted (intervals, appointments, clinician-weeks, …)
    censored   how many of n were cut off before what they are counted until: by the end of the records,
               by death, or by an end of care that says nothing of the wait; they count as far as they go;
               None when that number is hidden
    hidden     True when a small cell (or one that would give it away) is hidden
    as_of      the day the records are read at
    interval   name of the method behind low and high; ``census`` for a complete count
    counted    plural noun for n: ``intervals``, ``appointments``
    note       what a reader must know beside the number, "" if nothing
    at_risk    people behind the number (for hiding small cells; never printed)
    events     events behind the number (likewise)
    ended      some of the censored may wait no more: people died, or their care ended otherwise
    """

    measure: str
    statistic: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    n: int | None
    by: Mapping[str, str] = field(default_factory=dict)
    censored: int | None = 0
    hidden: bool = False
    as_of: date | None = None
    interval: str = "census"
    counted: str = "rows"
    note: str = ""
    at_risk: int | None = field(default=None, compare=False)
    events: int | None = field(default=None, compare=False)
    ended: bool = field(default=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """The estimate as the JSON object of the contract."""
        whole = asdict(self)
        row = {key: whole[key] for key in JSON_KEYS}
        row["by"] = dict(self.by)
        row["as_of"] = self.as_of.isoformat() if self.as_of else None
        return row

    def __str__(self) -> str:
        group = ", ".join(f"{column} {value}" for column, value in self.by.items())
        head = f"{self.measure} [{group}]" if group else self.measure
        return f"{head}: {self.statistic} {self._figure()}{self._basis()}"

    def _figure(self) -> str:
        if self.hidden:
            return f"hidden (fewer than {SMALLEST_GROUP} people, or one that would give such a group away)"
        if self.value is None:
            if self.low is None:
                return "cannot be given"
            return f"not reached (at least {number(self.low, self.unit)})"
        figure = number(self.value, self.unit, with_unit=True)
        if self.interval == "census":
            return figure
        if self.low is None and self.high is None:
            return f"{figure} (too few to say how sure)"
        low = number(self.low, self.unit) if self.low is not None else "…"
        high = number(self.high, self.unit) if self.high is not None else "not reached"
        return f"{figure} ({low}-{high})"

    def _basis(self) -> str:
        if self.n is None:
            return ""
        are = "is" if self.censored == 1 else "are"
        cut_off = f", {self.cut_off_words} {are} counted" if self.cut_off_words else ""
        note = f"; {self.note}" if self.note else ""
        return f"; n = {self.n:,} {plural(self.n, self.counted)}{cut_off}{note}"

    @property
    def cut_off_words(self) -> str:
        """The censored in words: "804 people still waiting", "32 still employed"; "" when there are none.

        A hidden number may be none: "people still waiting (if any: their number is hidden)".
        """
        if self.censored == 0:
            return ""
        words = CUT_OFF.get(self.measure) or CUT_OFF.get(self.counted, "cut off by the end of the records")
        words = f"{words} {ENDED}" if self.ended else words
        if self.censored is None:
            return f"{words} (if any: their number is hidden)"
        return f"{self.censored:,} {words.replace('people', 'person') if self.censored == 1 else words}"


def number(value: float, unit: str, *, with_unit: bool = False) -> str:
    """`value` as a person writes it: shares in per cent, whole numbers without a point."""
    if unit == "share":
        return f"{100 * value:.1f} %" if with_unit else f"{100 * value:.1f}"
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return f"{text} {plural(value, unit)}" if with_unit else text


def plural(number: float, noun: str) -> str:
    """`noun`, given in the plural, as it stands after `number`: 1 day, 2 days, 1 patient handed over."""
    if number != 1:
        return noun
    return re.sub(r"(\w+?)(ie)?s\b", lambda word: word[1] + ("y" if word[2] else ""), noun, count=1)
