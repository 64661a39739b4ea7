"""Shares within a standard agree with their slow and obvious twins."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from careload.clinic import Estimate
from careload.measure import within
from careload.measure.standards import load_standards
from careload.measure.view import View
from tests.support.estimates import of_plans, of_rule
from tests.support.made_rows import FIRST, made_rows
from tests.support.records import records
from tests.twin import plain_standards as plain
from tests.twin.plain_standards import Limit

STANDARDS = load_standards()
CALIFORNIA = STANDARDS["california-intake"].calendar
TEN = Limit(10, CALIFORNIA)
FIFTEEN = Limit(15, CALIFORNIA)


def only(found: list[Estimate], statistic: str = "share") -> tuple[float | None, int | None]:
    (each,) = [one for one in found if one.statistic == statistic]
    return each.value, each.n


def same(found: tuple[float | None, int | None], expected: tuple[float | None, int]) -> None:
    assert found[1] == expected[1]
    assert found[0] == pytest.approx(expected[0], abs=1e-12)


@pytest.fixture(scope="module", params=[3, 4])
def service(request: pytest.FixtureRequest) -> tuple[dict, date, View]:
    tables = made_rows(request.param, 80)
    as_of = FIRST + timedelta(330)
    return tables, as_of, View(records(**tables), as_of)


@pytest.mark.parametrize(
    ("rule", "limit", "urgency"),
    [("california-intake", TEN, "routine"), ("california-specialist", FIFTEEN, "routine")],
)
def test_first_appointments_offered_within_the_limit(service, rule, limit, urgency) -> None:
    tables, as_of, view = service
    judged = within.judge(STANDARDS[rule], view)
    assert judged.observed == "offered"
    same(
        only(of_rule(judged, view)),
        plain.intake_within(tables, as_of, limit, urgency, "offered"),
    )


def test_first_visits_attended_within_the_limit(service) -> None:
    tables, as_of, view = service
    rules = [
        each
        for each in STANDARDS.values()
        if each.measure == "intake_wait"
        and each.event == "attended"
        and each.unit in ("weeks", "calendar_days")
    ]
    assert rules
    for rule in rules:
        days = rule.limit * (7 if rule.unit == "weeks" else 1)
        expected = plain.intake_within(tables, as_of, Limit(days), rule.urgency, "attended")
        same(only(of_rule(within.judge(rule, view), view)), expected)


def test_follow_up_offered_within_ten_business_days(service) -> None:
    tables, as_of, view = service
    found = of_rule(within.judge(STANDARDS["california-follow-up"], view), view)
    for statistic, excepted in (("share", False), ("share_with_exceptions", True)):
        expected = plain.return_within(tables, as_of, TEN, offered=True, excepted=excepted)
        same(only(found, statistic), expected)


def test_follow_up_attended_where_no_offers_are_recorded(service) -> None:
    tables, as_of, _ = service
    bare = {
        **tables,
        "appointments": [
            {key: value for key, value in row.items() if key != "first_offered_at"}
            for row in tables["appointments"]
        ],
    }
    view = View(records(**bare), as_of)
    judged = within.judge(STANDARDS["california-follow-up"], view)
    assert judged.observed == "attended"
    expected = plain.return_within(bare, as_of, TEN, offered=False, excepted=False)
    same(only(of_rule(judged, view)), expected)


@pytest.mark.parametrize("measure", ["follow_up_after_ed", "follow_up_after_discharge"])
def test_follow_up_after_hospital(service, measure) -> None:
    tables, as_of, view = service
    kind = {"follow_up_after_ed": "ed", "follow_up_after_discharge": "inpatient"}[measure]
    rules = [each for each in STANDARDS.values() if each.measure == measure]
    assert rules
    for rule in rules:
        expected = plain.follow_up_within(tables, as_of, Limit(rule.limit), kind)
        same(only(of_rule(within.judge(rule, view), view)), expected)


def test_cancelled_by_the_clinic_shortly_before_the_limit(service) -> None:
    tables, as_of, view = service
    found = of_plans([within.cancelled_before_limit(STANDARDS["california-intake"], view, ())], view)
    same(only(found), plain.cancelled_before_limit(tables, as_of, TEN, "routine"))


def test_first_visit_on_time_and_second_late(service) -> None:
    tables, as_of, view = service
    rules = STANDARDS["california-intake"], STANDARDS["california-follow-up"]
    same(
        only(of_plans([within.fast_intake_slow_second(*rules, view, (), {})], view)),
        plain.fast_intake_slow_second(tables, as_of, TEN, TEN),
    )
