"""Who asks, what that brings, and how many are in care: by site and need group, week by week, all in time.

    asking       = referrals + asking x (dropped x reentry_share + completed x relapse_share)
                 = referrals / (1 - dropped x reentry_share - completed x relapse_share)
    intakes      = asking x intakes of one course;   returns, misses, completions, dropouts likewise
    in groups    = group_share of the return visits
    in care      = asking x weeks after the first visit of one who asks           (Little: rate x time)

`completed`, `dropped` and what one course brings: `course.py`. People who come back begin anew, as they do in
the simulator. The season averages out over a year (in its peak referrals are higher by season_amplitude:
whoever wants posts for the peak multiplies); a trend counts as on the first day. Nobody goes to the outside
network and no referral answers to waits: waits are short.

Source: balance of flows (C), Little's law (`clinic.formulas.little`, C).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careload.clinic import Service, SettingsError, formulas
from careload.staff.need.course import Course, course_of

EVERYBODY_COMES_BACK = 1 - 1e-9


@dataclass(frozen=True)
class Demand:
    """A need group at a site, per week.

    site, need       which
    referrals        people who ask for the first time
    asking           people who ask, with those who come back
    course           what one of them brings
    in_groups        share of return visits that are in groups
    """

    site: str
    need: str
    referrals: float
    asking: float
    course: Course
    in_groups: float

    @property
    def coming_back(self) -> float:
        """People a week who ask again after dropping out or completing their care."""
        return self.asking - self.referrals

    @property
    def intakes(self) -> float:
        """First visits held a week."""
        return self.asking * self.course.intakes

    @property
    def returns(self) -> float:
        """Return visits held a week, in groups or not."""
        return self.asking * self.course.returns

    @property
    def visits(self) -> float:
        """Visits held a week."""
        return self.intakes + self.returns

    @property
    def missed(self) -> float:
        """Visits missed a week."""
        return self.asking * self.course.missed

    @property
    def in_care(self) -> float:
        """People in care who have been seen, by Little's law."""
        gaps = self.visits
        mean_gap_weeks = self.asking * self.course.weeks / gaps if gaps else 0.0
        return formulas.between_visits(gaps, mean_gap_weeks)

    @property
    def completed(self) -> float:
        """People a week who complete their care."""
        return self.asking * self.course.completed

    @property
    def dropped(self) -> float:
        """People a week who drop out."""
        return self.asking * self.course.dropped

    @property
    def left(self) -> float:
        """People a week who die or move away."""
        return self.asking * self.course.left


def demands(service: Service) -> tuple[Demand, ...]:
    """The demand of every site and need group for which anybody asks, in the order of the service.

    Raises `SettingsError` where everybody who leaves comes back, so that there is no steady number in care.
    """
    courses = {need: course_of(service, need) for need in service["need"]}
    return tuple(_each(service, courses))


def _each(service: Service, courses: Mapping[str, Course]) -> Iterator[Demand]:
    in_groups = service["mechanisms"]["groups"]
    for site in service["site"]:
        for name, need in service["need"].items():
            referrals = float(need["arrivals_per_week"].get(site, 0.0))
            if referrals > 0:
                back = coming_back(service, name, need, courses[name])
                yield Demand(
                    site=site, need=name, referrals=referrals, asking=referrals / (1 - back),
                    course=courses[name], in_groups=float(need["group_share"]) if in_groups else 0.0,
                )


def coming_back(service: Service, name: str, need: Mapping[str, Any], course: Course) -> float:
    """Share of those who ask who will ask again."""
    if not service["mechanisms"]["demand"]:
        return 0.0
    share = course.dropped * need["reentry_share"] + course.completed * need["relapse_share"]
    if share > EVERYBODY_COMES_BACK:
        raise SettingsError(
            f"Of those who ask for care of {name}, {share:.3f} come back: their number grows without end.",
            "reentry_share and relapse_share by which some stay away",
            f"Lower need.{name}.reentry_share or need.{name}.relapse_share.",
        )
    return float(share)
