"""Complete counts of everybody there is on the day: no sampling doubt, low = high = value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import ibis
import ibis.expr.types as ir

from careload.clinic import Estimate
from careload.measure.definition import Definition
from careload.measure.engine import fetch, flag, key
from careload.measure.estimators import blank
from careload.measure.groups import margins, with_groups
from careload.measure.view import View

Cells = dict[int | None, tuple[int, int]]
"""Value to (rows, rows with y = 1)."""


def census(
    definition: Definition, rows: ir.Table, view: View, by: Sequence[str], *, prefix: str = ""
) -> Iterator[Estimate]:
    """The definition's statistics of every group of every margin of `by`.

    ``count`` and ``share`` of y, ``median``, ``p90`` and ``mean`` of value.

    rows  one row per person (or post): `y` (1 for those meant; all where absent) and
          `value` (whole; of those meant) for median, mean and p90
    """
    for group, cells in _cells(definition, rows, view, by).items():
        n = sum(rows_ for rows_, _ in cells.values())
        meant = sum(hits for _, hits in cells.values())
        for statistic in definition.statistics:
            value = _statistic(statistic, cells, n, meant)
            unit = {"count": definition.counted, "share": "share"}.get(statistic, definition.unit)
            yield replace(
                blank(definition, view, prefix + statistic, dict(group)),
                value=value,
                low=value,
                high=value,
                unit=unit,
                n=n,
                at_risk=n,
                events=meant,
            )


def _statistic(name: str, cells: Cells, n: int, meant: int) -> float | None:
    if name == "count":
        return meant
    if name == "share":
        return meant / n if n else None
    values = sorted((value, hits) for value, (_, hits) in cells.items() if value is not None and hits)
    total = sum(hits for _, hits in values)
    if not total:
        return None
    if name == "mean":
        return sum(value * hits for value, hits in values) / total
    return _lower_quantile(values, total, {"median": 0.5, "p90": 0.9}[name])


def _lower_quantile(values: list[tuple[int, int]], total: int, q: float) -> float:
    """First value by which a share q of all is reached: the lower empirical quantile."""
    reached = 0
    for value, hits in values:
        reached += hits
        if reached >= q * total - 1e-9:
            return value
    raise AssertionError("shares of a whole add up to one")


def _cells(
    definition: Definition, rows: ir.Table, view: View, by: Sequence[str]
) -> dict[tuple[tuple[str, str], ...], Cells]:
    one = ibis.literal(1, type="int64")
    value = rows.value.cast("int64") if "value" in rows.columns else one
    hits = flag(rows.y == 1) if "y" in rows.columns else one
    flat, usable = with_groups(rows, view, definition.table, by, value=value, y=hits)
    found: dict[tuple[tuple[str, str], ...], Cells] = {(): {}}
    for row in fetch(flat.group_by([*usable, "value"]).agg(n=flat.count(), hits=flat.y.sum().cast("int64"))):
        for subset in margins(usable):
            cells = found.setdefault(tuple(zip(subset, key(row, subset), strict=True)), {})
            n, hits = cells.get(row["value"], (0, 0))
            cells[row["value"]] = (n + int(row["n"]), hits + int(row["hits"]))
    return dict(sorted(found.items(), key=lambda item: (len(item[0]), item[0])))
