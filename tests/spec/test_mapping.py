"""The mapping file, key by key. Each test is a small table before and after."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from tests.support.mappings import ANY_APPOINTMENTS, ANYWHERE, appointments
from tests.support.raws import cells, shaped


def test_columns_have_other_names() -> None:
    made = appointments(ANYWHERE, """
        Who | When             | What
        p1  | 2024-03-01 09:30 | completed
    """)
    assert cells(made, "patient") == ["p1"]
    assert cells(made, "starts_at") == [datetime(2024, 3, 1, 9, 30)]
    assert cells(made, "status") == ["completed"]
    assert made.supplied == {"patient", "starts_at", "status"}


def test_names_are_compared_without_case_and_spaces() -> None:
    made = appointments('patient = "patient id"\nstarts_at = "When"\nstatus = "What"', """
        Patient_ID | When       | What
        p1         | 2024-03-01 | completed
    """)
    assert cells(made, "patient") == ["p1"]


def test_words() -> None:
    """Case and spaces do not matter; a word that is not listed is not guessed."""
    columns = 'patient = "Who"\nstarts_at = "When"\n' \
        'status = { column = "No-show", words = { Yes = "no_show", No = "completed" } }'
    made = appointments(columns, """
        Who | When       | No-show
        p1  | 2024-03-01 | Yes
        p2  | 2024-03-01 | NO
        p3  | 2024-03-01 | perhaps
        p4  | 2024-03-01 |
    """)
    assert cells(made, "status") == ["no_show", "completed", "?", None]


def test_a_word_may_mean_that_nothing_is_known() -> None:
    columns = ANYWHERE + 'kind = { column = "Type", words = { 1 = "intake", 2 = "return", 9 = "" } }'
    made = appointments(columns, """
        Who | When       | What      | Type
        p1  | 2024-03-01 | completed | 1
        p1  | 2024-03-08 | completed | 2
        p1  | 2024-03-15 | completed | 9
        p1  | 2024-03-22 | completed | 7
    """)
    assert cells(made, "kind") == ["intake", "return", None, "?"]


def test_otherwise() -> None:
    columns = ANYWHERE + 'kind = { column = "Type", words = { 1 = "intake" }, otherwise = "other" }'
    made = appointments(columns, """
        Who | When       | What      | Type
        p1  | 2024-03-01 | completed | 1
        p1  | 2024-03-08 | completed | 2
        p1  | 2024-03-15 | completed |
    """)
    assert cells(made, "kind") == ["intake", "other", None]


def test_cases() -> None:
    """Where one column does not say enough: who cancelled stands in another."""
    columns = 'patient = "Who"\nstarts_at = "When"\n' + """
        [appointments.columns.status]
        cases = [
            { when = { State = "done" }, value = "completed" },
            { when = { State = "cancelled", By = ["patient", "family"] }, value = "cancelled_by_patient" },
            { when = { State = "cancelled", By = "office" }, value = "cancelled_by_clinic" },
            { when = { State = "open", By = "" }, value = "booked" },
        ]
    """
    made = appointments(columns, """
        Who | When       | State     | By
        p1  | 2024-03-01 | done      |
        p2  | 2024-03-01 | Cancelled | Family
        p3  | 2024-03-01 | cancelled | office
        p4  | 2024-03-01 | cancelled |
        p5  | 2024-03-01 | open      |
        p6  | 2024-03-01 |           |
    """)
    assert cells(made, "status") == [
        "completed", "cancelled_by_patient", "cancelled_by_clinic", "?", "booked", None,
    ]


def test_constant() -> None:
    made = appointments(ANYWHERE + 'kind = { constant = "group" }\nminutes = { constant = 50 }', """
        Who | When       | What
        p1  | 2024-03-01 | completed
    """)
    assert cells(made, "kind") == ["group"]
    assert cells(made, "minutes") == [50.0]


def test_composite_key() -> None:
    """Joined by the separator; without one of its parts there is no key."""
    columns = 'patient = { columns = ["Org", "Key"], separator = ":" }\nstarts_at = "When"\nstatus = "What"'
    made = appointments(columns, """
        Org | Key | When       | What
        A   | 7   | 2024-03-01 | completed
        B   | 7   | 2024-03-01 | completed
        B   |     | 2024-03-01 | completed
    """)
    assert cells(made, "patient") == ["A:7", "B:7", None]


def test_date_and_time_in_two_columns() -> None:
    """A missing time leaves the day."""
    columns = 'patient = "Who"\nstatus = "What"\nstarts_at = { columns = ["Day", "Time"] }'
    made = appointments(columns, """
        Who | Day        | Time     | What
        p1  | 2024-03-01 | 09:30:00 | completed
        p2  | 2024-03-01 |          | completed
        p3  |            | 09:30:00 | completed
    """)
    assert cells(made, "starts_at") == [datetime(2024, 3, 1, 9, 30), datetime(2024, 3, 1), None]


@pytest.mark.parametrize(("order", "text", "day"), [
    ("dmy", "4/5/2024", date(2024, 5, 4)),
    ("mdy", "4/5/2024", date(2024, 4, 5)),
    ("dmy", "04.05.2024", date(2024, 5, 4)),
    ("dmy", "2024-05-04", date(2024, 5, 4)),  # a year of four digits in front is never in doubt
    ("ymd", "20240504", date(2024, 5, 4)),
    ("dmy", "31/04/2024", "?"),  # April has 30 days
    ("mdy", "13/04/2024", "?"),
    ("dmy", "4/5/24", "?"),  # which century? say so with a format
])
def test_date_order(order: str, text: str, day: date | str) -> None:
    toml = f"""
        source.date_order = "{order}"
        [episodes]
        from = "e"
        columns = {{ patient = "p", opened_on = "d" }}
    """
    table = shaped(toml + ANY_APPOINTMENTS, e=f"p | d\np1 | {text}", v="w | x | y\n1 | 2 | 3")["episodes"]
    assert cells(table, "opened_on") == [day]


def test_without_a_date_order_a_day_is_not_guessed() -> None:
    made = appointments(ANYWHERE, "Who | When | What\np1 | 04/05/2024 | completed")
    assert cells(made, "starts_at") == ["?"]


@pytest.mark.parametrize(("form", "text", "moment"), [
    ("%d%m%Y", "09032016", datetime(2016, 3, 9)),
    ("%d%m%Y", "9032016", datetime(2016, 3, 9)),  # the zero that a spreadsheet drops
    ("%d%m%Y", "09099999", datetime(9999, 9, 9)),  # "no end": see `empty`
    ("%d%m%Y", "903216", "?"),
    ("%d/%m/%y", "9/3/16", datetime(2016, 3, 9)),
    ("%d/%m/%y", "9/3/69", datetime(1969, 3, 9)),
    ("%m/%d/%Y %I:%M %p", "3/9/2016 12:05 AM", datetime(2016, 3, 9, 0, 5)),
    ("%m/%d/%Y %I:%M %p", "3/9/2016 2:05 p.m.", datetime(2016, 3, 9, 14, 5)),
    ("%d-%b-%Y", "09-Mar-2016", datetime(2016, 3, 9)),
    ("%d %B %Y, %H:%M", "9 March 2016, 14:05", datetime(2016, 3, 9, 14, 5)),
    ("%Y%m%d%H%M", "201603091405", datetime(2016, 3, 9, 14, 5)),
    ("%d.%m.%Y", "30.02.2016", "?"),
    ("%d.%m.%Y", "2016-03-09", "?"),  # a format is meant literally
])
def test_format(form: str, text: str, moment: datetime | str) -> None:
    columns = f'patient = "Who"\nstatus = "What"\nstarts_at = {{ column = "When", format = "{form}" }}'
    made = appointments(columns, f"Who | When | What\np1 | {text} | completed")
    assert cells(made, "starts_at") == [moment]


def test_several_formats_are_tried_in_order() -> None:
    columns = 'patient = "Who"\nstatus = "What"\n' \
        'starts_at = { column = "When", format = ["%d/%m/%Y %H:%M", "%d/%m/%Y"] }'
    made = appointments(columns, """
        Who | When             | What
        p1  | 09/03/2016 14:05 | completed
        p1  | 10/03/2016       | completed
    """)
    assert cells(made, "starts_at") == [datetime(2016, 3, 9, 14, 5), datetime(2016, 3, 10)]


def test_empty() -> None:
    """Cells that mean nothing is known, for every column or for one."""
    columns = ANYWHERE + 'cancelled_at = { column = "Off", format = "%d%m%Y", empty = ["09099999"] }\n' \
        'minutes = "Length"'
    made = appointments(columns, """
        Who | When       | What      | Off      | Length
        p1  | 2024-03-01 | completed | 09099999 | NA
        p2  | 2024-03-01 | completed | NA       | *
        p3  | 2024-03-01 | completed | 01032024 | 50
    """, source='source.empty = ["NA"]')
    assert cells(made, "cancelled_at") == [None, None, datetime(2024, 3, 1)]
    assert cells(made, "minutes") == [None, "?", 50.0]


@pytest.mark.parametrize(("zone", "text", "moment"), [
    ("America/Los_Angeles", "2024-03-01T23:30:00Z", datetime(2024, 3, 1, 15, 30)),
    ("America/Los_Angeles", "2024-07-01T23:30:00+00:00", datetime(2024, 7, 1, 16, 30)),  # summer
    ("Australia/Adelaide", "2024-03-01T23:30:00Z", datetime(2024, 3, 2, 10, 0)),  # half hours too
    ("Europe/London", "2024-03-31T00:59:59Z", datetime(2024, 3, 31, 0, 59, 59)),
    ("Europe/London", "2024-03-31T01:00:00Z", datetime(2024, 3, 31, 2, 0)),  # clocks go forward
    ("Europe/London", "2024-03-31T09:00", datetime(2024, 3, 31, 9, 0)),  # no offset: local already
    ("", "2024-03-01T23:30:00Z", datetime(2024, 3, 1, 23, 30)),  # kept as it is written
    ("", "2024-03-01T23:30:00-08:00", datetime(2024, 3, 1, 23, 30)),
])
def test_time_zone(zone: str, text: str, moment: datetime) -> None:
    source = f'source.time_zone = "{zone}"' if zone else ""
    made = appointments(ANYWHERE, f"Who | When | What\np1 | {text} | completed", source)
    assert cells(made, "starts_at") == [moment]


def test_time_zone_of_one_column() -> None:
    """A day written as midnight in UTC is that day, wherever the site lives."""
    columns = ANYWHERE + 'booked_at = { column = "Booked", time_zone = "" }'
    made = appointments(columns, """
        Who | When                 | What      | Booked
        p1  | 2024-03-01T23:30:00Z | completed | 2024-02-01T00:00:00Z
    """, source='source.time_zone = "America/Los_Angeles"')
    assert cells(made, "starts_at") == [datetime(2024, 3, 1, 15, 30)]
    assert cells(made, "booked_at") == [datetime(2024, 2, 1)]


def test_units() -> None:
    columns = ANYWHERE + 'prescribed_interval_days = { column = "Weeks", unit = "weeks" }\n' \
        'minutes = { column = "Hours", unit = "hours", decimal = "," }'
    made = appointments(columns, """
        Who | When       | What      | Weeks | Hours
        p1  | 2024-03-01 | completed | 2     | 1,5
        p1  | 2024-03-15 | completed | 1.5   | 0,75
    """)
    assert cells(made, "prescribed_interval_days") == [14, "?"]  # ten and a half days are no whole days
    assert cells(made, "minutes") == [90.0, 45.0]


def test_length_as_hours_and_minutes() -> None:
    made = appointments(ANYWHERE + 'minutes = { column = "Length", unit = "h:mm" }', """
        Who | When       | What      | Length
        p1  | 2024-03-01 | completed | 0:50
        p1  | 2024-03-15 | completed | 1:30
        p1  | 2024-03-16 | completed | 1:75
    """)
    assert cells(made, "minutes") == [50.0, 90.0, "?"]


def test_year_of_a_date() -> None:
    toml = '[patients]\nfrom = "p"\n[patients.columns]\npatient = "id"\n' \
        'birth_year = { column = "dob", format = "%d%m%Y", part = "year" }' + ANY_APPOINTMENTS
    table = shaped(toml, p="id | dob\np1 | 28021983\np2 | 31021983", v="w | x | y\n1 | 2 | 3")["patients"]
    assert cells(table, "birth_year") == [1983, "?"]


def test_numbers() -> None:
    made = appointments(ANYWHERE + 'minutes = "Length"', """
        Who | When       | What      | Length
        p1  | 2024-03-01 | completed | 50
        p1  | 2024-03-02 | completed | 50.5
        p1  | 2024-03-03 | completed | <5
        p1  | 2024-03-04 | completed | 1e3
        p1  | 2024-03-05 | completed | nan
        p1  | 2024-03-06 | completed |
    """)
    assert cells(made, "minutes") == [50.0, 50.5, "?", "?", "?", None]


def test_ids_stay_text() -> None:
    made = appointments(ANYWHERE, """
        Who          | When       | What
        00123        | 2024-03-01 | completed
        9377952927E-5 | 2024-03-01 | completed
    """)
    assert cells(made, "patient") == ["00123", "9377952927E-5"]
