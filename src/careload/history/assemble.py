"""The source tables of one part of a mapping as one table: files put under one another, lookups joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from careload.clinic import Finding, Problems, Table
from careload.history.database import fetch
from careload.history.findings import finding
from careload.history.folder import FileTables
from careload.history.recipe import Join, Part, close_names, fold, matches, stem
from careload.history.source import Raw

Place = tuple[int, str]  # number of the source table (0: the main one), column in it


@dataclass(frozen=True)
class Assembled:
    """One table, not yet computed.

    table     `_row` where the main table has it, and every column that the part reads
    columns   column as the mapping writes it to its name in `table`
    origin    names of the main files
    findings  keys of a lookup that stand there more than once
    fixed     whether its rows stay where they are and nobody can change them meanwhile
    """

    table: ir.Table
    columns: Mapping[str, str]
    origin: str
    findings: tuple[Finding, ...]
    fixed: bool


def assemble(part: Part, raws: Mapping[str, Raw], problems: Problems) -> Assembled | None:
    """Find the tables and columns that `part` names; None, and the reasons told, when one is not there."""
    mains = [raw for source in part.sources for raw in _find(source, raws, part.line, problems)]
    lookups = [_find(join.source, raws, join.line, problems)[:1] for join in part.joins]
    if not mains or not all(lookups):
        return None
    sources = [mains[0], *(raw for found in lookups for raw in found)]
    scope = _Scope([stem(part.sources[0]), *(stem(join.source) for join in part.joins)], sources)
    places = {name: scope.find(name, line, problems) for name, line in _names_read(part)}
    keys = [_keys(number, join, scope, problems) for number, join in enumerate(part.joins, start=1)]
    _tell_missing_in(mains[1:], mains[0], {p[1] for p in places.values() if p and p[0] == 0}, part, problems)
    if not all(places.values()) or not all(keys):
        return None
    found = {name: place for name, place in places.items() if place}
    return _build(found, mains, sources, keys)


def _build(
    places: Mapping[str, Place], mains: Sequence[Raw], sources: Sequence[Raw],
    keys: Sequence[Sequence[tuple[Place, str]]],
) -> Assembled:
    read = {*places.values(), *(left for pairs in keys for left, _ in pairs)}
    table = _stacked(mains, sorted(column for number, column in read if number == 0))
    findings: list[Finding] = []
    for number, pairs in enumerate(keys, start=1):
        wanted = sorted(column for at, column in read if at == number)
        table, noticed = _joined(table, sources[number], number, pairs, wanted)
        findings += noticed
    origin = " + ".join(dict.fromkeys(raw.origin for raw in mains))
    columns = {name: _alias(place) for name, place in places.items()}
    fixed = all(raw.fixed for raw in (*mains, *sources))
    return Assembled(table, columns, origin, tuple(findings), fixed)


def _find(source: str, raws: Mapping[str, Raw], line: int, problems: Problems) -> list[Raw]:
    # By name alone: a database may hold thousands of tables, each looked up only when it is asked for.
    # Asked for first as it is spelt: `schema.table` is a second name of the tables that need no schema.
    found = [source.lower()] if source.lower() in raws else [name for name in raws if matches(source, name)]
    if not found:
        names = _names(raws)
        problems.tell(line, f"There is no file or table {source!r}.", "a file or table of the records",
                      close_names(stem(source), names) if names else "The source holds no table.")
    return [raws[name] for name in found]


def _names(raws: Mapping[str, Raw]) -> list[str]:
    """Names of all tables, of a folder also those that no line of the mapping means."""
    return [*raws, *(raws.others if isinstance(raws, FileTables) else ())]


def _names_read(part: Part) -> list[tuple[str, int]]:
    """Every column that the part reads, with the line that names it."""
    named = [(name, rule.line or part.line) for rule in part.rules.values() for name in rule.read]
    return [*named, *((name, part.line) for name in part.only)]


class _Scope:
    """Where a column name may be found: in the main table first, then in the joined ones in order."""

    def __init__(self, names: Sequence[str], sources: Sequence[Raw]) -> None:
        self._tables = list(zip(names, sources, strict=True))

    def find(
        self, name: str, line: int, problems: Problems, *, before: int | None = None, only: int | None = None
    ) -> Place | None:
        """The place of `name`, bare or as ``table.column``; told when there is none.

        before, only  look only at the tables before this number, or at the one of this number
        """
        numbered = list(enumerate(self._tables))
        tables = numbered[:before] if only is None else [numbered[only]]
        for bare in (True, False):
            for number, (table, raw) in tables:
                wanted = name if bare else name.lower().removeprefix(f"{table}.")
                column = column_called(wanted, raw.table.columns)
                if column is not None:
                    return number, column
        place = " or ".join(dict.fromkeys(raw.origin or raw.name for _, (_, raw) in tables))
        known = [column for _, (_, raw) in tables for column in raw.table.columns if column != "_row"]
        remedy = close_names(name, known)
        problems.tell(line, f"{place} has no column {name!r}.", "a column of the file", remedy)
        return None


def column_called(name: str, columns: Iterable[str]) -> str | None:
    """The column meant by `name`: spelt so, or the only one that differs in case, spaces and signs alone."""
    columns = list(columns)
    if name in columns:
        return name
    near = [column for column in columns if fold(column) == fold(name) and column != "_row"]
    return near[0] if len(near) == 1 else None


def lacking(table: Table, columns: Iterable[str]) -> list[str]:
    """The columns `table` cannot do without that none of `columns` is called."""
    columns = list(columns)
    return [name for name in table.required if column_called(name, columns) is None]


def _keys(
    number: int, join: Join, scope: _Scope, problems: Problems
) -> list[tuple[Place, str]]:
    """Pairs (place of the column so far, column of the joined table); empty when one is not there."""
    pairs = []
    for left, right in join.on:
        place = scope.find(left, join.line, problems, before=number)
        there = scope.find(right, join.line, problems, only=number)
        if place and there:
            pairs.append((place, there[1]))
    return pairs if len(pairs) == len(join.on) else []


def _tell_missing_in(
    others: Sequence[Raw], first: Raw, columns: set[str], part: Part, problems: Problems
) -> None:
    for raw in others:
        for column in sorted(columns - set(raw.table.columns)):
            problems.tell(
                part.line, f"{raw.origin} has no column {column!r}, which {first.origin} has.",
                "the same columns in every file of one block",
                "Write a second block [[…]] for the file whose columns have other names.",
            )


def _stacked(mains: Sequence[Raw], columns: Sequence[str]) -> ir.Table:
    """The main tables under one another, text where they disagree on a type."""
    tables = []
    for raw in mains:
        row = {"_row": raw.table._row.cast("int64")} if "_row" in raw.table.columns else {}
        tables.append(raw.table.select(**row, **{
            _alias((0, name)): _agreed(raw.table[name], [one.table[name].type() for one in mains])
            for name in columns
        }))
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


def _agreed(column: ir.Value, types: Sequence[object]) -> ir.Value:
    return column if len(set(types)) == 1 else column.cast("string")


def _joined(
    table: ir.Table, raw: Raw, number: int, pairs: Sequence[tuple[Place, str]], wanted: Sequence[str]
) -> tuple[ir.Table, list[Finding]]:
    """`table` with the wanted columns of `raw`; never with more rows than before."""
    keys = {f"_{number}_key_{place}": _key(raw.table[right]) for place, (_, right) in enumerate(pairs)}
    cells = {_alias((number, name)): raw.table[name] for name in wanted}
    lookup = raw.table.filter([key.notnull() for key in keys.values()]).select(**keys, **cells).distinct()
    repeated = lookup.group_by(list(keys)).aggregate(times=lookup.count()).filter(lambda t: t.times > 1)
    times = int(fetch(repeated.aggregate(n=repeated.count()))[0]["n"])
    findings = []
    if times:
        lookup = lookup.anti_join(repeated, list(keys))
        names = " with ".join(right for _, right in pairs)
        findings.append(
            finding("ambiguous-join", raw.name, times, origin=raw.origin, column=names, count=times)
        )
    left = table.mutate(**{f"_left_{key}": _key(table[_alias(place)])
                           for key, (place, _) in zip(keys, pairs, strict=True)})
    joined = left.left_join(lookup, [left[f"_left_{key}"] == lookup[key] for key in keys])
    return joined.select(*table.columns, *cells), findings


def _key(column: ir.Value) -> ir.StringValue:
    """A join key as it is compared: trimmed text, so that 7 in a workbook meets "7" in a CSV file."""
    return column.cast("string").strip().nullif("")


def _alias(place: Place) -> str:
    number, column = place
    return f"_{number}_{column}"
