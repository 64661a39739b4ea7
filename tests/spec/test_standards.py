"""Deadlines of every rule, worked by hand from its text: holidays, year ends, changes of the clocks."""

# ruff: noqa: E501  (a case is a row of a table)

from datetime import date, datetime

import pytest

from careload.clinic import UsageError
from careload.measure.standards import load_standards, standards_named

# rule, clock starts on, last day in time, why (counted on a calendar, by hand)
DAYS = [
    ("california-intake", "2024-02-20", "2024-03-05", "21-23 are days 1-3, the leap day is day 7, 5 March day 10"),
    ("california-intake", "2024-01-06", "2024-01-22", "a Saturday: Monday 8 is day 1; King Day 15 January is closed"),
    ("california-intake", "2020-06-29", "2020-07-13", "4 July on a Saturday moves to no other day in California"),
    ("california-follow-up", "2022-12-16", "2023-01-03", "Christmas and New Year on Sundays: both Mondays closed"),
    ("california-follow-up", "2024-03-18", "2024-04-02", "Cesar Chavez Day on Sunday: Monday 1 April closed"),
    ("california-follow-up", "2024-11-18", "2024-12-04", "Thanksgiving and the day after are closed"),
    ("california-follow-up", "2023-11-06", "2023-11-21", "11 November on a Saturday: Friday 10 is closed"),
    ("california-follow-up", "2023-10-02", "2023-10-16", "Columbus Day closes no state office: a business day"),
    ("california-follow-up", "2024-06-10", "2024-06-24", "Juneteenth closes no state office: a business day"),
    ("california-specialist", "2024-12-13", "2025-01-07", "15 days; Christmas and New Year's Day are closed"),
    ("california-medi-cal-intake", "2025-08-25", "2025-09-09", "Labor Day, 1 September, is closed"),
    ("mississippi-urgent", "2024-04-26", "2024-04-30", "Friday; the Monday is Confederate Memorial Day"),
    ("mississippi-urgent", "2024-05-01", "2024-05-02", "the next day"),
    ("mississippi-intake", "2024-06-10", "2024-06-24", "Juneteenth is no legal holiday of Mississippi"),
    ("mississippi-intake", "2021-12-20", "2022-01-03", "holidays on Saturdays move to no other day"),
    ("mississippi-intake", "2022-12-19", "2023-01-04", "holidays on Sundays: 26 December and 2 January closed"),
    ("us-medicaid-routine", "2027-11-05", "2027-11-22", "Veterans Day, Thursday 11 November, is closed"),
    ("us-medicaid-primary-care", "2027-12-17", "2028-01-11", "Saturday holidays are kept on Friday 24 and 31 December"),
    ("medicare-advantage-attention", "2024-12-20", "2025-01-02", "Christmas and New Year's Day are closed"),
    ("medicare-advantage-routine", "2024-10-01", "2024-11-14", "Columbus Day and Veterans Day are closed"),
    ("marketplace-behavioural", "2025-01-10", "2025-01-27", "King Day, 20 January, is closed"),
    ("marketplace-behavioural", "2024-06-10", "2024-06-25", "Juneteenth is a federal holiday"),
    ("ncqa-routine", "2025-05-19", "2025-06-03", "Memorial Day, 26 May, is closed"),
    ("new-york-intake", "2025-10-27", "2025-11-12", "election day 4 November and Veterans Day are closed"),
    ("new-york-intake", "2026-02-09", "2026-02-25", "Lincoln's birthday and Washington's birthday are closed"),
    ("new-york-after-ed", "2025-12-28", "2026-01-04", "seven calendar days end on a Sunday and stay there"),
    ("new-york-after-discharge", "2025-11-24", "2025-12-01", "Thanksgiving does not matter to calendar days"),
    ("va-mental-health", "2024-02-15", "2024-03-06", "20 days over a leap day"),
    ("va-mental-health", "2023-02-15", "2023-03-07", "20 days without one"),
    ("va-specialty", "2023-12-15", "2024-01-12", "28 days over the year end"),
    ("maryland-routine", "2024-12-24", "2025-01-03", "10 calendar days over the holidays"),
    ("nhs-talking-therapies-6-weeks", "2024-11-25", "2025-01-06", "42 days over the year end"),
    ("nhs-talking-therapies-18-weeks", "2024-01-01", "2024-05-06", "126 days over a leap day, ends on a bank holiday"),
    ("nhs-community-start-of-help", "2024-12-12", "2025-01-09", "28 days"),
    ("nhs-eating-disorder-urgent", "2024-12-27", "2025-01-03", "7 days"),
    ("nhs-eating-disorder-routine", "2024-02-05", "2024-03-04", "28 days over a leap day"),
    ("nhs-early-psychosis", "2024-03-25", "2024-04-08", "14 days over Easter"),
    ("hedis-follow-up-7", "2024-12-29", "2025-01-05", "7 days over the year end"),
    ("hedis-follow-up-30", "2024-01-31", "2024-03-01", "29 days reach the leap day, 30 the first of March"),
]

# rule, zone, clock starts at, last moment in time, why
HOURS = [
    ("california-urgent", "", "2024-03-09T12:00", "2024-03-11T13:00", "one hour is missing on 10 March"),
    ("california-urgent", "", "2024-11-02T12:00", "2024-11-04T11:00", "one hour comes twice on 3 November"),
    ("california-urgent", "", "2024-07-03T09:15", "2024-07-05T09:15", "a holiday does not stop the hours"),
    ("california-urgent-authorised", "", "2024-12-30T09:30", "2025-01-03T09:30", "96 hours over the year end"),
    ("california-medi-cal-urgent", "", "2024-02-28T08:00", "2024-03-01T08:00", "48 hours over a leap day"),
    ("maryland-urgent", "", "2024-11-01T10:00", "2024-11-04T09:00", "72 hours over the day of 25"),
    ("ncqa-urgent", "America/Chicago", "2025-03-08T18:00", "2025-03-10T19:00", "over the day of 23 hours"),
    ("ncqa-emergency", "America/Chicago", "2025-03-08T22:00", "2025-03-09T05:00", "six hours, one of them missing"),
    ("ncqa-emergency", "America/Phoenix", "2025-03-08T22:00", "2025-03-09T04:00", "Arizona keeps its clocks"),
    ("medicare-advantage-emergent", "America/Chicago", "2024-05-01T10:00", "2024-05-01T10:00", "at once"),
    ("nhs-crisis-very-urgent", "", "2024-03-30T23:30", "2024-03-31T04:30", "British summer time begins"),
    ("nhs-crisis-urgent", "", "2024-10-26T12:00", "2024-10-27T11:00", "British summer time ends"),
    ("nhs-crisis-liaison", "", "2024-12-31T23:30", "2025-01-01T00:30", "over the year end"),
]


@pytest.mark.parametrize(("rule", "start", "deadline", "why"), DAYS, ids=lambda cell: str(cell)[:30])
def test_last_day_in_time(rule: str, start: str, deadline: str, why: str) -> None:
    found = load_standards()[rule].deadline(date.fromisoformat(start))
    assert found == date.fromisoformat(deadline), why


@pytest.mark.parametrize(("rule", "zone", "start", "deadline", "why"), HOURS, ids=lambda cell: str(cell)[:30])
def test_last_moment_in_time(rule: str, zone: str, start: str, deadline: str, why: str) -> None:
    found = load_standards()[rule].deadline_at(datetime.fromisoformat(start), zone)
    assert found == datetime.fromisoformat(deadline), why


def test_every_rule_has_a_case_worked_by_hand() -> None:
    worked = {case[0] for case in DAYS} | {case[0] for case in HOURS}
    assert worked == set(load_standards())


def test_limits_as_the_texts_name_them() -> None:
    """Limit, clock, share and first day of the rules that the texts were read for."""
    rows = {
        rule.id: (rule.limit_words, rule.clock, rule.required_share, rule.in_force_from)
        for rule in load_standards().values()
    }
    follow_up = ("10 business days", "prior_appointment", None, date(2022, 7, 1))
    assert rows["california-follow-up"] == follow_up
    assert rows["maryland-urgent"] == ("72 hours", "request", 0.95, None)
    assert rows["nhs-talking-therapies-6-weeks"] == ("6 weeks", "referral", 0.75, date(2015, 4, 1))
    assert rows["mississippi-urgent"] == ("1 business day", "request", None, None)
    assert rows["us-medicaid-routine"] == ("10 business days", "request", 0.9, date(2027, 7, 9))
    assert rows["va-mental-health"] == ("20 calendar days", "request", None, date(2019, 6, 6))
    assert rows["medicare-advantage-routine"] == ("30 business days", "request", None, date(2024, 1, 1))


def test_a_clinician_may_approve_a_longer_wait_only_where_the_text_says_so() -> None:
    with_exception = {rule.id for rule in load_standards().values() if rule.exceptions}
    assert with_exception == {"california-follow-up"}


def test_what_is_from_memory_says_so() -> None:
    known = load_standards()
    assert known["california-intake"].marks["share"] == "M"
    assert known["california-intake"].mark == "M"
    assert known["california-follow-up"].mark == "R"
    assert known["us-medicaid-routine"].marks["date"] == "M"
    assert known["nhs-early-psychosis"].marks == {"limit": "M", "share": "M", "date": "M", "event": "M"}


def test_named_by_jurisdiction_or_by_rule() -> None:
    california = standards_named("california")
    assert {rule.jurisdiction for rule in california} == {"california"}
    assert len(california) == 7
    assert standards_named("California Follow-up") == (load_standards()["california-follow-up"],)
    assert {rule.id for rule in standards_named("hedis")} == {"hedis-follow-up-7", "hedis-follow-up-30"}


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("californa", "'california'"), ("missisippi", "'mississippi'"), ("california-folow-up", "'california-follow-up'")],
)
def test_a_wrong_name_is_answered_with_the_near_one(wrong: str, near: str) -> None:
    with pytest.raises(UsageError, match=f"Did you mean {near}") as told:
        standards_named(wrong)
    assert told.value.exit_code == 2


def test_hours_are_not_days() -> None:
    known = load_standards()
    with pytest.raises(UsageError, match="in hours, not in days"):
        known["california-urgent"].deadline(date(2024, 1, 1))
    with pytest.raises(UsageError, match="in business days, not in hours"):
        known["california-intake"].deadline_at(datetime(2024, 1, 1))
    with pytest.raises(UsageError, match="more than one time zone"):
        known["ncqa-urgent"].deadline_at(datetime(2024, 1, 1))


def test_a_rule_holds_only_while_in_force() -> None:
    rule = load_standards()["california-follow-up"]
    assert rule.period(date(2021, 1, 1), date(2022, 6, 30)) is None
    assert rule.period(date(2022, 1, 1), date(2022, 12, 31)) == (date(2022, 7, 1), date(2022, 12, 31))
    assert rule.period(date(2023, 1, 1), date(2023, 12, 31)) == (date(2023, 1, 1), date(2023, 12, 31))
    assert load_standards()["nhs-crisis-urgent"].period(date(2023, 1, 1), date(2023, 2, 1)) is None
