"""Who people are stays where it is: ids leave as keyed hashes, columns that name somebody are refused."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import ibis
import ibis.expr.types as ir

from careload.clinic import TABLES, Finding, SettingsError
from careload.history.database import fetch
from careload.history.findings import finding
from careload.history.words import words

ENVIRONMENT = "CARELOAD_KEY"
SHORTEST_KEY = 16  # bytes
HASH_DIGITS = 16  # 64 bits: two of a million people share a hash with probability 3e-8 (C)


@dataclass(frozen=True)
class Key:
    """The secret under which ids are hashed. It never prints itself and is never sent to a database."""

    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> Key:
        """A new key that nobody else has."""
        return cls(secrets.token_bytes(32))

    def hashed(self, kind: str, identifier: str) -> str:
        """HMAC-SHA256 of an id, 16 hexadecimal digits.

        kind  what it is the id of (``patient``, ``clinician``), so that equal ids of two kinds differ
        """
        message = f"{kind}\x00{identifier}".encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:HASH_DIGITS]


def load_key(
    key_file: str | os.PathLike[str] | None = None, environment: Mapping[str, str] = os.environ
) -> tuple[Key, Finding | None]:
    """The key of a file, else of the environment variable CARELOAD_KEY, else a fresh one and a note about it.

    Raises `SettingsError` for a key file that is not there, may not be read, or is shorter than 16 bytes.
    """
    if key_file is not None:
        return _long_enough(_content(Path(key_file)), Path(key_file).name), None
    if environment.get(ENVIRONMENT):
        return _long_enough(environment[ENVIRONMENT].encode(), ENVIRONMENT), None
    return Key.fresh(), finding("fresh-key")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(
            f"The key file {path.name} cannot be read: {(error.strerror or 'unknown reason').lower()}.",
            "a file of at least 16 bytes that only you can read",
            "Make one with: (umask 077; head -c 32 /dev/urandom | base64 > careload.key)",
        ) from None


def _long_enough(secret: bytes, origin: str) -> Key:
    if len(secret) < SHORTEST_KEY:
        raise SettingsError(
            f"The key in {origin} has {len(secret)} bytes.", f"at least {SHORTEST_KEY}",
            "Make one with: head -c 32 /dev/urandom | base64",
        )
    return Key(secret)


# Column names that speak of identity. Only whole words of a header count, so that "statement" holds no name.


def speaks_of_identity(header: str) -> bool:
    """Whether a column name has a word such as name, address, phone or record number."""
    parts = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", header).lower())
    pairs = {first + second for first, second in pairwise(parts)}
    return not words("headers").isdisjoint({*parts, *pairs})


# Values that would name somebody. The patterns stay within what DuckDB, PostgreSQL and Spark share.

_NAME = f"({'|'.join(sorted(words('given_names')))})"
_STREET = "(street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|way)"
PATTERNS = {
    "e-mail addresses": "^[^@ ]+@[^@ ]+[.][a-z]+$",
    "telephone numbers": "^([+][0-9][0-9() ./-]{6,}|[(]?[0-9]{2,4}[) ./-]+[0-9]{3,4}[ .-]?[0-9]{3,4})$",
    "postal addresses": f"^[0-9]+[a-z]? .*{_STREET}[.]?( .*)?$",
    "names of people":
        f"^((mr|mrs|ms|miss|dr|prof)[.]? [a-z' -]+|{_NAME} [a-z.' -]+|[a-z' -]+, ?{_NAME}[a-z. ]*)$",
}
# A group that many people share has not a value for nearly every row, nor fifty long numbers
# (a code of a profession may be a long number, but there are few of them).
LONG_NUMBER = "^[a-z]{0,3}[0-9]{6,}$"
MANY_VALUES, NEARLY_EACH = 50, 0.8


def identifying_columns(table: ir.Table, name: str, supplied: frozenset[str]) -> list[tuple[str, str, int]]:
    """(column, what it looks like, rows) of each grouping column whose values would name somebody.

    Grouping columns are those of kind text: site, profession, language, area … The engine only gives
    back counts; no value is fetched.
    """
    found = []
    for column in TABLES[name].columns:
        if column.kind == "text" and column.name in supplied:
            what, rows = _looks_like(table, column.name)
            if what:
                found.append((column.name, what, rows))
    return found


def _looks_like(table: ir.Table, column: str) -> tuple[str, int]:
    values = table.group_by(column).aggregate(_n=table.count())
    values = values.filter(values[column].notnull()).select(_text=values[column].lower(), _n=values._n)
    tests = {**PATTERNS, "record numbers": LONG_NUMBER}
    row = fetch(values.aggregate(rows=values._n.sum(), values=values.count(), **{
        f"n{place}": values.count(where=values._text.re_search(test))
        for place, test in enumerate(tests.values())
    }))[0]
    number, rows = row["values"], int(row["rows"] or 0)
    for place, what in enumerate(tests):
        enough = number >= (MANY_VALUES if what == "record numbers" else 1)
        if enough and 2 * row[f"n{place}"] >= number:
            return what, rows
    if number >= MANY_VALUES and number >= NEARLY_EACH * rows:
        return "free text", rows
    return "", 0


def emptied(table: ir.Table, columns: list[str]) -> ir.Table:
    """`table` without what stands in `columns`."""
    return table.mutate(**{column: ibis.null("string") for column in columns}) if columns else table
