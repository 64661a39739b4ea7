"""The compiled day agrees with its plain twin, event by event.

Logs are compared in the order in which they were written, also where the numbered steps would allow another:
a tie broken otherwise changes who is seen, and no later event would be the same.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careload.clinic import Service, parse_service
from careload.simulate import Run, plan_of, run
from careload.simulate.kernel.entries import LOG_KINDS
from careload.simulate.kernel.records import CELL_COUNTS, TEAM_COUNTS, Plan
from tests.support.random_services import RANDOM, services
from tests.support.small_services import BARE_QUEUE, OUTSIDE, SMALL_SERVICES, STRIKE
from tests.twin.plain_day import Books, run_plainly

A_YEAR = 364
NAMES = list(SMALL_SERVICES)


def compared(plan: Plan, seed: int, replication: int = 0) -> Run:
    """Run a plan both ways and compare everything that was written down."""
    compiled, plain = run(plan, seed, replication, logged=True), run_plainly(plan, seed, replication)
    assert first_difference(compiled, plain) == ""
    assert np.array_equal(compiled.tally.cells, plain.cells)
    assert np.allclose(compiled.tally.teams, plain.teams, rtol=1e-9, atol=1e-9)
    assert np.array_equal(compiled.tally.spans, plain.spans)
    assert np.array_equal(compiled.tally.monthly, plain.monthly)
    assert np.array_equal(compiled.tally.sums["beyond"], plain.beyond)
    return compiled


def first_difference(compiled: Run, plain: Books) -> str:
    """In words, the first event that only one of them has."""
    one = compiled.tally.log[: int(compiled.tally.sums["written"])]
    other = plain.log
    shorter = min(len(one), len(other))
    apart = np.flatnonzero(one[:shorter] != other[:shorter])
    if not len(apart) and len(one) == len(other):
        return ""
    place = int(apart[0]) if len(apart) else shorter
    told = [
        f"{LOG_KINDS[each[place]['kind']]} {each[place]}" if place < len(each) else "nothing"
        for each in (one, other)
    ]
    return f"event {place}: {told[0]} compiled, {told[1]} plain"


@pytest.mark.parametrize("name", NAMES)
def test_a_year(name: str) -> None:
    compared(plan_of(SMALL_SERVICES[name], A_YEAR, counted_from=70), seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize("name", NAMES)
def test_two_years_of_other_luck(name: str, seed: int) -> None:
    compared(plan_of(SMALL_SERVICES[name], 2 * A_YEAR), seed, replication=seed)


def test_every_kind_of_event_and_every_count_has_been_compared() -> None:
    """Otherwise agreement about them would say nothing."""
    runs = [run(plan_of(service, A_YEAR), logged=True) for service in SMALL_SERVICES.values()]
    kinds = {int(kind) for each in runs for kind in each.tally.log["kind"]}
    assert [name for place, name in enumerate(LOG_KINDS) if place not in kinds] == []
    cells = sum(each.tally.cells.sum(axis=(0, 1), dtype=np.int64) for each in runs)
    teams = sum(each.tally.teams.sum(axis=(0, 1)) for each in runs)
    assert [name for name, number in zip(CELL_COUNTS, cells, strict=True) if not number] == []
    assert [name for name, number in zip(TEAM_COUNTS, teams, strict=True) if not number] == []


@settings(RANDOM, max_examples=12)
@given(service=services(), seed=st.integers(0, 1000))
def test_random_services(service: Service, seed: int) -> None:
    compared(plan_of(service, 150), seed)


@pytest.mark.slow
@settings(RANDOM, max_examples=100)
@given(service=services(), seed=st.integers(0, 1000))
def test_many_random_services(service: Service, seed: int) -> None:
    compared(plan_of(service, 300), seed)


def test_a_last_week_that_is_not_whole() -> None:
    compared(plan_of(SMALL_SERVICES["own clinician"], 101), seed=5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["solo", "mississippi"])
def test_the_services_that_come_with_careload(name: str) -> None:
    file = Path(__file__).parents[2] / "examples" / "services" / f"{name}.toml"
    compared(plan_of(parse_service(file.read_text(encoding="utf-8")), A_YEAR), seed=1)


def test_overdue_for_weeks_on_the_first_day() -> None:
    service = parse_service(STRIKE).changed({"start.overdue_weeks": 8, "team.therapists.return_slots": 6})
    compared(plan_of(service, 120), seed=1)


def test_a_first_day_as_a_real_service_has_it() -> None:
    """Teams that differ in patients and in how long these are overdue, vacant posts, people not seen yet."""
    service = parse_service(OUTSIDE).changed({
        "team.clinic.vacant": 1, "team.clinic.start_patients": 0.7, "team.annex.start_patients": 1.6,
        "team.annex.start_overdue": 3, "start.overdue_weeks": 1, "need.adults.waiting": {"Clinic": 9},
        "need.young.waiting": {"Clinic": 3, "Annex": 4}, "need.young.waiting_weeks": 6,
        "workforce.days_to_fill": 40,
    })
    compared(plan_of(service, 150), seed=3)


def test_outside_where_newcomers_share_the_line_of_the_others() -> None:
    service = parse_service(BARE_QUEUE).changed(
        {"site.Clinic.outside_per_week": 3, "policy.outside_after_days": 2, "mechanisms.demand": True}
    )
    compared(plan_of(service, 120), seed=1)


STARVED = """
[site.Clinic]
[profession.therapist]
treats = ["adults"]
[need.adults]
arrivals_per_week = 1
crisis_per_day = 0.003
dropout_per_visit = 0
[team.all]
site = "Clinic"
profession = "therapist"
posts = 2
intake_slots = 1
return_slots = 3
[mechanisms]
leaving = false
[start]
patients = 120
"""


def test_crises_after_months_of_waiting() -> None:
    compared(plan_of(parse_service(STARVED), 2 * A_YEAR), seed=2)
