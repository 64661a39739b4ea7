"""Plain words for measures, statistics, groups and figures: what a reader sees instead of a name in code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from careload.measure.definition import Definition
from careload.measure.result import Verdict
from careload.page import NBSP as NBSP
from careload.page import NOT_A_NUMBER as NOT_A_NUMBER
from careload.page import basis as basis
from careload.page import day as day
from careload.page import decimals as decimals
from careload.page import figure as figure
from careload.page import interval as interval
from careload.page import plain as plain
from careload.page import sentence as sentence
from careload.page import share as share
from careload.page import with_unit as with_unit

Definitions = Mapping[str, Definition]
"""Name of a measure to its definition."""

WHY_HIDDEN = (
    "Figures about fewer than 11 people, and figures from which such a group could be worked out, are not "
    "shown. Hidden is not zero: there may be 1 person in the group or 10, and nobody can find out from here. "
    "Beside a figure that is shown, the number of people still waiting may be hidden alone. "
    "Posts, hours and vacancies are shown from 5 people upwards where that group has agreed."
)
MARKS = {
    "R": "the text itself was read",
    "S": "known from a summary of the text",
    "M": "written from memory, to be checked before anyone relies on it",
}

_STATISTICS = {
    "median": "median",
    "p90": "nine in ten within",
    "mean": "mean",
    "share": "share",
    "count": "number",
    "rate": "rate",
    "ratio": "ratio",
    "raw": "all",
    "not_approved": "without approved exceptions",
    "share_with_exceptions": "share, approved exceptions counted as in time",
    "booked": "share booked",
    "held": "share held",
    "lost_late": "share lost too late to be refilled",
}
_VIEWS = {
    "per_patient_": "{}, every patient weighing the same",
    "in_care_": "{}, days so far of those waiting today",
    "naive_": "{}, naive: without those still waiting",
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
_BOUNDS = {
    "all": "everyone not discharged counts as waiting",
    "planned": "only people with something planned count as waiting",
}
_GROUPS = {
    "open": "closure",
    "need_group": "need group",
    "birth_year": "year of birth",
    "lead_time": "time from booking to visit",
    "lead_days": "days from booking to visit",
}
READINGS = ("open", "standard", "clock")
"""Keys of `by` that are ways of counting everyone, not groups of people."""
_NAMES = {
    "medi cal": "Medi-Cal", "New york": "New York", "Medicare advantage": "Medicare Advantage",
    "talking therapies": "Talking Therapies",
}
_LETTERS = {"us", "va", "nhs", "hedis", "ncqa", "dmhc", "ed", "ccbhc", "fuh", "fum", "mh", "cyp"}


def measure_title(name: str, definitions: Definitions) -> str:
    """Title of the measure called `name`; its name in words when it has no definition."""
    return definitions[name].title if name in definitions else sentence(name.replace("_", " "))


def side(name: str, definitions: Definitions) -> str:
    """``patients`` or ``clinicians``: the half of the report a measure belongs to."""
    return definitions[name].side if name in definitions else "patients"


def statistic(name: str) -> str:
    """``seen_by_14`` as "seen within 14 days", ``p90`` as "nine in ten within"."""
    for prefix, meaning in _VIEWS.items():
        if name.startswith(prefix):
            return meaning.format(statistic(name.removeprefix(prefix)))
    if within := re.fullmatch(r"(.+)_by_(\d+)", name):
        return f"{within[1].replace('_', ' ')} within {within[2]} days"
    return _STATISTICS.get(name) or name.replace("_", " ")


def group_name(column: str) -> str:
    """A column to break down by, in words."""
    return _GROUPS.get(column, column.replace("_", " "))


def group(by: Mapping[str, str]) -> str:
    """The group as "North, psychologist", with the way of counting; "everyone" for {}."""
    return ", ".join(_one_of_group(name, value) for name, value in by.items()) or "everyone"


def _one_of_group(name: str, value: str) -> str:
    plain_value = str(value).replace("_", " ")
    if name == "lead_days":
        known = re.search(r"\d", plain_value)
        return f"booked {plain_value} days ahead" if known else f"days booked ahead {plain_value}"
    return f"against {plain_value}" if name == "versus" else reading({name: value}) or plain_value


def reading(by: Mapping[str, str]) -> str:
    """A way of counting, in words: which standard, which clock, who counts as waiting."""
    known = {
        "open": _BOUNDS.get(by.get("open", ""), by.get("open", "")),
        "standard": rule(by.get("standard", "")),
        "clock": f"clock: {by.get('clock', '').replace('_', ' ')}",
    }
    return "; ".join(known[column] for column in by if column in known)


def clock(name: str) -> str:
    """Where a clock starts, in words."""
    return _CLOCKS.get(name, f"from the {name.replace('_', ' ')}")


def rule(name: str) -> str:
    """``us-medicaid-routine`` as "US Medicaid routine"."""
    first, *rest = re.split(r"[-_]", name)
    names = [part.upper() if part in _LETTERS else part for part in rest]
    words = " ".join([first.upper() if first in _LETTERS else first.capitalize(), *names])
    for plainly, rightly in _NAMES.items():
        words = words.replace(plainly, rightly)
    return words


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
