"""Everything wrong with a file of settings, told at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from careload.clinic.errors import SettingsError


@dataclass
class Problems:
    """A list that is filled while a file is looked at, and raised at the end.

    origin  name of the file
    whole   what was expected of it
    page    where its keys are explained
    """

    origin: str
    whole: str = "a file that holds together"
    page: str = "the docs"
    _told: list[tuple[int, str, str, str]] = field(default_factory=list)

    def tell(self, line: int, found: str, expected: str, remedy: str) -> None:
        """Note one problem on `line` (0 when it has none)."""
        self._told.append((line, found, expected, remedy))

    def raise_all(self) -> None:
        """Raise one `SettingsError` with all of them, in the order of the file; none, nothing."""
        told = sorted(set(self._told))
        if len(told) == 1:
            line, found, expected, remedy = told[0]
            raise SettingsError(f"{self.origin}{_at(line)}: {found}", expected, remedy)
        if told:
            raise SettingsError(
                f"{self.origin} has {len(told)} errors.\n" + "\n".join(_sentences(told)) + "\n",
                self.whole,
                f"Correct these lines and run again; every key is explained in {self.page}.",
            )


def _at(line: int) -> str:
    return f", line {line}" if line else ""


def _sentences(told: Iterable[tuple[int, str, str, str]]) -> list[str]:
    return [f"  {f'line {line}' if line else 'throughout'}: {found} Expected {expected}. {remedy}"
            for line, found, expected, remedy in told]
