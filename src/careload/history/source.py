"""Where records come from, before they have any shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis.expr.types as ir

from careload.clinic import Finding


@dataclass(frozen=True)
class Raw:
    """One table as the source holds it.

    name    file stem or table name in lower case, for example ``appointments``
    table   its rows; text columns from CSV and NDJSON, typed ones otherwise; files
            also carry `_row`, the 1-based number of the data row
    origin  name for messages, without a path, for example ``appointments.csv``
    fixed   whether its rows stay where they are and nobody can change them meanwhile
    """

    name: str
    table: ir.Table
    origin: str
    fixed: bool = False


@dataclass(frozen=True)
class OpenSource:
    """A source once opened.

    label      short name for messages and reports, without path, user or password
    backend    the Ibis connection
    raws       `Raw.name` to table
    findings   what was noticed while opening
    resources  FHIR resource type to number read or passed over
    can_store  True when the engine is our own and may keep intermediate tables
    malformed  origin to (_row, code) of lines that could not be cut into cells
    """

    label: str
    backend: Any
    raws: Mapping[str, Raw]
    findings: tuple[Finding, ...] = ()
    resources: Mapping[str, int] = field(default_factory=dict)
    can_store: bool = True
    malformed: Mapping[str, ir.Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Shaped:
    """One canonical table before its rows are checked.

    name      canonical name
    table     every canonical column with its canonical type, `_row` (null where the
              source has none), and `_bad_<column>` for each parsed column: a value
              that was there but could not be understood
    supplied  canonical columns the source really supplies
    origin    name for messages
    findings  what was noticed while shaping
    written   the same rows as the source writes them, one column per supplied column that had to
              be understood: trimmed text (words in lower case without spaces), null when empty
    """

    name: str
    table: ir.Table
    supplied: frozenset[str]
    origin: str
    findings: tuple[Finding, ...] = ()
    written: ir.Table | None = None
