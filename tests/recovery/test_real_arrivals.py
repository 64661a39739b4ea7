"""Calls to a bank on every day of 1999: weekday and season, against raw means and two other fits.

Not health care, but counts by day of a whole year. December is 16 % above the mean of the year and September
as much below it: one wave a year takes part of that, and the surplus of variance over Poisson tells the rest.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from careload.model.direct.arrivals import Counted, Fit, fitted, weekday_weights, widths_beforehand

DAYS = 365


@pytest.fixture(scope="module")
def calls(data: Path) -> Counted:
    """Calls by day: the 91 imputed cells are no whole numbers, so the days are rounded."""
    counts = np.zeros(DAYS)
    file = data / "bank_calls_1999_counts" / "calls_6min_1999_converted.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            counts[date.fromisoformat(row["date"]).timetuple().tm_yday - 1] += float(row["calls"])
    return Counted.all_new(date(1999, 1, 1), ("bank",), counts.round()[:, None])


@pytest.fixture(scope="module")
def weights(calls: Counted) -> tuple[float, ...]:
    return weekday_weights({"calls": calls})


@pytest.fixture(scope="module")
def fit(calls: Counted, weights: tuple[float, ...]) -> Fit:
    return fitted(calls, weights)


def test_the_data(calls: Counted) -> None:
    """445,414.5 calls, 31,371 in September, 43,065 in December (SOURCE.txt)."""
    assert calls.counts.sum() == pytest.approx(445_414.5, abs=50)
    of = [date.fromordinal(date(1999, 1, 1).toordinal() + day).month for day in range(DAYS)]
    monthly = np.bincount(of, calls.counts[:, 0])
    assert monthly[9] == pytest.approx(31_371, abs=5)
    assert monthly[12] == pytest.approx(43_065, abs=5)


def test_weekdays_are_the_raw_means(calls: Counted, weights: tuple[float, ...]) -> None:
    """By the calendar, one day after the other; five of the mean weekday make the scale."""
    means = np.array([
        np.mean([calls.counts[day, 0] for day in range(DAYS)
                 if date.fromordinal(date(1999, 1, 1).toordinal() + day).weekday() == weekday])
        for weekday in range(7)
    ])
    assert np.array(weights) / sum(weights) == pytest.approx(means / means.sum(), abs=2e-4)
    friday_and_saturday = np.array(weights)[[4, 5]].sum()
    assert friday_and_saturday < min(np.array(weights)[[6, 0]]), "the week of this bank's country"


def test_rate_and_season_are_those_of_an_independent_fit(
    calls: Counted, weights: tuple[float, ...], fit: Fit
) -> None:
    """The Poisson likelihood and what is believed of season and growth, climbed by another way."""
    by_day, days = calls.counts[:, 0], np.arange(DAYS)
    weekday = (days + date(1999, 1, 1).weekday()) % 7
    share = np.array(weights)[weekday] * 7 / sum(weights)
    turn, years = 2 * np.pi * (days + 1) / 365.25, (days - DAYS) / 365.25

    def log_mean(x: np.ndarray) -> np.ndarray:
        return np.asarray(x[0] + x[1] * np.cos(turn) + x[2] * np.sin(turn) + x[3] * years)

    def minus(x: np.ndarray, surplus: float) -> float:
        season, growth = widths_beforehand()
        log, believed = log_mean(x), (x[1] ** 2 + x[2] ** 2) / season**2 / 2 + x[3] ** 2 / growth**2 / 2
        return float((share * np.exp(log) - by_day * log).sum() / surplus + believed) / by_day.sum()

    def climbed(surplus: float) -> np.ndarray:
        start = [np.log(by_day.mean()), 0.0, 0.0, 0.0]
        found = minimize(minus, start, (surplus,), method="BFGS", options={"gtol": 1e-12})
        return np.asarray(found.x)

    mean = share * np.exp(log_mean(climbed(1.0)))
    surplus = float(((by_day - mean) ** 2 / mean).sum() / (DAYS - 4))
    assert fit.top == pytest.approx(climbed(surplus), abs=2e-3)


def test_season_against_the_wave_of_raw_daily_counts(
    calls: Counted, weights: tuple[float, ...], fit: Fit
) -> None:
    """In closed form: over a whole turn cos and sin are at right angles, twice the mean product is it."""
    weekday = (np.arange(DAYS) + date(1999, 1, 1).weekday()) % 7
    _, season, growth = fit.split(fit.top[None, :])
    years = (np.arange(DAYS) - DAYS) / 365.25
    level = calls.counts[:, 0] / (np.array(weights)[weekday] * 7 / sum(weights)) / np.exp(growth * years)
    turn = 2 * np.pi * np.arange(1, DAYS + 1) / 365.25
    wave = 2 * np.array([np.mean(level * np.cos(turn)), np.mean(level * np.sin(turn))]) / level.mean()
    # The exponential of a wave of a tenth is one plus it to a hundredth.
    assert season[0] == pytest.approx(wave, abs=0.02)


def test_doubt_is_wider_than_poisson_and_holds_other_halves_of_the_year(
    calls: Counted, weights: tuple[float, ...], fit: Fit
) -> None:
    """Days vary far more than Poisson; the rates of odd and of even weeks lie within the doubt."""
    poisson = 1 / np.sqrt(calls.counts.sum())
    assert np.sqrt(fit.spread[0, 0]) > 3 * poisson
    week = (np.arange(DAYS) + date(1999, 1, 1).weekday()) // 7
    half = [calls.counts[week % 2 == odd, 0].mean() for odd in (0, 1)]
    assert abs(np.log(half[0] / half[1])) < 3 * np.sqrt(2 * 2 * fit.spread[0, 0])
