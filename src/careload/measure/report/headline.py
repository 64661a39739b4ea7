"""The one sentence that says the main thing, and the few figures that stand at the top of each half."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from careload.clinic import Estimate, Finding
from careload.measure.report import words
from careload.measure.report.words import Definitions
from careload.measure.result import Measurement, Verdict

MAIN_STATISTICS = ("ratio", "share", "median", "mean", "rate", "count")
KEY_MEASURES = {
    "patients": ("return_interval", "return_within_standard", "overdue", "no_show", "intake_wait", "dropout"),
    "clinicians": (
        "overload", "caseload", "leaver_rate", "vacancy_rate", "non_contact_hours", "contact_hours",
    ),
}
MOST_KEY_FIGURES = 4


@dataclass(frozen=True)
class KeyFigure:
    """One large figure: measure, what it is, value, unit, doubt, what was counted, a caution."""

    measure: str
    label: str
    figure: str
    unit: str
    doubt: str
    basis: str
    note: str


def about_everyone(estimate: Estimate) -> bool:
    """Whether the estimate is about everyone, not about a group."""
    return set(estimate.by) <= set(words.READINGS)


def main_figures(measurement: Measurement, measure: str) -> list[Estimate]:
    """The main statistic of `measure` about everyone: one estimate, or one for each way of counting."""
    totals = [e for e in measurement.estimates if e.measure == measure and about_everyone(e)]
    for statistic in MAIN_STATISTICS:
        found = [e for e in totals if e.statistic == statistic]
        if found:
            return found
    return totals


def headline(measurement: Measurement) -> str:
    """One plain sentence from what could be measured."""
    clauses = [*_returns(measurement), *_rule(measurement.verdicts), *_load(measurement)]
    if len(clauses) < 2:
        clauses += [*_no_shows(measurement), *_lead_time(measurement)]
    if not clauses:
        return "These records do not hold enough to say how long patients wait or what clinicians carry."
    return words.sentence("; ".join(clauses)) + "."


def key_figures(measurement: Measurement, side: str, definitions: Definitions) -> list[KeyFigure]:
    """Up to four large figures of one half, those that could be measured."""
    found = [e for measure in KEY_MEASURES[side] for e in main_figures(measurement, measure)]
    # What is hidden stands as hidden in the tables; the few large figures are those that can be shown.
    shown = [e for e in found if not e.hidden][:MOST_KEY_FIGURES]
    return [_key(e, definitions, excepts(measurement, e.by.get("standard", ""))) for e in shown]


def excepts(measurement: Measurement, rule: str) -> bool:
    """Whether `rule` lets approved longer intervals count as in time, so that there are two shares."""
    return any(
        e.statistic == "share_with_exceptions" and e.by.get("standard") == rule
        for e in measurement.estimates
    )


def return_verdicts(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The rules whose clock starts at the visit before."""
    return [v for v in verdicts if v.clock.replace(" ", "_") == "prior_appointment"]


def in_order(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Missed first, then met, then what cannot be said; return visits before first visits."""
    order = ("misses", "meets", "cannot be said")
    known = list(verdicts)
    returns = return_verdicts(known)
    return sorted(known, key=lambda verdict: (order.index(verdict.verdict), verdict not in returns))


def _key(estimate: Estimate, definitions: Definitions, excepting: bool) -> KeyFigure:
    label = words.measure_title(estimate.measure, definitions)
    what = words.statistic(estimate.statistic) if estimate.statistic not in ("share", "ratio", "rate") else ""
    strict = "without approved exceptions" if excepting else ""
    detail = ", ".join(part for part in (what, words.reading(estimate.by), strict) if part)
    value, _, unit = words.figure(estimate).partition(words.NBSP)
    if estimate.value is None or unit == "%":
        value, unit = words.figure(estimate), ""
    elif not unit:  # tables leave the unit of a ratio to the title; a figure that stands alone needs it
        unit = estimate.unit if estimate.unit != "ratio" else ""
    return KeyFigure(
        measure=estimate.measure,
        label=f"{label}, {detail}" if detail else label,
        figure=value,
        unit=unit,
        doubt=_doubt(estimate),
        basis=words.basis(estimate),
        note=estimate.note,
    )


def _doubt(estimate: Estimate) -> str:
    interval = words.interval(estimate)
    return interval if estimate.interval == "census" else f"95{words.NBSP}% interval {interval}"


def _returns(measurement: Measurement) -> list[str]:
    found = [e for e in main_figures(measurement, "return_interval") if not e.hidden]
    found = [e for e in found if e.statistic == "median"]
    known = sorted((v, e.unit) for e in found if (v := e.low if e.value is None else e.value) is not None)
    if not known:
        return []
    low, high = (words.with_unit(value, unit, 0) for value, unit in (known[0], known[-1]))
    short = ", in records too short to show long waits" if too_short(measurement) else ""
    if len(known) > 1 and low == high:
        return [f"{_wait(found[0])}, whoever counts as waiting{short}"]
    if len(known) > 1:
        return [
            f"of those who wait for the next visit, half are seen within {low}, or within {high}{short}: "
            "the records do not say whose care has ended"
        ]
    if found[0].by:  # one bound only: everyone not seen again counts as waiting
        return [f"{_wait(found[0])}, if all who were not seen again are still waiting{short}"]
    return [f"{_wait(found[0])}{short}"]


def _wait(estimate: Estimate) -> str:
    figure = words.figure(estimate)
    if estimate.value is not None:
        half = f"half are seen within {figure}"
    else:
        half = "half are not seen again" if estimate.low is None else f"half are not seen for {figure}"
    return f"of those who wait for the next visit, {half}"


def too_short(measurement: Measurement) -> list[Finding]:
    """Findings that the records cover too short a time for long waits."""
    return [finding for finding in measurement.findings if finding.code == "short-window"]


def cautions(measurement: Measurement) -> list[Finding]:
    """Findings that no figure should be read without."""
    return [found for found in measurement.findings if found.code in ("short-window", "after-the-records")]


def _rule(verdicts: Sequence[Verdict]) -> list[str]:
    limits = list(dict.fromkeys(v.limit for v in return_verdicts(verdicts)))
    return [f"the rule says {limits[0]}"] if limits else []


def _load(measurement: Measurement) -> list[str]:
    found = [e for e in main_figures(measurement, "overload") if e.value is not None]
    if not found or found[0].value is None:
        return []
    return [f"clinicians carry {words.plain(found[0].value, 'ratio', 2)} hours of work for every hour paid"]


def _no_shows(measurement: Measurement) -> list[str]:
    found = [e for e in main_figures(measurement, "no_show") if e.value is not None]
    return [f"patients miss {words.figure(found[0])} of appointments"] if found else []


def _lead_time(measurement: Measurement) -> list[str]:
    found = [e for e in main_figures(measurement, "lead_time") if e.value is not None]
    found = [e for e in found if e.statistic == "median"]
    return [f"half of all appointments are booked {words.figure(found[0])} or more ahead"] if found else []
