"""How cells are written: two orders of day and month, two clocks, marks of suppression, unknown words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis.expr.types as ir

from careload.clinic import SMALLEST_GROUP, TABLES, Column, Finding, did_you_mean
from careload.history.database import fetch
from careload.history.findings import finding
from careload.history.guess import word_meaning
from careload.history.recipe import Mapping as RecordsMapping
from careload.history.recipe import fold, fold_word
from careload.history.source import Shaped
from careload.history.words import words

# Portable patterns: no look-around, no back-references.
DAY_AND_MONTH = "^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.][0-9]{2,4}( |T|$)"
IN_UTC = "[0-9] ?[Zz]$"
WITH_OFFSET = "[0-9]:[0-9]{2}(:[0-9]{2})?([.][0-9]+)? ?[+-][0-9]{2}:?([0-9]{2})?$"
WITH_TIME = "[0-9]:[0-9]{2}(:[0-9]{2})?([.][0-9]+)?$"
SUPPRESSED = "^([*]+|(<|>|<=|>=|≤|≥|less than|under|fewer than) ?[0-9]+|suppressed|masked|redacted)$"

MOST_WORDS, LONGEST_WORD = 12, 24
CLEARLY = 0.1  # nearer than the next
CANONICAL_WORDS = {
    fold(word) for table in TABLES.values() for column in table.columns for word in column.choices
}


def about_spelling(
    shaped: Shaped, bad: Mapping[str, int], mapping: RecordsMapping | None
) -> Iterator[Finding]:
    """What the cells of a table look like before they are understood.

    bad      column to how many of its cells could not be understood
    mapping  for the words it knows
    """
    if shaped.written is None:
        return
    for column in TABLES[shaped.name].columns:
        if column.name not in shaped.written.columns:
            continue
        if column.is_stamp:
            yield from _about_dates(shaped, column, bad.get(column.name, 0))
        elif column.is_number and bad.get(column.name):
            yield from _about_suppression(shaped, column)
        elif column.kind == "choice" and bad.get(column.name):
            yield from _about_words(shaped, column, mapping)


def _about_dates(shaped: Shaped, column: Column, bad: int) -> Iterator[Finding]:
    assert shaped.written is not None
    written = shaped.written
    text = written[column.name]
    numbers = text.re_search(DAY_AND_MONTH)
    one, two = text.re_extract(DAY_AND_MONTH, 1), text.re_extract(DAY_AND_MONTH, 2)
    first, second = one.length() == 2, two.length() == 2
    day_first, month_first = numbers & first & (one > "12"), numbers & second & (two > "12")
    offset = text.re_search(WITH_OFFSET)
    row = fetch(written.aggregate(
        dmy=written.count(where=day_first), mdy=written.count(where=month_first),
        either=written.count(where=numbers & ~day_first & ~month_first),
        utc=written.count(where=text.re_search(IN_UTC)),
        offset=written.count(where=offset),
        plain=written.count(where=text.re_search(WITH_TIME) & ~offset),
    ))[0]
    yield from _about_order(shaped, column.name, bad, row)
    if sum(row[kind] > 0 for kind in ("utc", "offset", "plain")) > 1:
        yield finding("mixed-time-zones", shaped.name, row["utc"] + row["offset"] + row["plain"],
                      origin=shaped.origin, column=column.name,
                      **{kind: row[kind] for kind in ("utc", "offset", "plain")})


def _about_order(shaped: Shaped, name: str, bad: int, row: Mapping[str, int]) -> Iterator[Finding]:
    rows = row["dmy"] + row["mdy"] + row["either"]
    where: dict[str, Any] = {"origin": shaped.origin, "column": name}
    if row["dmy"] and row["mdy"]:
        yield finding("mixed-date-order", shaped.name, rows, **where, dmy=row["dmy"], mdy=row["mdy"])
    elif bad and row["either"] and not row["dmy"] and not row["mdy"]:
        yield finding("ambiguous-date-order", shaped.name, row["either"], **where)
    elif bad and rows:
        order, place = ("dmy", "day") if row["dmy"] else ("mdy", "month")
        yield finding("date-order", shaped.name, rows, **where, order=order, place=place,
                      sure=max(row["dmy"], row["mdy"]))


def _about_suppression(shaped: Shaped, column: Column) -> Iterator[Finding]:
    assert shaped.written is not None
    written = shaped.written
    marked = written[column.name].lower().re_search(SUPPRESSED)
    row = fetch(written.aggregate(n=written.count(where=marked), first=written._row.min(where=marked)))[0]
    if row["n"]:
        yield finding("suppressed-cells", shaped.name, row["n"], origin=shaped.origin, first=row["first"],
                      column=column.name)


def _about_words(shaped: Shaped, column: Column, mapping: RecordsMapping | None) -> Iterator[Finding]:
    assert shaped.written is not None
    known = _known_words(shaped.name, column, mapping)
    written = shaped.written
    counted: ir.Table = written.group_by(_word=written[column.name]).aggregate(_n=written.count())
    unknown = counted.filter(counted._word.notnull() & ~counted._word.isin(sorted(known)))
    number = fetch(unknown.aggregate(words=unknown.count(), rows=unknown._n.sum()))[0]
    if not number["words"]:
        return
    shown: list[str] = []
    if number["words"] <= MOST_WORDS:
        shown = sorted(row["_word"] for row in fetch(unknown) if _may_be_shown(row["_word"], row["_n"]))
    yield finding(
        "unknown-word", shaped.name, int(number["rows"]), origin=shaped.origin, column=column.name,
        words=_listed(shown, int(number["words"])), choices=f"one of {', '.join(column.choices)}",
        nearest=_meant(shown, column),
    )


def _listed(shown: Sequence[str], words: int) -> str:
    """": a, b" when all may be shown, else how many there are and those that may."""
    if len(shown) == words:
        return f": {', '.join(shown)}"
    different = f": {words:,} different words" if words > 1 else ""
    return f"{different}, among them {', '.join(shown)}" if shown else different


def _meant(shown: Sequence[str], column: Column) -> str:
    """What the first word that is nearly a known one may mean; "" when none is."""
    near = ((word, _near(word, column)) for word in shown)
    return next((f"{word!r}: {remedy[0].lower()}{remedy[1:]}" for word, remedy in near if remedy), "")


def _near(word: str, column: Column) -> str:
    """A remedy naming what `word` means elsewhere, or is spelt nearly like."""
    meaning = word_meaning(word, column.name)
    if meaning in column.choices:
        return f"Did you mean {meaning!r}?"
    near = sorted(difflib.SequenceMatcher(None, fold(word), fold(each)).ratio() for each in column.choices)
    # By whom a visit was cancelled is no matter of spelling where one is as near as the other.
    return did_you_mean(word, column.choices) if near[-1] - near[-2] >= CLEARLY else ""


def _known_words(table: str, column: Column, mapping: RecordsMapping | None) -> set[str]:
    rules = [part.rules.get(column.name) for part in mapping.tables.get(table, ())] if mapping else []
    mapped = {fold_word(word) for rule in rules if rule for word in rule.words}
    return mapped or {choice.replace("_", "") for choice in column.choices}


def _may_be_shown(word: str, rows: int) -> bool:
    """A word that many services use, or a short one of many rows; never one that could be one person's."""
    if fold(word) in words("statuses") | CANONICAL_WORDS:
        return True
    letters = word.replace("-", "").replace("/", "")
    return rows >= SMALLEST_GROUP and len(word) <= LONGEST_WORD and letters.isalpha()
