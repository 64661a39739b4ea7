"""Posts needed a second time, slow and obvious: one cohort followed day by day, week after week added up.

Nothing of the package's arithmetic is used: 1,000 people ask on one day, every day each state of theirs is
looked at, and shares of people move. A week of a steady service holds what all weeks of a cohort hold.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from careload.clinic import Service, read_service
from careload.staff import Needed, needed

EXAMPLES = Path(__file__).parents[2] / "examples" / "services"
ODD = {
    "policy.drop_after_no_shows": 3, "policy.rebook_days": 5, "need.adults.progress_chance": 0.7,
    "need.adults.dropout_per_visit": 0.05, "need.adults.died_per_year": 0.2,
    "need.adults.moved_per_year": 0.1,
    "need.adults.reentry_share": 0.5, "need.adults.relapse_share": 0.3, "no_show.return_late": 0.5,
    "need.adults.visits_needed": 4, "need.adults.cadence_days": [7, 14, 21],
    "need.adults.stage_from_visit": [0, 2, 4],
}
LAST_DAY, NOBODY, HARDLY = 3000, 1e-8, 1e-13


class Person(NamedTuple):
    """Where somebody is: visits had, progress made, misses in a row, day last seen."""

    visits: int
    made: int
    misses: int
    seen: int


class Counts(dict[str, float]):
    """How many of what; 0 of what was never counted."""

    def __missing__(self, key: str) -> float:
        return 0.0


def follow(service: Service, name: str, people: float = 1000.0) -> Counts:
    """What happens to a cohort until hardly anybody is in care."""
    need = service["need"][name]
    due: dict[int, dict[Person, float]] = defaultdict(lambda: defaultdict(float))
    due[1][Person(0, 0, 0, 0)] = people
    counts, left = Counts(), people
    stays = ((1 - need["died_per_year"]) * (1 - need["moved_per_year"])) ** (1 / 365.25)
    for day in range(1, LAST_DAY):
        # Each evening before, everybody who has been seen is on a caseload; then a night passes.
        everyone = [(when, who, many) for when, group in due.items() for who, many in group.items()]
        counts["evenings"] += sum(many for _, who, many in everyone if who.visits > 0)
        due = defaultdict(lambda: defaultdict(float))
        for when, who, many in everyone:
            if many > HARDLY:
                due[when][who] = many * stays
        for who, many in list(due.pop(day, {}).items()):
            one_visit(service, need, counts, due, day, who, many)
        left = sum(many for group in due.values() for many in group.values())
        if left < NOBODY:
            break
    assert left < NOBODY
    return counts


def one_visit(
    service: Service, need: Any, counts: Counts, due: Any, day: int, who: Person, many: float
) -> None:
    """A day on which some people are due: some miss it, the others are seen."""
    kind = "return" if who.visits else "intake"
    again = service["policy"]["rebook_days"]
    missing = many * no_show(service, kind, again if who.misses else cadence(need, who.visits))
    counts[f"{kind} missed"] += missing
    if who.misses + 1 >= service["policy"]["drop_after_no_shows"]:
        counts["dropped"] += missing
    else:
        due[day + again][who._replace(misses=who.misses + 1)] += missing
    counts[kind] += many - missing
    days = day - who.seen if who.visits else cadence(need, 1)
    for made, chance in steps(service, need, who.visits, days):
        seen = (many - missing) * chance
        done = needs_no_more(need["visits_needed"], who.made, who.made + made)
        counts["completed"] += seen * done
        quitting = seen * (1 - done) * need["dropout_per_visit"]
        counts["dropped"] += quitting
        staying = seen * (1 - done) - quitting
        due[day + cadence(need, who.visits + 1)][Person(who.visits + 1, who.made + made, 0, day)] += staying


def cadence(need: Any, visits: int) -> int:
    """Days to the next visit; the first is due the day after asking."""
    if visits == 0:
        return 1
    stage = max(place for place, start in enumerate(need["stage_from_visit"]) if start <= visits)
    return int(need["cadence_days"][stage])


def no_show(service: Service, kind: str, lead: int) -> float:
    told = service["no_show"]
    soon, late = told[f"{kind}_soon"], told[f"{kind}_late"]
    return float(soon + (late - soon) * (1 - math.exp(-lead / told["scale_days"])))


def steps(service: Service, need: Any, visits: int, days: int) -> list[tuple[int, float]]:
    """How many visits' worth a visit brings, with what chance."""
    progress = need["progress_chance"]
    if visits:
        doublings = math.log2(days / cadence(need, visits))
        progress = min(2.0, progress * math.exp(-need["progress_lost_per_doubling"] * doublings))
    whole = math.floor(progress)
    return [(whole, 1 - (progress - whole)), (whole + 1, progress - whole)]


@cache
def needs_no_more(mean: float, before: int, now: int) -> float:
    """Chance that `now` is all somebody needs, who needed more than `before`."""
    def more(than: int) -> float:
        return 1.0 - sum(
            math.exp(1 - mean) * (mean - 1) ** others / math.factorial(others) for others in range(than)
        )

    return 1 - more(now) / more(before) if more(before) > 1e-13 else 1.0


def asking_a_week(referrals: float, back: float) -> float:
    """People who ask each week once those of all years before have come back, generation by generation."""
    whole, generation = 0.0, referrals
    while generation > 1e-12:
        whole, generation = whole + generation, generation * back
    return whole


def hours_by_hand(service: Service, counts: Counts, asking: float) -> dict[str, float]:
    """Hours of a week of the only profession."""
    (own,) = service["profession"].values()
    each = asking / 1000
    return {
        "contact": each * (counts["intake"] * own["intake_hours"] + counts["return"] * own["visit_hours"]),
        "notes": each * (counts["intake"] + counts["return"]) * own["note_hours"],
        "missed": each * (counts["intake missed"] + counts["return missed"]) * own["missed_hours"],
        "patients": each * counts["evenings"] / 7 * own["patient_hours"],
    }


@pytest.mark.parametrize("changes", [{}, ODD, {"need.adults.progress_lost_per_doubling": -0.8}],
                         ids=["solo", "odd", "gaps help"])
def test_a_cohort_followed_day_by_day(changes: dict[str, Any]) -> None:
    service = read_service(EXAMPLES / "solo.toml").changed({"need.adults.visits_needed": 4, **changes})
    need, counts = service["need"]["adults"], follow(service, "adults")
    found: Needed = needed(service)
    (demand,), (row,) = found.demand, found.as_table()
    back = (counts["dropped"] * need["reentry_share"] + counts["completed"] * need["relapse_share"]) / 1000
    asking = asking_a_week(1.6, back)
    assert demand.asking == pytest.approx(asking, rel=1e-9)
    assert demand.intakes == pytest.approx(asking * counts["intake"] / 1000, rel=1e-9)
    assert demand.returns == pytest.approx(asking * counts["return"] / 1000, rel=1e-9)
    assert demand.in_care == pytest.approx(asking * counts["evenings"] / 7 / 1000, rel=1e-9)
    assert demand.course.completed == pytest.approx(counts["completed"] / 1000, rel=1e-9)
    assert demand.course.dropped == pytest.approx(counts["dropped"] / 1000, rel=1e-9)
    for name, hours in hours_by_hand(service, counts, asking).items():
        assert row[name] == pytest.approx(hours, rel=1e-9), name


def test_a_year_of_weeks_added_up_is_the_steady_state() -> None:
    """One week's people in care, when a cohort has begun each week for ever, by adding the cohorts up."""
    service = read_service(EXAMPLES / "solo.toml").changed({"need.adults.visits_needed": 4})
    counts = follow(service, "adults", people=1.6)
    assert needed(service).demand[0].in_care == pytest.approx(counts["evenings"] / 7, rel=1e-7)
