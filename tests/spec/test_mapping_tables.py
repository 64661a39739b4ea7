"""The mapping file, table by table: which files and rows make a table, and what is not there."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from tests.support.mappings import ANY_APPOINTMENTS, ANYWHERE, appointments
from tests.support.raws import cells, raw, shaped, text_raws

from careload.clinic import SettingsError
from careload.history.mapping import parse_mapping
from careload.history.shape import shape


def test_only_some_rows() -> None:
    toml = """
        [appointments]
        from = "v"
        columns = { patient = "p", starts_at = "d", status = "s" }
        only = { class = ["ambulatory", "virtual"] }
        [encounters]
        from = "v"
        columns = { patient = "p", starts_at = "d", kind = { constant = "ed" } }
        only = { class = "emergency" }
    """
    table = """
        p  | d          | s         | class
        p1 | 2024-03-01 | completed | Ambulatory
        p2 | 2024-03-02 | completed | emergency
        p3 | 2024-03-03 | completed |
    """
    made = shaped(toml, v=table)
    assert cells(made["appointments"], "patient") == ["p1"]
    assert cells(made["encounters"], "patient") == ["p2"]


def test_several_files_make_one_table() -> None:
    toml = '[appointments]\nfrom = "visits-*.csv"\ncolumns = { patient = "p", starts_at = "d", status = "s" }'
    made = shaped(toml, **{"visits-2023": "p | d | s\np1 | 2023-03-01 | completed",
                           "visits-2024": "p | d | s\np1 | 2024-03-01 | no show"})["appointments"]
    assert sorted(cells(made, "status")) == ["completed", "no_show"]
    assert made.origin == "visits-2023.csv + visits-2024.csv"


def test_several_blocks_make_one_table() -> None:
    """Files whose columns have different names: one [[block]] each."""
    toml = ANY_APPOINTMENTS + """
        [[outcomes]]
        from = "phq"
        columns = { patient = "p", measured_on = "d", score = "phq9", instrument = { constant = "PHQ-9" } }
        [[outcomes]]
        from = "gad"
        columns = { patient = "p", measured_on = "d", score = "gad7", instrument = { constant = "GAD-7" } }
    """
    made = shaped(toml, v="w | x | y\n1 | 2 | 3", phq="p | d | phq9\np1 | 2024-03-01 | 11",
                  gad="p | d | gad7\np1 | 2024-03-01 | 8")["outcomes"]
    rows = made.table.select("instrument", "score").to_pyarrow().to_pylist()
    assert sorted((row["instrument"], row["score"]) for row in rows) == [("GAD-7", 8.0), ("PHQ-9", 11.0)]


THREE_FILES = """
    [appointments]
    from = "contacts.csv"
    join = [
        { from = "episodes.csv", on = { org = "org", episode = "episode" } },
        { from = "clients.csv", on = { org = "org", client = "client" } },
    ]
    columns = { patient = "slk", starts_at = "day", status = "status" }
"""
CONTACTS = """
    org | episode | day        | status
    A   | 1       | 2024-03-01 | completed
    B   | 1       | 2024-03-02 | completed
    B   | 2       | 2024-03-03 | completed
"""


def test_join_of_three_files() -> None:
    made = shaped(THREE_FILES, contacts=CONTACTS, episodes="""
        org | episode | client
        A   | 1       | x
        B   | 1       | y
    """, clients="""
        org | client | slk
        A   | x      | Ax
        A   | y      | Ay
        B   | y      | By
    """)["appointments"]
    assert cells(made, "patient") == ["Ax", "By", None]  # nothing found: an empty cell
    assert made.findings == ()


def test_a_join_never_doubles_rows() -> None:
    """A lookup that finds two answers finds none, and says so."""
    made = shaped(THREE_FILES, contacts=CONTACTS, episodes="""
        org | episode | client
        A   | 1       | x
        A   | 1       | x
        B   | 1       | y
        B   | 1       | z
    """, clients="org | client | slk\nA | x | Ax\nB | y | By")["appointments"]
    assert cells(made, "patient") == ["Ax", None, None]  # a row that stands twice with the same cells is one
    (found,) = made.findings
    assert (found.code, found.severity, found.rows) == ("ambiguous-join", "error", 1)
    assert "org with episode" in found.found


def test_patients_from_the_table_of_appointments() -> None:
    toml = '[appointments]\nfrom = "v"\ncolumns = { patient = "p", starts_at = "d", status = "s" }\n' \
        '[patients]\nfrom = "v"\ncolumns = { patient = "p", age = "age" }'
    made = shaped(toml, v="""
        p  | d          | s         | age
        p1 | 2024-03-01 | completed | 40
        p1 | 2024-03-02 | completed | 40
    """)
    assert cells(made["patients"], "age") == [40, 40]  # repetitions are counted when rows are checked


def test_same_name_in_two_tables() -> None:
    """The main table comes first; `table.column` names another."""
    toml = """
        [appointments]
        from = "v.csv"
        join = [{ from = "staff.csv", on = { who = "id" } }]
        columns = { patient = "p", starts_at = "d", status = "s", site = "staff.site", modality = "site" }
    """
    made = shaped(toml, v="p | d | s | who | site\np1 | 2024-03-01 | completed | c1 | phone",
                  staff="id | site\nc1 | North")["appointments"]
    assert cells(made, "site") == ["North"]
    assert cells(made, "modality") == ["phone"]


def test_tables_not_named_are_taken_by_their_canonical_names() -> None:
    made = shaped(ANY_APPOINTMENTS, v="w | x | y\n1 | 2 | 3", clinicians="clinician | fte\nc1 | 0.8")
    assert cells(made["clinicians"], "fte") == [0.8]


def test_typed_columns_are_taken_as_they_are() -> None:
    """What a database or a Parquet file holds."""
    rows = [
        {"Who": 7, "When": datetime(2024, 3, 1, 9), "What": "completed", "day": date(2024, 2, 1), "weeks": 2},
        {"Who": 8, "When": None, "What": "No show", "day": None, "weeks": None},
    ]
    toml = f'[appointments]\nfrom = "v"\n[appointments.columns]\n{ANYWHERE}\nbooked_at = "day"\n' \
        'prescribed_interval_days = { column = "weeks", unit = "weeks" }'
    made = shape({"v": raw("v", rows)}, parse_mapping(toml))["appointments"]
    assert cells(made, "patient") == ["7", "8"]
    assert cells(made, "starts_at") == [datetime(2024, 3, 1, 9), None]
    assert cells(made, "booked_at") == [datetime(2024, 2, 1), None]
    assert cells(made, "status") == ["completed", "no_show"]
    assert cells(made, "prescribed_interval_days") == [14, None]


def test_numbers_kept_as_floats_are_ids_without_a_point() -> None:
    rows = [{"patient": 7.0, "starts_at": datetime(2024, 3, 1), "status": 1.0},
            {"patient": float("nan"), "starts_at": datetime(2024, 3, 1), "status": 2.0}]
    toml = '[appointments]\nfrom = "v"\n[appointments.columns]\npatient = "patient"\n' \
        'starts_at = "starts_at"\nstatus = { column = "status", words = { 1 = "no_show", 2 = "completed" } }'
    made = shape({"v": raw("v", rows)}, parse_mapping(toml))["appointments"]
    assert cells(made, "patient") == ["7", None]
    assert cells(made, "status") == ["no_show", "completed"]


def test_what_was_written_can_be_looked_at() -> None:
    """For findings about date orders and unknown words: the text of each cell that had to be understood."""
    made = appointments(ANYWHERE, "Who | When | What\np1 | 04/05/2024 | Gone Fishing")
    assert made.written is not None
    assert made.written.to_pyarrow().to_pylist() == [
        {"_row": 1, "starts_at": "04/05/2024", "status": "gonefishing"},
    ]


def test_a_file_or_column_that_is_not_there() -> None:
    """Everything at once, each with its line and what it may have meant."""
    toml = """[appointments]
from = "visit.csv"
columns = { patient = "p", starts_at = "d", status = "s" }
[patients]
from = "people"
[patients.columns]
patient = "idd"
age = "agee"
"""
    raws = text_raws(visits="p | d | s\n1 | 2 | 3", people="id | age\n1 | 2")
    with pytest.raises(SettingsError) as told:
        shape(raws, parse_mapping(toml, "m.toml"))
    text = str(told.value)
    assert "m.toml has 3 errors" in text
    assert "line 1: There is no file or table 'visit.csv'" in text
    assert "'visits'" in text
    assert "line 7: people.csv has no column 'idd'" in text
    assert "Did you mean 'id'?" in text
    assert "line 8: people.csv has no column 'agee'" in text
    assert told.value.exit_code == 4
