"""The numbers of a plan by months: teams, what they can do, whom they may treat, what is asked, what is owed.

    of who asks: visits, hours, slots, weeks between visits     `careload.staff.need`, all in time
    hours, slots of a visit    those one who asks causes / visits of one who asks
    overdue                    people in care or waiting, less visits a week x weeks from one to the next
                               (Little's law: whom a visit has covered until the next is due)
    going (share of a month)   of people overdue, dropping out and getting well untreated
    leave, fill                leavers per held post; 1 - exp(-month / days to fill)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service
from careload.simulate import figure_named, groups, simulate
from careload.staff.goals import Goals, Lever
from careload.staff.need import Demand, InTime, demands
from careload.staff.need.hours import Crew, Hours, crews_at, hours_of
from careload.staff.need.needed import busy_of

Numbers = NDArray[np.float64]

MONTHS_A_YEAR, LEAST = 12, 1e-9
DAYS_A_MONTH = 365.25 / MONTHS_A_YEAR
WEEKS_A_MONTH = DAYS_A_MONTH / 7
ONE_WEEK = 7 / 365.25


@dataclass(frozen=True)
class Teams:
    """What teams are and can do, (teams,) each.

    names        of the teams
    professions  theirs
    held, vacant posts on the first day
    most         posts that may be opened besides
    slots        visits a held post's template has room for in a week at most, days away and ramp-up taken off
    hours        for patients, of a held post in a week: as much as may be due when nobody is to wait
    cost         of a held post, currency a month, on-costs included
    leave, fill  shares of a month: of held posts whose holder leaves, of vacant posts that are filled
    """

    names: tuple[str, ...]
    professions: tuple[str, ...]
    held: Numbers
    vacant: Numbers
    most: Numbers
    slots: Numbers
    hours: Numbers
    cost: Numbers
    leave: Numbers
    fill: Numbers


@dataclass(frozen=True)
class Asked:
    """What is asked of whom.

    names    site and need group of each cell
    asking   (cells,) people a week
    visits   (cells,) of one who asks
    weeks    (cells,) from one visit to the next
    going    (cells,) share of people overdue who leave in a month
    in_care  (cells,) people in care or waiting on the first day
    hours    (teams, cells) of a visit; nan where the team may not treat the cell
    slots    (cells,) of the template for a visit held, those missed included
    """

    names: tuple[tuple[str, str], ...]
    asking: Numbers
    visits: Numbers
    weeks: Numbers
    going: Numbers
    in_care: Numbers
    hours: Numbers
    slots: Numbers


@dataclass(frozen=True)
class Months:
    """Months of a plan: their number, and the first by which everybody is seen in time."""

    number: int
    in_time_from: int


def months_of(service: Service, goals: Goals) -> Months:
    """Months from the first day of the service to the last of the goals."""
    start = service["start"]["date"]
    number = math.ceil(((goals.last - start).days + 1) / DAYS_A_MONTH)
    return Months(number, min(number - 1, int((goals.first - start).days / DAYS_A_MONTH)))


def teams_of(service: Service, goals: Goals, asked: Sequence[Demand], ceiling: float) -> Teams:
    """The teams of a service.

    asked    by site and need group
    ceiling  overload that may not be exceeded, hours due for each hour paid
    """
    crews = {(site, crew.profession): crew for site in service["site"] for crew in crews_at(service, site)}
    rows = []
    for name, team in service["team"].items():
        crew, profession = crews[team["site"], team["profession"]], service["profession"][team["profession"]]
        slots = sum(max(team[kind], _most(goals.levers, kind, name, team[kind]))
                    for kind in ("return_slots", "intake_slots"))
        busy = min(_busy(service, crew, asked), ceiling)
        vacant, gone = min(team["vacant"], team["posts"]), crew.presence
        at_speed = 1 - gone.ramp_up / max(1 - gone.vacant, LEAST)
        rows.append((
            team["posts"] - vacant, vacant, _most(goals.levers, "posts", name, team["posts"]) - team["posts"],
            slots * gone.present * at_speed, team["fte"] * crew.for_patients * busy * at_speed,
            team["fte"] * profession["pay_per_year"] * (1 + goals.limits.on_costs_share) / MONTHS_A_YEAR,
            min(1.0, gone.leavers / MONTHS_A_YEAR / max(1 - gone.vacant, LEAST)),
            _filled(service, gone.vacant, gone.leavers),
        ))
    columns = [np.array(column, dtype=float) for column in zip(*rows, strict=True)]
    professions = tuple(team["profession"] for team in service["team"].values())
    return Teams(tuple(service["team"]), professions, *columns)


def _busy(service: Service, crew: Crew, asked: Sequence[Demand]) -> float:
    """How busy a clinician may be when nobody is to wait."""
    here = [each for each in asked if each.site == crew.site]
    return busy_of(service, crew, here, _hours(service, crew.profession, crew.seats, here), InTime())


def _hours(
    service: Service, profession: str, seats: float, here: Sequence[Demand]
) -> list[Hours | None]:
    """Hours of one who asks, of each need group; None where the profession may not treat it."""
    own = service["profession"][profession]
    return [hours_of(each, own, seats) if each.need in own["treats"] else None for each in here]


def _filled(service: Service, vacant: float, leavers: float) -> float:
    """Share of vacant posts that are filled in a month."""
    if not service["mechanisms"]["hiring"]:
        return 1.0
    days = 365.25 * vacant / leavers if leavers > 0 else service["workforce"]["days_to_fill"]
    return 1 - math.exp(-DAYS_A_MONTH / max(days, 1.0))


def _most(levers: Sequence[Lever], kind: str, team: str, today: float) -> float:
    """The most a lever may give a team; today's where none moves it."""
    own = [lever for lever in levers if lever.kind.name == kind and team in lever.of]
    return max([today, *(lever.ends(today)[1] for lever in own)])


def asked_of(service: Service, asked: Sequence[Demand]) -> Asked:
    """What is asked, and who is there on the first day."""
    hours = np.full((len(service["team"]), len(asked)), np.nan)
    for row, team in enumerate(service["team"].values()):
        of_one = _hours(service, team["profession"], team["group_seats"], asked)
        for column, (cell, own) in enumerate(zip(asked, of_one, strict=True)):
            if own and cell.site == team["site"]:
                hours[row, column] = own.due / cell.course.visits

    def of_each(number: Callable[[Demand], float]) -> Numbers:
        return np.array([number(cell) for cell in asked])

    return Asked(
        tuple((cell.site, cell.need) for cell in asked), of_each(lambda cell: cell.asking),
        of_each(lambda cell: cell.course.visits),
        of_each(lambda cell: cell.course.weeks / cell.course.visits),
        of_each(lambda cell: _going(service, cell.need)), _in_care(service, asked), hours,
        of_each(lambda cell: 1 + cell.missed / cell.visits),
    )


def _going(service: Service, need: str) -> float:
    """Share of people overdue who drop out or get well untreated in a month."""
    if not service["mechanisms"]["hazards"]:
        return 0.0
    own = service["need"][need]
    stays = (1 - own["dropout_per_day"]) ** DAYS_A_MONTH * (1 - own["remission_per_month"])
    return float(1 - stays)


def _in_care(service: Service, cells: Sequence[Demand]) -> Numbers:
    """(cells,) people in care or waiting in the first week, by need group as a run counts them, by site as
    visits are asked for."""
    ran = simulate(service.changed({"start.warm_up_weeks": 0}), ONE_WEEK, 1)
    figure, some = figure_named("in_care", "mean"), list(groups(service))
    by_need = {group.by["need_group"]: float(ran.values(figure, group)[0])
               for group in some if "need_group" in group.by}
    by_need = by_need or {next(iter(service["need"])): float(ran.values(figure, some[0])[0])}
    visits = {need: sum(cell.visits for cell in cells if cell.need == need) for need in by_need}
    return np.array([by_need[cell.need] * cell.visits / visits[cell.need] for cell in cells])


def numbers_of(service: Service, goals: Goals, ceiling: float = 1.0) -> tuple[Months, Teams, Asked]:
    """All of it.

    ceiling  overload that may not be exceeded, hours due for each hour paid
    """
    asked = demands(service)
    return months_of(service, goals), teams_of(service, goals, asked, ceiling), asked_of(service, asked)
