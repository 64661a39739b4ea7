"""One goal: what has to hold, for whom, from when on.

    share of those who waited, seen within so many days, >= limit              (with `within`)
    a figure of the service                              <= or >= limit
    a figure of a group / that of everybody              <= or >= limit        (with `against`)

A goal with `each` has to hold in every site, profession or need group.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Bound = Literal["at_least", "at_most"]
EACH = {"site": "site", "profession": "profession", "need_group": "need group"}
"""Column by which a goal may be asked of each group, and what one of them is called."""


@dataclass(frozen=True)
class Within:
    """How soon somebody has to be seen: so many days of a unit, ``calendar_days`` or ``business_days``."""

    days: int
    unit: str

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ").replace("calendar ", "")
        return f"{self.days} {unit if self.days != 1 else unit[:-1]}"


@dataclass(frozen=True)
class Goal:
    """What has to hold.

    name        as people call it
    measure     of a run: ``return_interval``, ``overload``
    statistic   of it; "" for a share within so many days
    bound       whether the limit is the least or the most
    limit       share 0-1, ratio, or number in the unit of the figure
    within      of a share: how soon
    each        "" for everybody, or the column by whose groups it has to hold
    against     whether the limit is a ratio of each group to everybody
    hard        a plan that misses it is none; else missing it is weighed
    weight      of a soft goal: of two missed by as much, the heavier counts more
    rank        goals of a lower rank come first, whatever it costs those of a higher
    rule        the standard it comes from, "" for none
    first, last days between which it has to hold
    """

    name: str
    measure: str
    statistic: str
    bound: Bound
    limit: float
    within: Within | None
    each: str
    against: bool
    hard: bool
    weight: float
    rank: int
    rule: str
    first: date
    last: date

    def is_met_by(self, value: float) -> bool:
        """Whether a value reaches the limit; not a number reaches none."""
        return value >= self.limit if self.bound == "at_least" else value <= self.limit

    def missed_by(self, value: float) -> float:
        """How far a value is from the limit, relative to it; 0 where it is met."""
        if self.is_met_by(value):
            return 0.0
        return abs(value - self.limit) / max(abs(self.limit), 1e-9)

    def __str__(self) -> str:
        return f"{self.name}: {self._what} from {self.first:%d %B %Y} to {self.last:%d %B %Y}"

    @property
    def _what(self) -> str:
        whom = f" in each {EACH[self.each]}" if self.each else ""
        bound = self.bound.replace("_", " ")
        if self.within:
            waited = {"return_interval": "return visits", "intake_wait": "first visits",
                      "second_visit_wait": "second visits"}[self.measure]
            return f"{bound} {100 * self.limit:g} % of {waited} within {self.within}{whom}"
        what = f"{self.measure.replace('_', ' ')} ({self.statistic})"
        if self.against:
            return f"{what} of each {EACH[self.each]} {bound} {self.limit:g} times that of everybody"
        return f"{what} {bound} {self.limit:g}{whom}"
