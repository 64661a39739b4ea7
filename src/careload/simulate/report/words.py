"""Plain words for the figures of a run: titles, units, what is better, figures with their intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from careload.clinic import Estimate
from careload.page import NBSP, plain, sentence, with_unit

NOT_REACHED = "not reached"
ONE_RUN = "one run, no interval"


@dataclass(frozen=True)
class Told:
    """How a measure of a run is told.

    title   in words
    side    ``patients`` or ``clinicians``
    better  ``less`` or ``more`` of it is better for those concerned; "" where that cannot be said
    """

    title: str
    side: str
    better: str = ""


MEASURES: Mapping[str, Told] = {
    "return_interval": Told("Return interval", "patients", "less"),
    "intake_wait": Told("Wait for the first visit", "patients", "less"),
    "overdue": Told("People overdue", "patients", "less"),
    "in_care": Told("People in care", "patients"),
    "referrals_per_week": Told("Requests per week", "patients"),
    "visits_per_week": Told("Visits per week", "patients", "more"),
    "no_show": Told("No-shows", "patients", "less"),
    "crises": Told("Crises while waiting", "patients", "less"),
    "ed_visits": Told("Emergency visits of people in care", "patients", "less"),
    "admissions": Told("Admissions to hospital", "patients", "less"),
    "dropout": Told("Dropping out", "patients", "less"),
    "remission_untreated": Told("Got well untreated while waiting", "patients"),
    "discharged": Told("Discharged, care completed", "patients", "more"),
    "referred_outside": Told("Sent to the outside network", "patients"),
    "overload": Told("Overload", "clinicians", "less"),
    "caseload": Told("Caseload", "clinicians"),
    "contact_hours": Told("Contact hours", "clinicians"),
    "non_contact_hours": Told("Non-contact hours", "clinicians"),
    "unpaid_hours": Told("Unpaid hours", "clinicians", "less"),
    "exhaustion": Told("Exhaustion", "clinicians", "less"),
    "leaver_rate": Told("Leavers", "clinicians", "less"),
    "vacancy_rate": Told("Vacancies", "clinicians", "less"),
    "posts_held": Told("Posts held", "clinicians"),
    "hired": Told("Hired", "clinicians"),
    "caseload_handed_over": Told("Patients handed over", "clinicians", "less"),
    "slot_fill": Told("Slots filled", "clinicians"),
    "pay_cost": Told("Pay", "clinicians"),
    "unpaid_value": Told("Worth of unpaid hours", "clinicians", "less"),
    "hiring_cost": Told("Cost of hiring", "clinicians", "less"),
    "outside_cost": Told("Cost of care outside", "clinicians"),
}
"""Every measure of a run, in the order in which it is told."""
_STATISTICS = {"median": "median", "p90": "nine in ten within", "naive_mean": "mean of finished spans only"}
_UNITS = {
    "per year": "a year per 100 posts held",
    "0 to 1": "on a scale of 0 to 1",
    "hours per week and clinician": "hours a week per clinician",
    "crises per year": "crises a year",
    "visits per year": "visits a year",
    "admissions per year": "admissions a year",
    "patients per year": "patients a year",
    "clinicians per year": "clinicians a year",
    "visits per week": "visits a week",
    "referrals per week": "requests a week",
    "ratio": "hours due per hour paid",
    "currency per year": "a year, in the currency of the service",
}
_TIMES = {"per year": 100.0}
_MORE = {"days": ("longer", "shorter"), "share": ("percentage points more", "percentage points less")}
_GROUPS = {"need_group": "need group"}


def told(measure: str) -> Told:
    """How a measure is told; its name in words where nobody said so."""
    return MEASURES.get(measure) or Told(sentence(measure.replace("_", " ")), "patients")


def statistic(name: str) -> str:
    """``seen_by_14`` as "seen within 14 days"; "" for what the title and the unit say already."""
    if name.startswith("seen_by_"):
        return f"seen within {name.removeprefix('seen_by_')} days"
    return _STATISTICS.get(name, "")


def title(measure: str, of: str = "") -> str:
    """Title of a measure, with its statistic where that needs saying."""
    detail = statistic(of)
    return f"{told(measure).title}, {detail}" if detail else told(measure).title


def more_is_better(measure: str, of: str) -> bool | None:
    """Whether more of a figure is better; None where that cannot be said."""
    if of.startswith("seen_by_"):
        return True
    return {"more": True, "less": False}.get(told(measure).better)


def group_name(column: str) -> str:
    """A column to break down by, in words."""
    return _GROUPS.get(column, column.replace("_", " "))


def group(by: Mapping[str, str]) -> str:
    """The group as it is named; "everyone" for {}."""
    return ", ".join(by.values()) or "everyone"


def scaled(estimate: Estimate) -> Estimate:
    """The estimate in the unit in which it is told; what is not finite is nothing."""
    times = _TIMES.get(estimate.unit, 1.0)
    value, low, high = (_finite(each, times) for each in (estimate.value, estimate.low, estimate.high))
    return replace(estimate, value=value, low=low, high=high, unit=_UNITS.get(estimate.unit, estimate.unit))


def _finite(value: float | None, times: float) -> float | None:
    return None if value is None or not math.isfinite(value) else times * value


def figure(estimate: Estimate) -> str:
    """The value as a person writes it: "44.3 days", "28.4 %", "not reached"."""
    known = scaled(estimate)
    if known.value is None:
        return known.note or NOT_REACHED
    return with_unit(known.value, _unit(known.unit), places(known))


def _unit(unit: str) -> str:
    return "" if unit == "hours due per hour paid" else unit


def bare(estimate: Estimate) -> str:
    """The value without its unit, but for the sign of per cent."""
    return figure(estimate) if estimate.unit == "share" else figure(estimate).partition(NBSP)[0]


def interval(estimate: Estimate) -> str:
    """The 95 % interval as "43.9 to 44.7"."""
    known = scaled(estimate)
    if known.value is None:
        return "not known"
    if known.low is None or known.high is None:
        return ONE_RUN if estimate.n == 1 else "not known"
    sign = f"{NBSP}%" if known.unit == "share" else ""
    low, high = (plain(end, known.unit, places(known)) for end in (known.low, known.high))
    return f"{low}{NBSP}to{NBSP}{high}{sign}"


def sure(estimate: Estimate) -> str:
    """The interval with its name: "95 % interval 43.9 to 44.7"."""
    known = interval(estimate)
    return known if known in (ONE_RUN, "not known") else f"95{NBSP}% interval {known}"


def with_interval(estimate: Estimate, *, unit: bool = True) -> str:
    """Value and interval: "44.3 days (43.9 to 44.7)"."""
    value = figure(estimate) if unit else bare(estimate)
    return f"{value} ({interval(estimate)})" if scaled(estimate).value is not None else value


def places(estimate: Estimate) -> int:
    """Decimals of value and interval: about three digits, one for shares."""
    known = [abs(v) for v in (estimate.value, estimate.low, estimate.high) if v is not None]
    if estimate.unit == "share":
        return 1
    if all(float(v).is_integer() for v in known):
        return 0
    largest = max(known)
    return 0 if largest >= 100 else 1 if largest >= 10 else 2


def axis(unit: str) -> str:
    """A unit as it stands at an axis."""
    return {"share": "per cent"}.get(unit, _UNITS.get(unit, unit))


def change_in_words(difference: Estimate) -> str:
    """A difference as "13.3 days shorter (13.0 to 13.6)", or that it cannot be told from none."""
    known = scaled(difference)
    if known.value is None:
        return "the difference is not known, since the figure is not reached in some runs"
    if known.low is None or known.high is None:
        return f"{_amount(known, known.value)}; {ONE_RUN}"
    low, high = known.low, known.high
    if low <= 0 <= high:
        ends = f"{_signed(low, known)} to {_signed(high, known)}"
        return f"no difference that these runs can tell from none ({ends}{_tail(known)})"
    near, far = sorted((abs(low), abs(high)))
    ends = f"{plain(near, known.unit, places(known))} to {plain(far, known.unit, places(known))}"
    return f"{_amount(known, known.value)} (95{NBSP}% interval {ends})"


def _amount(known: Estimate, value: float) -> str:
    more, less = _MORE.get(known.unit, ("more", "less"))
    number = plain(abs(value), known.unit, places(known))
    unit = "" if known.unit == "share" else f"{NBSP}{_short(known.unit)}"
    return f"{number}{unit} {more if value > 0 else less}"


def _short(unit: str) -> str:
    return "" if unit == "hours due per hour paid" else unit


def _tail(known: Estimate) -> str:
    return " percentage points" if known.unit == "share" else f" {_short(known.unit)}".rstrip()


def _signed(value: float, known: Estimate) -> str:
    return signed(value, known.unit, places(known))


def signed(value: float, unit: str, decimals: int) -> str:
    """A number with its sign, minus as it is printed."""
    text = plain(abs(value), unit, decimals)
    if float(text.replace(",", "")) == 0:
        return text
    return f"{'+' if value > 0 else '−'}{text}"


def signed_with_interval(difference: Estimate) -> str:
    """A difference with sign, unit and interval: "−13.3 days (−13.6 to −13.0)"."""
    known = scaled(difference)
    if known.value is None:
        return NOT_REACHED
    unit = f"{NBSP}points" if known.unit == "share" else f"{NBSP}{_short(known.unit)}".rstrip(NBSP)
    number = f"{_signed(known.value, known)}{unit}"
    if known.low is None or known.high is None:
        return f"{number} ({ONE_RUN})"
    return f"{number} ({_signed(known.low, known)}{NBSP}to{NBSP}{_signed(known.high, known)})"
