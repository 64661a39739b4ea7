"""The one registry of parameters: everything a service is described by, with unit, range and source.

The definitions stand in `parameters/*.toml`, one file per section of a service file. Forms, docs,
checks and fits all read them here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, get_args

Kind = Literal[
    "number", "whole", "share", "switch", "text", "day", "days", "numbers", "name", "names", "by_site",
    "by_need",
]
Mark = Literal["read", "second-hand", "computed", "assumed"]

KINDS, MARKS = get_args(Kind), get_args(Mark)
SECTIONS = (
    "site", "profession", "need", "team", "no_show", "workforce", "policy", "calendar", "mechanisms", "start",
)
"""Sections of a service file, in the order in which they are read."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a service.

    section  section of the service file
    name     name in it
    kind     ``share``: a number from 0 to 1; ``whole``: a whole number; ``numbers``: a list of numbers;
             ``name``, ``names``: of things in the section `of`; ``by_site``, ``by_need``: a number for each
             site or need group;
             ``day``: a date, or "" for none; ``days``: a list of dates
    unit     unit of its value
    meaning  what it says
    source   where the default comes from
    mark     how sure that is: read in the source, second-hand, computed from it, assumed
    who      who may change it
    low, high  range in which a value makes sense, both included; None where there is none
    default  value where a service file is silent; None where it may not be
    length   how many numbers there must be; 0 for any
    most     how many there may be; 0 for any
    of       section whose names it holds
    """

    section: str
    name: str
    kind: Kind
    unit: str
    meaning: str
    source: str
    mark: Mark
    who: str
    low: float | None = None
    high: float | None = None
    default: Any = None
    length: int = 0
    most: int = 0
    of: str = ""


@dataclass(frozen=True)
class Section:
    """One section of a service file.

    name        as the file writes it
    title       in words
    many        one table for each name (``[need.depression]``), else one table (``[policy]``)
    parameters  name to definition
    """

    name: str
    title: str
    many: bool
    parameters: Mapping[str, Parameter]


@lru_cache(maxsize=1)
def registry() -> Mapping[str, Section]:
    """Every section of a service file with its parameters, by name."""
    return {name: _section(name) for name in SECTIONS}


def _section(name: str) -> Section:
    folder = resources.files(__package__).joinpath("parameters")
    whole = tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    title, many = whole.pop("title"), whole.pop("many")
    return Section(name, title, many, {key: _parameter(name, key, entry) for key, entry in whole.items()})


def _parameter(section: str, name: str, entry: Mapping[str, Any]) -> Parameter:
    own = {"of" if key == "section" else key: value for key, value in entry.items()}
    return Parameter(section=section, name=name, **own)
