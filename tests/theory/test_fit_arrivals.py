"""Season and growth of referrals: told by long records, left in doubt by short ones."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from careload.model.direct.arrivals import Counted, fitted, peak_day, widths_beforehand


def counted(days: int, season: float, growth: float) -> Counted:
    """Expected referrals of two sites, as if whole numbers were no matter."""
    day = np.arange(days)
    years = (day - days) / 365.25
    turn = 2 * np.pi * (np.array([date.fromordinal(date(2022, 1, 1).toordinal() + each).timetuple().tm_yday
                                  for each in day]) - 100) / 365.25
    rate = np.exp(season * np.cos(turn) + growth * years)
    return Counted.all_new(date(2022, 1, 1), ("near", "far"), rate[:, None] * np.array([20.0, 60.0]))


def test_long_records_tell_season_and_growth() -> None:
    fit = fitted(counted(1096, 0.2, 0.1), (1.0,) * 7)
    rates, season, growth = fit.split(fit.top[None, :])
    assert np.exp(rates[0]) == pytest.approx([20, 60], rel=0.01)
    assert np.hypot(*season[0]) == pytest.approx(0.2, abs=0.01)
    assert peak_day(season[0]) == pytest.approx(100, abs=2)
    assert growth[0] == pytest.approx(0.1, abs=0.01)


def test_short_records_leave_season_and_growth_in_doubt_and_so_the_rate() -> None:
    """Three months: a high season and a high rate look alike."""
    fit = fitted(counted(90, 0.0, 0.0), (1.0,) * 7)
    error = np.sqrt(np.diag(fit.spread))
    assert error[0] > 0.03 > 1 / np.sqrt(90 * 20), "far more than counting alone leaves"
    assert error[-1] == pytest.approx(widths_beforehand()[1], rel=0.1), "as believed beforehand"
