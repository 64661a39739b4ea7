"""The records as they stood on one day, and the spans between visits seen from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import ibis
import ibis.expr.types as ir

from careload.clinic import UsageError
from careload.history import Records, closed, stored
from careload.measure.asked import requests_of
from careload.measure.counted import Counted
from careload.measure.engine import fetch, fetch_one
from careload.measure.spans import spans_of

HELD = ("completed", "no_show")
CANCELLED = ("cancelled_by_patient", "cancelled_by_clinic")

OF_THE_CLINICIAN = ("site", "profession")

NEVER = date(9999, 12, 31)
"""Stands for the closing of an episode that is still open."""

BOUNDS = (("open", "all"), ("open", "planned"))
"""Labels of the two ways to read who is waiting where no ends of care are recorded, the wider first."""

GRACE_DAYS = 90
"""Days beyond an unexpired prescribed interval within which a patient still counts as planned."""


@dataclass(frozen=True)
class View:
    """Records read at the end of one day.

    records  accepted canonical records
    as_of    the day; what happened later is not known yet
    """

    records: Records
    as_of: date

    def table(self, name: str) -> ir.Table:
        """Accepted rows of the canonical table `name`; site and profession also from `clinicians`."""
        rows = self.records.tables[name]
        theirs = [column for column in OF_THE_CLINICIAN if self._from_clinicians(name, column)]
        if not theirs:
            return rows
        people = self.records.tables["clinicians"].select("clinician", *theirs)
        own = [column for column in theirs if column in rows.columns]  # leaves have neither
        return rows.drop(*own).left_join(people, "clinician").drop("clinician_right")

    def supplies(self, name: str, column: str) -> bool:
        """Whether rows of table `name` have `column`, their own or their clinician's."""
        return self.records.has(f"{name}.{column}") or self._from_clinicians(name, column)

    def _from_clinicians(self, name: str, column: str) -> bool:
        return (
            column in OF_THE_CLINICIAN
            and name != "clinicians"
            and not self.records.has(f"{name}.{column}")
            and self.records.has(f"{name}.clinician")
            and self.records.has(f"clinicians.{column}")
        )

    def keep(self, name: str, table: ir.Table) -> ir.Table:
        """`table`, stored under `name` where the engine is our own; elsewhere as a finished question."""
        if not self.records.can_store:
            return closed(table)
        return stored(self.records.backend, self._own(name), table, temporary=True)

    def named(self, name: str, table: ir.Table) -> ir.Table:
        """`table` under a name of our own engine, not computed yet; elsewhere as a finished question.

        Every question is translated whole, so long ones are slow to ask: a name makes them short.
        """
        if not self.records.can_store:
            return closed(table)
        return self.records.backend.create_view(self._own(name), table, overwrite=True)

    def _own(self, name: str) -> str:
        return f"as_of_{self.as_of:%Y%m%d}_{name}"

    @cached_property
    def appointments(self) -> ir.Table:
        """Appointments known on the day, with `day`, `booked_on` and the status they had then."""
        rows = self.table("appointments")
        rows = rows.mutate(
            day=rows.starts_at.date(), booked_on=rows.booked_at.date(), cancelled_on=rows.cancelled_at.date()
        )
        known = ibis.ifelse(
            rows.booked_on.isnull(), rows.status.isin(["booked", *CANCELLED]), rows.booked_on <= self.as_of
        )
        # Many visits are put in the book after they were held: what took place is known all the same.
        rows = rows.filter((rows.day <= self.as_of) | known)
        later = (rows.day > self.as_of) & ~(
            rows.status.isin(CANCELLED) & (rows.cancelled_on.isnull() | (rows.cancelled_on <= self.as_of))
        )
        return self.named("appointments", rows.mutate(status=ibis.ifelse(later, "booked", rows.status)))

    @cached_property
    def requests(self) -> ir.Table:
        """Referrals made by the day, see `careload.measure.asked`."""
        return self.keep("requests", requests_of(self))

    @cached_property
    def first_day(self) -> date:
        """Day of the earliest appointment."""
        return self.first_start("appointments", "starts_at")

    @cached_property
    def first_request(self) -> date:
        """Day of the earliest request."""
        return self.first_start("referrals", "requested_at")

    def first_start(self, table: str, column: str) -> date:
        """Day of the earliest time in `column` of `table`, at the latest `as_of`."""
        rows = self.table(table)
        earliest = fetch_one(rows.agg(earliest=rows[column].min()))["earliest"]
        return min(earliest.date(), self.as_of) if earliest is not None else self.as_of

    @cached_property
    def due(self) -> ir.Table:
        """Appointments whose day has come."""
        return self.named("due", self.appointments.filter(self.appointments.day <= self.as_of))

    @cached_property
    def visits(self) -> ir.Table:
        """Attended appointments."""
        return self.attended.rows

    @property
    def attended(self) -> Counted:
        """The same, counted in `due` beside others."""
        return Counted(self.due, self.due.status == "completed")

    @cached_property
    def booked_ahead(self) -> ir.Table:
        """Appointments still to come."""
        rows = self.appointments
        return rows.filter((rows.day > self.as_of) & (rows.status == "booked"))

    @cached_property
    def closures(self) -> ir.Table:
        """Days on which a patient's care ended: patient, day, event.

        An episode that closes while another of the same patient is open ends nothing.
        Events: ``discharged`` (completed), ``dropped``, ``ended`` (any other reason, or death);
        the first of these where several fall on one day.
        """
        ends = ibis.union(self._episode_ends(), self._deaths())
        return ends.group_by("patient", "day").agg(event=ends.event.min())

    def _episode_ends(self) -> ir.Table:
        if not self.records.has("episodes.closed_on"):
            return _no_closures(self.table("appointments"))
        episodes = self.table("episodes").select("patient", "opened_on", "closed_on", "reason")
        ends = episodes.filter(episodes.closed_on.notnull() & (episodes.closed_on <= self.as_of))
        # No "or" in the join: DuckDB would compare every episode with every other.
        other = episodes.view()
        other = other.mutate(closed_on=other.closed_on.coalesce(NEVER))
        still_open = [
            ends.patient == other.patient,
            other.opened_on <= ends.closed_on,
            other.closed_on > ends.closed_on,
        ]
        ends = ends.anti_join(other, still_open)
        event = ibis.cases(
            (ends.reason == "completed", "discharged"), (ends.reason == "dropped", "dropped"), else_="ended"
        )
        return ends.select(patient=ends.patient, day=ends.closed_on, event=event)

    def _deaths(self) -> ir.Table:
        if not self.records.has("patients.died_on"):
            return _no_closures(self.table("appointments"))
        people = self.table("patients")
        people = people.filter(people.died_on.notnull() & (people.died_on <= self.as_of))
        return people.select(patient=people.patient, day=people.died_on, event=ibis.literal("ended"))

    def with_deaths(self, rows: ir.Table) -> ir.Table:
        """`rows` of patients with `died_on`, null for those who live."""
        deaths = self._deaths().select(whose_="patient", died_on="day")
        return rows.left_join(deaths, rows.patient == deaths.whose_).drop("whose_")

    @cached_property
    def spans(self) -> ir.Table:
        """One row per attended visit and day: the time from it to what came next (`spans_of`)."""
        return spans_of(self)

    @property
    def has_closures(self) -> bool:
        """Whether any end of care is recorded."""
        return self.records.has("episodes.closed_on") or self.records.has("patients.died_on")

    @cached_property
    def readings(self) -> tuple[tuple[dict[str, str], View], ...]:
        """How who is waiting can be read, each with its label: one way where ends of care are recorded.

        Without them nobody can tell who has finished. Two bounds: ``open=all`` takes everyone not
        seen again for waiting, ``open=planned`` only those with something ahead of them.
        """
        if self.records.has("episodes.closed_on"):
            return (({}, self),)
        all_, planned = BOUNDS
        everyone = dict([all_]), self
        if not self._knows_plans:
            return (everyone,)
        return everyone, (dict([planned]), _Planned(self.records, self.as_of, self))

    @property
    def everyone(self) -> View:
        """The view in which everyone not seen again counts as waiting."""
        return self

    def counting(self, rows: ir.Table, waiting: ir.BooleanValue) -> ir.Table:
        """`rows` of spans without those of people `waiting` who do not count as waiting in this view."""
        return rows

    @property
    def _knows_plans(self) -> bool:
        """Whether the records tell who has something ahead: bookings after the day, or plans."""
        ahead = fetch(self.booked_ahead.select("day").limit(1))
        return bool(ahead) or self.records.has("appointments.prescribed_interval_days")


@dataclass(frozen=True)
class _Planned(View):
    """The same records; of those waiting only people with a booking or a plan that has not long run out.

    whole  the view of everyone
    """

    whole: View

    @property
    def appointments(self) -> ir.Table:
        """As everyone's."""
        return self.whole.appointments

    @property
    def requests(self) -> ir.Table:
        """As everyone's."""
        return self.whole.requests

    @property
    def everyone(self) -> View:
        """The view of everyone."""
        return self.whole

    @cached_property
    def spans(self) -> ir.Table:
        """Everyone's spans without those of people waiting for whom nothing is planned."""
        rows = self.whole.spans
        return self.keep("planned_spans", self.counting(rows, rows.event == "waiting"))

    def counting(self, rows: ir.Table, waiting: ir.BooleanValue) -> ir.Table:
        """`rows` of spans without those of people `waiting` for whom nothing is planned."""
        booked = self.booked_ahead.select("patient").distinct()
        planned = rows.prescribed_interval_days.notnull() & (
            rows.window_days <= rows.prescribed_interval_days + GRACE_DAYS
        )
        surely = rows.filter(~waiting | planned.fill_null(False))
        perhaps = rows.filter(waiting & ~planned.fill_null(False))
        return surely.union(perhaps.semi_join(booked, "patient"))


def _no_closures(like: ir.Table) -> ir.Table:
    none = like.filter(ibis.literal(False))
    return none.select(patient=none.patient, day=none.starts_at.date(), event=ibis.literal("ended"))


def known_clinician(view: View, clinician: str) -> None:
    """UsageError when no appointment is that clinician's; the id itself is not repeated."""
    rows = view.table("appointments")
    if not fetch(rows.filter(rows.clinician == clinician).select("clinician").limit(1)):
        raise UsageError(
            "No appointment of that clinician is in the records.",
            "the id as it stands in appointments.clinician",
            "Check the id; ids are compared letter by letter.",
        )
