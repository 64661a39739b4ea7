"""What must hold in every run: nobody lost, no slot given twice, time forward, Little's identity.

Each law is a function of what a run wrote down (tests/support/simulator_laws.py). Each is also given the
books of a run with one thing changed in them, and has to notice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.random_services import RANDOM, services
from tests.support.simulator_laws import LAWS, VISITS, Event, Law, Written, written
from tests.support.small_services import SMALL_SERVICES

from careload.clinic import Service
from careload.simulate import plan_of, run
from careload.simulate.kernel.entries import LOG_KINDS
from careload.simulate.kernel.records import CELL_COUNTS, TEAM_COUNTS

DAYS, COUNTED_FROM = 182, 42
BY_NAME = {law.__name__: law for law in LAWS}


@cache
def books(name: str) -> Written:
    """What a run of one of the small services wrote down."""
    return written(run(plan_of(SMALL_SERVICES[name], 2 * DAYS, COUNTED_FROM), seed=1, logged=True))


def broken(run_of: Written) -> dict[str, list[str]]:
    """What is wrong, by law; empty when every law holds."""
    found = {name: list(law(run_of)) for name, law in BY_NAME.items()}
    return {name: wrong[:3] for name, wrong in found.items() if wrong}


@pytest.mark.parametrize("law", LAWS, ids=list(BY_NAME))
@pytest.mark.parametrize("name", SMALL_SERVICES)
def test_every_law_holds_in_the_small_services(name: str, law: Law) -> None:
    assert list(law(books(name))) == []


@settings(RANDOM, max_examples=25)
@given(service=services(), seed=st.integers(0, 10_000))
def test_every_law_holds_in_random_services(service: Service, seed: int) -> None:
    assert broken(written(run(plan_of(service, DAYS, COUNTED_FROM), seed, logged=True))) == {}


@pytest.mark.slow
@settings(RANDOM, max_examples=300)
@given(service=services(), seed=st.integers(0, 10_000), days=st.integers(50, 400))
def test_every_law_holds_in_many_random_services(service: Service, seed: int, days: int) -> None:
    assert broken(written(run(plan_of(service, days, COUNTED_FROM), seed, logged=True))) == {}


Change = Callable[[Written], Written]


def counted(name: str, by: int) -> Change:
    """One more, or fewer, counted in the tenth week."""

    def change(run_of: Written) -> Written:
        cells, teams = run_of.cells.copy(), run_of.teams.copy()
        if name in CELL_COUNTS:
            cells[10, 0, CELL_COUNTS.index(name)] += by
        if name in TEAM_COUNTS:
            teams[10, 0, TEAM_COUNTS.index(name)] += by
        return replace(run_of, cells=cells, teams=teams)

    return change


def told(kinds: tuple[str, ...], into: Callable[[Event], list[Event]]) -> Change:
    """The last event of some kinds is replaced in the log by others."""

    def change(run_of: Written) -> Written:
        events = list(run_of.events)
        place = max(place for place, event in enumerate(events) if event.kind in kinds)
        return replace(run_of, events=(*events[:place], *into(events[place]), *events[place + 1:]))

    return change


def one_span_longer(run_of: Written) -> Written:
    """A return interval of the histogram lasted a day more."""
    spans = run_of.spans.copy()
    group, day = next(zip(*spans[0, 0, 0].nonzero(), strict=True))
    spans[0, 0, 0, group, day] -= 1
    spans[0, 0, 0, group, day + 1] += 1
    return replace(run_of, spans=spans)


CORRUPTED: list[tuple[str, Change]] = [
    ("nobody_is_lost", counted("referred", 1)),
    ("nobody_is_lost", counted("discharged", -1)),
    ("nobody_is_lost", counted("in_care", 1)),
    ("posts_are_held_or_vacant", counted("hired", 1)),
    ("posts_are_held_or_vacant", counted("left", 1)),
    ("posts_are_held_or_vacant", counted("vacant", 1)),
    ("log_and_counts_agree", counted("crises", 1)),
    ("log_and_counts_agree", counted("handed_over", 1)),
    ("log_and_counts_agree", told(("missed",), lambda event: [])),
    ("nobody_is_seen_twice_a_day", told(VISITS, lambda event: [event, event])),
    ("nobody_is_seen_twice_a_day", told(VISITS, lambda event: [event, replace(event, kind="missed")])),
    ("nobody_is_seen_out_of_care", told(("ended",), lambda event: [event, replace(event, kind="crisis")])),
    ("nobody_is_seen_out_of_care", told(("return_visit",), lambda e: [replace(e, kind="asked"), e])),
    ("nobody_is_seen_out_of_care", told(("return_visit",), lambda e: [replace(e, value=e.value + 1)])),
    ("nobody_is_seen_out_of_care", told(("return_visit",), lambda e: [replace(e, key=k) for k in range(99)])),
    ("slots_suffice", told(("return_visit",), lambda event: [event] * 30)),
    ("slots_suffice", told(("missed",), lambda e: [replace(e, value=LOG_KINDS.index("first_visit"))] * 30)),
    ("slots_suffice", told(("return_visit",), lambda e: [replace(e, day=e.day // 7 * 7 + 6)])),
    ("slots_suffice", counted("used", 1000)),
    ("slots_suffice", counted("seated", 1000)),
    ("slots_follow_the_template", told(("return_slots",), lambda e: [replace(e, value=e.value + 3)])),
    ("time_runs_forward", told(("asked",), lambda event: [replace(event, day=event.day - 20)])),
    ("time_runs_forward", told(("return_visit",), lambda event: [replace(event, value=-1)])),
    ("little_holds", one_span_longer),
    ("little_holds", told(("return_visit",), lambda event: [])),
    ("stocks_are_those_of_the_log", counted("not_yet_seen", 1)),
    ("stocks_are_those_of_the_log", told(("first_visit",), lambda event: [])),
]


@pytest.mark.parametrize(("law", "change"), CORRUPTED)
def test_a_law_notices(law: str, change: Change) -> None:
    """Books in which everybody and everything adds up but for one thing."""
    sound = books("leaving")
    assert list(BY_NAME[law](sound)) == []
    assert list(BY_NAME[law](change(sound)))


def test_every_law_can_fail() -> None:
    assert {law for law, _ in CORRUPTED} == set(BY_NAME)
