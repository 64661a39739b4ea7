"""Posts needed of a profession at a site: each line of the table, by hand.

    hours due    = contact + notes + missed + patients                             (hours a week)
    load         = hours due / hours for patients of an FTE                        (FTE up to speed)
    up to speed  = load + what is kept free                                        (FTE, `slack.py`)
    FTE needed   = the greater of up to speed / staffed
                   and in care / caseload_ceiling / (1 - vacant)                   (FTE, held or vacant)
    posts needed = FTE needed / FTE of a post, rounded up
    difference   = posts needed - posts now

Source: definitions (C).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from careload.clinic import formulas
from careload.staff.need.hours import Crew, Hours

# The linear program is solved to about 1e-7: nobody is hired for less.
ROUNDING, DAYS_A_WEEK = 1e-6, 7


@dataclass(frozen=True)
class Staffing:
    """A profession at a site.

    crew      the posts now, and what one of them has for patients
    asking    people a week who ask and whom it treats
    visits    visits held a week
    missed    visits missed a week
    in_care   people in care who have been seen
    hours     of a week
    beta      square roots of the load (in posts) that are kept free
    ceiling   patients per FTE beyond which nobody new is taken
    """

    crew: Crew
    asking: float
    visits: float
    missed: float
    in_care: float
    hours: Hours
    beta: float
    ceiling: float

    @property
    def site(self) -> str:
        return self.crew.site

    @property
    def profession(self) -> str:
        return self.crew.profession

    @property
    def load(self) -> float:
        """FTE that would be busy without a pause; days away are in the hours they have."""
        return self.hours.due / self.crew.for_patients

    @property
    def up_to_speed(self) -> float:
        """FTE held and up to speed, with what is kept free."""
        return self.crew.fte * formulas.square_root_staffing(self.load / self.crew.fte, self.beta)

    @property
    def busy(self) -> float:
        """Share of their hours for patients in which they are busy."""
        return self.load / self.up_to_speed if self.load else 0.0

    @property
    def fte_needed(self) -> float:
        """FTE needed, held or vacant, not rounded."""
        return max(self._by_hours, self._by_ceiling)

    @property
    def because(self) -> Literal["hours", "caseload ceiling"]:
        """Which of the two asks for more."""
        return "hours" if self._by_hours >= self._by_ceiling else "caseload ceiling"

    @property
    def _by_hours(self) -> float:
        return self.up_to_speed / self.crew.presence.staffed

    @property
    def _by_ceiling(self) -> float:
        return self.in_care / self.ceiling / (1 - self.crew.presence.vacant)

    @property
    def posts_needed(self) -> int:
        """Posts needed, held or vacant."""
        return math.ceil(self.fte_needed / self.crew.fte - ROUNDING)

    @property
    def difference(self) -> int:
        """Posts needed beyond those there are; below 0 there is room."""
        return self.posts_needed - self.crew.posts

    @property
    def pay(self) -> float:
        """Pay of the FTE needed, currency per year."""
        return self.fte_needed * self.crew.pay

    @property
    def caseload(self) -> float:
        """Patients of one post that is held, if all posts needed are there."""
        held = self.posts_needed * (1 - self.crew.presence.vacant)
        return self.in_care / held if held else 0.0

    def slots_of_a_post(self) -> dict[str, float]:
        """Weekly slots of a template that gives its hours to this work."""
        a_post = (self.crew.paid - self.crew.fixed) * self.crew.fte
        parts = {
            "intake_slots": self.hours.intake_slots, "return_slots": self.hours.return_slots,
            "group_sessions": self.hours.sessions,
        }
        share = a_post / self.hours.due if self.hours.due else 0.0
        return {name: part * share for name, part in parts.items()}


def visits_a_day(crew: Crew, hours_a_slot: float) -> float:
    """Visits that a post holds on a day, of seven a week."""
    return crew.for_patients * crew.fte / hours_a_slot / DAYS_A_WEEK
