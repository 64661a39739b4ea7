"""What is told of waiting: from histograms of spans to means, medians and shares seen in time.

Nobody is left out: whoever still waits, or left without being seen, counts. With Y(u) spans that last u days
or longer and d(u), s(u) of them ending on day u in any way but by a cut-off, or by the visit,

    S(u) = S(u-) (1 - d(u) / Y(u))                      still waiting
    F(t) = sum over u <= t of S(u-) s(u) / Y(u)         seen (Aalen & Johansen 1978)
    R(t) = F(t) / (1 - F_closed(t))                     seen, of those not discharged (Pepe & Mori 1993)

as `measure/` tells it of records.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.simulate.kernel.records import CLOSED, CUT_OFF, SEEN

Numbers = NDArray[np.float64]
Counts = NDArray[np.integer[Any]]


def seen_by(spans: Counts) -> Numbers:
    """R(t), the share seen within t days of those not discharged, for t = 0, 1, …: (…, days).

    spans  (…, 4, days): number of spans by how they ended and how long they lasted
    """
    every, seen, closed = spans.sum(axis=-2), spans[..., SEEN, :], spans[..., CLOSED, :]
    at_risk = np.maximum(every[..., ::-1].cumsum(axis=-1)[..., ::-1], 1)
    waiting = np.cumprod(1.0 - (every - spans[..., CUT_OFF, :]) / at_risk, axis=-1)
    before = np.concatenate([np.ones_like(waiting[..., :1]), waiting[..., :-1]], axis=-1)
    seen_first, closed_first = (np.cumsum(before * how / at_risk, axis=-1) for how in (seen, closed))
    return np.asarray(seen_first / np.maximum(1.0 - closed_first, 1e-300))


def quantile(seen: Numbers, share: float) -> Numbers:
    """The fewest days within which a share is seen, (…); infinite where it never is.

    seen  (…, days): R(t), `seen_by`
    """
    reached = seen >= share - 1e-12
    return np.where(reached.any(axis=-1), reached.argmax(axis=-1), np.inf)


def lower_quantile(seen: Counts, share: float) -> float:
    """The lower empirical quantile of finished spans: the fewest days that reach a share; nan without any."""
    whole = seen.sum()
    return float(np.searchsorted(seen.cumsum(), share * whole)) if whole else float("nan")


def mean_days(seen: Counts) -> Numbers:
    """Mean of finished spans, (…); nan without any.

    seen  (…, days): number of spans by how long they lasted
    """
    whole = seen.sum(axis=-1)
    return np.where(whole > 0, seen @ np.arange(seen.shape[-1]) / np.maximum(whole, 1), np.nan)
