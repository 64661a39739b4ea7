"""What became of appointments."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from careload.measure.counted import Counted
from careload.measure.engine import flag
from careload.measure.view import CANCELLED, HELD, View


def no_show(view: View) -> Counted:
    """Appointments kept or missed; y = missed; `lead_days` the band of days booked ahead."""
    rows = view.due
    columns = {"y": rows.status == "no_show", "lead_days": _lead_band(_lead(rows))}
    return Counted(rows, rows.status.isin(HELD), columns)


def cancellation_by_patient(view: View) -> Counted:
    """Appointments whose fate is known; y = cancelled by the patient."""
    return _fate(view, "cancelled_by_patient")


def cancellation_by_clinic(view: View) -> Counted:
    """Appointments whose fate is known; y = cancelled by the clinic."""
    return _fate(view, "cancelled_by_clinic")


def _fate(view: View, status: str) -> Counted:
    rows = view.due
    return Counted(rows, rows.status.isin([*HELD, *CANCELLED]), {"y": rows.status == status})


def lead_time(view: View) -> Counted:
    """Appointments kept or missed and booked on a known day; days from booking to appointment."""
    rows, days = view.due, _lead(view.due)
    known = rows.status.isin(HELD) & rows.booked_on.notnull() & (days >= 0)
    return Counted(rows, known, {"days": days, "outcome": ibis.literal("reached")})


def _lead(rows: ir.Table) -> ir.IntegerValue:
    return rows.day.delta(rows.booked_on, unit="day").cast("int64")


def _lead_band(days: ir.IntegerValue) -> ir.StringValue:
    return ibis.cases(
        (days < 0, "not recorded"),
        (days == 0, "0"),
        (days <= 7, "1-7"),
        (days <= 14, "8-14"),
        (days <= 28, "15-28"),
        (days <= 56, "29-56"),
        (days > 56, "over 56"),
        else_="not recorded",
    )


def visits_per_week(view: View) -> Counted:
    """Attended visits by day."""
    return view.attended


def restarted_clocks(view: View) -> Counted:
    """Appointments whose day has come; y = it replaced an earlier one, so its clock began anew."""
    return Counted(view.due, None, {"y": view.due.replaces_appointment.notnull()})


def slot_fill(view: View) -> ir.Table:
    """Slots whose day has come and that were not held back.

    y_booked = somebody was put in; y_held = a visit took place; y_lost_late = missed, or
    cancelled on the day or the day before, and not filled again.
    """
    slots = view.table("slots")
    slots = slots.mutate(day=slots.starts_at.date())
    slots = slots.filter((slots.day <= view.as_of) & (slots.status.isnull() | (slots.status != "blocked")))
    # Slots are often kept for a short time only: older appointments cannot have filled one.
    due = view.due.filter(view.due.day >= view.first_start("slots", "starts_at"))
    rows = slots.left_join(_by_slot(due), ["clinician", "starts_at"])
    held = rows.held.fill_null(0) > 0
    return rows.mutate(
        y_booked=flag((rows.status == "busy") | (rows.booked.fill_null(0) > 0)),
        y_held=flag(held),
        y_lost_late=flag(~held & (rows.lost_late.fill_null(0) > 0)),
    )


def _by_slot(due: ir.Table) -> ir.Table:
    """What became of each clinician's each starting time: numbers booked, held, lost late."""
    notice = due.day.delta(due.cancelled_on, unit="day")
    late = (due.status == "no_show") | (due.status.isin(CANCELLED) & (notice <= 1))
    rows = due.filter(due.clinician.notnull()).mutate(
        booked_=flag(due.status.isin([*HELD, "booked"])),
        held_=flag(due.status == "completed"),
        late_=flag(late),
    )
    return rows.group_by("clinician", "starts_at").agg(
        booked=rows.booked_.sum(), held=rows.held_.sum(), lost_late=rows.late_.sum()
    )


def third_next_available(view: View) -> ir.Table:
    """Clinicians with slots ahead; days to the third free one, open where there are fewer."""
    slots = view.table("slots")
    slots = slots.mutate(day=slots.starts_at.date())
    slots = slots.filter((slots.day > view.as_of) & slots.clinician.notnull())
    horizon = slots.group_by("clinician").agg(last=slots.day.max())
    free = slots.filter(slots.status == "free")
    ordered = ibis.window(group_by=free.clinician, order_by=free.starts_at)
    third = free.mutate(place=ibis.row_number().over(ordered))
    third = third.filter(third.place == 2).select("clinician", third="day")
    rows = horizon.left_join(third, "clinician").drop("clinician_right")
    if view.records.has("clinicians"):
        people = view.table("clinicians").select("clinician", "site", "profession")
        rows = rows.left_join(people, "clinician").drop("clinician_right")
    as_of = ibis.literal(view.as_of)
    return rows.mutate(
        days=ibis.coalesce(rows.third, rows["last"]).delta(as_of, unit="day").cast("int64"),
        outcome=ibis.ifelse(rows.third.notnull(), "reached", "open"),
    )
