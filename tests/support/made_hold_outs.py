"""Hold-outs and doubts made by hand, for what is told of a fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from careload.model import Carried, Doubt, HoldOut, Scored

BETTER = {"last value": 4.0, "same season": 5.0, "straight line": 6.0}
"""Scores of rivals that all lose to one of 2."""
FACTORS = {"need.*.dropout_per_day": 0.7, "policy.rebook_days": 0.25, "profession.*.overflow": 0.05}
PERIODS = 4


def made_scored(
    measure: str = "visits", unit: str = "visits per week", happened: Sequence[float] = (40, 52, 46, 70),
    rivals: Mapping[str, float] | None = None, error: float = -3.5,
) -> Scored:
    """A forecast of 50, nine times in ten from 45 to 55, that scored 2 against what happened."""
    middle = np.full(PERIODS, 50.0)
    seen = np.array(happened, dtype=float)
    inside = (seen >= 45) & (seen <= 55)
    held = float(inside[~np.isnan(seen)].mean())
    return Scored(measure, unit, seen, middle, middle - 5, middle + 5, 2.0, rivals or BETTER, held, error)


def made_hold_out(*scored: Scored) -> HoldOut:
    """Four periods of four weeks from 4 September 2023."""
    return HoldOut(date(2023, 9, 3), date(2023, 9, 4), PERIODS, scored or (made_scored(),))


def made_doubts() -> tuple[Doubt, ...]:
    """Patients overdue, whose doubt two parameters carry; leavers, which nothing moves."""
    carried = [Carried(factor, 1.5 * share, share) for factor, share in FACTORS.items()]
    carried.append(Carried("need.*.moved_per_year", 0.01, float("nan")))
    still = tuple(Carried(factor, 0.0, 0.0) for factor in FACTORS)
    return (
        Doubt("overdue", "patients overdue", 320.0, 250.0, 404.0, tuple(carried)),
        Doubt("leavers", "leavers a year", 1.0, 1.0, 1.0, still),
    )
