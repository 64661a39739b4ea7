"""Courses of care as a fit reads them: treatments visit by visit, spells of waiting and what ended them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import ibis
import ibis.expr.types as ir

from careload.clinic import registry
from careload.history import fetch
from careload.measure import View
from careload.model.asking import in_episodes, waits_of

EVERYBODY = "everybody"
"""The name of the one need group, site or profession where the records name none."""

REBOOK_DAYS = registry()["policy"].parameters["rebook_days"].default

ADVANCE_DAYS = 1
"""Who asks for care is due the day after (`careload.simulate`)."""


@dataclass(frozen=True)
class Courses:
    """The records of a day as courses of care.

    view         the records as they stood on one day
    rebook_days  days after a no-show for which the visit is booked again
    """

    view: View
    rebook_days: int

    @cached_property
    def needs(self) -> ir.Table:
        """patient, need: the need group of every patient the records name one for."""
        if not self.view.records.has("patients.need_group"):
            people = self.view.table("appointments").select("patient").distinct()
            return people.mutate(need=ibis.literal(EVERYBODY))
        people = self.view.table("patients")
        return people.select("patient", need=people.need_group.fill_null(EVERYBODY))

    @cached_property
    def visits(self) -> ir.Table:
        """One row per visit attended within an episode.

        patient, episode (first day of it), need, number (visits attended in it before), day, gap_days (since
        the visit before in it), plan (days until the next, written at this visit), plan_before (at the one
        before), site, profession, clinician, kind, group (whether held in a group), closed_on, reason (why
        the episode closed; null while open), whole (whether the episode began within the records)
        """
        return self.view.keep("model_visits", _visits(self))

    @cached_property
    def waits(self) -> ir.Table:
        """One row per wait for a first visit (`waits_of`)."""
        return waits_of(self.view)

    @cached_property
    def spells(self) -> ir.Table:
        """One row per spell of waiting, from what opened it to what ended it.

        patient, need, site, clinician; opened: ``asked``, ``held``, ``missed`` or ``crisis``; day
        of it; due (the day the next visit should happen; null without a plan); end: ``seen`` (a visit held or
        missed), ``crisis``, ``admitted``, ``dropped``, ``died``, ``moved``, ``completed``, ``other``,
        ``waiting``; end_day (`as_of` for those waiting); late_days = end_day - due, the midnights it lay
        beyond due; open_days = end_day - day; in_care: whether the patient has been seen since asking last,
        or leaving; asked: whether the records hold a request of theirs up to then
        """
        return self.view.keep("model_spells", _spells(self))


def midnights_overdue(spells: ir.Table, first: date) -> ir.IntegerValue:
    """Midnights beyond due of each spell that lie within the records; 0 without a due day.

    Of a wait begun before them we know only because it had not ended: its earlier midnights could hold no
    event.
    """
    within = spells.end_day.delta(ibis.literal(first), unit="day").cast("int64")
    return ibis.ifelse(spells.due.isnull(), 0, ibis.greatest(ibis.least(spells.late_days, within), 0))


def planned_waits(spells: ir.Table, first: date) -> ir.Table:
    """Waits with a due day, from asking or from a visit, begun on the first day of the records or later."""
    return spells.filter(spells.due.notnull() & spells.opened.isin(["asked", "held"]) & (spells.day >= first))


def in_crisis(spells: ir.Table) -> ir.BooleanValue:
    """Whether a spell ended in a crisis, admitted or not."""
    return spells.end.isin(["crisis", "admitted"])


SOONEST = 0.1
"""The quantile of days from a no-show to the next visit taken for the rule: later ones found no slot."""
LEAST_MISSED = 30
"""Fewest no-shows of a kind of visit from which the rule is told, where any kind has as many."""


def days_to_the_next(view: View) -> int:
    """Days after a no-show for which the visit is booked again; at least 1.

    What one in ten is below, of the kind of visit for which that is least: others may find no slot so soon.
    """
    rows = view.appointments.filter(view.appointments.status.isin(["completed", "no_show", "booked"]))
    order = ibis.window(group_by=rows.patient, order_by=[rows.starts_at])
    after = rows.mutate(next=rows.day.lead().over(order))
    missed = after.filter((after.status == "no_show") & after.next.notnull())
    days = missed.next.delta(missed.day, unit="day").cast("int64")
    told = missed.select(kind=missed.kind.fill_null(""), days=days)
    kinds = fetch(told.group_by("kind").agg(days=ibis._.days.quantile(SOONEST), n=ibis._.days.count()))
    many = [each for each in kinds if each["n"] >= LEAST_MISSED] or kinds
    return max(1, min(int(each["days"]) for each in many)) if many else int(REBOOK_DAYS)


def _visits(courses: Courses) -> ir.Table:
    view = courses.view
    visits = view.visits.left_join(courses.needs, "patient").drop("patient_right")
    visits = visits.mutate(need=visits.need.fill_null(EVERYBODY), at=visits.starts_at)
    held = visits.select(
        "patient", "need", "day", "at", "site", "profession", "clinician", "kind",
        group=visits.group_id.notnull(), plan=visits.prescribed_interval_days,
    )
    inside = _in_episodes(view, held)
    order = ibis.window(group_by=[inside.patient, inside.episode], order_by=[inside["at"]])
    before = inside.day.lag().over(order)
    alone = ibis.ifelse(seen_alone(inside), inside.clinician, ibis.null("string"))
    numbered = inside.mutate(
        number=ibis.row_number().over(order), plan_before=inside.plan.lag().over(order),
        alone_before=alone.lag().over(order),
        gap_days=inside.day.delta(before, unit="day").cast("int64"),
    )
    return numbered.mutate(whole=numbered.episode >= ibis.literal(view.first_day)).drop("at")


def seen_alone(visits: ir.Table) -> ir.BooleanValue:
    """Whether a visit was planned, and held with nobody beside the patient."""
    return ~visits.group & ~visits.kind.isin(["group", "crisis"]).fill_null(False)


def doublings(visits: ir.Table) -> ir.FloatingValue:
    """log2(gap / planned gap) beyond the plan; 0 at a first visit, in time, or without a plan."""
    # As a float: some engines divide whole numbers into whole numbers.
    beyond = (visits.gap_days.cast("float64") / ibis.greatest(visits.plan_before, 1)).log2()
    follows = (visits.number > 0) & visits.plan_before.notnull() & (visits.gap_days > 0)
    return ibis.ifelse(follows, ibis.greatest(beyond, 0.0), 0.0).cast("float64")


def _in_episodes(view: View, held: ir.Table) -> ir.Table:
    """Visits with the episode they lie in; all of a patient's in one where no episodes are recorded."""
    if not view.records.has("episodes.opened_on"):
        first = held.day.min().over(ibis.window(group_by=held.patient))
        nothing = {"closed_on": ibis.null("date"), "reason": ibis.null("string")}
        return held.mutate(episode=first, **nothing)
    return in_episodes(view, held)


def _spells(courses: Courses) -> ir.Table:
    view, events = courses.view, _events(courses)
    order = ibis.window(group_by=events.patient, order_by=[events["at"]])
    so_far = ibis.window(group_by=events.patient, order_by=[events["at"]], preceding=None, following=0)
    kinds = {"held": events.event == "held", "before": ~events.event.isin(["held", "missed", "crisis"]),
             "asked": events.event == "asked"}
    last = {name: ibis.ifelse(kind, events["at"], ibis.null("timestamp")).max().over(so_far)
            for name, kind in kinds.items()}
    events = events.mutate(
        next_event=events.event.lead().over(order), next_at=events["at"].lead().over(order),
        in_care=last["held"].notnull() & (last["before"].isnull() | (last["held"] >= last["before"])),
        asked=last["asked"].notnull(),
    )
    opened = events.filter(events.event.isin(["asked", "held", "missed", "crisis"]))
    as_of = ibis.literal(view.as_of)
    end = ibis.cases(
        (opened.next_event.isnull(), "waiting"), (opened.next_event.isin(["held", "missed"]), "seen"),
        (opened.next_event == "asked", "other"), else_=opened.next_event,
    )
    after = ibis.cases(
        (opened.event == "asked", ibis.literal(ADVANCE_DAYS)),
        (opened.event == "missed", ibis.literal(courses.rebook_days)),
        (opened.event == "held", opened.plan), else_=ibis.literal(0),
    )
    spells = opened.mutate(
        opened=opened.event, end=end, end_day=ibis.coalesce(opened.next_at.date(), as_of),
        due=(opened.day + after.cast("int64").as_interval("D")).cast("date"),
    )
    spells = spells.mutate(
        late_days=spells.end_day.delta(spells.due, unit="day").cast("int64"),
        open_days=spells.end_day.delta(spells.day, unit="day").cast("int64"),
    ).drop("event", "next_event", "next_at", "plan", "at")
    found = spells.left_join(courses.needs, "patient").drop("patient_right")
    return found.mutate(need=found.need.fill_null(EVERYBODY))


def _events(courses: Courses) -> ir.Table:
    """What happens to patients, each at its instant: asked, held, missed, crisis, and the ends of care."""
    view = courses.view
    rows = view.due.filter(view.due.status.isin(["completed", "no_show"]))
    events = rows.select(
        "patient", "day", "site", "clinician", at=rows.starts_at.cast("timestamp"),
        event=ibis.ifelse(rows.status == "completed", "held", "missed"), plan=rows.prescribed_interval_days,
    )
    for more in (_asked(courses), _gave_up(courses), _crises(view), _ends(view)):
        if more is not None:
            events = events.union(like(events, more))
    return events


def _asked(courses: Courses) -> ir.Table | None:
    """Requests, at the beginning of their day: a visit held on it answers them."""
    if not courses.view.records.has("referrals"):
        return None
    rows = courses.waits
    asked = {"at": rows.asked_on.cast("timestamp"), "day": rows.asked_on, "event": ibis.literal("asked")}
    return rows.select("patient", "site", **asked)


def _gave_up(courses: Courses) -> ir.Table | None:
    """Requests that ended without a visit, on the evening of their day."""
    if not courses.view.records.has("referrals.closed_on"):
        return None
    rows = courses.waits.filter(ibis._.over_on.notnull())
    event = ibis.ifelse((rows.outcome == "gave_up").fill_null(False), "dropped", "other")
    return rows.select("patient", "site", at=_evening(rows.over_on), day=rows.over_on, event=event)


def _crises(view: View) -> ir.Table | None:
    if not view.records.has("encounters"):
        return None
    rows = view.table("encounters")
    rows = rows.filter(rows.starts_at.date() <= view.as_of)
    event = ibis.ifelse(rows.kind == "inpatient", "admitted", "crisis")
    return rows.select("patient", at="starts_at", day=rows.starts_at.date(), event=event)


def _ends(view: View) -> ir.Table | None:
    """Ends of care, each with its reason, on the evening of its day."""
    if not view.records.has("episodes.closed_on"):
        return None
    rows = view.with_deaths(view.closures)
    episodes = view.table("episodes")
    why = episodes.group_by(whose=episodes.patient, on=episodes.closed_on).agg(reason=episodes.reason.min())
    rows = rows.left_join(why, [rows.patient == why.whose, rows.day == why.on])
    died = (rows.reason == "died") | (rows.died_on == rows.day).fill_null(False)
    event = ibis.cases(
        (rows.event == "discharged", "completed"), (rows.event == "dropped", "dropped"), (died, "died"),
        (rows.reason == "lost_coverage", "moved"),
        (rows.reason == "admitted", "admitted"), else_="other",
    )
    return rows.select("patient", "day", at=_evening(rows.day), event=event)


def _evening(day: ir.DateColumn) -> ir.TimestampValue:
    """The last second of a day: whoever was seen on it was seen first."""
    return (day.cast("timestamp") + ibis.interval(seconds=24 * 60 * 60 - 1)).cast("timestamp")


def like(events: ir.Table, more: ir.Table) -> ir.Table:
    """`more` with the columns of `events`, null where it has none."""
    kinds = events.schema().items()
    return more.select(**{
        name: more[name].cast(kind) if name in more.columns else ibis.null(kind) for name, kind in kinds
    })
