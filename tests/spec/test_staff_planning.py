"""The plan by months on services small enough to go through by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from careload.staff.goals import Limits
from careload.staff.planning import CONSTRAINTS, Asked, Months, Status, Teams, cheapest, clash
from careload.staff.planning.numbers import WEEKS_A_MONTH

MONTHS = Months(12, 8)
NOBODY_LEAVES = {"leave": np.zeros(1), "fill": np.ones(1)}
TEAM = Teams(("all",), ("nurse",), held=np.array([2.0]), vacant=np.zeros(1), most=np.array([6.0]),
             slots=np.array([20.0]), hours=np.array([30.0]), cost=np.array([1000.0]), **NOBODY_LEAVES)
ASKED = Asked((("here", "all"),), asking=np.array([5.0]), visits=np.array([10.0]), weeks=np.array([1.0]),
              going=np.zeros(1), in_care=np.array([60.0]), hours=np.array([[1.0]]), slots=np.ones(1))


def test_posts_are_opened_until_as_many_visits_are_held_as_are_asked_for() -> None:
    """Five a week who need ten visits each are 50 visits a week: at 20 slots a post three posts, one more."""
    found = cheapest(MONTHS, TEAM, ASKED, Limits())
    assert found.status is Status.CHEAPEST
    assert found.opened.sum() == 1
    assert found.held[0, -1] == pytest.approx(3)
    assert (found.overdue[0, MONTHS.in_time_from:] <= found.seen[0, 0, MONTHS.in_time_from:] + 1e-6).all()
    assert (found.overdue >= -1e-6).all(), "nobody is seen before due"
    assert found.cost == pytest.approx(1000 * found.held.sum())


def test_people_in_care_are_those_who_came_less_those_who_completed() -> None:
    found = cheapest(MONTHS, TEAM, ASKED, Limits())
    before = np.append(60.0, found.in_care[0, :-1])
    assert found.in_care[0] == pytest.approx(before + WEEKS_A_MONTH * (5 - found.seen[0, 0] / 10))


def test_posts_are_opened_no_sooner_than_needed_and_filled_in_time_of_their_own() -> None:
    late = cheapest(MONTHS, TEAM, ASKED, Limits())
    slow = cheapest(MONTHS, replace(TEAM, fill=np.array([0.3])), ASKED, Limits())
    opened = [int(np.flatnonzero(each.opened[0])[0]) for each in (late, slow)]
    assert opened[1] < opened[0] or slow.opened.sum() > late.opened.sum()


def test_hours_bind_where_slots_do_not() -> None:
    """Two hours a visit: 100 hours a week, at 30 a post four posts, two more."""
    found = cheapest(MONTHS, TEAM, replace(ASKED, hours=np.array([[2.0]])), Limits())
    assert found.held[0, -1] == pytest.approx(4)


def test_no_more_are_opened_in_a_month_than_can_be_had() -> None:
    crowded = replace(ASKED, asking=np.array([10.0]), in_care=np.array([120.0]))
    found = cheapest(MONTHS, TEAM, crowded, Limits(hires_per_month={"nurse": 1}))
    assert found.opened.sum() == 3
    assert found.opened.max() == 1


def test_where_there_is_no_plan_the_limits_that_clash_are_named() -> None:
    few, poor = replace(TEAM, most=np.zeros(1)), Limits(budget_per_year=24_000.0)
    assert cheapest(MONTHS, few, ASKED, Limits()).status is Status.NONE
    assert clash(MONTHS, few, ASKED, Limits()) == ("posts that may be opened", "slots of the templates")
    assert clash(MONTHS, TEAM, ASKED, poor) == ("budget", "slots of the templates")
    full = replace(few, hours=np.array([20.0]))
    assert clash(MONTHS, full, ASKED, Limits()) == ("posts that may be opened",), "nor would more slots help"
    assert clash(MONTHS, TEAM, ASKED, Limits()) == (), "there is a plan"


def test_a_team_treats_only_whom_it_may() -> None:
    two = Teams(("a", "b"), ("nurse", "therapist"), *(np.repeat(getattr(TEAM, name), 2) for name in (
        "held", "vacant", "most", "slots", "hours", "cost", "leave", "fill")))
    asked = Asked((("here", "x"), ("here", "y")), *(np.repeat(getattr(ASKED, name), 2) for name in (
        "asking", "visits", "weeks", "going", "in_care")), np.array([[1.0, np.nan], [1.0, 1.0]]), np.ones(2))
    found = cheapest(MONTHS, two, asked, Limits())
    assert not found.seen[0, 1].any()
    assert found.held[:, -1].sum() == pytest.approx(5), "100 visits a week by 20"


def test_every_constraint_says_a_sentence() -> None:
    found = cheapest(MONTHS, TEAM, ASKED, Limits())
    assert len(found.constraints) == len(CONSTRAINTS)
    for each in found.constraints:
        assert each.sentence.endswith(".") and "  " not in each.sentence
