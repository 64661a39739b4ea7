"""How many visits treatment takes, and what a visit loses when the gap before it grows.

    a patient needs N = 1 + Poisson(m - 1) visits with progress
    a visit brings progress with chance q = exp(-loss log2(gap / planned gap)) beyond the planned gap, else 1
    P(discharged at visit k)    = q sum_s Bin(s; k - 1, q) Poisson(s; m - 1)
    P(not yet after k visits)   = sum_s Bin(s; k, q) P(Poisson(m - 1) >= s)

with q a patient's own mean over all visits: loss times the sum of the doublings over k. A negative loss makes
q more than 1: each visit brings one, and with chance q - 1 another. Whoever drops out, dies or moves, or is
still in care, is cut off after k visits. m and the loss by need group. Only episodes that began within
the records count: of others nobody knows how many visits went before.

The likelihood is worked out on a grid of m and loss, so the draws are exact up to the grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import poisson

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Found
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.prior import sure_prior_of

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

STEP, MANY_VISITS = 0.5, 8
"""Doublings are counted to the nearest half, of more visits to the nearest sixteenth a visit, so that
patients alike are counted together."""
MOST_VISITS = 300
"""More than any course of treatment; episodes with more are left out."""
LOSS = "progress_lost_per_doubling"
LOSSES = np.linspace(-1, 1, 21)
EXTRA = np.geomspace(0.3, 150, 40)
"""m - 1, before the grid is drawn closer around what is likely."""
UNLIKELY = 20.0
"""How far in logarithms below the top the grid still reaches."""
FINE = 40
TINY, TINIEST = 1e-9, 1e-300


@dataclass(frozen=True)
class Treated:
    """Patients of one need group, those alike together.

    need        its name
    visits      (kinds,) visits attended
    doublings   (kinds,) sum over visits of log2(gap / planned gap) beyond the plan
    discharged  (kinds,) treatment was completed; else cut off
    patients    (kinds,) how many
    """

    need: str
    visits: Whole
    doublings: Numbers
    discharged: NDArray[np.bool_]
    patients: Numbers


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Visits needed by each need group, and its loss."""
    for treated in counted(evidence):
        if not treated.discharged.any():
            continue
        extra, loss = draws_of_both(treated, evidence.generator(f"treatment {treated.need}"))
        discharged = int(treated.patients[treated.discharged].sum())
        counts = {"patients": int(treated.patients.sum()), "of them discharged": discharged}
        yield Found(
            f"need.{treated.need}.visits_needed", float(1 + np.median(extra)),
            "visits to discharge, cut off where care goes on or ends otherwise; N = 1 + Poisson(m - 1)",
            counts, 1 + extra,
        )
        yield Found(
            f"need.{treated.need}.{LOSS}", float(np.median(loss)),
            "progress of a visit = exp(-loss log2(gap / planned gap)), from visits to discharge and gaps",
            counts, loss,
        )


def counted(evidence: Evidence) -> list[Treated]:
    """Episodes that began within the records, by need group and by what became of them."""
    rows = evidence.courses.visits
    rows = rows.filter(rows.whole)
    beyond = (rows.gap_days / ibis.greatest(rows.plan_before, 1)).log2()
    follows = (rows.number > 0) & rows.plan_before.notnull() & (rows.gap_days > 0)
    rows = rows.mutate(doublings=ibis.ifelse(follows, ibis.greatest(beyond, 0.0), 0.0))
    each = rows.group_by("patient", "episode").agg(
        need=rows.need.min(), visits=rows.day.count(), doublings=rows.doublings.sum(),
        discharged=(rows.reason == "completed").fill_null(False).max(),
    )
    each = each.mutate(steps=(each.doublings / _step(each.visits) + 0.5).floor().cast("int64"))
    table = each.filter(each.visits <= MOST_VISITS)
    table = table.group_by("need", "visits", "steps", "discharged").agg(patients=table.patient.count())
    table = table.mutate(doublings=table.steps * _step(table.visits))
    found = columns_of(table.order_by("need", "visits", "steps", "discharged"))
    return [
        Treated(need, found["visits"][own].astype(np.int64), found["doublings"][own].astype(float),
                found["discharged"][own].astype(bool), found["patients"][own].astype(float))
        for need in sorted(set(found["need"].tolist())) for own in [found["need"] == need]
    ]


def _step(visits: ir.IntegerValue) -> ir.FloatingValue:
    return ibis.greatest(visits / MANY_VISITS, 1.0) * STEP


def draws_of_both(treated: Treated, chance: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Draws of m - 1 and of the loss, (draws,) each, joint."""
    extra, losses = EXTRA, LOSSES
    likely = likelihood(treated, extra, losses)
    for _ in range(2):
        extra, losses = _closer(extra, likely.max(axis=0)), _closer(losses, likely.max(axis=1))
        likely = likelihood(treated, extra, losses)
    odds = np.exp(likely - likely.max()).ravel()
    place = chance.choice(len(odds), NUMBER_OF_DRAWS, p=odds / odds.sum())
    return extra[place % len(extra)], losses[place // len(extra)]


def likelihood(treated: Treated, extra: Numbers, losses: Numbers) -> Numbers:
    """Log-likelihood and prior of the loss, (losses, values of m - 1).

    extra   values of m - 1
    losses  per doubling
    """
    found = np.zeros((len(losses), len(extra)))
    for row, loss in enumerate(losses):
        per_visit = np.clip(np.exp(-loss * treated.doublings / treated.visits), TINY, 2.0)
        chances = chances_of(treated.visits, treated.discharged, per_visit, extra)
        found[row] = treated.patients @ np.log(np.maximum(chances, TINIEST))
    return np.asarray(found + _believed(losses)[:, None])


def chances_of(visits: Whole, discharged: NDArray[np.bool_], per_visit: Numbers, extra: Numbers) -> Numbers:
    """Chance of what became of each kind of patient, (kinds, values of m - 1).

    per_visit  (kinds,) steps of progress a visit brings, 0 to 2
    extra      (values,) m - 1
    """
    found = np.empty((len(visits), len(extra)))
    for own, chances in ((discharged, _discharged), (~discharged, _not_yet)):
        found[own] = chances(visits[own], per_visit[own], extra)
    return found


def _discharged(visits: Whole, per_visit: Numbers, extra: Numbers) -> Numbers:
    """Chance of being discharged at the last of so many visits."""
    steps = _steps(visits - 1, per_visit)
    reached = _steps_reached(visits - 1, per_visit, steps)
    ended = np.minimum(per_visit, 1.0)[:, None] * (reached @ poisson.pmf(steps[:, None], extra))
    two = np.maximum(per_visit - 1, 0.0)
    if two.any():
        ended += two[:, None] * (reached @ poisson.pmf(steps[:, None] + 1, extra))
    return np.asarray(ended)


def _not_yet(visits: Whole, per_visit: Numbers, extra: Numbers) -> Numbers:
    """Chance of not being discharged by so many visits."""
    steps = _steps(visits, per_visit)
    return np.asarray(_steps_reached(visits, per_visit, steps) @ poisson.sf(steps[:, None] - 1, extra))


def _steps(visits: Whole, per_visit: Numbers) -> Whole:
    """All the steps that may have been reached."""
    most = int(visits.max(initial=0)) * (2 if (per_visit > 1).any() else 1)
    return np.arange(most + 1)


def _steps_reached(visits: Whole, per_visit: Numbers, steps: Whole) -> Numbers:
    """Chance that so many visits brought so many steps of progress, (kinds, steps)."""
    surely = per_visit > 1
    base, share = np.where(surely, visits, 0), np.where(surely, per_visit - 1, per_visit)
    more = steps - base[:, None]
    possible = (more >= 0) & (more <= visits[:, None])
    more = np.where(possible, more, 0)
    rest = visits[:, None] - more
    factorial = gammaln(np.arange(int(visits.max(initial=0)) + 1) + 1)
    logs = factorial[visits][:, None] - factorial[more] - factorial[np.maximum(rest, 0)]
    logs = logs + more * np.log(share)[:, None] + rest * np.log(np.maximum(1 - share, TINY))[:, None]
    return np.where(possible, np.exp(logs), 0.0)


def _believed(losses: Numbers) -> Numbers:
    """Logarithm of how likely each loss is before any record."""
    return np.asarray(-0.5 * sure_prior_of(f"need.any.{LOSS}").away(losses) ** 2)


def _closer(grid: Numbers, likely: Numbers) -> Numbers:
    """A finer grid over what is not unlikely, one step of the old one more on either side."""
    chosen = np.flatnonzero(likely > likely.max() - UNLIKELY)
    first, last = max(0, chosen[0] - 1), min(len(grid) - 1, chosen[-1] + 1)
    return np.linspace(grid[first], grid[last], FINE)


FAMILY = Family("visits to discharge", ("episodes.closed_on", "episodes.reason"), find)
