"""How exhausted those are who work here: as unpaid work has made them, or as they said.

    e(week + 1) = e (1 - recovery) + rise x u(week), at most 1;  of its share of newcomers: exhaustion_start
    e(first)    = what the mean of u in the records would lead to in the long run
    u           = hours after hours / hours paid, of a week
    in the week of a staff survey e ~ Beta(burned out + 1/2, answers - burned out + 1/2)

exhaustion_start, rise and recovery are as believed. Without hours all are as exhausted as newcomers, after a
survey as they said. Source: first-order decay is our assumption, as in `careload.simulate`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Draws, Found
from careload.model.chances import JEFFREYS
from careload.model.evidence import Evidence, columns_of
from careload.model.given import draws_at

Numbers = NDArray[np.float64]
PLACE = "start.exhaustion"
FORMULA = "exhaustion after the last week, by unpaid work since the first or a survey, / exhaustion_start"
NEVER, DAYS_A_WEEK = 1e-6, 7


def find_exhaustion(evidence: Evidence, so_far: Beliefs, since: date | None = None) -> Iterator[Found]:
    """Exhaustion on the last day against that of newcomers.

    since  a day on which all were as exhausted as newcomers; default: none is known
    """
    course = course_of(evidence, so_far, since)
    if course is None:
        return
    start = np.maximum(draws_at(evidence, so_far, "workforce.exhaustion_start"), NEVER)
    ratio = course[-1] / start
    yield Found(PLACE, float(np.median(ratio)), FORMULA, {"weeks": len(course) - 1}, ratio)


def course_of(evidence: Evidence, so_far: Beliefs, since: date | None = None) -> Numbers | None:
    """Mean exhaustion at first and after each week, (weeks + 1, draws); None where nothing shows it."""
    first = since or evidence.first
    unpaid, said = _unpaid(evidence, first), _said(evidence, first)
    if unpaid is None and not said:
        return None
    rise, recovery, start = (draws_at(evidence, so_far, f"workforce.exhaustion_{name}")
                             for name in ("rise", "recovery", "start"))
    new, worked, lost = _newcomers(evidence), unpaid or {}, recovery if unpaid else np.zeros(NUMBER_OF_DRAWS)
    usual = float(np.mean(list(worked.values()))) if worked else 0.0
    tired = start if since or not worked else _in_the_long_run(rise * usual, lost, new, start)
    course = [tired]
    for week in range(((evidence.as_of - first).days + 1) // DAYS_A_WEEK):
        tired = course[-1] * (1 - lost) + rise * worked.get(week, usual)
        tired = np.minimum(tired + new * (start - tired), 1.0)
        course.append(said.get(week, tired))
    return np.array(course)


def _in_the_long_run(push: Draws, lost: Draws, new: float, start: Draws) -> Draws:
    """e with  e = (1 - new) (e (1 - lost) + push) + new start, at most 1."""
    stays = (1 - new) * (1 - lost)
    return np.minimum(((1 - new) * push + new * start) / np.maximum(1 - stays, NEVER), 1.0)


def _unpaid(evidence: Evidence, first: date) -> Mapping[int, float] | None:
    """Week to hours after hours / hours paid; None where nobody wrote them down."""
    if not (evidence.has("hours.after_hours") and evidence.has("hours.paid")):
        return None
    rows = evidence.view.table("hours")
    rows = rows.filter((rows.week_start >= first) & (rows.week_start <= evidence.as_of) & (rows.paid > 0))
    week = rows.week_start.delta(ibis.literal(first), unit="day").cast("int64") // DAYS_A_WEEK
    found = columns_of(rows.group_by(week=week).agg(
        unpaid=rows.after_hours.fill_null(0.0).sum(), paid=rows.paid.sum()).order_by("week"))
    shares = found["unpaid"].astype(float) / found["paid"].astype(float)
    return dict(zip(found["week"].tolist(), shares.tolist(), strict=True)) or None


def _said(evidence: Evidence, first: date) -> dict[int, Draws]:
    """Week to draws of the share burned out, of those who answered a survey in it."""
    if not evidence.has("surveys.burned_out"):
        return {}
    rows = answers(evidence, first)
    week = rows.asked_on.delta(ibis.literal(first), unit="day").cast("int64") // DAYS_A_WEEK
    found = columns_of(rows.group_by(week=week).agg(
        tired=rows.burned_out.sum(), answered=rows.answered.sum()).order_by("week"))
    chance = evidence.generator("exhaustion")
    return {
        week: chance.beta(tired + JEFFREYS, answered - tired + JEFFREYS, NUMBER_OF_DRAWS)
        for week, tired, answered in zip(*(found[name].tolist() for name in ("week", "tired", "answered")),
                                         strict=True)
    }


def answers(evidence: Evidence, since: date) -> ir.Table:
    """Staff surveys since a day in which somebody said whether they are burned out."""
    rows = evidence.view.table("surveys")
    rows = rows.filter((rows.asked_on >= since) & (rows.asked_on <= evidence.as_of))
    return rows.filter(rows.burned_out.notnull() & (rows.answered > 0))


def _newcomers(evidence: Evidence) -> float:
    """Of those who work here the share that a week brings."""
    people = evidence.staffing.people
    hired = people.hired_on.notnull() & (people.hired_on > ibis.literal(evidence.first))
    found = columns_of(people.agg(hired=hired.sum(), people=people.clinician.count()))
    number = float(found["people"][0] or 0)
    weeks = max(evidence.years * 365.25 / DAYS_A_WEEK, 1.0)
    return float(found["hired"][0] or 0) / number / weeks if number else 0.0
