"""Teams: clinicians of one site and profession, and their posts.

    posts = clinicians still employed when the last day is over + posts vacant then;  fte = their mean
    group_seats = the capacity most group slots have
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
from numpy.typing import NDArray

from careload.model.belief import Beliefs, Found, Origin
from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.given import within_range


def team_name(site: str, profession: str) -> str:
    """Name of the team of a site and a profession, as it stands in a service file."""
    return " ".join(each for each in (site, profession) if each != EVERYBODY) or EVERYBODY


@within_range
def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Site, profession, posts, FTE and seats of every team that has posts."""
    teams = posts_of(evidence)
    yield from _structure(teams)
    yield from _seats(evidence, teams)


def posts_of(evidence: Evidence) -> dict[str, NDArray[Any]]:
    """By team: site, profession, posts, held, vacant, fte; only teams with a post at the end."""
    people = evidence.staffing.people
    here = people.filter(people.left_on.isnull())
    held = here.select("site", "profession", "fte", held=ibis.literal(1, type="int64"),
                       vacant=ibis.literal(0, type="int64"))
    if evidence.records.has("posts"):
        held = held.union(_vacant(evidence))
    table = held.group_by("site", "profession").agg(
        held=held.held.sum(), vacant=held.vacant.sum(), fte=held.fte.mean(),
    )
    found = columns_of(table.order_by("site", "profession"))
    found["posts"] = found["held"] + found["vacant"]
    return found


def _vacant(evidence: Evidence) -> ir.Table:
    """Posts that nobody holds when the last day of the records is over: who left on it leaves one vacant.

    Some write the next working day: posts vacant from the Monday after are.
    """
    rows, as_of = evidence.view.table("posts"), ibis.literal(evidence.as_of)
    monday = ibis.literal(evidence.next_monday)
    # Filled later than the last day is not known yet.
    empty = (rows.vacant_from <= monday) & (rows.filled_on.isnull() | (rows.filled_on > as_of))
    return rows.filter(empty).select(
        site=rows.site.fill_null(EVERYBODY), profession=rows.profession.fill_null(EVERYBODY),
        fte=rows.fte, held=ibis.literal(0, type="int64"), vacant=ibis.literal(1, type="int64"),
    )


def _structure(teams: dict[str, NDArray[Any]]) -> Iterator[Found]:
    for row in range(len(teams["posts"])):
        site, profession = str(teams["site"][row]), str(teams["profession"][row])
        name = team_name(site, profession)
        counts = {"clinicians employed": int(teams["held"][row]), "posts vacant": int(teams["vacant"][row])}
        yield Found(f"team.{name}.site", site, "the clinicians' site", {})
        yield Found(f"team.{name}.profession", profession, "the clinicians' profession", {})
        yield Found(f"team.{name}.posts", int(teams["posts"][row]), "clinicians employed + posts vacant",
                    counts)
        if teams["fte"][row] is not None and teams["fte"][row] > 0:
            yield Found(f"team.{name}.fte", float(teams["fte"][row]), "mean FTE of posts", counts)


def _seats(evidence: Evidence, teams: dict[str, NDArray[Any]]) -> Iterator[Found]:
    """People a group session seats: the capacity most of its slots have, else the most people ever in one."""
    if evidence.has("slots.capacity"):
        rows = evidence.records.tables["slots"]
        rows = evidence.staffing.theirs(rows.filter((rows.kind == "group") & (rows.capacity >= 1)))
        table = rows.group_by("site", "profession", seats=rows.capacity).agg(times=rows.count())
        origin: Origin = "records"
    elif evidence.has("appointments.group_id"):
        visits = evidence.view.due
        visits = evidence.staffing.theirs(visits.filter(
            visits.group_id.notnull() & visits.status.isin(["completed", "no_show"])
        ))
        each = visits.group_by("site", "profession", "group_id").agg(seats=visits.count())
        table = each.group_by("site", "profession").agg(seats=each.seats.max(), times=each.seats.count())
        origin = "lower bound"
    else:
        return
    found = columns_of(table.order_by("site", "profession", "times", "seats"))
    usual = {(site, profession): (int(seats), int(times)) for site, profession, seats, times in zip(
        found["site"], found["profession"], found["seats"], found["times"], strict=True)}
    for site, profession in zip(teams["site"], teams["profession"], strict=True):
        if (site, profession) in usual:
            seats, times = usual[site, profession]
            yield Found(f"team.{team_name(site, profession)}.group_seats", seats,
                        "the usual capacity of a session", {"sessions": times}, origin=origin)


FAMILY = Family("teams", ("appointments.starts_at",), find)
