"""Visits that those in care have had, and what these have brought.

    v = visits seen                    where all of the episode is recorded
    P(v) ~ P(N > 1 + B(v - 1)) (1 - leaves)^(v - 1), v > seen
                                       where the records began amid treatment; all visits with the plan of
                                       the last are of one stage, the first of it where others came before;
                                       N = 1 + Poisson(needed - 1)
    B(n)    = what n visits have brought: of each its whole part, and one more by chance (Binomial); the mean
              by the gaps that the need group has had, and by what overload leaves undone
    leaves  = ends of care other than by discharge / visits
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, poisson

from careload.clinic import SMALLEST_GROUP
from careload.model.belief import Beliefs, Found
from careload.model.direct.treatment import with_progress
from careload.model.evidence import Evidence, columns_of
from careload.model.quantiles import BY_QUANTILES, told

Numbers = NDArray[np.float64]
_ = ibis._

MOST_VISITS, MOST_PROGRESS = 400, 2.0
"""Nobody in care is taken to have had more; no visit brings more."""
WITHOUT_DISCHARGE = ("dropped", "died", "moved", "admitted", "other")
HALF_A_DAY = 0.5
"""A plan within it of a cadence is that cadence."""


def find_visits_had(evidence: Evidence, in_care: ir.Table, so_far: Beliefs) -> Iterator[Found]:
    """Visits that those in care of each need group have had, and the mean progress of each but the first.

    in_care  one row per patient: patient, need, seen (visits), whole (whether these are all), plan (days, of
             the last), alike (how many had that plan)
    """
    progress, leaving = mean_progress_by_need(evidence, so_far), leaving_by_need(evidence)
    by = ("need", "whole", "seen", "plan", "alike")
    table = columns_of(in_care.group_by(*by).agg(people=_.patient.count()).order_by(*by))
    for need in dict.fromkeys(table["need"].tolist()):
        own, needed = table["need"] == need, so_far.get(f"need.{need}.visits_needed")
        seen, people, plan, alike = (table[name][own].astype(float)
                                     for name in ("seen", "people", "plan", "alike"))
        if needed is None or people.sum() < SMALLEST_GROUP:
            continue
        mean, counts = progress.get(need, 1.0), {"patients in care": int(people.sum())}
        ends = visits_of_stage(plan, alike, seen, so_far, need)
        whole = table["whole"][own].astype(bool)
        law = law_of_visits_had(seen, whole, people, ends, float(needed.value), mean, leaving.get(need, 0.0))
        some = np.flatnonzero(law > 0)
        quantiles = told(1.0 + some.astype(float), law[some])
        yield Found(f"need.{need}.start_visits", quantiles, BY_QUANTILES, counts)
        yield Found(f"need.{need}.start_progress", round(mean, 4), "mean progress of a visit by its gap",
                    counts)


def law_of_visits_had(
    seen: Numbers, whole: NDArray[np.bool_], people: Numbers, ends: tuple[Numbers, Numbers], needed: float,
    mean_progress: float, leaves: float = 0.0,
) -> Numbers:
    """How many people have had 1, 2, ... visits.

    seen    (kinds,) visits within the records
    whole   (kinds,) whether these are all of the episode
    people  (kinds,) how many they are
    ends    (kinds,) the fewest and the most visits they can have had, by the stage they are in
    needed  mean visits needed
    mean_progress  of a visit but the first
    leaves  chance of leaving without discharge, of each visit
    """
    visits = np.arange(1.0, MOST_VISITS + 1)
    more = needs_more(needed, mean_progress) * (1 - leaves) ** (visits - 1)
    later = visits > seen[:, None]
    stage = (visits >= ends[0][:, None]) & (visits <= ends[1][:, None])
    chances = np.where(later & stage, more, 0.0)
    chances = np.where(chances.sum(axis=1, keepdims=True) > 0, chances, np.where(later, more, 0.0))
    exactly = visits == np.clip(seen, 1, MOST_VISITS)[:, None]
    every = chances.sum(axis=1, keepdims=True)
    law = np.where(whole[:, None] | (every == 0), exactly, chances / np.maximum(every, 1e-300))
    return np.asarray(people @ law)


def needs_more(needed: float, mean_progress: float) -> Numbers:
    """(MOST_VISITS,) chance that more is needed than 1, 2, ... visits have brought.

    P(N > 1 + B), B of v - 1 visits: each brings the whole part of the mean progress, and one more by chance
    """
    others, whole = np.arange(MOST_VISITS)[:, None], int(mean_progress)
    once_more = np.arange(MOST_VISITS)
    chances = binom.pmf(once_more, others, mean_progress - whole)
    more = poisson(max(needed - 1, 1e-6)).sf(others * whole + once_more)
    return np.asarray((chances * more).sum(axis=1))


def leaving_by_need(evidence: Evidence) -> dict[str, float]:
    """Ends of care other than by discharge for each visit, of each need group."""
    spells = evidence.courses.spells
    spells = spells.filter(spells.in_care & (spells.end != "waiting"))
    table = columns_of(spells.group_by("need").agg(
        left=spells.end.isin(WITHOUT_DISCHARGE).sum(), visits=(spells.opened == "held").sum(),
    ).order_by("need"))
    return {need: left / max(visits, 1) for need, left, visits
            in zip(*(table[name].tolist() for name in ("need", "left", "visits")), strict=True)}


def visits_of_stage(
    plan: Numbers, alike: Numbers, seen: Numbers, so_far: Beliefs, need: str
) -> tuple[Numbers, Numbers]:
    """The fewest and the most visits of who is in the stage whose cadence is the plan; any where not one is.

    Of the visits seen so many had that plan; where another came before, they are the first of the stage.
    """
    least, most = np.zeros(len(plan)), np.full(len(plan), float(MOST_VISITS))
    days, starts = (so_far.get(f"need.{need}.{name}") for name in ("cadence_days", "stage_from_visit"))
    if days is None or starts is None or len(days.value) != len(starts.value):
        return least, most
    cadence, first = np.array(days.value, dtype=float), np.array(starts.value, dtype=float)
    last = np.append(first[1:] - 1, MOST_VISITS)
    told = np.abs(plan[:, None] - cadence) <= HALF_A_DAY
    one, which = told.sum(axis=1) == 1, told.argmax(axis=1)
    fewest = np.maximum(first[which], 1.0) + np.maximum(alike, 1.0) - 1
    return np.where(one, fewest, least), np.where(one, np.where(alike < seen, fewest, last[which]), most)


def mean_progress_by_need(evidence: Evidence, so_far: Beliefs) -> dict[str, float]:
    """Mean progress of a visit of each need group, by the gap before it and what overload leaves undone."""
    visits = evidence.courses.visits
    visits = with_progress(visits.filter((_.gap_days > 0) & (_.plan_before > 0)), evidence, so_far)
    by = visits.group_by("need", doublings=visits.doublings.round(1))
    table = columns_of(by.agg(kept=visits.kept.sum(), number=_.patient.count()).order_by("need", "doublings"))
    found = {}
    for need in dict.fromkeys(table["need"].tolist()):
        own, loss = table["need"] == need, so_far.get(f"need.{need}.progress_lost_per_doubling")
        if loss is not None:
            progress = np.exp(-float(loss.value) * table["doublings"][own]) * table["kept"][own]
            found[need] = min(MOST_PROGRESS, float(progress.sum() / table["number"][own].sum()))
    return found
