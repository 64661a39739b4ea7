"""How files are read. Each test is one case of the manual: the file, then what becomes of it."""

from __future__ import annotations

import gzip
import zipfile
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.support.extract import Extract, cells, codes, the

from careload.clinic import UnreadableRecords
from careload.history import RowCounts, check, read

THREE = """\
appointment,patient,starts_at,status
a1,p1,2024-01-08 10:00,completed
a2,p1,2024-01-22 10:00,no_show
a3,p2,2024-02-05 09:30,booked
"""


def test_a_folder_of_files_named_after_the_tables(extract: Extract) -> None:
    records = extract(
        appointments=THREE,
        episodes="episode,patient,opened_on,closed_on\ne1,p1,2024-01-02,2024-01-22\n",
    )
    assert records.counts == {"appointments": RowCounts(3, 3), "episodes": RowCounts(1, 1)}
    assert records.supplied["episodes"] == {"episode", "patient", "opened_on", "closed_on"}
    assert cells(records, "clinician") == [None, None, None]  # every canonical column is there


def test_a_column_that_is_empty_in_every_row_counts_as_not_supplied(extract: Extract) -> None:
    records = extract(
        appointments=THREE,
        episodes="episode,patient,opened_on,closed_on\ne1,p1,2024-01-02,\n",
        clinicians="clinician,profession,hired_on,left_on\nc1,,2020-01-01,\n",
    )
    assert records.supplied["episodes"] == {"episode", "patient", "opened_on"}
    # Nobody left: that is an answer.
    assert records.supplied["clinicians"] == {"clinician", "hired_on", "left_on"}
    found = [each for each in records.findings if each.code == "empty-columns"]
    assert [each.found for each in found] == [
        "closed_on has no readable value in any usable row of episodes.csv.",
        "profession has no readable value in any usable row of clinicians.csv.",
    ]


def test_a_table_left_to_its_name_is_told_of_when_it_cannot_be_read(extract: Extract) -> None:
    extract.write("appointments.csv", THREE)
    extract.write("referrals.csv", "who,requested_at\np1,2024-01-01\n")
    mapping = extract.write(
        "mapping.toml",
        """
        [appointments]
        from = "appointments.csv"
        columns = { patient = "patient", starts_at = "starts_at", status = "status" }
        """,
    )
    records = read(extract.folder, mapping)
    assert "referrals" not in records.tables
    assert "lacks-columns" in {found.code for found in records.findings}


def test_one_file_may_have_any_name(extract: Extract) -> None:
    records = read(extract.write("extract-of-march.csv", THREE))
    assert records.counts["appointments"] == RowCounts(3, 3)
    assert "extract-of-march.csv is read as appointments" in the(records, "table-by-headers").found


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", ":"])
def test_any_delimiter(extract: Extract, delimiter: str) -> None:
    text = THREE.replace(" 10:00", "").replace(" 09:30", "").replace(",", delimiter)
    records = extract(appointments=text)
    assert records.counts["appointments"] == RowCounts(3, 3)
    assert ("unusual-delimiter" in codes(records)) == (delimiter in "^~:")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_any_encoding(extract: Extract, encoding: str) -> None:
    text = "patient,starts_at,status,site\np1,2024-01-08,completed,São José\n"
    records = extract(appointments=text.encode(encoding))
    assert cells(records, "site") == ["São José"]
    assert ("guessed-encoding" in codes(records)) == (encoding in ("cp1252", "latin-1"))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending(extract: Extract, ending: str) -> None:
    assert extract(appointments=THREE.replace("\n", ending)).counts["appointments"] == RowCounts(3, 3)


def test_a_delimiter_quote_or_line_break_inside_quotes_belongs_to_the_cell(extract: Extract) -> None:
    records = extract(
        appointments='patient,starts_at,status,site\np1,2024-01-08,completed,"North, ""old""\nhouse"\n'
    )
    assert cells(records, "site") == ['North, "old"\nhouse']


def test_packed_files(extract: Extract, tmp_path: Path) -> None:
    (extract.folder / "appointments.csv.gz").write_bytes(gzip.compress(THREE.encode()))
    assert check(extract.folder).counts["appointments"] == RowCounts(3, 3)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("export/appointments.csv", THREE)
        packed.writestr("export/patients.csv", "patient,language\np1,Spanish\n")
        packed.writestr("__MACOSX/export/._appointments.csv", b"\x00")
    assert set(check(tmp_path / "all.zip").counts) == {"appointments", "patients"}


def test_parquet_stays_where_it_is(extract: Extract) -> None:
    starts = pa.array([datetime(2024, 1, 8, 10), datetime(2024, 1, 9, 10)], pa.timestamp("us"))
    table = pa.table({"patient": ["p1", "p2"], "starts_at": starts, "status": ["completed", "booked"]})
    pq.write_table(table, extract.folder / "appointments.parquet")
    records = check(extract.folder)
    assert records.counts["appointments"] == RowCounts(2, 2)
    stored = records.backend.raw_sql("SELECT table_name FROM duckdb_tables()").fetchall()
    assert stored == []  # a view looks into the file


def test_parquet_written_in_parts_is_one_table(extract: Extract) -> None:
    (extract.folder / "appointments").mkdir()
    for number, patient in enumerate(["p1", None, "p3"]):
        table = pa.table(
            {
                "patient": pa.array([patient], pa.string()),
                "status": ["completed"],
                "starts_at": pa.array([datetime(2024, 1, 8)], pa.timestamp("us")),
            }
        )
        pq.write_table(table, extract.folder / "appointments" / f"part-{number}.parquet")
    records = check(extract.folder)
    assert records.counts["appointments"] == RowCounts(3, 2, set_aside=1)
    assert "row 2 of appointments" in the(records, "missing-required").found  # numbered through all parts


def test_no_cell_of_a_workbook_is_quoted_in_a_warning(
    extract: Extract, recwarn: pytest.WarningsRecorder
) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "appointments"
    book.active.append(["patient", "starts_at", "status"])
    book.active.append(["p1", datetime(2024, 1, 8), "completed"])
    book.active.append(["p2", 9e9, "completed"])
    book.active["B3"].number_format = "yyyy-mm-dd"  # no day has this number: openpyxl says so, with the cell
    book.save(extract.folder / "clinic.xlsx")
    assert extract().counts["appointments"] == RowCounts(2, 1, 1)
    assert not [each for each in recwarn if "openpyxl" in each.filename]


def test_a_workbook_has_a_table_on_each_sheet(extract: Extract) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Appointments"
    for row in (
        ["patient", "starts_at", "status", "minutes"],
        [10045, datetime(2024, 1, 8, 10), "completed", 50],
        [10046, datetime(2024, 1, 9), "booked", None],
    ):
        book.active.append(row)
    book.create_sheet("patients").append(["patient", "language"])
    book["patients"].append([10045, "Spanish"])
    book.save(extract.folder / "clinic.xlsx")
    records = check(extract.folder)
    assert records.counts == {"appointments": RowCounts(2, 2), "patients": RowCounts(1, 1)}
    assert cells(records, "patient") == ["10045", "10046"]  # an id is text, whatever Excel made of it
    assert cells(records, "starts_at") == [datetime(2024, 1, 8, 10), datetime(2024, 1, 9)]


def test_what_has_no_known_name_is_passed_over_and_said(extract: Extract) -> None:
    extract.write("apointments_old.csv", THREE)
    extract.write("minutes-of-meeting.docx", "…")
    records = extract(appointments=THREE)
    assert set(records.counts) == {"appointments"}
    found = [finding for finding in records.findings if finding.code == "unknown-tables"]
    assert {"1 file is not read: apointments_old.", "1 file is not read: minutes-of-meeting.docx."} == {
        finding.found for finding in found
    }


def test_a_table_that_lacks_a_column_is_said(extract: Extract) -> None:
    records = extract(appointments=THREE, episodes="episode,patient,opend_on\ne1,p1,2024-01-02\n")
    found = the(records, "lacks-columns")
    assert found.found == "episodes.csv has no column opened_on and is not read."
    assert "'opend_on'" in found.remedy


def test_columns_that_are_not_read_are_named_and_those_that_name_people_apart(extract: Extract) -> None:
    records = extract(
        appointments="patient,starts_at,status,start_at,First Name,clinic_phone\np1,2024-01-08,booked,x,y,z\n"
    )
    assert the(records, "unused-columns").found == "appointments.csv: 1 column is not read: start_at."
    dropped = the(records, "identifying-columns-dropped")
    assert dropped.found.endswith(
        "2 columns look like names, addresses or record numbers and are not read: First Name, clinic_phone."
    )


def test_two_columns_of_one_name(extract: Extract) -> None:
    records = extract(appointments="patient,starts_at,status,Status\np1,2024-01-08,completed,x\n")
    assert (
        the(records, "repeated-column").found == "appointments.csv has 1 column names that stand there twice."
    )
    assert cells(records, "status") == ["completed"]


# Lines that cannot be cut into cells are rows like any other: counted, and set aside.


def test_lines_with_too_few_or_too_many_fields(extract: Extract) -> None:
    records = extract(
        appointments=THREE + "a4,p2\na5,p2,2024-02-06,completed,Smith,John\na6,p3,2024-02-07,completed\n"
    )
    assert records.counts["appointments"] == RowCounts(6, 4, set_aside=2)
    assert "row 4 of appointments.csv" in the(records, "too-few-fields").found
    assert "row 5 of appointments.csv" in the(records, "too-many-fields").found


def test_a_quote_that_is_never_closed_costs_one_line_and_not_the_rest_of_the_file(extract: Extract) -> None:
    records = extract(
        appointments=THREE + 'a4,"p2,2024-02-06,completed\n' + "a5,p2,2024-02-07,completed\n" * 1
    )
    assert records.counts["appointments"] == RowCounts(5, 4, set_aside=1)
    assert "row 4 of appointments.csv" in the(records, "open-quote").found


def test_rows_set_aside_can_be_looked_up_without_a_cell_of_them(extract: Extract) -> None:
    records = extract(appointments=THREE + "a4,,2024-02-06,completed\na5,p2,soon,completed\na6\n")
    rows = records.set_aside["appointments"].order_by("row").to_pyarrow().to_pylist()
    assert [(row["row"], row["code"], row["column"]) for row in rows] == [
        (4, "missing-required", "patient"),
        (5, "unreadable-required", "starts_at"),
        (6, "too-few-fields", None),
    ]
    assert {(row["table"], row["origin"]) for row in rows} == {("appointments", "appointments.csv")}


# What cannot be read at all.


def test_an_empty_file_beside_others_is_a_note(extract: Extract) -> None:
    assert the(extract(appointments=THREE, episodes=""), "empty-file").found == "episodes.csv is empty."


def test_a_header_without_rows(extract: Extract) -> None:
    assert the(extract(appointments=THREE, episodes="patient,opened_on\n"), "no-rows").table == "episodes"


def refused(source: Path) -> UnreadableRecords:
    with pytest.raises(UnreadableRecords) as error:
        read(source)
    assert error.value.exit_code == 3
    assert error.value.found
    assert error.value.expected
    assert error.value.remedy
    return error.value


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("appointments.csv", b"", "empty"),
        ("appointments.csv", b"\n\n", "empty"),
        ("appointments.csv", b"patient,starts_at,status\n", "no row"),
        (
            "appointments.csv",
            b"p1,2024-01-08,completed\np2,2024-01-09,completed\n",
            "no line of column names",
        ),
        ("appointments.csv", b"patient,begins,status\np1,2024-01-08,completed\n", "no column starts_at"),
        ("appointments.csv", b"patient,starts_at,status\n,,\n", "none of 1 appointments is acceptable"),
        ("appointments.parquet", b"PAR1" + bytes(100), "half written"),
        ("appointments.xlsx", b"PK\x03\x04" + bytes(100), "half written"),
        ("appointments.zip", b"PK\x03\x04" + bytes(100), "half written"),
        ("appointments.csv.gz", gzip.compress(THREE.encode(), mtime=0)[:-20], "half written"),
    ],
)
def test_bad_files(extract: Extract, name: str, content: bytes, said: str) -> None:
    assert said in refused(extract.write(name, content)).found


def test_the_data_of_a_file_without_a_header_is_not_shown(extract: Extract) -> None:
    error = refused(extract.write("appointments.csv", "Mary Jones,1961-05-04,mary@example.org\n"))
    assert "Mary" not in str(error)


def test_a_parquet_file_cut_in_the_middle(extract: Extract, tmp_path: Path) -> None:
    table = pa.table(
        {
            "patient": [f"p{n}" for n in range(20_000)],
            "status": ["completed"] * 20_000,
            "starts_at": ["2024-01-08"] * 20_000,
        }
    )
    pq.write_table(table, tmp_path / "whole.parquet", compression="none")
    whole = (tmp_path / "whole.parquet").read_bytes()
    broken = extract.write("appointments.parquet", whole[:20_000] + bytes(60_000) + whole[80_000:])
    assert "damaged" in refused(broken).found


def test_an_empty_folder_and_a_path_that_is_not_there(tmp_path: Path) -> None:
    assert "no file is in it" in refused(tmp_path).found
    assert "is not there" in refused(tmp_path / "nothing").found


def test_a_folder_without_appointments_tells_the_near_name(extract: Extract) -> None:
    extract.write("apointments.csv", THREE)
    extract.write("clinicians.csv", "clinician\nc1\n")
    error = refused(extract.folder)
    assert "'apointments'" in error.remedy
    assert "careload map" in error.remedy
