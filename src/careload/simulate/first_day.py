"""What a plan says of the first day of a team: posts vacant, patients in care, when they are due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from careload.clinic import Service
from careload.simulate.kernel.records import Numbers, Records, Whole
from careload.simulate.needs import if_on, quantiles, share_below

LONGEST_WAIT = 3650.0


def of_first_day(service: Service, team: Mapping[str, Any]) -> dict[str, Any]:
    """Vacant posts, patients of each held, and the days by which these are overdue."""
    start = service["start"]
    overdue = round(7 * start["overdue_weeks"] * team["start_overdue"])
    return {
        "vacant": if_on(service, "hiring", min(team["vacant"], team["posts"])),
        "start_patients": start["patients"] * team["start_patients"],
        "start_overdue": overdue,
        **quantiles("start_due", team["start_due_days"]),
        **quantiles("start_missed", team["start_missed"]), "start_put_off": team["start_put_off_days"],
        "start_soon": share_below(team["start_due_days"], overdue + service["policy"]["rebook_days"]),
    }


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


def waits_of(teams: Records, needs: Records, treats: Whole, mix: Numbers) -> list[float]:
    """Mean days that a visit of each team is held after it was due: w = cadence overdue / (1 - overdue).

    By renewal: of a cadence of c days and a wait of w, a patient is overdue for w / (c + w) of the time.
    """
    found = []
    shares = np.diff(needs["start_stages"], axis=1, prepend=0.0)
    cadences = (shares * needs["stage_days"]).sum(axis=1)
    for team, cells, own in zip(teams, treats, mix, strict=True):
        parts = own[1: 1 + cells[0]]
        days = cadences[cells[1: 1 + cells[0]] % len(needs)]
        due_days = team["start_due"][: team["start_due_steps"] + 1].tolist()
        overdue = share_below(due_days, team["start_overdue"])
        cadence = float(parts @ days / own[0]) if own[0] else 0.0
        found.append(min(LONGEST_WAIT, cadence * overdue / max(1 - overdue, 1e-9)))
    return found
