"""What the engine says: sums per cluster and counts per cell, all measures of one table in one pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from careload.measure.engine import fetch
from careload.measure.groups import Group, margins_of, roll_up, with_groups
from careload.measure.passes import Pass
from careload.measure.questions import Question
from careload.measure.ratio import Sums
from careload.measure.view import View

Cells = dict[tuple[Any, ...], int]
"""Values of a cell's columns to the number of rows."""

Progress = Callable[[str, int, int], None]
"""Called with the measure at hand, how many steps are done and how many there are."""


def quiet(name: str, done: int, of: int) -> None:
    """Progress nobody looks at."""


@dataclass(frozen=True)
class Answer:
    """What the engine says, by group: margin after margin, within one in the order of values.

    sums        pair to its sums over clusters
    cells       values of the cell to its number of rows
    even_sums   the same if every cluster weighed the same, in millionths
    even_cells  likewise
    """

    question: Question
    sums: Mapping[Group, Mapping[str, Sums]]
    cells: Mapping[Group, Cells]
    even_sums: Mapping[Group, Mapping[str, Sums]]
    even_cells: Mapping[Group, Cells]


def answered(questions: Sequence[Question], view: View, progress: Progress = quiet) -> list[Answer]:
    """The answer to each question, in order; those that count in one table take one pass over it."""
    passes: dict[object, list[int]] = {}
    for place, question in enumerate(questions):
        passes.setdefault(question.place, []).append(place)
    answers: dict[int, Answer] = {}
    for done, places in enumerate(passes.values()):
        progress(questions[places[0]].definition.name, done, len(passes))
        one = Pass.over([questions[place] for place in places], view)
        for number, place in enumerate(places):
            cells, even_cells = _cells(questions[place], view, one.weights[number])
            answers[place] = Answer(
                questions[place], one.sums(number), cells, one.even_sums(number), even_cells
            )
    return [answers[place] for place in range(len(questions))]


def _cells(
    question: Question, view: View, weights: ir.Table | None
) -> tuple[dict[Group, Cells], dict[Group, Cells]]:
    """Numbers of rows, and sums of their weights where there are any."""
    found: dict[Group, Cells] = {}
    even: dict[Group, Cells] = {}
    if not question.cells:
        return found, even
    definition = question.definition
    who = {"cluster_": question.counted[definition.cluster]} if weights is not None else {}
    rows, usable = with_groups(
        question.counted.rows, view, definition.table, question.columns, **question.cells, **who
    )
    names = tuple(question.cells)
    sums = {"number_": rows.count()}
    if weights is not None:
        rows = rows.join(weights, rows.cluster_ == weights.whose_)
        sums = {"number_": rows.count(), "weight_": rows.weight_.sum().cast("int64")}
    finest = fetch(rows.group_by([*usable, *names]).agg(**sums))
    for group, row in roll_up(finest, margins_of(usable, question.always)):
        cell = tuple(row[name] for name in names)
        _add(found, group, cell, row["number_"])
        if weights is not None:
            _add(even, group, cell, row["weight_"])
    return found, even


def _add(found: dict[Group, Cells], group: Group, cell: tuple[Any, ...], number: int) -> None:
    cells = found.setdefault(group, {})
    cells[cell] = cells.get(cell, 0) + int(number)
