"""The chains and queues again, person by person in plain Python, with a seed: slow, obvious, independent."""

from __future__ import annotations

import heapq
import math
from collections import Counter, deque
from random import Random
from statistics import fmean, stdev

import pytest
from scipy.stats import chi2

from careload.clinic.formulas import (
    NoShow,
    NoShowCurve,
    day_law,
    day_moments,
    day_transitions,
    erlang_a,
    mmc,
    priority_waits,
    slot_law,
    slot_transitions,
)

CURVE = NoShowCurve(soon=0.10, late=0.45, scale_days=1.5, slots_per_day=4)
STANDARD_ERRORS = 4
BATCHES = 40


def poisson(luck: Random, mean: float) -> int:
    """Arrivals in one unit of time, one after another."""
    count, clock = -1, 0.0
    while clock <= mean:
        clock += luck.expovariate(1)
        count += 1
    return count


def missed(no_show: NoShow, backlog: int) -> float:
    return no_show(backlog) if callable(no_show) else no_show


def tomorrow(luck: Random, n: int, slots: int, arrivals: float, places: int, r: float) -> int:
    served = min(n, slots)
    back = sum(luck.random() < missed(CURVE, n) and luck.random() < r for _ in range(served))
    return min(n - served + back + poisson(luck, arrivals), places)


def slot_ends(luck: Random, n: int, arrivals_per_slot: float, places: int, r: float) -> int:
    """One slot in continuous time: nobody there, so wait for one; then one person's slot, others arrive."""
    n = max(n, 1)
    clock = luck.expovariate(arrivals_per_slot)
    while clock < 1:
        n = min(n + 1, places)
        clock += luck.expovariate(arrivals_per_slot)
    n -= 1
    if luck.random() < missed(CURVE, n) and luck.random() < r:
        n += 1
    return n


def fits(drawn: Counter[int], law: list[float]) -> bool:
    """Whether counts come from the law: Pearson's chi-squared over cells of at least ten expected."""
    total, cells, expected, seen = drawn.total(), [], 0.0, 0
    for state, chance in enumerate(law):
        expected, seen = expected + total * chance, seen + drawn[state]
        if expected >= 10:
            cells.append((seen, expected))
            expected, seen = 0.0, 0
    cells[-1] = (cells[-1][0] + seen, cells[-1][1] + expected)
    distance = math.fsum((seen - expected) ** 2 / expected for seen, expected in cells)
    return bool(chi2.sf(distance, len(cells) - 1) > 1e-4)


def close(batches: list[float], expected: float) -> bool:
    """Whether the mean of batches is within four standard errors."""
    return abs(fmean(batches) - expected) <= STANDARD_ERRORS * stdev(batches) / math.sqrt(len(batches))


@pytest.mark.parametrize("backlog", [0, 3, 9, 30])
def test_one_day(backlog: int) -> None:
    luck = Random(backlog)
    drawn = Counter(tomorrow(luck, backlog, 4, 2.2, 30, 0.8) for _ in range(15_000))
    assert fits(drawn, day_transitions(4, 2.2, 30, CURVE, 0.8)[backlog].tolist())
    if backlog < 30:
        told = day_moments(backlog, 4, 2.2, CURVE, 0.8)
        mean = sum(n * count for n, count in drawn.items()) / drawn.total()
        assert abs(mean - told.mean) < STANDARD_ERRORS * math.sqrt(told.variance / drawn.total())


def test_the_test_sees_a_chain_that_is_a_little_other() -> None:
    luck = Random(1)
    drawn = Counter(tomorrow(luck, 9, 4, 2.2, 30, 0.8) for _ in range(15_000))
    assert not fits(drawn, day_transitions(4, 2.3, 30, CURVE, 0.8)[9].tolist())
    assert not fits(drawn, day_transitions(4, 2.2, 30, CURVE, 0.7)[9].tolist())


def test_many_days() -> None:
    luck, n = Random(2), 0
    found = day_law(4, 2.2, 30, CURVE, 0.8)
    means, same_day = [], []
    for _ in range(BATCHES):
        days = []
        for _ in range(2_500):
            n = tomorrow(luck, n, 4, 2.2, 30, 0.8)
            days.append(n)
        means.append(fmean(days))
        same_day.append(fmean(day < 4 for day in days))
    assert close(means, found.backlog.mean)
    assert close(same_day, found.backlog.share_below(4))


@pytest.mark.parametrize("backlog", [0, 1, 8, 30])
def test_one_slot(backlog: int) -> None:
    luck = Random(backlog)
    drawn = Counter(slot_ends(luck, backlog, 0.6, 30, 0.8) for _ in range(20_000))
    assert fits(drawn, slot_transitions(2.4, 4, 30, CURVE, 0.8)[backlog].tolist())


def test_many_slots() -> None:
    luck, n = Random(3), 0
    found = slot_law(2.4, 4, 30, CURVE, 0.8)
    means, empty = [], []
    for _ in range(BATCHES):
        ends = []
        for _ in range(5_000):
            n = slot_ends(luck, n, 0.6, 30, 0.8)
            ends.append(n)
        means.append(fmean(ends))
        empty.append(fmean(end == 0 for end in ends))
    assert close(means, found.mean)
    assert close(empty, found.law[0])


def served_in_order(seed: int, arrivals: list[float], servers: int, people: int) -> list[list[float]]:
    """Waits by class of M/M/c with priorities and service rate 1, from one event to the next."""
    luck, waits = Random(seed), [[] for _ in arrivals]
    lines: list[deque[float]] = [deque() for _ in arrivals]
    coming = [(luck.expovariate(rate), k) for k, rate in enumerate(arrivals)]
    heapq.heapify(coming)
    ends: list[float] = []
    for _ in range(people):
        clock, k = coming[0]
        heapq.heapreplace(coming, (clock + luck.expovariate(arrivals[k]), k))
        while ends and ends[0] <= clock:
            end = heapq.heappop(ends)
            first = next((line for line in lines if line), None)
            if first is not None:
                waits[next(i for i, line in enumerate(lines) if line)].append(end - first.popleft())
                heapq.heappush(ends, end + luck.expovariate(1))
        if len(ends) < servers:
            waits[k].append(0.0)
            heapq.heappush(ends, clock + luck.expovariate(1))
        else:
            lines[k].append(clock)
    return waits


@pytest.mark.parametrize(("servers", "arrivals"), [(1, [0.2, 0.3, 0.3]), (3, [0.8, 1.6])])
def test_priorities(servers: int, arrivals: list[float]) -> None:
    runs = [served_in_order(seed, arrivals, servers, 6_000) for seed in range(20)]
    for k, expected in enumerate(priority_waits(arrivals, 1, servers)):
        assert close([fmean(run[k]) for run in runs], expected)


def test_the_first_class_is_seen_while_the_last_is_never_reached() -> None:
    runs = [served_in_order(50 + seed, [0.5, 0.9], 1, 6_000)[0][500:] for seed in range(20)]
    assert close([fmean(run) for run in runs], priority_waits([0.5, 0.9], 1, 1)[0])


def test_waits_of_m_m_c() -> None:
    found = mmc(2.4, 1, 3)
    runs = [served_in_order(100 + seed, [2.4], 3, 6_000)[0] for seed in range(20)]
    assert close([fmean(run) for run in runs], found.wait)
    for time in (0, 0.5, 2):
        assert close([fmean(wait > time for wait in run) for run in runs], found.longer_than(time))


def impatient(
    seed: int, arrivals: float, servers: int, patience: float, people: int
) -> list[tuple[bool, float]]:
    """(served, time in line) of each arrival of Erlang A with service rate 1: first come, first served."""
    luck, clock = Random(seed), 0.0
    free = [0.0] * servers
    found = []
    for _ in range(people):
        clock += luck.expovariate(arrivals)
        wait, gives_up = max(0.0, free[0] - clock), luck.expovariate(1 / patience)
        served = wait <= gives_up
        if served:
            heapq.heapreplace(free, clock + wait + luck.expovariate(1))
        found.append((served, min(wait, gives_up)))
    return found


def test_who_gives_up_and_who_is_served_in_time() -> None:
    found = erlang_a(4.5, 1, 4, 0.7)
    runs = [impatient(seed, 4.5, 4, 0.7, 6_000) for seed in range(20)]
    assert close([fmean(not served for served, _ in run) for run in runs], found.abandoning)
    assert close([fmean(wait for _, wait in run) for run in runs], found.wait)
    for time in (0.05, 0.2, 0.6):
        in_time = [fmean(served and wait <= time for served, wait in run) for run in runs]
        assert close(in_time, found.served_within(time))
