"""What a settlement buys: the case from the published series, and small tables worked by hand."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from tests.support.money import DEAL, prices

from careload.clinic import UsageError
from careload.staff.money import Month, prices_of, real_pay

usual = pytest.mark.usefixtures("own_tables")


@usual
def test_the_case_beside_prices_of_the_nation() -> None:
    found = real_pay(DEAL, until=Month(2025, 9))
    assert found.since == Month(2021, 9)
    assert found.end.pay == pytest.approx(1.04 * 1.03**3) == pytest.approx(1.136436)
    assert found.end.prices == 324.800 / 274.310 == pytest.approx(1.184062, abs=5e-7)
    assert round(100 * (found.end.real - 1), 2) == -4.02
    assert found.to_keep_pace == pytest.approx(0.184062, abs=5e-7)
    assert found.to_keep_pace_each == pytest.approx(1.184062**0.25 - 1, abs=5e-7)
    assert found.to_catch_up == pytest.approx(1.184062 / 1.136436 - 1, abs=5e-7)
    assert found.not_published == () and found.later == ()


@usual
def test_the_case_year_by_year() -> None:
    """Septembers 274.310, 296.808, 307.789, 315.301, 324.800."""
    found = real_pay(DEAL, until=Month(2025, 9)).step_years
    septembers = [274.310, 296.808, 307.789, 315.301, 324.800]
    rises = [after / before - 1 for before, after in pairwise(septembers)]
    assert [(str(each.first), str(each.last)) for each in found] == [
        ("2021-10", "2022-09"), ("2022-10", "2023-09"), ("2023-10", "2024-09"), ("2024-10", "2025-09")]
    assert [each.prices for each in found] == pytest.approx(rises)
    assert [each.raised for each in found] == pytest.approx([0.04, 0.03, 0.03, 0.03])
    assert [each.real for each in found] == pytest.approx(
        [(1 + raised) / (1 + rise) - 1 for raised, rise in zip([0.04, 0.03, 0.03, 0.03], rises, strict=True)])


@usual
def test_the_first_year_of_the_case() -> None:
    found = real_pay("4% 2021-10", until=Month(2022, 8))
    assert round(100 * found.to_keep_pace, 1) == 8.0


@usual
def test_the_case_beside_prices_of_san_francisco() -> None:
    found = real_pay(DEAL, "san-francisco", since=Month(2021, 8), until=Month(2025, 8))
    assert found.end.prices == 357.992 / 311.167
    assert round(100 * found.to_keep_pace, 1) == 15.0
    assert round(100 * (found.end.real - 1), 1) == -1.2


@usual
def test_a_month_not_published_is_read_at_the_one_before_and_named() -> None:
    august, september = (real_pay(DEAL, "san-francisco", since=Month(2021, month), until=Month(2025, month))
                         for month in (8, 9))
    assert september.end.real == august.end.real
    assert (september.end.price.how, september.end.price.read_at) == ("earlier", (Month(2025, 8),))
    assert Month(2025, 9) in {price.month for price in september.not_published}


@usual
def test_between_published_months_only_where_asked_for() -> None:
    found = prices_of("us").at(Month(2025, 10), interpolate=True)
    assert (found.how, found.read_at) == ("interpolated", (Month(2025, 9), Month(2025, 11)))
    assert found.value == pytest.approx(math.sqrt(324.800 * 324.122))
    assert prices_of("us").at(Month(2025, 10)).value == 324.800
    third = prices_of("san-francisco").at(Month(2025, 9), interpolate=True)
    assert third.value == pytest.approx(357.992 ** 0.75 * 358.568 ** 0.25)
    last = prices_of("us").at(Month(2026, 9), interpolate=True)
    assert (last.how, last.value) == ("earlier", 334.980)


def flat(months: int, rise: float = 1.0) -> Any:
    """Prices of 100 that rise by the same factor each month, from 2020-01."""
    return prices({(2020 + number // 12, number % 12 + 1): 100 * rise**number for number in range(months)})


def test_lost_months_by_hand() -> None:
    """Prices double, pay rises by half a month later: 1/2, then 1/4 of a month's pay is lost each month."""
    doubled = prices({(2020, 1): 100, (2020, 2): 200, (2020, 3): 200, (2020, 4): 200})
    found = real_pay("50% 2020-03", doubled, since=Month(2020, 1))
    assert [each.real for each in found.path] == [1, 0.5, 0.75, 0.75]
    assert found.lost_months == 1.0
    assert [each.raised for each in found.step_years] == [0, 0.5]
    assert [each.prices for each in found.step_years] == [1, 0]


def test_a_lump_sum_by_hand() -> None:
    """1 % of a year's pay is 0.12 months of it, once; as a raise 0.01 of a month's pay in 12 months."""
    found = real_pay("1% lump 2020-02", flat(13))
    (lump,) = found.lumps
    assert found.end.pay == 1
    assert (lump.of_then, lump.worth, lump.in_the_base) == pytest.approx((0.12, 0.12, 0.12))
    assert found.lost_months == 0 and found.lump_months == lump.worth


def test_a_lump_is_of_pay_after_the_raise() -> None:
    found = real_pay("10%+5% lump 2020-02, 10% 2020-03", flat(3))
    (lump,) = found.lumps
    assert (lump.of_then, lump.worth) == pytest.approx((0.6, 0.66))
    assert lump.in_the_base == pytest.approx(0.05 * 1.1 + 0.05 * 1.1 * 1.1)


def test_dollars_by_hand() -> None:
    """50,000 + 10 % + 5,000 = 60,000; then + 6,000 = 66,000; 1,000 once is 0.24 months of 50,000 a year."""
    found = real_pay("10%+$5,000+$1,000 lump 2020-02, $6,000 2020-03", flat(3), base=50_000)
    assert [each.pay for each in found.path] == pytest.approx([1, 1.2, 1.32])
    (lump,) = found.lumps
    assert (lump.worth, lump.of_then) == pytest.approx((0.24, 0.2))
    assert lump.in_the_base == pytest.approx(2 * 1000 / 50_000)


def test_steps_after_the_end_are_named_and_not_counted() -> None:
    found = real_pay("2% 2020-02, 3% 2030-01", flat(6))
    assert [str(step) for step in found.later] == ["3% 2030-01"]
    assert found.end.pay == 1.02 and len(found.steps) == 1


@pytest.mark.parametrize(("settlement", "options", "words"), [
    ("2% 2020-02", {"since": Month(2020, 2)}, "is not after 2020-02"),
    ("2% 2020-09", {"until": Month(2020, 3)}, "of 2020-09, comes after 2020-03"),
    ("2% 2020-01", {}, "not known for 2019-12"),
    ("2% 2020-02", {"until": Month(2020, 10)}, "newer table"),
    ("$2,000 2020-02", {}, "--base"),
    ("2% 2020-02", {"base": 0.0}, "0 dollars a year"),
    ("2% 2020-02", {"base": math.nan}, "nan dollars a year"),
    ("-$900 2020-02", {"base": 800.0}, "nothing is paid"),
])
def test_what_cannot_be_followed(settlement: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as refused:
        real_pay(settlement, flat(6), **options)
    assert words in str(refused.value)
