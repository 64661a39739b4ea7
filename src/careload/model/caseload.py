"""Whose patient is whose, week by week.

A patient is the clinician's who saw them last alone; before the first visit of the records that of this visit; when a
clinician leaves, whose visit comes next. Of some no visit alone is in the records (they come to groups, or have waited
since before): they are shared out as those of their need group are known to be.

    caseload = sum over need groups of own patients x patients in care / patients known to be somebody's
"""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from careload.model.courses import EVERYBODY, Courses
from careload.model.staffing import Staffing, days_after, week_of


def caseload_by_week(courses: Courses, staffing: Staffing, weeks: ir.Table) -> ir.Table:
    """clinician, week, caseload: patients at the end of each week.

    weeks  clinician, week: those that are asked for
    """
    view = courses.view
    stays = view.keep("model_stays", stays_on_caseloads(courses, staffing))
    own = stays.select("need", "first", "until", "clinician")
    all_weeks = weeks.select("week").distinct()
    known = view.keep("model_own_patients", _stock(own, weeks, "clinician", courses))
    here = known.group_by("need", "week").agg(known=known.stock.sum())
    everybody = _stock(in_care(courses).mutate(whole=ibis.literal("")), all_weeks.mutate(whole=ibis.literal("")),
                       "whole", courses)
    both = here.join(everybody, ["need", "week"])
    wider = both.select(
        what=both.need, when=both.week,
        wider=ibis.ifelse(both.known > 0, ibis.greatest(both.stock / both.known, 1.0), 1.0),
    )
    both = known.left_join(wider, [known.need == wider.what, known.week == wider.when])
    patients = both.mutate(patients=both.stock * both.wider.fill_null(1.0))
    return patients.group_by("clinician", "week").agg(caseload=patients.patients.sum())


def _stock(stays: ir.Table, weeks: ir.Table, whose: str, courses: Courses) -> ir.Table:
    """`whose`, need, week, stock: stays that run at the end of each week.

    stays  need, first, until (the day no longer in it) and `whose`
    weeks  `whose` and week
    """
    one, zero = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    came = stays.select(whose, "need", week=week_of(stays["first"]), change=one)
    gone = stays.filter(stays.until <= ibis.literal(courses.view.as_of))
    gone = gone.select(whose, "need", week=week_of(gone.until), change=zero - one)
    asked = weeks.join(stays.select(whose, "need").distinct(), whose).select(whose, "need", "week", change=zero)
    change = came.union(gone).union(asked)
    change = change.group_by(whose, "need", "week").agg(change=change.change.sum())
    until = ibis.window(group_by=[change[whose], change.need], order_by=[change.week], preceding=(None, 0),
                        following=None)
    stock = change.mutate(stock=change.change.sum().over(until).cast("float64")).drop("change")
    return stock.semi_join(weeks, [whose, "week"])


def in_care(courses: Courses) -> ir.Table:
    """Episodes since the records began: need, first, until."""
    view = courses.view
    first, tomorrow = ibis.literal(view.first_day), ibis.literal(view.as_of + timedelta(days=1))
    if not view.records.has("episodes.opened_on"):
        visits = courses.visits
        return visits.group_by("patient", "need").agg(first=visits.day.min()).select("need", "first", until=tomorrow)
    rows = view.table("episodes").left_join(courses.needs, "patient").drop("patient_right")
    rows = rows.select(need=rows.need.fill_null(EVERYBODY), first=ibis.greatest(rows.opened_on, first),
                       until=rows.closed_on.fill_null(view.as_of + timedelta(days=1)))
    return rows.filter((rows.until > rows["first"]) & (rows["first"] <= ibis.literal(view.as_of)))


def stays_on_caseloads(courses: Courses, staffing: Staffing) -> ir.Table:
    """Times on a clinician's caseload: patient, need, clinician, first, until, left_on (of the clinician), closed_on,
    reason (of the episode).

    until is the first day no longer on it, the day after the last of the records where it goes on.
    """
    visits, view = courses.visits, courses.view
    alone = ~visits.group & ~visits.kind.isin(["group", "crisis"]).fill_null(False)
    visits = visits.filter(alone & visits.clinician.notnull())
    order = ibis.window(group_by=[visits.patient, visits.episode], order_by=[visits.number])
    first, tomorrow = ibis.literal(view.first_day), ibis.literal(view.as_of + timedelta(days=1))
    visits = visits.mutate(
        place=ibis.row_number().over(order), next_day=visits.day.lead().over(order),
        next_clinician=visits.clinician.lead().over(order),
    )
    people = staffing.people.select(whose="clinician", left_on="left_on")
    visits = visits.left_join(people, visits.clinician == people.whose).drop("whose")
    visits = visits.mutate(
        gone=days_after(visits.left_on, 1), stop=ibis.coalesce(visits.next_day, visits.closed_on, tomorrow),
        start=ibis.ifelse((visits.place == 0) & (visits.episode < first), first, visits.day),
    )
    handed = (visits.gone < visits.stop).fill_null(False)
    own = visits.select("patient", "need", "clinician", "left_on", "closed_on", "reason", first="start",
                        until=ibis.ifelse(handed, visits.gone, visits.stop))
    after = visits.filter(handed & visits.next_clinician.notnull())
    after = after.select("patient", "need", clinician="next_clinician", left_on=ibis.null("date"),
                         closed_on="closed_on", reason="reason", first="gone", until="stop")
    both = own.union(after)
    return both.filter(both.until > both["first"])
