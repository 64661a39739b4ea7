"""Messages in three parts: what was found, what was expected, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """Something noticed in records, settings or results, with its remedy.

    code      short name with a page in the docs, for example ``negative-lead``
    severity  ``error``: rows are set aside or a cell is lost; ``warning``: the
              numbers stand but may mislead; ``note``: worth knowing
    table     canonical table (or file) it is about, "" when about all
    rows      number of rows concerned
    found     what was found, with unit and place, never with a patient's value
    expected  what was expected
    remedy    what to do
    """

    code: str
    severity: Severity
    table: str
    rows: int
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.table}: " if self.table else ""
        return f"{place}{self.found} Expected {self.expected}. {self.remedy}"


class CareloadError(Exception):
    """An error told in three parts; `exit_code` is the process's answer.

    found     what is wrong: value, unit, place
    expected  what was expected
    remedy    what to do
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(f"{found} Expected {expected}. {remedy}")
        self.found, self.expected, self.remedy = found, expected, remedy


class UsageError(CareloadError):
    """A wrong option, argument or name of a standard."""

    exit_code = 2


class UnreadableRecords(CareloadError):
    """Records that cannot be read, or hold no acceptable row."""

    exit_code = 3


class SettingsError(CareloadError):
    """A mapping, service or settings file that does not hold together."""

    exit_code = 4


class SourceUnreachable(CareloadError):
    """A database that is not there, goes away, or refuses."""

    exit_code = 5


class CannotWrite(CareloadError):
    """An output that cannot be written; nothing half-written is left."""

    exit_code = 6


def nearest(word: str, choices: Iterable[str]) -> str:
    """A remedy naming the valid choice nearest to `word`, or all of them."""
    known = sorted(choices)
    return did_you_mean(word, known) or f"Choose one of: {', '.join(known)}."


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A remedy naming the valid choice nearest to `word`; "" when none is near."""
    close = difflib.get_close_matches(word, sorted(choices), n=1, cutoff=0.6)
    return f"Did you mean {close[0]!r}?" if close else ""
