"""The first day of the service: the Monday after the records, and who is in care or waits then.

    patients       = patients in care / posts held;           of a team its own, against that
    overdue_weeks  = (mean days by which they are overdue + 3) / 7, at least 0;     likewise
    start_due_days = quantiles of the day due, counted from the day that overdue_weeks says
    start_needs    = patients of each need group / patients in care, of a team
    start_visits, start_progress = what they have had and what it has brought: `so_far`
    start_missed   = patients in care who missed 1, 2, ... visits or more since last seen / patients in care
    start_put_off_days = days from the plan of the last visit to the day due, for each of these
    vacant         = posts vacant on the last day
    new_share, new_days, new_caseload_days, exhaustion, under_notice   who holds the posts: `posts_now`
    waiting        = patients who asked and have not been seen; waiting_weeks = 2 x mean weeks since they
                   asked; waiting_shares = quantiles of these weeks over waiting_weeks
    away           = patients who left and will ask again: `away`

A patient is in care who has been seen in an episode that is open. The next visit is due when the plan of the
last says, or the rule for booking again after a no-show. Quantiles tell of at least as many patients as may
be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP
from careload.model.belief import Beliefs, Found
from careload.model.courses import EVERYBODY
from careload.model.direct.away import still_away
from careload.model.direct.posts_now import find_posts
from careload.model.direct.teams import posts_of, team_name
from careload.model.direct.visits_had import HALF_A_DAY, find_visits_had
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.quantiles import BY_QUANTILES, told

Numbers = NDArray[np.float64]
_ = ibis._

MIDDLE, DAYS_A_WEEK, WORKING_DAYS = 3, 7, 5
MOST_SHARES = 11
"""Numbers that a service file holds of a kind at most."""
ENDS = ("completed", "dropped", "died", "moved", "other")
"""Ends of a spell that are ends of care, or of asking for it."""


@dataclass(frozen=True)
class Team:
    """Posts of a team, and its patients in care.

    held, vacant  posts
    days          (kinds,) days from the last of the records to when patients are due, rising; below 0 overdue
    people        (kinds,) patients with each
    missed        (kinds of misses,) how many have missed 0, 1, ... visits since they were last seen
    put_off       days by which each of these visits has put off when patients are due
    in_care       patients, those too of whom nobody knows when they are due
    """

    held: int
    vacant: int
    days: Numbers
    people: Numbers
    missed: Numbers
    put_off: float
    in_care: int

    @property
    def overdue_weeks(self) -> float:
        """(mean days overdue + 3) / 7, at least 0."""
        return _weeks(self.days, self.people)


def _weeks(days: Numbers, people: Numbers) -> float:
    late = MIDDLE - float(days @ people) / max(float(people.sum()), 1.0)
    return max(0.0, late / DAYS_A_WEEK)


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Day, patients in care and what they have had, posts new and vacant, who has not been seen."""
    monday = evidence.as_of + timedelta(days=DAYS_A_WEEK - evidence.as_of.weekday())
    yield Found("start.date", monday, "the Monday after the last day of the records")
    now = evidence.view.keep("model_now", _now(evidence))
    teams = _teams(evidence, now.filter(now.seen > 0))
    yield from _of_teams(teams, (monday - evidence.as_of).days)
    yield from find_posts(evidence, now.filter(now.seen > 0), monday, so_far)
    yield from _mixed(now.filter(now.seen > 0), teams)
    yield from find_visits_had(evidence, now.filter(now.seen > 0), so_far)
    if evidence.has("referrals.requested_at"):
        sites = {site for site, _profession in teams}
        yield from _not_seen(_at_sites(now.filter(now.seen == 0), sites))
        yield from still_away(evidence, so_far, sites)


def _now(evidence: Evidence) -> ir.Table:
    """Who is in care or waits on the last day: patient, need, site, profession, clinician, seen (visits in
    the open episode), plan (days, of the last), alike (how many of
    them had that plan), whole (whether the records have all of it), days (to when
    they are due), missed (visits since the last seen), put_off (days by which these put off the day due),
    asked (days since they asked)."""
    spells, visits = evidence.courses.spells, evidence.courses.visits
    inside = _inside(visits.filter(visits.closed_on.isnull()))
    missed = spells.filter(spells.opened == "missed").select(whose_="patient", missed_on="day")
    missed = missed.join(inside, missed.whose_ == inside.whose)
    missed = missed.filter(missed.missed_on > missed["last"])
    missed = missed.group_by("whose_").agg(missed=_.missed_on.count())
    asked = spells.filter(spells.opened == "asked")
    asked = asked.group_by(who_asked=asked.patient).agg(
        asked_on=asked.day.max(), asked_where=asked.site.argmax(asked.day))
    ended = spells.filter(spells.end.isin(ENDS))
    ended = ended.group_by(who_ended=ended.patient).agg(ended_on=ended.end_day.max())
    rows = spells.filter(spells.end == "waiting")
    rows = rows.left_join(inside, rows.patient == inside.whose)
    rows = rows.left_join(asked, rows.patient == asked.who_asked)
    rows = rows.left_join(missed, rows.patient == missed.whose_)
    rows = rows.left_join(ended, rows.patient == ended.who_ended)
    # Who asked before care ended has had an answer, whatever happened since.
    again = rows.ended_on.isnull() | (rows.asked_on >= rows.ended_on)
    unseen = ibis.literal(evidence.as_of).delta(rows["last"], unit="day").cast("int64")
    since = ibis.literal(evidence.as_of).delta(rows.asked_on, unit="day").cast("float64")
    return rows.select(
        "patient", "need", "plan", seen=rows.seen.fill_null(0), whole=rows.whole.fill_null(True),
        days=-rows.late_days.cast("int64"), asked=ibis.ifelse(again, since, ibis.null("float64")),
        missed=rows.missed.fill_null(0), alike=rows.alike.fill_null(0),
        put_off=ibis.ifelse(rows.missed > 0, unseen - rows.plan - rows.late_days, 0),
        site=ibis.coalesce(rows["where"], rows.site, rows.asked_where, EVERYBODY),
        profession=rows.who.fill_null(EVERYBODY), clinician=rows.by,
    )


def _inside(visits: ir.Table) -> ir.Table:
    """One row per patient of visits in open episodes: whose, seen (their number), where, who, by (site,
    profession and clinician of the last), whole, last (its day), plan, alike (how many had that plan)."""
    found = visits.group_by(whose=visits.patient).agg(
        seen=visits.day.count(), where=visits.site.argmax(visits.number),
        who=visits.profession.argmax(visits.number), by=visits.clinician.argmax(visits.number),
        whole=visits.whole.all(), last=visits.day.max(), plan=visits.plan.argmax(visits.number),
    )
    latest = found.select("whose", latest="plan")
    alike = visits.join(latest, visits.patient == latest.whose)
    alike = alike.filter((alike.plan - alike.latest).abs() <= HALF_A_DAY)
    alike = alike.group_by(of="whose").agg(alike=_.day.count())
    return found.left_join(alike, found.whose == alike["of"]).drop("of")


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
                                       missed.astype(float), put_off, int(people.sum()))
    return found


def _of_teams(teams: dict[tuple[str, str], Team], lead: int) -> Iterator[Found]:
    """Patients of all teams and of each.

    lead  days from the last of the records to the first of the service
    """
    held, people = (sum(getattr(own, name) for own in teams.values()) for name in ("held", "in_care"))
    if not (held and people):
        return
    days, of_each = (np.concatenate([getattr(own, name) for own in teams.values()])
                     for name in ("days", "people"))
    overdue = _weeks(days, of_each)
    counts = {"patients in care": people}
    yield Found("start.patients", people / held, "patients in care / posts held",
                counts | {"posts held": held})
    yield Found("start.overdue_weeks", overdue, "(mean days overdue + 3) / 7", counts)
    for (site, profession), own in teams.items():
        yield from _of_team(team_name(site, profession), own, people / held, overdue, lead)


def _of_team(name: str, own: Team, usual: float, overdue: float, lead: int) -> Iterator[Found]:
    counts = {"patients in care": own.in_care}
    if own.vacant:
        yield Found(f"team.{name}.vacant", own.vacant, "posts vacant on the last day",
                    {"posts vacant": own.vacant})
    if own.held:
        yield Found(f"team.{name}.start_patients", own.in_care / own.held / usual,
                    "patients in care / posts held, against those of all teams",
                    counts | {"posts held": own.held})
    if overdue and own.in_care:
        yield Found(f"team.{name}.start_overdue", own.overdue_weeks / overdue,
                    "(mean days overdue + 3) / 7, against that of all teams", counts)
    if own.people.sum() >= SMALLEST_GROUP:
        ago = round(DAYS_A_WEEK * own.overdue_weeks) if overdue else 0
        days = told(*_together(working_days(own.days - lead), own.people))
        yield Found(f"team.{name}.start_due_days",
                    tuple(round(each * DAYS_A_WEEK / WORKING_DAYS + ago, 3) for each in days),
                    BY_QUANTILES + "; a week as its working days", counts)
        yield from _missed(name, own, counts)


def working_days(days: Numbers) -> Numbers:
    """Days from a Monday as working days from it; what lies at a weekend is taken for the Friday."""
    weeks, within = np.divmod(days, DAYS_A_WEEK)
    return np.asarray(WORKING_DAYS * weeks + np.minimum(within, WORKING_DAYS - 1))


def _missed(name: str, own: Team, counts: Mapping[str, float]) -> Iterator[Found]:
    """What patients have missed since they were last seen, as far as it does not tell of a few."""
    or_more = np.cumsum(own.missed[::-1])[::-1][1: MOST_SHARES + 1]
    or_more = or_more[or_more >= SMALLEST_GROUP]
    if len(or_more):
        shares = tuple(round(float(each) / float(own.missed.sum()), 4) for each in or_more)
        yield Found(f"team.{name}.start_missed", shares,
                    "patients in care who have missed 1, 2, ... visits or more / patients in care", counts)
        yield Found(f"team.{name}.start_put_off_days", max(0.0, own.put_off),
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


def _at_sites(rows: ir.Table, sites: set[str]) -> ir.Table:
    """Those at sites that have a team; where there is but one, all."""
    if len(sites) == 1:
        return rows.mutate(site=ibis.literal(next(iter(sites))))
    return rows.filter(rows.site.isin(sorted(sites)))


def _not_seen(rows: ir.Table) -> Iterator[Found]:
    """Who asked, or missed the first visit, and has not been seen."""
    table = columns_of(rows.filter(rows.asked.notnull()).group_by("need", "site", "asked").agg(
        people=_.patient.count()).order_by("need", "site", "asked"))
    for need in dict.fromkeys(table["need"].tolist()):
        own = table["need"] == need
        sites, days, people = (table[name][own] for name in ("site", "asked", "people"))
        for site in dict.fromkeys(sites.tolist()):
            number = int(people[sites == site].sum())
            yield Found(f"need.{need}.waiting.{site}", number, "asked and not seen by the last day",
                        {"patients waiting": number})
        counts, mean = {"patients waiting": int(people.sum())}, float(np.average(days, weights=people))
        yield Found(f"need.{need}.waiting_weeks", 2 * mean / DAYS_A_WEEK, "2 x mean weeks since they asked",
                    counts)
        if people.sum() >= SMALLEST_GROUP:
            values, people = _together(days, people)
            shares = told(values, people) if len(values) else ()
            yield Found(f"need.{need}.waiting_shares",
                        tuple(round(max(each, 0.0) / max(1, round(2 * mean)), 4) for each in shares),
                        BY_QUANTILES, counts)


def _together(days: Numbers, people: Numbers) -> tuple[Numbers, Numbers]:
    """People of all sites by how many days they have waited, rising."""
    values = np.unique(days)
    return values.astype(float), np.array([people[days == value].sum() for value in values], dtype=float)


FAMILY = Family("the first day", (), find)
