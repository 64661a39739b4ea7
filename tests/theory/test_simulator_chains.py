"""The simulator's line, day by day, is the chain that is calculated by matrix; and what follows from it.

The service is bare and open every day: K slots a day, one visit for everybody, a missed visit due again the
next day. Then its backlog is the chain of `day_transitions`, and with one slot a day and no no-shows M/D/1.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.support.bare_service import backlog, bare_plan, entries, runs
from tests.support.fits import fits, is_mean

from careload.clinic.formulas import day_law, day_transitions, md1_queue, week_law, weighted_wait
from careload.clinic.formulas.counts import binomial, poisson
from careload.simulate.kernel.chance import limit
from careload.simulate.kernel.records import Plan
from careload.simulate.run import Run

DAYS, WARM_UP, REPLICATIONS = 28 * 700, 280, 20


def line(slots: int, arrivals: float, no_show: float = 0.0, every_day: bool = True, **more: float) -> Plan:
    """So many slots and arrivals a day."""
    misses = {f"no_show.{kind}_{when}": no_show for kind in ("intake", "return") for when in ("soon", "late")}
    changes = {"team.all.return_slots": 5 * slots, "need.all.arrivals_per_week": 7 * arrivals}
    return bare_plan({**changes, **misses, **more}, DAYS, every_day)


def transitions(days: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """How often each backlog was followed by each."""
    found = np.zeros((most + 1, most + 1), dtype=np.int64)
    np.add.at(found, (days[:-1], days[1:]), 1)
    return found


@pytest.fixture(scope="module")
def chain() -> list[NDArray[np.int64]]:
    """Backlogs of 20 long runs: 4 slots a day, 2.2 arrivals, a quarter missed."""
    return [backlog(done) for done in runs(line(4, 2.2, 0.25), REPLICATIONS, logged=True)]


def test_one_day_of_the_chain(chain: list[NDArray[np.int64]]) -> None:
    most = max(int(days.max()) for days in chain)
    seen = sum(transitions(days, most) for days in chain)
    laws = day_transitions(4, 2.2, most + 20, 0.25)
    often = [n for n in range(most + 1) if seen[n].sum() >= 500]
    assert len(often) > 12
    assert all(fits(seen[n], laws[n]) for n in often)


def test_one_day_of_a_chain_a_little_other_is_seen(chain: list[NDArray[np.int64]]) -> None:
    seen = sum(transitions(days, 200) for days in chain)
    assert not fits(seen[3], day_transitions(4, 2.25, 220, 0.25)[3])
    assert not fits(seen[3], day_transitions(4, 2.2, 220, 0.27)[3])


def test_long_run_of_the_chain(chain: list[NDArray[np.int64]]) -> None:
    law = day_law(4, 2.2, 150, 0.25)
    assert is_mean([days[WARM_UP:].mean() for days in chain], law.backlog.mean)
    for most in (1, 4, 8):
        assert is_mean([(days[WARM_UP:] < most).mean() for days in chain], law.backlog.share_below(most))


def test_a_week_with_closed_days() -> None:
    law = week_law([6, 6, 6, 6, 6, 0, 0], [2.6] * 7, 150, 0.15)
    found = [backlog(done) for done in runs(line(6, 2.6, 0.15, every_day=False), REPLICATIONS, logged=True)]
    for weekday, day in enumerate(law):
        means = [days[WARM_UP:][weekday::7].mean() for days in found]
        assert is_mean(means, day.backlog.mean), weekday


def two_classes(plan: Plan, soon: float, late: float) -> Plan:
    """No-shows that grow with the wait: one chance when booked yesterday, another when longer ago."""
    plan.rules["no_show"][:, :2], plan.rules["no_show"][:, 2:] = limit(soon), limit(late)
    return plan


def tomorrow(carried: int, fresh: int, slots: int, arrivals: float, chances: tuple[float, float]) -> tuple[
    int, NDArray[np.float64]
]:
    """Who is carried over, for certain, and the law of who is newly booked, missed or arrived."""
    late_seen = min(carried, slots)
    soon_seen = min(fresh, slots - late_seen)
    missed = np.convolve(binomial(soon_seen, chances[0]), binomial(late_seen, chances[1]))
    return carried + fresh - late_seen - soon_seen, np.convolve(missed, poisson(arrivals, 40))


MOST_CARRIED, MOST_FRESH = 30, 13


def long_run(slots: int, arrivals: float, chances: tuple[float, float]) -> NDArray[np.float64]:
    """The stationary law of (carried over, newly booked), by its matrix."""
    shape = (MOST_CARRIED + 1, MOST_FRESH + 1)
    matrix = np.zeros((*shape, *shape))
    for carried, fresh in np.ndindex(shape):
        left, newly = tomorrow(carried, fresh, slots, arrivals, chances)
        here = matrix[carried, fresh, min(left, MOST_CARRIED)]
        np.add.at(here, np.minimum(np.arange(len(newly)), MOST_FRESH), newly)
    matrix = matrix.reshape(here.size * shape[0], -1)
    for _ in range(10):
        matrix = matrix @ matrix
    return np.asarray(matrix[0].reshape(shape))


def test_no_shows_that_depend_on_the_state() -> None:
    """Whoever was carried over misses three times as often; both laws are the simulator's own chain's."""
    slots, arrivals, chances = 3, 1.6, (0.1, 0.3)
    law = long_run(slots, arrivals, chances)
    assert law[-1].sum() + law[:, -1].sum() < 1e-5
    done = runs(two_classes(line(slots, arrivals), *chances), REPLICATIONS, logged=True)
    found = [backlog(each) for each in done]
    people = np.add.outer(np.arange(MOST_CARRIED + 1), np.arange(MOST_FRESH + 1))
    assert is_mean([days[WARM_UP:].mean() for days in found], float((law * people).sum()))
    assert is_mean([(days[WARM_UP:] < slots).mean() for days in found], float(law[people < slots].sum()))
    pairs = np.concatenate([states(days, slots) for days in found])
    for carried, fresh in ((0, 2), (1, 2), (3, 1), (4, 3)):
        here = (pairs[:, 0] == carried) & (pairs[:, 1] == fresh)
        left, newly = tomorrow(carried, fresh, slots, arrivals, chances)
        assert here.sum() > 500 and fits(np.bincount(pairs[here, 2] - left), newly)


def states(days: NDArray[np.int64], slots: int) -> NDArray[np.int64]:
    """Carried over and newly booked on each day, and the backlog of the day after."""
    carried = np.concatenate([[0], np.maximum(days[:-1] - slots, 0)])
    return np.stack([carried[:-1], (days - carried)[:-1], days[1:]], axis=1)


@pytest.mark.parametrize("load", [0.4, 0.6])
def test_one_slot_a_day_is_m_d_1(load: float) -> None:
    """Waits from asking, by Little's law from the people there as the slot begins."""
    waits = [mean_wait(each) for each in runs(line(1, load), 30)]
    assert is_mean(waits, of_m_d_1(load) / load)


def of_m_d_1(load: float) -> float:
    """People in an M/D/1 with one slot a day: in line, and in the slot."""
    return load + md1_queue(load)


def test_priorities_conserve_the_wait() -> None:
    """Urgent first visits before routine: each class waits as the chain says, all together as if in one line.

    The urgent see only one another, the urgent and the routine together are one line; so people in line and,
    by Little's law, waits follow by subtraction. With the same luck the line is as long on every single day.
    """
    load, urgent = 0.7, 0.4
    parted = runs(line(1, load, **{"need.all.urgent_share": urgent}), 30, logged=True)
    as_one = runs(line(1, load), 1, logged=True)
    assert np.array_equal(backlog(parted[0]), backlog(as_one[0]))
    waits = np.array([waits_by_class(each) for each in parted])
    rates = (load * urgent, load * (1 - urgent))
    urgent_people = of_m_d_1(rates[0])
    expected = (urgent_people / rates[0], (of_m_d_1(load) - urgent_people) / rates[1])
    assert is_mean(waits[:, 0], expected[0]) and is_mean(waits[:, 1], expected[1])
    assert weighted_wait(rates, expected) == pytest.approx(of_m_d_1(load) / load)
    assert is_mean([weighted_wait(rates, tuple(each)) for each in waits], of_m_d_1(load) / load)
    assert waits[:, 1].mean() > 1.5 * waits[:, 0].mean()


def waits_by_class(done: Run) -> tuple[float, float]:
    """Mean days from asking to the first visit of the urgent and of the routine, after the warm-up."""
    urgent = entries(done, "asked_urgently")["key"]
    seen = entries(done, "first_visit")
    seen = seen[seen["day"] >= WARM_UP]
    ours = np.isin(seen["key"], urgent)
    return float(seen["value"][ours].mean()), float(seen["value"][~ours].mean())


def mean_wait(done: Run) -> float:
    """Days from asking to the first visit, of visits after the warm-up."""
    seen = done.tally.monthly[1, WARM_UP // 28:].sum(axis=0)
    return float(seen @ np.arange(len(seen)) / seen.sum())
