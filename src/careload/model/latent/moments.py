"""The numbers in which records and runs are compared.

    exhausted at first, at last    share burned out in the first and in the last survey
    exhausted by overload          slope of a team's share burned out on its unpaid hours per hour paid
    tiring, recovering             r and k of  change a week = r unpaid - k exhausted,  least squares over
                                   teams and the times between surveys
    leaving                        log of leavers per clinician-year
    leaving by exhaustion          b and g of  leaving rate / mean rate = 1 + b exhausted + g log(own pay /
    leaving by pay                 outside pay),  least squares over the same, each from its mean; without
                                   surveys g alone, over teams
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
    tiring, recovering = _tiring(shown)
    by_exhaustion, by_pay = _leaving(shown, log_pay)
    filling = np.log((shown.filled + HALF) / (shown.vacant + HALF))
    return {
        "exhausted at first": _share(shown, 0), "exhausted at last": _share(shown, -1),
        "exhausted by overload": slope(shown.unpaid, tired, shown.asked.sum(axis=0)),
        "tiring": tiring, "recovering": recovering,
        "leaving": float(np.log((shown.leavers.sum() + HALF) / (shown.years.sum() + HALF))),
        "leaving by exhaustion": by_exhaustion, "leaving by pay": by_pay,
        "filling by pay": slope(log_pay, filling, shown.vacant),
    }


def _tiring(shown: Shown) -> tuple[float, float]:
    """How fast teams tire and recover from survey to survey; nan without two surveys or without hours."""
    if len(shown.exhausted) < 2:
        return float("nan"), float("nan")
    change = np.diff(shown.exhausted, axis=0) / shown.between.weeks[:, None]
    rows = np.stack([shown.between.unpaid.ravel(), -shown.exhausted[:-1].ravel()], axis=1)
    found = slopes(rows, change.ravel(), shown.asked[1:].ravel(), centred=False)
    return float(found[0]), float(found[1])


def _leaving(shown: Shown, log_pay: Numbers) -> tuple[float, float]:
    """By how much the leaving rate differs, against its mean, with exhaustion and with pay."""
    if len(shown.exhausted) < 2:
        return float("nan"), float(slopes(log_pay[:, None], *_rates(shown.leavers, shown.years))[0])
    tired = (shown.exhausted[1:] + shown.exhausted[:-1]) / 2
    rows = np.stack([tired.ravel(), np.broadcast_to(log_pay, tired.shape).ravel()], axis=1)
    found = slopes(rows, *_rates(shown.between.leavers.ravel(), shown.between.years.ravel()))
    return float(found[0]), float(found[1])


def _rates(events: Numbers, years: Numbers) -> tuple[Numbers, Numbers]:
    """Rates against their mean, and the years behind each."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (np.nansum(events) + HALF) / (np.nansum(years) + HALF)
        return np.where(years > 0, events / years / mean, np.nan), years


def slopes(x: Numbers, y: Numbers, weight: Numbers, centred: bool = True) -> Numbers:
    """Weighted slopes of y on the columns of x, drawn towards 0 by a ridge; nan without two rows.

    x  (rows, columns)
    """
    known = ~(np.isnan(x).any(axis=1) | np.isnan(y)) & (weight > 0)
    if known.sum() < 2:
        return np.full(x.shape[1], np.nan)
    own = weight[known] / weight[known].sum()
    dx, dy = x[known], y[known]
    if centred:
        dx, dy = dx - own @ dx, dy - own @ dy
    square = (dx * own[:, None]).T @ dx + RIDGE * np.eye(x.shape[1])
    return np.asarray(np.linalg.solve(square, (dx * own[:, None]).T @ dy))


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
