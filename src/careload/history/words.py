"""The word lists of words.toml."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources


@lru_cache(maxsize=8)
def words(name: str) -> frozenset[str]:
    """The words of one list: ``headers``, ``given_names``, ``statuses``; KeyError for another name."""
    text = resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[name].split())
