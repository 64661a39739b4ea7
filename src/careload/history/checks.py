"""Rows in = accepted + set aside + duplicates: which rows of a table can be used, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from careload.clinic import TABLES, Finding
from careload.history.database import fetch
from careload.history.duplicates import Duplicates, without_duplicates
from careload.history.findings import finding
from careload.history.identity import emptied, identifying_columns
from careload.history.records import RowCounts
from careload.history.rules import Fault, faults
from careload.history.source import Shaped

SET_ASIDE = {"table": "string", "origin": "string", "row": "int64", "code": "string", "column": "string"}


@dataclass(frozen=True)
class Checked:
    """One canonical table once its rows are checked.

    origin      name for messages
    accepted    the rows that can be used: exactly the canonical columns, faulty cells empty
    supplied    canonical columns the source really supplies, those refused left out
    counts      what became of the rows
    findings    what was noticed
    unreadable  column to how many of its cells could not be understood
    set_aside   table, origin, row, code, column of each row set aside; None when there is none
    """

    name: str
    origin: str
    accepted: ir.Table
    supplied: frozenset[str]
    counts: RowCounts
    findings: tuple[Finding, ...]
    unreadable: Mapping[str, int]
    set_aside: ir.Table | None


def check_rows(
    shaped: Shaped, *, malformed: Sequence[ir.Table] = (), own_engine: bool = True, today: date | None = None
) -> Checked:
    """Count the faults of a table and part its rows into accepted, set aside and duplicates.

    shaped      a canonical table before its rows are checked
    malformed   (_row, code) of lines of its files that could not be cut into cells
    own_engine  False: somebody's database, where only plain SELECTs are sent
    today       the day after which nothing can have been held yet; the clock's where not given
    """
    known = list(faults(shaped, today or date.today()))
    counted = _count(shaped, known)
    table = _without_faults(shaped, [fault for fault in known if counted.rows_of(fault) and not fault.keeps])
    refused = identifying_columns(table, shaped.name, shaped.supplied)
    table = emptied(table, [column for column, _, _ in refused])
    usable = _usable(table, shaped.name) if counted.set_aside else table
    cells = TABLES[shaped.name].names
    twice = without_duplicates(
        usable.select(*cells, "_row"), shaped.name, shaped.supplied, own_engine=own_engine
    )
    broken = _count_malformed(malformed)
    duplicates = twice.rows if twice else 0
    rows = counted.rows + sum(row["n"] for row in broken)
    aside = counted.set_aside + sum(row["n"] for row in broken)
    found = (
        *_about_malformed(shaped, broken),
        *_about_faults(shaped, known, counted),
        *_about_refused(shaped, refused),
        *_about_empty(shaped, counted),
        *(_about_duplicates(shaped, twice) if twice else ()),
    )
    return Checked(
        shaped.name,
        shaped.origin,
        (twice.kept if twice else usable).select(*cells),
        shaped.supplied - {column for column, _, _ in refused} - set(counted.empty),
        RowCounts(rows, rows - aside - duplicates, aside, duplicates),
        found,
        {column: rows for (column, code), (rows, _) in counted.faults.items() if code == "unreadable-cell"},
        _set_aside(shaped, known, counted, malformed) if aside else None,
    )


@dataclass(frozen=True)
class _Counts:
    rows: int
    set_aside: int
    faults: Mapping[tuple[str, str], tuple[int, int | None]]
    missing: Mapping[str, tuple[int, int | None]]
    empty: Sequence[str]
    """Columns without a readable value in any usable row, that would have one if they told anything."""

    def rows_of(self, fault: Fault) -> int:
        return self.faults[fault.column, fault.code][0]


def _count(shaped: Shaped, known: Sequence[Fault]) -> _Counts:
    """One pass over the table for how many there are of each fault; a second for where those begin."""
    table, required = shaped.table, TABLES[shaped.name].required
    conditions = {f"fault_{place}": fault.condition for place, fault in enumerate(known)}
    conditions |= {f"missing_{name}": _missing(table, name) for name in required}
    lost = ibis.or_(*(_lost(table, name, known) for name in required))
    telling = [each.name for each in TABLES[shaped.name].columns
               if each.name in shaped.supplied and each.name not in required and not each.rare]
    filled = {f"filled_{name}": ~_lost(table, name, known) & ~lost for name in telling}
    tests = table.select("_row", lost=lost, **conditions, **filled)
    row = fetch(tests.aggregate(rows=tests.count(), **{
        name: tests.count(where=tests[name]) for name in ("lost", *conditions, *filled)
    }))[0]
    present = [name for name in conditions if row[name]]
    starts = {name: tests._row.min(where=tests[name]) for name in present}
    first = fetch(tests.aggregate(**starts))[0] if present else {}
    found = {name: (int(row[name]), first.get(name)) for name in conditions}
    return _Counts(
        int(row["rows"]),
        int(row["lost"]),
        {(fault.column, fault.code): found[f"fault_{place}"] for place, fault in enumerate(known)},
        {name: found[f"missing_{name}"] for name in required},
        [name for name in telling if not row[f"filled_{name}"]],
    )


def _missing(table: ir.Table, column: str) -> ir.BooleanValue:
    bad = f"_bad_{column}"
    empty = table[column].isnull()
    return empty & ~table[bad] if bad in table.columns else empty


def _lost(table: ir.Table, column: str, known: Sequence[Fault]) -> ir.BooleanValue:
    """True where the cell is empty or has a fault: never null, so that it can be negated."""
    wrong = [fault.condition for fault in known if fault.column == column and not fault.keeps]
    return ibis.or_(table[column].isnull(), *(condition.fill_null(False) for condition in wrong))


def _without_faults(shaped: Shaped, present: Sequence[Fault]) -> ir.Table:
    """The table with each faulty cell empty."""
    table = shaped.table
    emptied = {}
    for column in {fault.column for fault in present}:
        wrong = ibis.or_(*(fault.condition for fault in present if fault.column == column))
        emptied[column] = ibis.ifelse(wrong, ibis.null(table[column].type()), table[column])
    return table.mutate(**emptied) if emptied else table


def _usable(table: ir.Table, name: str) -> ir.Table:
    return table.filter([table[column].notnull() for column in TABLES[name].required])


def _set_aside(
    shaped: Shaped, known: Sequence[Fault], counted: _Counts, malformed: Sequence[ir.Table]
) -> ir.Table:
    """Where each row stands that was set aside, and the first reason; no cell of it."""
    reasons = []
    for name in TABLES[shaped.name].required:
        reasons.append((_missing(shaped.table, name), "missing-required", name))
        reasons += [(fault.condition, fault.required, name) for fault in known
                    if fault.column == name and counted.rows_of(fault) and not fault.keeps]
    parts = []
    if counted.set_aside:
        code = ibis.cases(*((condition, code) for condition, code, _ in reasons))
        column = ibis.cases(*((condition, column) for condition, _, column in reasons))
        lost = shaped.table.select(row=shaped.table._row, code=code, column=column)
        parts.append(lost.filter(lost.code.notnull()))
    nowhere = ibis.null("string")
    parts += [lines.select(row=lines._row, code=lines.code, column=nowhere) for lines in malformed]
    rows = ibis.union(*parts) if len(parts) > 1 else parts[0]
    return rows.mutate(
        table=ibis.literal(shaped.name), origin=ibis.literal(shaped.origin)
    ).select(*SET_ASIDE)


def _about_faults(shaped: Shaped, known: Sequence[Fault], counted: _Counts) -> list[Finding]:
    required, found = TABLES[shaped.name].required, []
    for name, (rows, first) in counted.missing.items():
        if rows:
            found.append(finding("missing-required", shaped.name, rows, origin=shaped.origin, first=first,
                                 column=name))
    for fault in known:
        rows, first = counted.faults[fault.column, fault.code]
        if rows:
            code = fault.required if fault.column in required and not fault.keeps else fault.code
            found.append(finding(code, shaped.name, rows, origin=shaped.origin, first=first,
                                 column=fault.column, **fault.words))
    return found


def _about_malformed(shaped: Shaped, broken: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    for row in broken:
        yield finding(row["code"], shaped.name, row["n"], origin=shaped.origin, first=row["first"])


def _about_refused(shaped: Shaped, refused: Sequence[tuple[str, str, int]]) -> Iterator[Finding]:
    for column, what, rows in refused:
        yield finding("identifying-column", shaped.name, rows, column=column, what=what)


def _about_empty(shaped: Shaped, counted: _Counts) -> Iterator[Finding]:
    if counted.rows > counted.set_aside and counted.empty:
        yield finding("empty-columns", shaped.name, origin=shaped.origin, which=", ".join(counted.empty),
                      count=len(counted.empty))


def _about_duplicates(shaped: Shaped, twice: Duplicates) -> Iterator[Finding]:
    where: dict[str, Any] = {"origin": shaped.origin, "first": twice.first}
    if twice.rows > twice.differing:
        yield finding("duplicate", shaped.name, twice.rows - twice.differing, **where)
    if twice.differing:
        yield finding("repeated-key", shaped.name, twice.differing, **where, column=" with ".join(twice.key))


def _count_malformed(malformed: Sequence[ir.Table]) -> list[dict[str, Any]]:
    """code, n, first of the lines that could not be cut into cells."""
    return [
        row for lines in malformed for row in fetch(
            lines.group_by("code").aggregate(n=lines.count(), first=lines._row.min()).order_by("code")
        )
    ]
