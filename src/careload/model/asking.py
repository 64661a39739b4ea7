"""Episodes and requests as a fit reads them: care that goes on is one, however often it was written down.

    an episode  = episodes of a patient that overlap or touch, from the first opening to the last closing
    a wait      = requests of a patient of which each was made while one before was open, from the first on
    over        = the last of them closed and no visit held since the first

No wait: a request of somebody in care; one closed before the records begin; one closed as seen with no visit
in the records after it. Where nobody wrote down what became of requests, those made before the records begin
are taken to have been answered by then.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from careload.measure import View, first_after

NEVER = date(9999, 1, 1)
_ = ibis._


def episodes_of(view: View) -> ir.Table:
    """patient, opened_on, closed_on (null while open), reason (of the last closing)."""
    rows = view.table("episodes")
    known = (rows.closed_on.notnull() & (rows.closed_on <= ibis.literal(view.as_of))).fill_null(False)
    rows = rows.select(
        "patient", "opened_on", until=ibis.ifelse(known, rows.closed_on, ibis.literal(NEVER)),
        reason=ibis.ifelse(known, rows.reason, ibis.null("string")),
    )
    rows = _joined(rows, rows.opened_on, rows.until)
    found = rows.group_by("patient", "island").agg(
        opened_on=_.opened_on.min(), until=_.until.max(), reason=_.reason.argmax(_.until))
    closed_on = ibis.ifelse(found.until < ibis.literal(NEVER), found.until, ibis.null("date"))
    return found.select("patient", "opened_on", "reason", closed_on=closed_on)


def waits_of(view: View) -> ir.Table:
    """patient, site, asked_on (of the first request), over_on (null: seen, or still open), outcome (of that).

    view  with a table of referrals
    """
    return view.keep("model_waits", _waits(view))


def _waits(view: View) -> ir.Table:
    rows = _answered(view, _requests(view))
    never = ibis.literal(NEVER)
    closed = ibis.ifelse((rows.outcome == "seen").fill_null(False), never, rows.closed_on.coalesce(never))
    seen = rows.seen_on.coalesce(never)
    rows = rows.mutate(until=ibis.least(closed, seen), seen=seen <= closed)
    rows = _joined(rows, rows.asked_on, rows.until)
    each = rows.group_by("patient", "island").agg(
        site=_.site.argmin(_.asked_at), asked_on=_.asked_on.min(), until=_.until.max(),
        seen=_.seen.argmax(_.until), outcome=_.outcome.argmax(_.until))
    over = ~each.seen & (each.until < never)
    each = each.mutate(over_on=ibis.ifelse(over, each.until, ibis.null("date")))
    return _not_in_care(view, each.drop("island", "until", "seen"))


def _requests(view: View) -> ir.Table:
    """Requests as known on the day: patient, site, asked_at, asked_on, closed_on, outcome."""
    rows, first = view.table("referrals"), ibis.literal(view.first_day)
    rows = rows.mutate(asked_at=rows.requested_at.cast("timestamp"), asked_on=rows.requested_at.date())
    rows = rows.filter(rows.asked_on <= ibis.literal(view.as_of))
    if not view.records.has("referrals.closed_on"):
        rows = rows.filter(rows.asked_on >= first)
        return rows.select("patient", "site", "asked_at", "asked_on", closed_on=ibis.null("date"),
                           outcome=ibis.null("string"))
    known = (rows.closed_on <= ibis.literal(view.as_of)).fill_null(False)
    rows = rows.filter(~(known & (rows.closed_on < first)))
    return rows.select(
        "patient", "site", "asked_at", "asked_on",
        closed_on=ibis.ifelse(known, rows.closed_on, ibis.null("date")),
        outcome=ibis.ifelse(known, rows.outcome, ibis.null("string")))


def _answered(view: View, rows: ir.Table) -> ir.Table:
    """With seen_on: the day of the first visit held since. Without those answered outside the records."""
    held = view.visits.select("patient", "day", seen_on="day")
    found = first_after(rows.rename(day="asked_on"), held, ("seen_on",)).rename(asked_on="day")
    elsewhere = (found.outcome == "seen").fill_null(False) & found.seen_on.isnull()
    return found.filter(~elsewhere)


def _not_in_care(view: View, waits: ir.Table) -> ir.Table:
    """Without waits that began amid an episode in which the patient had been seen."""
    if not view.records.has("episodes.closed_on"):
        return waits
    inside = in_episodes(view, view.visits.select(whose="patient", day="day").distinct(), "whose")
    care = inside.group_by("whose", "episode").agg(
        seen_on=inside.day.min(), until=inside.closed_on.coalesce(ibis.literal(NEVER)).min())
    return waits.anti_join(care, [
        waits.patient == care.whose, care.seen_on < waits.asked_on, care.until > waits.asked_on])


def in_episodes(view: View, held: ir.Table, patient: str = "patient") -> ir.Table:
    """Visits with the episode they lie in: episode (its first day), closed_on, reason.

    held     with day
    patient  its column that names them
    """
    stays = episodes_of(view).rename(theirs="patient", episode="opened_on")
    within = [
        held[patient] == stays.theirs, held.day >= stays.episode,
        held.day <= stays.closed_on.coalesce(ibis.literal(view.as_of)),
    ]
    return held.join(stays, within).drop("theirs")


def _joined(rows: ir.Table, begins: ir.Value, until: ir.Value) -> ir.Table:
    """With island: the same for rows of a patient of which each begins before those so far are over."""
    order = [begins, until]
    so_far = ibis.window(group_by=rows.patient, order_by=order, preceding=(None, 1), following=None)
    rows = rows.mutate(new=ibis.ifelse((begins <= until.max().over(so_far)).fill_null(False), 0, 1))
    counted = ibis.window(group_by=rows.patient, order_by=[rows[each.get_name()] for each in order],
                          preceding=(None, 0), following=None)
    return rows.mutate(island=rows.new.sum().over(counted)).drop("new")
