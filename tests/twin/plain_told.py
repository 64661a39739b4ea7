"""What the twins have in common: shares, times and spells told as (value, n)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.twin import plain_spans as plain
from tests.twin.plain_spans import Row, Tables

Told = dict[str, tuple[float | None, int]]
OUTCOME = {"seen": "reached", "discharged": "closed", "dropped": "lost"}


def share(rows: list[Row], hit: Callable[[Row], bool]) -> tuple[float | None, int]:
    return (sum(map(hit, rows)) / len(rows) if rows else None), len(rows)


def timed(rows: list[tuple[int, str]], days: tuple[int, ...], name: str = "seen_by") -> Told:
    weighted = [(day, outcome, 1.0) for day, outcome in rows]
    if not rows:
        return {}
    found: Told = {
        "median": (plain.quantile(weighted, 0.5), len(rows)),
        "p90": (plain.quantile(weighted, 0.9), len(rows)),
    }
    for day in days:
        value = plain.share_by(weighted, day)
        if value is not None:
            found[f"{name}_{day}"] = (value, len(rows))
    return found


def spanned(tables: Tables, as_of: date) -> list[Row]:
    return [{**row, "outcome": OUTCOME.get(row["event"], "open")} for row in plain.spans(tables, as_of)]


def spell(start: date, stop: date | None, as_of: date) -> tuple[int, str]:
    ended = stop is not None and stop <= as_of
    return max(((stop if ended and stop else as_of) - start).days, 0), "reached" if ended else "open"
