"""Tables: what stands beside every picture."""

from __future__ import annotations

from dataclasses import dataclass

from careload.clinic import Estimate
from careload.page.figures import basis, figure, interval


@dataclass(frozen=True)
class Cell:
    """One cell.

    text    what it says
    href    the definition or note it links to
    hidden  it stands for a figure that is hidden
    again   it names what the row above named; said, but not shown again
    """

    text: str
    href: str = ""
    hidden: bool = False
    again: bool = False


@dataclass(frozen=True)
class Column:
    """One column: heading, and whether figures are set flush right."""

    name: str
    numeric: bool = False


@dataclass(frozen=True)
class DataTable:
    """A table with its caption; the first cell of each row names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def figure_cell(text: str, *, hidden: bool) -> Cell:
    """A figure; a hidden one links to the reason."""
    return Cell(text, "#hidden" if hidden else "", hidden)


def figure_cells(estimate: Estimate) -> tuple[Cell, ...]:
    """Value, interval and what was counted."""
    texts = (figure(estimate), interval(estimate), basis(estimate))
    return tuple(figure_cell(text, hidden=estimate.hidden) for text in texts)
