"""What the hand-written SQL does again and again: sums per cluster, durations, complete counts.

Rows are grouped once to the finest cells and rolled up with GROUPING SETS. Only the closed
forms that turn sums into intervals are Careload's own, because they work on a few numbers
per group: what is compared is the work on the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb

from careload.clinic import Estimate
from careload.measure.definition import Definition, definitions
from careload.measure.incidence import Counts, Incidence
from careload.measure.passes import WEIGHT
from careload.measure.ratio import Sums, ratio, ratio_interval, share_interval, sums_of
from careload.measure.timing import Durations, fate_days, told

Key = tuple[str, str, tuple[tuple[str, str], ...]]
Answer = tuple[float | None, float | None, float | None, int | None]
Answers = dict[Key, Answer]
Pair = tuple[str, str]
"""SQL conditions (or whole-number expressions) counted as n and as y."""
NEVER: Pair = ("false", "false")

HELD = "status IN ('completed', 'no_show')"
GONE = "status IN ('cancelled_by_patient', 'cancelled_by_clinic')"
SITE_AND_PROFESSION = ("site", "profession")


@dataclass
class Region:
    """A connection to the folder, the day it is read at, and the answers so far."""

    sql: duckdb.DuckDBPyConnection
    folder: Path
    as_of: date
    first_day: date
    answers: Answers

    def run(self, query: str) -> None:
        """Send a statement."""
        self.sql.execute(query)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query as dicts."""
        found = self.sql.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def keep(self, estimates: Iterator[Estimate]) -> None:
        """Write estimates among the answers."""
        for e in estimates:
            self.say(e.measure, e.statistic, e.by, e.value, (e.low, e.high), e.n)

    def say(
        self, measure: str, statistic: str, by: Mapping[str, str],
        value: float | None, interval: tuple[float | None, float | None] | None, n: int | None,
    ) -> None:
        """Write one answer."""
        low, high = interval or (None, None)
        self.answers[(measure, statistic, tuple(sorted(by.items())))] = (value, low, high, n)


def finest(
    region: Region, rows: str, cluster: str, pairs: Mapping[str, Pair],
    by: Sequence[str] = SITE_AND_PROFESSION,
) -> None:
    """Temp table `finest`: n and y of each pair by cluster and finest group."""
    region.run("DROP TABLE IF EXISTS finest")
    region.run(
        f"CREATE TEMP TABLE finest AS SELECT {_columns([cluster, *by])}, {_counted(pairs)}"
        f" FROM {rows} GROUP BY ALL"
    )


def _columns(names: Sequence[str]) -> str:
    return ", ".join(name for name in names if name) or "1 AS one"


def _counted(pairs: Mapping[str, Pair]) -> str:
    parts = []
    for name, (n, y) in pairs.items():
        parts += [f"{_count(n)} AS {name}_n", f"{_count(y)} AS {name}_y"]
    return ", ".join(parts)


def _count(what: str) -> str:
    return f"sum({what[4:]})::bigint" if what.startswith("sum:") else f"count(*) FILTER ({what})"


def group_sums(
    region: Region, pairs: Sequence[str], cluster: str, by: Sequence[str] = SITE_AND_PROFESSION,
    source: str = "finest", scale: str = "",
) -> Iterator[tuple[dict[str, str], dict[str, Sums]]]:
    """Cluster sums of every margin, from `finest`; scale multiplies n and y of a cluster."""
    sets = ", ".join(f"({_columns([cluster, *margin])})" for margin in margins(by))
    columns = ", ".join(f"sum({p}_{x}) AS {p}_{x}" for p in pairs for x in "ny")
    if scale:
        columns = ", ".join(f"sum({p}_{x}) * {scale} AS {p}_{x}" for p in pairs for x in "ny")
    mask = f"GROUPING({', '.join(by)})" if by else "0"
    sums = ", ".join(_seven(pair) for pair in pairs)
    names = "".join(f", {column}" for column in by)
    query = f"""
        SELECT mask{names}, {sums}
        FROM (SELECT {mask} AS mask{names}, {columns} FROM {source} GROUP BY GROUPING SETS ({sets}))
        GROUP BY ALL"""
    for row in region.rows(query):
        yield group_named(row, by), {pair: sums_of(row, pair) for pair in pairs}


def _seven(pair: str) -> str:
    n, y = f"{pair}_n", f"{pair}_y"
    return (
        f"count(*) FILTER ({n} > 0) AS {pair}_clusters, count(*) FILTER ({y} > 0) AS {pair}_hit,"
        f" sum({n}) AS {n}, sum({y}) AS {y}, sum({n}::hugeint * {n}) AS {pair}_nn,"
        f" sum({y}::hugeint * {y}) AS {pair}_yy, sum({y}::hugeint * {n}) AS {pair}_yn"
    )


def margins(by: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for column in by:
        found += [[*margin, column] for margin in found]
    return found


def group_named(row: Mapping[str, Any], by: Sequence[str]) -> dict[str, str]:
    # GROUPING has one bit per column, the first column highest; 0 where the column is grouped by.
    last = len(by) - 1
    there = [column for place, column in enumerate(by) if not row["mask"] >> (last - place) & 1]
    return {column: row[column] for column in there}


def shares(region: Region, measures: Mapping[str, tuple[str, str]], cluster: str, by: Sequence[str]) -> None:
    """Shares: pair to (measure, statistic)."""
    for group, sums in group_sums(region, list(measures), cluster, by):
        for pair, (measure, statistic) in measures.items():
            own = sums[pair]
            if own.n or not group:
                region.say(measure, statistic, group, ratio(own), share_interval(own), own.n)


def ratios(region: Region, measures: Mapping[str, str], cluster: str, by: Sequence[str]) -> None:
    """Ratios: pair to measure."""
    for group, found in group_sums(region, list(measures), cluster, by):
        for pair, measure in measures.items():
            sums, definition = found[pair], definitions()[measure]
            if not sums.n and group:
                continue
            scale = definition.per / definition.divide_by
            value, interval = ratio(sums), ratio_interval(sums)
            figure = None if value is None else value * scale
            doubt = None if interval is None else (max(0.0, interval[0] * scale), interval[1] * scale)
            region.say(measure, definition.statistic, group, figure, doubt, sums.clusters)


def t_pairs(
    days: Sequence[int], where: str = "true", length: str = "days", outcome: str = "outcome",
    window: str | None = "window_days", prefix: str = "",
) -> dict[str, Pair]:
    """n and y of all durations, and of those whose fate by each day is known."""
    still = f"{where} AND {outcome} = 'open'"
    pairs = {f"{prefix}all": (where, f"{where} AND {outcome} = 'reached'"), f"{prefix}open": (still, still)}
    for t in days:
        known = f"{where} AND NOT ({outcome} = 'closed' AND {length} <= {t})"
        known += f" AND NOT ({outcome} = 'open' AND {length} < {t})"
        known += f" AND {window} >= {t}" if window else ""
        pairs[f"{prefix}t{t}"] = (known, f"{known} AND {outcome} = 'reached' AND {length} <= {t}")
    return pairs


Curves = dict[tuple[tuple[str, str], ...], dict[tuple[int, str], int]]


def curves(
    region: Region, rows: str, by: Sequence[str] = SITE_AND_PROFESSION, length: str = "days",
    outcome: str = "outcome", where: str = "true", number: str = "count(*)",
) -> Curves:
    """Durations of every margin: group to (days, outcome) to number."""
    sets = ", ".join(f"({', '.join([*margin, 'days', 'outcome'])})" for margin in margins(by))
    mask = f"GROUPING({', '.join(by)})" if by else "0"
    names = "".join(f", {column}" for column in by)
    # Grouped once; the few finest cells are then rolled up.
    query = f"""
        SELECT {mask} AS mask{names}, days, outcome, sum(number)::bigint AS number
        FROM (SELECT {length} AS days, {outcome} AS outcome{names}, {number} AS number
              FROM {rows} WHERE {where} GROUP BY ALL)
        GROUP BY GROUPING SETS ({sets})"""
    found: Curves = {}
    for row in region.rows(query):
        group = tuple(sorted(group_named(row, by).items()))
        found.setdefault(group, {})[(row["days"], row["outcome"])] = int(row["number"])
    return found


def durations(
    region: Region, measure: str, cluster: str, found: Curves,
    by: Sequence[str] = SITE_AND_PROFESSION, *,
    prefix: str = "", told_prefix: str = "", scale: str = "", source: str = "finest",
    definition: Definition | None = None, needed: Sequence[str] = (),
) -> None:
    """Say everything about one kind of duration, from `finest` and its curves."""
    definition = definition or definitions()[measure]
    days = fate_days(definition)
    names = [f"{prefix}all", f"{prefix}open", *(f"{prefix}t{t}" for t in days)]
    view: Any = SimpleNamespace(as_of=region.as_of)
    for group, sums in group_sums(region, names, cluster, by, source, scale):
        cells = found.get(tuple(sorted(group.items())))
        if not cells or not set(needed) <= set(group):
            continue
        unit = WEIGHT if scale else 1
        curve = Incidence(Counts.of({cell: number / unit for cell, number in cells.items()}))
        own = {name.removeprefix(prefix): each for name, each in sums.items()}
        region.keep(told(definition, view, Durations(group, curve, own, days, bool(scale)), told_prefix))


def census(
    region: Region, definition: Definition, rows: str, meant: str, value: str, prefix: str = ""
) -> None:
    """Complete counts: value and number of every margin, then quantiles of what is meant."""
    sets = ", ".join(f"({', '.join([*margin, 'value'])})" for margin in margins(SITE_AND_PROFESSION))
    groups: dict[tuple[tuple[str, str], ...], list[tuple[int, int, int]]] = {(): []}
    for row in region.rows(f"""
            SELECT GROUPING(site, profession) AS mask, site, profession, value, sum(n)::bigint AS n,
                   sum(hits)::bigint AS hits
            FROM (SELECT site, profession, {value} AS value, count(*) AS n,
                         count(*) FILTER ({meant}) AS hits
                  FROM {rows} GROUP BY ALL)
            GROUP BY GROUPING SETS ({sets}) ORDER BY value"""):
        group = tuple(group_named(row, SITE_AND_PROFESSION).items())
        groups.setdefault(group, []).append((row["value"], row["n"], row["hits"]))
    for found, cells in groups.items():
        n, hits = sum(cell[1] for cell in cells), sum(cell[2] for cell in cells)
        for statistic in definition.statistics:
            figure = _figure(statistic, cells, n, hits)
            region.say(definition.name, prefix + statistic, dict(found), figure, (figure, figure), n)


def _figure(statistic: str, cells: Sequence[tuple[int, int, int]], n: int, hits: int) -> float | None:
    if statistic == "count":
        return hits
    if statistic == "share":
        return hits / n if n else None
    if not hits:
        return None
    if statistic == "mean":
        return sum(value * number for value, _, number in cells) / hits
    wanted, reached = {"median": 0.5, "p90": 0.9}[statistic] * hits, 0
    for value, _, number in cells:
        reached += number
        if number and reached >= wanted - 1e-9:
            return value
    return None
