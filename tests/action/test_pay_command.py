"""`careload pay`: a steward asks what a settlement buys, a manager which raise would have kept pace."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from tests.support.money import DEAL
from typer.testing import CliRunner

from careload.__main__ import app

pytestmark = pytest.mark.usefixtures("own_tables")


def pay(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["pay", *arguments], env={"COLUMNS": "120"})


def refused(answer: Any, code: int, *words: str) -> None:
    error: Any = answer.exception
    assert getattr(error, "exit_code", None) == code, answer.exception
    assert answer.stdout == ""
    assert all(word in str(error) for word in words), str(error)
    assert error.found and error.expected and error.remedy


def test_the_answer_for_a_person() -> None:
    answer = pay(DEAL, "--from", "2021-09", "--until", "2025-09")
    assert answer.exit_code == 0, answer.exception
    plain = " ".join(answer.stdout.split())
    assert "beside consumer prices of U.S. city average, 2021-09 to 2025-09" in plain
    assert "│ 2021-10 to 2022-09 │ +4.00 % │ +8.20 % │ -3.88 % │" in plain
    assert "│ in all │ +13.64 % │ +18.41 % │ -4.02 % │" in plain
    assert "To keep pace: 18.41 % in all, or 4.31 % at each of the 4 steps. A raise of 4.19 % more" in plain
    assert "1.08 months of pay of then; with what was paid once, 0.84 lost." in plain
    assert "CUUR0000SA0, United States Bureau of Labor Statistics (read)." in plain


def test_a_month_not_published_is_named() -> None:
    asked = (DEAL, "--area", "San Francisco", "--until", "2025-08", "--from", "2021-08")
    earlier = " ".join(pay(*asked).stdout.split())
    assert "│ in all │ +13.64 % │ +15.05 % │ -1.22 % │" in earlier
    assert "Not published, so read: 2021-09 as 2021-08; 2022-09 as 2022-08;" in earlier
    between = " ".join(pay(*asked, "--interpolate", "--monthly").stdout.split())
    assert "2022-09 interpolated from 2022-08 and 2022-10" in between
    assert "│ 2025-07 │ 1.1364 │" in between and "interpolated from 2025-06 and 2025-08 │" in between


def test_dollars() -> None:
    plain = " ".join(pay("$2,000+2% 2021-10", "--base", "90000", "--until", "2022-08").stdout.split())
    assert "In dollars a year: 90,000 in 2021-09, 93,800 in 2022-08; to buy the same it would be 97,173." in (
        plain)


def test_pay_that_buys_more() -> None:
    plain = " ".join(pay("20% 2021-10, 3% 2030-01", "--until", "2022-08").stdout.split())
    assert "in 2022-08 pay buys 11.14 % more." in plain and "would be needed" not in plain
    assert "Purchasing power gained after 2021-09" in plain
    assert "Not counted, for prices after 2022-08 are not asked for or not known yet: 3% 2030-01." in plain


def test_json_is_the_same_bytes_each_time() -> None:
    asked = [sys.executable, "-m", "careload", "pay", DEAL, "--until", "2025-09", "--json"]
    first, second = (subprocess.run(asked, capture_output=True, check=True).stdout for _ in range(2))
    assert first == second
    answer = json.loads(first)
    assert answer["schema"] == "careload/pay/1" and answer["settlement"] == DEAL
    assert (answer["since"], answer["until"], answer["interpolate"]) == ("2021-09", "2025-09", False)
    assert answer["pay"] == pytest.approx(1.04 * 1.03**3)
    assert answer["prices"] == pytest.approx(1.184062, abs=5e-7)
    assert round(100 * answer["change"]["real"], 2) == -4.02
    assert len(answer["months"]) == 49 and len(answer["step_years"]) == 4 and len(answer["lumps"]) == 2
    assert answer["source"]["mark"] == "read" and answer["source"]["own"] is None
    assert answer["not_published"] == []


@pytest.mark.parametrize(("arguments", "words"), [
    ((DEAL, "--area", "san-fransisco"), ["'san-fransisco'", "Did you mean 'san-francisco'?"]),
    ((DEAL, "--area", "mississippi"), ["east-south-central"]),
    ((DEAL, "--from", "yesterday"), ["--from: 'yesterday' is not a month"]),
    ((DEAL, "--until", "2035-01"), ["2035-01", "2000-01 to 2026-08"]),
    ((DEAL, "--from", "2021-10"), ["is not after 2021-10"]),
    (("4 2021-10",), ["The amount '4'"]),
    (("$2,000 2021-10",), ["--base"]),
    (("4% 2021-10", "--base", "0"), ["0 dollars a year"]),
])
def test_what_is_refused(arguments: tuple[str, ...], words: list[str]) -> None:
    refused(pay(*arguments), 2, *words)


def test_an_ended_series_says_until_when_it_goes() -> None:
    asked = (DEAL, "--area", "cleveland")
    refused(pay(*asked), 2, "of 2021-10, comes after 2017-11", "an area whose prices are known for longer")
    refused(pay(*asked, "--until", "2022-01"), 2, "Cleveland-Akron, OH", "2000-01 to 2017-11")
