"""Columns that say plainly what they mean: asked once, so that no later question has to read their cells.

Cutting off blanks and looking up words costs more than counting, and every measure would pay for it again.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from careload.clinic import Column, Table
from careload.history.database import fetch
from careload.history.recipe import Rule

BLANKS = (" ", "\t", "\n", "\r", "\f", "\v")
LAST_BLANK = 32
"""Number of the space: every blank, and the end of an empty text, has a number up to it."""

EXACT = 10**15
"""Whole numbers from here on are not held exactly by every engine."""


def plain_columns(
    raw: ir.Table, names: Mapping[str, str], rules: Mapping[str, Rule], table: Table
) -> frozenset[str]:
    """Canonical columns of which every cell of `raw` can be taken as it is written.

    raw    rows as the source writes them
    names  column as a rule writes it to its name in `raw`
    rules  canonical column to how it is filled

    One pass over `raw` counts the cells that need reading; no cell is fetched.
    """
    odd = {}
    for name, rule in rules.items():
        if _taken_as_it_is(rule):
            condition = _needs_reading(raw[names[rule.columns[0]]], table.column(name))
            if condition is not None:
                odd[name] = condition
    if not odd:
        return frozenset()
    counted = fetch(raw.aggregate(**{name: raw.count(where=condition) for name, condition in odd.items()}))[0]
    return frozenset(name for name in odd if not counted[name])


def _taken_as_it_is(rule: Rule) -> bool:
    changes = (rule.cases, rule.words, rule.otherwise, rule.empty, rule.unit, rule.part)
    return len(rule.columns) == 1 and rule.constant is None and not any(changes)


def _needs_reading(cell: ir.Value, column: Column) -> ir.BooleanValue | None:
    """Where a cell does not stand for itself; None where every cell has to be read."""
    kind = cell.type()
    if column.kind == "choice" and kind.is_string():
        return ~cell.isin(column.choices)
    if column.kind in ("id", "text") and kind.is_string():
        return (cell.ascii_str() <= LAST_BLANK) | ibis.or_(*(cell.endswith(blank) for blank in BLANKS))
    if column.kind == "int" and kind.is_integer():
        return (cell >= EXACT) | (cell <= -EXACT)
    return None
