"""Somebody runs a fitted service where its records have never been: the answer says so first."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.made_models import made_model
from tests.support.runs import SERVICES
from typer.testing import CliRunner

from careload.__main__ import app
from careload.clinic import beside, read_service
from careload.model import Ranges, write_model
from careload.model.trust.checks.beyond import Range

QUICK = ("--years", "0.25", "--replications", "3")
TOLD = "Goes where the records have never been"


def careload(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture
def fitted(tmp_path: Path) -> Path:
    """A therapist alone, in whose records there were never more than twenty patients in care."""
    model = made_model(read_service(SERVICES / "solo.toml"))
    write_model(replace(model, seen=Ranges({"caseload": Range(10.0, 20.0)})), tmp_path / "service.toml")
    return tmp_path / "service.toml"


def codes(answer: Any) -> list[tuple[str, str]]:
    found = json.loads(answer.stdout)["findings"]
    return [(each["code"], each["table"]) for each in found if each["code"] == "beyond-the-seen"]


def test_the_warning_stands_first_in_the_terminal_in_json_and_on_the_page(
    fitted: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    answer = careload("simulate", fitted, *QUICK, "--html", page)
    assert answer.exit_code == 0, answer.exception
    said = " ".join(answer.stdout.split())
    assert said.startswith(TOLD)
    assert "times the most they showed (10 to 20), from week 1" in said
    assert TOLD in page.read_text(encoding="utf-8")
    assert codes(careload("simulate", fitted, *QUICK, "--json")) == [("beyond-the-seen", "")]


def test_of_two_services_it_says_which(fitted: Path) -> None:
    solo = SERVICES / "solo.toml"
    answer = careload("simulate", solo, *QUICK, "--versus", fitted, "--json")
    assert codes(answer) == [("beyond-the-seen", "B")]


def test_a_disagreement_is_warned_of_too(fitted: Path) -> None:
    sets = [SERVICES.parent / "assumptions" / f"{name}.toml" for name in ("union", "employer")]
    answer = careload("differ", *sets, "--scenario", fitted, *QUICK, "--json")
    assert answer.exit_code == 0, answer.exception
    assert codes(answer) == [("beyond-the-seen", "A"), ("beyond-the-seen", "B")]


def test_a_service_that_nobody_fitted_is_run_without_a_word_of_it() -> None:
    assert codes(careload("simulate", SERVICES / "solo.toml", *QUICK, "--json")) == []


def test_records_that_showed_as_much_give_no_warning(tmp_path: Path) -> None:
    model = made_model(read_service(SERVICES / "solo.toml"))
    write_model(replace(model, seen=Ranges({"caseload": Range(30.0, 400.0)})), tmp_path / "service.toml")
    assert codes(careload("simulate", tmp_path / "service.toml", *QUICK, "--json")) == []


def test_a_file_beside_it_that_is_none_of_ours_is_told_before_any_run(fitted: Path) -> None:
    beside(fitted).write_text("{}", encoding="utf-8")
    answer = careload("simulate", fitted, *QUICK)
    error: Any = answer.exception
    assert error.exit_code == 4
    assert answer.stdout == ""
