"""How many visits treatment takes, and how much progress a visit loses when the gap before it grows.

    a patient needs N = 1 + Poisson(m - 1) visits with progress
    a visit brings progress with chance q = exp(-loss log2(gap / plan)) beyond the planned gap, else 1
    P(discharged at visit k) = q sum_s Bin(s; k - 1, q) Poisson(s; m - 1)
    P(not yet after k visits) = sum_s Bin(s; k, q) P(Poisson(m - 1) >= s)

with q the patient's own over all visits so far: loss times the sum of the doublings over k. Whoever drops out, dies,
moves or is still in care is cut off after k visits. m by need group, one loss for all of them. Only episodes that
began within the records: of the others nobody knows how many visits went before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, poisson

from careload.model.belief import Beliefs, Found
from careload.model.chances import Numbers, most_likely
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.prior import Z, prior_of

STEP = 0.5
"""Doublings are counted to the nearest half: patients alike are counted together."""
LOSS = "progress_lost_per_doubling"
MOST_VISITS = 400
LOSS_FORMULA = "chance of progress = exp(-loss log2(gap / planned gap)), by visits to discharge against gaps"
FORMULA = "visits to discharge, cut off where care goes on or ends otherwise; 1 + Poisson(m - 1) with progress"


@dataclass(frozen=True)
class Treated:
    """Patients alike: need group, visits, doublings of the gaps beyond plan, discharged or cut off; how many."""

    needs: tuple[str, ...]
    need: NDArray[np.int64]
    visits: NDArray[np.int64]
    doublings: Numbers
    discharged: NDArray[np.bool_]
    patients: Numbers


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Visits needed by each need group, and the loss."""
    treated = counted(evidence)
    if not treated.discharged.any():
        return
    prior = prior_of(f"need.{treated.needs[0]}.{LOSS}")
    assert prior is not None
    middle, spread = (prior.low + prior.high) / 2, prior.width / (2 * Z)

    def minus_log_likelihood(x: Numbers) -> float:
        away = (x[-1] - middle) / spread
        return -float((treated.patients * log_chance(treated, np.exp(x[:-1]), x[-1])).sum()) + 0.5 * away**2

    start = [*np.log(np.maximum(_mean_visits(treated) - 1, 0.2)), middle]
    top, draws = most_likely(minus_log_likelihood, start, evidence.generator("treatment"))
    for place, need in enumerate(treated.needs):
        own = treated.need == place
        counts = {"patients": int(treated.patients[own].sum()),
                  "discharged": int(treated.patients[own & treated.discharged].sum())}
        yield Found(f"need.{need}.visits_needed", float(1 + np.exp(top[place])), FORMULA, counts,
                    np.asarray(1 + np.exp(draws[:, place])))
        yield Found(f"need.{need}.{LOSS}", float(top[-1]), LOSS_FORMULA, {
            "patients of all need groups": int(treated.patients.sum()),
            "discharged": int(treated.patients[treated.discharged].sum()),
        }, draws[:, -1])


def log_chance(treated: Treated, extra: Numbers, loss: float) -> Numbers:
    """Logarithm of the chance of what became of each kind of patient.

    extra  m - 1 of each need group
    loss   per doubling
    """
    visits, mean = treated.visits, extra[treated.need]
    per_visit = np.minimum(2.0, np.exp(-loss * treated.doublings / visits))
    seen = np.where(treated.discharged, visits - 1, visits)
    found = np.zeros(len(visits))
    for number in range(int(seen.max(initial=0)) + 1):
        steps = _steps(number, seen, per_visit)
        ends = np.where(treated.discharged, _ends(number, mean, per_visit), poisson.sf(number - 1, mean))
        found += steps * ends
    return np.asarray(np.log(np.maximum(found, 1e-300)))


def _steps(number: int, visits: NDArray[np.int64], per_visit: Numbers) -> Numbers:
    """Chance of `number` steps of progress beyond one a visit where a visit brings more than one, else of all."""
    surely = per_visit > 1
    return np.asarray(np.where(
        surely, binom.pmf(number, visits, np.where(surely, per_visit - 1, 0.5)),
        binom.pmf(number, visits, np.minimum(per_visit, 1.0)),
    ))


def _ends(number: int, mean: Numbers, per_visit: Numbers) -> Numbers:
    return np.asarray(np.minimum(per_visit, 1.0) * poisson.pmf(number, mean))


def counted(evidence: Evidence) -> Treated:
    """Episodes that began within the records, by what became of them."""
    rows = evidence.courses.visits
    rows = rows.filter(rows.whole)
    beyond = (rows.gap_days / ibis.greatest(rows.plan_before, 1)).log2()
    counts = (rows.number > 0) & rows.plan_before.notnull()
    rows = rows.mutate(doublings=ibis.ifelse(counts, ibis.greatest(beyond, 0.0), 0.0))
    each = rows.group_by("patient", "episode").agg(
        need=rows.need.min(), visits=rows.day.count(), doublings=rows.doublings.sum(),
        discharged=(rows.reason == "completed").fill_null(False).max(),
    )
    each = each.mutate(half=(each.doublings / STEP).round().cast("int64"))
    table = each.group_by("need", "visits", "half", "discharged").agg(patients=each.patient.count())
    found = columns_of(table.order_by("need", "visits", "half", "discharged"))
    needs = tuple(sorted(set(found["need"].tolist())))
    kept = found["visits"].astype(np.int64) <= MOST_VISITS
    return Treated(
        needs, np.array([needs.index(each) for each in found["need"]], dtype=np.int64)[kept],
        found["visits"].astype(np.int64)[kept], found["half"].astype(float)[kept] * STEP,
        found["discharged"].astype(bool)[kept], found["patients"].astype(float)[kept],
    )


def _mean_visits(treated: Treated) -> Numbers:
    """Visits by those discharged, by need group; 12 where nobody was."""
    found = []
    for place in range(len(treated.needs)):
        own = (treated.need == place) & treated.discharged
        some = treated.patients[own].sum() > 0
        found.append(float(np.average(treated.visits[own], weights=treated.patients[own])) if some else 12.0)
    return np.array(found)


FAMILY = Family("visits to discharge", ("episodes.closed_on", "episodes.reason"), find)
