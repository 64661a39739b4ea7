"""Hours that one person who asks causes, and hours that a post has for patients: by profession.

    contact   = intakes x intake_hours + returns x (1 - in groups) x visit_hours + sessions x group_hours
    sessions  = (returns + returns missed) x in groups / group_seats
    notes     = (intakes + returns) x note_hours
    missed    = (intakes missed + returns missed) x missed_hours
    patients  = weeks in care after the first visit x patient_hours
    slots     = intakes, returns and misses of both, less those in groups, plus sessions

    for patients = (paid_hours - fixed_hours) x present          hours per FTE and week

The time of a slot that is missed is left over for other work, as in the simulator: only `missed_hours`
count. Sessions are taken to be full, and to be held by the profession that treats the patient; crises are
none when nobody is overdue, so slots kept for crises cost no hours here.

Source: the work due of a simulated week (docs/simulator.md, C); the numbers are those of the service file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from careload.clinic import Service, SettingsError
from careload.staff.need.loads import Demand
from careload.staff.need.presence import Presence, presence_of


@dataclass(frozen=True)
class Hours:
    """Hours, slots, sessions: of one person who asks, or per week.

    contact, notes, missed, patients  hours, see above
    intake_slots, return_slots        slots, those missed included
    sessions                          group sessions
    """

    contact: float = 0.0
    notes: float = 0.0
    missed: float = 0.0
    patients: float = 0.0
    intake_slots: float = 0.0
    return_slots: float = 0.0
    sessions: float = 0.0

    @property
    def due(self) -> float:
        """Hours of work due."""
        return self.contact + self.notes + self.missed + self.patients

    @property
    def slots(self) -> float:
        """Slots and sessions."""
        return self.intake_slots + self.return_slots + self.sessions

    def times(self, people: float) -> Hours:
        """The same of so many people."""
        return Hours(**{name: people * value for name, value in vars(self).items()})

    def plus(self, other: Hours) -> Hours:
        """Both together."""
        return Hours(**{name: value + getattr(other, name) for name, value in vars(self).items()})


def hours_of(demand: Demand, profession: Mapping[str, Any], seats: float) -> Hours:
    """Hours that one person who asks causes when a profession treats them.

    seats  people a group session of it seats
    """
    course, alone = demand.course, 1 - demand.in_groups
    sessions = (course.returns + course.returns_missed) * demand.in_groups / seats
    return Hours(
        contact=course.intakes * profession["intake_hours"]
        + course.returns * alone * profession["visit_hours"] + sessions * profession["group_hours"],
        notes=course.visits * profession["note_hours"],
        missed=course.missed * profession["missed_hours"],
        patients=course.weeks * profession["patient_hours"],
        intake_slots=course.intakes + course.intakes_missed,
        return_slots=(course.returns + course.returns_missed) * alone,
        sessions=sessions,
    )


@dataclass(frozen=True)
class Crew:
    """The posts of a profession at a site: there now, and what one has for patients.

    site, profession  which
    teams             its teams, by name
    sizes             posts of each team, and FTE of one of them
    posts             posts now, held or vacant
    fte               FTE of one post, the mean of its teams
    seats             people a group session seats, likewise
    pay               currency per FTE and year
    paid, fixed       hours per FTE and week: paid, and gone to meetings and the like
    presence          how much of a post there is
    """

    site: str
    profession: str
    teams: tuple[str, ...]
    sizes: tuple[tuple[int, float], ...]
    posts: int
    fte: float
    seats: float
    pay: float
    paid: float
    fixed: float
    presence: Presence

    @property
    def for_patients(self) -> float:
        """Hours for patients per FTE and week, days away taken off."""
        return (self.paid - self.fixed) * self.presence.present

    @property
    def fte_now(self) -> float:
        """FTE now, held or vacant."""
        return self.posts * self.fte


def crews_at(service: Service, site: str) -> tuple[Crew, ...]:
    """The professions that have a team at a site.

    Raises `SettingsError` where a profession has no hours for patients.
    """
    own = {name: team for name, team in service["team"].items() if team["site"] == site}
    here = {team["profession"] for team in own.values()}
    return tuple(_crew(service, site, name, own) for name in service["profession"] if name in here)


def _crew(service: Service, site: str, profession: str, teams: Mapping[str, Mapping[str, Any]]) -> Crew:
    own = {name: team for name, team in teams.items() if team["profession"] == profession}
    told = service["profession"][profession]
    posts = sum(team["posts"] for team in own.values())
    crew = Crew(
        site=site, profession=profession, teams=tuple(own),
        sizes=tuple((team["posts"], team["fte"]) for team in own.values()), posts=posts,
        fte=sum(team["posts"] * team["fte"] for team in own.values()) / posts,
        seats=sum(team["posts"] * team["group_seats"] for team in own.values()) / posts,
        pay=told["pay_per_year"], paid=told["paid_hours"], fixed=told["fixed_hours"],
        presence=presence_of(service, site, profession),
    )
    if crew.for_patients <= 0:
        raise SettingsError(
            f"A {profession} at {site} has {crew.for_patients:g} hours a week for patients.",
            "fixed_hours below paid_hours, and days on which somebody is there",
            f"Look at profession.{profession}.fixed_hours, at the calendar, and at leave and sick days.",
        )
    return crew
