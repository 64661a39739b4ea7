"""The service as it stood on an earlier day: it begins then, and all else is as believed today.

    referrals a week then = today's / (1 + growth)^years between
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from careload.model.assembled import completed, keys_of
from careload.model.belief import Belief, Beliefs
from careload.model.direct import start
from careload.model.direct.exhaustion import PLACE as EXHAUSTION
from careload.model.evidence import Evidence
from careload.model.family import fitted
from careload.model.prior import pattern_of

OF_THE_FIRST_DAY = (
    "start.date", "start.patients", "start.overdue_weeks", "start.new_share", "start.new_days",
    "start.new_caseload_days", "start.new_overdue", "start.exhaustion", "start.under_notice",
    "team.*.vacant", "team.*.start_patients", "team.*.start_overdue", "team.*.start_due_days",
    "team.*.start_missed", "team.*.start_put_off_days", "team.*.start_put_off_hours", "team.*.start_needs",
    "need.*.waiting", "need.*.waiting_ratio", "need.*.waiting_weeks", "need.*.waiting_shares",
    "need.*.waiting_missed", "need.*.waiting_put_off_days", "need.*.waiting_urgent",
    "need.*.start_visits", "need.*.start_progress", "need.*.away",
)
"""Parameters that say how the service stands on the day it begins."""
REFERRALS, GROWTH = "need.*.arrivals_per_week", "trend_per_year"
DAYS_A_YEAR, WEEK = 365.25, 7
RUN_IN = 13
"""Weeks of records before the runs begin: who is in care is told by visits."""


def first_week(evidence: Evidence, least_weeks: int) -> date | None:
    """The Monday on which runs beside the records begin; None where fewer weeks than these would be left."""
    monday = evidence.first + timedelta(days=-evidence.first.weekday() % WEEK + WEEK * RUN_IN)
    return monday if ((evidence.as_of - monday).days + 1) // WEEK >= least_weeks else None


def as_it_stood(evidence: Evidence, last: date, beliefs: Beliefs) -> Beliefs:
    """What is believed of a service that begins on the Monday after a day.

    evidence  of today
    last      the earlier day: only what was known at its end says how the service stood
    beliefs   what is believed today
    """
    early, years = evidence.until(last), (evidence.as_of - last).days / DAYS_A_YEAR
    later = {place: _then(own, years, beliefs) for place, own in beliefs.items()
             if pattern_of(place) not in OF_THE_FIRST_DAY}
    first_day = {belief.place: belief for belief in fitted(start.FAMILY, early, later)}
    # How exhausted all are on that day is what runs beside the records look for: exhaustion_start itself.
    then = {place: own for place, own in first_day.items() if _has(later, place) and place != EXHAUSTION}
    return completed({**later, **then}, early)


def _then(belief: Belief, years: float, beliefs: Beliefs) -> Belief:
    """Referrals as they were so many years ago, growth taken off; every other belief as it is."""
    if pattern_of(belief.place) != REFERRALS:
        return belief
    growth = beliefs.get(f"need.{keys_of(belief.place)[1]}.{GROWTH}")
    if growth is None:
        return belief
    alike = len(growth.draws) == len(belief.draws)
    rates = growth.draws if alike else np.full(len(belief.draws), float(growth.value))
    return replace(belief, value=belief.value / (1 + growth.value) ** years,
                   draws=belief.draws / (1 + rates) ** years)


def _has(beliefs: Beliefs, place: str) -> bool:
    """Whether the service has the table of a place, as those of today have it."""
    section, name, *_ = keys_of(place)
    return section == "start" or any(keys_of(other)[:2] == [section, name] for other in beliefs)
