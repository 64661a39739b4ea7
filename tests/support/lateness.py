"""How late visits are in a run, against the day on which the plan had them due: read from the log alone."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, NamedTuple

from careload.clinic import Service
from careload.simulate import run_logged
from careload.simulate.kernel.entries import LOG_KINDS

ASKED = ("asked", "asked_urgently")
TRIES = ("first_visit", "return_visit", "group_visit", "crisis_visit", "missed")


class Awaited(NamedTuple):
    """Somebody in care: need group, visits had, day on which the next is due."""

    need: str
    visits: int
    due: int


class Late(NamedTuple):
    """Days after the day they were due on which visits were held or missed."""

    first: list[int]
    returns: list[int]


def lateness(service: Service, years: float = 5, replication: int = 0) -> Late:
    """Of everybody who asked in a run: tries of first and of return visits, once counting has begun."""
    log = run_logged(service, years, 1, replication).tally.log
    counted_from, needs = 7 * service["start"]["warm_up_weeks"], list(service["need"])
    waiting: dict[int, Awaited] = {}
    late = Late([], [])
    columns = (log[name].tolist() for name in ("day", "kind", "key", "value"))
    for day, kind, key, cell in zip(*columns, strict=True):
        what = LOG_KINDS[kind]
        if what in ASKED:
            waiting[key] = Awaited(needs[cell % len(needs)], 0, day + 1)
        elif what in TRIES and key in waiting:
            one = waiting[key]
            if day >= counted_from:
                (late.returns if one.visits else late.first).append(day - one.due)
            waiting[key] = after(service, one, day, what)
    return late


def after(service: Service, one: Awaited, day: int, what: str) -> Awaited:
    """When the next visit is due after one that was missed, or held."""
    if what == "missed":
        return one._replace(due=day + service["policy"]["rebook_days"])
    own: Any = service["need"][one.need]
    stage = bisect_right(own["stage_from_visit"], one.visits + 1) - 1
    return Awaited(one.need, one.visits + 1, day + round(own["cadence_days"][stage]))


def share_within(days: int, late: list[int]) -> float:
    """The share at most so many days late."""
    return sum(each <= days for each in late) / len(late)
