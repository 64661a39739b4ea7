"""FHIR R4 files to raw canonical tables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from careload.clinic import TABLES
from careload.history.engine import engine_errors
from careload.history.fhir import registers, visits
from careload.history.fhir.flatten import Census, census, flatten
from careload.history.fhir.gather import gather
from careload.history.fhir.lookups import look_up
from careload.history.fhir.notice import noticed
from careload.history.fhir.settle import settle_types, settle_versions
from careload.history.source import OpenSource, Raw
from careload.history.sql import quoted

QUERIES: Mapping[str, str] = {
    "appointments": visits.APPOINTMENTS,
    "encounters": visits.ENCOUNTERS,
    "episodes": registers.EPISODES,
    "referrals": registers.REFERRALS,
    "patients": registers.PATIENTS,
    "clinicians": registers.CLINICIANS,
    "slots": registers.SLOTS,
    **{name: registers.carried(name) for name in registers.CARRIED},
}
# Where a line is counted that is no JSON but still tells its type.
TABLE_OF = {
    "Appointment": "appointments", "Encounter": "appointments", "EpisodeOfCare": "episodes",
    "ServiceRequest": "referrals", "Patient": "patients", "Practitioner": "clinicians",
    "PractitionerRole": "clinicians", "Slot": "slots",
}


def open_fhir(paths: list[Path], backend: Any) -> OpenSource:
    """Read FHIR R4 files into raw tables that have the names and columns of the canonical ones.

    paths    bulk NDJSON (plain or gzip), single resources, arrays and Bundles
    backend  an Ibis connection to a DuckDB of our own

    Returns the tables that have a row, their cells as text, with `_row`: the number of the resource
    among those of its table. Columns without any value are left out. Rows that are no record of
    their table are in `malformed` with the reason. Every rule is in docs/fhir.md.
    """
    con = backend.con
    with engine_errors("FHIR"), _workshop(con), tempfile.TemporaryDirectory(dir=_folder_of(con)) as folder:
        gathered = gather(paths, Path(folder))
        found = census(con, gathered)
        flatten(con, found)
        older = settle_versions(con)
        settle_types(con)
        look_up(con)
        made = _canonical(con, found)
        findings = noticed(con, found, gathered, older)
    for name in QUERIES.keys() - made.keys():
        con.execute(f"DROP TABLE fhir_raw.{name}")
    raws = {
        name: Raw(name, _rows(backend, name, table.columns), _origin(name)) for name, table in made.items()
    }
    aside = {_origin(name): _aside(backend, name) for name, table in made.items() if table.aside}
    label = paths[0].name if len(paths) == 1 else paths[0].parent.name if paths else "FHIR"
    return OpenSource(label, backend, raws, findings, dict(found.resources), malformed=aside)


@contextmanager
def _workshop(con: Any) -> Iterator[None]:
    """A database `fhir` for what is only needed on the way: in memory, or spilled to the engine's folder.

    It is as large as the answer, and half as dear to write as tables that stay.
    """
    con.execute("ATTACH ':memory:' AS fhir")
    try:
        yield
    finally:
        con.execute("DETACH fhir")


class Made(NamedTuple):
    """A canonical table: the columns that hold a value or must, and how many rows are no record of it."""

    columns: list[str]
    aside: int


def _canonical(con: Any, found: Census) -> Mapping[str, Made]:
    """Make each canonical table; those without a row are left out."""
    con.execute("CREATE SCHEMA IF NOT EXISTS fhir_raw")
    for statement in (visits.MACROS, visits.FULFILLED, visits.ASKED, registers.IS_REFERRAL):
        con.execute(statement)
    made: dict[str, Made] = {}
    for name, query in QUERIES.items():
        con.execute(f"CREATE OR REPLACE TABLE fhir_raw.{name} AS {query}")
        _add_broken(con, name, found)
        counts = ", ".join(f"count({quoted(column)})" for column in TABLES[name].names)
        rows, aside, *filled = con.execute(
            f"SELECT count(*), count(aside), {counts} FROM fhir_raw.{name}"
        ).fetchone()
        if rows:
            pairs = zip(TABLES[name].names, filled, strict=True)
            columns = [column for column, cells in pairs if cells or column in TABLES[name].required]
            made[name] = Made(columns, aside)
    return made


def _add_broken(con: Any, name: str, found: Census) -> None:
    """A line that is no JSON is a row set aside, under its line number."""
    lines = [line for _, line, kind in found.broken if TABLE_OF.get(kind or "") == name]
    if lines:
        into = f"INSERT INTO fhir_raw.{name} (_row, aside)"
        con.execute(f"{into} SELECT unnest(?), 'fhir-broken-line'", [lines])


def _rows(backend: Any, name: str, columns: list[str]) -> Any:
    table = backend.table(name, database="fhir_raw")
    return table.filter(table.aside.isnull()).select("_row", *columns)


def _aside(backend: Any, name: str) -> Any:
    table = backend.table(name, database="fhir_raw")
    return table.filter(table.aside.notnull()).select("_row", code=table.aside)


def _origin(name: str) -> str:
    return f"FHIR {name}"


def _folder_of(con: Any) -> Path | None:
    """The private folder of the engine, which is cleared even after a killed process; None in memory."""
    question = "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    (path,) = con.execute(question).fetchone()
    return Path(path).parent if path else None
