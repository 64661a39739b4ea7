"""Whose patient is whose, week by week.

A patient is the clinician's who saw them last alone; before the first visit of the records that of this
visit; when a clinician leaves, whose visit comes next. Of some nobody can tell: they come to groups, were
handed over and not seen since, or have waited since before the records. They are shared out as others of
their need group are.

    caseload = sum over need groups of own patients x w
    w = patients of the site / patients known to be somebody's there + patients of no known site / all known
"""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from careload.model.courses import EVERYBODY, Courses, seen_alone
from careload.model.staffing import Staffing, days_after, week_of


def caseload_by_week(courses: Courses, staffing: Staffing, weeks: ir.Table) -> ir.Table:
    """clinician, week, caseload: patients at the end of each week; shared_out: those nobody can tell whose.

    weeks  clinician, week: those that are asked for
    """
    view = courses.view
    stays = view.keep("model_stays", stays_on_caseloads(courses, staffing))
    own = stays.select("need", "first", "until", "clinician")
    known = view.keep("model_own_patients", _stock(own, weeks, "clinician", courses))
    people = staffing.people.select(whose="clinician", where="site")
    known = known.join(people, known.clinician == people.whose).drop("whose")
    wider = _wider(courses, staffing, known)
    both = known.left_join(
        wider, [known.need == wider.what, known["where"] == wider.here, known.week == wider.when]
    )
    patients = both.mutate(patients=both.stock * ibis.greatest(both.wider.fill_null(1.0), 1.0))
    return patients.group_by("clinician", "week").agg(
        caseload=patients.patients.sum(), shared_out=(patients.patients - patients.stock).sum())


NOWHERE = ""


def _wider(courses: Courses, staffing: Staffing, known: ir.Table) -> ir.Table:
    """what (need), here (site), when (week), wider: patients in care for each known to be somebody's."""
    of_site = known.group_by("need", "where", "week").agg(known=known.stock.sum())
    of_need = ibis.window(group_by=[of_site.need, of_site.week])
    of_site = of_site.mutate(of_all=of_site.known.sum().over(of_need))
    weeks = known.select("week").distinct()
    sites = staffing.people.select("site").distinct()
    sites = sites.union(sites.select(site=ibis.literal(NOWHERE)).distinct())
    everybody = _stock(in_care(courses, staffing), sites.cross_join(weeks), "site", courses)
    here = everybody.select(what="need", place="site", when="week", all_here="stock")
    nowhere = here.filter(here.place == NOWHERE).select(need_="what", week_="when", lost="all_here")
    both = of_site.left_join(
        here, [of_site.need == here.what, of_site["where"] == here.place, of_site.week == here.when]
    )
    both = both.left_join(nowhere, [both.need == nowhere.need_, both.week == nowhere.week_])
    wider = both.all_here.fill_null(0.0) / both.known + both.lost.fill_null(0.0) / both.of_all
    return both.select(
        what=both.need, here=both["where"], when=both.week, wider=ibis.ifelse(both.known > 0, wider, 1.0),
    )


def _stock(stays: ir.Table, weeks: ir.Table, whose: str, courses: Courses) -> ir.Table:
    """`whose`, need, week, stock: stays that run at the end of each week.

    stays  need, first, until (the day no longer in it) and `whose`
    weeks  `whose` and week
    """
    one, zero = ibis.literal(1, type="int64"), ibis.literal(0, type="int64")
    came = stays.select(whose, "need", week=week_of(stays["first"]), change=one)
    gone = stays.filter(stays.until <= ibis.literal(courses.view.as_of))
    gone = gone.select(whose, "need", week=week_of(gone.until), change=zero - one)
    asked = weeks.join(stays.select(whose, "need").distinct(), whose)
    asked = asked.select(whose, "need", "week", change=zero)
    change = came.union(gone).union(asked)
    change = change.group_by(whose, "need", "week").agg(change=change.change.sum())
    until = ibis.window(group_by=[change[whose], change.need], order_by=[change.week], preceding=(None, 0),
                        following=None)
    stock = change.mutate(stock=change.change.sum().over(until).cast("float64")).drop("change")
    return stock.semi_join(weeks, [whose, "week"])


def in_care(courses: Courses, staffing: Staffing) -> ir.Table:
    """Episodes since the records began: patient, need, site (of a visit; NOWHERE without any), first,
    until."""
    view = courses.view
    first, tomorrow = ibis.literal(view.first_day), view.as_of + timedelta(days=1)
    seen = staffing.theirs(courses.visits.select("patient", "clinician", "need", "day"))
    if not view.records.has("episodes.opened_on"):
        each = seen.group_by("patient", "need", "site").agg(first=seen.day.min())
        return each.mutate(until=ibis.literal(tomorrow))
    seen = seen.group_by(whose=seen.patient).agg(site=seen.site.min())
    rows = view.table("episodes").left_join(courses.needs, "patient").drop("patient_right")
    rows = rows.left_join(seen, rows.patient == seen.whose)
    until = ibis.least(rows.closed_on.fill_null(tomorrow), ibis.literal(tomorrow))
    rows = rows.select(
        "patient", need=rows.need.fill_null(EVERYBODY), site=rows.site.fill_null(NOWHERE),
        first=ibis.greatest(rows.opened_on, first), until=until,
    )
    return rows.filter((rows.until > rows["first"]) & (rows["first"] <= ibis.literal(view.as_of)))


def stays_on_caseloads(courses: Courses, staffing: Staffing) -> ir.Table:
    """Times on a clinician's caseload.

    patient, need, clinician, first, until, left_on (of the clinician), closed_on, reason (of the episode)

    until is the first day no longer on it, the day after the last of the records where it goes on.
    """
    view = courses.view
    first, tomorrow = ibis.literal(view.first_day), ibis.literal(view.as_of + timedelta(days=1))
    visits = _of_another(courses.visits)
    order = ibis.window(group_by=[visits.patient, visits.episode], order_by=[visits.number])
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


def _of_another(visits: ir.Table) -> ir.Table:
    """Visits alone with a clinician who had not seen the patient alone just before: there stays begin."""
    visits = visits.filter(seen_alone(visits) & visits.clinician.notnull())
    # What the visit before tells leaves few; of these the one before alone may lie further back.
    visits = visits.filter((visits.alone_before != visits.clinician).fill_null(True))
    order = ibis.window(group_by=[visits.patient, visits.episode], order_by=[visits.number])
    visits = visits.mutate(before=visits.clinician.lag().over(order))
    return visits.filter((visits.before != visits.clinician).fill_null(True)).drop("before")
