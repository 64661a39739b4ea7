"""docs/commands.md names every command and option of the program, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from careload import clinic
from careload.__main__ import INTERRUPTED, app

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def test_commands() -> None:
    assert set(re.findall(r"^## careload (\w+)$", PAGE, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_options(name: str) -> None:
    section = re.split(r"^## ", PAGE.split(f"## careload {name}\n")[1], flags=re.MULTILINE)[0]
    described = set(re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE))
    there = {option for param in COMMANDS[name].params for option in param.opts if option.startswith("--")}
    assert described == there - {"--help"}


def test_exit_codes() -> None:
    described = set(re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE))
    errors = [thing for thing in vars(clinic).values() if hasattr(thing, "exit_code")]
    assert described == {str(error.exit_code) for error in errors} | {"0", str(INTERRUPTED)}
