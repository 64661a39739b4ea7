"""Laws of the chains found by matrix: Green & Savin's slots, and the clinic day by day."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careload.clinic.formulas import (
    Backlog,
    NoShowCurve,
    birth_death,
    day_law,
    day_moments,
    day_transitions,
    md1_queue,
    mm1k,
    overflow_share,
    slot_law,
    slot_transitions,
    stationary,
    week_law,
)

SLOTS = 20
COMMUNITY = NoShowCurve(soon=0.15, late=0.51, scale_days=9, slots_per_day=SLOTS)
WORKING_WEEK = [20, 20, 20, 20, 20, 0, 0]

few = settings(deadline=None, max_examples=40)  # the first example imports SciPy
loads = st.floats(0.1, 1.6)
places = st.integers(1, 60)
shares = st.floats(0, 0.9)
curves = st.builds(
    lambda soon, more, scale: NoShowCurve(soon, min(0.95, soon + more), scale, SLOTS),
    st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0.5, 30),
)


def no_longer(one: Backlog, other: Backlog) -> bool:
    """Whether `one` is stochastically no longer than `other`."""
    exceeded = [np.cumsum(each.law) for each in (one, other)]
    return bool((exceeded[0] >= exceeded[1] - 1e-9).all())


# ── The law of any chain ───────────────────────────────────────────────────────────────────────────────


@few
@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_one_step_leaves_the_law_as_it_is(states: int, seed: int) -> None:
    table = np.random.default_rng(seed).dirichlet(np.ones(states), states)
    law = np.array(stationary(table).law)
    np.testing.assert_allclose(law @ table, law, atol=1e-12)
    assert law.sum() == pytest.approx(1)


@few
@given(st.lists(st.tuples(st.floats(0.01, 0.4), st.floats(0.01, 0.4)), min_size=1, max_size=30))
def test_by_matrix_and_by_product_agree(rates: list[tuple[float, float]]) -> None:
    births, deaths = [up for up, _ in rates], [down for _, down in rates]
    table = np.diag(births, 1) + np.diag(deaths, -1)
    table += np.diag(1 - table.sum(axis=1))
    assert stationary(table).law == pytest.approx(birth_death(births, deaths).law, rel=1e-9)


def test_neither_overflows_where_one_end_is_all_but_impossible() -> None:
    states = 600
    table = np.diag([0.9] * states, 1) + np.diag([0.001] * states, -1)
    table += np.diag(1 - table.sum(axis=1))
    for found in (stationary(table), birth_death([0.9] * states, [0.001] * states)):
        assert found.full == pytest.approx(1 - 1 / 900)


def test_a_state_that_nothing_leaves_holds_everything() -> None:
    assert stationary(np.array([[0.5, 0.5, 0], [0, 1, 0], [0.2, 0.3, 0.5]])).law == (0, 1, 0)
    assert stationary(np.array([[0.5, 0.5, 0], [0.5, 0.5, 0], [0.2, 0.3, 0.5]])).law == (0.5, 0.5, 0)


# ── Green & Savin's slots ──────────────────────────────────────────────────────────────────────────────


@few
@given(loads, places, curves, st.floats(0, 1))
def test_the_law_of_the_slots_is_stationary(
    load: float, most: int, curve: NoShowCurve, p_rebook: float
) -> None:
    table = slot_transitions(load * SLOTS, SLOTS, most, curve, p_rebook)
    assert table.min() >= 0
    np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-12)
    assert not np.tril(table, -2).any(), "a slot takes one person at most"
    law = np.array(slot_law(load * SLOTS, SLOTS, most, curve, p_rebook).law)
    assert law.sum() == pytest.approx(1)
    np.testing.assert_allclose(law @ table, law, atol=1e-12)


@pytest.mark.parametrize("load", [0.3, 0.8, 0.9, 0.92])
def test_without_no_shows_the_slots_are_m_d_1(load: float) -> None:
    """Who leaves sees what who comes sees: the law at slot ends is the law at any time (Poisson arrivals)."""
    assert slot_law(load * SLOTS, SLOTS, 500).mean == pytest.approx(md1_queue(load) + load, rel=1e-6)


@few
@given(loads, st.integers(1, 40))
def test_without_no_shows_the_slots_are_the_m_d_1_k_recursion(load: float, most: int) -> None:
    """pi_{j+1} a_0 = pi_j - pi_0 a_j - sum_{i=1..j} pi_i a_{j-i+1}, over 0..K-1 (textbooks, M)."""
    asked = [math.exp(-load) * load**k / math.factorial(k) for k in range(most + 1)]
    law = [1.0]
    for j in range(most - 1):
        came = law[0] * asked[j] + math.fsum(law[i] * asked[j - i + 1] for i in range(1, j + 1))
        law.append((law[j] - came) / asked[0])
    expected = [weight / sum(law) for weight in law]
    found = slot_law(load * SLOTS, SLOTS, most)
    assert found.law[:-1] == pytest.approx(expected, abs=1e-6)
    assert found.law[-1] == pytest.approx(0, abs=1e-15)


@few
@given(loads, places, curves)
def test_without_rebooking_no_curve_matters(load: float, most: int, curve: NoShowCurve) -> None:
    assert slot_law(load * SLOTS, SLOTS, most, curve, 0) == slot_law(load * SLOTS, SLOTS, most, 0.0)


@few
@given(loads, loads, curves, shares, shares)
def test_more_panel_and_more_rebooking_never_shorten_the_slots_backlog(
    a: float, b: float, curve: NoShowCurve, p: float, q: float
) -> None:
    (light, heavy), (seldom, often) = sorted((a, b)), sorted((p, q))
    laws = [
        slot_law(load * SLOTS, SLOTS, 40, curve, p_rebook)
        for load, p_rebook in [(light, seldom), (heavy, seldom), (heavy, often)]
    ]
    assert all(no_longer(one, other) for one, other in pairwise(laws))


def test_equal_slots_shorten_the_backlog() -> None:
    """M/D/1/K against M/M/1/K with the same curve: less chance, less backlog."""
    for panel in (1400, 1500, 1600):
        equal = slot_law(0.008 * panel, SLOTS, 400, COMMUNITY)
        assert equal.mean < mm1k(0.008 * panel, SLOTS, 400, COMMUNITY).mean


# ── Day by day ─────────────────────────────────────────────────────────────────────────────────────────

slots = st.integers(0, 25)
asked = st.floats(0, 30)


@few
@given(slots, asked, places, curves, st.floats(0, 1))
def test_the_law_of_the_day_is_stationary_and_people_add_up(
    offered: int, arrivals: float, most: int, curve: NoShowCurve, p_rebook: float
) -> None:
    table = day_transitions(offered, arrivals, most, curve, p_rebook)
    assert table.min() >= 0
    np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-12)
    found = day_law(offered, arrivals, most, curve, p_rebook)
    law = np.array(found.backlog.law)
    np.testing.assert_allclose(law @ table, law, atol=1e-10)
    assert law.sum() == pytest.approx(1)
    gone = found.seen + found.missed - found.rebooked + found.turned_away
    assert gone == pytest.approx(arrivals, abs=1e-7)
    assert found.used <= offered + 1e-12


@few
@given(slots, st.floats(0, 20), st.integers(0, 30), curves, st.floats(0, 1))
def test_one_day_has_the_moments_told(
    offered: int, arrivals: float, backlog: int, curve: NoShowCurve, p_rebook: float
) -> None:
    row = day_transitions(offered, arrivals, 150, curve, p_rebook)[backlog]
    people = np.arange(151)
    told = day_moments(backlog, offered, arrivals, curve, p_rebook)
    assert row @ people == pytest.approx(told.mean, abs=1e-7)
    assert row @ (people - told.mean) ** 2 == pytest.approx(told.variance, abs=1e-6)


@few
@given(st.floats(0.5, 15), st.floats(0, 0.6))
def test_with_slots_for_everybody_the_backlog_is_poisson(arrivals: float, again: float) -> None:
    """Each stays with probability q, new ones are Poisson(lambda): the law is Poisson(lambda / (1 - q))."""
    mean = arrivals / (1 - again)
    law = day_law(150, arrivals, 150, again, 1).backlog.law
    expected = [math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(151)]
    assert law == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("load", [0.3, 0.8, 0.9])
def test_a_day_of_one_slot_is_m_d_1_at_its_departures(load: float) -> None:
    assert day_law(1, load, 300).backlog.mean == pytest.approx(md1_queue(load) + load, rel=1e-6)


@few
@given(slots, asked, places, shares, st.floats(0, 1))
def test_of_no_show_and_rebooking_only_the_product_moves_the_backlog(
    offered: int, arrivals: float, most: int, g: float, r: float
) -> None:
    plain = day_law(offered, arrivals, most, g * r, 1).backlog.law
    assert day_law(offered, arrivals, most, g, r).backlog.law == pytest.approx(plain, abs=1e-9)


@few
@given(asked, asked, slots, slots, curves, shares, shares)
def test_more_panel_and_rebooking_or_fewer_slots_never_shorten_the_days_backlog(
    a: float, b: float, c: int, d: int, curve: NoShowCurve, p: float, q: float
) -> None:
    (light, heavy), (small, large), (seldom, often) = sorted((a, b)), sorted((c, d)), sorted((p, q))
    laws = [
        day_law(offered, arrivals, 40, curve, p_rebook).backlog
        for offered, arrivals, p_rebook in [
            (large, light, seldom), (large, heavy, seldom), (large, heavy, often), (small, heavy, often),
        ]
    ]
    assert all(no_longer(one, other) for one, other in pairwise(laws))


def test_a_week_of_equal_days_is_the_day() -> None:
    day = day_law(SLOTS, 14, 150, COMMUNITY)
    for each in week_law([SLOTS] * 7, [14] * 7, 150, COMMUNITY):
        assert each.backlog.law == pytest.approx(day.backlog.law, abs=1e-9)
        assert each.seen == pytest.approx(day.seen)


def test_a_week_with_closed_days() -> None:
    week = week_law(WORKING_WEEK, [9] * 7, 250, 0.15)
    monday, saturday, sunday = week[0], week[5], week[6]
    assert saturday.used == sunday.used == 0
    assert sunday.backlog.mean == pytest.approx(saturday.backlog.mean + 9)
    assert monday.backlog.mean == pytest.approx(sunday.backlog.mean + 9)
    assert sum(day.seen for day in week) == pytest.approx(63)
    for today, tomorrow in zip(range(7), [1, 2, 3, 4, 5, 6, 0], strict=True):
        after = np.array(week[today].backlog.law) @ day_transitions(WORKING_WEEK[today], 9, 250, 0.15)
        np.testing.assert_allclose(after, week[tomorrow].backlog.law, atol=1e-10)


def test_the_table_of_a_bare_day_by_hand() -> None:
    """One slot, two places, a no-show in four who always rebooks, a chance of e^-1 that nobody asks."""
    none, one = math.exp(-1), math.exp(-1)
    expected = [
        [none, one, 1 - none - one],
        [0.75 * none, 0.75 * one + 0.25 * none, 1 - 0.75 * none - 0.75 * one - 0.25 * none],
        [0, 0.75 * none, 1 - 0.75 * none],
    ]
    np.testing.assert_allclose(day_transitions(1, 1, 2, 0.25), expected, atol=1e-12)


# ── Overflow ───────────────────────────────────────────────────────────────────────────────────────────


@few
@given(st.integers(0, 4000), st.integers(0, 40))
def test_overflow_is_what_is_left_of_the_poisson_law(panel: int, offered: int) -> None:
    demand = 0.008 * panel
    terms = (math.exp(k * math.log(demand) - demand - math.lgamma(k + 1)) for k in range(offered + 1))
    expected = 1 - math.fsum(terms) if panel else 0.0
    assert overflow_share(panel, 0.008, offered) == pytest.approx(expected, abs=1e-9)
