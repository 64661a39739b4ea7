"""Rows that stand twice: found by a cheap count first, and only then looked at one by one."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from careload.clinic import TABLES
from careload.history.database import fetch

# Two alike rows of these tables, when they bear no id, are two posts or two free slots.
ALIKE_IS_NOT_TWICE = ("posts", "slots")


@dataclass(frozen=True)
class Duplicates:
    """Rows beyond the first of each key.

    kept       the table without them
    rows       how many there are
    differing  of these, how many belong to a key whose rows do not all agree
    first      number of the first of them, None where rows have no number
    key        the columns by which they were compared
    """

    kept: ir.Table
    rows: int
    differing: int
    first: int | None
    key: tuple[str, ...]


def key_of(name: str, supplied: frozenset[str]) -> tuple[str, ...]:
    """The columns that tell the rows of a table apart: its key, else everything it supplies, else ()."""
    table = TABLES[name]
    if table.key and set(table.key) <= supplied:
        return table.key
    if name in ALIKE_IS_NOT_TWICE:
        return ()
    return tuple(column for column in table.names if column in supplied)


def without_duplicates(
    table: ir.Table, name: str, supplied: frozenset[str], *, own_engine: bool
) -> Duplicates | None:
    """`table` with one row of each key, the first in the file; None when no key stands twice.

    table       accepted rows with `_row` (null where the source has no order; then the first by contents
                is kept, so that the answer does not depend on chance)
    own_engine  True: hashes of keys may be compared before the keys themselves

    Rows whose key is empty are never duplicates of each other.
    """
    key = key_of(name, supplied)
    if not key:
        return None
    full = _with_full_key(table, key, name)
    counted = full.group_by(_fingerprint(full, key) if own_engine else [full[column] for column in key])
    counted = counted.aggregate(_n=full.count())
    sizes = fetch(counted.aggregate(rows=ibis.coalesce(counted._n.sum(), 0), keys=counted.count()))[0]
    if sizes["rows"] == sizes["keys"]:
        return None
    if own_engine:  # look only at rows whose key stands twice: a window over all would sort them all
        twice = counted.filter(counted._n > 1)._print
        printed = _fingerprint(table, key)
        suspects, rest = table.filter(printed.isin(twice)), table.filter(~printed.isin(twice))
    else:
        suspects, rest = table, None
    numbered = suspects.mutate(_place=_place(suspects, key, name))
    kept = numbered.filter(numbered._place == 1).drop("_place")
    repeats = numbered.filter(numbered._place > 1)
    about = fetch(repeats.aggregate(n=repeats.count(), first=repeats._row.min()))[0]
    doubtful = _with_full_key(suspects, key, name)
    differing = _number(doubtful.drop("_row").distinct()) - _number(doubtful.select(*key).distinct())
    return Duplicates(kept if rest is None else rest.union(kept), about["n"], differing, about["first"], key)


def _with_full_key(table: ir.Table, key: tuple[str, ...], name: str) -> ir.Table:
    return table.filter([table[column].notnull() for column in key]) if key == TABLES[name].key else table


def _number(table: ir.Table) -> int:
    return int(fetch(table.aggregate(n=table.count()))[0]["n"])


def _fingerprint(table: ir.Table, key: tuple[str, ...]) -> ir.Value:
    """A 64-bit hash of the key. 26 million of them take a tenth of the memory of the keys themselves.

    Two keys of one hash (2 in 100,000 files of that size, C) only cause the longer look.
    """
    one = table[key[0]] if len(key) == 1 else ibis.struct({name: table[name] for name in key})
    return _duckdb_hash(one).name("_print")


@ibis.udf.scalar.builtin(name="hash")  # type: ignore[untyped-decorator]
def _duckdb_hash(value) -> dt.uint64:  # type: ignore[no-untyped-def]  # of any type
    """DuckDB's own hash. Ibis's `.hash()` casts it by way of a bit string, which takes ten times as long."""


def _place(table: ir.Table, key: tuple[str, ...], name: str) -> ir.Value:
    """1 for the row that is kept, 2 and more for its repeats."""
    order = [table._row.asc(), *(table[column].asc() for column in TABLES[name].names)]
    place = ibis.row_number().over(group_by=[table[column] for column in key], order_by=order) + 1
    if key != TABLES[name].key:
        return place
    full = ibis.and_(*(table[column].notnull() for column in key))
    return ibis.ifelse(full, place, 1)
