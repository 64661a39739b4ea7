"""A small push and its echo: does a service forget, and how fast?

Two runs with the same luck, one of them with a push: more referrals for some weeks. E[r, k] is by how many
more patients are overdue with the push, in the k-th four weeks after their mean over runs has peaked (k = 0).
If of every four weeks' echo a part g is left in the next, E[k] = g^k E[0], and summing up to K

    1 - g = (E[0] - E[K]) / (E[0] + … + E[K-1]),     half-life = 4 ln(1/2) / ln(g) weeks,

so the longer the whole echo for its height, the larger g. Sums run until less than a twentieth of the peak is
left, or to the end; g has Fieller's interval for a ratio of two means over runs. The *gain of a year* is
g^13: below 1 pushes die away and the service settles, at 1 nothing is forgotten, above 1 it spirals.
Locally only: a gain below 1 says that the state at hand holds against small pushes, not that it is the only
one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from careload.simulate.settles.doubt import Doubt, Numbers, mean_of, ratio_of
from careload.simulate.settles.paths import WATCHED, WEEKS

STEP, STEPS_A_YEAR = 4, WEEKS // 4
GONE = 0.05


@dataclass(frozen=True)
class Echo:
    """What became of a push.

    weeks      it lasted
    size       share of the referrals by which it raised them
    peak       most patients it had overdue, mean over four weeks
    gain       part of the echo left after a year
    half_life  weeks in which half of it goes; infinite where it does not die away
    seen       whether it rose above chance at all
    """

    weeks: int
    size: float
    peak: Doubt
    gain: Doubt
    half_life: Doubt
    seen: bool


def echo_of(base: Numbers, with_push: Numbers, first: int, weeks: int, size: float) -> Echo:
    """The echo of a push that began in week `first`.

    base, with_push  paths of the same replications, shape (replication, week, WATCHED)
    """
    blocks = by_step(with_push[:, first:] - base[:, first:])
    mean = blocks.mean(axis=0)
    start = int(np.argmax(mean[: 2 * STEPS_A_YEAR]))
    peak = mean_of(blocks[:, start])
    gone = np.flatnonzero(mean[start:] < GONE * peak.value)
    end = start + int(gone[0]) if len(gone) else len(mean) - 1
    if peak.low <= 0 or end == start:
        unknown = Doubt(math.nan, -math.inf, math.inf)
        return Echo(weeks, size, peak, unknown, unknown, False)
    forgotten = ratio_of(blocks[:, start] - blocks[:, end], blocks[:, start:end].sum(axis=1))
    return Echo(weeks, size, peak, _gain(forgotten), _half_life(forgotten), True)


def by_step(difference: Numbers) -> Numbers:
    """Patients overdue in each whole four weeks, shape (replication, four weeks)."""
    overdue = difference[:, :, WATCHED.index("overdue")]
    whole = overdue.shape[1] // STEP * STEP
    return np.asarray(overdue[:, :whole].reshape(len(overdue), -1, STEP).mean(axis=2))


def _gain(forgotten: Doubt) -> Doubt:
    """Part left after a year, from the part forgotten in four weeks."""
    kept = [max(0.0, 1 - each) for each in (forgotten.value, forgotten.high, forgotten.low)]
    return Doubt(*(each**STEPS_A_YEAR for each in kept))


def _half_life(forgotten: Doubt) -> Doubt:
    return Doubt(*(weeks_to_half(1 - each) for each in (forgotten.value, forgotten.high, forgotten.low)))


def weeks_to_half(kept: float) -> float:
    """Weeks in which half goes when a part is kept of every four: 4 ln(1/2) / ln(kept)."""
    if kept >= 1:
        return math.inf
    return 0.0 if kept <= 0 else STEP * math.log(0.5) / math.log(kept)
