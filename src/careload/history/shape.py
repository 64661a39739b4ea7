"""From what a source holds to canonical tables: one expression per table, on the source's own engine."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from careload.clinic import TABLES, Finding, Problems, Table, UnreadableRecords
from careload.history.assemble import assemble, column_called
from careload.history.cells import Cell, holds, understand, written
from careload.history.findings import finding
from careload.history.plain import plain_columns
from careload.history.recipe import MAPPING, Mapping, Part, Rule, close_names
from careload.history.source import Raw, Shaped
from careload.history.zones import wall_clock


def shape(raws: Map[str, Raw], mapping: Mapping | None = None) -> dict[str, Shaped]:
    """Canonical tables of what the source holds, their rows not yet checked.

    raws     what the source holds, by name
    mapping  which column is which; tables that it does not name are taken by their canonical names

    Nothing is fetched but, for each join, how many keys of the lookup stand there twice, and, where nobody
    can change the rows meanwhile, how many cells of each column do not stand for themselves.
    Raises `SettingsError` when the mapping names what is not there (everything at once), and
    `UnreadableRecords` when the table of appointments lacks a column it cannot do without.
    """
    mapping = mapping or Mapping()
    problems = Problems(mapping.origin, *MAPPING)
    parts = {**_by_name(raws, mapping), **mapping.tables}
    shaped = {
        name: _table(TABLES[name], [_piece(part, TABLES[name], raws, problems) for part in parts[name]])
        for name in TABLES if name in parts
    }
    problems.raise_all()
    return {name: table for name, table in shaped.items() if table is not None}


# Without a mapping: canonical names.


def _by_name(raws: Map[str, Raw], mapping: Mapping) -> dict[str, tuple[Part, ...]]:
    """A part for each table that has a canonical name and the columns it cannot do without."""
    parts: dict[str, tuple[Part, ...]] = {}
    for name, table in TABLES.items():
        raw = None if name in mapping.tables else _raw_called(name, raws, mapping)
        rules = _by_headers(raw, table, mapping) if raw else {}
        if raw and set(table.required) <= set(rules):
            parts[name] = (Part((raw.name,), rules),)
        elif raw and name == "appointments":
            raise _lacks(raw, table, rules)
    return parts


def _raw_called(name: str, raws: Map[str, Raw], mapping: Mapping) -> Raw | None:
    """The raw table `name`; a lone one is taken for appointments whatever it is called."""
    if name in raws:
        return raws[name]
    lone = name == "appointments" and len(raws) == 1 and not mapping.tables
    return next(iter(raws.values())) if lone else None


def _by_headers(raw: Raw, table: Table, mapping: Mapping) -> dict[str, Rule]:
    found = {name: column_called(name, raw.table.columns) for name in table.names}
    return {
        name: Rule((header,), date_order=mapping.date_order, time_zone=mapping.time_zone, empty=mapping.empty)
        for name, header in found.items() if header
    }


def _lacks(raw: Raw, table: Table, rules: Map[str, Rule]) -> UnreadableRecords:
    missing = [name for name in table.required if name not in rules]
    headers = [header for header in raw.table.columns if header != "_row"]
    return UnreadableRecords(
        f"{raw.origin} has no column {', '.join(missing)}.",
        f"the columns {', '.join(table.required)}",
        f"{close_names(missing[0], headers)} Draft a mapping with `careload map FILE`, look it over, "
        "and give it with --mapping.",
    )


# One part of a table: what is written, what it means, the clock on the wall.


@dataclass(frozen=True)
class _Piece:
    table: ir.Table
    texts: ir.Table
    bad: frozenset[str]
    supplied: frozenset[str]
    origin: str
    findings: tuple[Finding, ...]


def _piece(part: Part, table: Table, raws: Map[str, Raw], problems: Problems) -> _Piece | None:
    """The rows of one part, in layers, so that no expression is repeated inside another."""
    source = assemble(part, raws, problems)
    if source is None:
        return None
    raw = source.table
    if part.only:
        raw = raw.filter([holds(raw[source.columns[name]], words) for name, words in part.only.items()])
    row = raw._row if "_row" in raw.columns else ibis.null("int64")
    plain = plain_columns(raw, source.columns, part.rules, table) if source.fixed else frozenset()
    texts = raw.select(_row=row, **{
        name: raw[source.columns[rule.columns[0]]] if name in plain
        else written(rule, table.column(name), lambda column: raw[source.columns[column]])
        for name, rule in part.rules.items()
    })
    engine = engine_of(raw)
    cells = {
        name: Cell(texts[name], parsed=False) if name in plain
        else understand(texts[name], rule, table.column(name), engine)
        for name, rule in part.rules.items()
    }
    parsed = [name for name, cell in cells.items() if cell.parsed]
    read_as_text = ["_row", *(name for name in parsed if texts[name].type().is_string())]
    return _Piece(
        _canonical(texts, cells, part.rules, table, engine), texts.select(read_as_text),
        frozenset(parsed), frozenset(part.rules), source.origin,
        (*source.findings, *_about_zones(raw, source.columns, part, table, source.origin)),
    )


def engine_of(table: ir.Table) -> str:
    """Name of the Ibis backend: ``duckdb``, ``postgres``, ``pyspark`` …"""
    return str(table.get_backend().name)


def _canonical(
    texts: ir.Table, cells: Map[str, Cell], rules: Map[str, Rule], table: Table, engine: str
) -> ir.Table:
    """Every canonical column, `_row`, and `_bad_…` of each column that had to be understood."""
    zoned = {name: cell for name, cell in cells.items() if cell.offset is not None}
    bad = {
        f"_bad_{name}": texts[name].notnull() & cell.value.isnull()
        for name, cell in cells.items() if cell.parsed
    }
    offsets = {f"_offset_{name}": cell.offset for name, cell in zoned.items()}
    meant = texts.select("_row", **{name: cell.value for name, cell in cells.items()}, **bad, **offsets)
    utc = {f"_utc_{name}": meant[name] - meant[f"_offset_{name}"].as_interval("m") for name in zoned}
    meant = meant.mutate(**utc) if utc else meant
    local = {
        name: ibis.coalesce(wall_clock(meant[f"_utc_{name}"], rules[name].time_zone, engine), meant[name])
        for name in zoned
    }
    columns = [
        _typed(local.get(column.name, meant[column.name] if column.name in cells else None), column.ibis_type)
        .name(column.name) for column in table.columns
    ]
    return meant.select(*columns, "_row", *bad)


def _typed(value: ir.Value | None, kind: str) -> ir.Value:
    if value is None:
        return ibis.null(kind)
    return value.date() if kind == "date" and value.type().is_timestamp() else value.cast(kind)


def _about_zones(
    raw: ir.Table, names: Map[str, str], part: Part, table: Table, origin: str
) -> list[Finding]:
    """Stamps that the source keeps in UTC, when nobody said in which zone the site lives."""
    if engine_of(raw) == "pyspark":
        return []  # Spark's plain timestamps are of this type, whatever was meant
    silent = [
        name for name, rule in part.rules.items()
        if not rule.time_zone and any(_in_utc(raw[names[column]].type()) for column in rule.read)
    ]
    return [finding("zone-not-stated", table.name, origin=origin, column=", ".join(silent))] if silent else []


def _in_utc(kind: ibis.DataType) -> bool:
    return bool(kind.is_timestamp() and kind.timezone is not None)


# Several parts under one another.


def _table(table: Table, pieces: Sequence[_Piece | None]) -> Shaped | None:
    known = [piece for piece in pieces if piece is not None]
    if len(known) < len(pieces):
        return None
    bad = [name for name in table.names if any(name in piece.bad for piece in known)]
    tables = [
        piece.table.mutate(**{f"_bad_{name}": ibis.literal(False) for name in bad if name not in piece.bad})
        .select(*table.names, "_row", *(f"_bad_{name}" for name in bad)) for piece in known
    ]
    texts = [name for name in bad if any(name in piece.texts.columns for piece in known)]
    written = [
        piece.texts.mutate(**{name: ibis.null("string") for name in texts if name not in piece.texts.columns})
        .select("_row", *texts) for piece in known
    ]
    return Shaped(
        table.name,
        ibis.union(*tables) if len(tables) > 1 else tables[0],
        frozenset().union(*(piece.supplied for piece in known)),
        " + ".join(dict.fromkeys(piece.origin for piece in known)),
        tuple(found for piece in known for found in piece.findings),
        ibis.union(*written) if len(written) > 1 else written[0],
    )
