"""What must hold of the posts needed, in any service: more to do, other names, twice the size."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.random_services import RANDOM, services

from careload.clinic import Service, service_from
from careload.staff import Needed, needed
from careload.staff.need.answer import LEAST, Least

SOME = settings(RANDOM, max_examples=40)
OTHER_NAMES = {"North": "Ana", "South": "Zoe"}


def document(service: Service, **sections: Any) -> Service:
    """The service with other sections in its file."""
    return service_from({"name": service.name, **service.document, **sections})


def with_referrals(service: Service, factor: float) -> Service:
    """So many times the referrals."""
    weekly = {name: need["arrivals_per_week"] for name, need in service["need"].items()}
    return service.changed({
        f"need.{name}.arrivals_per_week": {site: factor * own for site, own in sites.items()}
        for name, sites in weekly.items()
    })


def renamed(value: Any) -> Any:
    """The same with other names of sites, as keys and as values."""
    if isinstance(value, dict):
        return {OTHER_NAMES.get(key, key): renamed(own) for key, own in value.items()}
    return OTHER_NAMES.get(value, value) if isinstance(value, str) else value


def alone(service: Service) -> Service:
    """The service with one profession that treats everybody: nothing to choose."""
    own = next(iter(service.document["profession"].values()))
    teams = {name: {**team, "profession": "nurse"} for name, team in service.document["team"].items()}
    return document(service, team=teams, profession={"nurse": {**own, "treats": list(service["need"])}})


def in_two(service: Service) -> Service:
    """Each profession as two that are equal, each with as many posts as there were: twice the posts."""
    told = service.document["profession"]
    professions = {f"{name}{end}": own for name, own in told.items() for end in "ab"}
    teams = {
        f"{name} {end}": {**team, "profession": f"{team['profession']}{end}"}
        for name, team in service.document["team"].items() for end in "ab"
    }
    return document(service, profession=professions, team=teams)


def with_posts(service: Service, factor: int) -> Service:
    """So many times the posts."""
    return service.changed({f"team.{name}.posts": factor * team["posts"]
                            for name, team in service["team"].items()})


def hours_of_need(found: Needed) -> list[float]:
    return [value for each in found.demand for value in (each.visits, each.missed, each.in_care)]


@SOME
@given(service=services(), factor=st.floats(1, 4), keep=st.booleans(), least=st.sampled_from(LEAST))
def test_more_referrals_never_cost_less(service: Service, factor: float, keep: bool, least: Least) -> None:
    before = needed(service, least=least, keep=keep)
    after = needed(with_referrals(service, factor), least=least, keep=keep)
    assert after.more >= before.more * (1 - 1e-6) - 1e-6


@SOME
@given(service=services(), factor=st.floats(1, 4))
def test_more_referrals_never_need_fewer_posts(service: Service, factor: float) -> None:
    """Where there is one profession; where there are two, a dearer one may give way to a cheaper one."""
    before, after = needed(alone(service)), needed(with_referrals(alone(service), factor))
    for few, many in zip(before.staffing, after.staffing, strict=True):
        assert many.posts_needed >= few.posts_needed and many.fte_needed >= few.fte_needed * (1 - 1e-9)


@SOME
@given(service=services())
def test_names_of_sites_change_nothing(service: Service) -> None:
    here, there = needed(service), needed(service_from({"name": "x", **renamed(service.document)}))
    assert [OTHER_NAMES[each.site] for each in here.staffing] == [each.site for each in there.staffing]
    numbers = [
        [value for row in each.as_table() for value in row.values() if not isinstance(value, str)]
        for each in (here, there)
    ]
    assert numbers[0] == numbers[1]


@SOME
@given(service=services())
def test_twice_of_everything_is_twice_the_hours(service: Service) -> None:
    once, twice = needed(service), needed(with_posts(with_referrals(service, 2), 2))
    assert hours_of_need(twice) == pytest.approx([2 * each for each in hours_of_need(once)])
    assert twice.hours_due == pytest.approx(2 * once.hours_due, rel=1e-4)
    assert twice.more == pytest.approx(2 * once.more, rel=1e-6, abs=1e-6)


@SOME
@given(service=services(own_clinician=True))
def test_twice_of_everything_is_twice_the_posts_of_those_with_a_line_of_their_own(service: Service) -> None:
    once, twice = needed(alone(service)), needed(with_posts(with_referrals(alone(service), 2), 2))
    assert twice.fte_needed == pytest.approx(2 * once.fte_needed)


@SOME
@given(service=services(own_clinician=True))
def test_a_profession_in_two_equal_ones_changes_nothing(service: Service) -> None:
    one = with_posts(service, 2)
    whole, halves = needed(one), needed(in_two(service))
    assert halves.more == pytest.approx(whole.more, rel=1e-6, abs=1e-6)
    assert hours_of_need(halves) == pytest.approx(hours_of_need(whole))
    whole, halves = needed(alone(one)), needed(in_two(alone(service)))
    assert halves.hours_due == pytest.approx(whole.hours_due)
    # Posts that stay may have room: which of two equal ones has it is nobody's matter.
    free = service.changed({"policy.caseload_ceiling": 1000})
    whole, halves = needed(alone(with_posts(free, 2))), needed(in_two(alone(free)))
    assert halves.fte_needed == pytest.approx(whole.fte_needed)


@SOME
@given(service=services())
def test_everybody_is_treated(service: Service) -> None:
    found = needed(service)
    asking, visits = (
        [sum(getattr(each, name) for each in rows) for rows in (found.staffing, found.demand)]
        for name in ("asking", "visits")
    )
    assert asking[0] == pytest.approx(asking[1]) and visits[0] == pytest.approx(visits[1])
    for each in found.staffing:
        assert each.posts_needed * each.crew.fte * each.crew.presence.staffed >= each.up_to_speed * (1 - 1e-5)
