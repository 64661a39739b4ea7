"""New referrals by day, site and need group.

    log mean(day, site) = log rate(site) + log weight(weekday) + a cos(y) + b sin(y) + growth (years to end)
    y = 2 pi day of the year / 365.25

Poisson, its doubt widened where counts vary more than that (quasi-Poisson, by Pearson's chi-square); weekdays
are one for all need groups. The season is told from a year of records on, growth from a year and a half; what
is not told widens the doubt about the rate (a season of up to a quarter, growth of up to a sixth a year:
assumed). A service's season is 1 + A cos(y - peak): A = 2 I1(r) / I0(r) with r = sqrt(a^2 + b^2) and I the
modified Bessel functions, the first harmonic of exp(r cos).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray
from scipy.special import i0, i1

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Draws, Found, Origin
from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family

Numbers = NDArray[np.float64]

DAYS_A_YEAR, DAYS_A_WEEK = 365.25, 7
BEFORE_DAYS = 90
"""Who was seen in the first days of the records may have been in care before (assumed)."""
LEAST_FOR_SEASON, LEAST_FOR_TREND = 365, 547
USUAL_SEASON, USUAL_GROWTH = 0.12, 0.08
"""Standard deviations of what is not told (assumed)."""
LAW = "Poisson: rate of the site x weekday x season x growth, counts by day"
WEEKDAYS = "need.{need}.weekday_weights"


@dataclass(frozen=True)
class Counted:
    """Referrals of one need group by day.

    first   the first day
    sites   names of the sites
    counts  (days, sites)
    """

    first: date
    sites: tuple[str, ...]
    counts: Numbers

    @property
    def days(self) -> int:
        """How many days."""
        return len(self.counts)


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Rates, weekdays, season and growth of every need group."""
    whole = counted(evidence)
    if not whole:
        return
    weights = weekday_weights(whole)
    asked = int(sum(own.counts.sum() for own in whole.values()))
    for need, own in whole.items():
        yield Found(WEEKDAYS.format(need=need), weights, "referrals by weekday, over all need groups",
                    {"new referrals of all need groups": asked})
        yield from _of_need(evidence, need, own, weights)


def _of_need(evidence: Evidence, need: str, own: Counted, weights: tuple[float, ...]) -> Iterator[Found]:
    chance = evidence.generator(f"arrivals {need}")
    fit = fitted(own, weights)
    draws = chance.multivariate_normal(fit.top, fit.spread, NUMBER_OF_DRAWS)
    rates, season, growth = fit.split(draws)
    rates = rates - _not_told(own, fit, chance)[:, None]
    origin: Origin = "records" if evidence.has("referrals.requested_at") else "lower bound"
    for place, site in enumerate(own.sites):
        number = int(own.counts[:, place].sum())
        weekly = DAYS_A_WEEK * np.exp(rates[:, place]) * i0(np.hypot(*season.T))
        yield Found(f"need.{need}.arrivals_per_week.{site}", float(np.median(weekly)), LAW,
                    {"new referrals": number, "weeks": round(own.days / DAYS_A_WEEK, 1)}, weekly, origin,
                    "As on the last day of the records.")
    counts = {"new referrals": int(own.counts.sum()), "years": round(own.days / DAYS_A_YEAR, 2)}
    if fit.has_season:
        yield from _season(need, season, counts, chance)
    if fit.has_growth:
        yearly = np.expm1(growth)
        yield Found(f"need.{need}.trend_per_year", float(np.median(yearly)), LAW, counts, yearly)


def _season(
    need: str, season: Numbers, counts: dict[str, float], chance: np.random.Generator
) -> Iterator[Found]:
    """Amplitude and peak. Draws of a plane favour large amplitudes: they are weighted to favour none."""
    size = np.hypot(*season.T)
    odds = 1 / np.maximum(size, 1e-3)
    chosen = chance.choice(len(size), len(size), p=odds / odds.sum())
    amplitude = np.minimum(1.0, 2 * i1(size[chosen]) / i0(size[chosen]))
    middle = season.mean(axis=0)
    peak = round(math.atan2(middle[1], middle[0]) / (2 * math.pi) * DAYS_A_YEAR) % 366 or 366
    yield Found(f"need.{need}.season_amplitude", float(np.median(amplitude)), LAW, counts, amplitude)
    yield Found(f"need.{need}.season_peak_day", peak, LAW, counts)


def counted(evidence: Evidence) -> dict[str, Counted]:
    """New referrals by need group: by day from the first whole week on, and site."""
    rows = new_referrals(evidence)
    found = columns_of(rows.group_by("need", "site", "day").agg(asked=rows.patient.nunique()))
    days = evidence.days
    whole = {}
    for need in sorted(set(found["need"].tolist())):
        mine = found["need"] == need
        sites = tuple(sorted(set(found["site"][mine].tolist())))
        counts = np.zeros((days, len(sites)))
        for site, day, asked in zip(*(found[name][mine] for name in ("site", "day", "asked")), strict=True):
            counts[(day - evidence.first).days, sites.index(site)] += asked
        whole[need] = Counted(evidence.first, sites, counts)
    return whole


def new_referrals(evidence: Evidence) -> ir.Table:
    """Patients who ask for the first time, as far as the records go back: patient, need, site, day.

    Without referrals the first visits held or missed stand for them: of those who gave up nothing is known.
    """
    view = evidence.view
    visits = view.due.group_by(whose=view.due.patient).agg(seen=view.due.day.min())
    if evidence.has("referrals.requested_at"):
        rows = view.table("referrals")
        asked = rows.group_by("patient").agg(
            site=rows.site.fill_null(EVERYBODY).argmin(rows.requested_at), day=rows.requested_at.min().date(),
        )
        asked = asked.left_join(visits, asked.patient == visits.whose)
        asked = asked.filter(asked.seen.isnull() | (asked.seen >= asked.day)).drop("whose", "seen")
    else:
        rows = _first_visits(evidence)
        asked = rows.group_by("patient").agg(
            site=rows.site.fill_null(EVERYBODY).argmin(rows.starts_at), day=rows.day.min(),
        )
    asked = asked.filter((asked.day >= evidence.first) & (asked.day <= evidence.as_of))
    named = asked.left_join(evidence.courses.needs, "patient").drop("patient_right")
    return named.mutate(need=named.need.fill_null(EVERYBODY))


def _first_visits(evidence: Evidence) -> ir.Table:
    """Intakes; where no kind is recorded, visits of patients nobody saw in the first `BEFORE_DAYS`."""
    rows = evidence.view.due
    if evidence.has("appointments.kind"):
        return rows.filter(rows.kind == "intake")
    first = rows.group_by(whose=rows.patient).agg(seen=rows.day.min())
    new = first.filter(first.seen > ibis.literal(evidence.first + timedelta(days=BEFORE_DAYS)))
    return rows.semi_join(new, rows.patient == new.whose)


def weekday_weights(whole: dict[str, Counted]) -> tuple[float, ...]:
    """Referrals of all need groups by weekday, Monday first, against the mean of five days."""
    some = next(iter(whole.values()))
    weekday = (some.first.weekday() + np.arange(some.days)) % DAYS_A_WEEK
    by_day = sum(own.counts.sum(axis=1) for own in whole.values())
    mean = np.array([np.mean(np.asarray(by_day)[weekday == each]) if (weekday == each).any() else 0.0
                     for each in range(DAYS_A_WEEK)])
    if not mean.sum():
        return (1.0,) * 5 + (0.0,) * 2
    return tuple(round(float(each), 3) for each in 5 * mean / mean.sum())


@dataclass(frozen=True)
class Fit:
    """The top of the likelihood (log rates by site a day, cos, sin, growth) and its covariance."""

    top: Numbers
    spread: Numbers
    sites: int
    has_season: bool
    has_growth: bool

    def split(self, draws: Numbers) -> tuple[Numbers, Numbers, Draws]:
        """Log rates, (draws, sites); season, (draws, 2); growth, (draws,): zero where it is not told."""
        number = len(draws)
        after = self.sites + 2 * self.has_season
        season = draws[:, self.sites: after] if self.has_season else np.zeros((number, 2))
        growth = draws[:, after] if self.has_growth else np.zeros(number)
        return draws[:, : self.sites], season, growth


def fitted(own: Counted, weights: tuple[float, ...], steps: int = 50) -> Fit:
    """Newton's steps to the top, with a touch of a prior so that a site without referrals has a rate."""
    has_season, has_growth = own.days >= LEAST_FOR_SEASON, own.days >= LEAST_FOR_TREND
    season, years = _season_of(own), (np.arange(own.days) - own.days) / DAYS_A_YEAR
    parts = [season] * has_season + [years[:, None]] * has_growth
    common = np.concatenate(parts, axis=1) if parts else np.zeros((own.days, 0))
    sites = len(own.sites)
    own_rate = np.tile(np.eye(sites), (own.days, 1))
    x = np.concatenate([own_rate, np.repeat(common, sites, axis=0)], axis=1)
    weekday = (own.first.weekday() + np.arange(own.days)) % DAYS_A_WEEK
    offset = np.repeat(np.array(weights)[weekday] / sum(weights) * DAYS_A_WEEK, sites)
    y = own.counts.reshape(-1)
    open_ = offset > 0
    x, y, offset = x[open_], y[open_], offset[open_]
    top = np.zeros(x.shape[1])
    top[:sites] = np.log((own.counts.sum(axis=0) + 0.5) / own.days)
    weak = np.concatenate([np.full(sites, 1e-4), np.full(x.shape[1] - sites, 1.0)])
    middle = top.copy()
    for _ in range(steps):
        mean = offset * np.exp(np.clip(x @ top, -30, 30))
        square = (x * mean[:, None]).T @ x + np.diag(weak)
        move = np.linalg.solve(square, x.T @ (y - mean) - weak * (top - middle))
        top = top + np.clip(move, -2, 2)
        if np.abs(move).max() < 1e-9:
            break
    mean = offset * np.exp(np.clip(x @ top, -30, 30))
    surplus = max(1.0, float(((y - mean) ** 2 / np.maximum(mean, 1e-9)).sum() / max(1, len(y) - len(top))))
    return Fit(top, np.linalg.inv(square) * surplus, sites, has_season, has_growth)


def _season_of(own: Counted) -> Numbers:
    """(days, 2): cos and sin of the day of the year."""
    days = [(own.first + timedelta(days=day)).timetuple().tm_yday for day in range(own.days)]
    turn = 2 * math.pi * np.array(days) / DAYS_A_YEAR
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


def _not_told(own: Counted, fit: Fit, chance: np.random.Generator) -> Draws:
    """By how much a season and a growth that are not told may have raised the logarithm of the rates."""
    found = np.zeros(NUMBER_OF_DRAWS)
    if not fit.has_season:
        size = np.abs(chance.normal(0, USUAL_SEASON, NUMBER_OF_DRAWS))
        turn = chance.uniform(0, 2 * math.pi, NUMBER_OF_DRAWS)
        season = _season_of(own).mean(axis=0)
        found += np.log1p(np.minimum(size, 0.9) * (np.cos(turn) * season[0] + np.sin(turn) * season[1]))
    if not fit.has_growth:
        found -= chance.normal(0, USUAL_GROWTH, NUMBER_OF_DRAWS) * own.days / DAYS_A_YEAR / 2
    return found


FAMILY = Family("arrivals", (), find)
