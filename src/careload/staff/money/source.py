"""Where a bundled table comes from: its SOURCE.toml, and its text."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from careload.clinic import Mark

Kind = Literal["prices", "wages", "quits"]
KINDS: tuple[Kind, ...] = ("prices", "wages", "quits")
MAIN: dict[Kind, str] = {"prices": "index.csv", "wages": "wages.csv", "quits": "quits.csv"}
"""The one file of each table that a newer one may stand above."""


@dataclass(frozen=True)
class Source:
    """Where a table comes from.

    kind         ``prices``, ``wages``, ``quits``
    title        what it is
    publisher    who made the figures
    read_from    where they were read
    licence      on which terms
    mark         how sure that is: read in the source, second-hand
    unit         unit of its values
    first, last  first and last month in it, YYYY-MM
    caveats      what a reader must know
    """

    kind: Kind
    title: str
    publisher: str
    read_from: str
    licence: str
    mark: Mark
    unit: str
    first: str
    last: str
    caveats: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The source as a JSON object."""
        return {**vars(self), "caveats": list(self.caveats)}


@cache
def source_of(kind: Kind) -> Source:
    """Where the bundled table comes from."""
    whole = tomllib.loads(bundled_text(kind, "SOURCE.toml"))
    caveats = tuple(whole.pop("caveats"))
    return Source(kind=kind, caveats=caveats, **whole)


def bundled_text(kind: Kind, file: str) -> str:
    """A file of the package's own tables."""
    folder = resources.files(__package__).joinpath("tables", kind)
    return folder.joinpath(file).read_text(encoding="utf-8")


def bundled_rows(kind: Kind, file: str) -> list[dict[str, str]]:
    """The rows of a bundled file, by the names of its head."""
    return list(csv.DictReader(bundled_text(kind, file).splitlines()))
