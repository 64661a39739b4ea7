"""Paths into a FHIR resource, turned into DuckDB types and expressions.

A path is written like the FHIRPath of a SQL-on-FHIR view:

    period.start                 an element
    requestedPeriod[0].start     of the first of several
    identifier[system=X].value   of the first whose `system` is X
    participant[*].actor         of every one: a list

Every leaf is read as text; what a path does not name is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from careload.history.sql import literal, quoted

REFERENCE = ("reference", "type", "identifier.system", "identifier.value")

_STEP = re.compile(r"(?P<name>[A-Za-z_]+)(?:\[(?P<pick>[^\]]+)\])?(?:\.|$)")


@dataclass(frozen=True)
class Step:
    """One element of a path; `pick` is "" (single), "0", "*" or "key=value"."""

    name: str
    pick: str = ""

    @property
    def key(self) -> str:
        """The element compared in ``[key=value]``, "" for other steps."""
        return self.pick.partition("=")[0] if "=" in self.pick else ""


@dataclass
class Shape:
    """The part of a resource that is read: children by name, and whether the element repeats."""

    repeats: bool = False
    children: dict[str, Shape] = field(default_factory=dict)

    def add(self, steps: Iterable[Step]) -> None:
        """Take the elements along a path into the shape."""
        here = self
        for step in steps:
            here = here.children.setdefault(step.name, Shape())
            here.repeats = here.repeats or bool(step.pick)
            if step.key:
                here.children.setdefault(step.key, Shape())

    def sql_type(self) -> str:
        """The DuckDB type of this element."""
        fields = ", ".join(f"{quoted(name)} {child.sql_type()}" for name, child in self.children.items())
        inner = f"STRUCT({fields})" if fields else "VARCHAR"
        return f"{inner}[]" if self.repeats else inner


def steps(path: str) -> list[Step]:
    """The steps of a path; ValueError when it is not one."""
    found = list(_STEP.finditer(path))
    if "".join(match.group(0) for match in found) != path:
        raise ValueError(f"Not a path into a resource: {path!r}")
    return [Step(match["name"], match["pick"] or "") for match in found]


def shape(paths: Iterable[str]) -> Shape:
    """The smallest shape that holds every one of `paths`."""
    whole = Shape()
    for path in paths:
        whole.add(steps(path))
    return whole


def expression(path: str) -> str:
    """The DuckDB expression that reads `path` from a row of columns; a list when it holds ``[*]``."""
    first, *rest = steps(path)
    return _along(quoted(first.name), first.pick, rest, depth=0)


def _along(sql: str, pick: str, rest: list[Step], depth: int) -> str:
    item = f"x{depth}"
    if pick == "*":
        inner = _down(item, rest, depth + 1)
        return sql if inner == item else f"list_transform({sql}, lambda {item}: {inner})"
    if pick == "0":
        sql = f"{sql}[1]"
    elif pick:
        key, _, value = pick.partition("=")
        sql = f"list_filter({sql}, lambda {item}: {item}.{quoted(key)} = {literal(value)})[1]"
    return _down(sql, rest, depth + 1)


def _down(sql: str, rest: list[Step], depth: int) -> str:
    if not rest:
        return sql
    step, *after = rest
    return _along(f"{sql}.{quoted(step.name)}", step.pick, after, depth)
