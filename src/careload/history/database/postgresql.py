"""PostgreSQL, asked in a session that can only read."""

from __future__ import annotations

import importlib
from typing import Any
from urllib.parse import SplitResult, urlsplit

import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from careload.clinic import CareloadError, SourceUnreachable, UsageError
from careload.history.database.catalogue import Catalogue, Place, by_name
from careload.history.database.errors import query_errors
from careload.history.source import OpenSource
from careload.history.sql import quoted

CONNECT_SECONDS = 10

# libpq parameters (PostgreSQL documentation, 34.1.2). A server that vanishes without a word
# (machine or network down) is noticed after about a minute and a half instead of two hours.
PARAMETERS = {
    "connect_timeout": CONNECT_SECONDS, "application_name": "careload",
    "keepalives_idle": 30, "keepalives_interval": 15, "keepalives_count": 4,
}

# Names come from pg_class, not information_schema: that one leaves out what this account may not read,
# and "not there" would be said where "not allowed" is true.
RELATIONS = """
    SELECT n.nspname, c.relname,
           has_schema_privilege(n.oid, 'USAGE')
             AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT')),
           coalesce(array_position(current_schemas(false), n.nspname),
                    CASE n.nspname WHEN 'public' THEN 1000 END) AS rank
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    ORDER BY rank NULLS LAST, n.nspname, c.relname
"""

READABLE = """
    SELECT a.attname
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                                   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relname = %s AND a.attnum > 0 AND NOT a.attisdropped
      AND has_column_privilege(c.oid, a.attnum, 'SELECT')
"""

# Part of what libpq says -> found, expected, remedy. Only these words are looked for; the text is not shown.
REFUSALS = (
    ("password authentication failed", (
        "{where} refused the user name or the password.", "an account of that database",
        "Check both; in a URL, write special characters of a password as %40 for @, %2F for /.",
    )),
    ("no password supplied", (
        "{where} asks for a password and none was given.",
        "a password in the URL, in PGPASSWORD or in the file ~/.pgpass", "Give it in one of these ways.",
    )),
    ("does not exist", (
        "{where} has no such database or account.", "a database and a user that exist there",
        "Check both names in the URL.",
    )),
    ("no pg_hba.conf entry", (
        "{where} does not admit this machine, account or kind of connection.",
        "a line for them in the server's pg_hba.conf", "Ask its administrator; perhaps add ?sslmode=require.",
    )),
    ("permission denied for database", (
        "{where} does not let this account connect.", "the right to CONNECT", "Ask its administrator.",
    )),
    ("resolve host", (
        "{where} cannot be found by its name.", "a host name or address that can be looked up",
        "Check the spelling, and whether a VPN is needed.",
    )),
    ("too many", ("{where} takes no more connections.", "one free connection", "Try again later.")),
    ("starting up", ("{where} is starting up.", "a server that is ready", "Try again in a minute.")),
    ("SSL", (
        "{where} and this machine do not agree on encryption.", "a server whose certificate can be checked",
        "Check ?sslmode= and ?sslrootcert= in the URL with its administrator.",
    )),
)


def open_postgresql(url: str) -> OpenSource:
    """Open ``postgresql://user:password@host:port/database``; every parameter of libpq is understood.

    Nothing but SELECT can be done in the session, whatever the account may do elsewhere.

    Raises `SourceUnreachable` when there is no answer within 10 seconds, the account is refused,
    or the extra is not installed; `UsageError` when the URL cannot be read.
    """
    psycopg = _driver()
    parts = urlsplit(url)
    connection = _connect(psycopg, url, _where(parts))
    label = f"PostgreSQL database {connection.info.dbname}"
    with query_errors(label):
        import ibis

        connection.read_only = True  # each transaction begins as READ ONLY
        connection.execute("SET default_transaction_read_only = on")  # and so does each single statement
        connection.execute("SET cursor_tuple_fraction = 1")  # answers are always read to their end
        backend = ibis.postgres.from_connection(connection)
        found = connection.execute(RELATIONS).fetchall()
    places = [Place(schema, name, may, rank is not None) for schema, name, may, rank in found]

    def look(place: Place) -> ir.Table:
        with query_errors(label):
            return _sorted_by_bytes(backend, place)

    return OpenSource(label, backend, Catalogue(by_name(places), look, label), can_store=False)


def _sorted_by_bytes(backend: Any, place: Place) -> ir.Table:
    """The table with its text as plain text in the collation "C".

    The database's own collation may put b before B or skip hyphens; DuckDB and Spark compare bytes.
    Where one of two rows must come first, all engines then choose the same.
    """
    whole = backend.table(place.name, database=place.schema).schema()
    readable = {row[0] for row in backend.con.execute(READABLE, [place.schema, place.name]).fetchall()}
    schema, columns = {}, []
    for name, kind in whole.items():
        if name not in readable:  # naming it would forbid the question, even where it is not looked at
            continue
        text = kind.is_string() or kind.is_uuid() or kind.is_unknown()  # unknown: enum, citext, domain …
        columns.append(f'{quoted(name)}::text COLLATE "C" AS {quoted(name)}' if text else quoted(name))
        schema[name] = dt.string if text else kind
    question = f"SELECT {', '.join(columns)} FROM {quoted(place.schema)}.{quoted(place.name)}"
    # The schema must be given: without it Ibis would make a temporary view to find it out.
    return backend.sql(question, schema=schema)


def _driver() -> Any:
    try:
        return importlib.import_module("psycopg")
    except ImportError:
        raise SourceUnreachable(
            "Reading from PostgreSQL needs the driver psycopg, which is not installed.",
            "Careload with its extra for PostgreSQL", "Run in Careload's folder: pip install '.[postgres]'",
        ) from None


def _where(parts: SplitResult) -> str:
    """Server and port for messages: never the user, the password or what follows them."""
    server = parts.netloc.rpartition("@")[2]
    # An @ further on: the password holds a raw / ? or #, and what looks like the server is a piece of it.
    misread = "@" in parts.path + parts.query + parts.fragment
    return f"The PostgreSQL server at {server}" if server and not misread else "The PostgreSQL server"


def _connect(psycopg: Any, url: str, where: str) -> Any:
    try:
        given = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.Error:
        raise UsageError(
            "The address of the PostgreSQL database cannot be read.",
            "postgresql://user:password@host:port/database",
            "Write special characters of the password as %40 for @, %3A for :, %2F for /, %25 for %.",
        ) from None
    parameters = {**PARAMETERS, **given}
    try:
        return psycopg.connect(**parameters, autocommit=True)
    except psycopg.Error as error:
        raise _not_connected(str(error), where) from None


def _not_connected(text: str, where: str) -> CareloadError:
    for sign, told in REFUSALS:
        if sign in text:
            return SourceUnreachable(*(part.format(where=where) for part in told))
    return SourceUnreachable(
        f"{where} does not answer within {CONNECT_SECONDS} seconds or refuses connections.",
        "a running server that this machine can reach",
        "Check host and port, whether the server runs, and whether a VPN or firewall stands between.",
    )
