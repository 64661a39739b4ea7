"""The canonical tables: what a service's records look like once in shape.

Only `appointments` is required, and in it only patient, starts_at and status.
Times are local wall-clock times of the site, without a zone. Ids stay text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "choice", "timestamp", "date", "int", "float", "bool"]

IBIS_TYPES: dict[Kind, str] = {
    "id": "string",
    "text": "string",
    "choice": "string",
    "timestamp": "timestamp",
    "date": "date",
    "int": "int64",
    "float": "float64",
    "bool": "boolean",
}


@dataclass(frozen=True)
class Column:
    """One column: name, kind of value, meaning, unit, allowed words, plausible range.

    rare  it is filled only where something has happened: empty in every row it says that nothing has.
          Any other column that is empty in every row says nothing, and counts as not supplied.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None
    rare: bool = False

    @property
    def ibis_type(self) -> str:
        """Name of the Ibis data type the column has once in shape."""
        return IBIS_TYPES[self.kind]

    @property
    def is_stamp(self) -> bool:
        """Whether it holds dates, with or without a time of day."""
        return self.kind in ("timestamp", "date")

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers, whole or not."""
        return self.kind in ("int", "float")


@dataclass(frozen=True)
class Table:
    """One canonical table: name, meaning, columns, the columns a row cannot do without, its key."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    required: tuple[str, ...]
    key: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)


def _who(*, site_too: bool = True) -> tuple[Column, ...]:
    profession = Column("profession", "text", "Profession of the clinician, as the service names it.")
    site = Column("site", "text", "Clinic or team.")
    return (profession, site) if site_too else (profession,)


STATUS = ("completed", "no_show", "cancelled_by_patient", "cancelled_by_clinic", "booked")
KINDS = ("intake", "return", "group", "crisis", "other")
REASONS = ("completed", "dropped", "referred_out", "admitted", "died", "lost_coverage", "administrative")

APPOINTMENTS = Table(
    "appointments",
    "One row per appointment, whatever became of it.",
    (
        Column("appointment", "id", "Id of the appointment."),
        Column("patient", "id", "Id of the patient."),
        Column("clinician", "id", "Id of the clinician."),
        *_who(),
        Column("kind", "choice", "What the appointment is for.", choices=KINDS),
        Column("modality", "text", "In person, video, phone."),
        Column("requested_at", "timestamp", "When the patient asked for this appointment."),
        Column("booked_at", "timestamp", "When it was put in the book."),
        Column("starts_at", "timestamp", "When it starts."),
        Column("minutes", "float", "Planned length.", "minutes", lowest=0, highest=1440),
        Column("status", "choice", "What became of it.", choices=STATUS),
        Column("cancelled_at", "timestamp", "When it was cancelled.", rare=True),
        Column("first_offered_at", "timestamp", "Start of the first appointment offered for this request."),
        Column("offer_declined", "bool", "The patient declined the first offer.", rare=True),
        Column("replaces_appointment", "id", "Id of the appointment this one replaces.", rare=True),
        Column(
            "prescribed_interval_days",
            "int",
            "Days until the next visit by the clinician's plan, written at this visit.",
            "days",
            lowest=0,
            highest=400,
        ),
        Column(
            "longer_interval_approved_by_clinician",
            "bool",
            "The clinician recorded that waiting longer than the standard is clinically fine.",
            rare=True,
        ),
        Column("group_id", "id", "Id of the group session.", rare=True),
    ),
    required=("patient", "starts_at", "status"),
    key=("appointment",),
)

EPISODES = Table(
    "episodes",
    "One row per episode of care: from opening to discharge.",
    (
        Column("episode", "id", "Id of the episode."),
        Column("patient", "id", "Id of the patient."),
        Column("opened_on", "date", "First day of the episode."),
        Column("closed_on", "date", "Last day; empty while in care."),
        Column("reason", "choice", "Why it closed.", choices=REASONS),
    ),
    required=("patient", "opened_on"),
    key=("episode",),
)

REFERRALS = Table(
    "referrals",
    "One row per request for care.",
    (
        Column("referral", "id", "Id of the referral."),
        Column("patient", "id", "Id of the patient."),
        *_who(),
        Column("requested_at", "timestamp", "When care was asked for."),
        Column("urgency", "choice", "Urgency as triaged.", choices=("routine", "urgent", "emergency")),
        Column("preferred_date", "date", "Day the patient preferred; never starts a clock."),
        Column("closed_on", "date", "When the referral was closed.", rare=True),
        Column("outcome", "choice", "How it ended.", rare=True,
               choices=("seen", "rejected", "unreachable", "gave_up")),
    ),
    required=("patient", "requested_at"),
    key=("referral",),
)

PATIENTS = Table(
    "patients",
    "One row per patient: the columns by which fairness is looked at.",
    (
        Column("patient", "id", "Id of the patient."),
        Column("need_group", "text", "Need group, as the service names it."),
        Column("language", "text", "Language of care."),
        Column("coverage", "text", "Insurance or payer group."),
        Column("birth_year", "int", "Year of birth.", "year", lowest=1890, highest=2100),
        Column("age", "int", "Age, where no year of birth is recorded.", "years", lowest=0, highest=120),
        Column("area", "text", "Area of residence."),
        Column("died_on", "date", "Date of death.", rare=True),
    ),
    required=("patient",),
    key=("patient",),
)

CLINICIANS = Table(
    "clinicians",
    "One row per clinician and post held.",
    (
        Column("clinician", "id", "Id of the clinician."),
        *_who(),
        Column("fte", "float", "Full-time equivalent.", "FTE", lowest=0, highest=2),
        Column("hired_on", "date", "First day."),
        Column("left_on", "date", "Last day; empty while employed.", rare=True),
    ),
    required=("clinician",),
    key=("clinician",),
)

LEAVES = Table(
    "leaves",
    "One row per spell of leave of a clinician.",
    (
        Column("clinician", "id", "Id of the clinician."),
        Column("starts_on", "date", "First day away."),
        Column("ends_on", "date", "Last day away.", rare=True),
        Column("reason", "text", "Kind of leave."),
    ),
    required=("clinician", "starts_on"),
)

POSTS = Table(
    "posts",
    "One row per vacancy of a post: from the day it is empty to the day it is filled.",
    (
        Column("post", "id", "Id of the post."),
        *_who(),
        Column("fte", "float", "Full-time equivalent.", "FTE", lowest=0, highest=2),
        Column("vacant_from", "date", "First day without a holder."),
        Column("filled_on", "date", "First day of the new holder; empty while vacant.", rare=True),
    ),
    required=("vacant_from",),
)

SLOTS = Table(
    "slots",
    "One row per slot of a template, taken or free.",
    (
        Column("slot", "id", "Id of the slot."),
        Column("clinician", "id", "Id of the clinician."),
        *_who(),
        Column("kind", "choice", "What the slot is for.", choices=KINDS),
        Column("starts_at", "timestamp", "When it starts."),
        Column("minutes", "float", "Length.", "minutes", lowest=0, highest=1440),
        Column("status", "choice", "Taken, free, or held back.", choices=("busy", "free", "blocked")),
        Column("capacity", "int", "People it can seat.", "people", lowest=0, highest=1000),
    ),
    required=("starts_at",),
    key=("slot",),
)

HOURS = Table(
    "hours",
    "One row per clinician and week.",
    (
        Column("clinician", "id", "Id of the clinician."),
        *_who(),
        Column("week_start", "date", "Monday of the week."),
        Column("worked", "float", "Hours worked.", "hours", lowest=0, highest=168),
        Column("paid", "float", "Hours paid.", "hours", lowest=0, highest=168),
        Column("contact", "float", "Hours with patients.", "hours", lowest=0, highest=168),
        Column(
            "non_contact", "float", "Hours of notes, calls, coordination.", "hours", lowest=0, highest=168
        ),
        Column(
            "after_hours",
            "float",
            "Hours in the record system outside paid time, not part of `worked`.",
            "hours",
            lowest=0,
            highest=168,
        ),
    ),
    required=("clinician", "week_start"),
    key=("clinician", "week_start"),
)

ENCOUNTERS = Table(
    "encounters",
    "One row per stay or visit outside the outpatient service: emergency, inpatient, crisis.",
    (
        Column("encounter", "id", "Id of the encounter."),
        Column("patient", "id", "Id of the patient."),
        Column("kind", "choice", "Where it happened.", choices=("ed", "inpatient", "crisis")),
        Column("starts_at", "timestamp", "Start."),
        Column("ends_at", "timestamp", "End."),
    ),
    required=("patient", "kind", "starts_at"),
    key=("encounter",),
)

OUTCOMES = Table(
    "outcomes",
    "One row per completed questionnaire.",
    (
        Column("patient", "id", "Id of the patient."),
        Column("instrument", "text", "PHQ-9, GAD-7, K10, …"),
        Column("score", "float", "Total score.", "points"),
        Column("risk_item", "float", "Answer to the item about self-harm.", "points"),
        Column("measured_on", "date", "Day it was filled in."),
    ),
    required=("patient", "instrument", "measured_on"),
)

SURVEYS = Table(
    "surveys",
    "One row per staff survey and group, already counted.",
    (
        Column("asked_on", "date", "Day of the survey."),
        *_who(),
        Column("asked", "int", "People asked.", "people", lowest=0),
        Column("answered", "int", "People who answered.", "people", lowest=0),
        Column("burned_out", "int", "People who reported burnout.", "people", lowest=0),
        Column("intend_to_leave", "int", "People who intend to leave.", "people", lowest=0),
    ),
    required=("asked_on", "asked", "answered"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        APPOINTMENTS,
        EPISODES,
        REFERRALS,
        PATIENTS,
        CLINICIANS,
        LEAVES,
        POSTS,
        SLOTS,
        HOURS,
        ENCOUNTERS,
        OUTCOMES,
        SURVEYS,
    )
}
