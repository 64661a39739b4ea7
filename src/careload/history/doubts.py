"""What may mislead although each cell can be read: units, a short window, tables that do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import ibis
import ibis.expr.types as ir

from careload.clinic import Finding
from careload.history.database import fetch
from careload.history.findings import finding
from careload.history.rules import day

SHORTEST_WINDOW_DAYS = 180
# Plans are written in weeks up to a quarter; a plan of 1-12 days other than a week is rare.
MOST_WEEKS, FEWEST_ROWS = 13, 20
LONGEST_VISIT_HOURS = 4

# (table, column) to the table in which the id should be found.
IDS = {
    ("appointments", "clinician"): "clinicians",
    ("appointments", "patient"): "patients",
    ("episodes", "patient"): "patients",
    ("referrals", "patient"): "patients",
    ("encounters", "patient"): "patients",
    ("outcomes", "patient"): "patients",
    ("hours", "clinician"): "clinicians",
    ("leaves", "clinician"): "clinicians",
    ("slots", "clinician"): "clinicians",
}


def doubts(tables: Mapping[str, ir.Table], supplied: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """Findings about accepted rows as a whole.

    tables    canonical name to accepted rows, of tables that have any
    supplied  canonical name to the columns that the source supplies
    """
    if "appointments" in tables:
        yield from _about_units(tables["appointments"])
        yield from _about_window(tables["appointments"])
    for (name, column), other in IDS.items():
        if name in tables and other in tables and column in supplied[name]:
            yield from _unknown_ids(name, tables[name], column, other, tables[other])


def _about_units(appointments: ir.Table) -> Iterator[Finding]:
    days, minutes = appointments.prescribed_interval_days, appointments.minutes
    row = fetch(appointments.aggregate(
        plans=days.count(), longest_plan=days.max(), weeks=appointments.count(where=days == 7),
        visits=minutes.count(), longest_visit=minutes.max(), timed=appointments.count(where=minutes > 0),
    ))[0]
    plausible_days = 2 * row["weeks"] >= row["plans"]
    if row["plans"] >= FEWEST_ROWS and row["longest_plan"] <= MOST_WEEKS and not plausible_days:
        yield finding("weeks-in-days", "appointments", row["plans"],
                      column="prescribed_interval_days", highest=int(row["longest_plan"]))
    if row["timed"] and row["longest_visit"] <= LONGEST_VISIT_HOURS:
        yield finding("hours-in-minutes", "appointments", row["visits"],
                      column="minutes", highest=f"{row['longest_visit']:g}")


def _about_window(appointments: ir.Table) -> Iterator[Finding]:
    past = appointments.status.isin(["completed", "no_show"])
    starts = day(appointments.starts_at)
    row = fetch(appointments.aggregate(
        first=starts.min(where=past), last=starts.max(where=past),
        booked_to=starts.max(where=appointments.status == "booked"),
    ))[0]
    if row["first"] is None:
        return
    days = (row["last"] - row["first"]).days
    if days < SHORTEST_WINDOW_DAYS:
        yield finding("short-window", "appointments", days=days)
    if row["booked_to"] is None or row["booked_to"] < row["last"]:
        yield finding("no-bookings-ahead", "appointments")


def _unknown_ids(
    name: str, table: ir.Table, column: str, other: str, register: ir.Table
) -> Iterator[Finding]:
    known = register.select(_known=register[column]).distinct()
    counted = table.group_by(column).aggregate(_n=table.count())
    counted = counted.filter(counted[column].notnull())
    unknown = counted.anti_join(known, counted[column] == known._known)
    rows = int(fetch(unknown.aggregate(n=ibis.coalesce(unknown._n.sum(), 0)))[0]["n"])
    if rows:
        yield finding("unknown-ids", name, rows, column=column, other=other)
