"""The numbers in which records and runs are compared.

    exhausted at first, at last    share burned out in the first and in the last survey
    exhausted by overload          slope of a team's share burned out on its unpaid hours per hour paid
    leaving                        log of leavers per clinician-year
    leaving by exhaustion          slope of the log leaving rate of teams on their share burned out
    leaving by pay                 slope of the log leaving rate of teams on log(own pay / outside pay)
    filling by pay                 slope of the log rate at which vacancies are filled on the same

Slopes are weighted by how much is known of each team, and drawn towards 0 by a ridge, so that a few teams
alike give a number near 0 and not a wild one. A moment the records do not show is left out on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from careload.model.latent.shown import Shown

Numbers = NDArray[np.float64]

HALF = 0.5
"""Added to counts before a logarithm is taken."""
RIDGE = 1e-3
"""Added to the spread of what a slope is taken on, in its units squared."""


def moments(shown: Shown, log_pay: Numbers) -> Mapping[str, float]:
    """The moments of what shows; nan for those it does not show.

    log_pay  (teams,) log of own over outside pay
    """
    tired = _mean(shown.exhausted, shown.asked)
    leaving = np.log((shown.leavers + HALF) / (shown.years + HALF))
    filling = np.log((shown.filled + HALF) / (shown.vacant + HALF))
    return {
        "exhausted at first": _share(shown, 0), "exhausted at last": _share(shown, -1),
        "exhausted by overload": slope(shown.unpaid, tired, shown.asked.sum(axis=0)),
        "leaving": float(np.log((shown.leavers.sum() + HALF) / (shown.years.sum() + HALF))),
        "leaving by exhaustion": slope(tired, leaving, shown.years),
        "leaving by pay": slope(log_pay, leaving, shown.years),
        "filling by pay": slope(log_pay, filling, shown.vacant),
    }


def slope(x: Numbers, y: Numbers, weight: Numbers) -> float:
    """Weighted slope of y on x: sum w dx dy / (sum w dx^2 + ridge sum w); nan without two teams."""
    if not len(x) or len(weight) != len(x):
        return float("nan")
    known = ~(np.isnan(x) | np.isnan(y)) & (weight > 0)
    if known.sum() < 2:
        return float("nan")
    own = weight[known] / weight[known].sum()
    dx, dy = (each[known] - (own * each[known]).sum() for each in (x, y))
    return float((own * dx * dy).sum() / ((own * dx**2).sum() + RIDGE))


def _share(shown: Shown, survey: int) -> float:
    """Share burned out of all asked in a survey; nan without one."""
    if not len(shown.exhausted):
        return float("nan")
    share, asked = shown.exhausted[survey], shown.asked[survey]
    known = ~np.isnan(share)
    if not known.any():
        return float("nan")
    return float((share[known] * asked[known]).sum() / max(asked[known].sum(), 1.0))


def _mean(exhausted: Numbers, asked: Numbers) -> Numbers:
    """(teams,) share burned out over all surveys."""
    if not len(exhausted):
        return np.zeros(0)
    share = np.where(np.isnan(exhausted), 0.0, exhausted)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((share * asked).sum(axis=0) / asked.sum(axis=0))
