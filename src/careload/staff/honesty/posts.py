"""Posts that a plan cuts, empties, or fills on paper.

    held on the first day = posts - vacant; none of a team that is opened later
    new posts             = those beyond today's: vacant at first

Who holds a post on the first day has the patients of today. A plan that moves either would lose patients, or
invent them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from careload.clinic import Service
from careload.staff.honesty.refusal import Refusal, told

ON_PAPER = "Posts are filled as hiring goes, and nobody is hired by writing it down."
SLACK = 1e-9


def about_posts(today: Service, plan: Service, may_cut: Collection[str]) -> Iterator[Refusal]:
    """Every reason that posts give to refuse a plan."""
    for name, team in today["team"].items():
        if name not in plan["team"]:
            yield _cut(name, team["posts"], 0)
        else:
            yield from _of_team(name, team, plan["team"][name], name in may_cut)
    for name, team in plan["team"].items():
        if name not in today["team"]:
            yield from _of_new_team(name, team, today, plan)


def _of_team(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], may_be_fewer: bool
) -> Iterator[Refusal]:
    more = after["posts"] - before["posts"]
    if more < 0 and not may_be_fewer:
        yield _cut(name, before["posts"], after["posts"])
    if after["opens_after_days"] != before["opens_after_days"]:
        yield Refusal(
            f"team.{name}.opens_after_days", told(before["opens_after_days"], after["opens_after_days"]),
            "A team that is there has patients, and these would be nobody's.",
            "Open posts of a team of their own later.")
    moved = after["vacant"] - before["vacant"]
    if more >= 0 and moved != more:
        yield Refusal(f"team.{name}.vacant",
                      f"{more} more posts, and {moved} more of them vacant on the first day.", ON_PAPER,
                      "Let as many more be vacant as there are more posts.")
    if more < 0 and before["posts"] - before["vacant"] != after["posts"] - after["vacant"]:
        yield Refusal(
            f"team.{name}.posts", f"{told(before['posts'], after['posts'])} Somebody holds one of those cut.",
            "Whoever holds the post has patients, and these would be nobody's.",
            "Cut posts that are vacant, or let them become so.")


def _cut(name: str, before: int, after: int) -> Refusal:
    return Refusal(f"team.{name}.posts", f"{told(before, after)} That cuts posts.",
                   "These posts may not be cut.",
                   "Name the team among those whose posts may be fewer, if they may.")


def _of_new_team(
    name: str, team: Mapping[str, Any], today: Service, plan: Service
) -> Iterator[Refusal]:
    if not team["opens_after_days"] and team["vacant"] < team["posts"]:
        yield Refusal(f"team.{name}.vacant",
                      f"{team['posts'] - team['vacant']} posts of a new team are held at once.", ON_PAPER,
                      "Let all of them be vacant, or open them later.")
    alike = [plan["team"][other] for other in today["team"] if other in plan["team"]
             and plan["team"][other]["profession"] == team["profession"]]
    most = max((_slots(other) for other in alike), default=_slots(team))
    if _slots(team) > most + SLACK:
        yield Refusal(
            f"team.{name}.return_slots",
            f"{_slots(team):.3g} slots a week for each FTE, where others of the profession have {most:.3g}.",
            "More visits in the same hours are hours that nobody pays.",
            "Give them the template of the others.")
    seats = max((other["group_seats"] for other in today["team"].values()), default=0)
    if team["group_sessions"] and team["group_seats"] > seats:
        yield Refusal(f"team.{name}.group_seats", told(seats, team["group_seats"]),
                      "More people in one session are seen sooner and heard less.",
                      "Seat no more than groups do today.")


def _slots(team: Mapping[str, Any]) -> float:
    """Slots a week for each FTE."""
    return float((team["intake_slots"] + team["return_slots"]) / team["fte"])
