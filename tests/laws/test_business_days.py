"""Laws of the calendar, and the same limit on every engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careload.clinic import BusinessCalendar
from careload.measure.limits import hours_between, limit_days, limit_in_days
from careload.measure.standards import Standard, load_standards

FIRST, LAST = date(2016, 1, 1), date(2025, 12, 31)
TEN_YEARS = [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]
PLACES = [("US", ""), ("US", "CA"), ("US", "MS"), ("US", "NY"), ("US", "MD"), ("GB", "ENG")]
IN_DAYS = [rule for rule in load_standards().values() if rule.unit != "hours"]
# one rule per calendar and limit: the others would repeat the same numbers
DIFFERENT = list({(rule.calendar, rule.limit, rule.unit): rule for rule in IN_DAYS}.values())

days = st.dates(date(2005, 1, 1), date(2040, 12, 31))
calendars = st.sampled_from([BusinessCalendar(*place) for place in PLACES])


@given(calendars, days, st.integers(0, 400))
def test_business_days_are_calendar_days_without_weekends_and_holidays(
    calendar: BusinessCalendar, start: date, length: int
) -> None:
    end = start + timedelta(days=length)
    between = [start + timedelta(days=offset) for offset in range(1, length + 1)]
    closed = [day for day in between if day.weekday() >= 5 or day in calendar.holidays(day.year)]
    assert calendar.between(start, end) == length - len(closed)


@given(calendars, days, st.integers(1, 60))
def test_the_deadline_is_the_day_on_which_the_count_is_reached(
    calendar: BusinessCalendar, start: date, limit: int
) -> None:
    deadline = calendar.add(start, limit)
    assert calendar.between(start, deadline) == limit
    assert calendar.between(start, deadline - timedelta(days=1)) == limit - 1


@given(days, st.integers(0, 60), st.integers(-200, 200))
def test_whole_weeks_change_nothing_without_holidays(start: date, limit: int, weeks: int) -> None:
    plain, shift = BusinessCalendar(), timedelta(weeks=weeks)
    assert plain.add(start + shift, limit) - shift == plain.add(start, limit)


@given(calendars, days, st.integers(0, 30))
def test_a_later_start_never_has_an_earlier_deadline(
    calendar: BusinessCalendar, start: date, limit: int
) -> None:
    assert calendar.add(start, limit) <= calendar.add(start + timedelta(days=1), limit)


def test_every_start_has_one_limit() -> None:
    found = limit_days(load_standards()["california-follow-up"], FIRST, LAST)
    assert sorted(day for starts in found.values() for day in starts) == TEN_YEARS
    assert min(found) == 12  # from a Sunday over two weeks without a holiday
    assert date(2018, 11, 9) in found[19]  # Veterans Day, Thanksgiving and the day after in one span
    assert max(found) == 19


def test_only_weekends_are_closed_in_years_nobody_knows() -> None:
    assert BusinessCalendar("US", "CA").holidays(9999) == frozenset()
    assert BusinessCalendar("US").holidays(2101) == frozenset()



@pytest.fixture
def tables(request: pytest.FixtureRequest) -> Callable[[str, pa.Table], Any]:
    """`tables(engine, rows)`: the rows as a table of DuckDB, PostgreSQL or Spark."""

    def make(engine: str, rows: pa.Table) -> Any:
        if engine == "duckdb":
            return ibis.duckdb.connect().create_table("starts", rows)
        if engine == "postgres":
            url = request.getfixturevalue("postgres").database()
            return ibis.connect(url).create_table("starts", rows)
        backend = ibis.pyspark.connect(request.getfixturevalue("spark"))
        return backend.create_table("starts", rows, overwrite=True)

    return make


ENGINES = [
    "duckdb",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.slow]),
]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_the_limit_in_days_is_the_deadline_on_every_day_of_ten_years(
    tables: Callable[[str, pa.Table], Any], engine: str
) -> None:
    starts = tables(engine, pa.table({"start": pa.array([*TEN_YEARS, None], pa.date32())}))
    rules = DIFFERENT if engine == "duckdb" else [load_standards()["california-follow-up"]]
    for rule in rules:
        limit = limit_in_days(starts.start, rule, FIRST, LAST)
        rows = starts.select("start", days=limit).to_pyarrow().to_pylist()
        found = {row["start"]: row["days"] for row in rows}
        assert found.pop(None) is None
        assert found == {day: (rule.deadline(day) - day).days for day in TEN_YEARS}, rule.id


@pytest.mark.parametrize("engine", ENGINES)
def test_hours_pass_through_the_change_of_the_clocks_on_every_engine(
    tables: Callable[[str, pa.Table], Any], engine: str
) -> None:
    zone = "America/Los_Angeles"
    starts = [datetime(2024, 3, 8) + timedelta(hours=hour) for hour in range(72)]
    starts += [datetime(2024, 11, 1, 0, 30) + timedelta(hours=hour) for hour in range(72)]
    pairs = [(start, start + timedelta(hours=48)) for start in starts]
    columns = [pa.array(column, pa.timestamp("us")) for column in zip(*pairs, strict=True)]
    table = tables(engine, pa.table(columns, names=["start", "end"]))
    hours = hours_between(table.start, table.end, zone, date(2024, 1, 1), date(2024, 12, 31))
    rows = table.select("start", "end", hours=hours).to_pyarrow().to_pylist()
    for row in rows:
        assert row["hours"] == _elapsed(row["start"], row["end"], zone)
    assert {row["hours"] for row in rows} == {47.0, 48.0, 49.0}


@settings(deadline=None, max_examples=200)
@given(
    st.datetimes(datetime(2023, 1, 1), datetime(2025, 12, 31)),
    st.integers(0, 100),
    st.sampled_from(["America/Los_Angeles", "Europe/London", "America/Phoenix", "Australia/Lord_Howe"]),
)
def test_the_last_moment_is_as_many_hours_later(start: datetime, limit: int, zone: str) -> None:
    rule: Standard = replace(load_standards()["ncqa-urgent"], limit=limit)
    end = rule.deadline_at(start, zone)
    # a wall-clock time that comes twice is read as the first: up to an hour is lost
    assert limit - 1 <= _elapsed(start, end, zone) <= limit


def _elapsed(start: datetime, end: datetime, zone: str) -> float:
    moments = [moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for moment in (start, end)]
    return (moments[1] - moments[0]).total_seconds() / 3600
