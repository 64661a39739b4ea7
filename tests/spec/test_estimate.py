"""An estimate prints as a sentence: value, doubt, what was counted, and who was cut off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from careload.clinic import Estimate, plural
from careload.clinic.estimate import CUT_OFF
from careload.measure import definitions

MEDIAN = Estimate(
    "return_interval", "median", 47.0, 44.0, 51.0, "days", 3_112, censored=804, interval="log-log",
    counted="intervals",
)  # fmt: skip


def test_the_sentence_of_the_return_interval() -> None:
    assert str(MEDIAN) == (
        "return_interval: median 47 days (44-51); n = 3,112 intervals, 804 people still waiting are counted"
    )


def test_where_some_died_or_left_care_not_all_of_them_are_said_to_wait() -> None:
    told = str(replace(MEDIAN, ended=True))
    assert told.endswith("804 people still waiting or out of care otherwise are counted")


@pytest.mark.parametrize(("measure", "counted", "told"), [
    ("second_visit_wait", "intakes", "804 not seen again are counted"),
    ("intake_wait", "requests", "804 not answered are counted"),
    ("tenure", "clinicians", "804 still employed are counted"),
    ("time_to_fill", "vacancies", "804 still vacant are counted"),
    ("episode_length", "episodes", "804 still open are counted"),
    ("follow_up_after_ed", "emergency visits", "804 not followed up are counted"),
    ("caseload_handed_over", "patients handed over", "804 not seen again are counted"),
    ("third_next_available", "clinicians", "804 with fewer than three free slots are counted"),
    ("something_new", "things", "804 cut off by the end of the records are counted"),
])  # fmt: skip
def test_who_was_cut_off_is_told_in_the_words_of_what_is_counted(
    measure: str, counted: str, told: str
) -> None:
    assert str(replace(MEDIAN, measure=measure, counted=counted)).endswith(f"n = 3,112 {counted}, {told}")


def test_every_measure_of_a_time_has_words_for_those_cut_off() -> None:
    times = [each for each in definitions().values() if each.kind == "time"]
    never = {"clocks_to_first_visit", "lead_time", "prescribed_interval"}
    assert {each.name for each in times if each.counted not in CUT_OFF} == never


def test_one_is_told_as_one() -> None:
    one = replace(MEDIAN, value=1.0, low=1.0, high=2.0, n=1, censored=1)
    assert str(one) == (
        "return_interval: median 1 day (1-2); n = 1 interval, 1 person still waiting is counted"
    )


@pytest.mark.parametrize(("many", "one"), [
    ("days", "day"), ("vacancies", "vacancy"), ("patients handed over", "patient handed over"),
    ("return visits", "return visit"), ("hours due per hour paid", "hour due per hour paid"),
    ("share", "share"), ("leavers per 100 clinician-years", "leaver per 100 clinician-years"),
])  # fmt: skip
def test_the_noun_follows_the_number(many: str, one: str) -> None:
    assert (plural(1, many), plural(2, many), plural(0, many)) == (one, many, many)


def test_nobody_cut_off_is_not_spoken_of() -> None:
    assert str(replace(MEDIAN, censored=0)).endswith("n = 3,112 intervals")
    assert replace(MEDIAN, censored=0).cut_off_words == ""
