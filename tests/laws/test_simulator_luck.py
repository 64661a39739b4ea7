"""Same seed, same bytes; names are only names; one patient more reshuffles nobody else's luck."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.random_services import RANDOM, as_toml, services
from tests.support.simulator_laws import ASKED, VISITS, Event, by_patient, written
from tests.support.small_services import SMALL_SERVICES

from careload.clinic import Service, parse_service
from careload.simulate import Run, Simulated, plan_of, run, simulate
from careload.simulate.kernel.records import DISCHARGED

DAYS = 182
QUICK = settings(RANDOM, max_examples=8)


def bytes_of(one: Run) -> bytes:
    """Everything a run wrote down."""
    tally = one.tally
    return b"".join(
        part.tobytes()
        for part in (tally.cells, tally.teams, tally.spans, tally.monthly, tally.log, tally.sums)
    )


def summary_bytes(found: Simulated) -> bytes:
    """Everything that is kept of many runs."""
    parts = (
        (one.replication, one.figures, one.weekly_cells, one.weekly_teams, one.spans, one.monthly)
        for one in found.summaries
    )
    return b"".join(np.asarray(each).tobytes() for values in parts for each in values)


@QUICK
@given(service=services(), seed=st.integers(0, 1000))
def test_same_seed_same_bytes_also_in_another_thread(service: Service, seed: int) -> None:
    plan = plan_of(service, DAYS)
    once = bytes_of(run(plan, seed, 3, logged=True))
    with ThreadPoolExecutor(2) as pool:
        others = list(pool.map(lambda _: bytes_of(run(plan, seed, 3, logged=True)), range(2)))
    assert others == [once, once]


def test_other_luck_other_bytes() -> None:
    plan = plan_of(SMALL_SERVICES["bare queue"], DAYS)
    assert len({bytes_of(run(plan, *luck)) for luck in ((1, 0), (1, 1), (2, 0), (10, 0), (1, 10))}) == 5


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_same_bytes_on_any_number_of_workers(workers: int) -> None:
    assert summary_bytes(many(ThreadPoolExecutor(workers))) == summary_bytes(many(None))


@pytest.mark.slow
def test_same_bytes_in_other_processes() -> None:
    pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
    assert summary_bytes(many(pool)) == summary_bytes(many(None))


def many(pool: Executor | None) -> Simulated:
    found = simulate(SMALL_SERVICES["own clinician"], years=0.5, replications=7, seed=11, executor=pool)
    if pool:
        pool.shutdown()
    return found


@QUICK
@given(service=services(), seed=st.integers(0, 1000))
def test_names_change_nothing(service: Service, seed: int) -> None:
    """Names only: in another order cells and posts have other numbers, and the numbers are their luck."""
    before, after = (run(plan_of(each, DAYS), seed, logged=True) for each in (service, renamed(service)))
    assert bytes_of(before) == bytes_of(after)


def renamed(service: Service) -> Service:
    """The same service, every site, profession, need and team called otherwise, in the opposite alphabet."""
    document = deepcopy(dict(service.document))
    new = {
        (section, name): f"{section} {len(service[section]) - place:03}"
        for section in ("site", "profession", "need", "team") for place, name in enumerate(service[section])
    }
    for team in document["team"].values():
        team["site"], team["profession"] = new["site", team["site"]], new["profession", team["profession"]]
    for profession in document["profession"].values():
        profession["treats"] = [new["need", need] for need in profession["treats"]]
    for need in document["need"].values():
        for name in ("arrivals_per_week", "waiting", "away"):
            need[name] = {new["site", site]: number for site, number in need[name].items()}
    tables = {}
    for section, own in document.items():
        for name, values in own.items() if section in ("site", "profession", "need", "team") else ():
            tables[f"{section}.{new[section, name]}"] = values
        if section not in ("site", "profession", "need", "team", "name"):
            tables[section] = own
    return parse_service(as_toml(tables), service.name)


def test_the_order_of_need_groups_is_no_matter_of_names() -> None:
    """A caution rather than a law: with two need groups in another order each has the other's luck."""
    service = SMALL_SERVICES["leaving"]
    document = deepcopy(dict(service.document))
    need = document.pop("need")
    tables = {section: own for section, own in document.items() if section in ("workforce", "start")}
    tables |= {f"{section}.{name}": values for section in ("site", "profession", "team")
               for name, values in document[section].items()}
    turned = tables | {f"need.{name}": need[name] for name in reversed(need)}
    same = tables | {f"need.{name}": need[name] for name in need}
    runs = [run(plan_of(parse_service(as_toml(each)), DAYS), logged=True) for each in (turned, same)]
    assert bytes_of(runs[0]) != bytes_of(runs[1]) == bytes_of(run(plan_of(service, DAYS), logged=True))


STEADY: dict[str, Any] = {
    "mechanisms.lead_time": False, "mechanisms.overload": False, "mechanisms.demand": False,
    "mechanisms.groups": False, "policy.drop_after_no_shows": 100,
}
"""Nothing here makes a patient's luck answer to what others do: the chance of a no-show does not depend on
the days waited, progress not on the clinician's load, referrals not on waits. The days of visits still do."""


@QUICK
@given(service=services(), seed=st.integers(0, 1000), more=st.floats(1.1, 3))
def test_more_referrals_of_one_need_group_reshuffle_nobody(service: Service, seed: int, more: float) -> None:
    """What is one's own stays: asking, when and how urgently, no-shows in order, visits until discharge.

    Said of those who ask during the run: what those of the first day need care for follows the referrals.
    """
    service = service.changed({**STEADY, "mechanisms.progress_by_gap": False})
    need = next(iter(service["need"]))
    rates = {site: more * rate for site, rate in service["need"][need]["arrivals_per_week"].items()}
    fewer, increased = (
        by_patient(written(run(plan_of(each, DAYS), seed, logged=True)))
        for each in (service, service.changed({f"need.{need}.arrivals_per_week": rates}))
    )
    assert asked(fewer) <= asked(increased)
    assert all(event.value % len(service["need"]) == 0 for event in asked(increased) - asked(fewer))
    for event in asked(fewer):
        one, other = fewer[event.key], increased[event.key]
        both = list(zip(kept(one), kept(other), strict=False))
        assert all(before == after for before, after in both)
        assert len({len(visits(events)) for events in (one, other) if was_discharged(events)}) <= 1


def asked(patients: dict[int, list[Event]]) -> set[Event]:
    """Who asked, when, and how urgently."""
    return {events[0] for events in patients.values() if events[0].kind in ASKED}


def kept(events: list[Event]) -> list[bool]:
    """Of the appointments of a patient, in order: whether it was kept."""
    return [event.kind in VISITS for event in events if event.kind in (*VISITS, "missed")]


def visits(events: list[Event]) -> list[Event]:
    return [event for event in events if event.kind in VISITS]


def was_discharged(events: list[Event]) -> bool:
    return events[-1].kind == "ended" and events[-1].value == DISCHARGED


def test_luck_reaches_others_through_the_line_only() -> None:
    """Where the law ends: visits of others move to other days, and with lead times to other no-shows."""
    service = SMALL_SERVICES["leaving"].changed(STEADY)
    busier = service.changed({"need.adults.arrivals_per_week": 15})
    one, other = (by_patient(written(run(plan_of(each, DAYS), logged=True))) for each in (service, busier))
    days = [[[event.day for event in visits(run_of[key])] for key in sorted(set(one) & set(other))]
            for run_of in (one, other)]
    assert days[0] != days[1]


def test_one_more_post_changes_nothing_at_another_site() -> None:
    """Nothing passes between sites, and nobody's luck hangs on how many others there are."""
    service = SMALL_SERVICES["several sites"]
    sites, teams = list(service["site"]), service["team"]
    first = next(name for name, team in teams.items() if team["site"] == sites[0])
    more = service.changed({f"team.{first}.posts": teams[first]["posts"] + 1})
    plans = [plan_of(each, DAYS) for each in (service, more)]
    there = [run(each, 5).tally.cells[:, len(service["need"]):] for each in plans]
    assert there[0].any() and np.array_equal(*there)
    here = [run(each, 5).tally.cells[:, :len(service["need"])] for each in plans]
    assert not np.array_equal(*here)


def test_referrals_that_long_waits_kept_away_come_back() -> None:
    """When nobody is seen for weeks, since nobody asks, the wait is no longer what it was."""
    service = SMALL_SERVICES["bare queue"].changed({
        "mechanisms.demand": True, "need.everyone.referrals_per_wait": -0.1,
        "need.everyone.arrivals_per_week": 20, "need.everyone.visits_needed": 1,
        "team.all.return_slots": 6, "team.all.posts": 2, "start.patients": 0,
    })
    asked = run(plan_of(service, 10 * 364)).tally.cells[:, 0, 0]
    assert asked[-52:].sum() > 0
