"""Ways to look better without being better, as data: `shortcuts.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Worse = Literal["less", "more", "any"]


@dataclass(frozen=True)
class Shortcut:
    """One way to look better.

    name     what it is called
    places   section and parameter of the numbers of a service by which it is taken
    worse    which way these may not go
    why      what it does to whom
    instead  what may be asked for
    """

    name: str
    places: tuple[str, ...]
    worse: Worse
    why: str
    instead: str

    def is_taken_by(self, section: str, parameter: str, before: Any, after: Any) -> bool:
        """Whether a change takes it.

        section, parameter  where in a service
        before, after       the values there
        """
        return f"{section}.{parameter}" in self.places and _goes(self.worse, before, after)


def _goes(worse: Worse, before: Any, after: Any) -> bool:
    if isinstance(before, Mapping):
        return any(_goes(worse, before.get(key, 0.0), after.get(key, 0.0)) for key in {*before, *after})
    if worse == "any" or before is None or after is None:
        return bool(before != after)
    return bool(after < before if worse == "less" else after > before)


@cache
def shortcuts() -> tuple[Shortcut, ...]:
    """All there are, in the order of the file."""
    return tuple(_read())


def _read() -> Iterator[Shortcut]:
    text = files("careload.staff.honesty").joinpath("shortcuts.toml").read_text(encoding="utf-8")
    for own in tomllib.loads(text)["shortcut"]:
        yield Shortcut(own["name"], tuple(own["places"]), own["worse"], own["why"], own["instead"])
