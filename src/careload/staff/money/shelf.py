"""Which tables there are: what is bundled, and what of one's own stands above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from careload.staff.money.own import own_origin, own_text
from careload.staff.money.prices import Prices, price_areas, prices_of
from careload.staff.money.quits import QUITS, quit_index
from careload.staff.money.source import KINDS, Kind, Source, source_of
from careload.staff.money.wages import occupations, wage_areas


@dataclass(frozen=True)
class Table:
    """One table.

    source       where the bundled one comes from
    holds        what is in it, in words
    first, last  first and last month in use, with those of one's own
    own          name of the file of one's own that stands above it; "" for none
    """

    source: Source
    holds: str
    first: str
    last: str
    own: str

    def as_json(self) -> dict[str, Any]:
        """The table as a JSON object."""
        return {**self.source.as_json(), "holds": self.holds, "first": self.first, "last": self.last,
                "own": self.own or None}


@dataclass(frozen=True)
class Shelf:
    """All tables, and each area whose prices are known."""

    tables: tuple[Table, ...]
    areas: tuple[Prices, ...]

    def as_json(self) -> dict[str, Any]:
        """All of it as a JSON object."""
        return {
            "schema": "careload/prices/1",
            "tables": [table.as_json() for table in self.tables],
            "areas": [{"area": each.area, "name": each.name, "series": each.series, "first": str(each.first),
                       "last": str(each.last), "months": len(each.months), "own": each.own or None}
                      for each in self.areas],
        }


def shelf() -> Shelf:
    """Which tables there are."""
    areas = tuple(prices_of(area.slug) for area in price_areas())
    return Shelf(tuple(_table(kind, areas) for kind in KINDS), areas)


def _table(kind: Kind, areas: tuple[Prices, ...]) -> Table:
    source, own = source_of(kind), own_origin(own_text(kind))
    if kind == "prices":
        return Table(source, f"{len(areas)} areas", str(min(each.first for each in areas)),
                     str(max(each.last for each in areas)), own)
    if kind == "quits":
        found = quit_index(source.last)
        return Table(source, f"one series, {QUITS}", str(found.first), str(found.last), own)
    holds = f"{len(occupations())} occupations in {len(wage_areas())} areas"
    return Table(source, holds, source.first, "your own" if own else source.last, own)
