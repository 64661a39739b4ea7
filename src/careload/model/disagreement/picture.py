"""The picture of a disagreement: where the figure lands when one assumption alone is swapped."""

from __future__ import annotations

from collections.abc import Iterator

from careload.clinic import Estimate
from careload.model.differ import Answer, Swap
from careload.model.disagreement import words as said
from careload.page import WIDE_FROM, Axis, Cell, Column, DataTable, Reference, Row, draw_dots, shorten
from careload.simulate import Panel, change_in_words, differences, value_in_words, words

SERIES = ("A with one value of B’s", "B with one value of A’s")
LETTER = 7.6
"""Width of a letter of a heading, on the safe side."""


def swap_panel(answer: Answer) -> Panel:
    """Where the figure lands after each swap alone, from A and from B."""
    title = words.title(answer.measure, answer.statistic)
    says = said.answer_in_words(answer)
    axis = Axis(f"{title}: {words.axis(answer.difference.here.unit)}", None,
                per_cent=answer.difference.here.unit == "share")
    return Panel(
        f"swaps-{answer.measure}-{answer.statistic}".replace("_", "-"), title, says,
        lambda width: draw_dots(list(_rows(answer, width)), axis, _references(answer), width,
                                f"{title}, one assumption swapped at a time. {says}", SERIES),
        (_table(answer),), words.told(answer.measure).side,
    )


def _rows(answer: Answer, width: float) -> Iterator[Row]:
    decimals = words.shared_places(moved for swap in answer.swaps for moved in _landings(answer, swap))
    for swap in answer.swaps:
        room = width - (0 if width >= WIDE_FROM else 8)
        yield Row(shorten(said.swap_in_words(swap), room, LETTER), heading=True)
        for series, (label, landed) in enumerate(zip(_labels(swap), _landings(answer, swap), strict=True)):
            figure = words.with_interval(landed, unit=False, decimals=decimals)
            yield Row(label, landed.value, landed.low, landed.high, figure, series=series)


def _landings(answer: Answer, swap: Swap) -> tuple[Estimate, Estimate]:
    """A with B's value, and B with A's."""
    return (said.moved(answer.difference.here, swap.from_a, 1.0),
            said.moved(answer.difference.there, swap.from_b, -1.0))


def _labels(swap: Swap) -> tuple[str, str]:
    """"A with 0.087" and "B with 0.063", where one value says it."""
    before, after = (_one(value) for value in (swap.change.before, swap.change.after))
    return f"A with {after or 'B’s'}", f"B with {before or 'A’s'}"


def _one(value: object) -> str:
    several = {value_in_words(each) for each in value.values()} if isinstance(value, dict) else {
        value_in_words(value)}
    text = several.pop()
    return text if not several and len(text) <= 10 else ""


def _references(answer: Answer) -> list[Reference]:
    here, there = answer.difference.here, answer.difference.there
    decimals = words.shared_places((here, there))
    ends = ((differences.HERE, here), (differences.THERE, there))
    lines = [Reference(each.value, f"{letter}: {words.bare(each, decimals)}", "even")
             for letter, each in ends if each.value is not None]
    if not differences.differs(answer.difference.difference):
        return lines
    return [*lines, Reference(sum(each.at for each in lines) / 2, "half way", "thread")]


def _enough(swap: Swap) -> str:
    return "yes" if swap.is_enough else "no, the other way" if swap.is_against else "no"


def _table(answer: Answer) -> DataTable:
    rows = tuple(
        (Cell(change_in_words(swap.change)), *(
            Cell(differences.signed_with_interval(each)) for each in (swap.from_a, swap.from_b, swap.share)
        ), Cell(_enough(swap))) for swap in answer.swaps
    )
    columns = (Column("From A to B"), Column("Swapped in A", True), Column("Swapped in B", True),
               Column("Shapley share", True), Column("Enough alone"))
    name = words.title(answer.measure, answer.statistic)
    return DataTable(f"{name}: what each assumption makes, swapped alone", columns, rows, f"{answer.method}.")
