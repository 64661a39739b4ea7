"""Season and growth of referrals: told by long records, left in doubt by short ones."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from careload.model.belief import NUMBER_OF_DRAWS
from careload.model.direct.arrivals import Counted, fitted, peak_day, widths_beforehand
from careload.model.direct.left_before import LeftBefore


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


def test_who_left_before_the_records_is_no_new_patient() -> None:
    """Twenty new a day, and ten more at first of those who had left, a third less each hundred days."""
    before = LeftBefore(np.full(NUMBER_OF_DRAWS, 10.0), np.full(NUMBER_OF_DRAWS, (2 / 3) ** 0.01))
    seen = 20.0 + before.asking(700)[:, None]
    taken, corrected = (fitted(own, (1.0,) * 7) for own in (
        Counted.all_new(date(2022, 1, 1), ("near",), seen),
        Counted(date(2022, 1, 1), ("near",), seen, before.asking(700)[:, None], (np.ones(NUMBER_OF_DRAWS),))))
    assert np.exp(corrected.top[0]) == pytest.approx(20, rel=1e-3)
    assert corrected.top[-1] == pytest.approx(0, abs=1e-3)
    assert taken.top[-1] < -0.1, "without it referrals seem to fall"


def test_those_who_left_before_ask_within_the_records_or_after() -> None:
    before = LeftBefore(np.full(NUMBER_OF_DRAWS, 3.0), np.full(NUMBER_OF_DRAWS, 0.99))
    assert before.asked(200) == pytest.approx(before.asking(200).sum())
    assert before.asked(200) + before.to_come(200) == pytest.approx(3.0 / 0.01)
