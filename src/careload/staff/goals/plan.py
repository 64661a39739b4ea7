"""A plan: what levers are given, and posts that are opened month by month."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from careload.clinic import Service, registry, service_from
from careload.staff.goals.lever import Lever, parts_of

OF_THE_FIRST_DAY = "start_"


@dataclass(frozen=True)
class Opening:
    """Posts that are opened later.

    team        whose template and size they have
    posts       how many
    after_days  days from the first day of the service until they are opened
    """

    team: str
    posts: int
    after_days: int

    @property
    def name(self) -> str:
        """What the team of these posts is called."""
        return f"{self.team}, opened after {self.after_days} days"


@dataclass(frozen=True)
class Plan:
    """What a service would do.

    values    dotted places that levers move, to what they are given
    openings  posts opened later; those of `values` are opened on the first day
    """

    values: Mapping[str, float] = field(default_factory=dict)
    openings: tuple[Opening, ...] = ()


def planned(service: Service, plan: Plan, levers: Sequence[Lever] = ()) -> Service:
    """The service with a plan. New posts are vacant at first, and filled as vacancies are.

    levers  of the goals: after how many days care elsewhere is offered, and what it costs, is theirs to say
    """
    changed = service.changed(_changes(service, plan.values, levers), "the plan")
    if not plan.openings:
        return changed
    document = {"name": service.name, **copy.deepcopy(dict(changed.document))}
    for each in plan.openings:
        table = {name: value for name, value in document["team"][each.team].items()
                 if not name.startswith(OF_THE_FIRST_DAY)}
        opened = {"posts": each.posts, "vacant": 0, "opens_after_days": each.after_days}
        document["team"][each.name] = table | opened
    return service_from(document, "the plan")


def _changes(service: Service, values: Mapping[str, float], levers: Sequence[Lever]) -> dict[str, Any]:
    """Dotted places to values, as `Service.changed` takes them."""
    sent = [lever for lever in levers if lever.kind.price == "patient"]
    elsewhere = {place: lever for lever in sent for place in lever.places()}
    found: dict[str, Any] = {}
    for place, value in values.items():
        section, table, parameter = parts_of(place)
        kind = registry()[section].parameters[parameter].kind
        found[place] = round(value) if kind == "whole" else value
        if (section, parameter) == ("team", "posts"):
            team = service["team"][table]
            found[f"team.{table}.vacant"] = max(0, team["vacant"] + found[place] - team["posts"])
        if place in elsewhere:
            found[f"site.{table}.outside_cost_per_patient"] = elsewhere[place].cost
            found["policy.outside_after_days"] = elsewhere[place].after_days
    return found
