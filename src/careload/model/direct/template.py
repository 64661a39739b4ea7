"""The template of a team: slots a week that each of its posts offers.

    slots a week and post = 5 x slots offered / open days present                           (by kind of slot)
    return slots besides  + overflow_displaced x hours beyond paid, a week / (visit_hours + note_hours)

What overload took from the template is put back: the simulator takes it off again. Days present are open days
employed less days away; a clinician's first year is left out, in which the template may not be full. Figures
are as sure as clinicians of a team are alike (`clusters`), and no surer than as many of them as it has posts:
who comes may take over the template of who left.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Draws, Found, Origin
from careload.model.chances import Numbers
from careload.model.clusters import group_ratios
from careload.model.courses import EVERYBODY
from careload.model.direct.hours import beyond_paid
from careload.model.direct.teams import posts_of, team_name
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.given import draws_at, within_range

LEAST_DAYS = 20
DAYS_A_WEEK, WORKING_DAYS_A_YEAR = 5, 365.25 / 7 * 5
ROUNDING_SLOTS = 0.4
"""A template of fractions of slots begins and ends amid one: the standard deviation of the difference of
two."""
KINDS = {
    "intake": "intake_slots", "return": "return_slots", "crisis": "crisis_slots", "group": "group_sessions",
}
FORMULA = "5 x slots offered / open days present"
BOUND = "No slots are recorded: visits held and missed are counted instead, without slots that stayed free."
NEW = "Nobody has been here for half a year: newcomers' slots are counted as if they were the whole template."
NO_LEAVES = "No leave is recorded: as many days away are assumed as where nobody knows better."
NOBODY_HERE = "Nobody of the team was here within the records: the template of the other teams is taken."


@within_range
def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Slots of each kind of every team that has posts."""
    teams = posts_of(evidence)
    if len(teams["posts"]):
        yield from _template(evidence, so_far, teams)


def _template(evidence: Evidence, so_far: Beliefs, teams: dict[str, NDArray[Any]]) -> Iterator[Found]:
    offered = settled(evidence)
    sites, professions = teams["site"].tolist(), teams["profession"].tolist()
    places = {key: place for place, key in enumerate(zip(sites, professions, strict=True))}
    whose = zip(offered["site"], offered["profession"], strict=True)
    members = np.array([places.get(key, -1) for key in whose], dtype=np.int64)
    kept = (members >= 0) & (offered["present"] > 0)
    offered, members = {name: each[kept] for name, each in offered.items()}, members[kept]
    has_any = np.isin(np.arange(len(places)), members)
    away, notes = _away(evidence, so_far)
    by_slots = evidence.has("slots.starts_at")
    origin: Origin = "records" if by_slots else "lower bound"
    back = put_back(evidence, so_far, places) if by_slots else None
    if not any(offered[kind].sum() for kind in KINDS):
        return
    for kind, name in KINDS.items():
        value, draws = _rates(evidence, kind, offered, members, teams["posts"][np.unique(members)], has_any)
        for place in range(len(places)):
            own = members == place
            counts: dict[str, float] = {
                f"{kind} slots" if by_slots else f"{kind} visits": int(offered[kind][own].sum()),
                "open days present": int(offered["present"][own].sum()), "clinicians": int(own.sum()),
            }
            more = back[place] if back is not None and kind == "return" else np.zeros(NUMBER_OF_DRAWS)
            if more.any():
                counts["slots a week put back"] = round(float(np.median(more)), 3)
            said = (*(() if by_slots else (BOUND,)), *notes, *(() if has_any[place] else (NOBODY_HERE,)),
                    *((NEW,) if own.any() and offered["new"][own].all() else ()))
            none = value[place] == 0 and not more.any()
            # A few days without crises are no template without slots for them.
            if none and kind != "return" and counts["open days present"] < LEAST_DAYS:
                continue
            yield Found(
                f"team.{team_name(sites[place], professions[place])}.{name}",
                float(value[place] * np.median(away) + np.median(more)), FORMULA, counts,
                np.zeros(0) if none else draws[place] * away + more, origin, " ".join(said),
            )


def _rates(
    evidence: Evidence, kind: str, offered: dict[str, NDArray[Any]], members: NDArray[np.int64],
    posts: NDArray[Any], has_any: NDArray[np.bool_],
) -> tuple[Numbers, Draws]:
    """Slots a week and post by team, and draws; teams nobody was in have the figures of all others.

    members  (clinicians,) number of the team
    posts    of each team somebody was in
    """
    chance = evidence.generator(f"template {kind}")
    number = len(has_any)
    if not has_any.any():
        return np.zeros(number), np.zeros((number, NUMBER_OF_DRAWS))
    group = np.cumsum(has_any)[members] - 1
    weeks = offered["present"].astype(float) / DAYS_A_WEEK
    value, draws = group_ratios(group, offered[kind].astype(float), weeks, chance, ROUNDING_SLOTS,
                                places=np.maximum(posts.astype(float), 1.0))
    whole, spread = np.full(number, float(value.mean())), np.zeros((number, NUMBER_OF_DRAWS))
    spread[:] = draws[chance.integers(len(value), size=NUMBER_OF_DRAWS), np.arange(NUMBER_OF_DRAWS)]
    whole[has_any], spread[has_any] = value, draws
    return whole, spread


def _away(evidence: Evidence, so_far: Beliefs) -> tuple[Draws, tuple[str, ...]]:
    """By how much days employed exceed days present where no leave is recorded, else by nothing."""
    if evidence.staffing.has_leaves:
        return np.ones(NUMBER_OF_DRAWS), ()
    days = sum(draws_at(evidence, so_far, f"workforce.{word}_days_per_year") for word in ("sick", "leave"))
    return np.asarray(1 / (1 - np.minimum(days / WORKING_DAYS_A_YEAR, 0.9))), (NO_LEAVES,)


def settled(evidence: Evidence) -> dict[str, NDArray[Any]]:
    """By clinician settled in: clinician, site, profession, new, first, present (open days), slots of each
    kind.

    Who has no day after settling in counts with all days, and as new, where the whole team is.
    """
    staffing, rows = evidence.staffing, offered_slots(evidence)
    first, last = _first_and_last(evidence, rows)
    full = staffing.settled_from.rename(whose="clinician")
    people = staffing.people
    people = people.join(full, people.clinician == full.whose).drop("whose")
    people = people.mutate(full=ibis.greatest(people.settled_from, ibis.literal(first)))
    people = people.mutate(
        came=ibis.greatest(people.hired_on.fill_null(first), ibis.literal(first)),
        went=ibis.least(people.left_on.fill_null(last), ibis.literal(last)),
    )
    people = people.mutate(new=people.full > people.went)
    # A team of newcomers only is better told by them than by nobody.
    old = people.group_by("site", "profession").agg(old=(~people.new).sum())
    old = old.rename(where="site", what="profession")
    people = people.left_join(old, [people.site == old.where, people.profession == old.what])
    people = people.filter((people.old == 0) | ~people.new)
    spans = people.select("clinician", "site", "profession", "new", last="went",
                          first=ibis.ifelse(people.new, people.came, people.full))
    spans = staffing.presence(spans.filter(spans["last"] >= spans["first"]))
    counted = spans.select(whose="clinician", since="first", until="last")
    rows = rows.join(counted, rows.clinician == counted.whose)
    rows = rows.filter((rows.day >= rows.since) & (rows.day <= rows.until))
    sums = rows.group_by("whose").agg(**{
        kind: ibis.ifelse(rows.kind == kind, rows.slots, 0).sum() for kind in KINDS
    })
    spans = spans.left_join(sums, spans.clinician == sums.whose).drop("whose")
    present = ibis.greatest(spans.days - spans.sick - spans.leave - spans.strike, 0)
    table = spans.select("clinician", "site", "profession", "new", "first", present=present, **{
        kind: spans[kind].fill_null(0) for kind in KINDS
    })
    return columns_of(table.order_by("clinician"))


def _first_and_last(evidence: Evidence, rows: ir.Table) -> tuple[date, date]:
    """First and last day of which slots are known."""
    ends = columns_of(rows.agg(first=rows.day.min(), last=rows.day.max()))
    first, last = ends["first"][0], ends["last"][0]
    return (evidence.first, evidence.as_of) if first is None else (first, last)


def offered_slots(evidence: Evidence) -> ir.Table:
    """Slots offered, kept where the engine is our own: several questions are asked of them (`_offered`)."""
    return evidence.view.keep("model_offered", _offered(evidence))


def _offered(evidence: Evidence) -> ir.Table:
    """Slots offered until the day, or visits held and missed in their place: clinician, day, kind, slots.

    A group session is one slot however many people it seats; slots held back count as not offered.
    """
    staffing, as_of = evidence.staffing, ibis.literal(evidence.as_of)
    if evidence.has("slots.starts_at") and evidence.has("slots.clinician"):
        rows = evidence.records.tables["slots"]
        rows = rows.mutate(day=rows.starts_at.date()).filter((rows.status != "blocked").fill_null(True))
        rows = rows.filter((rows.day <= as_of) & (rows.day >= ibis.literal(evidence.first)))
        rows = rows.mutate(kind=_kind(rows.kind))
        return rows.group_by("clinician", "day", "kind").agg(slots=rows.count())
    rows = evidence.view.due
    rows = rows.filter(rows.status.isin(["completed", "no_show"]))
    if not staffing.names_anybody:
        rows = rows.mutate(clinician=ibis.literal(EVERYBODY))
    in_group = rows.group_id.notnull() | (rows.kind == "group").fill_null(False)
    rows = rows.mutate(kind=ibis.ifelse(in_group, "group", _kind(rows.kind)))
    session = rows.group_id.coalesce(rows.starts_at.cast("string"))
    sessions = rows.mutate(session=session).filter(rows.kind == "group")
    sessions = sessions.select("clinician", "day", "kind", "session").distinct()
    one = sessions.group_by("clinician", "day", "kind").agg(slots=sessions.count())
    others = rows.filter(rows.kind != "group")
    return others.group_by("clinician", "day", "kind").agg(slots=others.count()).union(one)


def _kind(kind: ir.StringValue) -> ir.StringValue:
    return ibis.ifelse(kind.isin(["intake", "crisis", "group"]).fill_null(False), kind, "return")


def put_back(evidence: Evidence, so_far: Beliefs, places: dict[tuple[str, str], int]) -> list[Draws]:
    """Return slots a week that overload took from each team's template, where the records say how much it
    puts off."""
    excess = beyond_paid(evidence) if evidence.has("hours.paid") else {}
    found = []
    for key in places:
        place = f"profession.{key[1]}.overflow_displaced"
        if place not in so_far or key not in excess:
            found.append(np.zeros(NUMBER_OF_DRAWS))
            continue
        share, visit, note = (draws_at(evidence, so_far, f"profession.{key[1]}.{name}")
                              for name in ("overflow_displaced", "visit_hours", "note_hours"))
        found.append(share * excess[key] / (visit + note))
    return found


FAMILY = Family("templates", ("appointments.starts_at",), find)
