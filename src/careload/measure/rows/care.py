"""Courses of care: who is in it, how much of it they get, how it ends."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from careload.measure.counted import Counted
from careload.measure.engine import flag, like, same_order, tie_break
from careload.measure.view import OF_THE_CLINICIAN, View

DOSE_DAYS = 84
"""Twelve weeks."""


def in_care(view: View) -> ir.Table:
    """Everyone in care on the day: one row per patient, the span they are waiting in."""
    spans = view.spans
    return spans.filter(spans.event == "waiting")


def overdue(view: View) -> ir.Table:
    """Everyone in care with a prescribed interval; y = it has run out; value = days since."""
    rows = in_care(view)
    rows = rows.filter(rows.prescribed_interval_days.notnull())
    late = rows.days - rows.prescribed_interval_days
    return rows.mutate(y=flag(late > 0), value=late)


def silent_backlog(view: View) -> ir.Table:
    """Everyone in care, also those not seen in it yet; y = nothing is booked for them."""
    booked = view.booked_ahead.select("patient").distinct().mutate(has_booking=True)
    rows = in_care(view)
    rows = rows.union(like(rows, _not_seen_yet(view))).left_join(booked, "patient")
    return rows.mutate(y=flag(rows.has_booking.isnull())).drop("patient_right")


def _not_seen_yet(view: View) -> ir.Table:
    """Patients with an open episode and no visit in it: patient, day the first of them opened."""
    care = view.with_deaths(view.table("episodes").select("patient", "opened_on", "closed_on"))
    as_of = ibis.literal(view.as_of)
    still_open = (care.opened_on <= as_of) & (care.closed_on.isnull() | (care.closed_on > as_of))
    care = care.filter(still_open & care.died_on.isnull())
    care = care.anti_join(in_care(view), "patient")
    return care.group_by("patient").agg(day=care.opened_on.min())


def caseload(view: View) -> ir.Table:
    """Clinicians with anyone in their care; value = number of patients last seen by them.

    A clinician of several sites or professions stands where most of these patients were seen.
    """
    rows = in_care(view)
    rows = rows.filter(rows.clinician.notnull())
    places = rows.group_by("clinician", *OF_THE_CLINICIAN).agg(patients=rows.count())
    order = ibis.window(
        group_by=places.clinician, order_by=[places.patients.desc(), same_order(places, OF_THE_CLINICIAN)]
    )
    places = places.mutate(place=ibis.row_number().over(order))
    most = places.filter(places.place == 0).select("clinician", *OF_THE_CLINICIAN)
    return rows.group_by("clinician").agg(value=rows.count()).join(most, "clinician")


def dose(view: View) -> ir.Table:
    """Patients twelve weeks or more after their first intake; y = visits in the twelve weeks from it.

    All of them count where the intake was, whoever held them.
    """
    intakes = _first_intakes(view)
    visits = view.visits.select("patient", at="day").join(intakes.select("patient", "day"), "patient")
    until = visits.day + ibis.interval(days=DOSE_DAYS)
    early = visits.filter((visits["at"] >= visits.day) & (visits["at"] < until))
    number = early.group_by("patient").agg(y=early.count())
    return intakes.join(number, "patient").mutate(n=_whole(1))


def _first_intakes(view: View) -> ir.Table:
    """The first intake of every patient, made at least twelve weeks ago."""
    intakes = view.visits.filter(view.visits.kind == "intake")
    order = ibis.window(group_by=intakes.patient, order_by=[intakes.starts_at, tie_break(intakes)])
    first = intakes.mutate(place=ibis.row_number().over(order))
    first = first.filter((first.place == 0) & (first.day <= view.as_of - timedelta(days=DOSE_DAYS)))
    return first.select("patient", "site", "profession", "clinician", "kind", "modality", "day")


def closed_episodes(view: View) -> ir.Table:
    """Episodes closed by the day, with `day` of closing."""
    rows = view.table("episodes").mutate(day=ibis._.closed_on)
    return rows.filter(rows.day.notnull() & (rows.day <= view.as_of))


def dropout(view: View) -> ir.Table:
    """Episodes closed; y = the patient dropped out."""
    rows = closed_episodes(view)
    return rows.mutate(y=flag(rows.reason == "dropped"))


def episode_length(view: View) -> ir.Table:
    """Episodes; days from opening; reached = closed, open = still in care."""
    rows = view.table("episodes").mutate(day=ibis._.opened_on)
    rows = rows.filter(rows.day <= view.as_of)
    as_of = ibis.literal(view.as_of)
    closed = rows.closed_on.notnull() & (rows.closed_on <= as_of)
    end = ibis.ifelse(closed, rows.closed_on, as_of)
    return rows.mutate(
        days=ibis.greatest(end.delta(rows.day, unit="day").cast("int64"), 0),
        window_days=as_of.delta(rows.day, unit="day").cast("int64"),
        outcome=ibis.ifelse(closed, "reached", "open"),
    )


def visits_per_episode(view: View) -> ir.Table:
    """Episodes closed (n = 1) and the visits within them (y = 1)."""
    closed = closed_episodes(view).select("patient", "opened_on", "closed_on", "day")
    visits = view.visits.select(visitor=view.visits.patient, visit_day=view.visits.day)
    within = [
        closed.patient == visits.visitor,
        visits.visit_day >= closed.opened_on,
        visits.visit_day <= closed.closed_on,
    ]
    held = closed.join(visits, within).select("patient", "day").mutate(n=_whole(0), y=_whole(1))
    return closed.select("patient", "day").mutate(n=_whole(1), y=_whole(0)).union(held)


def ed_visits(view: View) -> ir.Table:
    """Days in care (n) and emergency visits in them (y), from the first day of the records to death.

    Days in several episodes count once.
    """
    first = ibis.literal(view.first_day)
    as_of = ibis.literal(view.as_of)
    care = view.with_deaths(view.table("episodes").select("patient", "opened_on", "closed_on"))
    care = care.mutate(
        opened_on=ibis.greatest(care.opened_on, first),
        closed_on=ibis.least(ibis.coalesce(care.closed_on, as_of), ibis.coalesce(care.died_on, as_of), as_of),
    )
    care = _once(care.filter(care.closed_on > care.opened_on))
    days = care.closed_on.delta(care.opened_on, unit="day").cast("int64")
    exposure = care.select("patient", day=care.opened_on, n=days, y=_whole(0))
    stays = view.table("encounters").filter(ibis._.kind == "ed")
    stays = stays.select(visitor=stays.patient, stay_day=stays.starts_at.date())
    within = [
        care.patient == stays.visitor,
        stays.stay_day >= care.opened_on,
        stays.stay_day < care.closed_on,
    ]
    events = care.join(stays, within).select("patient", day="stay_day").mutate(n=_whole(0), y=_whole(1))
    return exposure.union(events)


def _once(care: ir.Table) -> ir.Table:
    """Episodes cut where an earlier one of the same patient still runs, so that none overlap."""
    order = [care.opened_on, care.closed_on.desc()]
    before = ibis.window(group_by=care.patient, order_by=order, preceding=(None, 1), following=None)
    care = care.mutate(covered_to=care.closed_on.max().over(before))
    uncovered = ibis.greatest(care.opened_on, ibis.coalesce(care.covered_to, care.opened_on))
    care = care.mutate(opened_on=uncovered)
    return care.filter(care.closed_on > care.opened_on)


def same_clinician(view: View) -> Counted:
    """Return visits with a known clinician before and after; y = the same."""
    spans = view.spans
    known = (spans.event == "seen") & spans.clinician.notnull() & spans.next_clinician.notnull()
    return Counted(spans, known, {"y": spans.clinician == spans.next_clinician})


def referrals_per_week(view: View) -> ir.Table:
    """Requests by day."""
    rows = view.table("referrals").mutate(day=ibis._.requested_at.date())
    return rows.filter(rows.day <= view.as_of)


def _whole(number: int) -> ir.IntegerScalar:
    return ibis.literal(number, type="int64")
