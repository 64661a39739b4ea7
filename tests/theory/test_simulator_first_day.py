"""The first day of a service in the midst of its life: who is new, who is about to leave, who is due when."""

from __future__ import annotations

from collections.abc import Mapping
from math import comb
from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson
from tests.support.bare_service import bare_service

from careload.simulate import plan_of, run
from careload.simulate.kernel.records import TEAM_COUNTS
from careload.simulate.run import Run, first_day

POSTS, DAYS = 2000, 28
A_YEAR, LONG_AGO = 365, -3650


def first_weeks(changes: Mapping[str, Any], days: int = DAYS) -> Run:
    """A service of many posts that has just begun."""
    service = bare_service({"team.all.posts": POSTS, "need.all.arrivals_per_week": {"here": 0}, **changes})
    return run(plan_of(service, days), 3, 0)


def test_so_many_are_new_and_since_so_long() -> None:
    hired = first_weeks({"start.new_share": 0.3, "start.new_days": [10, 70]}).world.posts["first_hired"]
    new = hired > LONG_AGO
    assert new.mean() == pytest.approx(0.3, abs=0.001), "levels in golden steps fall evenly"
    assert -hired[new].min() <= 70 and -hired[new].max() >= 10
    assert -hired[new].mean() == pytest.approx(40, abs=0.6), "each rounded down from an even spread"


def test_nobody_is_new_unless_it_is_said() -> None:
    assert (first_weeks({}).world.posts["first_hired"] == LONG_AGO).all()


LEAVING = {"mechanisms.leaving": True, "workforce.notice_weeks": 4, "workforce.leaving_per_year": 1.0}


def leavers(under_notice: float) -> float:
    ran = first_weeks({**LEAVING, "start.under_notice": under_notice})
    return float(ran.tally.teams[:, 0, TEAM_COUNTS.index("left")].sum())


def test_who_gave_notice_before_the_first_day_leaves_within_the_notice() -> None:
    """Notices of the Sunday before run out with the fourth week, those of the three before within it:
    1 - exp(-3 hazard), hazard = leaving a year / weeks a year."""
    expected = POSTS * -np.expm1(-3 * 7 / 365.25)
    assert leavers(1.0) == pytest.approx(expected, abs=3 * np.sqrt(expected))
    assert leavers(0.0) == 0
    assert leavers(2.0) > 1.7 * leavers(1.0)


CARE = {
    "start.patients": 20, "need.all.visits_needed": 12, "need.all.cadence_days": [7, 28],
    "need.all.stage_from_visit": [0, 6], "team.all.start_needs": {"all": 1},
    "team.all.start_due_days": [0, 7, 14, 28],
    "team.all.return_slots": 0, "policy.own_clinician": True,
}


def in_care(**more: Any) -> np.ndarray:
    """Everybody in care of many posts on the second Monday; nobody has been seen."""
    ran = first_weeks({**CARE, "need.all.start_visits": [1, 5, 10], **more}, 7)
    patients = ran.world.patients
    return np.asarray(patients[patients["state"] != 0])


def test_nobody_due_later_than_a_cadence_is_in_its_stage() -> None:
    patients = in_care()
    due_late = patients["due"] > 7
    assert (patients["visits"][due_late] >= 6).all()
    assert (patients["visits"][~due_late] < 6).any()


def test_a_week_of_the_law_is_its_five_working_days() -> None:
    """Even over a week of overdue days and one to come: a tenth are due on each of ten working days."""
    due = in_care(**{"team.all.start_due_days": [-7, 0, 7]})["due"]
    days, people = np.unique(due, return_counts=True)
    assert days.tolist() == [-7, -6, -5, -4, -3, 0, 1, 2, 3, 4]
    assert people / people.sum() == pytest.approx(np.full(10, 0.1), abs=0.01)


def test_who_has_had_more_visits_has_fewer_to_go() -> None:
    """N = 1 + Poisson(11) given N > v: the mean of N - v, by hand from the law."""
    patients = in_care()
    law = np.cumprod([1.0, *(11 / np.arange(1, 80))]) * np.exp(-11)
    for had in (2, 8):
        own = patients["to_go"][patients["visits"] == had]
        numbers = 1 + np.arange(80)
        left = np.where(numbers > had, law, 0)
        expected = ((numbers - had) * left).sum() / left.sum()
        assert own.mean() == pytest.approx(expected, abs=4 * 3.3 / np.sqrt(len(own)))


def test_of_visits_that_brought_half_it_is_chance_how_many_did() -> None:
    """N - D given N > D, N = 1 + Poisson(11), D = 1 + Binomial(v - 1, 1/2): its mean by adding up."""
    patients = in_care(**{"need.all.start_progress": 0.5})
    for had in (3, 8):
        left = patients["to_go"][patients["visits"] == had]
        chances = {(done, needed): comb(had - 1, done - 1) / 2 ** (had - 1) * poisson.pmf(needed - 1, 11)
                   for done in range(1, had + 1) for needed in range(done + 1, 60)}
        mean = sum((needed - done) * chance for (done, needed), chance in chances.items())
        assert left.mean() == pytest.approx(mean / sum(chances.values()), abs=4 * 3.5 / np.sqrt(len(left)))


def test_those_due_soon_have_missed_the_most_and_all_together_as_many_as_told() -> None:
    """A missed visit is booked again in a day: of the sixth told to have missed one, all are due so soon."""
    patients = in_care(**{"team.all.start_due_days": [-7, 0, 7], "team.all.start_missed": [1 / 6, 0.05],
                          "policy.drop_after_no_shows": 5})
    missed = patients["missed"]
    assert (missed > 0).mean() == pytest.approx(1 / 6, abs=0.01)
    assert (missed > 1).mean() == pytest.approx(0.05, abs=0.01)
    assert (patients["due"][missed > 0] <= 0).all()


def test_a_newcomer_has_so_many_patients_less_as_the_days_are_few() -> None:
    """Caseloads fill in 100 days: three in ten, here for 50, have half of what others have."""
    ran = first_weeks({
        "start.new_share": 0.3, "start.new_days": [50], "start.new_caseload_days": 100, "start.patients": 40,
    })
    posts = ran.world.posts
    new = posts["first_hired"] > LONG_AGO
    assert posts["first_patients"].sum() == 40 * POSTS
    full = 40 / (1 - 0.5 * new.mean())
    assert posts["first_patients"][new].mean() == pytest.approx(full / 2, abs=0.02)
    assert posts["first_patients"][~new].mean() == pytest.approx(full, abs=0.02)


def test_who_is_there_on_the_first_day_may_be_more_exhausted_than_a_newcomer() -> None:
    weary = {"mechanisms.exhaustion": True, "workforce.exhaustion_start": 0.2, "start.exhaustion": 3,
             "workforce.exhaustion_recovery": 0, "workforce.exhaustion_rise": 0}
    found = first_weeks(weary).tally.teams[:, 0, TEAM_COUNTS.index("exhaustion")]
    assert found == pytest.approx(0.6 * POSTS)


@pytest.mark.parametrize(
    ("ratio", "of_new", "of_others"), [(0, 0, 5 / 8), (0.5, 5 / 18, 5 / 9), (1, 0.5, 0.5)]
)
def test_of_newcomers_fewer_are_overdue_and_of_the_others_so_many_more(
    ratio: float, of_new: float, of_others: float
) -> None:
    """Half are told to be overdue; newcomers have a fifth of all: a fifth of x and four of y are half."""
    ran = first_weeks({**CARE, "team.all.start_due_days": [-7, 0, 7], "start.new_caseload_days": 100,
                       "start.new_overdue": ratio, "start.new_share": 1 / 3, "start.new_days": [50]}, 7)
    patients = first_day(ran)
    new = ran.world.posts["first_hired"][patients["post"]] > LONG_AGO
    overdue = patients["due"] < 0
    assert new.mean() == pytest.approx(0.2, abs=0.002)
    assert overdue.mean() == pytest.approx(0.5, abs=0.01)
    assert overdue[new].mean() == pytest.approx(of_new, abs=0.015)
    assert overdue[~new].mean() == pytest.approx(of_others, abs=0.01)


def test_who_missed_a_first_visit_has_waited_longer_and_stands_with_the_others() -> None:
    """Asked up to two weeks ago; a third missed a visit for which they had asked 20 days before."""
    ran = first_weeks({"need.all.waiting": {"here": 3000}, "need.all.waiting_missed": [1 / 3],
                       "need.all.waiting_put_off_days": 20, "start.patients": 0}, 7)
    patients = first_day(ran)
    missed = patients["missed"] > 0
    assert missed.mean() == pytest.approx(1 / 3, abs=0.03)
    assert patients["due"][missed].mean() == pytest.approx(patients["due"][~missed].mean(), abs=0.5)
    assert (patients["due"] - patients["arrived"])[missed].tolist() == [21] * int(missed.sum())
    assert (patients["due"] - patients["arrived"])[~missed].tolist() == [1] * int((~missed).sum())


def test_who_waits_for_a_first_visit_and_is_not_due_yet_has_missed_one() -> None:
    """Of a fifth who are due later all have missed a visit; of the others the rest of the third who did."""
    ran = first_weeks({"need.all.waiting": {"here": 5000}, "need.all.waiting_missed": [1 / 3],
                       "need.all.waiting_shares": [-0.5, 2], "start.patients": 0}, 7)
    patients = first_day(ran)
    later, missed = patients["due"] > 0, patients["missed"] > 0
    assert later.mean() == pytest.approx(0.2, abs=0.02)
    assert missed[later].all()
    assert missed.mean() == pytest.approx(1 / 3, abs=0.02)


def test_few_of_those_who_wait_are_urgent() -> None:
    ran = first_weeks({"need.all.waiting": {"here": 5000}, "need.all.urgent_share": 0.4,
                       "need.all.waiting_urgent": 0.25, "start.patients": 0}, 7)
    assert (first_day(ran)["urgent"] > 0).mean() == pytest.approx(0.1, abs=0.015)


@pytest.mark.parametrize("hiring", [True, False])
def test_posts_opened_later_are_neither_held_nor_vacant_before(hiring: bool) -> None:
    """From the 70th day on vacant, each day filled with chance 1/40: so many Sundays, sum of q^(6 + 7k)."""
    ran = first_weeks({"team.all.opens_after_days": 70, "mechanisms.hiring": hiring,
                       "workforce.days_to_fill": 40, "start.patients": 20}, 364)
    counts = {name: ran.tally.teams[:, 0, TEAM_COUNTS.index(name)] for name in ("vacant", "filled", "hired")}
    assert not ran.started.any(), "nobody is in care with a post that is not there"
    assert not any(numbers[:10].any() for numbers in counts.values())
    assert (counts["vacant"] + counts["filled"])[10:] == pytest.approx(POSTS)
    if hiring:
        stays = 1 - 1 / 40
        assert counts["vacant"].sum() / POSTS == pytest.approx(stays**6 / (1 - stays**7), rel=0.06)
    else:
        assert counts["hired"][10] == POSTS, "at once"
