"""A wrong option is answered before the records are read: an analyst does not wait a minute to be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from careload.__main__ import app
from careload.clinic import CannotWrite, CareloadError, SettingsError, UnreadableRecords, UsageError

GOOD = "patient,starts_at,status\np1,2024-01-01T09:00,completed\np1,2024-01-08T09:00,completed\n"


def refusal(*words: str | Path) -> CareloadError:
    with pytest.raises(CareloadError) as told:
        app([str(word) for word in words], standalone_mode=False)
    return told.value


@pytest.mark.parametrize(("wrong", "kind"), [
    (("--by", "sites"), UsageError),
    (("--by", "clinician"), UsageError),
    (("--only", "overlod"), UsageError),
    (("--standard", "californa"), UsageError),
    (("--standard", "nowhere.toml"), SettingsError),
    (("--as-of", "30.6.2024"), UsageError),
    (("--json", "--csv"), UsageError),
    (("--html", "nowhere/report.html"), CannotWrite),
    (("--pdf", "nowhere/report.pdf"), CannotWrite),
    (("--set-aside", "nowhere/rows.csv"), CannotWrite),
    (("--html", "one", "--pdf", "./one"), UsageError),
])  # fmt: skip
def test_measure_looks_at_its_options_first(
    wrong: tuple[str, ...], kind: type[CareloadError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert type(refusal("measure", "no-such-records", *wrong)) is kind


@pytest.mark.parametrize(("command", "kind"), [
    (("check", "no-such-records", "--set-aside", "nowhere/rows.csv"), CannotWrite),
    (("map", "no-such-records", "--to", "nowhere/map.toml"), CannotWrite),
    (("overdue", "no-such-records", "--clinician", "c1", "--to", "nowhere/list.csv"), CannotWrite),
    (("own", "no-such-records", "--clinician", "c1", "--only", "overlod"), UsageError),
])  # fmt: skip
def test_so_do_the_other_commands(
    command: tuple[str, ...], kind: type[CareloadError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert type(refusal(*command)) is kind


def test_right_options_are_followed_by_the_records_own_refusal(tmp_path: Path) -> None:
    right = ("--by", "site", "--standard", "california", "--html", tmp_path / "report.html")
    assert type(refusal("measure", tmp_path / "nowhere", *right)) is UnreadableRecords
    assert list(tmp_path.iterdir()) == []


def test_records_are_never_written_over(tmp_path: Path) -> None:
    records = tmp_path / "appointments.csv"
    records.write_text(GOOD)
    for source in (records, tmp_path):
        told = refusal("check", source, "--set-aside", records)
        assert "over what is read" in told.found
    assert records.read_text() == GOOD


def test_a_database_file_is_never_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = tmp_path / "records.db"
    database.write_bytes(b"a database")
    for url in ("duckdb:///records.db", f"duckdb:///{database}"):
        told = refusal("measure", url, "--html", database)
        assert "over what is read" in told.found
    assert database.read_bytes() == b"a database"
