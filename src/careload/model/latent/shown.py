"""What shows of clinicians, by team, over some weeks: in the records, and in a run of the simulator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service
from careload.model.evidence import Evidence, rows_of
from careload.model.staffing import spans_since
from careload.simulate import Weekly, teams_by_site

Numbers = NDArray[np.float64]
Team = tuple[str, str]
"""Site and profession."""
DAYS_A_YEAR, WEEK = 365.25, 7


@dataclass(frozen=True)
class Between:
    """What shows of teams from one staff survey to the next; nan where it is not recorded.

    weeks    (intervals,) from one survey to the next
    unpaid   (intervals, teams) hours worked unpaid for each hour paid
    leavers  (intervals, teams) clinicians who left
    years    (intervals, teams) clinician-years
    """

    weeks: Numbers
    unpaid: Numbers
    leavers: Numbers
    years: Numbers


@dataclass(frozen=True)
class Shown:
    """What shows of clinicians. Of teams, in the order of the plan; nan where it is not recorded.

    years      (teams,) clinician-years
    leavers    (teams,) clinicians who left
    vacant     (teams,) years posts stood vacant
    filled     (teams,) vacancies filled
    unpaid     (teams,) hours worked unpaid for each hour paid
    exhausted  (surveys, teams) share burned out, in the order in which they were asked
    asked      (surveys, teams) people who answered
    between    what showed from each survey to the next
    """

    years: Numbers
    leavers: Numbers
    vacant: Numbers
    filled: Numbers
    unpaid: Numbers
    exhausted: Numbers
    asked: Numbers
    between: Between


def teams_of(service: Service) -> list[Team]:
    """Site and profession of each team, as the plan numbers them."""
    return [(service["team"][name]["site"], service["team"][name]["profession"])
            for name in teams_by_site(service)]


def of_run(ran: Weekly, surveys: Sequence[int]) -> Shown:
    """What a run shows.

    surveys  weeks at whose end staff are asked; of a team as many are burned out as its exhaustion, summed,
             makes whole people, as in the records a run is written as
    """
    counts = {name: own.sum(axis=0) for name, own in ran.clinicians.items()}
    weeks = 7 / DAYS_A_YEAR
    held = np.rint(np.stack([ran.clinicians["filled"][week] for week in surveys])) if surveys else EMPTY
    tired = np.rint(np.stack([ran.clinicians["exhaustion"][week] for week in surveys])) if surveys else EMPTY
    with np.errstate(invalid="ignore", divide="ignore"):
        return Shown(
            counts["filled"] * weeks, counts["left"], counts["vacant"] * weeks, counts["hired"],
            counts["unpaid_hours"] / counts["paid_hours"], tired / held, held,
            _between(ran.clinicians, surveys),
        )


def _between(counts: Mapping[str, Numbers], surveys: Sequence[int]) -> Between:
    pairs, teams = list(pairwise(surveys)), counts["filled"].shape[1]

    def summed(name: str) -> Numbers:
        return np.array([counts[name][first + 1: last + 1].sum(axis=0) for first, last in pairs]).reshape(
            len(pairs), teams)

    with np.errstate(invalid="ignore", divide="ignore"):
        return Between(np.array([float(last - first) for first, last in pairs]),
                       summed("unpaid_hours") / summed("paid_hours"), summed("left"),
                       summed("filled") * 7 / DAYS_A_YEAR)


EMPTY: Numbers = np.zeros((0, 0))


def of_records(evidence: Evidence, teams: Sequence[Team], first: date) -> tuple[Shown, list[int]]:
    """What the records show from a Monday on, and the weeks from it at which staff were asked.

    Without a table of clinicians, of posts or of hours, its part is nan; without surveys there are none.
    """
    years, leavers = _people(evidence, teams, first)
    vacant, filled = _vacancies(evidence, teams, first)
    exhausted, asked, weeks = _surveys(evidence, teams, first)
    unpaid, between = _unpaid(evidence, teams, first), _between_surveys(evidence, teams, first, weeks)
    return Shown(years, leavers, vacant, filled, unpaid, exhausted, asked, between), weeks


def _between_surveys(evidence: Evidence, teams: Sequence[Team], first: date, weeks: Sequence[int]) -> Between:
    """The same from the Monday after each survey to the Sunday after the next."""
    pairs = [tuple(first + timedelta(days=7 * (week + 1)) for week in pair) for pair in pairwise(weeks)]
    shown = [(_unpaid(evidence, teams, *pair), *_people(evidence, teams, *pair)) for pair in pairs]
    unpaid, years, leavers = (
        np.array([each[place] for each in shown]).reshape(len(pairs), len(teams)) for place in range(3)
    )
    return Between(np.array([float(last - first) for first, last in pairwise(weeks)]), unpaid, leavers, years)


def _people(
    evidence: Evidence, teams: Sequence[Team], first: date, until: date | None = None
) -> tuple[Numbers, Numbers]:
    if not evidence.has("clinicians.hired_on"):
        return _nothing(teams), _nothing(teams)
    rows = evidence.view.table("clinicians")
    rows = _within(rows.mutate(begin=rows.hired_on, end=rows.left_on), evidence, first, until)
    found = _by_team(rows, teams, years=rows.days.sum() / DAYS_A_YEAR, left=rows.ended.sum())
    return found["years"], found["left"]


def _vacancies(evidence: Evidence, teams: Sequence[Team], first: date) -> tuple[Numbers, Numbers]:
    if not evidence.has("posts"):
        return _nothing(teams), _nothing(teams)
    rows = evidence.view.table("posts")
    rows = _within(rows.mutate(begin=rows.vacant_from, end=rows.filled_on), evidence, first)
    found = _by_team(rows, teams, years=rows.days.sum() / DAYS_A_YEAR, filled=rows.ended.sum())
    return found["years"], found["filled"]


def _within(rows: ir.Table, evidence: Evidence, first: date, until: date | None = None) -> ir.Table:
    """Rows with their days from `first` to before `until`, or to the day of the view, and whether they ended
    in these."""
    last = evidence.as_of if until is None else until - timedelta(days=1)
    as_of, start = ibis.literal(last), ibis.literal(first)
    end = ibis.coalesce(ibis.least(rows.end, as_of), as_of)
    rows = rows.mutate(
        ended=ibis.ifelse(rows.end.notnull() & (rows.end <= as_of) & (rows.end >= start), 1, 0),
        days=end.delta(ibis.greatest(rows.begin, start), unit="day").cast("int64") + 1,
    )
    return rows.filter(rows.begin.notnull() & (rows.begin <= as_of) & (rows.days > 0))


def _unpaid(
    evidence: Evidence, teams: Sequence[Team], first: date, until: date | None = None
) -> Numbers:
    if not (evidence.has("hours.after_hours") and evidence.has("hours.paid")):
        return _nothing(teams)
    rows = evidence.view.table("hours")
    last = evidence.as_of if until is None else until - timedelta(days=1)
    rows = rows.filter((rows.week_start >= first) & (rows.week_start <= last))
    found = _by_team(rows, teams, unpaid=rows.after_hours.sum(), paid=rows.paid.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(found["unpaid"] / found["paid"])


def _surveys(evidence: Evidence, teams: Sequence[Team], first: date) -> tuple[Numbers, Numbers, list[int]]:
    if not evidence.has("surveys.burned_out"):
        return EMPTY, EMPTY, []
    rows = evidence.view.table("surveys")
    # Sites asked on other days of one week were asked together; runs have whole weeks only.
    rows = rows.mutate(week=spans_since(rows.asked_on, first, WEEK))
    rows = rows.filter((rows.week >= 0) & (rows.week < ((evidence.as_of - first).days + 1) // WEEK))
    kept = rows_of(rows.group_by("week", "site", "profession").agg(
        burned=rows.burned_out.sum(), answered=rows.answered.sum()))
    weeks = sorted({int(row["week"]) for row in kept})
    shares, asked = np.full((len(weeks), len(teams)), np.nan), np.zeros((len(weeks), len(teams)))
    for row in kept:
        team = (row["site"], row["profession"])
        if team in teams and row["answered"] and row["burned"] is not None:
            place = weeks.index(row["week"]), list(teams).index(team)
            shares[place], asked[place] = row["burned"] / row["answered"], row["answered"]
    return shares, asked, weeks


def _by_team(rows: ir.Table, teams: Sequence[Team], **sums: ir.NumericScalar) -> Mapping[str, Numbers]:
    """Sums by team; 0 for a team of which nothing is recorded."""
    found = {name: np.zeros(len(teams)) for name in sums}
    for row in rows_of(rows.group_by("site", "profession").agg(**sums)):
        team = (row["site"], row["profession"])
        if team in teams:
            _add(found, list(teams).index(team), row)
    return found


def _add(found: Mapping[str, Numbers], place: int, row: Mapping[str, Any]) -> None:
    for name, own in found.items():
        own[place] = float(row[name] or 0.0)


def _nothing(teams: Sequence[Team]) -> Numbers:
    return np.full(len(teams), np.nan)
