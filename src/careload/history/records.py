"""Records in one shape: what every later room reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis.expr.types as ir

from careload.clinic import Finding
from careload.history.identity import Key


@dataclass(frozen=True)
class RowCounts:
    """What became of the rows of one table: rows = accepted + set_aside + duplicates."""

    rows: int
    accepted: int
    set_aside: int = 0
    duplicates: int = 0


@dataclass(frozen=True)
class Records:
    """A service's records in canonical shape, on whatever engine holds them.

    source      short label of where they came from, without a path
    tables      canonical name to accepted rows; every canonical column is present
                (null throughout where the source does not supply it)
    supplied    canonical name to the columns the source really supplies
    counts      canonical name to what became of its rows
    findings    everything noticed while reading and checking
    resources   FHIR resource type to number read or passed over
    backend     the Ibis connection the tables live on
    can_store   True when the engine is our own and may keep intermediate tables;
                False for somebody's database, where only SELECT is sent
    set_aside   canonical name to table, origin, row, code, column of each row set aside: never a cell
    key         the secret under which ids are hashed wherever they leave
    """

    source: str
    tables: Mapping[str, ir.Table]
    supplied: Mapping[str, frozenset[str]]
    counts: Mapping[str, RowCounts]
    findings: tuple[Finding, ...]
    backend: Any
    resources: Mapping[str, int] = field(default_factory=dict)
    can_store: bool = True
    set_aside: Mapping[str, ir.Table] = field(default_factory=dict)
    key: Key = field(default_factory=Key.fresh)

    def has(self, need: str) -> bool:
        """Whether ``table`` or ``table.column`` is supplied, for example ``appointments.booked_at``."""
        table, _, column = need.partition(".")
        return table in self.tables and (not column or column in self.supplied[table])
