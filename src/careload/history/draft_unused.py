"""What a drafted mapping does not read: said, so that nobody looks for it in the answer."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from careload.history.unused import may_be_shown

WIDTH = 110
HEAD = "# Not used, so nothing of it is read; take up what a measure needs."


def unused_lines(
    draft: str, files: Mapping[str, Sequence[str]], by_name: Iterable[str], almost: Mapping[str, str]
) -> list[str]:
    """Comments naming the columns of `files` that no line of the draft reads; none when each is read.

    draft    the mapping, as TOML text
    files    name of each file, as the draft writes it, to its columns
    by_name  files that are read under their canonical names whether the draft names them or not
    almost   files with the name of a table, and what they lack to be one
    """
    used = _columns_read(tomllib.loads(draft))
    left = {name: [column for column in columns if column not in used[name]]
            for name, columns in files.items() if name in used}
    lines = [f"{name}: {_listed(columns)}." for name, columns in left.items() if columns]
    lines += [f"{name} {lack}." for name, lack in almost.items() if name not in used]
    whole = [name for name in files if name not in used and name not in by_name and name not in almost]
    lines += [f"Files that look like no table: {', '.join(whole)}."] if whole else []
    return [HEAD, *map(_wrapped, lines)] if lines else []


def _columns_read(made: Mapping[str, Any]) -> dict[str, set[str]]:
    """File to the columns that some table takes from it, directly or by a join."""
    found: dict[str, set[str]] = {}
    for block in made.values():
        if "from" not in block:
            continue
        joins = block.get("join", [])
        names = {name for rule in block.get("columns", {}).values() for name in _read_by(rule)}
        names |= {name for join in joins for pair in join["on"].items() for name in pair}
        for file in (block["from"], *(join["from"] for join in joins)):
            found.setdefault(file, set()).update(names)
    return found


def _read_by(rule: Any) -> Iterable[str]:
    if isinstance(rule, str):
        return [rule]
    return [rule["column"]] if "column" in rule else rule.get("columns", ())


def _listed(names: Sequence[str]) -> str:
    """The names that may be shown; a cell that slipped into the header is only counted."""
    shown = [name for name in names if may_be_shown(name)]
    others = len(names) - len(shown)
    return ", ".join([*shown, *([f"{others} more"] if others else [])])


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False)
