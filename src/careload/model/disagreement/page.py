"""The page of a disagreement as one HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from careload.clinic import Finding
from careload.model.differ import Disagreement
from careload.model.disagreement import words as said
from careload.model.disagreement.picture import swap_panel
from careload.page import Cell, Column, DataTable, part, render
from careload.simulate import Panel, differences, page_style, waterfall_panels, whose, words

ROOM = "careload.model.disagreement"
SIDES = {"patients": "What patients get", "clinicians": "What clinicians carry"}


@dataclass(frozen=True)
class Half:
    """The figures of one side: its sentences and its pictures."""

    key: str
    title: str
    sentences: tuple[str, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Story:
    """The whole page in the order in which it is read."""

    title: str
    where: str
    sentences: tuple[str, ...]
    findings: tuple[Finding, ...]
    sides: tuple[tuple[str, str, str], ...]
    halves: tuple[Half, ...]
    held: DataTable
    facts: tuple[tuple[str, str], ...]
    how: str


def html(found: Disagreement, findings: Sequence[Finding] = ()) -> str:
    """The page; the same text for the same runs.

    findings  what was noticed, `noticed`
    """
    style = "\n".join([page_style(), part("own.css", ROOM)])
    return render(ROOM, style, story=tell(found, findings), whose=whose)


def tell(found: Disagreement, findings: Sequence[Finding] = ()) -> Story:
    """What the page tells."""
    return Story(
        f"What decides: {found.a.name} and {found.b.name}",
        f"{found.scenario.name}: {found.a.name}, {found.b.name}",
        tuple(said.overall(found)), tuple(findings),
        ((differences.HERE, found.a.name, found.a.whose), (differences.THERE, found.b.name, found.b.whose)),
        tuple(_half(found, key, title) for key, title in SIDES.items()),
        _held(found), _facts(found), f"{said.WHAT_DECIDES} {said.SHAPLEY}",
    )


def _half(found: Disagreement, key: str, title: str) -> Half:
    own = [each for each in found.answers if words.told(each.measure).side == key]
    ways = waterfall_panels(found.compared)
    panels = []
    for answer in own:
        way = ways.get((answer.measure, answer.statistic))
        panels += [swap_panel(answer), *([way] if way else [])] if answer.swaps else []
    without = tuple(said.answer_in_words(each) for each in own if not each.swaps)
    return Half(key, title, without, tuple(panels))


def _held(found: Disagreement) -> DataTable:
    rows = tuple(
        (Cell(said.place_in_words(each)), *(
            Cell(text) for held in (each.a, each.b)
            for text in (said.held_in_words(each, held, found.scenario), said.sources_in_words(held))
        )) for each in found.assumptions
    )
    columns = ("Assumption", "A holds", "A’s source", "B holds", "B’s source")
    return DataTable("Every value that one of them holds", tuple(Column(name) for name in columns), rows)


def _facts(found: Disagreement) -> tuple[tuple[str, str], ...]:
    runs = found.compared.here
    done = len(runs.summaries)
    short = "" if done == runs.asked else f", of {runs.asked:,} asked for: it was interrupted"
    methods = dict.fromkeys(answer.method for answer in found.answers if answer.method)
    return (
        ("Scenario", found.scenario.name), ("Time counted", f"{runs.years:g} years in each run"),
        ("Pairs of runs", f"{done:,}{short}"), ("Seed", str(runs.seed)),
        ("Shares", "; ".join(methods) or "none"),
    )
