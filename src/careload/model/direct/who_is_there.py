"""Who is in care or waits on the last day of the records.

In care is who has been seen in an episode that is open, or whose open episode began before the records: then
nobody has seen them since. Where no record tells when care ends, only who has something ahead: a visit
booked, or a plan that ran out no more than 90 days ago. The next visit is due when the plan of the last says,
or the rule for booking again after a no-show; of who has had no appointment at all since the records began it
is taken to have been due then.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from careload.measure import GRACE_DAYS
from careload.model.courses import EVERYBODY, like, seen_alone
from careload.model.direct.visits_had import HALF_A_DAY
from careload.model.evidence import Evidence

ENDS = ("completed", "dropped", "died", "moved", "other")
"""Ends of a spell that are ends of care, or of asking for it."""
ALL_VISITS = 1_000_000
"""More than anybody has."""
_ = ibis._


def who_is_there(evidence: Evidence) -> ir.Table:
    """One row per patient who waits or is in care.

    patient, need, in_care; site, profession, clinician (of the last visit); seen (visits in the open
    episode), whole (whether the records have all of it), plan (days, of the last), alike (how many of them
    had that plan); days (to when they are due), missed (visits since the last seen), put_off (days by which
    these put off the day due); asked (days since they asked), urgent (whether they asked urgently)
    """
    rows = _with_appointments(evidence)
    return evidence.view.keep("model_now", rows.union(like(rows, _without(evidence))))


def _with_appointments(evidence: Evidence) -> ir.Table:
    """Those who asked, were seen or missed a visit within the records."""
    spells, inside = evidence.courses.spells, _inside(evidence)
    asked, ended = _last_asked(spells), _last_ended(spells)
    missed = _missed_since(spells, inside, asked)
    urgent = _urgent(evidence)
    people = evidence.staffing.people.select(theirs="clinician", they="profession", there="site")
    old = _old(evidence)
    rows = spells.filter(spells.end == "waiting")
    rows = rows.left_join(inside, rows.patient == inside.whose)
    rows = rows.left_join(asked, rows.patient == asked.who_asked)
    rows = rows.left_join(missed, rows.patient == missed.whose_)
    rows = rows.left_join(ended, rows.patient == ended.who_ended)
    rows = rows.left_join(people, rows.clinician == people.theirs)
    rows = rows.left_join(old, rows.patient == old.old)
    rows = rows.left_join(urgent, rows.patient == urgent.urgently)
    # Who asked before care ended has had an answer, whatever happened since.
    again = rows.ended_on.isnull() | (rows.asked_on >= rows.ended_on)
    unseen = ibis.literal(evidence.as_of).delta(rows["last"], unit="day").cast("int64")
    since = ibis.literal(evidence.as_of).delta(rows.asked_on, unit="day").cast("float64")
    seen = rows.whose.notnull()
    goes_on = rows.old.notnull() & rows.opened.isin(["missed", "crisis"]) & ~seen
    return rows.select(
        "patient", "need", "plan", in_care=(seen & _planned(evidence, rows)) | goes_on,
        seen=rows.seen.fill_null(0), whole=rows.whole.fill_null(~goes_on), days=-rows.late_days.cast("int64"),
        asked=ibis.ifelse(again & ~seen, since, ibis.null("float64")), urgent=rows.urgent,
        missed=rows.missed.fill_null(0), alike=rows.alike.fill_null(0),
        put_off=ibis.ifelse(rows.missed > 0, unseen - rows.plan - rows.late_days, 0),
        site=ibis.coalesce(rows["where"], ibis.ifelse(goes_on, rows.there, rows.site), rows.site,
                           rows.asked_where, EVERYBODY),
        profession=ibis.coalesce(rows.who, ibis.ifelse(goes_on, rows.they, ibis.null("string")), EVERYBODY),
        clinician=ibis.coalesce(rows.by, ibis.ifelse(goes_on, rows.clinician, ibis.null("string"))),
    )


def _planned(evidence: Evidence, rows: ir.Table) -> ir.BooleanValue:
    """Whether those seen have something ahead of them; where ends of care are recorded, all have."""
    if evidence.has("episodes.closed_on"):
        return ibis.literal(True)
    booked = evidence.view.booked_ahead.select("patient").distinct()
    return rows.patient.isin(booked.patient) | (rows.late_days <= GRACE_DAYS).fill_null(False)


def _missed_since(spells: ir.Table, inside: ir.Table, asked: ir.Table) -> ir.Table:
    """whose_, missed: visits missed since the last that was held; of who waits, since asking."""
    missed = spells.filter(spells.opened == "missed").select(whose_="patient", missed_on="day")
    missed = missed.left_join(inside, missed.whose_ == inside.whose)
    missed = missed.left_join(asked, missed.whose_ == asked.who_asked)
    since_asking = missed.asked_on.isnull() | (missed.missed_on >= missed.asked_on)
    since_seen = missed.missed_on > missed["last"]
    missed = missed.filter(ibis.ifelse(missed["last"].isnull(), since_asking, since_seen))
    return missed.group_by("whose_").agg(missed=_.missed_on.count())


def _last_asked(spells: ir.Table) -> ir.Table:
    """who_asked, asked_on, asked_where: the last request."""
    asked = spells.filter(spells.opened == "asked")
    return asked.group_by(who_asked=asked.patient).agg(
        asked_on=asked.day.max(), asked_where=asked.site.argmax(asked.day))


def _last_ended(spells: ir.Table) -> ir.Table:
    """who_ended, ended_on: when care, or asking for it, last ended."""
    ended = spells.filter(spells.end.isin(ENDS))
    return ended.group_by(who_ended=ended.patient).agg(ended_on=ended.end_day.max())


def _without(evidence: Evidence) -> ir.Table:
    """Those in care of whom the records hold no appointment: nobody knows whose they are."""
    old, needs = _old(evidence), evidence.courses.needs
    known = evidence.courses.spells.select(whose="patient").distinct()
    rows = old.anti_join(known, old.old == known.whose)
    rows = rows.left_join(needs, rows.old == needs.patient)
    return rows.select(
        patient="old", need=rows.need.fill_null(EVERYBODY), in_care=ibis.literal(True), seen=ibis.literal(0),
        whole=ibis.literal(False), days=ibis.literal((evidence.first - evidence.as_of).days),
        missed=ibis.literal(0), alike=ibis.literal(0), put_off=ibis.literal(0),
        site=ibis.literal(EVERYBODY), profession=ibis.literal(EVERYBODY),
    )


def _old(evidence: Evidence) -> ir.Table:
    """old: patients of open episodes that began before the records."""
    view = evidence.view
    if not evidence.has("episodes.opened_on"):
        nobody = view.table("appointments")
        return nobody.filter(ibis.literal(False)).select(old="patient").distinct()
    rows = view.table("episodes")
    going_on = rows.closed_on.isnull() | (rows.closed_on > ibis.literal(evidence.as_of))
    rows = rows.filter(going_on & (rows.opened_on < ibis.literal(evidence.first)))
    return rows.select(old="patient").distinct()


def _urgent(evidence: Evidence) -> ir.Table:
    """urgently (patients who asked), urgent: whether they last did so urgently; null where nobody knows."""
    if not evidence.has("referrals.urgency"):
        nobody = evidence.view.table("appointments").filter(ibis.literal(False))
        return nobody.select(urgently="patient", urgent=ibis.null("boolean"))
    rows = evidence.view.table("referrals")
    rows = rows.filter(rows.requested_at.date() <= ibis.literal(evidence.as_of))
    last = rows.group_by(urgently=rows.patient).agg(urgency=rows.urgency.argmax(rows.requested_at))
    return last.select("urgently", urgent=last.urgency != "routine")


def _inside(evidence: Evidence) -> ir.Table:
    """One row per patient of visits in open episodes: whose, seen (their number), where, who, by (site,
    profession and clinician of the last held alone, if any), whole, last (the day of the last), plan, alike
    (how many had that plan)."""
    visits = evidence.courses.visits
    visits = visits.filter(visits.closed_on.isnull())
    # A visit in a crisis or a group does not make somebody's patient another's.
    alone = ibis.ifelse(seen_alone(visits), visits.number, visits.number - ALL_VISITS)
    found = visits.group_by(whose=visits.patient).agg(
        seen=visits.day.count(), where=visits.site.argmax(alone),
        who=visits.profession.argmax(alone), by=visits.clinician.argmax(alone),
        whole=visits.whole.all(), last=visits.day.max(), plan=visits.plan.argmax(visits.number),
    )
    latest = found.select("whose", latest="plan")
    alike = visits.join(latest, visits.patient == latest.whose)
    alike = alike.filter((alike.plan - alike.latest).abs() <= HALF_A_DAY)
    alike = alike.group_by(of="whose").agg(alike=_.day.count())
    return found.left_join(alike, found.whose == alike["of"]).drop("of")
