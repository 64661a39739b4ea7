"""Plain words for the figures of a run: titles, units, what is better, figures with their intervals.

The terminal and the page say the same of the same figure: both take their words from here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from careload.clinic import Estimate, plural
from careload.page import NBSP, plain, sentence, with_unit

NOT_REACHED = "not reached"
ONE_RUN = "one run, no interval"
NOT_KNOWN = "not known"


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
    "ed_visits": Told("ED visits of people in care", "patients", "less"),
    "admissions": Told("Admissions to hospital", "patients", "less"),
    "dropouts": Told("Dropping out", "patients", "less"),
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
    "patients_handed_over": Told("Patients handed over", "clinicians", "less"),
    "slot_fill": Told("Slots filled", "clinicians"),
    "pay_cost": Told("Pay", "clinicians"),
    "unpaid_value": Told("Worth of unpaid hours", "clinicians", "less"),
    "hiring_cost": Told("Cost of hiring", "clinicians", "less"),
    "outside_cost": Told("Cost of care outside", "clinicians"),
}
"""Every measure of a run, in the order in which it is told."""
_STATISTICS = {"median": "median", "p90": "nine in ten within", "naive_mean": "mean of finished spans only"}
_UNITS = {
    "0 to 1": "on a scale of 0 to 1",
    "hours per week and clinician": "hours a week per clinician",
    "crises per year": "crises a year",
    "visits per year": "visits a year",
    "admissions per year": "admissions a year",
    "patients per year": "patients a year",
    "clinicians per year": "clinicians a year",
    "visits per week": "visits a week",
    "referrals per week": "requests a week",
    "currency per year": "a year, in the currency of the service",
}
_OF_100 = ("share", "leavers per 100 clinician-years")
"""Units whose whole numbers keep their decimals, as those beside them."""
BASIS = (
    "Hours are those of a week in which the clinician was there on some day; unpaid hours are told apart. "
    "Vacancies and leavers are of all weeks counted. (careload measure tells vacancies on one day, leavers "
    "in the past year.)"
)
"""Of what the figures of clinicians are means, beside those of the same name that records are measured by."""
SHAPLEY = "makes what it adds on average over every order in which the changes can be made"
"""What the share of a change is."""
MOST_PLACES = 3
ROUNDING = 1e-9
"""What a number may be off by after means were taken."""
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
    value, low, high = (_finite(each) for each in (estimate.value, estimate.low, estimate.high))
    return replace(estimate, value=value, low=low, high=high, unit=_UNITS.get(estimate.unit, estimate.unit))


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def figure(estimate: Estimate, decimals: int | None = None) -> str:
    """The value as a person writes it: "44.3 days", "28.4 %", "not reached"; with decimals of one's own."""
    known = scaled(estimate)
    if known.value is None:
        return known.note or NOT_REACHED
    number = places(known) if decimals is None else decimals
    if known.unit == "share":
        return with_unit(known.value, known.unit, number)
    text = plain(known.value, known.unit, number)
    return f"{text}{NBSP}{plural(1 if text == '1' else 2, known.unit)}"


def bare(estimate: Estimate, decimals: int | None = None) -> str:
    """The value without its unit, but for the sign of per cent."""
    whole = figure(estimate, decimals)
    return whole if estimate.unit == "share" or scaled(estimate).value is None else whole.partition(NBSP)[0]


def numbers(*values: float) -> tuple[str, ...]:
    """Numbers that stand together, with the same decimals: none for whole ones, else about three digits."""
    known = [abs(float(value)) for value in values if math.isfinite(value)]
    largest = max(known, default=0.0)
    whole = largest >= 100 or all(value.is_integer() for value in known)
    decimals = 0 if whole else 1 if largest >= 10 else 2
    return tuple(plain(value, "", decimals) for value in values)


def interval(estimate: Estimate, decimals: int | None = None) -> str:
    """The 95 % interval as "43.9 to 44.7"."""
    known = scaled(estimate)
    if known.value is None:
        return NOT_KNOWN
    if known.low is None or known.high is None:
        return ONE_RUN if estimate.n == 1 else NOT_KNOWN
    sign = f"{NBSP}%" if known.unit == "share" else ""
    number = places(known) if decimals is None else decimals
    low, high = (plain(end, known.unit, number) for end in (known.low, known.high))
    return f"{low}{NBSP}to{NBSP}{high}{sign}"


def sure(estimate: Estimate) -> str:
    """The interval with its name: "95 % interval 43.9 to 44.7"."""
    known = interval(estimate)
    return known if known in (ONE_RUN, NOT_KNOWN) else f"95{NBSP}% interval {known}"


def with_interval(estimate: Estimate, *, unit: bool = True, decimals: int | None = None) -> str:
    """Value and interval: "44.3 days (43.9 to 44.7)"; the value alone where nobody asked how sure it is."""
    value, ends = (figure if unit else bare)(estimate, decimals), interval(estimate, decimals)
    return value if ends == NOT_KNOWN else f"{value} ({ends})"


def shared_places(several: Iterable[Estimate]) -> int:
    """Decimals of estimates that stand together: those of the one that needs most."""
    return max((places(scaled(each)) for each in several if scaled(each).value is not None), default=0)


def places(estimate: Estimate) -> int:
    """Decimals of value and interval: about three digits, and more where the interval's ends need them."""
    known = [v for v in (estimate.value, estimate.low, estimate.high) if v is not None]
    times = 100.0 if estimate.unit == "share" else 1.0
    if not any(known) or (estimate.unit not in _OF_100 and all(abs(v - round(v)) < ROUNDING for v in known)):
        return 0
    largest = max(abs(v) for v in known)
    if estimate.unit == "share":
        first = 1 if largest >= 0.01 else 2
    else:
        first = 0 if largest >= 100 else 1 if largest >= 10 else 2
    return next((n for n in range(first, MOST_PLACES) if _apart(estimate, times, n)), MOST_PLACES)


def _apart(estimate: Estimate, times: float, decimals: int) -> bool:
    if estimate.low is None or estimate.high is None or estimate.high - estimate.low < ROUNDING:
        return True
    return round(times * estimate.low, decimals) != round(times * estimate.high, decimals)


def axis(unit: str) -> str:
    """A unit as it stands at an axis."""
    return {"share": "per cent"}.get(unit, _UNITS.get(unit, unit))
