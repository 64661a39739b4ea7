"""How far a forecast was from what happened.

    CRPS = E|X - y| - E|X - X'| / 2

X and X' two draws of the forecast, y what happened (Gneiting & Raftery 2007, equation 21): the mean absolute
error of a forecast without doubt, and less for one that knows how sure it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from careload.model.belief import ENDS

Numbers = NDArray[np.float64]


def crps(draws: Numbers, happened: Numbers) -> Numbers:
    """The score of each forecast, in the unit of what is forecast; nan where nothing happened.

    draws     (runs, forecasts); nan in a run that shows nothing is passed over
    happened  (forecasts,)
    """
    found = np.full(len(happened), np.nan)
    for place, truth in enumerate(happened):
        own = np.sort(draws[~np.isnan(draws[:, place]), place])
        if len(own) and not np.isnan(truth):
            found[place] = np.abs(own - truth).mean() - _spread(own)
    return found


def _spread(ordered: Numbers) -> float:
    """E|X - X'| / 2 of two different draws: sum of (2 i - n - 1) x_i / (n (n - 1)) over the ordered draws."""
    number = len(ordered)
    if number < 2:
        return 0.0
    return float(((2 * np.arange(1, number + 1) - number - 1) * ordered).sum() / (number * (number - 1)))


def held(draws: Numbers, happened: Numbers) -> Numbers:
    """1 where the middle 90 % of the draws hold what happened, else 0; nan where nothing happened."""
    found = np.full(len(happened), np.nan)
    for place, truth in enumerate(happened):
        own = draws[~np.isnan(draws[:, place]), place]
        if len(own) and not np.isnan(truth):
            low, high = np.quantile(own, ENDS)
            found[place] = float(low <= truth <= high)
    return found
