"""The rows a measure counts, and the table they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import ibis.expr.types as ir


@dataclass(frozen=True)
class Counted:
    """Some rows of a table, told apart from it so that measures of one table are counted in one pass.

    table    the table; several measures may count in it
    where    which of its rows are counted, None for all
    columns  what the measure makes of each row, by name: y, n, days, outcome …
    """

    table: ir.Table
    where: ir.BooleanValue | None = None
    columns: Mapping[str, ir.Value] = field(default_factory=dict)

    @staticmethod
    def of(rows: ir.Table | Counted) -> Counted:
        """`rows` as they are: a table counts all of its rows."""
        return rows if isinstance(rows, Counted) else Counted(rows)

    def __contains__(self, name: str) -> bool:
        return name in self.columns or name in self.table.columns

    def __getitem__(self, name: str) -> ir.Value:
        return self.columns[name] if name in self.columns else self.table[name]

    def only(self, condition: ir.BooleanValue, **columns: ir.Value) -> Counted:
        """Those of the rows for which `condition` holds, with further columns."""
        where = condition if self.where is None else self.where & condition
        return replace(self, where=where, columns={**self.columns, **columns})

    def also(self, **columns: ir.Value) -> Counted:
        """The same rows with further columns."""
        return replace(self, columns={**self.columns, **columns})

    @property
    def rows(self) -> ir.Table:
        """The rows alone, with their columns."""
        rows = self.table if self.where is None else self.table.filter(self.where)
        return rows.mutate(**self.columns) if self.columns else rows
