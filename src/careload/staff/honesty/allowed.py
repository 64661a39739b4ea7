"""More posts than the goals allow: than levers open, or than clinicians can be had.

    room of a profession at a site = sum over its teams of what a lever opens at most - posts of the plan
    opened in a month              = new posts of a profession whose first day lies in it
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from careload.clinic import Service
from careload.staff.goals import Goals
from careload.staff.honesty.refusal import Refusal, told

DAYS_A_MONTH = 365.25 / 12


def beyond_goals(today: Service, plan: Service, goals: Goals) -> Iterator[Refusal]:
    """Every reason that posts give to refuse a plan with these goals."""
    room: dict[tuple[str, str], float] = defaultdict(float)
    for name, team in today["team"].items():
        if name not in plan["team"]:
            continue
        lever = next((each for each in goals.levers if f"team.{name}.posts" in each.places()), None)
        most, posts = lever.ends(team["posts"])[1] if lever else team["posts"], plan["team"][name]["posts"]
        if posts > most:
            why = f"Its lever opens {most:g} at most." if lever else "No lever of the goals moves it."
            yield Refusal(f"team.{name}.posts", told(team["posts"], posts), why,
                          "Stay within the ends of a lever.")
        room[team["site"], team["profession"]] += max(0.0, most - posts)
    yield from _of_new_teams(today, plan, room)
    yield from _beyond_the_market(today, plan, goals)


def _of_new_teams(
    today: Service, plan: Service, room: dict[tuple[str, str], float]
) -> Iterator[Refusal]:
    added: dict[tuple[str, str], float] = defaultdict(float)
    for name, team in plan["team"].items():
        if name not in today["team"]:
            added[team["site"], team["profession"]] += team["posts"]
    for (site, profession), posts in added.items():
        if posts > room[site, profession]:
            yield Refusal(f"site.{site}", f"{posts:g} more posts of a {profession} are opened later.",
                          f"Levers leave room for {room[site, profession]:g}.",
                          "Stay within the ends of the lever posts.")


def _beyond_the_market(today: Service, plan: Service, goals: Goals) -> Iterator[Refusal]:
    opened: dict[tuple[str, int], float] = defaultdict(float)
    for name, team in plan["team"].items():
        before = today["team"][name]["posts"] if name in today["team"] else 0
        month = int(team["opens_after_days"] / DAYS_A_MONTH)
        opened[team["profession"], month] += max(0, team["posts"] - before)
    for (profession, month), posts in sorted(opened.items()):
        most = goals.limits.hires_per_month.get(profession)
        if most is not None and posts > most:
            yield Refusal(f"profession.{profession}", f"{posts:g} posts are opened in month {month + 1}.",
                          f"No more than {most:g} clinicians can be had in a month.",
                          "Open some of them later.")
