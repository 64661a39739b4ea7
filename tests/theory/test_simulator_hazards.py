"""What happens with a chance per day or week happens after geometric times, and the likelier first.

Waits end by dropping out, getting well or crisis, whichever comes first; posts are left and filled. One case
each, with nothing else going on: nobody is seen where waits are looked at, nobody waits where posts are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.support.bare_service import bare_plan, entries, runs
from tests.support.fits import fits

from careload.clinic.formulas import chance, convert, exhaustion_after, race
from careload.simulate.kernel.records import CELL_COUNTS, DROPPED_WAITING, REMITTED, TEAM_COUNTS
from careload.simulate.run import Run

DROP, CRISIS, REMIT_A_MONTH = 0.004, 0.007, 0.12
REMIT = convert(REMIT_A_MONTH, "month", "day")
WAITS: dict[str, Any] = {
    "mechanisms.hazards": True, "team.all.return_slots": 0, "need.all.arrivals_per_week": 3000,
    "need.all.dropout_per_day": DROP, "need.all.crisis_per_day": CRISIS,
    "need.all.remission_per_month": REMIT_A_MONTH, "need.all.ed_share": 0.3, "need.all.admission_share": 0.2,
}
FOLLOWED = 280
"""Days for which everybody counted is followed."""


@pytest.fixture(scope="module")
def waiting() -> Run:
    """70 weeks in which nobody is seen."""
    return runs(bare_plan(WAITS, 490), 1, logged=True)[0]


def geometric(p: float, most: int) -> NDArray[np.float64]:
    """Probabilities of 0, 1, …, most days until something with chance p a day happens: none of 0."""
    days = np.arange(most + 1)
    return np.where(days > 0, p * (1 - p) ** (days - 1.0), 0.0)


def followed(done: Run, some: NDArray[np.void]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Days beyond due, and whether the patient asked so early that we see the whole of `FOLLOWED` days."""
    asked = entries(done, "asked")
    order = asked["key"].argsort()
    due = asked["day"][order][asked["key"][order].searchsorted(some["key"])] + 1
    return some["day"] - due, due + FOLLOWED < done.days


def first_ends(done: Run) -> dict[str, NDArray[np.int64]]:
    """Days beyond due until a wait first ended, by how."""
    ended, crises = entries(done, "ended"), entries(done, "crisis")
    ended = ended[~np.isin(ended["key"], crises["key"])]
    found = {}
    dropped, remitted = (ended[ended["value"] == way] for way in (DROPPED_WAITING, REMITTED))
    for name, some in (("dropped", dropped), ("remitted", remitted), ("crisis", crises)):
        days, whole = followed(done, some)
        found[name] = days[whole & (days <= FOLLOWED)]
    return found


def test_waits_end_after_geometric_times(waiting: Run) -> None:
    either = 1 - (1 - DROP) * (1 - REMIT) * (1 - CRISIS)
    days = np.concatenate(list(first_ends(waiting).values()))
    law = geometric(either, FOLLOWED)
    assert fits(np.bincount(days), law / law.sum())
    other = geometric(either * 1.03, FOLLOWED)
    assert not fits(np.bincount(days), other / other.sum(), least=1000)
    asked = entries(waiting, "asked")
    people = (asked["day"] + 1 + FOLLOWED < waiting.days).sum()
    assert fits([len(days), people - len(days)], [law.sum(), 1 - law.sum()])


def test_whichever_comes_first(waiting: Run) -> None:
    """Dropping out goes before getting well, and that before crisis, where a day has two of them."""
    found = first_ends(waiting)
    dropped_or_not = race(DROP, 1 - (1 - REMIT) * (1 - CRISIS))
    well_or_crisis = race(REMIT, CRISIS)
    law = [dropped_or_not.first, dropped_or_not.second * well_or_crisis.first,
           dropped_or_not.second * well_or_crisis.second]
    assert fits([len(found[name]) for name in ("dropped", "remitted", "crisis")], law)


def test_each_way_is_as_likely_on_every_day(waiting: Run) -> None:
    found = first_ends(waiting)
    for name in found:
        early = [int((found[each] <= 64).sum()) for each in (name,)] + [
            int(sum((found[each] <= 64).sum() for each in found if each != name))]
        late = [len(found[name]), sum(len(found[each]) for each in found if each != name)]
        assert fits(early, np.array(late) / sum(late))


def test_what_a_crisis_leads_to(waiting: Run) -> None:
    counts = dict(zip(CELL_COUNTS, waiting.tally.cells.sum(axis=(0, 1)).tolist(), strict=True))
    crises, ed, admitted = (counts[name] for name in ("crises", "ed_visits", "admitted"))
    assert fits([ed, admitted, crises - ed - admitted], [0.3, 0.2, 0.5])


def test_dropping_out_after_a_crisis(waiting: Run) -> None:
    """Who waits after a crisis still drops out, and nothing else ends the wait."""
    crises, ended = entries(waiting, "crisis"), entries(waiting, "ended")
    later = ended[np.isin(ended["key"], crises["key"]) & (ended["value"] == DROPPED_WAITING)]
    order = crises["key"].argsort()
    began = crises["day"][order][crises["key"][order].searchsorted(later["key"])]
    days = (later["day"] - began)[began + FOLLOWED < waiting.days]
    law = geometric(DROP, FOLLOWED)
    assert fits(np.bincount(days[days <= FOLLOWED]), law / law.sum())
    assert not (ended["value"][np.isin(ended["key"], crises["key"])] == REMITTED).any()


A_YEAR = 365.25 / 7
PER_YEAR, NOTICE, TO_FILL, POSTS, WEEKS = 1.2, 4, 60.0, 4000, 520
STAFF: dict[str, Any] = {
    "mechanisms.leaving": True, "mechanisms.hiring": True, "team.all.posts": POSTS,
    "team.all.return_slots": 0, "need.all.arrivals_per_week": 0, "workforce.leaving_per_year": PER_YEAR,
    "workforce.notice_weeks": NOTICE, "workforce.days_to_fill": TO_FILL,
}


def staffed(weeks: int = 220, **more: Any) -> Run:
    return runs(bare_plan({**STAFF, **more}, 7 * weeks), 1, logged=True)[0]


@pytest.fixture(scope="module")
def staff() -> Run:
    """4,000 posts over ten years; nobody is exhausted."""
    return staffed(WEEKS)


def weeks_to_notice(done: Run, weeks: int) -> NDArray[np.int64]:
    """Sundays until the first holder of each post gave notice, those within so many weeks."""
    left = entries(done, "left")
    _, first = np.unique(left["post"], return_index=True)
    found = (left["day"][first] - 1 - 7 * NOTICE) // 7 + 1
    return np.asarray(found[found <= weeks], dtype=np.int64)


def fits_weeks(done: Run, per_year: float, weeks: int = 200) -> bool:
    """Whether as many have given notice, in as many weeks, as a hazard per year makes."""
    seen = np.bincount(weeks_to_notice(done, weeks), minlength=weeks + 1)
    law = geometric(chance(per_year / A_YEAR), weeks)
    return fits([*seen, POSTS - seen.sum()], [*law, 1 - law.sum()], least=400)


def test_clinicians_leave_after_geometric_weeks(staff: Run) -> None:
    assert fits_weeks(staff, PER_YEAR)
    assert not fits_weeks(staff, 1.15 * PER_YEAR)


def test_posts_stay_vacant_for_geometric_days(staff: Run) -> None:
    left, hired = entries(staff, "left"), entries(staff, "hired")
    most, days = 500, []
    for post in range(POSTS):
        begun = hired["day"][hired["post"] == post]
        gone = left["day"][left["post"] == post][: len(begun)]
        days.append((begun - gone)[gone + most < staff.days])
    law = geometric(1 / TO_FILL, most)
    vacant = np.concatenate(days)
    assert len(vacant) > 5_000
    assert fits(np.bincount(vacant), law)
    assert not fits(np.bincount(vacant), geometric(1.05 / TO_FILL, most), least=1000)


def test_share_of_posts_vacant(staff: Run) -> None:
    """In Sundays: until notice and those of notice, to those that find the post vacant since a Monday."""
    stays = 1 - 1 / TO_FILL
    vacant = stays**6 / (1 - stays**7)
    held = 1 / chance(PER_YEAR / A_YEAR) + NOTICE
    share = staff.tally.teams[104:, 0, TEAM_COUNTS.index("vacant")].mean() / POSTS
    assert share == pytest.approx(vacant / (vacant + held), rel=0.01)


@pytest.mark.parametrize(("pay", "ratio"), [(68_030 * 1.25, 1.25**-1.8), (68_030 * 0.9, 0.9**-1.8)])
def test_leaving_answers_to_pay(pay: float, ratio: float) -> None:
    done = staffed(**{"profession.any.pay_per_year": pay})
    assert fits_weeks(done, PER_YEAR * ratio)
    assert not fits_weeks(done, PER_YEAR)


def test_the_exhausted_leave_sooner() -> None:
    done = staffed(**{
        "mechanisms.exhaustion": True, "workforce.exhaustion_start": 1.0, "workforce.exhaustion_recovery": 0,
    })
    assert fits_weeks(done, PER_YEAR * 2.1)
    assert not fits_weeks(done, PER_YEAR * 1.7)


@pytest.mark.parametrize("unpaid", [0.0, 0.4, 1.0])
def test_exhaustion_decays_to_where_push_and_recovery_are_equal(unpaid: float) -> None:
    """40 hours of work due in 20 paid, of which a share is done unpaid, week after week."""
    start, recovery, rise, weeks = 0.8, 0.03, 0.05, 200
    done = runs(bare_plan({
        "mechanisms.exhaustion": True, "mechanisms.overload": True, "team.all.posts": 3,
        "need.all.arrivals_per_week": 0, "profession.any.fixed_hours": 40, "profession.any.paid_hours": 20,
        "profession.any.overflow_unpaid": unpaid, "profession.any.overflow_undone": 1 - unpaid,
        "profession.any.overflow_displaced": 0, "workforce.exhaustion_start": start,
        "workforce.exhaustion_recovery": recovery, "workforce.exhaustion_rise": rise,
    }, 7 * weeks), 1)[0]
    found = done.tally.teams[:, 0, TEAM_COUNTS.index("exhaustion")] / 3
    expected = [exhaustion_after(week + 1, start, recovery, rise * unpaid) for week in range(weeks)]
    assert found == pytest.approx(expected, abs=1e-12)
