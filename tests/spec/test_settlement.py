"""A pay settlement as text: what it says, and what is refused with its place."""

from __future__ import annotations

import pytest
from tests.support.money import DEAL

from careload.clinic import UsageError
from careload.staff.money import Month, Step, parse_settlement


def test_the_settlement_of_the_case() -> None:
    assert parse_settlement(DEAL).steps == (
        Step(Month(2021, 10), 0.04),
        Step(Month(2022, 10), 0.03, lump_share=0.01),
        Step(Month(2023, 10), 0.03),
        Step(Month(2024, 10), 0.03, lump_share=0.01),
    )


@pytest.mark.parametrize(("text", "step"), [
    ("0.5% 2021-10", Step(Month(2021, 10), 0.005)),
    ("-10% 2020-05", Step(Month(2020, 5), -0.1)),
    ("1% lump 2021-10", Step(Month(2021, 10), lump_share=0.01)),
    ("$2,000 2023-01", Step(Month(2023, 1), dollars=2000)),
    ("3% + $1,500.50 lump 2023-01", Step(Month(2023, 1), 0.03, lump_dollars=1500.5)),
    ("2%+$1,000+1% lump+$500 lump 2023-01", Step(Month(2023, 1), 0.02, 1000, 0.01, 500)),
    (" 4 %   2021-10 ", Step(Month(2021, 10), 0.04)),
])
def test_steps(text: str, step: Step) -> None:
    assert parse_settlement(text).steps == (step,)


def test_thousands_are_no_steps() -> None:
    found = parse_settlement("$2,000 2023-01,$900,000 lump 2024-01")
    assert [step.dollars + step.lump_dollars for step in found.steps] == [2000, 900_000]


@pytest.mark.parametrize(("text", "words"), [
    ("", "has no step"),
    (" , ", "has no step"),
    ("4% 2021-10,", "The step '' cannot be read"),
    ("4%", "The step '4%' cannot be read"),
    ("4 2021-10", "The amount '4'"),
    ("3,5% 2021-10", "decimals with a point"),
    ("4% 2021-13", "'2021-13' is not a month"),
    ("4% 2021/10", "Write it as YYYY-MM"),
    ("4% October", "'October' is not a month"),
    ("4% 2021-10, 3% 2021-10", "Two steps of the settlement begin in 2021-10"),
    ("4%+3% 2021-10", "two amounts of a kind"),
    ("400% 2021-10", "changes pay by 400 %"),
    ("-60% 2021-10", "changes pay by -60 %"),
    ("$ 1,234,.50 2023-01", "cannot be read"),
    ("$2,000,000 2021-10", "at most $1,000,000"),
    ("2000 dollars 2021-10", "cannot be read"),
    ("4%% 2021-10", "The amount '4%%'"),
    ("٤% 2021-10", "cannot be read"),
])
def test_what_cannot_be_read_is_named(text: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_settlement(text)
    assert words in str(refused.value)


def test_a_settlement_is_told_as_it_is_written() -> None:
    assert str(parse_settlement(DEAL)) == DEAL
    assert str(parse_settlement("$2,000 2023-01,-1.5% 2022-01")) == "-1.5% 2022-01, $2,000 2023-01"
