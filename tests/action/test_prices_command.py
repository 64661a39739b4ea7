"""`careload prices`: what is known, a newer file of the bureau, and back again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.support.money import DEAL
from typer.testing import CliRunner

from careload.__main__ import app
from careload.staff.money import Month, outside_pay, prices_of, quit_index

NEWER = "series_id                     \tyear\tperiod\t       value\tfootnote_codes\n"
WAGES = "area,occupation,jobs,jobs_rse,mean,mean_rse,p10,p25,median,p75,p90\n"


def line(series: str, year: int, period: str, value: str) -> str:
    """As the bureau pads it."""
    return f"{series:17}\t{year}\t{period}\t{value:>12}\t\n"


def prices(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["prices", *map(str, arguments)], env={"COLUMNS": "120"})


def refused(answer: Any, code: int, *words: str) -> None:
    error: Any = answer.exception
    assert getattr(error, "exit_code", None) == code, answer.exception
    assert answer.stdout == ""
    assert all(word in str(error) for word in words), str(error)


@pytest.fixture
def newer(tmp_path: Path, own_tables: Path) -> Path:
    file = tmp_path / "cu.data.1.AllItems"
    file.write_text(
        NEWER + line("CUSR0000SA0", 2026, "M09", "1.000") + line("CUUR0000SA0", 2026, "M08", "334.980")
        + line("CUUR0000SA0", 2026, "M09", "336.000") + line("CUUR0000SA0", 2026, "M10", "-")
        + line("CUUR0000SAM", 2026, "M09", "600.000") + line("CUURS49BSA0", 2026, "M08", "370.130")
        + line("CUURS49BSA0", 2026, "M10", "371.000"))
    return file


def test_what_is_known(own_tables: Path) -> None:
    answer = prices()
    plain = " ".join(answer.stdout.split())
    assert "53 areas, 2000-01 to 2026-08" in plain and "22 occupations in 583 areas" in plain
    assert "Mark: second-hand." in plain and plain.count("public domain") == 3
    assert "│ san-francisco │ San Francisco-Oakland-Hayward, CA │ 2000-02 │ 2026-08 │ 159 │" in plain
    assert not own_tables.exists()


def test_what_is_known_as_json(own_tables: Path) -> None:
    first, second = (prices("--json").stdout for _ in range(2))
    assert first == second
    answer = json.loads(first)
    assert answer["schema"] == "careload/prices/1"
    assert [table["kind"] for table in answer["tables"]] == ["prices", "wages", "quits"]
    assert {table["own"] for table in answer["tables"]} == {None}
    assert answer["areas"][0] == {"area": "us", "name": "U.S. city average", "series": "CUUR0000SA0",
                                  "first": "2000-01", "last": "2026-08", "months": 319, "own": None}


def test_a_newer_file_stands_above_and_goes_away_again(newer: Path, own_tables: Path) -> None:
    answer = prices("update", newer)
    assert answer.exit_code == 0 and answer.stdout == "", answer.exception
    assert "prices: 2 series to 2026-10 of cu.data.1.AllItems now stand above" in answer.stderr
    found = prices_of("us")
    assert (found.last, found.at(found.last).value, found.own) == (Month(2026, 9), 336.0, newer.name)
    assert found.at(Month(2021, 9)).value == 274.310  # the bundled months stay
    assert prices_of("san-francisco").last == Month(2026, 10)
    assert prices_of("los-angeles").own == ""
    told = CliRunner().invoke(app, ["pay", DEAL], env={"COLUMNS": "200"}).stdout
    assert "above them your own file cu.data.1.AllItems" in " ".join(told.split())
    assert "2026-09" in told
    assert "your own file cu.data.1.AllItems" in " ".join(prices().stdout.split())
    assert str(own_tables) not in prices("--json").stdout
    assert "Back to what is bundled: prices." in prices("reset").stderr
    assert prices_of("us").last == Month(2026, 8)
    assert "nothing of your own" in prices("reset").stderr


def test_our_own_layout_with_commas(tmp_path: Path, own_tables: Path) -> None:
    file = tmp_path / "newer.csv"
    file.write_text("\ufeffseries,year,period,value\r\nCUUR0000SA0,2026,M08,334.98\r\n"
                    "CUUR0000SA0,2026,M09,336.0\r\nJTS600000000000000QUR,2026,M08,1.8\r\n"
                    "JTS600000000000000QUR,2026,M09,2.1\r\n", encoding="utf-8")
    assert prices("update", file).exit_code == 0
    assert prices_of("us").last == Month(2026, 9)
    found = quit_index("2026-09")
    assert (found.quits_percent, found.last, found.own) == (2.1, Month(2026, 9), "newer.csv")


def test_a_table_of_wages(tmp_path: Path, own_tables: Path) -> None:
    file = tmp_path / "wages.csv"
    file.write_text(WAGES + "2800000,291223,120,60.0,230000,5.0,70000,130000,225000,#,#\n")
    assert "wages: 1 rows of wages.csv" in prices("update", file).stderr
    found = outside_pay("29-1223", "mississippi")
    assert (found.median, found.p75, found.own) == (225_000, None, "wages.csv")
    assert (found.jobs_low, found.jobs_high) == (0, pytest.approx(120 * 2.176))
    assert found.missing["p90"] == "at or above the highest wage that the bureau publishes"


def test_a_name_that_looks_like_markup_is_told_as_it_is(tmp_path: Path, own_tables: Path) -> None:
    file = tmp_path / "[bold]newer.csv"
    file.write_text("series_id,year,period,value\nCUUR0000SA0,2021,M09,274.310\n")
    assert prices("update", file).exit_code == 0
    answer = CliRunner().invoke(app, ["pay", DEAL], env={"COLUMNS": "200"})
    assert "your own file [bold]newer.csv" in " ".join(answer.stdout.split())
    assert "your own file [bold]newer.csv" in " ".join(prices().stdout.split())


def test_an_older_file_is_taken_and_said_to_be(tmp_path: Path, own_tables: Path) -> None:
    file = tmp_path / "older.csv"
    file.write_text("series_id,year,period,value\nCUUR0000SA0,2021,M09,274.310\n")
    assert "goes no further than what is bundled" in prices("update", file).stderr


HEAD = "series_id,year,period,value\n"


@pytest.mark.parametrize(("content", "words"), [
    ("", "none of the tables that are known"),
    ("a,b\n1,2\n", "none of the tables that are known"),
    ("series_id,year,value\nCUUR0000SA0,2026,336\n", "no column 'period'"),
    (HEAD, "none of the series"),
    (HEAD + "CUUR0000SAM,2026,M09,600\n", "none of the series"),
    (HEAD + "CUUR0000SA0,2026,M09,many\n", "line 2: the value 'many'"),
    (HEAD + "CUUR0000SA0,2026,M09,-3\n", "line 2: the value '-3'"),
    (HEAD + "CUUR0000SA0,2026,M09,nan\n", "line 2: the value 'nan'"),
    (HEAD + "CUUR0000SA0,2026,Q09,336\n", "'Q09' is no period"),
    (HEAD + "CUUR0000SA0,26,M09,336\n", "'26' is no year"),
    (HEAD + "CUUR0000SA0,2026\n", "line 2: it ends early"),
    (HEAD + "CUUR0000SA0,2026,M09,336\nCUUR0000SA0,2026,M09,337\n", "line 3: CUUR0000SA0 has 2026 M09 twice"),
    (HEAD + "CUUR0000SA0,2021,M09,100.0\nCUUR0000SA0,2026,M09,120\n", "274.31 is bundled"),
    (HEAD + "CUUR0000SA0,2026,M09,120\n", "no month that is bundled too"),
    (WAGES, "has no row"),
    (WAGES + "2800000,291223,120\n", "row 1: 3 cells"),
    (WAGES + "2800000,psych,1,1,1,1,1,1,1,1,1\n", "'psych' is no code"),
    (WAGES + "99,291223,1,1,1,1,1,1,1,1,1\n", "'99' is no area"),
    (WAGES + "2800000,291223,1,1,lots,1,1,1,1,1,1\n", "no number"),
])
def test_a_wrong_file_is_refused_and_nothing_is_kept(
    content: str, words: str, newer: Path, own_tables: Path, tmp_path: Path
) -> None:
    prices("update", newer)
    before = {path.name: path.read_bytes() for path in own_tables.iterdir()}
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(content)
    refused(prices("update", wrong), 3, words)
    assert {path.name: path.read_bytes() for path in own_tables.iterdir()} == before


def test_no_text_and_no_file(tmp_path: Path, own_tables: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\xff\xfe\x00")
    refused(prices("update", tmp_path / "picture"), 3, "it is not text")
    refused(prices("update", tmp_path), 3, "cannot be read")
    refused(prices("update", tmp_path / "nowhere"), 2, "nowhere is not there")
    assert not own_tables.exists()


def test_a_place_that_cannot_be_written(newer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("CARELOAD_TABLES", str(tmp_path / "a file"))
    refused(prices("update", newer), 6, "cannot be made")
    monkeypatch.setenv("CARELOAD_TABLES", str(tmp_path / "taken"))
    (tmp_path / "taken" / "index.csv").mkdir(parents=True)
    refused(prices("update", newer), 6, "it is a folder")
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["index.csv"]


def test_a_spoilt_table_of_ones_own_is_told_with_the_way_back(own_tables: Path) -> None:
    own_tables.mkdir()
    (own_tables / "index.csv").write_text("series_id,year,period,value\nCUUR0000SA0,2026,M09,?\n")
    answer = CliRunner().invoke(app, ["pay", DEAL])
    refused(answer, 4, "Your own table of prices", "careload prices reset")
    assert prices("reset").exit_code == 0
    assert CliRunner().invoke(app, ["pay", DEAL]).exit_code == 0


@pytest.mark.parametrize(("arguments", "words"), [
    (("updte", "file"), "'update'"),
    (("update",), "No file to take"),
    (("reset", "file"), "nothing to do with it"),
])
def test_what_it_does_not_know(arguments: tuple[str, ...], words: str, own_tables: Path) -> None:
    refused(prices(*arguments), 2, words)


def test_the_place_of_data_of_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from careload.staff.money.own import _home, own_folder

    monkeypatch.delenv("CARELOAD_TABLES", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", os.fspath(tmp_path))
    assert own_folder() == tmp_path / "careload" / "tables"
    home = Path("home")
    assert _home({}, "linux", home) == home / ".local" / "share"
    assert _home({}, "darwin", home) == home / "Library" / "Application Support"
    assert _home({"LOCALAPPDATA": "there"}, "win32", home) == Path("there")
    assert _home({}, "win32", home) == home / "AppData" / "Local"
