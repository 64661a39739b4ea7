"""From rows to the sums per group: once per cluster in the engine, then over every margin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import ibis.expr.types as ir

from careload.measure.definition import Definition
from careload.measure.engine import fetch
from careload.measure.groups import margins, with_groups
from careload.measure.ratio import Sums, cluster_sums, sums_of
from careload.measure.view import View

Pairs = Mapping[str, tuple[ir.Value, ir.Value]]
"""Name to the whole-number columns (n, y) of rows to be summed per cluster."""


def sums_by_group(
    definition: Definition, rows: ir.Table, view: View, by: Sequence[str], pairs: Pairs
) -> Iterator[tuple[dict[str, str], dict[str, Sums]]]:
    """Every group of every margin of `by`, with the sums of each pair.

    rows  one row per thing counted; those with the same value in the definition's cluster
          column belong together
    """
    columns = {pair: (f"{pair}_n_", f"{pair}_y_") for pair in pairs}
    values = {
        column: value for pair in pairs for column, value in zip(columns[pair], pairs[pair], strict=True)
    }
    cluster = {"cluster_": rows[definition.cluster]} if definition.cluster else {}
    narrow, usable = with_groups(rows, view, definition.table, by, **values, **cluster)
    finest = view.keep(f"{definition.name}_clusters", _per_cluster(narrow, usable, columns))
    for subset in margins(usable):
        per_cluster = finest if subset == usable else _per_cluster(finest, subset, columns)
        for row in sorted(
            fetch(cluster_sums(per_cluster, subset, columns)), key=lambda row: _order(row, subset)
        ):
            yield {column: row[column] for column in subset}, {pair: sums_of(row, pair) for pair in pairs}


def _per_cluster(rows: ir.Table, group: Sequence[str], columns: Mapping[str, tuple[str, str]]) -> ir.Table:
    if "cluster_" not in rows.columns:
        return rows
    sums = {column: rows[column].sum().cast("int64") for pair in columns.values() for column in pair}
    return rows.group_by(["cluster_", *group]).agg(**sums)


def _order(row: Mapping[str, object], group: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row[column]) for column in group)
