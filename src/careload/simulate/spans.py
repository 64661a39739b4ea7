"""What is told of waiting: from histograms of spans to means, medians and shares seen in time.

Nobody is left out: whoever still waits, or left without being seen, counts. With Y(u) spans that last u days
or longer and d(u), s(u) of them ending on day u in any way but by a cut-off, or by the visit,

    S(u) = S(u-) (1 - d(u) / Y(u))                      still waiting
    F(t) = sum over u <= t of S(u-) s(u) / Y(u)         seen (Aalen & Johansen 1978)
    R(t) = F(t) / (1 - F_closed(t))                     seen, of those not discharged (Pepe & Mori 1993)

as `measure/` tells it of records.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from careload.simulate.kernel.records import CLOSED, CUT_OFF, SEEN

Numbers = NDArray[np.float64]
Counts = NDArray[np.int32]
NAN = float("nan")


def seen_by(spans: Counts) -> Numbers:
    """R(t), the share seen within t days of those not discharged, for t = 0, 1, …

    spans  (4, days): number of spans by how they ended and how long they lasted
    """
    ending = spans.sum(axis=0) - spans[CUT_OFF]
    at_risk = spans.sum(axis=0)[::-1].cumsum()[::-1]
    waiting = np.cumprod(1.0 - ending / np.maximum(at_risk, 1))
    before = np.concatenate([[1.0], waiting[:-1]])
    seen, closed = (np.cumsum(before * spans[how] / np.maximum(at_risk, 1)) for how in (SEEN, CLOSED))
    return np.asarray(seen / np.maximum(1.0 - closed, 1e-300))


def share_within(spans: Counts, days: int) -> float:
    """Share seen within so many days of those not discharged; nan without spans."""
    return float(seen_by(spans)[days]) if spans.any() else NAN


def quantile(spans: Counts, share: float) -> float:
    """The fewest days within which a share is seen; infinite where it never is, nan without spans."""
    if not spans.any():
        return NAN
    reached = np.flatnonzero(seen_by(spans) >= share - 1e-12)
    return float(reached[0]) if len(reached) else float("inf")


def lower_quantile(seen: Counts, share: float) -> float:
    """The lower empirical quantile of finished spans: the fewest days that reach a share; nan without any."""
    whole = seen.sum()
    return float(np.searchsorted(seen.cumsum(), share * whole)) if whole else NAN


def mean_days(seen: Counts, beyond: float = 0.0) -> float:
    """Mean of finished spans; `beyond` are days above the last place, summed. nan without any."""
    whole = seen.sum()
    return float((seen @ np.arange(len(seen)) + beyond) / whole) if whole else NAN
