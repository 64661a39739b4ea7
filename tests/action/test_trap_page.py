"""The page about the trap: its figures are the program's, its rows the script's, its pictures as told."""

from __future__ import annotations

import re
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from careload.simulate import simulate
from careload.simulate.figures import FIGURES, groups
from careload.simulate.student import half_width

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "trap.md").read_text(encoding="utf-8")
MADE = runpy.run_path(str(ROOT / "scripts" / "trap_figures.py"))
FEW = 5
"""Replications: the first of the forty the page is of."""
LUCK = 2.0
"""Forty runs and their first few may differ by so many half-widths of the few."""
HEAVY = 150_000
RETURN, PAY = (MADE[name] for name in ("RETURN", "PAY"))
IN_WORDS = [
    (r"has (.+?) \(.+?\) patients", "caseload", "mean", 1),
    (r"Half have been seen again within (.+?) days \(", "return_interval", "median", 1),
    (r"(\S+) \([^()]+\) people a year complete their care", "discharged", "rate", 1),
    (r"(\S+) \([^()]+\) drop out", "dropouts", "rate", 1),
    (r"(\S+) \([^()]+\) get well untreated", "remission_untreated", "rate", 1),
    (r"(\S+) \([^()]+\) crises", "crises", "rate", 1),
    (r"Of (\S+) people in care", "in_care", "mean", 1),
    (r"in care (\S+) are overdue", "overdue", "mean", 1),
    (r"contact takes (\S+) \(", "contact_hours", "mean", 1),
    (r"(\S+) \([^()]+\) hours of other work are due", "non_contact_hours", "mean", 1),
    (r"(\S+) \([^()]+\) more are done unpaid", "unpaid_hours", "mean", 1),
    (r"Overload is (\S+) \(", "overload", "ratio", 1),
    (r"Exhaustion is (\S+) \(", "exhaustion", "mean", 1),
    (r"Of 100 clinicians (\S+) \(", "leaver_rate", "rate", 1),
    (r"with (\S+) posts held", "posts_held", "mean", 1),
    (r"(\S+) \([^()]+\) a year go to colleagues", "patients_handed_over", "rate", 1),
    (r"(\S+) % \([^()]+\) of the posts are vacant", "vacancy_rate", "share", 100),
]
"""Figures of the steps of the trap: where they stand in the text, which they are, times how much."""


def rows(name: str) -> list[dict[str, str]]:
    """The rows of every table of the page that begin with a name, each by column."""
    found = []
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        head, _, *lines = cells
        found += [dict(zip(head, line, strict=True)) for line in lines if line[0] == name]
    assert found, f"no row {name!r}"
    return found


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def number(cell: str) -> float:
    """The mean of a cell: what stands before a difference."""
    return float(cell.partition(":")[0].replace(",", "").replace("−", "-"))


def agree(told: Mapping[str, str], found: Mapping[str, Any]) -> None:
    """Every figure of a row is the program's, but for the luck of few runs."""
    columns = set(told) - {""}
    assert RETURN in columns and columns <= set(found), "a column of the page that the script does not tell"
    for column in columns:
        near(column, number(told[column]), found[column])


def near(what: str, value: float, own: Any) -> None:
    wide = LUCK * (half_width(own) or 0.0) + 0.02 * abs(value)
    assert abs(own.mean() - value) <= wide, f"{what}: page {value}, program {own.mean():.2f}"


@pytest.fixture(scope="module")
def at_rest() -> dict[str, Any]:
    return {name: MADE["runs"](MADE[name], FEW) for name in ("TRAP", "OUT")}


def test_the_trap_is_as_the_page_says(at_rest: dict[str, Any]) -> None:
    for told in rows("as it is"):
        agree(told, at_rest["TRAP"])


def test_the_steps_of_the_trap_are_told_in_its_figures() -> None:
    steps = in_one_line(PAGE.partition("## How the trap works")[2].partition("Records of such a clinic")[0])
    trap = MADE["TRAP"]
    (everybody, *_), found = groups(trap), simulate(trap, MADE["YEARS"], FEW, MADE["SEED"])
    own = {(each.measure, each.statistic): found.values(each, everybody) for each in FIGURES}
    for where, measure, statistic, times in IN_WORDS:
        (told,) = re.findall(where, steps)
        near(measure, number(told), times * own[measure, statistic])
    with pytest.raises(AssertionError, match="overdue: page 1400"):
        near("overdue", 1400, own["overdue", "mean"])


def test_the_way_out_is_as_the_page_says(at_rest: dict[str, Any]) -> None:
    (told,) = rows("**posts and templates** (`out-of-the-trap.toml`)")
    agree(told, at_rest["OUT"])


@pytest.mark.parametrize("name", ["at most 80 patients per FTE", "pay 20 % higher"])
def test_what_does_not_is_as_the_page_says(name: str) -> None:
    (told,) = rows(name)
    agree(told, MADE["runs"](MADE["TRAP"].changed(MADE["TRIED"][name]), FEW))


@pytest.mark.parametrize("name", ["overflow all displaces visits", "progress lost per doubling -0.1"])
def test_doubts_are_as_the_page_says(name: str) -> None:
    (told,) = rows(name)
    found = MADE["runs"](MADE["TRAP"].changed(MADE["DOUBTS"][name]), FEW)
    near(name, number(told["trap: return interval"]), found[RETURN])


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
        assert f" {told[RETURN].partition(':')[0]} " in in_one_line(PAGE.partition("## How it was asked")[0])
    (out,) = rows("**posts and templates** (`out-of-the-trap.toml`)")
    difference = re.findall(r"\+([\d,]+) \(", out[PAY])
    assert f"{difference[0]} dollars a year more in pay" in in_one_line(PAGE)


@pytest.mark.parametrize(("told", "name"), re.findall(r"!\[(.+?)\]\((pictures/trap-[a-z-]+\.svg)\)", PAGE))
def test_pictures_are_light_and_the_figures_told_stand_in_them(told: str, name: str) -> None:
    drawn = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert len(drawn) < HEAVY
    if "over ten years" in told:  # curves: their figures are read off, and told as "about"
        return
    text = " ".join(re.findall(r">([^<]+)<", drawn)).replace("\u00a0", " ")
    figures = re.findall(r"[−+]?\d+(?:\.\d+)?(?: %)?", told)
    assert figures and [figure for figure in figures if figure not in text] == []
