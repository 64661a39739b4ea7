"""Which column is which: a mapping, as it is once read and found to hold together."""

from __future__ import annotations

from collections import abc
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePath

from careload.history.find import CONTAINERS, SUFFIXES
from careload.history.stamps import DateOrder

Constant = str | int | float | bool

MAPPING = ("a mapping in which every name is known", "docs/mapping.md")
"""What is expected of a mapping file, and where its keys are explained."""


@dataclass(frozen=True)
class Case:
    """One line of `cases`: where each column holds one of its words, the cell is `value`."""

    when: abc.Mapping[str, tuple[str, ...]]
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
    part        "year": the year of a date, where the canonical column is a number
    empty       cells that mean nothing is known
    line        line of the mapping file, for messages
    """

    columns: tuple[str, ...] = ()
    separator: str = " "
    constant: Constant | None = None
    words: abc.Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    cases: tuple[Case, ...] = ()
    formats: tuple[str, ...] = ()
    date_order: DateOrder | None = None
    time_zone: str = ""
    unit: str = ""
    decimal: str = "."
    part: str = ""
    empty: tuple[str, ...] = ()
    line: int = 0

    @property
    def read(self) -> tuple[str, ...]:
        """Every source column the rule reads."""
        return (*self.columns, *(column for case in self.cases for column in case.when))


@dataclass(frozen=True)
class Join:
    """Columns of another table, where each pair (column so far, column there) is equal."""

    source: str
    on: tuple[tuple[str, str], ...]
    line: int = 0


@dataclass(frozen=True)
class Part:
    """Rows of one canonical table that come from tables of one form.

    sources  names of files or tables, * and ? allowed
    rules    canonical column to how it is filled
    joins    tables looked up, in order
    only     source column to the words of the rows that are taken
    """

    sources: tuple[str, ...]
    rules: abc.Mapping[str, Rule]
    joins: tuple[Join, ...] = ()
    only: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True)
class Mapping:
    """A mapping file.

    tables      canonical table to its parts; those not named are looked for by their canonical names
    date_order  for every column without its own
    time_zone   likewise
    empty       likewise
    origin      name of the file, for messages
    """

    tables: abc.Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    date_order: DateOrder | None = None
    time_zone: str = ""
    empty: tuple[str, ...] = ()
    origin: str = "the mapping"

    def names(self, name: str) -> bool:
        """Whether some table is made `from` (or joined with) the file or table called `name`."""
        return any(
            matches(source, name)
            for parts in self.tables.values()
            for part in parts
            for source in (*part.sources, *(join.source for join in part.joins))
        )


def matches(source: str, name: str) -> bool:
    """Whether `source`, as a mapping writes it, means the table called `name`.

    Letter case, spaces and signs do not matter, nor does a suffix such as ``.csv`` or ``.csv.gz``;
    * and ? stand for any characters.
    """
    if "*" in source or "?" in source:
        return any(fnmatchcase(name.lower(), pattern) for pattern in (source.lower(), stem(source)))
    return name.lower() == source.lower() or fold(name) in (fold(source), fold(stem(source)))


def stem(source: str) -> str:
    """The name of a file without folder and suffixes, in lower case."""
    name = PurePath(source.lower()).name
    while PurePath(name).suffix in (*SUFFIXES, *CONTAINERS):
        name = PurePath(name).stem
    return name


def fold(name: str) -> str:
    """A name or word as it is compared: lower case, letters and digits only."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def fold_word(word: str) -> str:
    """A word of a cell as it is compared: lower case, without spaces."""
    return "".join(word.lower().split())


def close_names(name: str, known: Iterable[str]) -> str:
    """The names among `known` that `name` may have meant, else a few of them."""
    import difflib

    folded = {fold(one): one for one in known}
    close = difflib.get_close_matches(fold(name), folded, n=3, cutoff=0.6)
    if close:
        return "Did you mean " + " or ".join(repr(folded[one]) for one in close) + "?"
    some = sorted(folded.values())
    more = " …" if len(some) > 20 else ""
    return f"There {'is' if len(some) == 1 else 'are'}: {', '.join(some[:20])}{more}."
