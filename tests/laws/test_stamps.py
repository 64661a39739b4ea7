"""Laws of reading dates: what is written comes back, and what is no date never becomes one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careload.history.stamps import Form, compile_format, offset_minutes, understood, usual_forms
from careload.history.zones import changes, wall_clock

CONNECTION = ibis.duckdb.connect()
ENGINES = ("duckdb", "")  # the fast way, and the portable one that every other engine goes
YEARS = {"min_value": datetime(1900, 1, 1), "max_value": datetime(2100, 12, 31, 23, 59, 59)}

DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d%m%Y", "%Y%m%d", "%d-%b-%Y", "%d %B %Y",
        "%B %d, %Y")
MOMENTS = ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%Y%m%d%H%M%S",
           "%d%m%Y %H:%M:%S")
USUAL = {None: ("%Y-%m-%d",), "ymd": ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"), "dmy": ("%d/%m/%Y", "%d.%m.%Y"),
         "mdy": ("%m/%d/%Y", "%m-%d-%Y")}


def read(texts: Sequence[str], forms: Sequence[Form]) -> list[datetime | None]:
    """The stamps in `texts`; both ways of reading must agree."""
    rows = {"n": range(len(texts)), "text": list(texts)}
    given_texts = ibis.memtable(rows, schema={"n": "int64", "text": "string"})
    table = CONNECTION.create_table("texts", given_texts, overwrite=True)
    ways = {f"way_{engine}": understood(table.text, forms, engine) for engine in ENGINES}
    made = table.select("n", **ways).order_by("n").to_pyarrow().to_pylist()
    for row, text in zip(made, texts, strict=True):
        assert row["way_duckdb"] == row["way_"], text
    return [row["way_"] for row in made]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 12, 31)), min_size=1, max_size=50))
@pytest.mark.parametrize("form", DAYS)
def test_a_day_in_any_format_comes_back(form: str, days: list[date]) -> None:
    assert read([day.strftime(form) for day in days], [compile_format(form)]) == [
        datetime(day.year, day.month, day.day) for day in days
    ]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.datetimes(**YEARS), min_size=1, max_size=50))
@pytest.mark.parametrize("form", MOMENTS)
def test_a_moment_in_any_format_comes_back(form: str, moments: list[datetime]) -> None:
    seconds = [moment.replace(microsecond=0) for moment in moments]
    assert read([moment.strftime(form) for moment in seconds], [compile_format(form)]) == seconds


@settings(max_examples=15, deadline=None)
@given(st.lists(st.datetimes(**YEARS), min_size=1, max_size=50), st.sampled_from(["", " ", "T"]),
       st.sampled_from(["", "Z", "+10:00", " -0330", "+05"]))
@pytest.mark.parametrize("order", USUAL)
def test_a_stamp_in_the_usual_forms_comes_back(
    order: str | None, moments: list[datetime], between: str, zone: str
) -> None:
    """With or without a time, with or without a zone; fractions of a second are dropped."""
    clock = f"{between}%H:%M:%S.%f" if between else ""
    for day in USUAL[order]:
        texts = [moment.strftime(day + clock) + (zone if clock else "") for moment in moments]
        expected = [
            moment.replace(microsecond=0) if clock else datetime(moment.year, moment.month, moment.day)
            for moment in moments
        ]
        assert read(texts, usual_forms(order)) == expected  # type: ignore[arg-type]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 12, 31)), min_size=1, max_size=50))
def test_a_leading_zero_that_a_spreadsheet_dropped(days: list[date]) -> None:
    texts = [day.strftime("%d%m%Y").removeprefix("0") for day in days]
    assert read(texts, [compile_format("%d%m%Y")]) == [datetime(d.year, d.month, d.day) for d in days]


ALMOST = st.from_regex(
    r"[0-9]{1,4}[-/. T]?[0-9]{1,2}[-/. ]?[0-9]{1,4}([ T][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?)?Z?",
    fullmatch=True,
)
ANY = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(ALMOST, ANY), min_size=1, max_size=80), st.sampled_from(list(USUAL)))
def test_what_is_no_date_never_becomes_one(texts: list[str], order: str | None) -> None:
    """Whatever is read is a date that the text writes: put back in a usual way, it is the same text."""
    for text, moment in zip(texts, read(texts, usual_forms(order)), strict=True):  # type: ignore[arg-type]
        if moment is not None:
            numbers = _numbers(text)
            day = (moment.year, moment.month, moment.day)
            ways = {"dmy": [day, day[::-1]], "mdy": [day, (day[1], day[2], day[0])]}.get(order or "", [day])
            assert tuple(numbers[:3]) in ways, text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(ALMOST, ANY), min_size=1, max_size=80), st.sampled_from((*DAYS, *MOMENTS)))
def test_a_format_reads_nothing_that_python_would_not(texts: list[str], form: str) -> None:
    for text, moment in zip(texts, read(texts, [compile_format(form)]), strict=True):
        if moment is not None:
            padded = text if text[1:2].isdigit() or not form.startswith("%d%m") else f"0{text}"
            padded = padded if len(padded.split()[0]) == 8 or not form.startswith("%d%m%Y") else f"0{text}"
            assert moment == datetime.strptime(padded, form), text


def _numbers(text: str) -> list[int]:
    import re

    if re.fullmatch(r"\d{8}.*", text):
        return [int(text[:4]), int(text[4:6]), int(text[6:8])]
    return [int(number) for number in re.findall(r"\d+", text)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-14 * 60, 14 * 60), min_size=1, max_size=50))
def test_offsets_come_back(minutes: list[int]) -> None:
    zones = [f"{'-' if m < 0 else '+'}{abs(m) // 60:02}:{abs(m) % 60:02}" for m in minutes]
    texts = [f"2024-03-01 10:00:00{zone}" for zone in zones]
    given_texts = ibis.memtable({"n": range(len(zones)), "text": texts})
    table = CONNECTION.create_table("offsets", given_texts, overwrite=True)
    made = table.select("n", m=offset_minutes(table.text, usual_forms(None))).order_by("n")
    assert made.to_pyarrow()["m"].to_pylist() == minutes


@settings(max_examples=30, deadline=None)
@given(st.lists(st.datetimes(datetime(1970, 1, 2), datetime(2050, 12, 30)), min_size=1, max_size=80),
       st.sampled_from(["America/Los_Angeles", "America/Sao_Paulo", "Europe/London", "Australia/Lord_Howe",
                        "Asia/Kolkata", "Africa/Casablanca", "UTC"]))
def test_wall_clocks_are_those_of_the_time_zone_data_base(moments: list[datetime], zone: str) -> None:
    near = [change.since + timedelta(minutes=m) for change in changes(zone)[1:4] for m in (-1, 0, 1)]
    utc = [moment.replace(microsecond=0) for moment in moments] + near
    table = CONNECTION.create_table("moments", ibis.memtable(
        {"n": range(len(utc)), "utc": utc}, schema={"n": "int64", "utc": "timestamp"}), overwrite=True)
    made = table.select("n", local=wall_clock(table.utc, zone, "duckdb")).order_by("n")
    there = [moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) for moment in utc]
    expected = [moment.replace(tzinfo=None) for moment in there]
    assert made.to_pyarrow()["local"].to_pylist() == expected
