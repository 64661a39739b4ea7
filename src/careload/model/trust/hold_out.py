"""The hold-out of every fit: fitted on the first part of the records, forecast against the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP, Service
from careload.measure import View
from careload.model.belief import ENDS
from careload.model.prior import generator
from careload.model.trust.forecast import Ensemble, forecast
from careload.model.trust.periods import DAYS, UNITS, WEEKS, Periods, periods_of
from careload.model.trust.rivals import RIVALS, ensemble_of
from careload.model.trust.score import crps, held

Numbers = NDArray[np.float64]

SHARE = 0.25
"""Of the span of the records, the last part held out."""
LEAST_FITTED, LEAST_HELD = 3, 1
"""Fewest periods of four weeks that are fitted, and that are held out."""
RUNS = 100
COUNTED_IN_A_PERIOD = {"visits": WEEKS, "no_shows": WEEKS, "caseload": 1, "leavers": 1}
"""What a figure is multiplied by to give how many were counted in four weeks."""


@dataclass(frozen=True)
class Scored:
    """One measure forecast.

    measure   what was forecast, and its unit
    happened  (periods,) what the records show
    middle, low, high  (periods,) median and 90 % interval of the forecast
    score     mean CRPS of the forecast, in the unit
    rivals    rival to its mean CRPS
    held      share of periods whose interval held what happened
    error     mean of forecast less what happened, in the unit
    """

    measure: str
    unit: str
    happened: Numbers
    middle: Numbers
    low: Numbers
    high: Numbers
    score: float
    rivals: Mapping[str, float]
    held: float
    error: float

    @property
    def small(self) -> NDArray[np.bool_]:
        """(periods,) whether fewer were counted than may be shown."""
        counted = self.happened * COUNTED_IN_A_PERIOD.get(self.measure, np.nan)
        return np.asarray((counted > 0) & (counted < SMALLEST_GROUP))

    @property
    def lost_to(self) -> tuple[str, ...]:
        """The naive rivals that forecast better."""
        return tuple(name for name, score in self.rivals.items() if score < self.score)


@dataclass(frozen=True)
class HoldOut:
    """How a fit on the first part of the records forecasts the rest.

    fitted_to  last day of what was fitted
    first      first day of what was forecast
    periods    of four weeks forecast
    scored     each measure that the records show
    """

    fitted_to: date
    first: date
    periods: int
    scored: tuple[Scored, ...]


@dataclass(frozen=True)
class Cut:
    """Where records are cut: the last day fitted, the first and the number of periods forecast."""

    fitted_to: date
    first: date
    periods: int


def cut_of(first: date, as_of: date, share: float = SHARE) -> Cut | None:
    """The cut of records from `first` to `as_of`, before a Monday; None where they are too short."""
    monday = first + timedelta(days=-first.weekday() % 7)
    whole = ((as_of - monday).days + 1) // DAYS
    ahead = max(LEAST_HELD, round(share * whole))
    if whole - ahead < LEAST_FITTED:
        return None
    start = as_of - timedelta(days=(as_of.weekday() + 1) % 7 + ahead * DAYS - 1)
    return Cut(start - timedelta(days=1), start, ahead)


def hold_out(
    view: View, cut: Cut, services: Sequence[Service], seed: int, executor: Executor | None = None
) -> HoldOut:
    """The forecast of services fitted up to the cut, set against what happened after it.

    view      the records as they stood on the last day
    cut       `cut_of`
    services  one for each run, as drawn from what was believed on the day of the cut
    """
    whole = happened(view, cut)
    past, after = whole.between(0, whole.number - cut.periods), whole.between(
        whole.number - cut.periods, whole.number)
    ensemble = forecast(services, cut.periods, (cut.first - view.first_day).days, seed, executor)
    return HoldOut(cut.fitted_to, cut.first, cut.periods, tuple(scores(past, after, ensemble, seed)))


def happened(view: View, cut: Cut) -> Periods:
    """What happened, in whole periods up to the day of the view that meet the cut."""
    before = (cut.first - view.first_day).days // DAYS
    return periods_of(view, cut.first - timedelta(days=before * DAYS))


def scores(past: Periods, after: Periods, ensemble: Ensemble, seed: int) -> list[Scored]:
    """Each measure that happened, forecast by the ensemble and by the rivals."""
    return [
        _scored(name, past.values[name], after.values[name], ensemble[name], seed)
        for name in ensemble if not np.isnan(after.values[name]).all()
    ]


def _scored(name: str, past: Numbers, after: Numbers, draws: Numbers, seed: int) -> Scored:
    with np.errstate(invalid="ignore"):
        low, high = np.nanquantile(draws, ENDS, axis=0)
        middle = np.nanmedian(draws, axis=0)
    chance = generator(f"rivals of {name}", seed)
    rivals = {
        rival: float(np.nanmean(crps(ensemble_of(of, past, len(after), len(draws), chance), after)))
        for rival, of in RIVALS.items()
    }
    return Scored(
        name, UNITS[name], after, middle, low, high, float(np.nanmean(crps(draws, after))), rivals,
        float(np.nanmean(held(draws, after))), float(np.nanmean(middle - after)),
    )
