"""People = flow x time in the simulator, to the last patient; and the loads of Erlang R when nobody waits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.support.bare_service import bare_plan, entries, runs, weekly
from tests.support.fits import is_mean

from careload.clinic.formulas import between_visits, erlang_r_loads
from careload.simulate.kernel.records import CALENDAR_DAYS, INTERVALS
from careload.simulate.run import Run

WEEKS = 210
BUSY: dict[str, Any] = {
    "mechanisms.hazards": True, "mechanisms.lead_time": True, "team.all.posts": 6,
    "team.all.return_slots": 20, "need.all.arrivals_per_week": 12, "need.all.visits_needed": 9,
    "need.all.dropout_per_visit": 0.02, "need.all.dropout_per_day": 0.004, "need.all.crisis_per_day": 0.004,
    "need.all.remission_per_month": 0.03, "need.all.moved_per_year": 0.2, "need.all.admission_share": 0.2,
    "no_show.return_late": 0.2, "no_show.intake_late": 0.3, "policy.rebook_days": 7,
}
VISITS = ("first_visit", "return_visit", "crisis_visit", "group_visit")


@pytest.fixture(scope="module")
def busy() -> Run:
    """A crowded service in which waits end in every way."""
    return runs(bare_plan(BUSY, 7 * WEEKS), 1, logged=True)[0]


def between(done: Run) -> NDArray[np.int64]:
    """People between two visits on each evening, from everything that happened to everybody."""
    visits, ended = entries(done, *VISITS), entries(done, "ended")
    seen, first = np.unique(visits["key"], return_index=True)
    began, ended = visits["day"][first], ended["day"][np.isin(ended["key"], seen)]
    change = np.bincount(began, minlength=done.days) - np.bincount(ended, minlength=done.days)
    return np.asarray(change.cumsum(), dtype=np.int64)


def test_people_between_visits_are_gaps_opened_times_their_length(busy: Run) -> None:
    """Little's identity, exact: gaps that end by dropping out, crisis or with the run are counted too."""
    gaps = busy.tally.spans[INTERVALS, CALENDAR_DAYS].sum(axis=(0, 1))
    evenings = between(busy)[:-1]
    opened = gaps.sum() / (len(evenings) / 7)
    mean_gap = gaps @ np.arange(len(gaps)) / gaps.sum() / 7
    assert gaps[-1] == 0 and gaps.sum() == weekly(busy, "attended").sum() > 10_000
    assert between_visits(opened, mean_gap) == pytest.approx(evenings.mean(), rel=1e-12)


def test_gaps_that_ended_with_a_visit_alone_do_not_add_up(busy: Run) -> None:
    seen = busy.tally.monthly[INTERVALS].sum(axis=0)
    mean_gap = seen @ np.arange(len(seen)) / seen.sum() / 7
    opened = weekly(busy, "attended").sum() / WEEKS
    assert abs(between_visits(opened, mean_gap) / between(busy).mean() - 1) > 0.02


def test_stocks_of_the_week_are_the_people_of_the_log(busy: Run) -> None:
    stocks = weekly(busy, "in_care") - weekly(busy, "not_yet_seen")
    assert np.array_equal(stocks, between(busy)[6::7])


def ample(new: float, visits: float, gap_weeks: int) -> dict[str, Any]:
    """Nobody waits: ten times the slots, and whoever asks is due on a day that is open."""
    return {
        "team.all.posts": 1 + round(new * visits / 10), "team.all.return_slots": 100,
        "need.all.arrivals_per_week": new, "need.all.weekday_weights": [1, 1, 1, 1, 0, 0, 1],
        "need.all.visits_needed": visits, "need.all.cadence_days": [7 * gap_weeks],
    }


@pytest.mark.parametrize(("visits", "gap_weeks"), [(12, 1), (12, 4), (12, 7), (3, 2)])
def test_loads_of_erlang_r(visits: int, gap_weeks: int) -> None:
    """Visits a week do not depend on the gap; people between visits grow with it (cases C6 and C5).

    Per 10 new patients a week and 12 visits, 120 visits and 110 people for each week of the gap.
    """
    new, warm_up, weeks = 50.0, 40 * gap_weeks, 800
    expected = erlang_r_loads(new, 1.0, 1 / gap_weeks, 1 - 1 / visits)
    found = runs(bare_plan(ample(new, visits, gap_weeks), 7 * (warm_up + weeks)), 8)
    people = [(weekly(each, "in_care") - weekly(each, "not_yet_seen"))[warm_up:].mean() for each in found]
    seen = [weekly(each, "attended")[warm_up:].mean() for each in found]
    assert is_mean(seen, expected.needy)
    assert is_mean(people, expected.content)
    intervals = sum(each.tally.monthly[INTERVALS].sum(axis=0) for each in found)
    assert np.flatnonzero(intervals).tolist() == [7 * gap_weeks]
