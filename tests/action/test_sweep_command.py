"""`careload sweep`: many scenarios, kept as they are run, and gone on with after a crash."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.support.runs import SERVICES
from typer.testing import CliRunner

from careload.__main__ import app
from careload.clinic import read_service
from careload.commands import sweep as command
from careload.simulate import Vary, latin, store
from careload.simulate import sweep as sweep_of

SOLO = str(SERVICES / "solo.toml")
GRID = ("--vary", "policy.overbooking=0.0,0.2", "--vary", "start.patients=20,30,40")
QUICK = ("--years", "0.1", "--replications", "12")


def sweep(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["sweep", SOLO, *map(str, arguments)])


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "table.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_grid(tmp_path: Path) -> None:
    answer = sweep(*GRID, *QUICK, "--out", tmp_path)
    assert answer.exit_code == 0
    assert "72 runs made, 0 found finished" in answer.stderr
    rows = table(tmp_path)
    seen = {(row["scenario"], row["policy.overbooking"], row["start.patients"]) for row in rows}
    assert seen == {("0", "0.0", "20"), ("1", "0.0", "30"), ("2", "0.0", "40"),
                    ("3", "0.2", "20"), ("4", "0.2", "30"), ("5", "0.2", "40")}
    in_care = [float(row["value"]) for row in rows if row["measure"] == "in_care" and not row["site"]]
    assert in_care[0] < in_care[1] < in_care[2]
    assert pq.read_table(tmp_path / "table.parquet").num_rows == len(rows)


def test_given_again_nothing_is_run_again(tmp_path: Path) -> None:
    sweep(*GRID, *QUICK, "--out", tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("runs/**/*.parquet")}
    first = (tmp_path / "table.parquet").read_bytes()
    assert "0 runs made, 72 found finished" in sweep(*GRID, *QUICK, "--out", tmp_path).stderr
    assert (tmp_path / "table.parquet").read_bytes() == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("runs/**/*.parquet")} == before


def test_more_of_the_same_runs_only_what_is_new(tmp_path: Path) -> None:
    sweep("--vary", "start.patients=20,30", "--years", "0.1", "--replications", "12", "--out", tmp_path / "a")
    more = ("--vary", "start.patients=20,30,40", "--years", "0.1", "--replications", "15")
    assert "21 runs made, 24 found finished" in sweep(*more, "--out", tmp_path / "a").stderr
    sweep(*more, "--out", tmp_path / "b")
    assert (tmp_path / "a" / "table.csv").read_bytes() == (tmp_path / "b" / "table.csv").read_bytes()


def test_another_seed_is_run_anew(tmp_path: Path) -> None:
    sweep("--vary", "start.patients=20", *QUICK, "--out", tmp_path)
    assert "12 runs made, 0 found" in sweep(
        "--vary", "start.patients=20", *QUICK, "--out", tmp_path, "--seed", "2").stderr


def test_a_file_that_is_broken_is_run_again(tmp_path: Path) -> None:
    sweep("--vary", "start.patients=20", *QUICK, "--out", tmp_path)
    first = (tmp_path / "table.csv").read_bytes()
    broken = sorted(tmp_path.glob("runs/**/*.parquet"))[0]
    broken.write_bytes(broken.read_bytes()[:100])
    assert "10 runs made, 2 found" in sweep("--vary", "start.patients=20", *QUICK, "--out", tmp_path).stderr
    assert (tmp_path / "table.csv").read_bytes() == first


def test_a_latin_hypercube(tmp_path: Path) -> None:
    answer = sweep("--vary", "policy.overbooking=0.0..0.4", "--vary", "policy.drop_after_no_shows=1..4",
                   "--latin", "4", "--years", "0.1", "--replications", "2", "--out", tmp_path)
    assert answer.exit_code == 0, answer.exception
    rows = {row["scenario"]: row for row in table(tmp_path)}
    shares = sorted(float(row["policy.overbooking"]) for row in rows.values())
    assert [int(share / 0.1) for share in shares] == [0, 1, 2, 3]  # one in each quarter
    assert sorted(row["policy.drop_after_no_shows"] for row in rows.values()) == ["1", "2", "3", "4"]


def test_a_range_may_be_written_either_way() -> None:
    """Of 9..1 eight scenarios cover 1 to 9, as of 1..9."""
    ways = [latin([Vary("policy.rebook_days", ends, range=True)], 9) for ends in ((9, 1), (1, 9))]
    assert ways[0] == ways[1]
    assert sorted(each["policy.rebook_days"] for each in ways[0]) == list(range(1, 10))


def test_scenarios_of_ones_own_may_vary_different_things(tmp_path: Path) -> None:
    design = [{"start.patients": 20}, {"policy.overbooking": 0.2, "start.patients": 30}, {}]
    sweep_of(read_service(SOLO), design, 0.1, 2, out=tmp_path)
    rows = {row["scenario"]: row for row in table(tmp_path)}
    assert list(rows["0"])[:3] == ["scenario", "start.patients", "policy.overbooking"]
    told = [(row["start.patients"], row["policy.overbooking"]) for row in rows.values()]
    assert told == [("20", ""), ("30", "0.2"), ("", "")]
    whole = pq.read_table(tmp_path / "table.parquet")
    assert whole["policy.overbooking"].null_count > 0 and "start.patients" in whole.column_names


@pytest.mark.parametrize("changed", ["holidays", "numpy", "clinic"])
def test_another_version_of_what_makes_the_numbers_is_run_anew(
    monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    def name() -> str:
        store._program.cache_clear()
        return store.digest(read_service(SOLO), 52, 0)

    before = name()
    digest_of, version_of = store.digest_of_sources, store.version
    with monkeypatch.context() as patch:
        patch.setattr(store, "digest_of_sources",
                      lambda folder: "other" if folder.name == changed else digest_of(folder))
        patch.setattr(store, "version", lambda name: "other" if name == changed else version_of(name))
        assert name() != before
    assert name() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--vary", "policy.overboking=0.1"), "overbooking"),
        (("--vary", "policy.overbooking=0.1..0.5"), "range in a grid"),
        (("--vary", "policy.overbooking=a..b"), "is no value"),
        (("--vary", "policy.overbooking="), "names no value"),
        (("--vary", "policy.overbooking=0.1", "--vary", "policy.overbooking=0.2"), "varied twice"),
        (("--vary", "policy.overbooking=0.1", "--latin", "0"), "hypercube of 0"),
        (("--vary", "policy.overbooking=0.1", "--latin", "2", "--grid"), "Leave out --grid or --latin."),
        (("--vary", "policy.overbooking=0.1", "--workers", "2", "--cluster", "x"),
         "--workers and --cluster are given together."),
        (("--vary", "policy.overboking=0.1"), "The scenario with policy.overboking = 0.1: 'overboking'"),
        (("--vary", "policy.overbooking=-3"), "overbooking is -3"),
    ],
)
def test_refused(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    answer = sweep(*arguments, "--out", tmp_path / "out")
    error: Any = answer.exception
    assert error.exit_code == 2 and words in str(error)
    assert answer.stdout == ""


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = sweep("--vary", "start.patients=20", *QUICK, "--out", tmp_path / "file")
    assert getattr(answer.exception, "exit_code", None) == 6


def test_interrupted_what_is_finished_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def bar(*_: Any) -> Iterator[Callable[[str, int, int], None]]:
        def step(name: str, done: int, of: int) -> None:
            if done >= 20:
                raise KeyboardInterrupt

        yield step

    with monkeypatch.context() as patch:
        patch.setattr(command, "progress_bar", bar)
        answer = sweep(*GRID, *QUICK, "--out", tmp_path)
    assert answer.exit_code == 130 and answer.stdout == ""
    kept = int(answer.stderr.split(" of 72 runs are kept")[0].split()[-1])
    assert kept >= 20
    assert f"{72 - kept} runs made, {kept} found finished" in sweep(*GRID, *QUICK, "--out", tmp_path).stderr


@pytest.mark.alone
@pytest.mark.slow
def test_killed_in_mid_run_it_goes_on(tmp_path: Path) -> None:
    """Killed without warning; what was finished is not run again, and the answer is that of a whole run."""
    asked = ("--vary", "start.patients=20,25,30,35,40,45,50", "--years", "5", "--replications", "20")
    command = [sys.executable, "-m", "careload", "sweep", SOLO, *asked, "--out", str(tmp_path / "killed")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while len(list((tmp_path / "killed").glob("runs/**/[0-9]*.parquet"))) < 2:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    files = list((tmp_path / "killed").glob("runs/**/[0-9]*.parquet"))
    finished = sum(len(set(pq.read_table(path)["replication"].to_pylist())) for path in files)
    assert 20 <= finished < 140
    assert not (tmp_path / "killed" / "table.csv").exists()
    answer = sweep(*asked, "--out", tmp_path / "killed")
    assert f"{140 - finished} runs made, {finished} found finished" in answer.stderr
    sweep(*asked, "--out", tmp_path / "whole")
    for name in ("table.csv", "table.parquet"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
