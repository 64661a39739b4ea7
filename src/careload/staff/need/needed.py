"""The posts that would see everybody in time, with every number in between.

    1  who asks, visits and patients in care, by site and need group     (`loads.py`, `course.py`)
    2  who treats whom, where several professions may                    (`split.py`)
    3  hours due, by site and profession                                 (`hours.py`)
    4  what a post has for patients, and what is kept free               (`presence.py`, `slack.py`)
    5  posts needed                                                      (`staffing.py`)

Cadence is the prescribed one and is never stretched, and nobody is left out to make it fit: who cannot be
treated by anybody is an error, not a smaller demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from careload.clinic import Service, UsageError
from careload.staff.need.hours import Crew, Hours, crews_at, hours_of
from careload.staff.need.loads import Demand, demands
from careload.staff.need.presence import WEEKS_A_YEAR
from careload.staff.need.slack import InTime, busy_share, reserve
from careload.staff.need.split import Site, Split, split
from careload.staff.need.staffing import Staffing, visits_a_day
from careload.staff.need.tables import (
    DEMAND,
    HOURS,
    POSTS,
    PRESENCE,
    STAFFING,
    WHO,
    as_rows,
    formulas_of,
    plain_table,
)

Least = Literal["hours", "pay"]
LEAST: tuple[Least, ...] = ("hours", "pay")
UNITS = {"hours": "hours paid a week", "pay": "currency a week"}


@dataclass(frozen=True)
class ShadowPrice:
    """What one more would change, at the margin.

    site, of   where, and which need group or profession
    kind       ``referral``: one more a week adds so much; ``FTE``: one more that stays takes so much off
    price      hours paid a week, or currency a week, as the plan counts
    """

    site: str
    of: str
    kind: Literal["referral", "FTE"]
    price: float


@dataclass(frozen=True)
class Needed:
    """Posts needed, and how they come about.

    service   of which
    goal      what "in time" means
    least     what the split makes least: ``hours`` paid, or ``pay``
    kept      whether posts that are there stay
    demand    by site and need group
    staffing  by site and profession
    more      least price of what is needed beyond posts that stay, in `UNITS` of `least`
    shadow    what one more referral, or one more FTE, would change
    """

    service: str
    goal: InTime
    least: Least
    kept: bool
    demand: tuple[Demand, ...]
    staffing: tuple[Staffing, ...]
    more: float
    shadow: tuple[ShadowPrice, ...]

    @property
    def posts_now(self) -> int:
        return sum(each.crew.posts for each in self.staffing)

    @property
    def posts_needed(self) -> int:
        return sum(each.posts_needed for each in self.staffing)

    @property
    def fte_needed(self) -> float:
        return sum(each.fte_needed for each in self.staffing)

    @property
    def hours_due(self) -> float:
        """Hours of work due a week."""
        return sum(each.hours.due for each in self.staffing)

    @property
    def hours_paid(self) -> float:
        """Hours paid a week for the FTE needed."""
        return sum(each.fte_needed * each.crew.paid for each in self.staffing)

    @property
    def pay(self) -> float:
        """Pay of the FTE needed, currency per year."""
        return sum(each.pay for each in self.staffing)

    def as_table(self, of: Literal["demand", "staffing"] = "staffing") -> list[dict[str, Any]]:
        """Rows of names and numbers, one for each site and profession, or site and need group."""
        return as_rows(STAFFING, self.staffing) if of == "staffing" else as_rows(DEMAND, self.demand)

    def plain(self) -> str:
        """Everything as text, with the formula of each column."""
        parts = [
            f"{self.service}: posts needed for {self.goal}.",
            plain_table("Who asks, and what that brings (a week)", DEMAND, self.demand),
            plain_table("Hours of work due (a week)", WHO + HOURS, self.staffing),
            plain_table("What there is of a post (shares)", WHO + PRESENCE, self.staffing),
            plain_table("Posts", WHO + POSTS, self.staffing),
            f"Posts now {self.posts_now}, needed {self.posts_needed}, "
            f"difference {self.posts_needed - self.posts_now:+d}.",
            "\n".join([
                f"One more referral a week adds, in {UNITS[self.least]}:",
                *(f"  {each.site}, {each.of}: {each.price:.1f}" for each in self.shadow
                  if each.kind == "referral"),
            ]),
            formulas_of(DEMAND, STAFFING),
        ]
        return "\n\n".join(parts)

    def __str__(self) -> str:
        return self.plain()

    def changes(self) -> dict[str, Any]:
        """The posts needed and templates to match, as dotted places of the service (`Service.changed`).

        Posts of several teams alike in site and profession go to the first; a team keeps one post at least.
        """
        return {place: value for each in self.staffing for place, value in _changes(each).items()}


def needed(
    service: Service, goal: InTime | None = None, *, least: Least = "hours", keep: bool = True,
) -> Needed:
    """Posts that would see everybody in time.

    service  `read_service`
    goal     what "in time" means; nine visits in ten within a week of the day they are due
    least    where several professions may treat: make ``hours`` paid least, or ``pay``
    keep     posts that are there stay; else the split is made as if none were

    Gives a `Needed`. Raises `SettingsError` where nobody may treat a need group, where a profession has no
    hours for patients, and where everybody comes back; `UsageError` for a word that is not known.
    """
    if least not in LEAST:
        raise UsageError(f"least is {least!r}.", " or ".join(LEAST), "Say what the split is to make least.")
    aim, asked = goal or InTime(), demands(service)
    staffing: list[Staffing] = []
    shadow: list[ShadowPrice] = []
    more = 0.0
    for name in service["site"]:
        here = [each for each in asked if each.site == name]
        crews = crews_at(service, name)
        hours = _hours(service, here, crews)
        busy = [_busy(service, crew, here, own, aim) for crew, own in zip(crews, hours, strict=True)]
        ceiling = service["policy"]["caseload_ceiling"]
        site = _site(name, here, crews, hours, busy, ceiling, least, keep)
        found = split(site)
        staffing += _staffing(service, here, crews, hours, found, busy, aim)
        more += found.price
        shadow += _shadow(here, crews, found)
    return Needed(service.name, aim, least, keep, asked, tuple(staffing), more, tuple(shadow))


def _hours(service: Service, here: Sequence[Demand], crews: Sequence[Crew]) -> list[list[Hours | None]]:
    """Hours of one person who asks by profession and need group; None where it may not treat."""
    return [
        [hours_of(each, service["profession"][crew.profession], crew.seats)
         if each.need in service["profession"][crew.profession]["treats"] else None for each in here]
        for crew in crews
    ]


def _busy(
    service: Service, crew: Crew, here: Sequence[Demand], own: Sequence[Hours | None], goal: InTime
) -> float:
    """How busy a clinician with a line of their own may be; 1 where there is one line for all.

    Visits are as long as the mean of all whom the profession may treat.
    """
    if not service["policy"]["own_clinician"] or not any(own):
        return 1.0
    return busy_share(visits_a_day(crew, _hours_a_slot(here, own)), goal)


def _hours_a_slot(here: Sequence[Demand], own: Sequence[Hours | None]) -> float:
    week = [hours.times(each.asking) for each, hours in zip(here, own, strict=True) if hours]
    return sum(each.due for each in week) / sum(each.slots for each in week)


def _site(
    name: str, here: Sequence[Demand], crews: Sequence[Crew], hours: Sequence[Sequence[Hours | None]],
    busy: Sequence[float], ceiling: float, least: Least, keep: bool,
) -> Site:
    due = [[own.due if own else np.nan for own in of_crew] for of_crew in hours]
    fte = np.array([crew.fte_now for crew in crews])
    price = [crew.paid if least == "hours" else crew.pay / WEEKS_A_YEAR for crew in crews]
    room = [
        crew.for_patients * crew.presence.staffed * one for crew, one in zip(crews, busy, strict=True)
    ]
    return Site(
        name=name, needs=[each.need for each in here], professions=[crew.profession for crew in crews],
        asking=np.array([each.asking for each in here]), hours=np.array(due).reshape(len(crews), len(here)).T,
        weeks=np.array([each.course.weeks for each in here]), room=np.array(room),
        most=ceiling * np.array([1 - crew.presence.vacant for crew in crews]),
        now=fte if keep else np.zeros(len(crews)), mix=fte, price=np.array(price),
    )


def _staffing(
    service: Service, here: Sequence[Demand], crews: Sequence[Crew], hours: Sequence[Sequence[Hours | None]],
    found: Split, busy: Sequence[float], goal: InTime,
) -> list[Staffing]:
    return [
        _of_crew(service, crew, here, hours[place], found.treated[:, place].tolist(), busy[place], goal)
        for place, crew in enumerate(crews)
    ]


def _of_crew(
    service: Service, crew: Crew, here: Sequence[Demand], own: Sequence[Hours | None],
    people: Sequence[float], busy: float, goal: InTime,
) -> Staffing:
    parts = [each / demand.asking for each, demand in zip(people, here, strict=True)]
    week = Hours()
    for each, hours in zip(people, own, strict=True):
        week = week.plus(hours.times(each)) if hours else week
    return Staffing(
        crew=crew, asking=sum(people),
        visits=sum(part * each.visits for part, each in zip(parts, here, strict=True)),
        missed=sum(part * each.missed for part, each in zip(parts, here, strict=True)),
        in_care=sum(part * each.in_care for part, each in zip(parts, here, strict=True)),
        hours=week, beta=_beta(service, crew, week, busy, goal),
        ceiling=service["policy"]["caseload_ceiling"],
    )


def _beta(service: Service, crew: Crew, week: Hours, busy: float, goal: InTime) -> float:
    """What is kept free, in square roots of the load in posts."""
    load = week.due / crew.for_patients / crew.fte
    if load <= 0:
        return 0.0
    if service["policy"]["own_clinician"]:
        return float((load / busy - load) / np.sqrt(load))
    return reserve(load, visits_a_day(crew, week.due / week.slots), goal)


def _shadow(here: Sequence[Demand], crews: Sequence[Crew], found: Split) -> list[ShadowPrice]:
    people = [
        ShadowPrice(each.site, each.need, "referral", float(price) * each.asking / each.referrals)
        for each, price in zip(here, found.per_person, strict=True)
    ]
    return people + [
        ShadowPrice(crew.site, crew.profession, "FTE", float(price))
        for crew, price in zip(crews, found.per_fte, strict=True)
    ]


def _changes(each: Staffing) -> dict[str, Any]:
    first, *others = each.crew.teams
    posts = max(1, each.posts_needed - len(others))
    found: dict[str, Any] = {f"team.{first}.posts": posts} | {f"team.{name}.posts": 1 for name in others}
    if each.hours.due > 0:
        slots = each.slots_of_a_post()
        found |= {f"team.{name}.{kind}": many for name in each.crew.teams for kind, many in slots.items()}
    return found
