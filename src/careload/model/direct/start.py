"""The first day of the service: the Monday after the records, and who is in care or waits then.

    patients       = patients in care / posts held;           of a team its own, against that
    overdue_weeks  = (mean days by which they are overdue + 3) / 7, at least 0;     likewise
    start_due_days = quantiles of the day due, counted from the day that overdue_weeks says
    start_needs    = patients of each need group / patients in care, of a team
    start_visits, start_progress = what they have had and what it has brought: `so_far`
    start_missed   = patients in care who missed 1, 2, ... visits or more since last seen / patients in care;
                     of a team where few did, that of all teams; few of all stand for five
    start_put_off_days = days from the plan of the last visit to the day due, for each of these
    vacant         = posts vacant on the day after the last
    new_share, new_..., exhaustion, under_notice = who holds the posts: `posts_now`
    start_put_off_hours = work put off into the first week: `put_off`
    waiting, waiting_... = who has not been seen: `not_seen`
    away           = patients who left and will ask again: `away`

Who is in care, and when their next visit is due, says `who_is_there`. Quantiles tell of at least as many
patients as may be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP
from careload.model.belief import Beliefs, Found
from careload.model.direct.away import still_away
from careload.model.direct.not_seen import find_not_seen
from careload.model.direct.posts_now import find_posts
from careload.model.direct.put_off import find_put_off
from careload.model.direct.teams import posts_of, team_name
from careload.model.direct.visits_had import find_visits_had
from careload.model.direct.who_is_there import who_is_there
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.quantiles import (
    BY_QUANTILES,
    MIDDLE_OF_FEW,
    few_as_five,
    rounded,
    shares_or_more,
    together,
    told,
)

Numbers = NDArray[np.float64]
_ = ibis._

NO_ENDS = "No end of care is recorded: counted are those with a visit booked or a plan not long run out."
MIDDLE, DAYS_A_WEEK, WORKING_DAYS = 3, 7, 5


@dataclass(frozen=True)
class Team:
    """Posts of a team, and its patients in care.

    held, vacant  posts
    days          (kinds,) days from the last of the records to when patients are due, rising; below 0 overdue
    people        (kinds,) patients with each
    missed        (kinds of misses,) how many have missed 0, 1, ... visits since they were last seen
    put_off       days by which each of these visits has put off when patients are due
    in_care       patients, those too of whom nobody knows when they are due; a part of those who are nobody's
    """

    held: int
    vacant: int
    days: Numbers
    people: Numbers
    missed: Numbers
    put_off: float
    in_care: float

    @property
    def overdue_weeks(self) -> float:
        """(mean days overdue + 3) / 7, at least 0."""
        return _weeks(self.days, self.people)


def _weeks(days: Numbers, people: Numbers) -> float:
    late = MIDDLE - float(days @ people) / max(float(people.sum()), 1.0)
    return max(0.0, late / DAYS_A_WEEK)


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Day, patients in care and what they have had, posts new and vacant, who has not been seen."""
    monday = evidence.next_monday
    yield Found("start.date", monday, "the Monday after the last day of the records")
    lead, now = (monday - evidence.as_of).days, who_is_there(evidence)
    in_care = now.filter(now.in_care)
    teams = _teams(evidence, in_care)
    yield from _of_teams(evidence, teams, lead)
    yield from find_posts(evidence, in_care, monday, so_far)
    yield from find_put_off(evidence, so_far)
    yield from _mixed(in_care, teams)
    yield from find_visits_had(evidence, in_care, so_far)
    if evidence.has("referrals.requested_at"):
        sites = {site for site, _profession in teams}
        yield from find_not_seen(evidence, now, sites, lead, so_far)
        yield from still_away(evidence, so_far, sites)


def _teams(evidence: Evidence, in_care: ir.Table) -> dict[tuple[str, str], Team]:
    """By site and profession: posts, and patients in care."""
    posts = posts_of(evidence)
    table = columns_of(in_care.group_by("site", "profession", "days").agg(people=_.patient.count())
                       .order_by("site", "profession", "days"))
    misses = columns_of(in_care.group_by("site", "profession", "missed").agg(
        people=_.patient.count(), put_off=_.put_off.sum(), planned=_.put_off.count(),
    ).order_by("site", "profession", "missed"))
    found = {}
    for site, profession, held, vacant in zip(
        *(posts[name].tolist() for name in ("site", "profession", "held", "vacant")), strict=True
    ):
        own = (table["site"] == site) & (table["profession"] == profession)
        days, people = (table[name][own].astype(float) for name in ("days", "people"))
        known = ~np.isnan(days)
        of_misses = (misses["site"] == site) & (misses["profession"] == profession)
        times = misses["missed"][of_misses].astype(int)
        missed = np.bincount(times, misses["people"][of_misses])
        planned = float(times @ misses["planned"][of_misses].astype(float))
        put_off = float(np.nansum(misses["put_off"][of_misses].astype(float))) / max(planned, 1.0)
        found[site, profession] = Team(int(held), int(vacant), days[known], people[known],
                                       missed.astype(float), put_off, float(people.sum()))
    keys = zip(table["site"].tolist(), table["profession"].tolist(), strict=True)
    elsewhere = np.array([key not in found for key in keys], dtype=bool)
    days, people = (table[name][elsewhere].astype(float) for name in ("days", "people"))
    return _with_others(found, table["site"][elsewhere], days, people)


def _with_others(
    teams: dict[tuple[str, str], Team], sites: NDArray[np.str_], days: Numbers, people: Numbers
) -> dict[tuple[str, str], Team]:
    """The teams with patients of whom nobody knows whose they are: where most are overdue, most of these.

    sites, days, people  (kinds,) where they are, as far as anybody knows; days until due; how many
    """
    overdue = {key: float(own.people[own.days < 0].sum()) for key, own in teams.items()}
    found = dict(teams)
    for site in dict.fromkeys(sites.tolist()):
        here = {key: late for key, late in overdue.items() if key[0] == site} or overdue
        own = (sites == site) & ~np.isnan(days)
        for key, late in here.items():
            part = late / sum(here.values()) if sum(here.values()) else 1 / len(here)
            team = found[key]
            found[key] = replace(team, days=np.append(days[own], team.days),
                                 people=np.append(part * people[own], team.people),
                                 in_care=team.in_care + part * float(people[own].sum()))
    return found


def _of_teams(evidence: Evidence, teams: dict[tuple[str, str], Team], lead: int) -> Iterator[Found]:
    """Patients of all teams and of each; few stand for five.

    lead  days from the last of the records to the first of the service
    """
    held, people = (sum(getattr(own, name) for own in teams.values()) for name in ("held", "in_care"))
    if not (held and people):
        return
    people = few_as_five(people)
    days, of_each = (np.concatenate([getattr(own, name) for own in teams.values()])
                     for name in ("days", "people"))
    overdue = _weeks(days, of_each)
    counts = {"patients in care": round(people)}
    known = evidence.has("episodes.closed_on")
    yield Found("start.patients", people / held, "patients in care / posts held",
                counts | {"posts held": held}, origin="records" if known else "lower bound",
                note="" if known else NO_ENDS)
    yield Found("start.overdue_weeks", overdue, "(mean days overdue + 3) / 7", counts)
    of_all = _misses_of_all(list(teams.values()))
    for (site, profession), own in teams.items():
        yield from _of_team(team_name(site, profession), own, people / held, overdue, lead)
        yield from _missed(team_name(site, profession), own, of_all)


def _of_team(name: str, own: Team, per_post: float, overdue: float, lead: int) -> Iterator[Found]:
    """Patients and posts of a team, against those of all.

    per_post, overdue  patients for each post held, weeks overdue, of all teams
    lead               days from the last of the records to the first of the service
    """
    counts = {"patients in care": round(own.in_care)}
    if own.vacant:
        yield Found(f"team.{name}.vacant", own.vacant, "posts vacant on the day after the last",
                    {"posts vacant": own.vacant})
    if own.held:
        yield Found(f"team.{name}.start_patients", few_as_five(own.in_care) / own.held / per_post,
                    "patients in care / posts held, against those of all teams",
                    counts | {"posts held": own.held})
    if overdue and own.in_care:
        yield Found(f"team.{name}.start_overdue", own.overdue_weeks / overdue,
                    "(mean days overdue + 3) / 7, against that of all teams", counts)
    if own.people.sum() >= SMALLEST_GROUP:
        ago = round(DAYS_A_WEEK * own.overdue_weeks) if overdue else 0
        days = told(*together(working_days(own.days - lead), own.people))
        yield Found(f"team.{name}.start_due_days",
                    tuple(round(each * DAYS_A_WEEK / WORKING_DAYS + ago, 3) for each in days),
                    BY_QUANTILES + "; a week as its working days", counts)


def working_days(days: Numbers) -> Numbers:
    """Days from a Monday as working days from it; what lies at a weekend is taken for the Friday."""
    weeks, within = np.divmod(days, DAYS_A_WEEK)
    return np.asarray(WORKING_DAYS * weeks + np.minimum(within, WORKING_DAYS - 1))


@dataclass(frozen=True)
class Misses:
    """Visits missed since last seen.

    shares   of patients who have missed 1, 2, ... or more
    put_off  days by which each has put off when they are due
    """

    shares: tuple[float, ...]
    put_off: float


def _misses_of_all(teams: Sequence[Team]) -> Misses:
    """Of all teams: what stands for a team in which few have missed a visit. Few of all stand for five."""
    most = max(len(own.missed) for own in teams)
    missed = np.sum([np.pad(own.missed, (0, most - len(own.missed))) for own in teams], axis=0)
    visits = [float(own.missed @ np.arange(len(own.missed))) for own in teams]
    put_off = sum(own.put_off * number for own, number in zip(teams, visits, strict=True))
    shares = shares_or_more(missed)
    if not shares and missed[1:].sum():
        shares = rounded([min(MIDDLE_OF_FEW / float(missed.sum()), 1.0)])
    return Misses(shares, put_off / max(sum(visits), 1.0))


def _missed(name: str, own: Team, of_all: Misses) -> Iterator[Found]:
    """What patients have missed since they were last seen.

    of_all  stands for a team of which it would tell of a few
    """
    if own.people.sum() < SMALLEST_GROUP:
        return
    some = own.missed[1:].sum()
    found = Misses(shares_or_more(own.missed), own.put_off) if some >= SMALLEST_GROUP or not some else of_all
    if not found.shares:
        return
    counts = {"patients in care": round(own.in_care)}
    yield Found(f"team.{name}.start_missed", found.shares,
                "patients in care who have missed 1, 2, ... visits or more / patients in care", counts)
    yield Found(f"team.{name}.start_put_off_days", max(0.0, found.put_off),
                "days from the plan of the last visit to the day due / visits missed since", counts)


def _mixed(in_care: ir.Table, teams: Mapping[tuple[str, str], Team]) -> Iterator[Found]:
    """Of which need groups the patients of each team are, groups of few left out."""
    table = columns_of(in_care.group_by("site", "profession", "need").agg(people=_.patient.count())
                       .order_by("site", "profession", "need"))
    site, profession, people = table["site"], table["profession"], table["people"]
    for team in teams:
        own = (site == team[0]) & (profession == team[1]) & (people >= SMALLEST_GROUP)
        for need, share in zip(table["need"][own].tolist(), people[own] / people[own].sum(), strict=True):
            yield Found(f"team.{team_name(*team)}.start_needs.{need}", round(float(share), 4),
                        "patients of the need group / patients in care, of the team",
                        {"patients in care": int(people[own].sum())})


FAMILY = Family("the first day", (), find)
