"""On which line of a TOML file each key stands: tomllib does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

KeyPath = tuple[str | int, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_PAIR = re.compile(rf"\s*({_DOTTED})\s*=")
_STRINGS = re.compile(r'''"(?:\\.|[^"\\])*"|'[^']*'|#.*''')


class Lines:
    """Line numbers by path: ``("appointments", "columns", "status")``, with the number of the element
    in an array of tables: ``("outcomes", 1, "from")``."""

    def __init__(self, text: str) -> None:
        self._lines = dict(_walk(text))

    def of(self, path: KeyPath) -> int:
        """The line of the key at `path`, or of the nearest key around it; 0 when there is none."""
        for end in range(len(path), 0, -1):
            if path[:end] in self._lines:
                return self._lines[path[:end]]
        return 0


def _walk(text: str) -> Iterator[tuple[KeyPath, int]]:
    here: KeyPath = ()
    elements: dict[KeyPath, int] = {}
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if depth == 0 and (header := _HEADER.match(line)):
            here = _place(_keys(header[2]), elements, new=header[1] == "[[")
            yield here, number
            continue
        pair = _PAIR.match(line) if depth == 0 else None
        if pair:
            for end in range(1, len(_keys(pair[1])) + 1):
                yield here + _keys(pair[1])[:end], number
        bare = _STRINGS.sub("", line)
        depth = max(0, depth + bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}"))


def _place(keys: tuple[str, ...], elements: dict[KeyPath, int], *, new: bool) -> KeyPath:
    """The path of a header, with the current element of each array of tables on the way."""
    here: KeyPath = ()
    for place, key in enumerate(keys):
        here = (*here, key)
        if new and place == len(keys) - 1:
            elements[here] = elements.get(here, -1) + 1
        if here in elements:
            here = (*here, elements[here])
    return here


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, dotted))
