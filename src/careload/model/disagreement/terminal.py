"""A disagreement for a person at a terminal: what decides first, then each figure, then what is held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from careload.clinic import Estimate, Finding
from careload.model.differ import Answer, Disagreement
from careload.model.disagreement import words as said
from careload.page import NBSP
from careload.simulate import change_in_words, differences, whose, words

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table


def summary(found: Disagreement, findings: Sequence[Finding]) -> RenderableType:
    """The answer to print."""
    from rich.console import Group

    return Group(*_parts(found, findings))


def _parts(found: Disagreement, findings: Sequence[Finding]) -> Iterator[RenderableType]:
    for finding in findings:
        yield f"{whose(finding)}{finding.found} Expected {finding.expected}. {finding.remedy}\n"
    for letter, held in ((differences.HERE, found.a), (differences.THERE, found.b)):
        yield said.side_in_words(letter, held.name, held.whose)
    yield f"On: {found.scenario.name}, {said.runs_in_words(found)}.\n"
    for words_ in said.overall(found):
        yield _typed(words_)
    yield ""
    for answer in found.answers:
        yield _typed(said.answer_in_words(answer))
        if answer.swaps:
            yield _swaps(answer)
        yield ""
    yield _held(found)
    yield _typed(f"{said.WHAT_DECIDES} {said.SHAPLEY}")


def _typed(text: str) -> str:
    """Words as they are typed, so that whoever searches the output finds them."""
    return text.replace(NBSP, " ")


def _swaps(answer: Answer) -> Table:
    """Each assumption, what its swap makes from either side, and its share."""
    own = [each for swap in answer.swaps for each in (swap.from_a, swap.from_b, swap.share)]
    decimals = words.shared_places(own)
    table = _table(words.title(answer.measure, answer.statistic))
    table.caption = f"{words.axis(answer.difference.here.unit)}; {answer.method}"
    table.add_column("")
    for heading in ("swapped in A", "swapped in B", "Shapley share"):
        table.add_column(heading, justify="right", no_wrap=True)
    for swap in answer.swaps:
        label = _typed(change_in_words(swap.change))
        note = ": enough alone" if swap.is_enough else ": the other way" if swap.is_against else ""
        figures = (_on_two_lines(each, decimals) for each in (swap.from_a, swap.from_b, swap.share))
        table.add_row(f"{label}{note}", *figures)
    return table


def _on_two_lines(each: Estimate, decimals: int) -> str:
    """A figure with its interval below it."""
    return _typed(differences.signed_with_interval(each, decimals, unit=False)).replace(" (", "\n(", 1)


def _held(found: Disagreement) -> Table:
    table = _table("What each holds")
    for heading in ("", differences.HERE, differences.THERE):
        table.add_column(heading)
    for each in found.assumptions:
        table.add_row(said.place_in_words(each), said.held_in_words(each, each.a, found.scenario),
                      said.held_in_words(each, each.b, found.scenario))
    return table


def _table(title: str) -> Table:
    from rich import box
    from rich.table import Table

    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold",
                 caption_justify="left")
