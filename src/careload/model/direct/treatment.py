"""How many visits treatment takes, and what a visit loses when the gap before it grows.

    a patient needs N = 1 + Poisson(m - 1) visits with progress; a visit brings it with chance
    q = exp(-loss log2(gap / planned gap)) x kept beyond the planned gap          (`discharge`)
    kept = 1 - hours the clinician left undone in the week before / hours due in it

Whoever drops out, dies or moves, or is still in care, is cut off after the visits so far: many cut off late
say that treatment is long before anybody is discharged. m and the loss by need group. Only episodes that
began within the records count: of others nobody knows how many visits went before.

What is believed beforehand and the likelihood are worked out on a grid of m and loss, so the draws are exact
up to the grid.
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis import _
from numpy.typing import NDArray

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Found
from careload.model.courses import doublings
from careload.model.direct.hours import clinician_weeks
from careload.model.discharge import Treated, log_likelihood
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.prior import sure_prior_of
from careload.model.staffing import week_of

Numbers = NDArray[np.float64]

MOST_VISITS = 300
"""More than any course of treatment; episodes with more are left out."""
LOSS = "progress_lost_per_doubling"
USUAL_LOSS = 0.25
"""At this loss, and at none, the mean of a patient's doublings stands for all of them exactly."""
PARTS = {"doublings": 16, "kept": 50, "last_doublings": 4, "last_kept": 20}
"""Patients are alike to the nearest of so many parts of a doubling, of a share: mean, and last visit. The
means of those alike stand for them, so that rounding moves nothing."""
LOSSES = np.linspace(-1, 1, 21)
EXTRA = np.geomspace(0.3, 150, 40)
"""m - 1, before the grid is drawn closer around what is likely."""
UNLIKELY = 20.0
"""How far in logarithms below the top the grid still reaches."""
FINE, CLOSER = 40, 2
LAW = "visits to discharge, cut off where care goes on or ends otherwise; N = 1 + Poisson(m - 1)"
LOSS_LAW = "progress of a visit = exp(-loss log2(gap / planned gap)), from visits to discharge and gaps"


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Visits needed by each need group, and its loss."""
    every = counted(evidence, so_far)
    # Where nobody is ever discharged, the records have another word for it.
    if not any(treated.discharged.any() for treated in every):
        return
    for treated in every:
        extra, loss = draws_of_both(treated, evidence.generator(f"treatment {treated.need}"))
        discharged = int(treated.patients[treated.discharged].sum())
        counts = {"patients": int(treated.patients.sum()), "of them discharged": discharged}
        yield Found(f"need.{treated.need}.visits_needed", float(1 + np.median(extra)), LAW, counts, 1 + extra)
        yield Found(f"need.{treated.need}.{LOSS}", float(np.median(loss)), LOSS_LAW, counts, loss)


def draws_of_both(treated: Treated, chance: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Draws of m - 1 and of the loss, (draws,) each, joint."""
    losses, extra, likely = around_top(treated)
    odds = np.exp(likely - likely.max()).ravel()
    place = chance.choice(len(odds), NUMBER_OF_DRAWS, p=odds / odds.sum())
    return extra[place % len(extra)], losses[place // len(extra)]


def around_top(treated: Treated) -> tuple[Numbers, Numbers, Numbers]:
    """Losses, values of m - 1, and the logarithm of how likely they are: fine around the likeliest."""
    extra, losses = EXTRA, LOSSES
    likely = log_likelihood(treated, losses, extra) + _believed(losses, extra)
    for _again in range(CLOSER):
        extra, losses = _closer(extra, likely.max(axis=0)), _closer(losses, likely.max(axis=1))
        likely = log_likelihood(treated, losses, extra) + _believed(losses, extra)
    return losses, extra, likely


def _believed(losses: Numbers, extra: Numbers) -> Numbers:
    """Logarithm of how likely each loss and m - 1 are before any record, (losses, values)."""
    loss, visits = (sure_prior_of(f"need.any.{name}") for name in (LOSS, "visits_needed"))
    return np.asarray(loss.log_density(losses)[:, None] + visits.log_density(1 + extra))


def _closer(grid: Numbers, likely: Numbers) -> Numbers:
    """A finer grid over what is not unlikely, one step of the old one more on either side."""
    chosen = np.flatnonzero(likely > likely.max() - UNLIKELY)
    first, last = max(0, chosen[0] - 1), min(len(grid) - 1, chosen[-1] + 1)
    return np.linspace(grid[first], grid[last], FINE)


def counted(evidence: Evidence, so_far: Beliefs) -> list[Treated]:
    """Episodes that began within the records, by need group, and by what became of them."""
    each = _episodes(evidence, so_far).filter(_.visits <= MOST_VISITS)
    alike = ["need", "visits", "discharged"]
    parts = {f"{name}_part": (each[name] * of + 0.5).floor().cast("int64") for name, of in PARTS.items()}
    means = {name: each[name].mean() for name in PARTS}
    table = each.group_by(*alike, **parts).agg(patients=each.patient.count(), **means)
    found = columns_of(table.order_by(*alike, *parts))
    return [
        Treated(need, found["visits"][own].astype(np.int64), found["discharged"][own].astype(bool),
                found["doublings"][own].astype(float), found["kept"][own].astype(float),
                found["last_doublings"][own].astype(float), found["last_kept"][own].astype(float),
                found["patients"][own].astype(float))
        for need in sorted(set(found["need"].tolist())) for own in [found["need"] == need]
    ]


def _episodes(evidence: Evidence, so_far: Beliefs) -> ir.Table:
    """patient, episode, need, visits, discharged and what `Treated` says of their visits."""
    rows = with_progress(evidence.courses.visits.filter(_.whole), evidence, so_far)
    rows = rows.mutate(slowed=(-USUAL_LOSS * rows.doublings).exp())
    each = rows.group_by("patient", "episode").agg(
        need=rows.need.min(), visits=rows.day.count(),
        completed=ibis.ifelse(rows.reason == "completed", 1, 0).max(),
        slowed=rows.slowed.sum(), kept=rows.kept.sum(), last_slowed=rows.slowed.argmax(rows.number),
        last_doublings=rows.doublings.argmax(rows.number), last_kept=rows.kept.argmax(rows.number),
    )
    number = each.visits - each.completed
    some, none = ibis.greatest(number, 1), ibis.ifelse(number == 0, 1, 0)
    slowed = (each.slowed - each.completed * each.last_slowed + none) / some
    return each.select(
        "patient", "episode", "need", "visits", "last_doublings", "last_kept", discharged=each.completed == 1,
        # Sums of rounded numbers: a mean of one alone may come out a touch above it.
        doublings=ibis.greatest(-slowed.ln() / USUAL_LOSS, 0.0),
        kept=(each.kept - each.completed * each.last_kept + none) / some,
    )


def with_progress(visits: ir.Table, evidence: Evidence, so_far: Beliefs) -> ir.Table:
    """Visits with what makes their progress less: doublings (of the gap) and kept (0 to 1)."""
    rows = visits.mutate(doublings=doublings(visits))
    kept = _kept(evidence, so_far)
    if kept is None:
        return rows.mutate(kept=ibis.literal(1.0, type="float64"))
    rows = rows.left_join(kept, [rows.clinician == kept.whose, week_of(rows.day) == kept.when])
    return rows.mutate(kept=rows.kept.fill_null(1.0).cast("float64")).drop("whose", "when")


def _kept(evidence: Evidence, so_far: Beliefs) -> ir.Table | None:
    """whose (clinician), when (week), kept: of the progress of visits, by what the week before left undone.

    None where no profession is known to leave any.
    """
    shares = {profession: so_far[place].value for profession, place in _undone(so_far)}
    if not shares:
        return None
    rows = clinician_weeks(evidence)
    share = ibis.cases(*((rows.profession == name, value) for name, value in shares.items()), else_=0.0)
    rows = rows.filter((rows.due > 0) & (rows.excess > 0))
    return rows.select(whose="clinician", when=rows.week + 1, kept=1 - share * rows.excess / rows.due)


def _undone(so_far: Beliefs) -> Iterator[tuple[str, str]]:
    """Professions of which the records tell what share of overload is left undone, and where it stands."""
    for place, own in so_far.items():
        section, *name, parameter = place.split(".")
        told = own.origin == "records" and own.value
        if section == "profession" and parameter == "overflow_undone" and told:
            yield ".".join(name), place


FAMILY = Family("visits to discharge", ("episodes.closed_on", "episodes.reason"), find)
