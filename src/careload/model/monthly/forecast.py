"""The months to come of every organisation, and how a forecast did.

    value(T + h) = exp(season + level(T + h) + e(T + h)) - 1               level and e as in `level`
    width        = that of the model x widening;  widening: what would have made nine in ten intervals hold
                   the last year known, forecast from what was known a year before it; at least 1
    MASE         = mean |value - forecast| / mean |value(t) - value(t - 12)| over the months fitted
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from careload.clinic import UsageError
from careload.model.belief import ENDS, LEVEL, NUMBER_OF_DRAWS
from careload.model.monthly.level import GRID, State, fitted

Numbers = NDArray[np.float64]

YEAR = 12
LEAST_KNOWN = 12
"""Fewest known months of an organisation for which a forecast is given (assumed)."""
LEAST_TRIED = 20
"""Fewest figures of the last year from which a widening is told (assumed)."""


@dataclass(frozen=True)
class Forecast:
    """The months to come of one measure.

    organisations, months  whose and of when; first day of each month
    middle, low, high      (organisations, months) median and 90 % interval; nan where too little is known
    season                 (12,) factor of each calendar month, January first, common to all organisations
    widening               factor by which intervals were widened, from the last year known
    """

    organisations: tuple[str, ...]
    months: tuple[date, ...]
    middle: Numbers
    low: Numbers
    high: Numbers
    season: Numbers
    widening: float


@dataclass(frozen=True)
class Score:
    """How a forecast did, organisation by organisation: (organisations,) each; nan where none can be told.

    error    mean absolute error, in the unit of the measure
    naive    that of the same month a year before, over the same months
    mase     error against the error of the same month a year before over the months fitted
    held     share of months within the 90 % interval
    months   months compared
    """

    error: Numbers
    naive: Numbers
    mase: Numbers
    held: Numbers
    months: NDArray[np.int64]

    @property
    def better(self) -> float:
        """Share of organisations whose forecast errs less than the same month a year before."""
        known = ~np.isnan(self.error)
        return float((self.error[known] < self.naive[known]).mean())

    @property
    def covered(self) -> float:
        """Share of all months compared that lay within their interval."""
        return float(np.nansum(self.held * self.months) / self.months[~np.isnan(self.held)].sum())


def forecast(
    values: Numbers, organisations: Sequence[str], months: Sequence[date], ahead: int = YEAR, seed: int = 1
) -> Forecast:
    """The months to come of one measure of many organisations.

    values         (organisations, months) 0 or more; nan where unknown
    organisations  their codes
    months         first day of each month, without gaps
    ahead          months to forecast, 1 or more
    seed           of all draws

    Gives medians and 90 % intervals. Organisations with fewer than 12 known months, or none in the last year,
    get none. Raises UsageError for shapes that do not fit, values below zero or no organisation with enough.
    """
    _checked(values, organisations, months, ahead)
    first = months[0].month - 1
    enough = _enough(values)
    low, middle, high = np.full((3, len(values), ahead), np.nan)
    state = fitted(values[enough], first)
    widening = _widening(values[enough], first, seed)
    drawn = _drawn(state, (first + values.shape[1]) % 12, ahead, np.random.default_rng(seed))
    low[enough], middle[enough], high[enough] = _back(drawn, widening)
    ordinal = 12 * months[-1].year + months[-1].month + np.arange(ahead)
    return Forecast(
        tuple(organisations), tuple(date(m // 12, m % 12 + 1, 1) for m in ordinal.tolist()),
        middle, low, high, np.exp(state.season), widening,
    )


def same_month_before(values: Numbers, ahead: int = YEAR) -> Numbers:
    """The seasonal naive forecast, (organisations, ahead): the same month of the last year.

    values  (organisations, months); what was unknown then stays unknown
    """
    year = values[:, -YEAR:]
    return year[:, np.arange(ahead) % year.shape[1]]


def scored(made: Forecast, past: Numbers, happened: Numbers) -> Score:
    """How a forecast did where both what happened and the same month a year before are known.

    made      the forecast
    past      (organisations, months) what it was made from
    happened  (organisations, months of the forecast); nan where unknown
    """
    naive = same_month_before(past, happened.shape[1])
    both = ~np.isnan(happened) & ~np.isnan(naive) & ~np.isnan(made.middle)
    error, rival = (_mean(np.abs(happened - each), both) for each in (made.middle, naive))
    before = np.abs(past[:, YEAR:] - past[:, :-YEAR])
    usual = _mean(before, ~np.isnan(before))
    held = _mean((made.low <= happened) & (happened <= made.high), both)
    return Score(error, rival, error / np.where(usual > 0, usual, np.nan), held, both.sum(axis=1))


def _checked(values: Numbers, organisations: Sequence[str], months: Sequence[date], ahead: int) -> None:
    if values.shape != (len(organisations), len(months)) or ahead < 1:
        raise UsageError(
            f"Figures of shape {values.shape}, {len(organisations)} organisations, {len(months)} months and "
            f"{ahead} ahead do not fit.", "one row per organisation, one column per month, 1 or more ahead",
            "Take values, organisations and months from one panel.",
        )
    if (values < 0).any():
        raise UsageError("A figure is below zero.", "counts and waits of 0 or more", "Leave it out.")
    if not _enough(values).any():
        raise UsageError(
            "No organisation has enough known months.",
            f"{LEAST_KNOWN} or more, one of them in the last year",
            "Wait for more months, or ask for figures that are not suppressed.",
        )


def _enough(values: Numbers) -> NDArray[np.bool_]:
    known = ~np.isnan(values)
    return np.asarray((known.sum(axis=1) >= LEAST_KNOWN) & known[:, -YEAR:].any(axis=1))


def _drawn(state: State, first: int, ahead: int, chance: np.random.Generator) -> Numbers:
    """Draws of the logarithms to come, (organisations, ahead, draws)."""
    whose = np.arange(len(state.mean))[:, None]
    point = np.array([chance.choice(len(GRID), NUMBER_OF_DRAWS, p=each) for each in state.weights])
    noise, step, stay = np.moveaxis(GRID[point], -1, 0)
    level, usual = np.moveaxis(_normal(state.mean[whose, point], state.variance[whose, point], chance), -1, 0)
    found = np.empty((len(whose), ahead, NUMBER_OF_DRAWS))
    for month in range(ahead):
        level = usual + stay * (level - usual) + step * chance.standard_normal(level.shape)
        season = state.season[(first + month) % 12]
        found[:, month] = season + level + noise * chance.standard_normal(level.shape)
    return found


def _normal(mean: Numbers, variance: Numbers, chance: np.random.Generator) -> Numbers:
    root = np.linalg.cholesky(variance + 1e-12 * np.eye(2))
    return np.asarray(mean + np.einsum("odij,odj->odi", root, chance.standard_normal(mean.shape)))


def _back(drawn: Numbers, widening: float) -> Numbers:
    """Low, middle and high, (3, organisations, ahead), on the scale of the values."""
    low, middle, high = np.quantile(drawn, (ENDS[0], 0.5, ENDS[1]), axis=2)
    ends = np.stack([middle - widening * (middle - low), middle, middle + widening * (high - middle)])
    return np.asarray(np.maximum(np.expm1(ends), 0.0))


def _widening(values: Numbers, first: int, seed: int) -> float:
    """By how much intervals made a year ago would have had to be wider to hold nine in ten of that year."""
    past, year = values[:, :-YEAR], np.log1p(values[:, -YEAR:])
    if past.shape[1] < YEAR or not (enough := _enough(past)).any():
        return 1.0
    state = fitted(past[enough], first)
    drawn = _drawn(state, (first + past.shape[1]) % 12, YEAR, np.random.default_rng(seed))
    low, middle, high = np.quantile(drawn, (ENDS[0], 0.5, ENDS[1]), axis=2)
    off = year[enough] - middle
    away = np.abs(off) / np.where(off > 0, high - middle, middle - low)
    tried = away[~np.isnan(away)]
    return max(1.0, float(np.quantile(tried, LEVEL))) if len(tried) >= LEAST_TRIED else 1.0


def _mean(each: NDArray[np.generic], where: NDArray[np.bool_]) -> Numbers:
    """Mean of the rows over the cells that count; nan for a row without any."""
    number = where.sum(axis=1)
    total = np.where(where, each, 0).sum(axis=1)
    return np.asarray(np.where(number > 0, total / np.maximum(number, 1), np.nan))
