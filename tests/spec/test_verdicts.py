"""A verdict never stands without rule, clock and share; what is not known is not said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from careload.measure.standards import load_standards
from careload.measure.verdicts import verdict

SIX_WEEKS = load_standards()["nhs-talking-therapies-6-weeks"]
FOLLOW_UP = load_standards()["california-follow-up"]
MARYLAND = load_standards()["maryland-routine"]
IN_2024: dict[str, Any] = {"first": date(2024, 1, 1), "last": date(2024, 12, 31)}


def test_meets_with_rule_clock_and_share() -> None:
    said = verdict(SIX_WEEKS, 0.80, 0.78, 0.82, 1500, observed="attended", **IN_2024)
    assert (said.verdict, said.rule, said.clock, said.share) == ("meets", SIX_WEEKS.id, "referral", 0.80)
    assert said.limit == "6 weeks"
    assert said.required_share == 0.75
    assert said.mark == "R"
    assert said.because == (
        "80.0 % (78.0-82.0) of 1,500 waits were attended within 6 weeks of the referral. "
        "The share required is 75.0 % (read in the text)."
    )


def test_the_share_itself_is_compared_and_the_interval_is_shown() -> None:
    said = verdict(SIX_WEEKS, 0.74, 0.70, 0.78, 500, observed="attended", **IN_2024)
    assert said.verdict == "misses"
    assert "(70.0-78.0)" in said.because
    assert verdict(SIX_WEEKS, 0.75, 0.7, 0.8, 500, observed="attended", **IN_2024).verdict == "meets"


def test_a_share_just_below_is_written_with_the_digits_that_show_it() -> None:
    said = verdict(SIX_WEEKS, 0.74996, 0.74, 0.76, 90_000, observed="attended", **IN_2024)
    assert said.verdict == "misses"
    assert said.because.startswith("74.996 %")


def test_a_rule_whose_text_names_no_share_holds_for_each() -> None:
    said = verdict(FOLLOW_UP, 0.31, 0.30, 0.32, 9000, observed="offered", counted="intervals", **IN_2024)
    assert said.verdict == "misses"
    assert said.required_share is None
    assert said.share == 0.31
    assert said.because == (
        "31.0 % (30.0-32.0) of 9,000 intervals were offered "
        "within 10 business days of the appointment before. "
        "The text names no share, so it is read as holding for each."
    )
    assert verdict(FOLLOW_UP, 1.0, 0.99, 1.0, 9000, observed="offered", **IN_2024).verdict == "meets"


def test_without_offers_a_rule_about_offers_cannot_be_said() -> None:
    attended = verdict(MARYLAND, 0.99, 0.98, 1.0, 800, observed="attended", **IN_2024)
    assert attended.verdict == "cannot be said"
    assert attended.share == 0.99
    assert "the records only show those attended" in attended.because
    assert verdict(MARYLAND, 0.99, 0.98, 1.0, 800, observed="offered", **IN_2024).verdict == "meets"


def test_a_share_from_memory_is_no_ground_for_a_verdict() -> None:
    rule = load_standards()["california-intake"]
    said = verdict(rule, 0.62, 0.6, 0.64, 700, observed="offered", **IN_2024)
    assert said.verdict == "cannot be said"
    assert "The share required is 70.0 % (from memory); if that is right it would be missed." in said.because
    assert "would be met" in verdict(rule, 0.7, 0.6, 0.8, 700, observed="offered", **IN_2024).because


def test_a_limit_from_memory_is_no_ground_either() -> None:
    rule = replace(SIX_WEEKS, marks={"limit": "M", "share": "R"})
    said = verdict(rule, 0.9, 0.8, 1.0, 700, observed="attended", **IN_2024)
    assert said.verdict == "cannot be said"
    assert said.mark == "M"
    assert "limit is from memory and" in said.because


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2020, 1, 1), date(2021, 12, 31), "not in force then (from 2022-07-01; the records cover"),
        (date(2022, 1, 1), date(2023, 12, 31), "for a part of the records only (from 2022-07-01): measure"),
    ],
)
def test_a_rule_not_in_force_says_so(first: date, last: date, told: str) -> None:
    rule = replace(FOLLOW_UP, required_share=0.9, marks={"limit": "R", "share": "R", "date": "R"})
    said = verdict(rule, 0.95, 0.94, 0.96, 700, observed="offered", first=first, last=last)
    assert said.verdict == "cannot be said"
    assert told in said.because


def test_a_first_day_from_memory_is_told_as_such() -> None:
    rule = load_standards()["us-medicaid-routine"]
    said = verdict(rule, 0.95, 0.94, 0.96, 700, observed="offered", **IN_2024)
    assert "rating periods from 9 July 2027, a date from memory" in said.because


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("nhs-community-start-of-help", "only proposed"),
        ("ncqa-routine", "a goal of an accreditor"),
        ("va-mental-health", "sets no share"),
        ("hedis-follow-up-7", "sets no target"),
    ],
)
def test_what_is_no_binding_rule_is_not_judged(rule: str, told: str) -> None:
    standard = load_standards()[rule]
    said = verdict(standard, 1.0, 1.0, 1.0, 700, observed=standard.event, **IN_2024)
    assert said.verdict == "cannot be said"
    assert told in said.because


def test_a_hidden_share_stays_hidden() -> None:
    said = verdict(
        SIX_WEEKS, 0.123, 0.05, 0.3, 8, observed="attended", hidden=True, detail="All: 12.3 %.", **IN_2024
    )
    assert said.verdict == "cannot be said"
    assert said.share is None
    assert "12.3" not in said.because
    assert "to protect a small group" in said.because


def test_what_is_missing_is_named() -> None:
    said = verdict(SIX_WEEKS, None, None, None, None, observed="attended", missing="there are no referrals")
    assert said.verdict == "cannot be said"
    assert said.because.endswith("because there are no referrals.")


def test_a_further_sentence_can_stand_beside_it() -> None:
    detail = "Without approved exceptions it is 70.0 %."
    said = verdict(SIX_WEEKS, 0.8, 0.7, 0.9, 100, observed="attended", detail=detail, **IN_2024)
    assert said.because.endswith(detail)
