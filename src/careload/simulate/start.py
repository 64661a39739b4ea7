"""What a plan says of the first day of a team: posts vacant, patients in care, when they are due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from careload.clinic import Service
from careload.simulate.kernel.records import Numbers, Records, Whole
from careload.simulate.needs import if_on, part_below, quantiles, shares_of

LONGEST_LATE_DAYS, HALVINGS = 3650.0, 50


def start_of_team(service: Service, team: Mapping[str, Any]) -> dict[str, Any]:
    """Vacant posts, patients of each held, laws of when these are due and of what they missed."""
    start = service["start"]
    overdue_days, due_days = round(7 * start["overdue_weeks"] * team["start_overdue"]), team["start_due_days"]
    return {
        "opens": team["opens_after_days"], "vacant": team["posts"] - held_at_first(service, team),
        "start_patients": start["patients"] * team["start_patients"],
        "start_overdue": overdue_days,
        **quantiles("start_due", due_days),
        "start_missed": shares_of(team["start_missed"]), "start_put_off": team["start_put_off_days"],
        "start_put_off_hours": if_on(service, "overload", team["start_put_off_hours"]),
        "start_late": part_below(due_days, overdue_days) if len(due_days) > 2 else 0.0,
        "start_due_soon": part_below(due_days, overdue_days + service["policy"]["rebook_days"]),
    }


def held_at_first(service: Service, team: Mapping[str, Any]) -> int:
    """Posts of a team that are held on the first day; none of those that are opened later."""
    if team["opens_after_days"]:
        return 0
    return int(team["posts"] - if_on(service, "hiring", min(team["vacant"], team["posts"])))


def mix_of(service: Service, teams: list[str], treats: Whole, arrivals: Numbers) -> Numbers:
    """Patients in care on the first day by team, all and by cell; where not told, as visits asked for."""
    found, needs = np.zeros(treats.shape), list(service["need"])
    asked = [sum(own[:7].tolist()) * service["need"][needs[cell % len(needs)]]["visits_needed"]
             for cell, own in enumerate(arrivals.T)]
    for place, name in enumerate(teams):
        told = service["team"][name]["start_needs"]
        for turn in range(1, treats[place, 0] + 1):
            cell = treats[place, turn]
            found[place, turn] = told.get(needs[cell % len(needs)], 0.0) if told else asked[cell]
            found[place, 0] += found[place, turn]
    return found


def cadences_of(teams: Records, needs: Records, treats: Whole, mix: Numbers) -> tuple[Numbers, Numbers]:
    """Of those in care of each team the longest cadence, and the mean days w by which a visit is late.

    By renewal a patient with a cadence of c days is not overdue for c / (c + w) of the time:
    share not overdue = sum over stages of share c / (c + w)
    """
    longest, late = np.zeros(len(teams)), np.zeros(len(teams))
    in_stage = np.diff(needs["start_by_stage"], axis=1, prepend=0.0)
    for place, (team, cells, own) in enumerate(zip(teams, treats, mix, strict=True)):
        need = cells[1: 1 + cells[0]] % len(needs)
        shares = in_stage[need] * own[1: 1 + cells[0], None]
        if not shares.sum():
            continue
        days, shares = needs["stage_cadence"][need][shares > 0], shares[shares > 0] / shares.sum()
        due_days = team["start_due"][: team["start_due_steps"] + 1].tolist()
        in_time = max(1 - part_below(due_days, team["start_overdue"]), 1e-9)
        longest[place], late[place] = days.max(), _late_days(days, shares, in_time)
    return longest, late


def _late_days(cadences: Numbers, shares: Numbers, in_time: float) -> float:
    """w with sum of shares c / (c + w) = the share in time, by halving."""
    least, most = 0.0, LONGEST_LATE_DAYS
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        enough = shares @ (cadences / (cadences + middle)) <= in_time
        least, most = (least, middle) if enough else (middle, most)
    return least
