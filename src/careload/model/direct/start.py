"""The first day of the service: the Monday after the records, and who is in care or waits then.

    patients       = patients in care / posts held;           of a team its own, against that
    overdue_weeks  = (mean days by which they are overdue + 3) / 7, at least 0;     likewise
    vacant         = posts vacant on the last day
    waiting        = patients who asked and have not been seen; waiting_weeks = 2 x mean weeks since they
                   asked

In a run the due days of those in care are spread over the week that ended `overdue_weeks` ago, so on the
first day they are overdue by 7 overdue_weeks - 3 days on average; who is not due yet counts with fewer than
none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from careload.history import fetch
from careload.model.belief import Beliefs, Found
from careload.model.courses import EVERYBODY
from careload.model.direct.teams import posts_of, team_name
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family

MIDDLE, DAYS_A_WEEK = 3, 7
Teams = dict[tuple[str, str], dict[str, Any]]


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Day, patients and how long they have been due, vacant posts, who has not been seen."""
    monday = evidence.as_of + timedelta(days=DAYS_A_WEEK - evidence.as_of.weekday())
    yield Found("start.date", monday, "the Monday after the last day of the records")
    teams = _teams(evidence)
    held, people = (sum(own[name] for own in teams.values()) for name in ("held", "people"))
    if held and people:
        late = sum(own["late"] * own["people"] for own in teams.values()) / people
        yield Found("start.patients", people / held, "patients in care / posts held",
                    {"patients in care": int(people), "posts held": int(held)})
        yield Found("start.overdue_weeks", _weeks(late), "(mean days overdue + 3) / 7",
                    {"patients in care": int(people)})
        for (site, profession), own in teams.items():
            yield from _of_team(team_name(site, profession), own, people / held, _weeks(late))
    if evidence.has("referrals.requested_at"):
        yield from _not_seen(evidence)


def _of_team(name: str, own: dict[str, Any], usual: float, overdue: float) -> Iterator[Found]:
    counts = {"patients in care": int(own["people"]), "posts held": int(own["held"])}
    if own["vacant"]:
        yield Found(f"team.{name}.vacant", int(own["vacant"]), "posts vacant on the last day",
                    {"posts vacant": int(own["vacant"])})
    if own["held"]:
        yield Found(f"team.{name}.start_patients", own["people"] / own["held"] / usual,
                    "patients in care / posts held, against those of all teams", counts)
    if overdue and own["people"]:
        yield Found(f"team.{name}.start_overdue", _weeks(own["late"]) / overdue,
                    "(mean days overdue + 3) / 7, against that of all teams", counts)


def _weeks(late_days: float) -> float:
    return max(0.0, (late_days + MIDDLE) / DAYS_A_WEEK)


def _teams(evidence: Evidence) -> Teams:
    """By site and profession: posts held and vacant, patients in care and the mean days they are overdue."""
    posts = posts_of(evidence)
    found: Teams = {
        (site, profession): {"held": held, "vacant": vacant, "people": 0, "late": 0.0}
        for site, profession, held, vacant in zip(
            *(posts[name].tolist() for name in ("site", "profession", "held", "vacant")), strict=True)
    }
    spans = evidence.view.spans
    waiting = spans.filter(spans.event == "waiting")
    late = (waiting.days - waiting.prescribed_interval_days).cast("float64")
    table = waiting.group_by(
        site=waiting.site.fill_null(EVERYBODY), profession=waiting.profession.fill_null(EVERYBODY),
    ).agg(people=waiting.patient.count(), late=late.mean())
    for row in fetch(table):
        own = found.get((row["site"], row["profession"]))
        if own is not None:
            own |= {"people": row["people"], "late": row["late"] or 0.0}
    return found


def _not_seen(evidence: Evidence) -> Iterator[Found]:
    rows = evidence.courses.spells
    rows = rows.filter((rows.opened == "asked") & (rows.end == "waiting"))
    rows = rows.mutate(site=rows.site.fill_null(EVERYBODY))
    table = rows.group_by("need", "site").agg(people=rows.patient.count(), days=rows.open_days.sum())
    found = columns_of(table.order_by("need", "site"))
    for need in dict.fromkeys(found["need"].tolist()):
        own = found["need"] == need
        people = int(found["people"][own].sum())
        for site, number in zip(found["site"][own].tolist(), found["people"][own].tolist(), strict=True):
            yield Found(f"need.{need}.waiting.{site}", int(number), "asked and not seen by the last day",
                        {"patients waiting": int(number)})
        weeks = 2 * float(found["days"][own].sum()) / people / DAYS_A_WEEK
        yield Found(f"need.{need}.waiting_weeks", weeks, "2 x mean weeks since they asked",
                    {"patients waiting": people})


FAMILY = Family("the first day", (), find)
