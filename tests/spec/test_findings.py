"""What is noticed in records: the rows, then the finding. No finding quotes a cell."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.support.extract import Extract, cells, codes, the

from careload.history import RowCounts, check
from careload.history.findings import catalogue, finding

HEAD = "appointment,patient,starts_at,status"


def visits(*rows: str, head: str = HEAD) -> str:
    """A file with these rows after two that are in order and lie a year apart."""
    width = head.count(",") - 3
    good = ["x1,q1,2023-01-02,completed" + "," * width, "x2,q1,2024-01-02,booked" + "," * width]
    return "\n".join([head, *good, *rows]) + "\n"


# Rows that cannot be used: patient, start or status.


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("a1,,2023-05-02,completed", "missing-required", "patient"),
        ("a1, ,2023-05-02,completed", "missing-required", "patient"),
        ("a1,p1,,completed", "missing-required", "starts_at"),
        ("a1,p1,next Monday,completed", "unreadable-required", "starts_at"),
        ("a1,p1,2023-02-30,completed", "unreadable-required", "starts_at"),
        ("a1,p1,9999-12-31,completed", "impossible-required", "starts_at"),
        ("a1,p1,1753-01-01,completed", "impossible-required", "starts_at"),
        ("a1,p1,2023-05-02,attended", "unreadable-required", "status"),
    ],
)
def test_a_row_without_patient_start_or_status_is_set_aside(
    extract: Extract, row: str, code: str, column: str
) -> None:
    records = extract(appointments=visits(row))
    assert records.counts["appointments"] == RowCounts(3, 2, set_aside=1)
    found = the(records, code)
    assert (found.severity, found.rows, found.table) == ("error", 1, "appointments")
    assert column in found.found
    assert "row 3 of appointments.csv" in found.found


# Cells that are lost: the row stays.


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("minutes", "about an hour", "unreadable-cell"),
        ("minutes", "-5", "out-of-range"),
        ("minutes", "5000", "out-of-range"),
        ("booked_at", "9999-01-01", "far-date"),
        ("booked_at", "2023-05-03", "negative-lead"),
        ("offer_declined", "perhaps", "unreadable-cell"),
        ("kind", "chat", "unreadable-cell"),
        ("prescribed_interval_days", "2.5", "unreadable-cell"),
    ],
)
def test_a_faulty_optional_cell_is_read_as_empty(extract: Extract, column: str, cell: str, code: str) -> None:
    records = extract(
        appointments=visits(f"a1,p1,2023-05-02 09:00,completed,{cell}", head=f"{HEAD},{column}")
    )
    assert records.counts["appointments"] == RowCounts(3, 3)
    assert the(records, code).severity == "error"
    assert cells(records, column) == [None, None, None]


def test_booked_later_on_the_same_day_is_no_negative_lead(extract: Extract) -> None:
    records = extract(
        appointments=visits("a1,p1,2023-05-02,completed,2023-05-02 18:30", head=f"{HEAD},booked_at")
    )
    assert "negative-lead" not in codes(records)


def test_an_age_of_minus_one(extract: Extract) -> None:
    records = extract(appointments=visits(), patients="patient,age\nq1,-1\np2,40\n")
    assert "age is outside 0 to 120 years" in the(records, "out-of-range").found
    assert cells(records, "age", "patients") == [40, None]


def test_what_ends_before_it_starts(extract: Extract) -> None:
    records = extract(
        appointments=visits(),
        episodes="episode,patient,opened_on,closed_on\ne1,q1,2023-05-02,2023-02-05\ne2,q1,2023-05-02,9999-12-31\n",
    )
    assert (
        "closed_on before opened_on (first: row 1 of episodes.csv)" in the(records, "ends-before-start").found
    )
    assert the(records, "far-date").rows == 1  # 9999 stands for "still open"
    assert cells(records, "closed_on", "episodes") == [None, None]


# Repeated rows.


def test_the_same_row_twice_is_counted_and_one_is_kept(extract: Extract) -> None:
    row = "a1,p1,2023-05-02,completed"
    records = extract(appointments=visits(row, row, row))
    assert records.counts["appointments"] == RowCounts(5, 3, duplicates=2)
    assert the(records, "duplicate").rows == 2
    assert "row 4 of appointments.csv" in the(records, "duplicate").found


def test_of_a_repeated_key_with_other_contents_the_first_row_is_kept(extract: Extract) -> None:
    records = extract(appointments=visits("a1,p1,2023-05-02,booked", "a1,p1,2023-05-02,completed"))
    assert records.counts["appointments"] == RowCounts(4, 3, duplicates=1)
    assert the(records, "repeated-key").severity == "warning"
    assert cells(records, "status") == ["booked", "booked", "completed"]


def test_without_ids_rows_are_the_same_when_every_cell_is(extract: Extract) -> None:
    records = extract(
        appointments="patient,starts_at,status,site\n"
        + "p1,2023-05-02,booked,\n" * 2
        + "p1,2023-05-02,booked,North\n"
    )
    assert records.counts["appointments"] == RowCounts(3, 2, duplicates=1)


def test_rows_without_an_id_are_not_duplicates_of_each_other(extract: Extract) -> None:
    records = extract(appointments=visits(",p1,2023-05-02,completed", ",p2,2023-05-03,completed"))
    assert records.counts["appointments"] == RowCounts(4, 4)


def test_two_vacancies_that_are_alike_are_two(extract: Extract) -> None:
    records = extract(
        appointments=visits(), posts="vacant_from,profession\n" + "2023-05-02,psychologist\n" * 2
    )
    assert records.counts["posts"] == RowCounts(2, 2)


# Nothing is guessed silently.


def test_ids_in_e_notation(extract: Extract) -> None:
    records = extract(
        appointments=visits("a1,9.37795E+11,2023-05-02,completed", "a2,93779529E-5,2023-05-03,booked")
    )
    found = the(records, "e-notation")
    assert (found.severity, found.rows) == ("warning", 2)
    assert "patient is written in E-notation" in found.found
    assert cells(records, "patient")[0] == "9.37795E+11"  # kept as text


def test_ids_with_an_e_in_them_are_no_e_notation(extract: Extract) -> None:
    assert "e-notation" not in codes(extract(appointments=visits("a1,12-E-3,2023-05-02,completed")))


@pytest.mark.parametrize(
    ("dates", "code", "said"),
    [
        (("04/05/2023", "06/07/2023"), "ambiguous-date-order", "day or the month first"),
        (("25/05/2023", "06/07/2023"), "date-order", "the day first"),
        (("05/25/2023", "06/07/2023"), "date-order", "the month first"),
        (("05/25/2023", "25/05/2023"), "mixed-date-order", "two orders"),
    ],
)
def test_day_and_month_are_never_guessed(
    extract: Extract, dates: tuple[str, ...], code: str, said: str
) -> None:
    rows = [f"a{number},p1,2023-05-02,completed,{day}" for number, day in enumerate(dates)]
    records = extract(appointments=visits(*rows, head=f"{HEAD},booked_at"))
    assert said in the(records, code).found
    assert the(records, "unreadable-cell").rows == 2


def test_a_stated_order_is_no_longer_doubtful(extract: Extract, tmp_path: Path) -> None:
    extract.write(
        "appointments.csv", visits("a1,p1,2023-05-02,completed,04/05/2023", head=f"{HEAD},booked_at")
    )
    mapping = extract.write("mapping.toml", '[source]\ndate_order = "mdy"\n')
    found = {finding.code for finding in check(extract.folder, mapping).findings}
    assert not found & {"ambiguous-date-order", "date-order", "unreadable-cell"}


def test_times_by_two_clocks(extract: Extract) -> None:
    records = extract(
        appointments=visits(
            "a1,p1,2023-05-02 09:00,completed",
            "a2,p1,2023-05-09T16:00:00Z,completed",
            "a3,p1,2023-05-16T09:00:00-07:00,completed",
        )
    )
    assert "1 in UTC (Z), 1 with another offset, 1 without" in the(records, "mixed-time-zones").found


@pytest.mark.parametrize("mark", ["*", "**", "<5", "< 10", "≤5", "suppressed"])
def test_a_mark_of_suppression_where_a_number_is_expected(extract: Extract, mark: str) -> None:
    records = extract(appointments=visits(f"a1,p1,2023-05-02,completed,{mark}", head=f"{HEAD},minutes"))
    assert the(records, "suppressed-cells").rows == 1


def plans(values: list[int]) -> str:
    rows = [f"a{number},p{number},2023-05-02,completed,{value}" for number, value in enumerate(values)]
    return visits(*rows, head=f"{HEAD},prescribed_interval_days")


def test_days_that_look_like_weeks(extract: Extract) -> None:
    assert (
        "numbers up to 4 in all 30 rows"
        in the(extract(appointments=plans([1, 2, 4] * 10)), "weeks-in-days").found
    )


@pytest.mark.parametrize("values", [[7] * 20 + [1] * 5, [14, 28] * 15, [1, 2]])
def test_days_that_are_days(extract: Extract, values: list[int]) -> None:
    assert "weeks-in-days" not in codes(extract(appointments=plans(values)))


def test_minutes_that_look_like_hours(extract: Extract) -> None:
    records = extract(appointments=visits("a1,p1,2023-05-02,completed,1.5", head=f"{HEAD},minutes"))
    assert "at most 1.5" in the(records, "hours-in-minutes").found


def test_a_visit_that_was_held_in_the_future(extract: Extract) -> None:
    ahead = date.today() + timedelta(days=30)
    records = extract(appointments=visits(f"a1,p1,{ahead},completed", f"a2,p1,{ahead},booked"))
    assert the(records, "future-completed").rows == 1
    assert records.counts["appointments"] == RowCounts(4, 4)  # told, and kept


def test_a_short_window(extract: Extract) -> None:
    records = extract(appointments=f"{HEAD}\na1,p1,2023-05-02,completed\na2,p1,2023-06-12,no_show\n")
    assert "41 days" in the(records, "short-window").found
    assert "short-window" not in codes(extract(appointments=visits("a1,p1,2024-01-01,completed")))


def test_no_bookings_ahead(extract: Extract) -> None:
    assert "no-bookings-ahead" in codes(extract(appointments=f"{HEAD}\na1,p1,2023-05-02,completed\n"))
    assert "no-bookings-ahead" not in codes(extract(appointments=visits()))


def test_ids_that_another_table_does_not_know(extract: Extract) -> None:
    records = extract(
        appointments=visits("a1,p1,2023-05-02,completed"), patients="patient,language\nq1,Spanish\n"
    )
    found = the(records, "unknown-ids")
    assert (found.rows, found.table) == (1, "appointments")
    assert "patient that is not in patients" in found.found


def test_words_that_are_not_known(extract: Extract) -> None:
    records = extract(appointments=visits("a1,p1,2023-05-02,attended", "a2,p1,2023-05-03,Mary Jones"))
    found = the(records, "unknown-word")
    assert found.found == (
        "2 rows have a word in status that is not known: 2 different words, among them attended."
    )
    assert found.rows == 2
    assert "jones" not in str(found).lower()  # a word of one row may be a name


def test_rows_with_unknown_words_are_counted_and_the_choices_told_once(extract: Extract) -> None:
    rows = [f"a{n},p{n},2023-05-02,{'attended' if n < 12 else 'seen'}" for n in range(15)]
    found = the(extract(appointments=visits(*rows)), "unknown-word")
    assert found.found == "15 rows have a word in status that is not known: attended, seen."
    assert found.rows == 15
    assert str(found).count("cancelled_by_clinic") == 1
    assert found.remedy.startswith(
        "'attended': did you mean 'completed'? Say what it means under words = { … } of status"
    )


def test_a_slip_is_answered_with_the_word_that_was_meant(extract: Extract) -> None:
    rows = [f"a{n},p{n},2023-05-02,complete" for n in range(12)] + ["b,p,2023-05-02,completed"]
    found = the(extract(appointments=visits(*rows)), "unknown-word")
    assert found.remedy.startswith("'complete': did you mean 'completed'? Say what it means")


@pytest.mark.parametrize(("word", "meant"), [
    ("canceledbyhospital", "cancelled_by_clinic"), ("cancelledbyclinc", "cancelled_by_clinic"),
    ("cancelledearly", ""),
])
def test_who_cancelled_is_no_matter_of_spelling(extract: Extract, word: str, meant: str) -> None:
    rows = [f"a{n},p{n},2023-05-02,{word}" for n in range(12)] + ["b,p,2023-05-02,completed"]
    found = the(extract(appointments=visits(*rows)), "unknown-word")
    assert found.remedy.startswith(f"{word!r}: did you mean {meant!r}?" if meant else "Say what it means")


@pytest.mark.parametrize(("rows", "told"), [(1, "1 row has a patient"), (2, "2 rows have a patient")])
def test_verbs_follow_the_number_of_rows(rows: int, told: str) -> None:
    found = finding("unknown-ids", "appointments", rows, column="patient", other="patients")
    assert found.found.startswith(told)

def test_a_mapped_word_is_known(extract: Extract) -> None:
    extract.write("appointments.csv", visits("a1,p1,2023-05-02,attended"))
    mapping = extract.write(
        "mapping.toml",
        """
        [appointments]
        from = "appointments.csv"
        [appointments.columns]
        patient = "patient"
        starts_at = "starts_at"
        status = { column = "status", words = { attended = "completed", completed = "completed" } }
    """,
    )
    found = the(check(extract.folder, mapping), "unknown-word")
    assert found.found.endswith("that is not known: booked.")


# The catalogue.


def test_every_code_says_what_was_expected_what_to_do_and_why() -> None:
    for code, entry in catalogue().items():
        assert entry.severity in ("error", "warning", "note"), code
        assert all((entry.found, entry.expected, entry.remedy, entry.why)), code


def test_on_the_appointments_of_vitoria(data: Path) -> None:
    mapping = Path(__file__).parents[2] / "examples" / "mappings" / "vitoria-2016.toml"
    records = check(data / "kaggle_noshow_2016", mapping)
    assert records.counts["appointments"] == RowCounts(110_527, 110_527)
    assert records.counts["patients"].accepted == 62_299
    patients = records.tables["appointments"].patient.nunique().to_pyarrow().as_py()
    assert patients == 62_299
    found = {(finding.code, finding.table): finding.rows for finding in records.findings}
    assert found["e-notation", "appointments"] == 5
    assert found["negative-lead", "appointments"] == 5
    assert found["out-of-range", "patients"] == 1  # the age of -1
    assert ("short-window", "appointments") in found
