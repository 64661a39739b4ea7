"""Before anything is looked up: one version of each resource, and a type for each reference."""

from __future__ import annotations

from typing import Any

from careload.history.fhir.flatten import table
from careload.history.fhir.lookups import IDENTIFIED
from careload.history.fhir.views import VIEWS
from careload.history.sql import quoted

# Each older row becomes a copy of the last version, so that it is counted as a duplicate of it.
_VERSIONS = """
CREATE OR REPLACE TABLE {table} AS
WITH ranked AS (
    SELECT *, rowid AS _place, row_number() OVER (PARTITION BY resource_id
        ORDER BY try_cast(updated AS TIMESTAMPTZ) DESC NULLS LAST, rowid DESC) AS _version
    FROM {table} WHERE resource_id IS NOT NULL),
settled AS (
    SELECT last.* EXCLUDE (copy, _place, _version), seen._version > 1 AS copy, seen._place
    FROM ranked AS seen JOIN ranked AS last ON last.resource_id = seen.resource_id AND last._version = 1
    UNION ALL BY NAME
    SELECT *, rowid AS _place FROM {table} WHERE resource_id IS NULL)
SELECT * EXCLUDE (_place) FROM settled ORDER BY _place
"""

_TYPED = r"'^[A-Z][A-Za-z]+[/?]'"

_TYPES = """
CREATE OR REPLACE TABLE fhir.types AS
SELECT ref, min(own) AS own FROM ({parts}) GROUP BY ref"""

_SETTLE = """
UPDATE {table} SET {column} = found.refs
FROM (SELECT place, list(coalesce(types.own, loose.ref) ORDER BY n) AS refs
      FROM (SELECT rowid AS place, unnest({column}) AS ref, generate_subscripts({column}, 1) AS n
            FROM {table}
            WHERE len(list_filter({column}, lambda x: NOT regexp_matches(x, {typed}))) > 0) AS loose
      LEFT JOIN fhir.types ON types.ref = loose.ref GROUP BY place) AS found
WHERE {table}.rowid = found.place
"""

_SETTLE_ONE = """
UPDATE {table} SET {column} = types.own FROM fhir.types WHERE types.ref = {column}
"""


def settle_versions(con: Any) -> int:
    """Keep the last version of each resource in place of every older one; returns how many there were.

    Last is the latest meta.lastUpdated, then the one read last. `copy` marks the others.
    """
    older = 0
    for kind in VIEWS:
        (repeated,) = con.execute(
            f"SELECT count(resource_id) - count(DISTINCT resource_id) FROM {table(kind)}"
        ).fetchone()
        if repeated:
            con.execute(_VERSIONS.format(table=table(kind)))
            older += repeated
    return older


def settle_types(con: Any) -> None:
    """Give a type to references without one (``urn:uuid:…``, identifier alone) if what they name is here."""
    loose = [place for place in columns_of_references() if _has_loose(con, *place)]
    if loose:
        con.execute(_TYPES.format(parts=" UNION ALL ".join(_types_of(kind) for kind in VIEWS)))
    for where, column, many in loose:
        con.execute((_SETTLE if many else _SETTLE_ONE).format(table=where, column=column, typed=_TYPED))


def columns_of_references() -> list[tuple[str, str, bool]]:
    """Table, column, and whether it holds several, of every reference that is read."""
    return [(table(kind), quoted(name), "[*]" in path) for kind, view in VIEWS.items()
            for name, (path, _) in view.references.items()]


def _has_loose(con: Any, where: str, column: str, many: bool) -> bool:
    one = f"unnest({column})" if many else column
    refs = f"SELECT {one} AS ref FROM {where}"
    (found,) = con.execute(
        f"SELECT count(*) > 0 FROM ({refs}) WHERE NOT regexp_matches(ref, {_TYPED})"
    ).fetchone()
    return bool(found)


def _types_of(kind: str) -> str:
    by_id = f"""
        SELECT 'urn:uuid:' || resource_id AS ref, '{kind}/' || resource_id AS own FROM {table(kind)}"""
    if kind not in IDENTIFIED:
        return by_id
    return f"""{by_id} UNION ALL
        SELECT '?identifier=' || coalesce(pair[1], '') || '|' || pair[2], '{kind}/' || resource_id
        FROM (SELECT resource_id, unnest(list_zip(systems, identifiers)) AS pair FROM {table(kind)})"""
