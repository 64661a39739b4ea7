"""Everything wrong with a mapping, told at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from careload.clinic import SettingsError


@dataclass
class Problems:
    """A list that is filled while a mapping is looked at, and raised at the end.

    origin  name of the mapping file
    """

    origin: str
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
                "a mapping in which every name is known",
                "Correct these lines and run again; every key is explained in docs/mapping.md.",
            )


def _at(line: int) -> str:
    return f", line {line}" if line else ""


def _sentences(told: Iterable[tuple[int, str, str, str]]) -> list[str]:
    return [f"  {f'line {line}' if line else 'throughout'}: {found} Expected {expected}. {remedy}"
            for line, found, expected, remedy in told]
