"""Of which numbers somebody says otherwise: the literature, the records, parties."""

from __future__ import annotations

from collections.abc import Sequence

from careload.model.assembled import keys_of
from careload.model.belief import Belief, Other
from careload.model.otherwise import ASSUMED
from careload.model.prior import parameter_at
from careload.model.report.figures import ends, range_of, told
from careload.page import NBSP, Cell, Column, DataTable, sentence

NOTE = (
    "The literature, or what was assumed beforehand, is named where its range of nine in ten does not hold "
    "the value; the records where a value was given and theirs is another; parties where their value lies "
    "outside the interval. What parties hold is shown, and never used in the fit."
)


def others(other: Other) -> str:
    """What somebody else says: "the literature: 0.1 to 0.3 (a review; read)"."""
    source = "; ".join(each for each in (other.source, other.mark) if each)
    inside = ", inside the interval" if other.inside else ""
    return f"{other.who}: {said(other)}{inside}{f' ({source})' if source else ''}"


def said(other: Other) -> str:
    """A value, a range, or both."""
    words = [told(other.value)] if other.value is not None else []
    return ", ".join([*words, *([ends(other.low, other.high)] if other.low is not None else [])])


def otherwise_table(beliefs: Sequence[Belief]) -> DataTable | None:
    """Every contradiction in a row; None where nobody contradicts."""
    pairs = [(belief, other) for belief in beliefs for other in belief.otherwise if not other.inside]
    # What nobody has looked at says least, and so stands last.
    pairs.sort(key=lambda pair: pair[1].who == ASSUMED)
    if not pairs:
        return None
    columns = (Column("parameter"), Column("of"), Column("value taken"), Column(f"90{NBSP}% interval"),
               Column("who says otherwise"), Column("says"), Column("from"))
    return DataTable("Numbers of which somebody says otherwise", columns,
                     tuple(_row(belief, other) for belief, other in pairs), NOTE)


def _row(belief: Belief, other: Other) -> tuple[Cell, ...]:
    parameter, keys = parameter_at(belief.place), keys_of(belief.place)
    source = " ".join(each for each in (other.source, f"({other.mark})" * bool(other.mark)) if each)
    return (
        Cell(parameter.name.replace("_", " "), f"#{address(belief.place)}"),
        Cell(", ".join([*keys[1:2], *keys[3:]] if len(keys) > 2 else [])),
        Cell(f"{told(belief.value)} {belief.unit or parameter.unit}"), Cell(range_of(belief)),
        Cell(sentence(other.who)), Cell(said(other)), Cell(source),
    )


def address(place: str) -> str:
    """Of a parameter on the page."""
    return f"at-{''.join(letter if letter.isalnum() else '-' for letter in place)}"
