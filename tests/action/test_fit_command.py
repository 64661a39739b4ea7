"""`careload fit` and `careload explain`: records become a service, and a number tells where it comes from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.support.runs import SERVICES
from typer.testing import CliRunner

from careload.__main__ import app
from careload.clinic import read_service
from careload.simulate import run_logged, write_records

MONTHS = 9


def careload(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def refused(answer: Any, code: int, *words: str) -> None:
    error: Any = answer.exception
    assert getattr(error, "exit_code", None) == code, answer.exception
    assert answer.stdout == ""
    assert all(word in str(error) for word in words), str(error)


@dataclass(frozen=True)
class Fitted:
    records: Path
    service: Path
    answer: Any


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """Nine months of a small practice, fitted once."""
    folder = tmp_path_factory.mktemp("practice")
    service = read_service(SERVICES / "solo.toml")
    write_records(run_logged(service, MONTHS / 12, seed=4), service, folder / "records")
    return Fitted(folder / "records", folder / "service.toml",
                  careload("fit", folder / "records", "--out", folder / "service.toml", "--json"))


def test_the_answer_is_one_object_and_two_files(practice: Fitted) -> None:
    assert practice.answer.exit_code == 0, practice.answer.exception
    found = json.loads(practice.answer.stdout)
    assert found["schema"] == "careload/fit/1"
    assert found["hold_out"]["periods"] >= 1
    assert {"last value", "same season", "straight line"} == set(found["hold_out"]["scored"][0]["rivals"])
    assert practice.service.exists()
    assert practice.service.with_suffix(".fit.json").exists()
    by_place = {belief["place"]: belief for belief in found["beliefs"]}
    assert by_place["policy.rebook_days"]["origin"] == "records"
    assert by_place["workforce.pay_elasticity"]["determined"] == "not identified"
    assert "What would settle it" in by_place["workforce.ramp_from"]["note"]


def test_the_answer_sets_the_fit_beside_the_records_and_keeps_the_books(practice: Fitted) -> None:
    found = json.loads(practice.answer.stdout)
    followed = {each["measure"]: each for each in found["against"]["followed"]}
    visits = followed["visits"]
    assert len(visits["happened"]) == found["against"]["weeks"] == len(visits["low"])
    assert 0 < visits["inside"] <= visits["known"]
    assert all(value is None or value >= 11 for value in followed["no_shows"]["happened"] if value != 0)
    (whole,) = found["flows"]["by_site"]
    assert whole["by"] == {} and whole["visits"] > 100
    assert found["seen"]["caseload"]["low"] <= found["seen"]["caseload"]["high"]
    assert json.loads(practice.service.with_suffix(".fit.json").read_text())["seen"] == found["seen"]


def test_the_service_can_be_run(practice: Fitted) -> None:
    answer = careload("simulate", practice.service, "--years", "0.25", "--replications", "2", "--json")
    assert answer.exit_code == 0, answer.exception


def test_no_id_of_anybody_is_in_the_files(practice: Fitted) -> None:
    written = practice.service.read_text(encoding="utf-8")
    written += practice.service.with_suffix(".fit.json").read_text(encoding="utf-8")
    assert not re.search(r"\b[pc]\d{3,}\b", written)


def test_where_a_number_comes_from(practice: Fitted) -> None:
    answer = careload("explain", practice.service, "rebook_days")
    assert answer.exit_code == 0
    assert answer.stdout.startswith("policy.rebook_days = ")
    assert "Formula:" in answer.stdout and "Counted:" in answer.stdout
    refused(careload("explain", practice.service, "rebook_day"), 2, "rebook_days")


def test_what_is_written_is_never_written_over_what_is_read(practice: Fitted) -> None:
    refused(careload("fit", practice.records, "--out", practice.records / "appointments.csv"), 2)


def test_a_day_that_is_none_and_a_day_after_everything(practice: Fitted, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "service.toml")
    refused(careload("fit", practice.records, *out, "--from", "soon"), 2, "--from")
    refused(careload("fit", practice.records, *out, "--from", "2090-01-01"), 2, "2090-01-01")
    assert not (tmp_path / "service.toml").exists()


def test_records_with_column_names_and_no_row(tmp_path: Path) -> None:
    (tmp_path / "appointments.csv").write_text("patient,starts_at,status\n", encoding="utf-8")
    refused(careload("fit", tmp_path, "--out", tmp_path / "service.toml"), 3)
