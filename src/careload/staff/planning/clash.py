"""If there is no plan, which limits clash?

A deletion filter over the limits of the goals file: let one go; is there still none, it is not to blame and
stays away; else it is put back. What is left has no plan, and without any one of them there is one. Each set
is solved anew.
"""

from __future__ import annotations

from careload.staff.goals import Limits
from careload.staff.planning.numbers import Asked, Months, Teams
from careload.staff.planning.solve import SECONDS, Status, cheapest

MAY_GO = ("budget", "clinicians that can be had", "posts that may be opened", "slots of the templates",
          "everybody is seen in time")
"""Constraints that are limits somebody has set, in the order in which they are let go."""


def clash(
    months: Months, teams: Teams, asked: Asked, limits: Limits, names: tuple[str, ...] = MAY_GO,
    seconds: float = SECONDS,
) -> tuple[str, ...] | None:
    """Names of limits that cannot hold together, none of which is superfluous; none where there is a plan;
    None where it was not proved.

    names  of the constraints that may be let go, in the order in which they are tried
    """
    status = cheapest(months, teams, asked, limits, seconds=seconds).status
    if status is not Status.NONE:
        return () if status is Status.CHEAPEST else None
    gone: list[str] = []
    for name in names:
        found = cheapest(months, teams, asked, limits, without=(*gone, name), seconds=seconds)
        if found.status is Status.NOT_PROVED:
            return None
        if found.status is Status.NONE:
            gone.append(name)
    return tuple(name for name in names if name not in gone)
