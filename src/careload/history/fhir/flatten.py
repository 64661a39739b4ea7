"""One table per resource type, with the columns of its view, in the database `fhir` that is dropped later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from careload.history.fhir.gather import Gathered, is_json, open_text, type_in
from careload.history.fhir.path import expression, shape
from careload.history.fhir.views import EVERY, VIEWS, View
from careload.history.sql import literal, quoted

LONGEST_LINE = 1 << 26  # bytes

# What is no name of a type is no resource, and must not be shown as one.
_KIND = "CASE WHEN regexp_matches(resourceType, '^[A-Z][A-Za-z]{2,40}$') THEN resourceType END"

# A reference in its short form: Type/id, Type?identifier=system|value, or as it stands where neither fits.
_MACROS = r"""
CREATE OR REPLACE MACRO fhir.logical(kind, identifier) AS
    coalesce(kind, '') || '?identifier=' || coalesce(identifier.system, '') || '|' || identifier.value;

CREATE OR REPLACE MACRO fhir.inside(c, owner, mark) AS CASE
    WHEN c.practitioner.reference IS NOT NULL THEN c.practitioner.reference
    WHEN c.identifier[1].value IS NOT NULL THEN fhir.logical(c.resourceType, c.identifier[1])
    WHEN c.resourceType <> 'Location' THEN c.resourceType || '/' || owner || mark END;

CREATE OR REPLACE MACRO fhir.short(r, kind, contained, owner) AS CASE
    WHEN coalesce(r.reference, '') = ''
        THEN CASE WHEN r.identifier.value IS NOT NULL
                  THEN fhir.logical(coalesce(r.type, kind), r.identifier) END
    WHEN r.reference LIKE '#%'
        THEN fhir.inside(list_filter(contained, lambda c: c.id = r.reference[2:])[1], owner, r.reference)
    WHEN regexp_matches(r.reference, '^[A-Z][A-Za-z]+/[A-Za-z0-9.\-]+$') THEN r.reference
    WHEN r.reference LIKE '%?identifier=%'
        THEN replace(regexp_extract(r.reference, '([A-Z][A-Za-z]+[?]identifier=.*)$', 1), '%7C', '|')
    ELSE coalesce(nullif(regexp_extract(
        r.reference, '([A-Z][A-Za-z]+/[A-Za-z0-9.\-]{1,64})(/_history/[^/]*)?$', 1), ''), r.reference) END;
"""


@dataclass
class Census:
    """What stands on the lines.

    resources  type to number of resources
    files      type to the files it stands in
    broken     (name of the file, line, type if it can still be told) of lines that are no JSON
    not_fhir   name of a file to the number of its JSON lines that are no FHIR resource
    """

    resources: Counter[str] = field(default_factory=Counter)
    files: dict[str, list[Path]] = field(default_factory=dict)
    broken: list[tuple[str, int, str | None]] = field(default_factory=list)
    not_fhir: Counter[str] = field(default_factory=Counter)


def census(con: Any, gathered: Gathered) -> Census:
    """Count the resources by type and file, and look closer at the lines that are none."""
    found = Census(broken=list(gathered.broken), not_fhir=Counter(gathered.not_fhir))
    names = {str(path): path for path in gathered.lines}
    if not names:
        return found
    source = _lines(names, {"resourceType": "VARCHAR"}, "filename = true")
    types: dict[Path, dict[str, int]] = {}
    for name, kind, number in con.execute(
        f"SELECT filename, {_KIND} AS kind, count(*) FROM {source} GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        types.setdefault(names[name], {})[kind or ""] = number
    for path, kinds in types.items():
        if kinds.pop("", 0):
            usual = max(kinds, key=kinds.__getitem__, default=None)
            _look_closer(con, path, gathered.lines[path], usual, found)
        for kind, number in kinds.items():
            found.resources[kind] += number
            found.files.setdefault(kind, []).append(path)
    return found


def _look_closer(con: Any, path: Path, name: str, usual: str | None, found: Census) -> None:
    """Lines without a resource type: broken ones keep their number, others are only counted."""
    source = _lines([str(path)], {"resourceType": "VARCHAR"})
    numbered = f"SELECT row_number() OVER () AS n, {_KIND} AS kind FROM {source}"
    without = con.execute(f"SELECT n FROM ({numbered}) WHERE kind IS NULL").fetchall()
    ordinals = {number for (number,) in without}
    with open_text(path) as file:
        written = ((number, line) for number, line in enumerate(file, start=1) if line.strip())
        for ordinal, (number, line) in enumerate(written, start=1):
            if ordinal not in ordinals:
                continue
            if type_in(line) is None and is_json(line):
                found.not_fhir[name] += 1
            else:
                found.broken.append((name, number, type_in(line) or usual))


def flatten(con: Any, found: Census) -> None:
    """Make the table of every view; a type without a file gives an empty one."""
    con.execute(_MACROS)
    for kind, view in VIEWS.items():
        columns = {name: child.sql_type() for name, child in shape(view.paths()).children.items()}
        files = [str(path) for path in found.files.get(kind, [])]
        if files:
            source = f"(SELECT * FROM {_lines(files, columns)} WHERE resourceType = {literal(kind)})"
        else:
            nulls = ", ".join(f"NULL::{sql} AS {quoted(name)}" for name, sql in columns.items())
            source = f"(SELECT {nulls} WHERE false)"
        cells = ", ".join(_cells(kind, view))
        con.execute(f"CREATE OR REPLACE TABLE {table(kind)} AS SELECT {cells} FROM {source}")


def table(kind: str) -> str:
    """The table of a resource type."""
    return f"fhir.{quoted(kind)}"


def _cells(kind: str, view: View) -> Iterable[str]:
    for name, path in {**EVERY, **view.columns}.items():
        yield f"{expression(path)} AS {quoted(name)}"
    owner = f"{literal(kind + '/')} || {quoted('id')}"
    for name, (path, default) in view.references.items():
        one, many, _ = path.partition("[*]")
        rest = path[len(one) + len(many) + 1:]
        item = f"x.{expression(rest)}" if rest else "x"
        assumed = literal(default) if default else "NULL"
        short = f"fhir.short({item if many else expression(path)}, {assumed}, contained, {owner})"
        if many:
            short = f"list_transform({expression(one)}, lambda x: {short})"
        yield f"{short} AS {quoted(name)}"
    yield "false AS copy"


def _lines(files: Iterable[str], columns: Mapping[str, str], *options: str) -> str:
    """A scan of lines as text cells; a line that is no JSON gives a row of nulls."""
    listed = ", ".join(literal(file) for file in files)
    typed = ", ".join(f"{literal(name)}: {literal(sql)}" for name, sql in columns.items())
    return (
        f"read_ndjson([{listed}], columns = {{{typed}}}, ignore_errors = true, "
        f"records = true, maximum_object_size = {LONGEST_LINE}{''.join(', ' + option for option in options)})"
    )
