"""Visits still to go for those in care.

    P(r to go) ~ P(N = done + r)    where all of the episode is recorded;  N = 1 + Poisson(needed - 1)
    P(r to go) ~ P(N >= done + r)   where the records began amid treatment
    done = 1 + (visits - 1) x mean progress of a visit, by the gaps that the need group has had
"""

from __future__ import annotations

import ibis
import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from careload.model.belief import Beliefs
from careload.model.courses import doublings
from careload.model.evidence import Evidence, columns_of

Numbers = NDArray[np.float64]

_ = ibis._

MOST_TO_GO = 400


def to_go(done: Numbers, whole: NDArray[np.bool_], people: Numbers, mean: float) -> Numbers:
    """How many people have 1, 2, ... visits to go.

    done    (kinds,) visits' worth of progress within the records
    whole   (kinds,) whether that is all they have made
    people  (kinds,) how many they are
    mean    visits needed
    """
    others = np.rint(done)[:, None] + np.arange(MOST_TO_GO)
    needed = poisson(max(mean - 1, 1e-6))
    chances = np.where(whole[:, None], needed.pmf(others), needed.sf(others - 1))
    every = chances.sum(axis=1, keepdims=True)
    chances = np.where(every > 0, chances / np.maximum(every, 1e-300), np.eye(1, MOST_TO_GO))
    return np.asarray(people @ chances)


def mean_progress(evidence: Evidence, so_far: Beliefs) -> dict[str, float]:
    """Mean progress of a visit of each need group, by the gap before it."""
    visits = evidence.courses.visits
    later = visits.filter((visits.gap_days > 0) & (visits.plan_before > 0))
    by = later.group_by("need", doublings=doublings(later).round(1))
    table = columns_of(by.agg(number=_.patient.count()).order_by("need", "doublings"))
    found = {}
    for need in dict.fromkeys(table["need"].tolist()):
        own, loss = table["need"] == need, so_far.get(f"need.{need}.progress_lost_per_doubling")
        if loss is not None:
            kept = np.minimum(2.0, np.exp(-float(loss.value) * table["doublings"][own]))
            found[need] = float(np.average(kept, weights=table["number"][own]))
    return found
