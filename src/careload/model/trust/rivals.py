"""Three naive forecasts: whoever forecasts worse than they do has learnt nothing.

    last value      x(t + h) = x(t)
    season          x(t + h) = x(t + h - 13 periods of four weeks), where there is a year before
    straight line   x(t + h) = a + b (t + h), least squares over the last year

Each with the errors it would have made before, as far ahead, around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Rival = Callable[[Numbers, int], Numbers]

YEAR = 13
"""Periods of four weeks in a year."""
LEAST = 3
"""Fewest errors of the past from which a spread is told."""


def last_value(past: Numbers, ahead: int) -> Numbers:
    """The last value again and again."""
    return np.full(ahead, past[-1])


def season(past: Numbers, ahead: int) -> Numbers:
    """What was a year before; the last value where nothing was."""
    if len(past) < YEAR:
        return last_value(past, ahead)
    return np.asarray([past[len(past) - YEAR + step % YEAR] for step in range(ahead)])


def straight_line(past: Numbers, ahead: int) -> Numbers:
    """The line through the last year, drawn on."""
    recent = past[-YEAR:]
    if len(recent) < 2:
        return last_value(past, ahead)
    slope, start = np.polyfit(np.arange(len(recent)), recent, 1)
    return np.asarray(start + slope * (len(recent) + np.arange(ahead)))


RIVALS: Mapping[str, Rival] = {
    "last value": last_value, "same season": season, "straight line": straight_line,
}


def ensemble_of(rival: Rival, past: Numbers, ahead: int, runs: int, chance: np.random.Generator) -> Numbers:
    """Draws of a rival's forecast, (runs, ahead): its value and errors like those it made before.

    past  (periods,) what happened; nan where nothing did is passed over
    """
    known = past[~np.isnan(past)]
    if not len(known):
        return np.full((runs, ahead), np.nan)
    spread = np.array([_spread(rival, known, step) for step in range(1, ahead + 1)])
    return np.asarray(rival(known, ahead) + spread * chance.standard_normal((runs, ahead)))


def _spread(rival: Rival, past: Numbers, step: int) -> float:
    """Root of the mean square of the errors it made so far ahead; of single steps where there are few."""
    errors = [
        float(past[end + step - 1] - rival(past[:end], step)[-1])
        for end in range(max(2, len(past) // 3), len(past) - step + 1)
    ]
    if len(errors) < LEAST:
        errors = [float(each) for each in np.diff(past) * np.sqrt(step)] or [0.0]
    return float(np.sqrt(np.mean(np.square(errors))))
