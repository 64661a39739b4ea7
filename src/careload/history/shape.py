"""From what a source holds to canonical tables: one expression per table, on the source's own engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from careload.clinic import TABLES, UnreadableRecords
from careload.history.cells import Cell, understand, written
from careload.history.mapping import NO_MAPPING, Part, RecordsMapping, Rule
from careload.history.source import Raw, Shaped


def shape(raws: Mapping[str, Raw], mapping: RecordsMapping | None = None) -> dict[str, Shaped]:
    """Canonical tables of what the source holds, their rows not yet checked.

    raws     what the source holds, by name
    mapping  which column is which; without one, columns are taken that have canonical names

    Nothing is computed here: every table is an expression for the engine the source lives on.
    Raises `SettingsError` when the mapping names what is not there, `UnreadableRecords` when no
    table can be taken for appointments.
    """
    mapping = mapping or NO_MAPPING
    shaped = {name: _mapped(name, parts, raws) for name, parts in mapping.tables.items()}
    for name in TABLES:
        if name not in shaped and (raw := _canonical_raw(name, raws)) is not None:
            rules = _canonical_rules(raw, name, mapping)
            if set(TABLES[name].required) <= set(rules):
                shaped[name] = _mapped(name, (Part((raw.name,), rules),), raws)
    if "appointments" not in shaped:
        raise UnreadableRecords(
            "No table has the columns patient, starts_at and status.",
            "a table of appointments with these columns",
            "Draft a mapping with `careload map FILE`, look it over, and give it with --mapping.",
        )
    return shaped


def _canonical_raw(name: str, raws: Mapping[str, Raw]) -> Raw | None:
    if name in raws:
        return raws[name]
    return next(iter(raws.values())) if name == "appointments" and len(raws) == 1 else None


def _fold_name(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _canonical_rules(raw: Raw, name: str, mapping: RecordsMapping) -> dict[str, Rule]:
    headers = {_fold_name(header): header for header in reversed(raw.table.columns)}
    return {
        column: Rule((headers[_fold_name(column)],), date_order=mapping.date_order,
                     time_zone=mapping.time_zone, empty=mapping.empty)
        for column in TABLES[name].names
        if _fold_name(column) in headers
    }


def _mapped(name: str, parts: Sequence[Part], raws: Mapping[str, Raw]) -> Shaped:
    part = parts[0]
    raw = raws[part.sources[0]]
    return Shaped(name, _canonical(raw.table, name, part.rules), frozenset(part.rules), raw.origin)


def _canonical(table: ir.Table, name: str, rules: Mapping[str, Rule]) -> ir.Table:
    """Every canonical column, `_row`, and `_bad_…` of each column that had to be understood.

    In layers, so that no expression is repeated inside another: what is written, what it means,
    and for stamps with an offset the wall clock of the site.
    """
    columns = {column: TABLES[name].column(column) for column in rules}
    can_try = table.get_backend().name == "duckdb"
    row = table._row.cast("int64") if "_row" in table.columns else ibis.null("int64")
    texts = table.select(
        _row=row,
        **{key: written([table[c] for c in rule.columns], rule, columns[key]) for key, rule in rules.items()},
    )
    cells = {
        key: understand(texts[key], rule, columns[key], can_try=can_try) for key, rule in rules.items()
    }
    bad = {
        f"_bad_{key}": texts[key].notnull() & cell.value.isnull() for key, cell in cells.items() if cell.parsed
    }
    meant = texts.select("_row", **{key: cell.value for key, cell in cells.items()}, **bad)
    return meant.select(
        *(_cast(meant, column.name, column.ibis_type, cells) for column in TABLES[name].columns), "_row", *bad
    )


def _cast(meant: ir.Table, name: str, kind: str, cells: Mapping[str, Cell]) -> ir.Value:
    if name not in cells:
        return ibis.null(kind).name(name)
    value = meant[name]
    if kind == "date" and value.type().is_timestamp():
        return value.date().name(name)
    return value.cast(kind).name(name)
