"""The catalogue of findings: every code with its severity, its words, and what to do."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from careload.clinic import Finding, Severity


@dataclass(frozen=True)
class Entry:
    """One code of the catalogue; `found`, `expected` and `remedy` have {places} for counts and columns.

    why   what the finding means for the numbers, for the page in the docs
    """

    code: str
    severity: Severity
    found: str
    expected: str
    remedy: str
    why: str


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Entry]:
    """Every code that reading and checking can give, in the order of the docs page."""
    text = resources.files(__package__).joinpath("findings.toml").read_text(encoding="utf-8")
    return {code: Entry(code, **words) for code, words in tomllib.loads(text).items()}


def finding(
    code: str, table: str = "", rows: int = 0, /, *,
    origin: str = "", first: int | None = None, **words: object,
) -> Finding:
    """A finding of the catalogue about `rows` rows of `table`.

    origin  file the rows stand in
    first   1-based number of the first such row in that file
    words   what fills the other places of the entry: column names, counts, never a cell of a patient
    """
    entry = catalogue()[code]
    places = {
        "table": table,
        **{name: f"{word:,}" if isinstance(word, int) else word for name, word in words.items()},
        "rows": f"{rows:,} row" if rows == 1 else f"{rows:,} rows",
        "first": f" (first: row {first:,} of {origin})" if first is not None else "",
        "origin": origin,
    }
    number = words.get("count", rows)
    found, expected, remedy = (
        in_number(text, number).format_map(places).strip()
        for text in (entry.found, entry.expected, entry.remedy)
    )
    return Finding(code, entry.severity, table, rows, found, expected, remedy)


def in_number(text: str, number: object) -> str:
    """`text` of the catalogue with each [one|many] as it stands beside `number`."""
    return re.sub(r"\[([^|\]]*)\|([^\]]*)\]", r"\1" if number == 1 else r"\2", text)
