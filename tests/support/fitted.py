"""What a fit makes of small records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careload.measure import View
from careload.model.belief import Belief
from careload.model.evidence import Evidence
from careload.model.family import Family, fitted
from tests.support.by_hand import Row, day
from tests.support.records import records

AS_OF = "2024-06-30"


def evidence(as_of: str = AS_OF, known: Mapping[str, Any] | None = None, **tables: list[Row]) -> Evidence:
    return Evidence(View(records(**tables), day(as_of)), known or {})


def found(family: Family, as_of: str = AS_OF, **tables: list[Row]) -> dict[str, Belief]:
    """What one family makes of the records, by place; {} where they lack what it needs."""
    return {belief.place: belief for belief in fitted(family, evidence(as_of, **tables), {})}
