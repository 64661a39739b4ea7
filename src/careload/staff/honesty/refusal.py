"""Why a plan is not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """Why a plan is not looked at.

    place    where in the service
    found    what the plan does there
    why      what that does to whom
    instead  what may be asked for
    """

    place: str
    found: str
    why: str
    instead: str

    def __str__(self) -> str:
        return f"{self.place}: {self.found} {self.why} {self.instead}"


def told(before: Any, after: Any) -> str:
    """What a number was and would be."""
    return f"{number(before)} today, {number(after)} in the plan."


def number(value: Any) -> str:
    """A value as it is told."""
    return "nothing" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
