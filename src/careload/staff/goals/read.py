"""A goals file: what has to hold by when, within which limits, and what may be decided.

    goals = read_goals("goals.toml", service)

All that is wrong with it is told at once, each with its line, what was expected, and what to do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from careload.clinic import Lines, Problems, Service, Spot, parse_toml, read_text
from careload.staff.goals.goal import Goal
from careload.staff.goals.lever import Lever
from careload.staff.goals.limits import Limits, read_limits
from careload.staff.goals.one_goal import read_goal
from careload.staff.goals.one_lever import read_levers
from careload.staff.goals.values import day_at, number_at, told_unless_known

KEYS = ("name", "from", "until", "met_in", "goal", "limits", "lever", "approved")
MET_IN = 0.9
"""Share of what may be true in which a goal has to be met, where the file does not say (assumed)."""


@dataclass(frozen=True)
class Goals:
    """What has to hold, within which limits, and what may be decided.

    name         as people call it
    first, last  days between which goals have to hold that name none of their own
    met_in       share of what may be true, 0-1, in which a goal has to be met to count as met
    goals        in the order of the file
    limits       money, hiring, posts
    levers       that a plan may use
    approved     need groups whose clinicians have approved longer gaps between visits
    """

    name: str
    first: date
    last: date
    met_in: float
    goals: tuple[Goal, ...]
    limits: Limits
    levers: tuple[Lever, ...]
    approved: tuple[str, ...] = ()


def read_goals(path: str | os.PathLike[str], service: Service) -> Goals:
    """Read a goals file for a service.

    Raises `SettingsError` (exit code 4) when the file is not there, is no TOML, or does not hold together
    with the service.
    """
    text, origin = read_text(path, "goals file", "Check the path.")
    return parse_goals(text, service, origin)


def parse_goals(text: str, service: Service, origin: str = "goals file") -> Goals:
    """The same from text; `origin` names the file in messages."""
    document = parse_toml(text, origin, "goals, limits and levers", "Correct that line.")
    problems = Problems(origin, whole="goals that can be asked of this service", page="docs/goals.md")
    root = Spot(document, (), Lines(text), problems)
    root.only_keys(KEYS, f"one of {', '.join(KEYS)}")
    first, last = (day_at(root, key) for key in ("from", "until"))
    _check_days(root, first, last, service)
    met_in = number_at(root, "met_in", 0.5, 1)
    found = Goals(
        root.text("name", origin), first, last, MET_IN if met_in is None else met_in,
        tuple(_goals(root, first, last, service)), read_limits(root.table("limits"), service),
        tuple(read_levers(root.table("lever"), service)), _approved(root.table("approved"), service),
    )
    problems.raise_all()
    return found


def _check_days(root: Spot, first: date, last: date, service: Service) -> None:
    _check_first(root, first, service)
    if date.min < last <= first:
        root.at("until").tell(f"Goals have to hold from {first} until {last}.", "a later day",
                              "Give a later day.")


def _check_first(spot: Spot, first: date, service: Service) -> None:
    start = service["start"]["date"]
    if date.min < first <= start:
        spot.at("from").tell(f"Goals have to hold from {first} on, and the service begins on {start}.",
                             "a later day", "Give posts time to be filled: some months.")


def _goals(root: Spot, first: date, last: date, service: Service) -> Iterator[Goal]:
    """Every goal that holds together; why not, is told of the others."""
    table = root.table("goal")
    if not table.value:
        root.tell("It has no goal.", "at least one [goal.NAME]", "Add a goal: what has to hold.")
    for name in table.value:
        spot = table.table(name)
        found = read_goal(spot, str(name), first, last)
        if "from" in spot.value and found:
            _check_first(spot, found.first, service)
        if found:
            yield found


def _approved(table: Spot, service: Service) -> tuple[str, ...]:
    """Need groups whose clinicians have approved longer gaps, each with who and when."""
    for name in table.value:
        told_unless_known(table.at(name), "need group", str(name), service["need"])
        own = table.table(name)
        if not own.text("by"):
            own.tell(f"Nobody is named who approved longer gaps of {name!r}.",
                     "by and on: which clinicians, and when", 'Write by = "…" and on = a date.')
        day_at(own, "on")
    return tuple(str(name) for name in table.value)
