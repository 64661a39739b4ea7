"""Plain words for measures, statistics, groups and figures: what a reader sees instead of a name in code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from careload.clinic import Estimate, plural
from careload.measure.definition import Definition
from careload.measure.result import Verdict

Definitions = Mapping[str, Definition]
"""Name of a measure to its definition."""

NBSP = "\N{NO-BREAK SPACE}"
NOT_A_NUMBER = "hidden"
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
_RATIOS = {"ratio", "hours per hour", "hours due per hour paid", "hours per hour paid", ""}


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


def sentence(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


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
    return f"{100 * value if unit == 'share' else value:,.{places}f}"


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
