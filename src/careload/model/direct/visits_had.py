"""Visits that those in care have had, and what these have brought.

    v = visits seen                    where all of the episode is recorded
    P(v) ~ P(N > done(v)) (1 - quits)^(v - 1), v > seen
                                       where the records began amid treatment: of those of the stage to which
                                       the plan of the last visit belongs;  N = 1 + Poisson(needed - 1)
    done(v) = 1 + (v - 1) x mean progress of a visit, by the gaps that the need group has had
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from careload.clinic import SMALLEST_GROUP
from careload.model.belief import Beliefs, Found
from careload.model.courses import doublings
from careload.model.evidence import Evidence, columns_of
from careload.model.quantiles import BY_QUANTILES, told

Numbers = NDArray[np.float64]
_ = ibis._

MOST_VISITS, MOST_PROGRESS = 400, 2.0
"""Nobody in care is taken to have had more; no visit brings more."""
HALF_A_DAY = 0.5
"""A plan within it of a cadence is that cadence."""


def find_visits_had(evidence: Evidence, in_care: ir.Table, so_far: Beliefs) -> Iterator[Found]:
    """Visits that those in care of each need group have had, and the mean progress of each but the first.

    in_care  one row per patient: patient, need, seen (visits), whole (whether these are all), plan (days)
    """
    progress = mean_progress_by_need(evidence, so_far)
    table = columns_of(in_care.group_by("need", "whole", "seen", "plan").agg(people=_.patient.count())
                       .order_by("need", "whole", "seen", "plan"))
    for need in dict.fromkeys(table["need"].tolist()):
        own, needed = table["need"] == need, so_far.get(f"need.{need}.visits_needed")
        seen, people, plan = (table[name][own].astype(float) for name in ("seen", "people", "plan"))
        if needed is None or people.sum() < SMALLEST_GROUP:
            continue
        mean, counts = progress.get(need, 1.0), {"patients in care": int(people.sum())}
        ends = visits_of_stage(plan, so_far, need)
        whole = table["whole"][own].astype(bool)
        law = law_of_visits_had(seen, whole, people, ends, float(needed.value), mean, _quits(so_far, need))
        some = np.flatnonzero(law > 0)
        quantiles = told(1.0 + some.astype(float), law[some])
        yield Found(f"need.{need}.start_visits", quantiles, BY_QUANTILES, counts)
        yield Found(f"need.{need}.start_progress", round(mean, 4), "mean progress of a visit by its gap",
                    counts)


def law_of_visits_had(
    seen: Numbers, whole: NDArray[np.bool_], people: Numbers, ends: tuple[Numbers, Numbers], needed: float,
    mean_progress: float, quits: float = 0.0,
) -> Numbers:
    """How many people have had 1, 2, ... visits.

    seen    (kinds,) visits within the records
    whole   (kinds,) whether these are all of the episode
    people  (kinds,) how many they are
    ends    (kinds,) the fewest and the most visits of their stage
    needed  mean visits needed
    mean_progress  of a visit but the first
    quits   chance of staying away after a visit
    """
    visits = np.arange(1.0, MOST_VISITS + 1)
    done = np.floor(1.5 + (visits - 1) * mean_progress)
    more = poisson(max(needed - 1, 1e-6)).sf(done - 1) * (1 - quits) ** (visits - 1)
    later = visits > seen[:, None]
    stage = (visits >= ends[0][:, None]) & (visits <= ends[1][:, None])
    chances = np.where(later & stage, more, 0.0)
    chances = np.where(chances.sum(axis=1, keepdims=True) > 0, chances, np.where(later, more, 0.0))
    exactly = visits == np.clip(seen, 1, MOST_VISITS)[:, None]
    every = chances.sum(axis=1, keepdims=True)
    law = np.where(whole[:, None] | (every == 0), exactly, chances / np.maximum(every, 1e-300))
    return np.asarray(people @ law)


def _quits(so_far: Beliefs, need: str) -> float:
    found = so_far.get(f"need.{need}.dropout_per_visit")
    return float(found.value) if found else 0.0


def visits_of_stage(plan: Numbers, so_far: Beliefs, need: str) -> tuple[Numbers, Numbers]:
    """The fewest and the most visits of the stage whose cadence is the plan; of all where not one is."""
    least, most = np.zeros(len(plan)), np.full(len(plan), float(MOST_VISITS))
    days, starts = (so_far.get(f"need.{need}.{name}") for name in ("cadence_days", "stage_from_visit"))
    if days is None or starts is None or len(days.value) != len(starts.value):
        return least, most
    cadence, first = np.array(days.value, dtype=float), np.array(starts.value, dtype=float)
    last = np.append(first[1:] - 1, MOST_VISITS)
    alike = np.abs(plan[:, None] - cadence) <= HALF_A_DAY
    one, which = alike.sum(axis=1) == 1, alike.argmax(axis=1)
    return np.where(one, first[which], least), np.where(one, last[which], most)


def mean_progress_by_need(evidence: Evidence, so_far: Beliefs) -> dict[str, float]:
    """Mean progress of a visit of each need group, by the gap before it."""
    visits = evidence.courses.visits
    later = visits.filter((visits.gap_days > 0) & (visits.plan_before > 0))
    by = later.group_by("need", doublings=doublings(later).round(1))
    table = columns_of(by.agg(number=_.patient.count()).order_by("need", "doublings"))
    found = {}
    for need in dict.fromkeys(table["need"].tolist()):
        own, loss = table["need"] == need, so_far.get(f"need.{need}.progress_lost_per_doubling")
        if loss is not None:
            kept = np.minimum(MOST_PROGRESS, np.exp(-float(loss.value) * table["doublings"][own]))
            found[need] = float(np.average(kept, weights=table["number"][own]))
    return found
