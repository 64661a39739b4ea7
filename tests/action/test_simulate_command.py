"""`careload simulate`: what a person asks of a service, and what is answered, refused or kept."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.support.runs import SERVICES
from typer.testing import CliRunner

from careload.__main__ import app
from careload.commands import simulate as command

SOLO = str(SERVICES / "solo.toml")
QUICK = ("--years", "0.25", "--replications", "4")


def careload(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def simulate(*arguments: str | Path) -> Any:
    return careload("simulate", SOLO, *QUICK, *arguments)


def refused(answer: Any, code: int, *words: str) -> None:
    """The command ended with an error that `main` turns into this exit code, and had answered nothing."""
    error: Any = answer.exception
    assert getattr(error, "exit_code", None) == code, answer.exception
    assert answer.stdout == ""
    assert all(word in str(error) for word in words), str(error)


def test_the_answer_for_a_person() -> None:
    answer = simulate()
    assert answer.exit_code == 0
    assert "A therapist alone: 0.25 years, 4 replications, seed 1" in answer.stdout
    assert "What patients get" in answer.stdout and "What clinicians carry" in answer.stdout
    assert "Return interval, median" in answer.stdout and "95 % interval" in answer.stdout


def test_json_is_the_same_bytes_each_time() -> None:
    first, second = (
        subprocess.run([sys.executable, "-m", "careload", "simulate", SOLO, *QUICK, "--json"],
                       capture_output=True, check=True).stdout
        for _ in range(2)
    )
    assert first == second
    answer = json.loads(first)
    assert (answer["schema"], answer["service"]) == ("careload/simulate/1", "A therapist alone")
    assert (answer["years"], answer["replications"], answer["seed"]) == (0.25, 4, 1)
    assert {each["measure"] for each in answer["estimates"]} >= {"return_interval", "overload", "pay_cost"}


def test_another_seed_is_other_luck() -> None:
    one, two = (json.loads(simulate("--json", *more).stdout)["estimates"] for more in ((), ("--seed", "2")))
    assert one != two


def test_doubts_come_first() -> None:
    answer = simulate("--precision", "0.0001")
    assert "too-few" not in answer.stdout  # a code is for programs
    assert answer.stdout.index("Raise --replications to") < answer.stdout.index("What patients get")
    found = json.loads(simulate("--precision", "0.0001", "--json").stdout)["findings"]
    assert "too-few-replications" in [each["code"] for each in found]


def test_a_value_is_set() -> None:
    here, there = (json.loads(simulate("--json", *more).stdout)["estimates"]
                   for more in ((), ("--set", "team.practice.return_slots=10", "--set", "start.patients=40")))
    visits = [next(each["value"] for each in found if each["measure"] == "visits_per_week")
              for found in (here, there)]
    assert visits[0] > visits[1]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("policy.overboking=0.1", ["overbooking"]),
        ("polici.overbooking=0.1", ["policy"]),
        ("team.practices.posts=1", ["practice"]),
        ("policy.overbooking=lots", ["lots", "quotes"]),
        ("policy.overbooking=-7", ["overbooking is -7", "from"]),
        ("policy.overbooking", ["names no value"]),
        ("policy.overbooking=1\nx=2", ["is no value"]),
    ],
)
def test_a_setting_that_does_not_hold(setting: str, words: list[str]) -> None:
    refused(simulate("--set", setting), 2, *words)


def test_two_services_on_the_same_luck() -> None:
    answer = simulate("--versus", SOLO, "--set", "policy.overbooking=0.2", "--json")
    found = json.loads(answer.stdout)["versus"]
    assert found["changes"] == [{"key": "policy.overbooking", "before": 0.0, "after": 0.2}]
    assert {each["method"] for each in found["waterfalls"]} == {"exact Shapley over 1 changes"}
    for each in found["waterfalls"]:
        (share,) = each["shares"]
        assert share["difference"]["value"] == pytest.approx(each["end"] - each["start"], abs=1e-9)
    assert all(each["difference"]["interval"] in ("t-over-pairs", "one-run") for each in found["differences"])


def test_a_comparison_in_sentences() -> None:
    answer = simulate("--versus", SOLO, "--set", "start.patients=60")
    assert "start.patients: 30" in answer.stdout.replace(".0", "")
    told = " ".join(answer.stdout.split())
    assert "People in care: from " in told and " more (" in told
    assert "How much each change makes" in told


def test_a_service_against_itself() -> None:
    answer = simulate("--versus", SOLO)
    assert answer.exit_code == 0 and "do not differ in any value" in answer.stdout


def test_what_is_written_beside_the_answer(tmp_path: Path) -> None:
    answer = simulate("--parquet", tmp_path / "runs")
    assert answer.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [
        "estimates.parquet", "intervals.parquet", "weekly_clinicians.parquet", "weekly_patients.parquet",
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--records", "records"), 2),  # with four replications
        (("--versus", SOLO, "--parquet", "runs"), 2),
        (("--precision", "5"), 2),
        (("--years", "0"), 2),
        (("--versus", "nowhere.toml"), 4),
        (("--html", "no/where/page.html"), 6),
    ],
)
def test_refused(arguments: tuple[str, ...], code: int) -> None:
    refused(simulate(*arguments), code)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(simulate("--parquet", tmp_path / "file"), 6)


def test_a_file_that_is_no_service(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("[polici]\noverbooking = 1\n")
    refused(careload("simulate", tmp_path / "wrong.toml", *QUICK), 4, "policy")


def interrupting_after(done: int) -> Callable[..., Any]:
    """A progress bar in which somebody presses Ctrl-C."""
    @contextmanager
    def bar(*_: Any) -> Iterator[Callable[[str, int, int], None]]:
        def step(name: str, now: int, of: int) -> None:
            if name == "runs" and now >= done:
                raise KeyboardInterrupt

        yield step

    return bar


def test_interrupted_what_is_finished_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "progress_bar", interrupting_after(3))
    answer = careload("simulate", SOLO, "--years", "0.25", "--replications", "50", "--json")
    assert answer.exit_code == 130
    found = json.loads(answer.stdout)
    assert found["replications"] == 3
    assert found["findings"][0]["code"] == "interrupted"
    assert all(each["n"] <= 3 for each in found["estimates"])
    assert "Interrupted. 3 of 50 replications were finished: the answer is of those" in answer.stderr


def test_interrupted_the_page_is_said_to_be_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "progress_bar", interrupting_after(3))
    page = tmp_path / "page.html"
    answer = careload("simulate", SOLO, "--years", "0.25", "--replications", "50", "--html", page)
    assert page.exists()
    assert f"the answer and the page {page} are of those, and whole" in answer.stderr
    # Not an exit that the program would follow with its own word on Ctrl-C, that nothing is left.
    assert isinstance(answer.exception, SystemExit) and answer.exit_code == 130


def test_the_first_run_says_that_it_compiles(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "Compiling" not in simulate().stderr
    monkeypatch.setattr("careload.simulate.machine_code.CACHE", tmp_path)
    assert "Compiling the simulator, once: a minute or two." in simulate().stderr


def test_doubts_of_two_services_say_whose_they_are() -> None:
    answer = simulate("--versus", SOLO, "--set", "start.patients=60", "--precision", "0.0001")
    assert answer.stdout.startswith("In ")
    assert "In A: " in answer.stdout and "In B: " in answer.stdout
    assert "Visits per week (visits_per_week, mean) is known to" in " ".join(answer.stdout.split())


def test_interrupted_within_a_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "progress_bar", interrupting_after(50))
    answer = careload("simulate", SOLO, "--years", "0.1", "--replications", "50", "--versus", SOLO,
                      "--set", "policy.overbooking=0.2", "--json")
    assert answer.exit_code == 130
    assert "versus" not in json.loads(answer.stdout)  # the other service had not begun


def test_interrupted_before_anything_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        from careload.simulate import Interrupted, Simulated

        raise Interrupted(Simulated({}, 1, 0, 1, 50, (), 1))  # type: ignore[arg-type]

    monkeypatch.setattr("careload.simulate.simulate", stop)
    answer = simulate()
    assert answer.exit_code == 130 and answer.stdout == ""
    assert "so there is no answer" in answer.stderr
