"""Which column is which: the mapping file, as it is once read and found to hold together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from careload.history.stamps import DateOrder


@dataclass(frozen=True)
class Case:
    """One line of `cases`: where each column holds one of its words, the cell is `value`."""

    when: Mapping[str, tuple[str, ...]]
    value: str


@dataclass(frozen=True)
class Rule:
    """How one canonical column is filled.

    columns     source columns; several are joined by `separator`
    constant    the same value in every row, instead of columns
    words       source word to value ("" for empty); a word that is not listed cannot be understood
    otherwise   value of the words that are not listed
    cases       value by the words of several columns, the first that fits
    formats     strptime-like formats, tried in order
    date_order  order of day, month and year where there is no format
    time_zone   zone to which stamps with an offset are turned; "" to keep them as written
    unit        unit the source writes, where it is not the canonical one
    decimal     the decimal mark
    empty       cells that mean nothing is known
    line        line of the mapping file, for messages
    """

    columns: tuple[str, ...] = ()
    separator: str = " "
    constant: str | int | float | bool | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    cases: tuple[Case, ...] = ()
    formats: tuple[str, ...] = ()
    date_order: DateOrder | None = None
    time_zone: str = ""
    unit: str = ""
    decimal: str = "."
    empty: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Join:
    """Columns of another table, where each pair (column so far, column there) is equal."""

    source: str
    on: tuple[tuple[str, str], ...]
    line: int = 0


@dataclass(frozen=True)
class Part:
    """Rows of one canonical table that come from one kind of source table.

    sources  names of files or tables, * and ? allowed
    rules    canonical column to how it is filled
    joins    tables looked up, in order
    only     source column to the words of the rows that are taken
    """

    sources: tuple[str, ...]
    rules: Mapping[str, Rule]
    joins: tuple[Join, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True)
class RecordsMapping:
    """A mapping file.

    tables      canonical table to its parts; those not named are looked for by their canonical names
    date_order  for every column without its own
    time_zone   likewise
    empty       likewise
    origin      name of the file, for messages
    """

    tables: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    date_order: DateOrder | None = None
    time_zone: str = ""
    empty: tuple[str, ...] = ()
    origin: str = "mapping"


NO_MAPPING = RecordsMapping()
