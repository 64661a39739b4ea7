"""Which source column may be which canonical one: by its name, and by whether its values fit."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from careload.clinic import Column, Table
from careload.history.profile import Profile

SURE, LIKELY = 1.0, 0.5


@lru_cache(maxsize=1)
def synonyms() -> Mapping[str, Any]:
    """Names of tables and columns and words of cells, in several languages."""
    text = resources.files(__package__).joinpath("synonyms.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def plain(text: str) -> str:
    """Words in lower case, without accents, one space between them: ``NoShow_Área`` is ``no show area``."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    bare = unicodedata.normalize("NFKD", split.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z]+|[0-9]+", bare.lower()))


def likeness(name: str, phrases: Iterable[str]) -> float:
    """How well `name` fits the best of `phrases`: 1 when it is one of them, 0 when it has nothing of any."""
    words = plain(name).split()
    best = 0.0
    for phrase in phrases:
        wanted = phrase.split()
        if "".join(words) == "".join(wanted):
            return SURE + 0.01 * len(wanted)
        if set(wanted) <= set(words):
            best = max(best, 0.4 + 0.5 * len(wanted) / len(words))
    return best


def guess_columns(
    table: Table, columns: Mapping[str, Profile], *, only: Sequence[str] = ()
) -> dict[str, str]:
    """Canonical column to source column, the likeliest pairs first, none used twice."""
    known = synonyms()["columns"]
    pairs = sorted(
        ((likeness(name, (plain(column.name), *known.get(column.name, ()))) * _fits(found, column),
          column.name, name)
         for column in table.columns if not only or column.name in only
         for name, found in columns.items()),
        key=lambda pair: (-pair[0], pair[1] not in table.required),
    )
    guessed: dict[str, str] = {}
    for score, column, name in pairs:
        if score >= LIKELY and column not in guessed and name not in guessed.values():
            guessed[column] = name
    return guessed


def _fits(found: Profile, column: Column) -> float:
    """1 when the values can be what the column holds, 0 when they cannot, less when it is unlikely."""
    if found.looks == "empty":
        return 0.6
    return {
        "timestamp": 1.0 * (found.looks == "stamp"),
        "date": 1.0 * (found.looks == "stamp"),
        "int": 1.0 * (found.looks == "number" or (column.unit == "year" and found.looks == "stamp")),
        "float": 1.0 * (found.looks == "number"),
        "bool": 1.0 * (found.looks in ("word", "number") and found.differ <= 3),
        "choice": _has_meaning(found, column.name),
        "id": 1.0 * (found.looks in ("id", "number", "word")),
        "text": 1.0 * (found.looks in ("word", "id", "number")),
    }[column.kind]


def _has_meaning(found: Profile, kind: str) -> float:
    """Less than 1 when no word of the column is known: then its name alone must say what it is."""
    if not found.words or found.looks not in ("word", "number", "id"):
        return 0.0
    known = any(word_meaning(word, kind) for word in found.words)
    answers = kind == "status" and all(yes_or_no(word) is not None for word in found.words)
    return 1.0 if known or answers else 0.6


def table_likeness(name: str, table: str) -> float:
    """How well a file's name fits a canonical table."""
    return likeness(name, synonyms()["tables"].get(table, (table,)))


def word_meaning(word: str, kind: str) -> str:
    """The canonical value of a word of a status, kind … column; "" when it is not known."""
    wanted = plain(word).replace(" ", "")
    for value, words in synonyms()["words"].get(kind, {}).items():
        if wanted == value.replace("_", "") or wanted in (known.replace(" ", "") for known in words):
            return str(value)
    return ""


def yes_or_no(word: str) -> bool | None:
    """Whether a word means yes; None when it is neither."""
    answers, wanted = synonyms()["attendance"], plain(word)
    return True if wanted in answers["yes"] else False if wanted in answers["no"] else None


def says_absent(name: str) -> bool | None:
    """Whether "yes" in the column `name` means that the patient did not come; None when it says neither."""
    attendance = synonyms()["attendance"]
    absent, present = (likeness(name, attendance[key]) for key in ("absent", "present"))
    return None if max(absent, present) < LIKELY else absent >= present
