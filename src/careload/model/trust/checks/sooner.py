"""Are the sicker booked sooner, so that delay and risk are confounded?

    crises a day = rate(need group, visit number, class of days overdue) exp(slope * -log2 plan + b * urgent)

over days in care, not yet due or overdue. Where patients with shorter plans (same need group and visit), or
marked urgent, have more crises, those who waited long were chosen for being well, and the hazard by days
overdue is an association only. Delays that nobody chose tell more (`unchosen`): the clinic cancelled, the
clinician was recorded sick or on strike about the day the visit was due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import Finding
from careload.model.belief import Draws, interval
from careload.model.chances import rate_draws
from careload.model.courses import in_crisis, planned_waits
from careload.model.evidence import Evidence, columns_of
from careload.model.trust.checks.overdue import by_class, by_reached, in_classes, some_patients
from careload.model.trust.checks.slopes import NOTHING_TOLD, Slope, slope_of

Numbers = NDArray[np.float64]
Column = NDArray[Any]

NEEDS = ("encounters", "appointments.prescribed_interval_days")
MATTERS = 1.2
"""Assumed to matter: crises so many times as frequent at half the plan, or when marked urgent."""
MOST_VISITS, NOT_YET_DUE = 30, -1
NOBODY_CHOSE = ("sickness", "sick", "strike")
"""Words of leaves that no patient's state brings about; compared without regard to case."""
DAYS_ABOUT = 3
"""Of an absence about the day a visit was due: it, and so many days before and after."""


@dataclass(frozen=True)
class Sooner:
    """How crises go with being booked sooner.

    shorter_plans  logarithm of the ratio of hazards at half the plan
    urgent         of those marked urgent against others, per day overdue
    """

    shorter_plans: Slope
    urgent: Slope

    @property
    def speaks(self) -> bool:
        """Whether one of them rises beyond chance, and enough to matter."""
        return any(each.rises(MATTERS) for each in (self.shorter_plans, self.urgent))


@dataclass(frozen=True)
class Hazard:
    """A chance of a crisis a day overdue: events over midnights, with draws."""

    events: int
    midnights: int
    draws: Draws

    @property
    def value(self) -> float:
        """The middle of the draws."""
        return float(np.median(self.draws))

    @property
    def low_high(self) -> tuple[float, float]:
        """Their 90 % interval."""
        return interval(self.draws)


@dataclass(frozen=True)
class Unchosen:
    """The hazard of a crisis by whether anybody chose the delay.

    raw       of all waits after a visit
    unchosen  of waits lengthened by what nobody chose; of no midnights where the records tell of none
    """

    raw: Hazard
    unchosen: Hazard

    @property
    def differ(self) -> bool:
        """Whether their 90 % intervals lie apart."""
        (low, high), (lower, higher) = self.raw.low_high, self.unchosen.low_high
        return bool(self.unchosen.midnights) and (higher < low or high < lower)


def sooner(evidence: Evidence) -> Sooner | None:
    """The numbers; None where the records have no crises or no plans."""
    if not all(evidence.has(need) for need in NEEDS):
        return None
    return Sooner(_by_plan(evidence), _by_urgency(evidence))


def _by_plan(evidence: Evidence) -> Slope:
    rows = _after_visits(evidence)
    # A crisis on the day of the visit itself had no midnight in which it could have happened.
    events = {"crises": in_crisis(rows) & (rows.open_days > 0)}
    found = by_reached(rows, events, "need", "visit", "plan")
    if not len(found["need"]):
        return NOTHING_TOLD
    parts = _before_due(found), in_classes(found, "crises")
    need, visit, class_, crises, midnights, plan = (
        np.concatenate([part[name] for part in parts])
        for name in ("need", "visit", "class_", "crises", "midnights", "plan"))
    return slope_of([need, visit, class_], crises, midnights, -np.log2(plan.astype(float)))


def _before_due(found: dict[str, Column]) -> dict[str, Column]:
    """The days before the visit was due: all those of the plan, of waits that went beyond it."""
    never = found["reached"] < 0
    return {
        **found, "class_": np.full(len(never), NOT_YET_DUE), "crises": np.where(never, found["crises"], 0),
        "midnights": np.where(never, found["open_days"], found["plan"] * found["waits"]),
    }


def _after_visits(evidence: Evidence) -> ir.Table:
    """Waits after a visit with a plan, and the number of the visit."""
    rows = evidence.courses.spells
    rows = some_patients(rows.filter((rows.opened == "held") & (rows.due > rows.day)), evidence)
    visits = some_patients(evidence.courses.visits, evidence)
    number = visits.group_by(whose=visits.patient, on=visits.day).agg(visit=visits.number.min())
    rows = rows.inner_join(number, [rows.patient == number.whose, rows.day == number.on])
    return rows.mutate(
        plan=rows.due.cast("date").delta(rows.day.cast("date"), unit="day").cast("int64"),
        visit=ibis.least(rows.visit, MOST_VISITS),
    )


def _by_urgency(evidence: Evidence) -> Slope:
    """Per day overdue: those marked urgent at their first request are seen sooner."""
    if not evidence.has("referrals.urgency"):
        return NOTHING_TOLD
    asked = evidence.view.table("referrals")
    asked = asked.filter(asked.urgency.notnull() & (asked.requested_at.date() <= evidence.as_of))
    asked = asked.mutate(urgent=ibis.ifelse(asked.urgency.isin(["urgent", "emergency"]), 1, 0))
    marked = asked.group_by(whose=asked.patient).agg(
        urgent=asked.urgent.argmin(asked.requested_at), marked_on=asked.requested_at.min().date())
    rows = some_patients(planned_waits(evidence.courses.spells, evidence.first), evidence)
    # A later request may have been urgent because of what happened in an earlier wait.
    rows = rows.inner_join(marked, [rows.patient == marked.whose, rows.day >= marked.marked_on])
    found = by_class(rows, {"crises": in_crisis(rows)}, "need", "opened", "urgent")
    if not len(found["need"]):
        return NOTHING_TOLD
    strata = [found["need"], found["opened"], found["class_"]]
    return slope_of(strata, found["crises"], found["midnights"], found["urgent"])


def unchosen(evidence: Evidence) -> Unchosen | None:
    """The hazard of a crisis in waits that something nobody chose has lengthened, beside that of all waits.

    Midnights beyond due of waits after a visit. Of a wait lengthened, those since the absence or
    cancellation. None where the records have no crises or no plans.
    """
    if not all(evidence.has(need) for need in NEEDS):
        return None
    rows = evidence.courses.spells
    rows = rows.filter((rows.opened == "held") & rows.due.notnull() & (rows.late_days > 0))
    causes = [found for cause in (_absences, _cancellations) if (found := cause(evidence)) is not None]
    chance = evidence.generator("crises after delays nobody chose")
    raw = _hazard(rows, rows.late_days, chance)
    found = reduce(ir.Table.union, (_since(rows, each) for each in causes))
    once = found.group_by("patient", "day").agg(
        days=found.days.max(), end=found.end.min())
    return Unchosen(raw, _hazard(once, once.days, chance))


def _since(rows: ir.Table, cause: ir.Table) -> ir.Table:
    """Waits that a cause has lengthened, and the midnights beyond due since it."""
    who = rows.clinician == cause.who if "who" in cause.columns else rows.patient == cause.whose
    near = [who, cause.until >= rows.due - ibis.interval(days=DAYS_ABOUT),
            cause.since <= rows.due + ibis.interval(days=DAYS_ABOUT), cause.since >= rows.day]
    both = rows.inner_join(cause, near)
    from_day = ibis.greatest(both.due.cast("date"), both.since)
    days = both.end_day.cast("date").delta(from_day, unit="day").cast("int64")
    both = both.mutate(days=days).filter(days > 0)
    return both.select("patient", "day", "end", "days")


def _absences(evidence: Evidence) -> ir.Table | None:
    if not evidence.has("leaves.reason"):
        return None
    rows = evidence.view.table("leaves")
    rows = rows.filter(rows.reason.lower().isin(NOBODY_CHOSE) & (rows.starts_on <= evidence.as_of))
    until = rows.ends_on.coalesce(ibis.literal(evidence.as_of))
    return rows.select(who="clinician", since="starts_on", until=until)


def _cancellations(evidence: Evidence) -> ir.Table:
    rows = evidence.view.appointments
    rows = rows.filter((rows.status == "cancelled_by_clinic") & (rows.day <= evidence.as_of))
    return rows.select(whose="patient", since="day", until="day")


def _hazard(rows: ir.Table, days: ir.IntegerValue, chance: np.random.Generator) -> Hazard:
    table = rows.agg(midnights=days.sum().cast("int64"), events=in_crisis(rows).sum().cast("int64"))
    found = columns_of(table)
    events, midnights = (int(found[name][0] or 0) for name in ("events", "midnights"))
    return Hazard(events, midnights, rate_draws(chance, events, max(midnights, 1)))


def check(evidence: Evidence) -> Iterator[Finding]:
    """Whether patients seen sooner are sicker."""
    found = sooner(evidence)
    if found is None or not found.speaks:
        return
    beside = evidence.once(unchosen)
    assert beside is not None
    yield Finding(
        "sicker-sooner", "warning", "encounters", 0,
        f"Who is booked sooner is sicker: {' and '.join(_signs(found))}.{_beside(beside)}",
        "crises that depend on need group and days overdue, not on how soon somebody is booked",
        "Take the hazard of a crisis by days overdue for an association only. What a shorter wait would "
        "spare is told by delays nobody chose: record cancellations by the clinic, sickness and strikes.",
    )


def _signs(found: Sooner) -> Iterator[str]:
    if found.shorter_plans.rises(MATTERS):
        yield f"at half the plan crises are {found.shorter_plans.ratio:.1f} times as frequent"
    if found.urgent.rises(MATTERS):
        yield f"marked urgent, {found.urgent.ratio:.1f} times as frequent"


def _beside(found: Unchosen) -> str:
    if not found.unchosen.midnights:
        return " No delay that nobody chose is recorded."
    (low, high), (lower, higher) = found.raw.low_high, found.unchosen.low_high
    return (f" Crises a day overdue: {low:.4f} to {high:.4f} in all waits, {lower:.4f} to {higher:.4f} in "
            "those lengthened by what nobody chose.")
