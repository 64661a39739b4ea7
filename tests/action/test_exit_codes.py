"""Every kind of failure ends with its own exit code, three parts on stderr and nothing on stdout."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support.ctrl_c import heed_ctrl_c

CARELOAD = [sys.executable, "-m", "careload"]
GOOD = "patient,starts_at,status\np1,2024-01-01T09:00,completed\np1,2024-01-08T09:00,completed\n"
FAULTY = GOOD + "p2,sometime,completed\n"


def careload(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CARELOAD, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    (tmp_path / "appointments.csv").write_text(GOOD)
    return tmp_path


def failed(answer: subprocess.CompletedProcess[str], code: int) -> None:
    assert answer.returncode == code, answer.stderr
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
    assert "Expected" in answer.stderr


def test_done(extract: Path) -> None:
    assert careload("measure", extract, "--only", "no_show").returncode == 0


def test_check_finds_errors(tmp_path: Path) -> None:
    (tmp_path / "appointments.csv").write_text(FAULTY)
    assert careload("check", tmp_path).returncode == 1


@pytest.mark.parametrize("wrong", [["--standard", "californa"], ["--by", "sites"], ["--as-of", "yesterday"]])
def test_usage(extract: Path, wrong: list[str]) -> None:
    failed(careload("measure", extract, *wrong), 2)


def test_an_unknown_option_is_answered_with_near_ones(extract: Path) -> None:
    answer = careload("measure", extract, "--standrd", "california")
    assert answer.returncode == 2
    assert "--standard" in answer.stderr


def test_unreadable_or_without_an_acceptable_row(tmp_path: Path) -> None:
    failed(careload("measure", tmp_path / "nowhere"), 3)
    failed(careload("measure", tmp_path), 3)
    (tmp_path / "appointments.csv").write_text(GOOD.splitlines()[0] + "\n")
    failed(careload("measure", tmp_path), 3)
    failed(careload("map", tmp_path), 3)


def test_a_check_without_an_acceptable_row_tells_what_it_found(tmp_path: Path) -> None:
    (tmp_path / "appointments.csv").write_text(GOOD.splitlines()[0] + "\np1,sometime,completed\n")
    answer = careload("check", tmp_path)
    assert answer.returncode == 3
    assert "1 row whose starts_at cannot be understood" in answer.stdout
    assert "Traceback" not in answer.stderr
    assert "careload check" not in answer.stderr


@pytest.mark.parametrize("command", ["measure", "map", "check"])
def test_what_is_not_text(tmp_path: Path, command: str) -> None:
    noise = bytes((37 * place * place + 11 * place) % 256 for place in range(5000))
    (tmp_path / "appointments.csv").write_bytes(noise)
    failed(careload(command, tmp_path / "appointments.csv"), 3)


def test_mapping(extract: Path) -> None:
    mapping = extract / "map.toml"
    mapping.write_text(
        '[appointments]\nfrom = "appointments.csv"\n[appointments.columns]\npatiant = "patient"\n'
    )
    failed(careload("measure", extract, "--mapping", mapping), 4)


def test_source_unreachable(tmp_path: Path) -> None:
    failed(careload("measure", f"duckdb:///{tmp_path}/nowhere.db"), 5)


def test_cannot_write(extract: Path) -> None:
    failed(careload("measure", extract, "--only", "no_show", "--html", extract / "no" / "report.html"), 6)


@pytest.mark.alone
def test_interrupted(extract: Path) -> None:
    rows = "".join(f"p{row % 5000},2024-01-{row % 28 + 1:02}T09:00,completed\n" for row in range(400_000))
    (extract / "appointments.csv").write_text(GOOD + rows)
    temporary = extract / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [*CARELOAD, "measure", str(extract)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
        preexec_fn=heed_ctrl_c,
    )
    while not list(temporary.iterdir()):  # until it reads
        time.sleep(0.1)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert list(temporary.iterdir()) == []
