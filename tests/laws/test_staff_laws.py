"""What must hold of every plan: nothing changed is no shortcut, more is honest, longer is not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.random_services import RANDOM, services

from careload.clinic import Service
from careload.staff import Plan, judge, parse_goals, planned, refusals
from careload.staff.honesty import planned_gaps

GOALS = 'from = {0}-06-01\nuntil = {0}-12-01\n[goal.load]\nmeasure = "overload"\nat_most = 1\n'


@settings(RANDOM, max_examples=40)
@given(services())
def test_nothing_changed_is_not_refused(service: Service) -> None:
    assert refusals(service, service) == ()


@settings(RANDOM, max_examples=40)
@given(services(), st.integers(1, 5), st.floats(0, 8))
def test_more_posts_and_slots_are_not_refused(service: Service, posts: int, slots: float) -> None:
    values = {f"team.{name}.posts": float(team["posts"] + posts) for name, team in service["team"].items()}
    values |= {f"team.{name}.return_slots": team["return_slots"] + slots
               for name, team in service["team"].items()}
    plan = planned(service, Plan(values))
    assert refusals(service, plan) == ()
    for name, team in service["team"].items():
        now = plan["team"][name]
        held = [max(0, each["posts"] - each["vacant"]) for each in (team, now)]
        assert held[0] == held[1], "nobody is hired by writing it down"


@settings(RANDOM, max_examples=40)
@given(services(), st.floats(1.01, 4), st.data())
def test_a_longer_cadence_is_refused_and_a_shorter_is_not(
    service: Service, times: float, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(service["need"])))
    days = service["need"][name]["cadence_days"]
    longer = service.changed({f"need.{name}.cadence_days": [min(180.0, times * each) for each in days]})
    shorter = service.changed({f"need.{name}.cadence_days": [max(1.0, each / times) for each in days]})
    grew = planned_gaps(longer["need"][name]) != planned_gaps(service["need"][name])
    assert bool(refusals(service, longer)) == grew
    approved = parse_goals(GOALS.format(service["start"]["date"].year + 1) +
                           f'[approved."{name}"]\nby = "those who treat them"\non = 2020-01-01\n', service)
    assert not any("is planned for" in str(each) for each in refusals(service, longer, approved))
    assert refusals(service, shorter) == ()


@settings(RANDOM, max_examples=10)
@given(services(), st.integers(1, 1000))
def test_a_judgement_is_the_same_on_any_number_of_workers(service: Service, seed: int) -> None:
    start = service["start"]["date"]
    goals = parse_goals(
        f"from = {start.replace(month=3, day=1)}\nuntil = {start.replace(month=6, day=1)}\n"
        '[goal.load]\nmeasure = "overload"\nat_most = 1\n', service)
    with ThreadPoolExecutor(1) as alone:
        one = judge([service] * 3, Plan(), goals, seed=seed, executor=alone)
    two = judge([service] * 3, Plan(), goals, seed=seed)
    assert np.array_equal(one.goals[0].values, two.goals[0].values, equal_nan=True)
    assert np.array_equal(one.cost.whole, two.cost.whole)
    assert one.harms == two.harms == (), "the service as it is harms nobody more than it does"
