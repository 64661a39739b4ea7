"""Plain words for measures, statistics, groups and figures: what a reader sees instead of a name in code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from careload.clinic import Estimate
from careload.clinic.estimate import number
from careload.measure.result import Verdict


class Described(Protocol):
    """What the report reads of a measure's definition."""

    @property
    def title(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def clock_start(self) -> str: ...
    @property
    def clock_stop(self) -> str: ...
    @property
    def left_out(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def source(self) -> str: ...
    @property
    def next_review(self) -> date | str: ...


Definitions = Mapping[str, Described]

NBSP = "\N{NO-BREAK SPACE}"
NOT_A_NUMBER = "hidden"
WHY_HIDDEN = (
    "Figures about fewer than 11 people, and figures from which such a group could be worked out, are not shown. "
    "Hidden is not zero: there may be 1 person in the group or 10, and the report does not let anyone find out. "
    "Posts, hours and vacancies are shown from 5 people upwards where that group has agreed."
)
MARKS = {
    "R": "read in the text itself",
    "S": "taken from a summary of the text",
    "C": "computed from a stated formula",
    "M": "from memory, to be checked before anyone relies on it",
}

_STATISTICS = {
    "median": "median",
    "p90": "nine in ten within",
    "mean": "mean",
    "share": "share",
    "count": "number",
    "rate": "per year",
    "ratio": "ratio",
    "total": "total",
}
_CLOCKS = {
    "request": "from the request",
    "referral": "from the referral",
    "prior_appointment": "from the visit before",
    "discharge": "from the discharge",
    "need": "from the need",
    "offer": "from the request to the offer",
    "booking": "from the booking",
}
_GROUPS = {
    "open": "who counts as still waiting",
    "need_group": "need group",
    "birth_year": "year of birth",
    "lead_time": "time from booking to visit",
}
_RATIOS = {"ratio", "hours per hour", "hours due per hour paid", "hours per hour paid", ""}


def measure_title(name: str, definitions: Definitions) -> str:
    """Title of the measure called `name`; its name in words when it has no definition."""
    return definitions[name].title if name in definitions else sentence(name.replace("_", " "))


def side(name: str, definitions: Definitions) -> str:
    """``patients`` or ``clinicians``: the half of the report a measure belongs to."""
    return definitions[name].side if name in definitions else "patients"


def statistic(name: str) -> str:
    """``seen_by_14`` as "seen within 14 days", ``p90`` as "nine in ten within"."""
    if within := re.fullmatch(r"(.+)_by_(\d+)", name):
        return f"{within[1].replace('_', ' ')} within {within[2]} days"
    return _STATISTICS.get(name) or re.sub(r"\bp90\b", "nine in ten within", name.replace("_", " "))


def group_name(column: str) -> str:
    """A column to break down by, in words."""
    return _GROUPS.get(column, column.replace("_", " "))


def group(by: Mapping[str, str]) -> str:
    """The group as "North, psychologist"; "everyone" for {}."""
    return ", ".join(str(value).replace("_", " ") for value in by.values()) or "everyone"


def clock(name: str) -> str:
    """Where a clock starts, in words."""
    return _CLOCKS.get(name, f"from the {name.replace('_', ' ')}")


def rule(name: str) -> str:
    """``california-follow-up`` as "California follow-up"."""
    return sentence(name.replace("-", " ").replace("_", " "))


def sentence(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def figure(estimate: Estimate) -> str:
    """The value as a person writes it: "47 days", "20.2 %", "hidden", "not reached"."""
    if estimate.hidden:
        return NOT_A_NUMBER
    if estimate.value is not None:
        return with_unit(estimate.value, estimate.unit)
    return "not reached" if estimate.low is None else f"more than {with_unit(estimate.low, estimate.unit)}"


def with_unit(value: float, unit: str) -> str:
    """A number and its unit, kept together on one line."""
    if unit in _RATIOS:
        return number(value, "ratio")
    return number(value, unit, with_unit=True).replace(" ", NBSP)


def interval(estimate: Estimate) -> str:
    """The 95 % interval as "44 to 51"; "" for a complete count."""
    if estimate.hidden:
        return NOT_A_NUMBER
    if estimate.interval == "census":
        return "complete count" if estimate.value is not None else ""
    if estimate.low is None and estimate.high is None:
        return "not known"
    low = number(estimate.low, estimate.unit) if estimate.low is not None else "not known"
    high = number(estimate.high, estimate.unit) if estimate.high is not None else "not reached"
    return f"{low} to {high}" + (" %" if estimate.unit == "share" and estimate.high is not None else "")


def basis(estimate: Estimate) -> str:
    """What was counted: "3,112 intervals, 804 still waiting counted in"."""
    if estimate.hidden:
        return NOT_A_NUMBER
    if estimate.n is None:
        return ""
    waiting = f", {estimate.censored:,} still waiting counted in" if estimate.censored else ""
    return f"{estimate.n:,} {estimate.counted}{waiting}"


def share(value: float | None) -> str:
    """A share of 0-1 in per cent; "not known" when there is none."""
    return "not known" if value is None else with_unit(value, "share")


def day(value: date) -> str:
    """30 June 2026."""
    return f"{value.day} {value:%B %Y}"


def plural(count: int, noun: str) -> str:
    """"1 row", "2 rows"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


@dataclass(frozen=True)
class Limit:
    """A legal limit on the axis of a chart: days after the clock starts, and its own words."""

    days: float
    words: str


def limit_in_days(verdict: Verdict) -> float | None:
    """The rule's limit in calendar days, business days as five of seven; None when it names no number."""
    found = re.search(r"(\d+(?:\.\d+)?)\s*(business day|calendar day|day|week|hour)", verdict.limit)
    if not found:
        return None
    in_days = {"business day": 7 / 5, "calendar day": 1.0, "day": 1.0, "week": 7.0, "hour": 1 / 24}
    return float(found[1]) * in_days[found[2]]
