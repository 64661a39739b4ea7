"""What is lost when a clinician leaves, and how long before it they take no new patient.

    hand_over_loss = (patients of leavers who dropped out within days after - as many as drop out anyway)
                     / patients of leavers
    notice_weeks: whole weeks n before leaving; new patients a leaver sees in a week ~ Poisson,
                  at one rate before the last n, at a much smaller one in them; each n as likely as its fit

A leaver's patients are those they saw last alone (`caseload`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import ibis
import numpy as np
from scipy.special import gammaln

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Found
from careload.model.caseload import in_care, stays_on_caseloads
from careload.model.chances import Numbers
from careload.model.clusters import uneven_share
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.given import within_range
from careload.model.staffing import days_after

WITHIN_DAYS = 3
"""After the last day of a clinician in which dropping out counts as of the hand-over: a weekend (assumed)."""
LEAST_PATIENTS = 5
MOST_WEEKS, LOOK_BACK = 26, 52
FEWER = 0.2
"""Under notice new patients are believed to be about so many of the usual (assumed)."""
NOTICE_SURE = 0.9
FORMULA = "patients of leavers who dropped out within 3 days, less those who do anyway / patients of leavers"


@within_range
def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Loss at hand-over, and notice."""
    dropped, patients = counted(evidence)
    if patients.sum() >= LEAST_PATIENTS:
        anyway = dropping_anyway(evidence)
        draws = uneven_share(dropped, patients, evidence.generator("hand_over_loss"))
        share = float(dropped.sum() / patients.sum())
        yield Found(
            "workforce.hand_over_loss", min(1.0, max(0.0, share - anyway)), FORMULA,
            {"leavers": len(patients), "their patients": int(patients.sum()),
             "dropped out": int(dropped.sum()), "share that drops out anyway": round(anyway, 4)},
            np.clip(draws - anyway, 0, 1),
        )
    yield from _notice(evidence)


def counted(evidence: Evidence) -> tuple[Numbers, Numbers]:
    """By leaver: patients who dropped out just after, patients at leaving."""
    stays = stays_on_caseloads(evidence.courses, evidence.staffing)
    seen = ibis.literal(evidence.as_of - timedelta(days=WITHIN_DAYS))
    stays = stays.filter(stays.left_on.notnull() & (stays.left_on <= seen))
    after = days_after(stays.left_on, 1)
    # Some close the care of a leaver's patients on the last day, some on the day after.
    own = stays.filter((stays.until == after) | (stays.closed_on == stays.left_on).fill_null(False))
    dropped = (own.reason == "dropped") & (own.closed_on <= days_after(own.left_on, WITHIN_DAYS))
    dropped = dropped.fill_null(False)
    table = own.group_by("clinician").agg(dropped=dropped.sum(), patients=own.patient.count())
    found = columns_of(table.order_by("clinician"))
    return found["dropped"].astype(float), found["patients"].astype(float)


def dropping_anyway(evidence: Evidence) -> float:
    """Share of patients in care who drop out in as many days without any hand-over."""
    stays = in_care(evidence.courses, evidence.staffing)
    days = stays.until.delta(stays["first"], unit="day").cast("int64")
    in_days = columns_of(stays.agg(days=days.sum()))["days"][0]
    rows = evidence.view.closures
    dropped = columns_of(rows.agg(dropped=(rows.event == "dropped").sum()))["dropped"][0]
    return float(1 - np.exp(-WITHIN_DAYS * float(dropped or 0) / float(in_days))) if in_days else 0.0


def _notice(evidence: Evidence) -> Iterator[Found]:
    new, leavers = new_patients_before_leaving(evidence)
    if new.sum() < LEAST_PATIENTS:
        return
    chances = notice_chances(new, leavers)
    weeks = evidence.generator("notice_weeks").choice(len(chances), NUMBER_OF_DRAWS, p=chances)
    best = int(np.argmax(chances))
    if chances[max(best - 1, 0): best + 2].sum() < NOTICE_SURE:
        return
    yield Found(
        "workforce.notice_weeks", float(best), "whole weeks before leaving without new patients",
        {"leavers": int(leavers.max()), "new patients in their last year": int(new.sum()),
         "of these in the notice": int(new[:best].sum())}, weeks.astype(float),
    )


def notice_chances(new: Numbers, leavers: Numbers) -> Numbers:
    """How likely each number of whole weeks of notice is, 0 to MOST_WEEKS.

    new      (weeks,) new patients by whole weeks before the last day, the last first
    leavers  (weeks,) leavers employed in them
    """
    usual = new.sum() / leavers.sum()
    return _normed(np.array([
        _fit(new[:n].sum(), leavers[:n].sum(), FEWER * usual) + _fit(new[n:].sum(), leavers[n:].sum(), usual)
        for n in range(MOST_WEEKS + 1)
    ]))


def _fit(events: float, exposure: float, usual: float) -> float:
    """Logarithm of the chance of Poisson events at a rate believed exponential around the usual one."""
    return float(gammaln(events + 1) - (events + 1) * np.log(exposure + 1 / usual) - np.log(usual))


def _normed(logs: Numbers) -> Numbers:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def new_patients_before_leaving(evidence: Evidence) -> tuple[Numbers, Numbers]:
    """By whole weeks before leaving, the last first: new patients of leavers, and leavers employed then."""
    people = evidence.staffing.people
    people = people.filter(people.left_on.notnull())
    people = people.select(whose="clinician", gone="left_on", came="hired_on")
    first = ibis.literal(evidence.first)
    since = ibis.greatest(people.came.fill_null(evidence.first), first)
    weeks = (people.gone.delta(since, unit="day").cast("int64") // 7).cast("int64")
    here = columns_of(people.mutate(weeks=weeks).group_by("weeks").agg(leavers=ibis._.count()))
    visits = evidence.courses.visits
    visits = visits.filter(visits.whole & (visits.number == 0) & (visits.kind != "crisis").fill_null(True))
    rows = visits.join(people, visits.clinician == people.whose)
    before = (rows.gone.delta(rows.day, unit="day").cast("int64") // 7).cast("int64")
    rows = rows.mutate(before=before).filter(before >= 0)
    seen = columns_of(rows.group_by("before").agg(new=rows.count()))
    new, leavers = np.zeros(LOOK_BACK), np.zeros(LOOK_BACK)
    for week, number in zip(seen["before"], seen["new"], strict=True):
        if week < LOOK_BACK:
            new[week] += number
    for whole, number in zip(here["weeks"], here["leavers"], strict=True):
        leavers[: max(min(int(whole), LOOK_BACK), 0)] += number
    return np.where(leavers > 0, new, 0.0), leavers


FAMILY = Family("hand-over", ("clinicians.left_on", "appointments.clinician"), find)
