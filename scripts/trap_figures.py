"""Prints the tables of docs/trap.md: what was tried on the clinic in the trap, and what came out.

    python scripts/trap_figures.py tried
    python scripts/trap_figures.py out
    python scripts/trap_figures.py posts
    python scripts/trap_figures.py doubt

Every service is run for eight years that are not counted and five that are, 40 times, with seed 1. A cell is
the mean; where a difference follows, it is from the clinic in the trap on the same luck, with its 95 %
interval.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service, read_service
from careload.simulate import Simulated, simulate
from careload.simulate.figures import FIGURES, groups
from careload.simulate.kernel.records import CELL_COUNTS
from careload.simulate.student import half_width

SERVICES = Path(__file__).parents[1] / "examples" / "services"
WARM_UP, YEARS, REPLICATIONS, SEED = 416, 5, 40, 1
Values = dict[str, Any]
Runs = NDArray[np.float64]
RETURN, FIRST = "return interval, days", "first visit in 10 business days, %"
CRISES, DROPPED, WAITING = "crises a year", "dropped out a year", "waiting for a first visit"
UNPAID, LOAD, PAY = "unpaid hours a week", "overload", "pay a year"
LEAVERS = "leavers per 100 clinician-years"

TRAP = read_service(SERVICES / "trap.toml").changed({"start.warm_up_weeks": WARM_UP})
OUT = read_service(SERVICES / "out-of-the-trap.toml").changed({"start.warm_up_weeks": WARM_UP})
WEEKLY = read_service(SERVICES / "weekly.toml")
THREE = [name for name, team in TRAP["team"].items() if team["intake_slots"] == 2.6]
"""Teams of psychologists, family therapists and social workers."""


def teams(names: list[str] | None = None, service: Service = TRAP, **more: float) -> Values:
    """Parameters of teams, raised by so much."""
    return {f"team.{name}.{key}": service["team"][name][key] + by
            for name in names or list(TRAP["team"]) for key, by in more.items()}


def every(section: str, service: Service = TRAP, **times: float) -> Values:
    """A parameter of every profession or need, so many times what it is."""
    return {f"{section}.{name}.{key}": _times(table[key], by)
            for name, table in service[section].items() for key, by in times.items()}


def given(section: str, names: list[str] | None = None, **values: Any) -> Values:
    """A parameter of every profession, need or team, given outright."""
    return {f"{section}.{name}.{key}": value
            for name in names or list(TRAP[section]) for key, value in values.items()}


def _times(value: Any, by: float) -> Any:
    return [min(180, by * each) for each in value] if isinstance(value, tuple | list) else value * by


def overflow(displaced: float = 0.0, unpaid: float = 0.0, undone: float = 0.0) -> Values:
    """Where the work above the hours paid goes, in every profession."""
    return given("profession", overflow_displaced=displaced, overflow_unpaid=unpaid, overflow_undone=undone)


def posts(**number: int) -> Values:
    return {f"team.{name}.posts": each for name, each in number.items()}


SUPPORT = every("profession", patient_hours=0.5)
IN_GROUPS = given("need", ["depression", "anxiety", "trauma"], group_share=0.4) | given(
    "team", [name for name, team in TRAP["team"].items() if team["group_sessions"]], group_sessions=2.0)
OUT_POSTS = {f"team.{name}.posts": OUT["team"][name]["posts"] for name in THREE}
OUT_SLOTS = given("team", THREE, return_slots=14, intake_slots=1.6)
WEEKLY_POSTS = {f"team.{name}.posts": team["posts"] for name, team in WEEKLY["team"].items()}
EIGHT = posts(north_psychologists=6, north_family_therapists=8, north_social_workers=6,
              harbor_psychologists=4, harbor_family_therapists=4, harbor_social_workers=6)

TRIED: Mapping[str, Values] = {
    "one intake slot more for each post": teams(intake_slots=1),
    "one intake slot more, one return slot fewer": teams(intake_slots=1, return_slots=-1),
    "free intake slots go to return visits": {"policy.protected_intake": 0.0},
    "one intake slot becomes a return slot": teams(THREE, intake_slots=-1, return_slots=1),
    "all work above the hours paid is done unpaid": overflow(unpaid=1.0),
    "14 return slots instead of 9.5, same hours": given("team", THREE, return_slots=14),
    "two hires: a family therapist at each site": posts(
        north_family_therapists=7, harbor_family_therapists=4),
    "pay 20 % higher": every("profession", pay_per_year=1.2),
    "posts filled in 60 days instead of 180": {"workforce.days_to_fill": 60},
    "at most 80 patients per FTE": {"policy.caseload_ceiling": 80},
    "staff who take over half of the time between visits": SUPPORT,
    "half of the late no-shows": {"no_show.return_late": 0.08},
    "ten first visits a week bought outside": {
        "site.North.outside_per_week": 6, "site.Harbor.outside_per_week": 4, "policy.outside_after_days": 0},
    "discharge after two no-shows in a row": {"policy.drop_after_no_shows": 2},
    "cadence three times as long": every("need", cadence_days=3),
}
WAYS: Mapping[str, Values] = {
    "the twenty posts alone": OUT_POSTS,
    "the templates alone": OUT_SLOTS,
    "**posts and templates** (`out-of-the-trap.toml`)": OUT_POSTS | OUT_SLOTS | {
        "start.patients": OUT["start"]["patients"]},
    "the same, and staff for half of the time between visits": OUT_POSTS | OUT_SLOTS | SUPPORT,
    "the forty posts of `weekly.toml`, old templates": WEEKLY_POSTS,
    "four in ten in groups, nothing else": IN_GROUPS,
    "groups, and staff for half of the time between visits": IN_GROUPS | SUPPORT,
    "groups, eight posts, 12 return and 2.1 intake slots": IN_GROUPS | EIGHT | given(
        "team", THREE, return_slots=12, intake_slots=2.1),
    "groups, posts and templates": IN_GROUPS | OUT_POSTS | OUT_SLOTS,
}


def more_posts(number: int) -> Values:
    """So many more posts, spread over THREE; 14 return slots each, and in all as many intake slots."""
    held = {name: TRAP["team"][name]["posts"] for name in THREE}
    now = sum(held.values())
    wanted = {name: each * (now + number) / now for name, each in held.items()}
    whole = {name: int(each) for name, each in wanted.items()}
    behind = sorted(THREE, key=lambda name: whole[name] - wanted[name])
    for name in behind[: now + number - sum(whole.values())]:
        whole[name] += 1
    every_post = sum(team["posts"] for team in TRAP["team"].values())
    patients = round(TRAP["start"]["patients"] * every_post / (every_post + number), 2)
    slots = given("team", THREE, return_slots=14, intake_slots=1.6 * (now + 20) / (now + number))
    return {f"team.{name}.posts": each for name, each in whole.items()} | slots | {"start.patients": patients}


MORE_POSTS: Mapping[str, Values] = {f"{number} more": more_posts(number) for number in range(0, 28, 4)}
DOUBTS: Mapping[str, Values] = {
    "as in the file": {},
    "overflow all unpaid": overflow(unpaid=1.0),
    "overflow all displaces visits": overflow(displaced=1.0),
    "overflow all left undone": overflow(undone=1.0),
    "progress lost per doubling 0": given("need", progress_lost_per_doubling=0.0),
    "progress lost per doubling 0.3": given("need", progress_lost_per_doubling=0.3),
    "progress lost per doubling -0.1": given("need", progress_lost_per_doubling=-0.1),
    "leaving 0.05 a year": {"workforce.leaving_per_year": 0.05},
    "leaving 0.3 a year": {"workforce.leaving_per_year": 0.3},
    "leaving 0.3 a year, posts filled in 360 days": {
        "workforce.leaving_per_year": 0.3, "workforce.days_to_fill": 360},
    "0.065 hours a week for each patient": every("profession", patient_hours=0.5),
    "nobody gets well untreated": given("need", remission_per_month=0.0),
    "drop-out while overdue twice as likely": every("need", dropout_per_day=2),
    "referrals a quarter more": {
        f"need.{name}.arrivals_per_week.{site}": 1.25 * number
        for name, need in TRAP["need"].items() for site, number in need["arrivals_per_week"].items()},
    "visits needed a quarter more": every("need", visits_needed=1.25),
}


def runs(service: Service, replications: int = REPLICATIONS, years: float = YEARS) -> dict[str, Runs]:
    """The figures told of each run, by column."""
    found = simulate(service, years, replications, SEED)
    (everybody, *_) = groups(service)
    named = {(each.measure, each.statistic): found.values(each, everybody) for each in FIGURES}
    return {
        RETURN: named["return_interval", "median"],
        FIRST: 100 * _first_in_time(found),
        WAITING: _not_seen(found),
        DROPPED: named["dropouts", "rate"],
        CRISES: named["crises", "rate"],
        LOAD: named["overload", "ratio"],
        UNPAID: named["unpaid_hours", "mean"],
        LEAVERS: named["leaver_rate", "rate"],
        PAY: named["pay_cost", "rate"],
    }


def _first_in_time(found: Simulated) -> Runs:
    """Share seen for the first time within ten business days, run by run."""
    alone = (replace(found, summaries=(each,)) for each in found.summaries)
    return np.array([each.share_within(10, "business_days", "intake_wait")[0].value for each in alone])


def _not_seen(found: Simulated) -> Runs:
    place = CELL_COUNTS.index("not_yet_seen")
    return np.array([each.weekly_cells[each.first:, place].mean() for each in found.summaries])


def value(here: Runs, places: int | None = None) -> str:
    """A mean over runs."""
    return f"{here.mean():,.{places_of(here) if places is None else places}f}"


def places_of(here: Runs) -> int:
    """Decimals that a figure of this size asks for."""
    size = abs(here.mean())
    return 2 if size < 5 else 1 if size < 100 else 0


def told(here: Runs, there: Runs) -> str:
    """A mean, how far it is from `there`, and the 95 % interval of that."""
    less, places = here - there, places_of(here)
    wide = half_width(less) or 0.0
    low, high = less.mean() - wide, less.mean() + wide
    change, low_end, high_end = (f"{each:+,.{places}f}" for each in (less.mean(), low, high))
    return f"{value(here)}: {change} ({low_end} to {high_end})".replace("-", "−")


def table(services: Mapping[str, Values], whole: tuple[str, ...], short: tuple[str, ...]) -> None:
    """Figures of each service; those of `whole` with their difference from the clinic in the trap."""
    before = runs(TRAP)
    print("| |", " | ".join([*whole, *short]), "|")
    print("|---|" + "---|" * len([*whole, *short]))
    print("| as it is |", " | ".join(value(before[name]) for name in [*whole, *short]), "|")
    for name, values in services.items():
        after = runs(TRAP.changed(values))
        cells = [told(after[each], before[each]) for each in whole] + [value(after[each]) for each in short]
        print(f"| {name} |", " | ".join(cells), "|", flush=True)


def doubt() -> None:
    """The way out against the trap, under other assumptions in both."""
    print("| assumption, in both | trap: return interval | way out: return interval | "
          "first visit in 10 business days | crises a year | overload |")
    print("|---|---|---|---|---|---|")
    for name, values in DOUBTS.items():
        here, there = runs(TRAP.changed(values)), runs(OUT.changed(values))
        cells = [told(there[each], here[each]) for each in (RETURN, FIRST, CRISES, LOAD)]
        print(f"| {name} | {value(here[RETURN])} |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["doubt"]:
            doubt()
        case ["tried"]:
            table(TRIED, (RETURN, FIRST, CRISES), (WAITING, DROPPED, UNPAID, LOAD, LEAVERS, PAY))
        case ["out"]:
            table(WAYS, (RETURN, FIRST, CRISES, PAY), (DROPPED, UNPAID, LOAD, LEAVERS))
        case ["posts"]:
            table(MORE_POSTS, (RETURN, FIRST, CRISES, PAY), (LOAD, UNPAID))
        case _:
            sys.exit("One of: tried, out, posts, doubt.")
