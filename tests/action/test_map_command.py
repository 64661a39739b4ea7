"""`careload map FILE`: an analyst gets a first mapping to look over, with a line of doubt per guess."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.support.raws import cells, one_engine, text_raws

from careload.history import check, draft
from careload.history.drafts import draft_mapping
from careload.history.mapping import parse_mapping
from careload.history.shape import shape


def drafted(**tables: str) -> tuple[str, dict]:
    """The draft for text tables, and what it says."""
    text = draft_mapping(one_engine(text_raws(**tables)))
    return text, tomllib.loads(text)


def status_of(header: str, *words: str) -> dict | str:
    """What the draft makes of a column with these words."""
    rows = "\n".join(f"p{n} | 2024-03-{n % 28 + 1:02} | {words[n % len(words)]}" for n in range(60))
    return drafted(visits=f"Patient ID | Date | {header}\n{rows}")[1]["appointments"]["columns"]["status"]


@pytest.mark.parametrize(("header", "words", "meaning"), [
    # inverted: the column asks whether the patient stayed away
    ("No-show", ("Yes", "No"), {"Yes": "no_show", "No": "completed"}),
    ("DNA", ("Y", "N"), {"Y": "no_show", "N": "completed"}),
    ("contact_no_show", ("1", "2"), {"1": "no_show", "2": "completed"}),
    ("Faltou", ("Sim", "Não"), {"Sim": "no_show", "Não": "completed"}),
    ("Nicht erschienen", ("ja", "nein"), {"ja": "no_show", "nein": "completed"}),
    # not inverted
    ("Attended", ("1", "0"), {"1": "completed", "0": "no_show"}),
    ("Compareceu", ("sim", "não"), {"sim": "completed", "não": "no_show"}),
    ("Asistió", ("Sí", "No"), {"Sí": "completed", "No": "no_show"}),
    # words
    ("Status", ("Attended", "DNA", "Scheduled"),
     {"Attended": "completed", "DNA": "no_show", "Scheduled": "booked"}),
    ("Estado", ("realizada", "no asistió"), {"realizada": "completed", "no asistió": "no_show"}),
    ("Status", ("Patient cancelled", "Hospital cancelled", "Seen"),
     {"Patient cancelled": "cancelled_by_patient", "Hospital cancelled": "cancelled_by_clinic",
      "Seen": "completed"}),
])
def test_status_words(header: str, words: tuple[str, ...], meaning: dict[str, str]) -> None:
    assert status_of(header, *words) == {"column": header, "words": meaning}


def test_every_guess_has_a_line_of_doubt() -> None:
    text, made = drafted(visits="""
        Patient ID | Booked     | Visit Date | Visit Time | Outcome   | Length
        7          | 13/02/2024 | 01/03/2024 | 09:30      | Attended  | 50
        8          | 01/02/2024 | 02/03/2024 | 10:30      | Cancelled | 50
        7          | 01/02/2024 | 03/03/2024 | 11:30      | Vanished  | 50
        8          | 01/02/2024 | 04/03/2024 | 12:30      | Attended  | 50
        7          | 01/02/2024 | 05/03/2024 | 13:30      | Attended  | 50
        7          | 01/02/2024 | 06/03/2024 | 13:30      | Vanished  | 50
    """)
    lines = text.splitlines()
    for column in made["appointments"]["columns"]:
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{column} = "))
        assert lines[place - 1].startswith("#"), column
    assert made["source"]["date_order"] == "dmy"
    assert made["appointments"]["columns"]["starts_at"] == {"columns": ["Visit Date", "Visit Time"]}
    assert '# "Vanished" is not known' in text
    assert "By whom it was cancelled is not said" in text


def test_a_date_that_may_be_read_both_ways_is_asked_about() -> None:
    text, _ = drafted(visits="Patient | Date | Status\np1 | 03/04/2024 | Seen\np2 | 05/04/2024 | Seen")
    assert "ask the source" in text


@pytest.mark.parametrize(("written", "form"), [
    ("01032024", "%d%m%Y"), ("3/13/2024 2:30 PM", "%m/%d/%Y %I:%M %p"), ("13-Mar-2024", "%d-%b-%Y"),
])
def test_formats(written: str, form: str) -> None:
    rows = "\n".join(f"p{n} | {written} | Seen" for n in range(5))
    made = drafted(visits=f"Patient | Date | Status\n{rows}")[1]
    if form == "%d%m%Y":  # nothing decides between 1 March and 3 January: only one of them has this shape
        assert made["appointments"]["columns"]["starts_at"]["format"] in (form, "%m%d%Y")
    else:
        assert made["appointments"]["columns"]["starts_at"]["format"] == form


def test_the_booking_is_the_date_that_comes_first() -> None:
    """Names that say little: the values decide."""
    made = drafted(visits="""
        Patient | Scheduled Day | Created    | Status
        p1      | 2024-03-01    | 2024-01-01 | Seen
        p2      | 2024-03-02    | 2024-01-02 | Seen
    """)[1]["appointments"]["columns"]
    assert (made["booked_at"], made["starts_at"]) == ("Created", "Scheduled Day")


def test_the_patient_may_stand_in_another_file() -> None:
    raws = one_engine(text_raws(contacts="""
        Contact Key | Episode Key | Contact Date | No Show
        c1          | e1          | 2024-03-01   | 2
        c2          | e1          | 2024-03-08   | 1
    """, episodes="Episode Key | Client Key\ne1 | p1\ne2 | p2"))
    made = shape(raws, parse_mapping(draft_mapping(raws)))["appointments"]
    assert cells(made, "patient") == ["p1", "p1"]
    assert cells(made, "status") == ["completed", "no_show"]


def test_no_cell_of_a_patient_is_in_the_draft() -> None:
    row = "Maria Silva {n} | 1980-05-{day:02} | 2024-03-01 | Seen | cried a lot {n}"
    rows = "\n".join(row.format(n=n, day=n % 28 + 1) for n in range(50))
    text, _ = drafted(visits=f"Patient | DOB | Date | Status | Note\n{rows}")
    assert "Silva" not in text
    assert "1980" not in text
    assert "cried" not in text


def test_what_is_not_used_is_listed() -> None:
    text, made = drafted(visits="""
        Patient ID | Visit Date | Visit Time | Outcome  | Room | Mood today | x2031 44y
        7          | 2024-03-01 | 09:30      | Attended | 4    | fair       | a
        8          | 2024-03-02 | 10:30      | DNA      | 5    | poor       | b
    """, rooms="Room | Floor\n4 | 1\n5 | 2")
    assert made["appointments"]["columns"]["starts_at"] == {"columns": ["Visit Date", "Visit Time"]}
    told = " ".join(line.removeprefix("# ").strip() for line in text.partition("# Not used")[2].splitlines())
    assert "visits.csv: Room, Mood today, 1 more." in told  # the third may be a cell of a file without header
    assert "Files that look like no table: rooms.csv." in told
    assert "2031" not in text


def test_a_file_that_lacks_a_column_of_its_table_is_told_of() -> None:
    text, made = drafted(
        visits="Patient ID | Date | Status\np1 | 2024-03-01 | attended\np1 | 2024-03-08 | attended",
        referrals="Who | Requested at\nx | 2024-02-01\ny | 2024-02-02",
    )
    assert "referrals" not in made
    assert "referrals.csv looks like referrals, but no column of it like patient." in text


def test_what_a_join_leads_to_is_used() -> None:
    text, _ = drafted(contacts="""
        Contact Key | Episode Key | Contact Date | No Show
        c1          | e1          | 2024-03-01   | 2
        c2          | e1          | 2024-03-08   | 1
    """, episodes="Episode Key | Client Key | Colour\ne1 | p1 | red\ne2 | p2 | blue")
    unused = text.partition("# Not used")[2]
    assert "episodes.csv: Colour." in unused
    assert "Client Key" not in unused


def test_when_all_is_used_nothing_is_said_and_canonical_names_are_known() -> None:
    text, made = drafted(
        appointments="patient | starts_at | status\np1 | 2024-03-01 | completed\np2 | 2024-03-02 | completed",
        leaves="clinician | starts_on | ends_on\nc1 | 2024-03-01 | 2024-04-01\nc2 | 2024-03-02 | 2024-04-02",
    )
    assert made["leaves"]["columns"]["starts_on"] == "starts_on"
    assert "Not used" not in text


def test_missing_columns_are_said() -> None:
    text, _ = drafted(visits="Foo | Bar\n1 | 2")
    assert "# patient: no column looks like it; nothing can be read without it." in text


@pytest.mark.data
def test_vitoria_needs_no_correction(data: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "draft.toml"
    mapping.write_text(draft(data / "kaggle_noshow_2016"), encoding="utf-8")
    assert "yes is read as did NOT come" in mapping.read_text(encoding="utf-8")
    visits = check(data / "kaggle_noshow_2016", mapping).tables["appointments"]
    assert visits.count().to_pyarrow().as_py() == 110_527
    assert visits.filter(visits.status == "no_show").count().to_pyarrow().as_py() == 22_319


def test_the_command_prints_or_writes(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text(
        "Patient Id,Appointment Date,No-show\np1,2024-03-01,Yes\np2,2024-03-02,No\n", encoding="utf-8")
    run = [sys.executable, "-m", "careload", "map", "visits.csv"]
    printed = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert 'patient = "Patient Id"' in printed.stdout
    subprocess.run([*run, "--to", "draft.toml"], cwd=tmp_path, capture_output=True, check=True)
    assert (tmp_path / "draft.toml").read_text(encoding="utf-8") == printed.stdout
