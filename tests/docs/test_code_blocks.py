"""Every code block of the README and the docs is run.

A page's blocks run one after another in one temporary folder, beside the example
clinic's records in `extract/`. What follows a command in a `console` block is
compared with what it prints; `…` stands for any text, on its own line for any lines.

    python    run                    toml, json   parsed
    console   run, output compared   mermaid,text left alone
    bash      run

A block that cannot run here says so where the reader sees it: its language is followed
by `needs=` and the reason, as in ```console needs=postgresql. Then its commands and
options must at least exist.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w*)(?: needs=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_ALONE = {"text", "mermaid"}


class Block(NamedTuple):
    language: str
    needs: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    assert text.count("\n```") % 2 == 0, "an open block"
    for found in BLOCK.finditer(text):
        yield Block(found[1], found[2] or "", found[3], text.count("\n", 0, found.start()) + 1)


@pytest.mark.slow
@pytest.mark.parametrize("document", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_code_blocks(document: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = list(blocks(document))
    if any(block.language in ("python", "console", "bash") for block in found):
        shutil.copytree(request.getfixturevalue("example"), tmp_path / "extract")
        os.symlink(ROOT / "examples", tmp_path / "examples")
    for block in found:
        try:
            run(block, tmp_path)
        except Exception as fault:
            raise AssertionError(f"{document.name}, block at line {block.line}: {fault}") from fault


def run(block: Block, folder: Path) -> None:
    if block.needs:
        check_commands(block.text)
    elif block.language == "python":
        shell(f"'{sys.executable}' -c \"$BLOCK\"", folder, BLOCK=block.text)
    elif block.language == "bash":
        run_commands(block.text, folder)
    elif block.language == "console":
        run_console(block.text, folder)
    elif block.language == "toml":
        tomllib.loads(block.text)
    elif block.language == "json":
        json.loads(block.text)
    else:
        assert block.language in LEFT_ALONE, f"unknown language {block.language!r}"


def run_commands(text: str, folder: Path) -> None:
    """`make` commands set up what is running now: for them, only the target must be there."""
    for target in re.findall(r"^make (\w+)$", text, re.MULTILINE):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8"), f"no make {target}"
    shell(re.sub(r"^make \w+$", "", text, flags=re.MULTILINE), folder)


def run_console(text: str, folder: Path) -> None:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        while command.endswith("\\"):
            more, _, expected = expected.partition("\n")
            command = f"{command}\n{more}"
        printed = shell(command, folder)
        if expected.strip():
            same = re.fullmatch(as_pattern(expected), printed.strip(), re.DOTALL)
            assert same, f"{command}\nprints\n{printed}"


def as_pattern(expected: str) -> str:
    """The regular expression of what a command should print."""
    lines = [line.rstrip() for line in expected.strip().splitlines()]
    whole = "\n".join(r"\0" if line == "…" else re.escape(line).replace("…", "[^\n]*?") for line in lines)
    return whole.replace("\n\\0", "(?:\n.*)?").replace("\\0\n", "(?:.*\n)?").replace("\\0", ".*")


def shell(command: str, folder: Path, **variables: str) -> str:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    plain = {"PATH": programs, "COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}
    ran = subprocess.run(
        ["bash", "-euc", command], cwd=folder, env={**os.environ, **plain, **variables},
        capture_output=True, text=True, timeout=300,
    )
    assert ran.returncode == 0, f"{command}\nended with {ran.returncode}\n{ran.stdout}{ran.stderr}"
    return ran.stdout


def check_commands(text: str) -> None:
    """Commands of a block that cannot run here: each subcommand and option is one that careload has."""
    for command in re.findall(r"\bcareload ([a-z]+)([^\n]*)", text.replace("\\\n", " ")):
        manual = shell(f"careload {command[0]} --help", ROOT)
        for option in re.findall(r"--[a-z-]+", command[1]):
            assert option in manual, f"careload {command[0]} has no {option}"


def test_the_comparison_can_fail() -> None:
    assert re.fullmatch(as_pattern("a … c\n…\nend"), "a b c\nx\ny\nend", re.DOTALL)
    assert re.fullmatch(as_pattern("a\n…"), "a", re.DOTALL)
    assert not re.fullmatch(as_pattern("a … c\nend"), "a b c\nmore\nend", re.DOTALL)
    assert not re.fullmatch(as_pattern("a.c"), "abc", re.DOTALL)


LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(#[^)\s]*)?\)")


@pytest.mark.parametrize("document", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_links_lead_somewhere(document: Path) -> None:
    targets = [found[1] for found in LINK.finditer(document.read_text(encoding="utf-8"))]
    inside = [target for target in targets if "://" not in target]
    assert [target for target in inside if not (document.parent / target).exists()] == []
