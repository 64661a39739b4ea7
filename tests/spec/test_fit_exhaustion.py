"""How exhausted staff are on the last day, and how full the caseloads of newcomers, by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from tests.spec.test_fit_staffing import weekdays
from tests.support.by_hand import Row
from tests.support.fitted import evidence_of

from careload.model.belief import NUMBER_OF_DRAWS, Belief
from careload.model.direct.exhaustion import course_of, find_exhaustion
from careload.model.direct.posts_now import filling_days

MONDAY, WEEKS = date(2024, 1, 1), 20
RISE, RECOVERY, START = 0.1, 0.02, 0.3


def given(place: str, value: float) -> Belief:
    return Belief(place, value, draws=np.full(NUMBER_OF_DRAWS, value))


BELIEVED = {place: given(place, value) for place, value in (
    ("workforce.exhaustion_rise", RISE), ("workforce.exhaustion_recovery", RECOVERY),
    ("workforce.exhaustion_start", START))}


def hours(after: list[float]) -> list[Row]:
    return [{"clinician": "a", "site": "North", "profession": "psychologist", "paid": 40.0,
             "worked": 40.0 + own, "after_hours": own, "week_start": MONDAY + timedelta(weeks=week)}
            for week, own in enumerate(after)]


def course(**tables: list[Row]) -> np.ndarray | None:
    last = str(MONDAY + timedelta(weeks=WEEKS, days=-1))
    found = course_of(evidence_of(last, appointments=weekdays(WEEKS, "a"), **tables), BELIEVED)
    return None if found is None else np.median(found, axis=1)


def test_always_a_tenth_unpaid_settles_where_the_rise_is_what_recovers() -> None:
    """e = rise u / recovery = 0.1 x 0.1 / 0.02 = 0.5, from the first week to the last."""
    assert course(hours=hours([4.0] * WEEKS)) == pytest.approx(np.full(WEEKS + 1, 0.5), abs=1e-6)


def test_after_the_load_ends_exhaustion_decays() -> None:
    """Half of the weeks a fifth unpaid: 0.5 at first, up towards 1, then down by a fiftieth a week."""
    found = course(hours=hours([8.0] * 10 + [0.0] * 10))
    assert found is not None
    rising = [0.5]
    for _week in range(10):
        rising.append(rising[-1] * (1 - RECOVERY) + RISE * 0.2)
    assert found[:11] == pytest.approx(rising)
    assert found[-1] == pytest.approx(rising[-1] * (1 - RECOVERY) ** 10)


def test_what_staff_said_stands_in_its_week() -> None:
    asked = [{"asked_on": MONDAY + timedelta(weeks=9, days=4), "site": "North", "profession": "psychologist",
              "asked": 2000, "answered": 2000, "burned_out": 400}]
    found = course(surveys=asked)
    assert found is not None
    assert found[:10] == pytest.approx(START), "nobody wrote down hours: as newcomers until they were asked"
    assert found[10:] == pytest.approx(np.full(len(found) - 10, 0.2), abs=0.01)


def test_without_hours_and_surveys_nothing_is_said() -> None:
    evidence = evidence_of("2024-05-19", appointments=weekdays(WEEKS, "a"))
    assert list(find_exhaustion(evidence, BELIEVED)) == []


def test_exhaustion_is_told_against_that_of_newcomers() -> None:
    last = str(MONDAY + timedelta(weeks=WEEKS, days=-1))
    evidence = evidence_of(last, appointments=weekdays(WEEKS, "a"), hours=hours([4.0] * WEEKS))
    (found,) = find_exhaustion(evidence, BELIEVED)
    assert found.place == "start.exhaustion"
    assert found.value == pytest.approx(0.5 / START, abs=1e-6)


def test_days_until_a_caseload_is_full() -> None:
    """Two newcomers, 50 and 100 days there, usual caseload 60: 15 and 30 patients are filled in 200 days."""
    assert filling_days(np.array([50.0, 100.0]), np.array([15.0, 30.0]), np.full(2, 60.0)) == 200
    assert filling_days(np.array([50.0]), np.array([70.0]), np.array([60.0])) == 0, "full at once"
    assert filling_days(np.array([50.0]), np.array([0.0]), np.array([60.0])) == 365, "none yet"
