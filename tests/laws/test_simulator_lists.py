"""More clinicians never lengthen a first-come list under the same luck: where that holds, where it does not.

It holds, patient by patient, for a line without return: whoever is seen does not come back, so with more
slots on every day everybody is seen on the same day or earlier.

Where patients come back it holds in sum only, and only if everybody comes back the same days after their
turn, kept or missed: by each evening as many slots have been used, or more. With N(t) used by evening t, A(t)
first dues, K slots a day and g days between visits,

    N(t) = min(N(t - 1) + K, A(t) + N(t - g))

which grows with K. Patient by patient it fails even there: those who are seen sooner come back sooner, and
may then stand before somebody who would have found an empty line. And it fails where visits belong to a
clinician of one's own: the one more takes on patients whom another, with a shorter line, would have taken.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.random_services import RANDOM
from tests.support.simulator_laws import VISITS, Event, written
from tests.support.small_services import BARE_QUEUE

from careload.clinic import Service, parse_service
from careload.simulate import plan_of, run

DAYS = 210
LISTS = settings(RANDOM, max_examples=8)
NO_HARM: dict[str, Any] = {"mechanisms.hazards": False, "start.patients": 0}
"""Nobody leaves the line but through a visit; who is there on the first day would depend on the posts."""

ONCE: dict[str, Any] = {**NO_HARM, "need.everyone.visits_needed": 1, "no_show.intake_soon": 0}
FOR_GOOD: dict[str, Any] = {**NO_HARM, "need.everyone.visits_needed": 200, "policy.rebook_days": 7}


def events(changes: dict[str, Any], posts: int, seed: int, per_week: float) -> tuple[Event, ...]:
    """The log of a bare queue of some clinicians, each with five slots a day."""
    service: Service = parse_service(BARE_QUEUE).changed(
        {**changes, "team.all.posts": posts, "need.everyone.arrivals_per_week": per_week}
    )
    return written(run(plan_of(service, DAYS), seed, logged=True)).events


def seen_on(log: tuple[Event, ...]) -> dict[tuple[int, int], int]:
    """The day of each patient's first visit, second visit, …"""
    found: dict[tuple[int, int], int] = {}
    so_far: Counter[int] = Counter()
    for event in log:
        if event.kind in VISITS:
            so_far[event.key] += 1
            found[event.key, so_far[event.key]] = event.day
    return found


def later(fewer: tuple[Event, ...], more: tuple[Event, ...]) -> list[tuple[int, int]]:
    """Visits that come later with more clinicians, or never."""
    before, after = seen_on(fewer), seen_on(more)
    return [visit for visit, day in before.items() if after.get(visit, DAYS) > day]


def used_by_evening(log: tuple[Event, ...]) -> list[int]:
    """Slots used so far, held or missed, by each evening."""
    used = Counter(event.day for event in log if event.kind in (*VISITS, "missed"))
    return [sum(used[day] for day in range(evening + 1)) for evening in range(DAYS)]


def fewer_used(fewer: tuple[Event, ...], more: tuple[Event, ...]) -> list[int]:
    """Evenings by which more clinicians have used fewer slots."""
    pairs = zip(used_by_evening(fewer), used_by_evening(more), strict=True)
    return [day for day, (one, other) in enumerate(pairs) if other < one]


@LISTS
@given(seed=st.integers(0, 10_000), posts=st.integers(1, 3), more=st.integers(1, 3), busy=st.floats(0.6, 1.6))
def test_nobody_waits_longer_who_comes_once(seed: int, posts: int, more: int, busy: float) -> None:
    log, other = (events(ONCE, number, seed, 25 * busy * posts) for number in (posts, posts + more))
    assert seen_on(log)
    assert later(log, other) == []


@LISTS
@given(seed=st.integers(0, 10_000), posts=st.integers(1, 3), more=st.integers(1, 3), busy=st.floats(0.3, 3))
def test_as_many_slots_are_used_by_each_evening_where_all_come_back(
    seed: int, posts: int, more: int, busy: float
) -> None:
    log, other = (events(FOR_GOOD, number, seed, 2 * busy * posts) for number in (posts, posts + more))
    assert used_by_evening(log)[-1] > 0
    assert fewer_used(log, other) == []


def test_the_laws_notice_fewer_clinicians() -> None:
    assert later(events(ONCE, 2, 1, 50), events(ONCE, 1, 1, 50))
    assert fewer_used(events(FOR_GOOD, 2, 1, 10), events(FOR_GOOD, 1, 1, 10))


def test_it_fails_for_single_patients_who_come_back() -> None:
    """They are few; by each evening more have been seen all the same."""
    log, other = (events({**NO_HARM, "policy.rebook_days": 7}, posts, 1, 3) for posts in (2, 3))
    assert 0 < len(later(log, other)) < 0.01 * len(seen_on(log))
    assert fewer_used(log, other) == []


def test_it_fails_where_visits_belong_to_ones_own_clinician() -> None:
    own = {**NO_HARM, "policy.own_clinician": True, "team.all.intake_slots": 5}
    log, other = (events(own, posts, 1, 4.2) for posts in (2, 3))
    assert later(log, other)


@pytest.mark.parametrize("posts", [1, 2])
def test_everybody_who_comes_once_is_seen_in_the_order_of_asking(posts: int) -> None:
    log = events(ONCE, posts, 3, 30 * posts)
    asked = {event.key: event.day for event in log if event.kind == "asked"}
    days = [asked[event.key] for event in log if event.kind == "first_visit"]
    assert days == sorted(days)
