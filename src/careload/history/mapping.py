"""The mapping file: TOML in, a `Mapping` out, or everything that is wrong with it at once."""

from __future__ import annotations

import os
from collections import abc

from careload.clinic import TABLES, Lines, Problems, Spot, Table, parse_toml, read_text
from careload.history.recipe import MAPPING, Join, Mapping, Part
from careload.history.rule_keys import check_order, check_zone, read_rule, words_of

SOURCE_KEYS = ("date_order", "time_zone", "empty")
TABLE_KEYS = ("from", "columns", "join", "only")


def load_mapping(path: str | os.PathLike[str]) -> Mapping:
    """Read a mapping file.

    Raises `SettingsError` (exit code 4) when it is not there, is no TOML, or does not hold together;
    all errors are told at once, each with its line.
    """
    remedy = "Check the path after --mapping; `careload map FILE` drafts such a file."
    return parse_mapping(*read_text(path, "mapping", remedy))


def parse_mapping(text: str, origin: str = "mapping") -> Mapping:
    """The same from text; `origin` names the file in messages."""
    document = parse_toml(
        text, origin, "key = value lines under [table] headings",
        "Column names with spaces or accents must stand in double quotes.",
    )
    problems = Problems(origin, *MAPPING)
    mapping = _mapping(Spot(document, (), Lines(text), problems), origin)
    problems.raise_all()
    return mapping


def _mapping(root: Spot, origin: str) -> Mapping:
    root.only_keys(("source", *TABLES), "[source] or the name of a table")
    source = root.table("source")
    source.only_keys(SOURCE_KEYS)
    defaults = Mapping(
        date_order=check_order(source), time_zone=check_zone(source),
        empty=words_of(source, "empty"), origin=origin,
    )
    tables = {
        name: tuple(_part(spot, TABLES[name], defaults) for spot in root.tables(name))
        for name in root.value if name in TABLES
    }
    return Mapping(tables, defaults.date_order, defaults.time_zone, defaults.empty, origin)


def _part(spot: Spot, table: Table, defaults: Mapping) -> Part:
    spot.only_keys(TABLE_KEYS)
    columns = spot.table("columns")
    columns.only_keys(table.names, f"a column of {table.name}")
    rules = {
        name: read_rule(columns.at(name), table.column(name), defaults)
        for name in columns.value if name in table.names
    }
    for name in table.required:
        if name not in rules:
            columns.tell(f"[{table.name}] does not say where {name} comes from.",
                         f"{', '.join(table.required)} among its columns",
                         f'Add a line {name} = "…" under [{table.name}.columns].')
    return Part(_sources(spot), rules, tuple(_joins(spot)), _only(spot), spot.line)


def _sources(spot: Spot) -> tuple[str, ...]:
    names = spot.texts("from")
    if not names:
        spot.tell(f"[{spot.path[0]}] does not say from which file or table it comes.",
                  "a file or table name", 'Add a line from = "appointments.csv".')
    return names


def _joins(spot: Spot) -> abc.Iterator[Join]:
    for join in spot.tables("join"):
        join.only_keys(("from", "on"))
        on = join.table("on")
        pairs = [(left, right) for left, right in on.value.items() if isinstance(right, str)]
        if not join.texts("from") or len(pairs) < max(1, len(on.value)):
            join.tell("A join does not say with what, or on which columns.",
                      'from = "episodes.csv" and on = { column here = "column there" }', "Add both lines.")
            continue
        yield Join(join.texts("from")[0], tuple(pairs), join.line)


def _only(spot: Spot) -> dict[str, tuple[str, ...]]:
    only = spot.table("only")
    return {column: words_of(only, column) for column in only.value}
