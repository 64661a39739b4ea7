"""Ways to look better without being better, as data: `shortcuts.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
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

    def is_taken_by(self, key: str, before: Any, after: Any) -> bool:
        """Whether a change takes it.

        key            dotted place in a service, ``profession.nurse.visit_hours``
        before, after  the numbers there
        """
        return any(stands_at(place, key) for place in self.places) and _goes(self.worse, before, after)


def stands_at(place: str, key: str) -> bool:
    """Whether a dotted place of a service is one of a section and parameter; names may hold dots."""
    section, parameter = place.split(".")
    return re.fullmatch(rf"{section}\.(.+\.)?{parameter}(\..+)?", key) is not None


def _goes(worse: Worse, before: Any, after: Any) -> bool:
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
