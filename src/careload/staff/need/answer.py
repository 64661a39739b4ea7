"""What comes out of the arithmetic: posts needed, how they come about, and templates to match."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from careload.staff.need.defaults import Default, in_words
from careload.staff.need.loads import Demand
from careload.staff.need.slack import InTime
from careload.staff.need.staffing import ROUNDING, Staffing
from careload.staff.need.tables import (
    DEMAND,
    HOURS,
    POSTS,
    PRESENCE,
    STAFFING,
    WHO,
    as_rows,
    formulas_of,
    plain_table,
)

Least = Literal["hours", "pay"]
LEAST: tuple[Least, ...] = ("hours", "pay")
UNITS = {"hours": "hours paid a week", "pay": "currency a week"}


@dataclass(frozen=True)
class ShadowPrice:
    """What one more would change, at the margin.

    site, of   where, and which need group or profession
    kind       ``referral``: one more a week adds so much; ``FTE``: one more that stays takes so much off
    price      hours paid a week, or currency a week, as the plan counts
    """

    site: str
    of: str
    kind: Literal["referral", "FTE"]
    price: float


@dataclass(frozen=True)
class Needed:
    """Posts needed, and how they come about.

    service   of which
    goal      what "in time" means
    least     what the split makes least: ``hours`` paid, or ``pay``
    kept      whether posts that are there stay
    demand    by site and need group
    staffing  by site and profession
    more      least price of what is needed beyond posts that stay, in `UNITS` of `least`
    shadow    what one more referral, or one more FTE, would change
    defaults  numbers it rests on that the service file does not say
    """

    service: str
    goal: InTime
    least: Least
    kept: bool
    demand: tuple[Demand, ...]
    staffing: tuple[Staffing, ...]
    more: float
    shadow: tuple[ShadowPrice, ...]
    defaults: tuple[Default, ...]

    @property
    def posts_now(self) -> int:
        return sum(each.crew.posts for each in self.staffing)

    @property
    def posts_needed(self) -> int:
        return sum(each.posts_needed for each in self.staffing)

    @property
    def fte_needed(self) -> float:
        return sum(each.fte_needed for each in self.staffing)

    @property
    def hours_due(self) -> float:
        """Hours of work due a week."""
        return sum(each.hours.due for each in self.staffing)

    @property
    def hours_paid(self) -> float:
        """Hours paid a week for the FTE needed."""
        return sum(each.fte_needed * each.crew.paid for each in self.staffing)

    @property
    def pay(self) -> float:
        """Pay of the FTE needed, currency per year."""
        return sum(each.pay for each in self.staffing)

    def as_table(self, of: Literal["demand", "staffing"] = "staffing") -> list[dict[str, Any]]:
        """Rows of names and numbers, one for each site and profession, or site and need group."""
        return as_rows(STAFFING, self.staffing) if of == "staffing" else as_rows(DEMAND, self.demand)

    def plain(self) -> str:
        """Everything as text, with the formula of each column."""
        parts = [
            f"{self.service}: posts needed for {self.goal}.",
            plain_table("Who asks, and what that brings (a week)", DEMAND, self.demand),
            plain_table("Hours of work due (a week)", WHO + HOURS, self.staffing),
            plain_table("What there is of a post (shares)", WHO + PRESENCE, self.staffing),
            plain_table("Posts", WHO + POSTS, self.staffing),
            f"Posts now {self.posts_now}, needed {self.posts_needed}, "
            f"difference {self.posts_needed - self.posts_now:+d}.",
            "\n".join([
                f"One more referral a week adds, in {UNITS[self.least]}:",
                *(f"  {each.site}, {each.of}: {each.price:.1f}" for each in self.shadow
                  if each.kind == "referral"),
            ]),
            formulas_of(DEMAND, STAFFING),
            in_words(self.defaults),
        ]
        return "\n\n".join(parts)

    def __str__(self) -> str:
        return self.plain()

    def changes(self) -> dict[str, Any]:
        """The posts needed and templates to match, as dotted places of the service (`Service.changed`).

        Of several teams alike in site and profession the first is given what is needed besides; what is too
        many is taken off one after the other. A team keeps one post at least. Templates are by FTE.
        """
        return {place: value for each in self.staffing for place, value in _changes(each).items()}


def _changes(each: Staffing) -> dict[str, Any]:
    found: dict[str, Any] = {}
    slots = each.slots_of_a_post() if each.hours.due > 0 else {}
    missing = each.fte_needed - each.crew.fte_now
    for name, (posts, fte) in zip(each.crew.teams, each.crew.sizes, strict=True):
        more = math.ceil(missing / fte - ROUNDING)
        found[f"team.{name}.posts"] = max(1, posts + more)
        missing = min(0.0, missing - (found[f"team.{name}.posts"] - posts) * fte)
        found |= {f"team.{name}.{kind}": many * fte / each.crew.fte for kind, many in slots.items()}
    return found
