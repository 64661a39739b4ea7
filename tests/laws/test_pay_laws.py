"""What must hold of pay beside prices, whatever the settlement and the prices."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.money import prices

from careload.staff.money import Month, Prices, RealPay, Settlement, Step, as_json, parse_settlement, real_pay

FIRST = Month(2015, 1)
MONTHS = 60
per_cents = st.integers(-500, 2000).map(lambda hundredths: hundredths / 100 / 100)
lumps = st.integers(0, 500).map(lambda hundredths: hundredths / 100 / 100)
dollars = st.integers(0, 500_000).map(lambda cents: cents / 100)
places = st.lists(st.integers(1, MONTHS - 1), min_size=1, max_size=5, unique=True)


@st.composite
def settlements(draw: st.DrawFn, *, in_dollars: bool = False) -> Settlement:
    money = dollars if in_dollars else st.just(0.0)
    return Settlement(tuple(
        Step(FIRST.plus(place), draw(per_cents), draw(money), draw(lumps), draw(money))
        for place in sorted(draw(places))))


@st.composite
def areas(draw: st.DrawFn) -> Prices:
    """Every month, or every second one; the first is always there."""
    pace = draw(st.sampled_from([1, 2]))
    steps = draw(st.lists(st.floats(0.98, 1.03), min_size=MONTHS, max_size=MONTHS))
    values, level = {}, 100.0
    for place, step in enumerate(steps):
        if place % pace == 0:
            values[tuple(FIRST.plus(place))] = level
        level *= step
    return prices(values)  # type: ignore[arg-type]


def followed(settlement: Settlement, area: Prices, base: float | None = None) -> RealPay:
    return real_pay(settlement, area, since=FIRST, until=FIRST.plus(MONTHS - 1), base=base)


def figures(found: RealPay) -> list[float]:
    return [found.end.pay, found.end.prices, found.end.real, found.lost_months, found.lump_months,
            found.to_keep_pace_each, *(each.in_the_base for each in found.lumps)]


@given(settlements(in_dollars=True))
def test_what_is_written_is_read_again(settlement: Settlement) -> None:
    again = parse_settlement(str(settlement))
    for one, other in zip(settlement.steps, again.steps, strict=True):
        assert one.month == other.month
        assert _amounts(one) == pytest.approx(_amounts(other), abs=1e-12)
    assert str(again) == str(settlement)


def _amounts(step: Step) -> list[float]:
    return [step.share, step.dollars, step.lump_share, step.lump_dollars]


@given(settlements(), areas(), st.randoms(use_true_random=False))
def test_steps_may_be_written_in_any_order(
    settlement: Settlement, area: Prices, order: random.Random
) -> None:
    written = str(settlement).split(", ")
    order.shuffle(written)
    one, other = parse_settlement(", ".join(written)), parse_settlement(str(settlement))
    assert one == other and followed(one, area) == followed(other, area)


@given(settlements(), areas(), st.floats(0.01, 1000))
def test_the_base_of_an_index_does_not_matter(settlement: Settlement, area: Prices, factor: float) -> None:
    scaled = replace(area, months={month: value * factor for month, value in area.months.items()})
    here, there = followed(settlement, area), followed(settlement, scaled)
    assert figures(there) == pytest.approx(figures(here), abs=1e-9)


@given(settlements(in_dollars=True), areas(), st.floats(30_000, 300_000), st.sampled_from([0.5, 2, 3]))
def test_the_unit_of_money_does_not_matter(
    settlement: Settlement, area: Prices, base: float, factor: float
) -> None:
    scaled = Settlement(tuple(
        replace(step, dollars=step.dollars * factor, lump_dollars=step.lump_dollars * factor)
        for step in settlement.steps))
    here, there = followed(settlement, area, base), followed(scaled, area, base * factor)
    assert figures(there) == pytest.approx(figures(here), abs=1e-9)


@given(settlements(), areas())
def test_step_years_make_up_the_whole(settlement: Settlement, area: Prices) -> None:
    found = followed(settlement, area)
    for name, whole in (("raised", found.end.pay), ("prices", found.end.prices), ("real", found.end.real)):
        assert math.prod(1 + getattr(each, name) for each in found.step_years) == pytest.approx(whole)
    assert found.step_years[0].first == FIRST.plus(1) and found.step_years[-1].last == found.until
    assert sum(each.last.since(each.first) + 1 for each in found.step_years) == MONTHS - 1


@given(settlements(), areas())
def test_the_raise_that_keeps_pace_does(settlement: Settlement, area: Prices) -> None:
    found = followed(settlement, area)
    level = Settlement(tuple(Step(step.month, found.to_keep_pace_each) for step in settlement.steps))
    assert followed(level, area).end.real == pytest.approx(1)
    assert found.end.real * (1 + found.to_catch_up) == pytest.approx(1)


@given(settlements(), areas())
def test_a_lump_sum_leaves_the_base_alone(settlement: Settlement, area: Prices) -> None:
    without = Settlement(tuple(replace(step, lump_share=0.0) for step in settlement.steps))
    found, bare = followed(settlement, area), followed(without, area)
    assert [each.real for each in found.path] == [each.real for each in bare.path]
    assert bare.lump_months == 0 and found.lump_months >= 0


@given(settlements(), st.integers(2, 40))
def test_without_a_rise_of_prices_real_pay_is_pay(settlement: Settlement, index: int) -> None:
    still = prices({tuple(FIRST.plus(place)): float(index) for place in range(MONTHS)})  # type: ignore[misc]
    assert all(each.real == each.pay for each in followed(settlement, still).path)


@given(areas(), st.integers(0, MONTHS - 1))
def test_interpolated_lies_between_its_neighbours(area: Prices, place: int) -> None:
    month = FIRST.plus(place)
    price = area.at(month, interpolate=True)
    ends = [area.months[each] for each in price.read_at]
    assert min(ends) * (1 - 1e-12) <= price.value <= max(ends) * (1 + 1e-12)
    assert (price.how == "published") == (month in area.months)


@given(settlements(), areas())
def test_json_is_strict_and_the_same_again(settlement: Settlement, area: Prices) -> None:
    first, second = (json.dumps(as_json(followed(settlement, area)), allow_nan=False) for _ in range(2))
    assert first == second
