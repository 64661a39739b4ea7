"""When is treatment completed? The law of visits to discharge, given what each visit could bring.

    a patient needs N = 1 + Poisson(m - 1) steps of progress
    a visit brings one with chance q = exp(-loss log2(gap / planned gap)) x kept, kept being what work left
    undone leaves of it; q above 1 (a negative loss) brings one, and with chance q - 1 another
    P(discharged at visit k)    = q_k sum_s R(s) Poisson(s; m - 1)        R: steps of the k - 1 visits before
    P(not yet after k visits)   = sum_s R(s) P(Poisson(m - 1) >= s)       R: steps of all k visits

R is binomial with the mean q of its visits: what that leaves out of their differences is small beside the
Poisson. The last visit stands apart, for it is the one that brought the last step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import poisson

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

TINY, TINIEST = 1e-9, 1e-300
GRID, LEVELS = 41, 9
"""Points between which the logarithm of a chance is taken for straight, in q and in what q exceeds 1 by."""


@dataclass(frozen=True)
class Treated:
    """Patients of one need group, those alike together.

    need            its name
    visits          (kinds,) attended
    discharged      (kinds,) treatment was completed; else cut off
    doublings       (kinds,) log2(gap / planned gap) beyond the plan, mean of the visits before the last; of
                    all visits of those cut off
    kept            (kinds,) what work left undone leaves of the progress, likewise
    last_doublings, last_kept  (kinds,) the same of the last visit
    patients        (kinds,) how many
    """

    need: str
    visits: Whole
    discharged: Flags
    doublings: Numbers
    kept: Numbers
    last_doublings: Numbers
    last_kept: Numbers
    patients: Numbers

    def of(self, own: Flags) -> Treated:
        """Some of the kinds."""
        return Treated(self.need, self.visits[own], self.discharged[own], self.doublings[own], self.kept[own],
                       self.last_doublings[own], self.last_kept[own], self.patients[own])

    def before(self, loss: float) -> Numbers:
        """Steps that a visit before the last brings, (kinds,), 0 to 2."""
        return _progress(loss, self.doublings, self.kept)

    def last(self, loss: float) -> Numbers:
        """Steps that the last visit brings, (kinds,)."""
        return _progress(loss, self.last_doublings, self.last_kept)


def _progress(loss: float, doublings: Numbers, kept: Numbers) -> Numbers:
    return np.clip(np.exp(-loss * doublings) * kept, TINY, 2.0)


def chances_of(treated: Treated, loss: float, extra: Numbers) -> Numbers:
    """Chance of what became of each kind of patient, (kinds, values of m - 1).

    loss   of progress per doubling
    extra  (values,) m - 1
    """
    found = np.empty((len(treated.visits), len(extra)))
    done, still = treated.of(treated.discharged), treated.of(~treated.discharged)
    last = done.last(loss)[:, None]
    one, two = discharged_at(done.visits, done.before(loss), extra)
    found[treated.discharged] = np.minimum(last, 1.0) * one + np.maximum(last - 1, 0.0) * two
    found[~treated.discharged] = not_yet_after(still.visits, still.before(loss), extra)
    return found


def discharged_at(visits: Whole, before: Numbers, extra: Numbers) -> tuple[Numbers, Numbers]:
    """Chances that one step is missing before the last of so many visits, and two; each (kinds, values)."""
    steps = _steps(visits - 1, before)
    reached = _reached(visits - 1, before, steps)
    return reached @ poisson.pmf(steps[:, None], extra), reached @ poisson.pmf(steps[:, None] + 1, extra)


def not_yet_after(visits: Whole, before: Numbers, extra: Numbers) -> Numbers:
    """Chance that steps are missing after so many visits, (kinds, values)."""
    steps = _steps(visits, before)
    return np.asarray(_reached(visits, before, steps) @ poisson.sf(steps[:, None] - 1, extra))


def _steps(visits: Whole, per_visit: Numbers) -> Whole:
    """All the steps that may have been reached."""
    most = int(visits.max(initial=0)) * (2 if (per_visit > 1).any() else 1)
    return np.arange(most + 1)


def _reached(visits: Whole, per_visit: Numbers, steps: Whole) -> Numbers:
    """Chance that so many visits brought so many steps, (kinds, steps)."""
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


def log_likelihood(treated: Treated, losses: Numbers, extra: Numbers) -> Numbers:
    """Of all patients together, (losses, values of m - 1): from tables, so that many kinds cost little.

    losses  of progress per doubling
    extra   (values,) m - 1
    """
    done, still = treated.of(treated.discharged), treated.of(~treated.discharged)
    found = np.zeros((len(losses), len(extra)))
    if len(done.visits):
        found += _of_discharged(done, losses, extra)
    if len(still.visits):
        found += _of_those_still(still, losses, extra)
    return found


def _of_those_still(still: Treated, losses: Numbers, extra: Numbers) -> Numbers:
    visits, place = np.unique(still.visits, return_inverse=True)
    points = _points([still.before(float(loss)) for loss in losses])
    chances = not_yet_after(np.repeat(visits, len(points)), np.tile(points, len(visits)), extra)
    logs = np.log(np.maximum(chances, TINIEST))
    return np.stack([
        _spread_on(place, still.before(float(loss)), points, still.patients, len(visits)) @ logs
        for loss in losses
    ])


def _of_discharged(done: Treated, losses: Numbers, extra: Numbers) -> Numbers:
    visits, place = np.unique(done.visits, return_inverse=True)
    points = _points([done.before(float(loss)) for loss in losses])
    one, two = discharged_at(np.repeat(visits, len(points)), np.tile(points, len(visits)), extra)
    more = any((done.last(float(loss)) > 1).any() for loss in losses)
    levels = np.linspace(0, 1, LEVELS) if more else np.zeros(1)
    tables = [np.log(np.maximum(one + level * two, TINIEST)) for level in levels]
    found = np.empty((len(losses), len(extra)))
    for row, loss in enumerate(losses):
        last, before = done.last(float(loss)), done.before(float(loss))
        found[row] = done.patients @ np.log(np.minimum(last, 1.0))
        for level, own in _at_levels(np.maximum(last - 1, 0), done.patients, len(levels)):
            found[row] += _spread_on(place, before, points, own, len(visits)) @ tables[level]
    return found


def _at_levels(value: Numbers, patients: Numbers, levels: int) -> Iterator[tuple[int, Numbers]]:
    """Levels between which values from 0 to 1 lie, and the patients at each: more at the nearer."""
    at = value * max(levels - 1, 0)
    for level in range(levels):
        own = patients * np.clip(1 - np.abs(at - level), 0.0, 1.0)
        if own.any():
            yield level, own


def _points(values: list[Numbers]) -> Numbers:
    """From the least to the greatest, evenly below 1 and above: at 1 chances have a kink."""
    low, high = min(float(each.min()) for each in values), max(float(each.max()) for each in values)
    below, above = np.linspace(min(low, 1 - TINY), 1, GRID), np.linspace(1, max(high, 1), GRID)
    return below if high <= 1 + TINY else np.concatenate([below, above[1:]])


def _spread_on(place: Whole, value: Numbers, points: Numbers, patients: Numbers, number: int) -> Numbers:
    """Patients of each row and point: those between two points count at both, more at the nearer.

    Returns (number of rows x points,).
    """
    left = np.clip(np.searchsorted(points, value, side="right") - 1, 0, len(points) - 2)
    right = np.clip((value - points[left]) / (points[left + 1] - points[left]), 0.0, 1.0)
    cell, cells = place * len(points) + left, number * len(points)
    return np.asarray(np.bincount(cell, patients * (1 - right), cells)
                      + np.bincount(cell + 1, patients * right, cells))
