"""Somebody asks a fit for its page: where it is written, what it tells, what is refused before any work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.made_hold_outs import made_doubts, made_hold_out
from tests.support.made_models import made_model
from typer.testing import CliRunner

from careload.__main__ import app
from careload.model import AssumptionSet

PARTY = """
name = "The party"
whose = "invented"
[[value]]
place = "need.nobody.visits_needed"
value = 12
source = "nowhere"
mark = "assumed"
"""
VISITS = "patient,starts_at,status\np1,2024-01-08T09:00:00,completed\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A fit and its doubts made by hand in place of the long work; what was asked for is noted."""
    done: list[str] = []

    def noted(name: str, found: Any) -> Callable[..., Any]:
        return lambda *_, **__: done.append(name) or found

    def fitted(*_: Any, followed: bool, parties: list[AssumptionSet], **__: Any) -> Any:
        done.extend(["fit", *["week by week"] * followed, *(each.name for each in parties)])
        return made_model(hold_out=made_hold_out())

    monkeypatch.setattr("careload.model.fit", fitted)
    monkeypatch.setattr("careload.model.doubts_of", noted("doubts", made_doubts()))
    monkeypatch.setattr("careload.commands.fit.say_if_compiling", lambda: None)
    return done


@pytest.fixture
def records(tmp_path: Path) -> Path:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "appointments.csv").write_text(VISITS, encoding="utf-8")
    return tmp_path / "records"


def test_the_page_is_written_and_said(asked: list[str], records: Path, tmp_path: Path) -> None:
    out, page = tmp_path / "service.toml", tmp_path / "fit.html"
    result = CliRunner().invoke(app, ["fit", str(records), "--out", str(out), "--html", str(page)])
    assert result.exit_code == 0, result.output
    assert asked == ["fit", "week by week", "doubts"]
    text = page.read_text(encoding="utf-8")
    assert "How well it forecasts" in text
    assert "Two parameters carry" in text
    assert f"Page written to {page}." in result.output.replace("\n", "")


def test_without_the_page_nobody_looks_where_the_doubt_lies(
    asked: list[str], records: Path, tmp_path: Path
) -> None:
    CliRunner().invoke(app, ["fit", str(records), "--out", str(tmp_path / "service.toml")])
    assert asked == ["fit"]


def test_what_a_party_holds_is_shown_beside_and_what_has_no_place_is_said(
    asked: list[str], records: Path, tmp_path: Path
) -> None:
    party = tmp_path / "party.toml"
    party.write_text(PARTY, encoding="utf-8")
    out = tmp_path / "service.toml"
    result = CliRunner().invoke(app, ["fit", str(records), "--out", str(out), "--beside", str(party)])
    assert result.exit_code == 0, result.output
    assert asked == ["fit", "The party"]
    assert "The party: need.nobody.visits_needed has no place in this service" in result.stderr


def test_a_set_that_does_not_hold_is_refused_before_any_work(
    asked: list[str], records: Path, tmp_path: Path
) -> None:
    party, out = tmp_path / "party.toml", tmp_path / "service.toml"
    party.write_text(PARTY.replace("visits_needed", "visits_neded"), encoding="utf-8")
    result = CliRunner().invoke(app, ["fit", str(records), "--out", str(out), "--beside", str(party)])
    assert getattr(result.exception, "exit_code", None) == 4
    assert asked == []


def test_a_page_over_the_records_is_refused_before_any_work(
    asked: list[str], records: Path, tmp_path: Path
) -> None:
    source = records / "appointments.csv"
    arguments = ["fit", str(source), "--out", str(tmp_path / "service.toml"), "--html", str(source)]
    assert CliRunner().invoke(app, arguments).exit_code != 0
    assert asked == []
    assert source.read_text(encoding="utf-8") == VISITS
