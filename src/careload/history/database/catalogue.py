"""The tables of a database by name, looked up only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from careload.clinic import SourceUnreachable
from careload.history.source import Raw


@dataclass(frozen=True)
class Place:
    """Where a table stands.

    schema    schema (PostgreSQL, DuckDB) or database (Spark), "" for a temporary view
    name      its name, as the database spells it
    readable  whether this account may SELECT from it
    bare      whether it is found by its name alone, without the schema
    """

    schema: str
    name: str
    readable: bool = True
    bare: bool = True


@dataclass(frozen=True)
class Catalogue(Mapping[str, Raw]):
    """Tables by lower-case name, bare or ``schema.table``.

    A database may hold thousands of tables that are none of our business: iterating gives names only,
    and columns are looked up for the one table that is asked for.

    places  name to place
    look    gives the Ibis table at a place; may raise what the driver raises
    label   the database, for messages
    fixed   whether nobody can change the rows meanwhile
    """

    places: Mapping[str, Place]
    look: Callable[[Place], ir.Table]
    label: str
    fixed: bool = False

    def __getitem__(self, name: str) -> Raw:
        place = self.places[name.lower()]
        if not place.readable:
            raise no_right(self.label, name)
        return Raw(name.lower(), self.look(place), name, self.fixed)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self.places

    def __iter__(self) -> Iterator[str]:
        told = set()
        for name, place in self.places.items():
            if place not in told:  # one name for each table: the shortest
                told.add(place)
                yield name

    def __len__(self) -> int:
        return len(set(self.places.values()))


def by_name(places: Iterable[Place]) -> dict[str, Place]:
    """Lower-case name to place: bare names first come first served, then ``schema.table`` for all."""
    named: dict[str, Place] = {}
    for place in places:
        if place.bare:
            named.setdefault(place.name.lower(), place)
        if place.schema:
            named.setdefault(f"{place.schema}.{place.name}".lower(), place)
    return named


def no_right(label: str, table: str) -> SourceUnreachable:
    """What to say when this account may not read `table`."""
    return SourceUnreachable(
        f"{label} does not let this account read the table {table}.",
        "the right to SELECT from it",
        f"Ask its administrator for: GRANT SELECT ON {table} TO the account; nothing more is needed.",
    )
