"""Who people are stays where it is: hashes in place of ids, and columns that would name somebody refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.extract import Extract, cells, the

from careload.clinic import SettingsError
from careload.history import Key
from careload.history.identity import load_key, speaks_of_identity

SECRET = "sixteen bytes or more"


def test_the_same_key_gives_the_same_hash_and_another_key_another() -> None:
    one, two = Key(SECRET.encode()), Key(b"another key, as long")
    assert one.hashed("patient", "p1") == one.hashed("patient", "p1")
    assert len({one.hashed("patient", "p1"), one.hashed("clinician", "p1"), two.hashed("patient", "p1")}) == 3
    assert one.hashed("patient", "p1") == "aac8c18f022261d2"  # HMAC-SHA256, worked with openssl


def test_a_key_never_prints_itself() -> None:
    assert SECRET not in f"{Key(SECRET.encode())!r} {Key(SECRET.encode())}"


def test_where_the_key_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "careload.key"
    file.write_text(f"{SECRET}\n")
    assert load_key(file, {"CARELOAD_KEY": "the one of the environment"}) == (Key(SECRET.encode()), None)
    assert load_key(None, {"CARELOAD_KEY": SECRET}) == (Key(SECRET.encode()), None)
    fresh, note = load_key(None, {})
    assert note is not None
    assert note.code == "fresh-key"
    assert fresh != load_key(None, {})[0]


def test_a_key_that_is_too_short_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "short.key").write_text("secret")
    for path in (tmp_path / "short.key", tmp_path / "none.key"):
        with pytest.raises(SettingsError) as error:
            load_key(path, {})
        assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "header",
    [
        "Name",
        "patient_name",
        "FirstName",
        "First Name",
        "e-mail",
        "homePhone",
        "SSN",
        "street address",
        "Record Number",
        "DOB",
        "date_of_birth",
        "MRN",
    ],
)
def test_headers_that_speak_of_identity(header: str) -> None:
    assert speaks_of_identity(header)


@pytest.mark.parametrize(
    "header", ["statement", "starts_at", "Age", "Neighbourhood", "enamel", "status", "site"]
)
def test_headers_that_do_not(header: str) -> None:
    assert not speaks_of_identity(header)


PEOPLE = ["Mary Jones", "José Silva", "Robert Miller", "Ana Souza"]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (PEOPLE, "names of people"),
        (["Jones, Mary", "Silva, Jose", "Miller, Robert"], "names of people"),
        (["Dr Smith", "Dr. Okafor", "Mrs Brown"], "names of people"),
        (["mary@example.org", "jose@example.org"], "e-mail addresses"),
        (["+1 555 010 9999", "(555) 010-9998"], "telephone numbers"),
        (["12 Main Street", "7 Oak Ave."], "postal addresses"),
        ([f"MR{number:06}" for number in range(60)], "record numbers"),
        ([f"came late because of reason {number}" for number in range(60)], "free text"),
    ],
)
def test_a_group_whose_values_name_people_is_left_empty(
    extract: Extract, values: list[str], what: str
) -> None:
    rows = [f'p{number},2024-01-08,completed,"{value}"' for number, value in enumerate(values)]
    records = extract(appointments="\n".join(["patient,starts_at,status,site", *rows]))
    found = the(records, "identifying-column")
    assert found.found == f"site looks like {what} in {len(values)} rows."
    assert set(cells(records, "site")) == {None}
    assert not records.has("appointments.site")
    assert not any(value.lower() in str(found).lower() for value in values)


@pytest.mark.parametrize(
    "values",
    [
        ["North", "South"],
        ["San José", "Santa Maria", "Maria Ortiz"],
        ["94110", "94112"],
        ["310192009"],
        ["English", "Español", "中文"],
        ["Unit 7", "Unit 12"],
    ],
)
def test_groups_that_many_people_share_stay(extract: Extract, values: list[str]) -> None:
    rows = [f"p{number},2024-01-08,completed,{value}" for number, value in enumerate(values)]
    records = extract(appointments="\n".join(["patient,starts_at,status,site", *rows]))
    assert set(cells(records, "site")) == set(values)
