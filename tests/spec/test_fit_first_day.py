"""The first day as records tell it: laws by their quantiles, visits had so far, who will ask again."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from scipy.stats import poisson

from careload.model.belief import Belief
from careload.model.direct.visits_had import law_of_visits_had, visits_of_stage
from careload.model.quantiles import STEPS, told


def spread(quantiles: tuple[float, ...], number: int = 20_000) -> np.ndarray:
    """Values as a run draws them of quantiles at even steps."""
    levels = (np.arange(number) + 0.5) / number * STEPS
    return np.interp(levels, np.arange(STEPS + 1), quantiles)


def test_quantiles_of_an_even_law_are_even() -> None:
    assert told(np.arange(10.0), np.full(10, 11)) == pytest.approx(tuple(range(11)), abs=1e-6)


def test_a_few_long_overdue_do_not_stretch_the_lowest_tenth() -> None:
    """One of 100 is due 300 days ago, the others this week: the mean is kept, and not by a straight line."""
    values, people = np.array([-300.0, *range(7)]), 100 * np.array([1.0, *[99 / 7] * 7])
    drawn = spread(told(values, people))
    assert drawn.mean() == pytest.approx((people @ (values + 0.5)) / people.sum(), abs=0.3)
    assert (drawn < -1).mean() < 0.1


def test_of_few_people_each_step_tells_of_eleven() -> None:
    assert len(told(np.arange(33.0), np.ones(33))) == 4
    one = told(np.arange(12.0), np.ones(12))
    assert one == pytest.approx((0, 12)), "here one step is the even law itself"
    alike = told(np.array([5.0, 300.0]), np.array([10.0, 1.0]))
    assert max(alike) < 300, "nobody is shown who is far from all others"


def test_quantiles_stay_within_what_was_seen() -> None:
    quantiles = told(np.array([0.0, 1.0, 30.0]), np.array([70.0, 20.0, 10.0]))
    assert min(quantiles) >= 0 and max(quantiles) <= 31


ANY = np.zeros(1), np.full(1, 400.0)


def test_of_a_whole_episode_visits_are_counted() -> None:
    law = law_of_visits_had(np.array([3.0]), np.array([True]), np.array([10.0]), ANY, 5.0, 1.0)
    assert law[2] == 10 == law.sum()


def test_where_the_records_began_amid_treatment_more_may_have_been_before() -> None:
    """Seen twice: P(v) ~ P(N > v) for v = 3, 4, ..., N = 1 + Poisson(4), by hand."""
    law = law_of_visits_had(np.array([2.0]), np.array([False]), np.array([1.0]), ANY, 5.0, 1.0)
    expected = poisson.sf(np.arange(3, 40) - 1, 4.0)
    assert law[:2].sum() == 0
    assert law[2:39] == pytest.approx(expected / expected.sum(), abs=1e-9)


def test_visits_that_bring_half_leave_room_for_twice_as_many() -> None:
    """P(N > 1 + B), B ~ Binomial(v - 1, 1/2), N = 1 + Poisson(4): by adding up."""
    law = law_of_visits_had(np.array([0.0]), np.array([False]), np.array([1.0]), ANY, 5.0, 0.5)
    expected = [sum(comb(others, more) / 2**others * poisson.sf(more, 4.0) for more in range(others + 1))
                for others in range(60)]
    assert law[:60] == pytest.approx(np.array(expected) / sum(expected), abs=1e-6)


def test_visits_with_the_plan_of_the_last_tell_the_stage() -> None:
    """Fortnightly from the fifth visit on: who was seen three times, each time fortnightly, has had seven or
    more; twice weekly and twice fortnightly, six; weekly, three or four."""
    so_far = {"need.a.cadence_days": Belief("", (7.0, 14.0)),
              "need.a.stage_from_visit": Belief("", (0.0, 5.0))}
    plan, alike = np.array([14.0, 14.0, 7.0, 10.0, np.nan]), np.array([3.0, 2.0, 3.0, 1.0, 0.0])
    least, most = visits_of_stage(plan, alike, np.array([3.0, 4.0, 3.0, 1.0, 1.0]), so_far, "a")
    assert least.tolist() == [7, 6, 3, 0, 0]
    assert most.tolist() == [400, 6, 4, 400, 400]
    third = least[:1], most[:1]
    law = law_of_visits_had(np.array([3.0]), np.array([False]), np.array([1.0]), third, 8.0, 1.0)
    assert law[:6].sum() == 0 and law.sum() == pytest.approx(1)


def test_who_has_had_more_visits_than_anybody_needs_has_had_those() -> None:
    law = law_of_visits_had(np.array([390.0]), np.array([True]), np.array([1.0]), ANY, 2.0, 1.0)
    assert law[389] == 1
