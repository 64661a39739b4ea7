"""Clinicians coming, staying, leaving, and what happens to those they cared for."""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from careload.measure.engine import flag
from careload.measure.view import View

YEAR = 365


def leaver_rate(view: View) -> ir.Table:
    """Clinicians employed in the year to the day; n = days employed in it, y = left in it."""
    start, end = ibis.literal(view.as_of - timedelta(days=YEAR)), ibis.literal(view.as_of)
    rows = view.table("clinicians")
    here_from = ibis.greatest(rows.hired_on, start)
    here_to = ibis.least(ibis.coalesce(rows.left_on, end), end)
    rows = rows.mutate(
        n=here_to.delta(here_from, unit="day").cast("int64"),
        y=flag((rows.left_on > start) & (rows.left_on <= end)),
    )
    return rows.filter(rows.hired_on.notnull() & (rows.n > 0))


def tenure(view: View) -> ir.Table:
    """Clinicians; days from hiring; reached = left, open = still here."""
    rows = view.table("clinicians")
    rows = rows.filter(rows.hired_on.notnull() & (rows.hired_on <= view.as_of))
    return _spell(view, rows.mutate(day=rows.hired_on), "left_on")


def vacancy_rate(view: View) -> ir.Table:
    """Posts: those held (y = 0) and those vacant on the day (y = 1)."""
    staff = view.table("clinicians")
    here = (staff.hired_on.isnull() | (staff.hired_on <= view.as_of)) & (
        staff.left_on.isnull() | (staff.left_on > view.as_of)
    )
    posts = view.table("posts")
    vacant = (posts.vacant_from <= view.as_of) & (posts.filled_on.isnull() | (posts.filled_on > view.as_of))
    columns = ("site", "profession")
    held = staff.filter(here).select(*columns).mutate(y=ibis.literal(0, type="int64"))
    return held.union(posts.filter(vacant).select(*columns).mutate(y=ibis.literal(1, type="int64")))


def time_to_fill(view: View) -> ir.Table:
    """Vacancies; days from the first empty day; reached = filled, open = still vacant."""
    rows = view.table("posts")
    return _spell(
        view, rows.filter(rows.vacant_from <= view.as_of).mutate(day=ibis._.vacant_from), "filled_on"
    )


def _spell(view: View, rows: ir.Table, stop: str) -> ir.Table:
    as_of = ibis.literal(view.as_of)
    ended = rows[stop].notnull() & (rows[stop] <= as_of)
    end = ibis.ifelse(ended, rows[stop], as_of)
    return rows.mutate(
        days=ibis.greatest(end.delta(rows.day, unit="day").cast("int64"), 0),
        window_days=as_of.delta(rows.day, unit="day").cast("int64"),
        outcome=ibis.ifelse(ended, "reached", "open"),
    )


def caseload_handed_over(view: View) -> ir.Table:
    """Patients of clinicians who left in the past year; days from the leaving to their next visit."""
    leavers = view.table("clinicians").select("clinician", "left_on")
    start = view.as_of - timedelta(days=YEAR)
    leavers = leavers.filter((leavers.left_on > start) & (leavers.left_on <= view.as_of))
    rows = view.spans.join(leavers, "clinician")
    gone = rows.left_on.delta(rows.day, unit="day").cast("int64")
    rows = rows.mutate(gone=gone).filter((gone >= 0) & (gone < rows.days))
    outcome = ibis.cases(
        (rows.event == "seen", "reached"),
        (rows.event == "discharged", "closed"),
        (rows.event == "dropped", "lost"),
        else_="open",
    )
    return rows.mutate(days=rows.days - rows.gone, window_days=rows.window_days - rows.gone, outcome=outcome)


def burnout(view: View) -> ir.Table:
    """Latest staff survey, by group: n answered, y burned out, `asked`."""
    return _latest_survey(view, "burned_out")


def intent_to_leave(view: View) -> ir.Table:
    """Latest staff survey, by group: n answered, y intend to leave, `asked`."""
    return _latest_survey(view, "intend_to_leave")


def _latest_survey(view: View, column: str) -> ir.Table:
    rows = view.table("surveys")
    rows = rows.filter((rows.asked_on <= view.as_of) & rows[column].notnull())
    latest = rows.mutate(latest=rows.asked_on.max().over(ibis.window()))
    latest = latest.filter(latest.asked_on == latest.latest)
    return latest.mutate(n=latest.answered, y=latest[column])
