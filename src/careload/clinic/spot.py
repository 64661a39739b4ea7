"""A place in a TOML document: its value, its line, and where to tell what is wrong there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from careload.clinic.errors import nearest
from careload.clinic.problems import Problems
from careload.clinic.toml_lines import KeyPath, Lines


@dataclass(frozen=True)
class Spot:
    """A value in a TOML document, with the path to it."""

    value: Any
    path: KeyPath
    lines: Lines
    problems: Problems

    @property
    def line(self) -> int:
        """Line of the file, 0 when not known."""
        return self.lines.of(self.path)

    @property
    def name(self) -> str:
        """The path as people write it: ``appointments.columns.status``."""
        return ".".join(str(key) for key in self.path if isinstance(key, str))

    def tell(self, found: str, expected: str, remedy: str) -> None:
        """Note a problem here."""
        self.problems.tell(self.line, found, expected, remedy)

    def at(self, key: str | int) -> Spot:
        """The value under `key`; None when there is none."""
        value = self.value[key] if isinstance(key, int) else self.value.get(key)
        return Spot(value, (*self.path, key), self.lines, self.problems)

    def only_keys(self, known: Collection[str], what: str = "a known key") -> None:
        """Tell every key that is not among `known`."""
        for key in self.value:
            if key not in known:
                place = f" under [{self.name}]" if self.path else ""
                self.at(key).tell(f"{key!r}{place} is not {what}.", what, nearest(key, known))

    def table(self, key: str) -> Spot:
        """The table under `key`; an empty one when there is none or something else stands there."""
        found = self.at(key)
        if isinstance(found.value, dict):
            return found
        if found.value is not None:
            found.tell(f"{found.name} is no table.", "key = value pairs", f"Write [{found.name}] above them.")
        return Spot({}, found.path if found.value is not None else self.path, self.lines, self.problems)

    def tables(self, key: str) -> Iterator[Spot]:
        """The tables under `key`, one or several; none when something else stands there."""
        found = self.at(key)
        several = isinstance(found.value, list)
        for spot in [found.at(place) for place in range(len(found.value))] if several else [found]:
            if isinstance(spot.value, dict):
                yield spot
            elif spot.value is not None:
                spot.tell(f"{spot.name} is no table.", "key = value pairs",
                          f"Write [[{found.name}]] above them.")

    def text(self, key: str, default: str = "") -> str:
        """The text under `key`."""
        found = self.at(key)
        if found.value is None or isinstance(found.value, str):
            return default if found.value is None else found.value
        found.tell(f"{found.name} is no text.", "a name in double quotes", f'Write {key} = "…".')
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """The text or list of texts under `key`."""
        found = self.at(key)
        listed = found.value if isinstance(found.value, list) else [found.value]
        if found.value is None:
            return ()
        if not listed or not all(isinstance(one, str) and one for one in listed):
            found.tell(f"{found.name} is neither a name nor a list of names.", "names in double quotes",
                       f'Write {key} = "…" or {key} = ["…", "…"].')
            return ()
        return tuple(listed)
