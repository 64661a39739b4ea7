"""The page about the trap: its figures are the program's, its rows the script's, its pictures as told."""

from __future__ import annotations

import re
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from careload.simulate.student import half_width

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "trap.md").read_text(encoding="utf-8")
MADE = runpy.run_path(str(ROOT / "scripts" / "trap_figures.py"))
FEW = 5
"""Replications: the first of the forty the page is of."""
LUCK = 2.0
"""Forty runs and their first six may differ by so many half-widths of the six."""
HEAVY = 150_000
RETURN, FIRST, CRISES, LOAD, PAY = (MADE[name] for name in ("RETURN", "FIRST", "CRISES", "LOAD", "PAY"))


def rows(name: str) -> list[dict[str, str]]:
    """The rows of every table of the page that begin with a name, each by column."""
    found = []
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        head, _, *lines = cells
        found += [dict(zip(head, line, strict=True)) for line in lines if line[0] == name]
    assert found, f"no row {name!r}"
    return found


def number(cell: str) -> float:
    """The mean of a cell: what stands before a difference."""
    return float(cell.partition(":")[0].replace(",", "").replace("−", "-"))


def agree(told: Mapping[str, str], found: Mapping[str, Any]) -> None:
    for column in (RETURN, FIRST, CRISES, LOAD, PAY):
        if column in told:
            value, own = number(told[column]), found[column]
            wide = LUCK * (half_width(own) or 0.0) + 0.02 * abs(value)
            assert abs(own.mean() - value) <= wide, f"{column}: page {value}, program {own.mean():.2f}"


@pytest.fixture(scope="module")
def at_rest() -> dict[str, Any]:
    return {name: MADE["runs"](MADE[name], FEW) for name in ("TRAP", "OUT")}


def test_the_trap_is_as_the_page_says(at_rest: dict[str, Any]) -> None:
    for told in rows("as it is"):
        agree(told, at_rest["TRAP"])


def test_the_way_out_is_as_the_page_says(at_rest: dict[str, Any]) -> None:
    (told,) = rows("**posts and templates** (`out-of-the-trap.toml`)")
    agree(told, at_rest["OUT"])


@pytest.mark.parametrize("name", ["at most 80 patients per FTE", "pay 20 % higher"])
def test_what_does_not_is_as_the_page_says(name: str) -> None:
    (told,) = rows(name)
    agree(told, MADE["runs"](MADE["TRAP"].changed(MADE["TRIED"][name]), FEW))


def test_groups_are_as_the_page_says() -> None:
    (told,) = rows("four in ten in groups, nothing else")
    agree(told, MADE["runs"](MADE["TRAP"].changed(MADE["WAYS"]["four in ten in groups, nothing else"]), FEW))


def test_it_can_fail(at_rest: dict[str, Any]) -> None:
    (told,) = rows("**posts and templates** (`out-of-the-trap.toml`)")
    with pytest.raises(AssertionError, match="page 17"):
        agree({**told, RETURN: "17.0: −39.8 (−40.2 to −39.4)"}, at_rest["OUT"])


@pytest.mark.parametrize("table", ["TRIED", "WAYS", "MORE_POSTS", "DOUBTS"])
def test_the_page_has_every_row_of_the_script(table: str) -> None:
    for name in MADE[table]:
        assert len(rows(name)) == 1


def test_the_text_says_what_the_tables_say() -> None:
    for name in ("as it is", "**posts and templates** (`out-of-the-trap.toml`)"):
        told = rows(name)[-1]
        assert f" {told[RETURN].partition(':')[0]} " in PAGE.partition("## How it was asked")[0]
    (out,) = rows("**posts and templates** (`out-of-the-trap.toml`)")
    difference = re.findall(r"\+([\d,]+) \(", out[PAY])
    assert f"{difference[0]} dollars a year more in pay" in PAGE


@pytest.mark.parametrize(("told", "name"), re.findall(r"!\[(.+?)\]\((pictures/trap-[a-z-]+\.svg)\)", PAGE))
def test_pictures_are_light_and_the_figures_told_stand_in_them(told: str, name: str) -> None:
    drawn = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert len(drawn) < HEAVY
    if "over ten years" in told:  # curves: their figures are read off, and told as "about"
        return
    text = " ".join(re.findall(r">([^<]+)<", drawn)).replace("\u00a0", " ")
    figures = re.findall(r"[−+]?\d+(?:\.\d+)?(?: %)?", told)
    assert figures and [figure for figure in figures if figure not in text] == []
