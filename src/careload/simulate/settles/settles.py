"""The question, put together: two starts, a push, tipping, draws."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from typing import Any

from careload.clinic import Service, UsageError
from careload.simulate.many import MOST_YEARS
from careload.simulate.pool import Progress
from careload.simulate.settles.answer import Settling, State
from careload.simulate.settles.doubt import Numbers, mean_of
from careload.simulate.settles.draws import Draw, Prior, Ranges, drawn, priors_of, with_values
from careload.simulate.settles.echo import echo_of
from careload.simulate.settles.paths import WEEKS, Course, Push, follow, yearly
from careload.simulate.settles.states import Reading, last_third, read_states, stayers
from careload.simulate.settles.tipping import tipping_of

TOLERANCE = 0.1
LONG_LIST_WEEKS = 13
"""Weeks of slots that patients of the long list at the start would fill, if each came once."""
PUSH_SIZE, PUSH_WEEKS = 0.5, 4
SHORTEST = 6


def settles_or_spirals(
    service: Service, horizon: int = 10, draws: int = 40, seed: int = 1, *,
    replications: int = 20, replications_of_draws: int = 8, ranges: Ranges | None = None,
    tolerance: float = TOLERANCE, long_list: float | None = None,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Settling:
    """Whether a service settles in one state, has two, drifts, or whether that cannot be said.

    service       `read_service`
    horizon       H, years that every run is followed, 6 or more
    draws         draws of what is disputed; 0 for none
    seed          same seed, same answer, on any number of workers
    replications  runs from each start, of the service; `replications_of_draws`: of each draw
    ranges        what to draw: place to (low, high) or (low, most likely, high); None for all disputed
    tolerance     share of the mean number overdue that counts as the same
    long_list     patients per post of the long list at the start; None for 13 weeks of slots, or twice the
                  patients the file starts with, whichever is more
    executor      where the runs are made; None for the processors of this machine
    progress      told after each batch of runs: name, done, of

    Raises `UsageError` for a horizon, or numbers of runs, from which nothing can be said.
    """
    _check(horizon, draws, replications, replications_of_draws)
    patients = long_list or long_list_of(service)
    courses = [*starts(service, patients), Course(service), Course(service, push_of(horizon))]
    short, long, own, with_push = follow(courses, horizon, seed, replications, executor, progress, "starts")
    reading = read_states(yearly(short), yearly(long), tolerance)
    echo = echo_of(own, with_push, push_of(horizon).first, PUSH_WEEKS, PUSH_SIZE)
    tipping = None
    if reading.level is not None:
        tipping = tipping_of(service, own, reading.level, seed, executor, progress)
    priors = priors_of(service, ranges) if draws else ()
    under = _draw(service, priors, draws, horizon, seed, replications_of_draws, tolerance, executor, progress)
    return Settling(
        service.name, horizon, seed, replications, patients, reading,
        states_of(short, long, reading), echo, tipping, tuple(under), priors,
    )


def starts(service: Service, patients: float) -> list[Course]:
    """The service with an empty list, and with so many patients per post, all due in the first week."""
    alike = {f"team.{name}.start_patients": 1.0 for name in service["team"]}
    due_now: dict[str, Any] = {"start.overdue_weeks": 0.0, **alike}
    due_now |= {f"need.{name}.waiting": {} for name in service["need"]}
    return [
        Course(service.changed({"start.patients": each, **due_now}, "start")) for each in (0.0, patients)
    ]


def long_list_of(service: Service) -> float:
    """Patients per post of the long list at the start."""
    teams, slots = service["team"].values(), 0.0
    for team in teams:
        seats = team["group_sessions"] * team["group_seats"]
        slots += team["posts"] * (team["intake_slots"] + team["return_slots"] + seats)
    weekly = slots / sum(team["posts"] for team in teams)
    return float(math.ceil(max(LONG_LIST_WEEKS * weekly, 2 * service["start"]["patients"])))


def push_of(horizon: int) -> Push:
    """A push after the first third of the years."""
    return Push("referrals", PUSH_SIZE, WEEKS * (horizon // 3), PUSH_WEEKS)


def states_of(short: Numbers, long: Numbers, reading: Reading) -> tuple[State, ...]:
    """The states found, as they are in the last third: one from all runs, two from those that stay.

    Where there is no rest, what the two starts have become.
    """
    third = last_third(short.shape[1] // WEEKS)
    if reading.verdict == "one":
        return (State.of("of rest", long, third),)
    if reading.level is None:
        return State.of("from an empty list", short, third), State.of("from a long list", long, third)
    low, high = stayers(yearly(short), yearly(long), third, reading.level)
    return State.of("with a short list", short[low], third), State.of("with a long list", long[high], third)


def _draw(
    service: Service, priors: tuple[Prior, ...], draws: int, horizon: int, seed: int, replications: int,
    tolerance: float, executor: Executor | None, progress: Progress | None,
) -> list[Draw]:
    """Every draw from both starts, read as the service itself is."""
    values = drawn(priors, draws, seed)
    courses = [
        course for each in values
        for course in starts(with_values(service, priors, each), long_list_of(service))
    ]
    whole = follow(courses, horizon, seed, replications, executor, progress, "draws")
    paths, third = [yearly(each) for each in whole], last_third(horizon)
    found = []
    for own, short, long in zip(values, paths[::2], paths[1::2], strict=True):
        overdue = mean_of((short + long)[:, -third:].mean(axis=1) / 2).value
        found.append(Draw(own, read_states(short, long, tolerance).verdict, overdue))
    return found


def _check(horizon: int, draws: int, replications: int, of_draws: int) -> None:
    if not SHORTEST <= horizon <= MOST_YEARS or horizon != int(horizon):
        raise UsageError(
            f"A horizon of {horizon:,} years.",
            f"{SHORTEST} to {MOST_YEARS:,} whole years: the last third is set against the third before",
            "Raise --horizon." if horizon < SHORTEST else "Give fewer years, or whole ones.",
        )
    if replications < 2 or of_draws < 2 or draws < 0:
        raise UsageError(
            f"{replications} and {of_draws} replications, {draws} draws.",
            "at least two replications, for their doubt, and 0 draws or more",
            "Raise --replications or --draws.",
        )
