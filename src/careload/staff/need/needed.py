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

import numpy as np

from careload.clinic import Service, UsageError
from careload.staff.need.answer import LEAST, Least, Needed, ShadowPrice
from careload.staff.need.defaults import defaults_of
from careload.staff.need.hours import Crew, Hours, crews_at, hours_of
from careload.staff.need.loads import Demand, demands
from careload.staff.need.presence import WEEKS_A_YEAR
from careload.staff.need.slack import InTime, busy_share, reserve
from careload.staff.need.split import Site, Split, split
from careload.staff.need.staffing import Staffing, visits_a_day


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
        busy = [busy_of(service, crew, here, own, aim) for crew, own in zip(crews, hours, strict=True)]
        ceiling = service["policy"]["caseload_ceiling"]
        site = _site(name, here, crews, hours, busy, ceiling, least, keep)
        found = split(site)
        staffing += _staffing(service, here, crews, hours, found, busy, aim)
        more += found.price
        shadow += _shadow(here, crews, found)
    return Needed(
        service.name, aim, least, keep, asked, tuple(staffing), more, tuple(shadow),
        defaults_of(service),
    )


def _hours(service: Service, here: Sequence[Demand], crews: Sequence[Crew]) -> list[list[Hours | None]]:
    """Hours of one person who asks by profession and need group; None where it may not treat."""
    return [
        [hours_of(each, service["profession"][crew.profession], crew.seats)
         if each.need in service["profession"][crew.profession]["treats"] else None for each in here]
        for crew in crews
    ]


def busy_of(
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
