"""Laws of counts, as arrays: Poisson with its tail in the last place, binomial."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from careload.clinic.formulas.backlog import Vector


def poisson(mean: float, most: int) -> Vector:
    """Probabilities of 0, 1, …, most - 1, and of `most` or more, of a Poisson count: shape (most + 1,)."""
    import numpy as np
    from scipy.special import gammaln, pdtrc, xlogy

    count = np.arange(most + 1)
    law = np.exp(xlogy(count, mean) - mean - gammaln(count + 1))
    # pdtrc(k, m) is P(count > k); everybody is at least 0
    law[-1] = pdtrc(most - 1, mean) if most else 1.0
    return np.asarray(law / math.fsum(law))


def binomial(trials: int, chance: float) -> Vector:
    """Probabilities of 0, 1, …, trials of a binomial count: shape (trials + 1,)."""
    import numpy as np
    from scipy.special import gammaln, xlog1py, xlogy

    count = np.arange(trials + 1)
    ways = gammaln(trials + 1) - gammaln(count + 1) - gammaln(trials - count + 1)
    law = np.exp(ways + xlogy(count, chance) + xlog1py(trials - count, -chance))
    return np.asarray(law / math.fsum(law))
