"""Laws of the queues: Erlang B, C and A, M/M/c, priorities, patients who come back."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from careload.clinic.formulas import (
    Loads,
    chance_of_waiting,
    erlang_a,
    erlang_b,
    erlang_c,
    erlang_r_loads,
    erlang_r_over_time,
    fewest_servers,
    md1_queue,
    mmc,
    preemptive_waits,
    priority_waits,
    square_root_staffing,
    weighted_wait,
)

rates = st.floats(0.05, 20)
servers = st.integers(1, 40)
utilisations = st.floats(0.02, 0.97)


@given(st.integers(1, 60), st.integers(1, 60))
def test_the_recursion_is_the_sum(load: int, count: int) -> None:
    terms = [Fraction(load**k, math.factorial(k)) for k in range(count + 1)]
    assert erlang_b(load, count) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-12)


@given(utilisations, servers)
def test_erlang_c_is_the_sum(utilisation: float, count: int) -> None:
    load = utilisation * count
    last = load**count / math.factorial(count) / (1 - utilisation)
    whole = sum(load**k / math.factorial(k) for k in range(count)) + last
    assert erlang_c(load, count) == pytest.approx(last / whole, rel=1e-9)
    assert mmc(load, 1, count).empty == pytest.approx(1 / whole, rel=1e-9)


@given(utilisations)
def test_with_one_server_who_waits_is_the_utilisation(utilisation: float) -> None:
    assert erlang_c(utilisation, 1) == pytest.approx(utilisation, rel=1e-12)


@given(utilisations, servers)
def test_losing_people_leaves_more_servers_free_than_keeping_them(utilisation: float, count: int) -> None:
    assert erlang_b(utilisation * count, count) <= erlang_c(utilisation * count, count) <= 1


def test_a_load_of_a_whole_state_does_not_overflow() -> None:
    assert 0 < erlang_b(5000, 5000) < 0.02
    assert 0 < mmc(4900, 1, 5000).all_busy < 0.2
    assert mmc(4900, 1, 5000).empty == 0  # e^-4900
    assert 0 < erlang_a(5100, 1, 5000, 2).abandoning < 0.03


@given(rates, utilisations, servers)
def test_pooling_two_services_shortens_the_wait(service_rate: float, utilisation: float, count: int) -> None:
    apart = mmc(utilisation * count * service_rate, service_rate, count)
    together = mmc(2 * apart.arrivals, service_rate, 2 * count)
    assert together.wait < apart.wait


@given(rates, utilisations, servers)
def test_little_holds_in_m_m_c(service_rate: float, utilisation: float, count: int) -> None:
    found = mmc(utilisation * count * service_rate, service_rate, count)
    assert found.in_system == pytest.approx(found.arrivals * found.time_in_system)
    assert found.queue == pytest.approx(found.arrivals * found.wait)
    assert found.longer_than(0) == found.all_busy
    spare = count * service_rate - found.arrivals
    assert found.longer_than(1 / spare) == pytest.approx(found.all_busy / math.e)


@given(utilisations)
def test_equal_services_halve_the_queue(utilisation: float) -> None:
    assert md1_queue(utilisation) == pytest.approx(mmc(utilisation, 1, 1).queue / 2, rel=1e-9)


# ── People who give up ─────────────────────────────────────────────────────────────────────────────────

patience = st.floats(0.05, 20)


@given(utilisations, st.integers(1, 15))
def test_with_endless_patience_it_is_erlang_c(utilisation: float, count: int) -> None:
    kept, patient = mmc(utilisation * count, 1, count), erlang_a(utilisation * count, 1, count, 1e9)
    assert patient.all_busy == pytest.approx(kept.all_busy, rel=1e-5)
    assert patient.wait == pytest.approx(kept.wait, rel=1e-5)
    assert patient.abandoning < 1e-6


@given(utilisations, st.integers(1, 15))
@example(0.021484375, 14)  # hardly anybody ever waits
def test_more_patience_comes_nearer_to_erlang_c(utilisation: float, count: int) -> None:
    load = utilisation * count
    waits = [erlang_a(load, 1, count, each).wait for each in (0.1, 1, 10, 100)]
    assert all(short < long for short, long in pairwise([*waits, mmc(load, 1, count).wait * (1 + 1e-9)]))


@given(st.floats(0.1, 60), st.integers(1, 30), patience)
def test_who_comes_is_served_or_gives_up(load: float, count: int, each: float) -> None:
    found = erlang_a(load, 1, count, each)
    assert math.fsum(found.law) == pytest.approx(1)
    assert count * found.occupancy == pytest.approx(load * (1 - found.abandoning))
    assert found.abandoning == pytest.approx(found.wait / each)


@settings(deadline=None)  # the first example imports SciPy
@given(st.floats(0.1, 60), st.integers(1, 30), patience)
def test_who_is_served_in_time(load: float, count: int, each: float) -> None:
    found = erlang_a(load, 1, count, each)
    assert found.served_within(0) == pytest.approx(1 - found.all_busy)
    assert found.served_within(1e6) == pytest.approx(1 - found.abandoning)
    shares = [found.served_within(time) for time in (0, 0.1, 0.5, 1, 2, 5)]
    assert all(early <= late + 1e-12 for early, late in pairwise(shares))


@given(st.floats(0.1, 30), st.integers(1, 30))
def test_when_people_leave_as_fast_as_they_are_served_it_is_poisson(load: float, count: int) -> None:
    for people, chance in enumerate(erlang_a(load, 1, count, 1).law[:40]):
        expected = math.exp(people * math.log(load) - load - math.lgamma(people + 1))
        assert chance == pytest.approx(expected, rel=1e-9, abs=1e-15)


@settings(deadline=None, max_examples=40)
@given(st.floats(0.5, 60), patience, st.floats(0, 2), st.floats(0.1, 0.99), st.floats(0.3, 1))
def test_the_fewest_servers_are_the_fewest(
    load: float, each: float, within: float, share: float, occupancy: float
) -> None:
    def will_do(count: int) -> bool:
        found = erlang_a(load, 1, count, each)
        return found.served_within(within) >= share and found.occupancy <= occupancy

    fewest = fewest_servers(load, 1, each, within=within, served_within=share, max_occupancy=occupancy)
    assert will_do(fewest.servers)
    assert not any(will_do(count) for count in range(1, fewest.servers))


# ── Some before others ─────────────────────────────────────────────────────────────────────────────────

classes = st.lists(st.floats(0.05, 3), min_size=1, max_size=5)


def scaled(shares: list[float], utilisation: float, count: int) -> list[float]:
    """Arrivals in these proportions that fill `count` servers of rate 1 to `utilisation`."""
    return [utilisation * count * share / sum(shares) for share in shares]


@given(classes, utilisations, servers)
def test_no_order_changes_the_mean_wait_of_all(shares: list[float], utilisation: float, count: int) -> None:
    arrivals = scaled(shares, utilisation, count)
    first_come = mmc(sum(arrivals), 1, count).wait
    for waits in (
        priority_waits(arrivals, 1, count),
        priority_waits(arrivals[::-1], 1, count)[::-1],
        preemptive_waits(arrivals, 1, count),
    ):
        assert weighted_wait(arrivals, waits) == pytest.approx(first_come, rel=1e-6)


@given(classes, utilisations, servers)
def test_who_comes_later_in_the_order_waits_longer(
    shares: list[float], utilisation: float, count: int
) -> None:
    waits = priority_waits(scaled(shares, utilisation, count), 1, count)
    assert all(high < low for high, low in pairwise(waits))


@given(classes, utilisations)
def test_with_one_server_preemption_has_a_form_of_its_own(shares: list[float], utilisation: float) -> None:
    """W_k = (1/mu) / ((1 - sigma_{k-1}) (1 - sigma_k)), textbooks (M)."""
    arrivals, before = scaled(shares, utilisation, 1), 0.0
    for rate, wait in zip(arrivals, preemptive_waits(arrivals, 1, 1), strict=True):
        expected = 1 / ((1 - before) * (1 - before - rate)) - 1
        assert wait == pytest.approx(expected, rel=1e-6, abs=1e-9)
        before += rate


@given(st.floats(0.05, 0.9), servers)
def test_protected_intakes_are_seen_while_returns_wait_for_ever(intake: float, count: int) -> None:
    """What a service that guards only its first clock does: one class in time, the other never reached."""
    waits = priority_waits([intake * count, count], 1, count)
    assert waits[0] == pytest.approx(1 / count / (1 - intake))
    assert waits[1] == math.inf
    assert preemptive_waits([intake * count, count], 1, count)[1] == math.inf
    nearly = priority_waits([intake * count, (1 - intake) * count * (1 - 1e-9)], 1, count)
    assert nearly[0] == pytest.approx(waits[0], rel=1e-3)


# ── Patients who come back ─────────────────────────────────────────────────────────────────────────────

returns = st.floats(0, 0.95)


@given(rates, rates, rates, returns)
def test_what_flows_in_flows_out(arrivals: float, service: float, back: float, p: float) -> None:
    loads = erlang_r_loads(arrivals, service, back, p)
    assert arrivals == pytest.approx((1 - p) * service * loads.needy)
    assert p * service * loads.needy == pytest.approx(back * loads.content)


def test_a_longer_gap_fills_the_caseload_and_frees_nobody() -> None:
    weekly, monthly = erlang_r_loads(10, 25, 1, 11 / 12), erlang_r_loads(10, 25, 1 / 4.3, 11 / 12)
    assert monthly.needy == weekly.needy
    assert monthly.content > 4 * weekly.content


@settings(deadline=None, max_examples=15)
@given(st.floats(0.5, 5), st.floats(0.1, 3), returns)
def test_steady_arrivals_keep_the_loads_steady(service: float, back: float, p: float) -> None:
    steady = erlang_r_loads(2, service, back, p)
    for loads in erlang_r_over_time(lambda _: 2.0, service, back, p, [0, 1, 5, 20], steady):
        assert loads.needy == pytest.approx(steady.needy, rel=1e-6)
        assert loads.content == pytest.approx(steady.content, rel=1e-6, abs=1e-6)


def test_arrivals_that_swing_make_loads_that_swing_later() -> None:
    """Against complex amplitudes: (i w + mu) r1 - delta r2 = a, (i w + delta) r2 = p mu r1."""
    mu, delta, p, mean, swing, speed = 2.0, 0.3, 0.6, 5.0, 3.0, 2 * math.pi / 24
    r1 = swing / (1j * speed + mu - delta * p * mu / (1j * speed + delta))
    r2 = p * mu * r1 / (1j * speed + delta)
    steady = erlang_r_loads(mean, mu, delta, p)

    def exact(time: float) -> Loads:
        turn = cmath.exp(1j * speed * time)
        return Loads(steady.needy + (r1 * turn).imag, steady.content + (r2 * turn).imag)

    times = [0.5 * step for step in range(97)]
    found = erlang_r_over_time(
        lambda time: mean + swing * math.sin(speed * time), mu, delta, p, times, exact(0)
    )
    for time, loads in zip(times, found, strict=True):
        assert loads.needy == pytest.approx(exact(time).needy, rel=1e-6)
        assert loads.content == pytest.approx(exact(time).content, rel=1e-6)


def test_a_short_surge_is_not_stepped_over() -> None:
    def surge(time: float) -> float:
        return 100.0 if 50 <= time < 50.25 else 0.0

    last = erlang_r_over_time(surge, 1e-9, 1, 0, [0.25 * step for step in range(401)])[-1]
    assert last.needy == pytest.approx(25, rel=0.02)


@pytest.mark.parametrize("quality", [0.2, 0.5, 1, 1.5, 2])
def test_square_root_staffing_gives_the_wait_it_promises(quality: float) -> None:
    count = 40_000
    load = count - quality * math.sqrt(count)
    assert square_root_staffing(load, quality) == pytest.approx(count, rel=1e-4)
    assert erlang_c(load, count) == pytest.approx(chance_of_waiting(quality), rel=0.02)


@given(st.floats(0.01, 60), st.floats(0.01, 60))
def test_more_reserve_means_fewer_wait(a: float, b: float) -> None:
    assume(a < b)
    assert 0 <= chance_of_waiting(b) <= chance_of_waiting(a) <= 1
