"""What a measure asks of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from careload.measure.counted import Counted
from careload.measure.definition import Definition

Pairs = Mapping[str, tuple[ir.Value, ir.Value]]
"""Name to (n, y) of rows: truths, of which those that hold are counted, or whole numbers to be summed."""


@dataclass(frozen=True)
class Question:
    """What one measure asks of its rows.

    definition  the measure; rows with one value in its cluster column are not independent
    counted     the rows
    by          columns to break down by: every margin of them is answered
    always      columns that every margin has
    pairs       what is summed per cluster
    cells       columns by whose values rows are counted
    even        pair whose n is the size of a cluster: it is also answered what pairs and cells would be
                if every cluster weighed the same
    told_as     entries of `by` of the estimates for which there is no column
    """

    definition: Definition
    counted: Counted
    by: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    pairs: Pairs = field(default_factory=dict)
    cells: Mapping[str, ir.Value] = field(default_factory=dict)
    even: str = ""
    told_as: Mapping[str, str] = field(default_factory=dict)

    @property
    def standing(self) -> Counted:
        """The rows in their table; where the measure makes a group itself, in one of their own."""
        makes_group = any(column in self.counted.columns for column in self.columns)
        return Counted(self.counted.rows) if makes_group else self.counted

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns to break down by."""
        return (*self.always, *self.by)

    @property
    def place(self) -> object:
        """Equal for questions that can share a pass."""
        definition = self.definition
        return self.standing.table.op(), definition.cluster, definition.table, self.by, self.always

    @property
    def summed(self) -> dict[str, tuple[ir.Value, ir.Value]]:
        """The pairs, nothing counted outside the rows."""
        where = self.standing.where
        return {name: (_within(n, where), _within(y, where)) for name, (n, y) in self.pairs.items()}


def _within(value: ir.Value, where: ir.BooleanValue | None) -> ir.Value:
    if where is None:
        return value
    return where & value if value.type().is_boolean() else ibis.ifelse(where, value, 0)
