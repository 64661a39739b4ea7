"""`careload differ`: two parties, one clinic; what decides, what is refused, what Ctrl-C leaves."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.support.assumptions import HEAD, value
from tests.support.runs import SERVICES
from typer.testing import CliRunner

from careload.__main__ import app
from careload.commands import differ as command

SOLO = str(SERVICES / "solo.toml")
QUICK = ("--scenario", SOLO, "--years", "2", "--replications", "6")


@pytest.fixture
def parties(tmp_path: Path) -> tuple[str, str]:
    """One holds that it takes 8 visits to get well, the other 16; what hiring costs they dispute as well."""
    files = []
    for name, visits, cost in (("union", "16", "0.5"), ("employer", "8", "0.1")):
        file = tmp_path / f"{name}.toml"
        values = value("need.*.visits_needed", visits) + value("workforce.hiring_cost_share", cost)
        file.write_text(f"{HEAD.replace('stewards hold', f'{name} holds')}{values}", encoding="utf-8")
        files.append(str(file))
    return files[0], files[1]


def differ(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["differ", *map(str, arguments)])


def refused(answer: Any, code: int, *words: str) -> None:
    error: Any = answer.exception
    assert getattr(error, "exit_code", None) == code, answer.exception
    assert answer.stdout == ""
    assert all(word in str(error) for word in words), str(error)


def stopping(monkeypatch: pytest.MonkeyPatch, when: Callable[[str, int], bool]) -> None:
    @contextmanager
    def bar(*_: Any) -> Iterator[Callable[[str, int, int], None]]:
        def step(name: str, done: int, of: int) -> None:
            if when(name, done):
                raise KeyboardInterrupt

        yield step

    monkeypatch.setattr(command, "progress_bar", bar)


def test_the_answer_for_a_person(parties: tuple[str, str]) -> None:
    answer = differ(*parties, *QUICK)
    assert answer.exit_code == 0, answer.exception
    plain = " ".join(answer.stdout.split())
    assert "A: What the union holds (stewards of an invented clinic)" in plain
    assert "On: A therapist alone, 2 years, 6 pairs of runs, seed 1." in plain
    assert "One assumption alone decides" in plain and "visits needed of adults from 16 to 8" in plain
    assert "swapped in A" in plain and "Shapley share" in plain and "95 % interval" in plain
    assert "hiring cost share" in plain


def test_json_is_the_same_bytes_each_time(parties: tuple[str, str]) -> None:
    asked = [sys.executable, "-m", "careload", "differ", *parties, *QUICK, "--json"]
    first, second = (subprocess.run(asked, capture_output=True, check=True).stdout for _ in range(2))
    assert first == second
    answer = json.loads(first)
    assert (answer["schema"], answer["service"]) == ("careload/differ/1", "A therapist alone")
    assert answer["a"] == {"name": "What the union holds", "whose": "stewards of an invented clinic"}
    assert (answer["years"], answer["replications"], answer["seed"]) == (2, 6, 1)
    overdue = next(each for each in answer["answers"] if each["measure"] == "overdue")
    assert (overdue["verdict"], overdue["decides"]) == ("one", "need.*.visits_needed")
    assert {key for each in overdue["swaps"] for key in each} == {
        "places", "before", "after", "from_a", "from_b", "share", "is_enough",
        "is_against"}
    assert [each["place"] for each in answer["assumptions"]] == [
        "need.*.visits_needed", "workforce.hiring_cost_share"]
    assert str(SERVICES) not in first.decode()


def test_a_lever_is_given_with_set(parties: tuple[str, str]) -> None:
    asked = (*parties, *QUICK, "--json")
    plain, changed = (json.loads(differ(*asked, *more).stdout) for more in (
        (), ("--set", "start.patients=50")))
    for side in ("under_a", "under_b"):
        before, after = (
            next(each[side]["value"] for each in answer["answers"] if each["measure"] == "overdue")
            for answer in (plain, changed)
        )
        assert after > before


def test_a_set_beats_what_is_set(parties: tuple[str, str]) -> None:
    plain, changed = (json.loads(differ(*parties, *QUICK, "--json", *more).stdout) for more in (
        (), ("--set", "need.adults.visits_needed=30")))
    assert plain == changed


def test_the_page(parties: tuple[str, str], tmp_path: Path) -> None:
    answer = differ(*parties, *QUICK, "--html", tmp_path / "page.html")
    assert f"Page written to {tmp_path / 'page.html'}" in answer.stderr.replace("\n", "")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "One assumption alone decides" in page and page.count("<svg") >= 4
    again = differ(*parties, *QUICK, "--html", tmp_path / "again.html")
    assert again.exit_code == 0 and (tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_what_is_refused(parties: tuple[str, str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(HEAD + value("need.*.visits_neded", "3"), encoding="utf-8")
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text(HEAD + value("need.youth.visits_needed", "3"), encoding="utf-8")
    refused(differ(parties[0], wrong, *QUICK), 4, "wrong.toml, line 4", "visits_needed")
    refused(differ(parties[0], elsewhere, *QUICK), 4, "There is no need in 'need.youth.visits_needed'")
    refused(differ(parties[0], tmp_path / "nowhere.toml", *QUICK), 4, "assumption set nowhere.toml")
    refused(differ(*parties, "--scenario", tmp_path / "nowhere.toml"), 4, "service nowhere.toml")
    refused(differ(*parties, *QUICK, "--replications", "0"), 2, "0 replications")
    refused(differ(*parties, *QUICK, "--set", "policy.overboking=1"), 2, "overbooking")
    refused(differ(*parties, *QUICK, "--html", tmp_path / "no" / "page.html"), 6)
    refused(differ(*parties, *QUICK, "--html", parties[0]), 2)
    assert differ(*parties).exit_code == 2  # no scenario


def test_interrupted_among_the_swaps(parties: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    stopping(monkeypatch, lambda name, done: name == "waterfall")
    answer = differ(*parties, *QUICK)
    assert answer.exit_code == 130
    assert "6 of 6 pairs of runs were finished, the swaps were not" in answer.stderr
    assert "The swaps were not finished" in answer.stdout and "One assumption" not in answer.stdout


def test_interrupted_before_a_pair_is_finished(
    parties: tuple[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stopping(monkeypatch, lambda name, done: name == "runs")
    answer = differ(*parties, *QUICK, "--html", tmp_path / "page.html")
    assert answer.exit_code == 130 and answer.stdout == ""
    assert "None of 6 pairs of runs was finished" in answer.stderr
    assert not (tmp_path / "page.html").exists()
