"""A measure's definition: one small TOML file that a person can read and dispute."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Side = Literal["patients", "clinicians"]
Kind = Literal[
    "share", "time", "return_interval", "ratio", "rate", "weekly", "census", "survey", "standard"
]


TWO_BOUNDS = (
    "Two bounds: everyone not seen again counts as waiting (open=all), "
    "or only people with a booking or a plan that has not long run out (open=planned)."
)


@dataclass(frozen=True)
class Definition:
    """One measure, as data.

    name         name in output, also the file's name and the function that gives its rows
    title        what it is called on a page
    why          why it matters, one sentence
    side         ``patients`` (what they get) or ``clinicians`` (what they carry)
    kind         how its rows are turned into estimates, see `careload.measure.kinds`
    statistic    names of the figures of kinds that give one each, separated by a blank
    unit         unit of the figure
    counted      plural noun for n
    cluster      column whose rows are not independent of one another, "" if all are
    needs        what the records must supply: ``table``, ``table.column``, or ``table.column=word``
                 where a word must occur; alternatives separated by ``|``
    clock_start  what starts the clock
    clock_stop   what stops it
    left_out     who or what is left out
    source       where the definition comes from
    next_review  year and month in which it should be looked at again
    days         for kinds time and return_interval: days at which shares are given
    quantiles    likewise: quantiles given
    share_name   likewise: how the share within t days is called, ``seen_by``
    per          for kinds ratio and rate: the figure is given per so many units counted
    divide_by    for kind ratio: units of y in one unit of the figure
    also_by      columns it is always broken down by, beside those asked for
    always_by    columns without which its figure would mean nothing
    bounds       its waits stay open where no ends of care are recorded: two bounds then instead of one figure
    suppress     whose number protects: ``patients``, ``staff`` or ``posts``
    """

    name: str
    title: str
    why: str
    side: Side
    kind: Kind
    unit: str
    counted: str
    needs: tuple[str, ...]
    clock_start: str
    clock_stop: str
    left_out: str
    source: str
    next_review: str
    statistic: str = "share"
    cluster: str = "patient"
    days: tuple[int, ...] = ()
    quantiles: tuple[float, ...] = (0.5, 0.9)
    share_name: str = "seen_by"
    per: float = 1.0
    divide_by: float = 1.0
    also_by: tuple[str, ...] = ()
    always_by: tuple[str, ...] = ()
    bounds: bool = False
    suppress: Literal["patients", "staff", "posts"] = "patients"

    @property
    def statistics(self) -> tuple[str, ...]:
        """The figures by name."""
        return tuple(self.statistic.split())

    @property
    def without_ends(self) -> str:
        """What is given where no ends of care are recorded; "" where that changes nothing."""
        return TWO_BOUNDS if self.bounds else ""

    @property
    def table(self) -> str:
        """The canonical table whose rows are counted: the first one needed."""
        return self.needs[0].partition("|")[0].partition(".")[0]


@cache
def definitions() -> dict[str, Definition]:
    """All measures by name: patients' first, each side in alphabetical order."""
    folder = files("careload.measure") / "definitions"
    found = [
        _definition(item.name.removesuffix(".toml"), tomllib.loads(item.read_text("utf-8")))
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    ]
    return {each.name: each for each in sorted(found, key=lambda each: (each.side != "patients", each.name))}


def _definition(name: str, entries: dict[str, Any]) -> Definition:
    unknown = set(entries) - {field.name for field in fields(Definition)}
    if unknown:
        raise ValueError(f"{name}.toml: unknown keys {sorted(unknown)}")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entries.items()
    }
    return Definition(name=name, **values)
