"""New referrals by day, site and need group.

    log mean(day, site) = log rate(site) + log weight(weekday) + a cos(y) + b sin(y) + growth (years to end)
    y = 2 pi day of the year / 365.25

Poisson, its doubt widened where counts vary more than that (quasi-Poisson, by Pearson's chi-square); weekdays
are one for all need groups. Some of those who ask for the first time in the records had left before these
began: as many as are to be expected (`left_before`) are no new patients. Beforehand r = sqrt(a^2 + b^2) is
believed to be half-normal and growth normal about 0: what short records cannot tell of season and growth is
doubt about the rate. A service's season is 1 + A cos(y - peak): A = 2 I1(r) / I0(r), I the modified Bessel
functions, the first harmonic of exp(r cos).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray
from scipy.special import i0, i1

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Draws, Found, Origin
from careload.model.courses import EVERYBODY
from careload.model.direct.left_before import LeftBefore, left_before
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.prior import Z, sure_prior_of

Numbers = NDArray[np.float64]

DAYS_A_YEAR, DAYS_A_WEEK = 365.25, 7
HALF_NORMAL = 1.959964
"""95 % of a half-normal law lie below so many of its standard deviations."""
CHANCE = 3.0
"""Standard deviations of a Poisson count that are taken for chance."""
MOST_AGAIN, TINY = 0.9, 1e-9
"""At least one in ten of those who ask is taken to be new, whatever else is believed (assumed)."""
COMMON, STEPS, CANDIDATES = 3, 50, 8000
"""Coefficients common to all sites (cos, sin, growth); Newton's steps at most; draws to choose from."""
BEFORE_DAYS = 90
"""Who was seen in the first days of the records may have been in care before (assumed)."""
ROUND = "A day of the year: about New Year the interval looks wider than it is."
LAW = "Poisson: rate of the site x weekday x season x growth, counts by day"
WEEKDAYS = "need.{need}.weekday_weights"


@dataclass(frozen=True)
class Counted:
    """Referrals of one need group by day.

    first   the first day
    sites   names of the sites
    counts  (days, sites)
    again   (days, sites) to be expected of those who had left before the records began
    doubt   (sites,) draws of new patients over the number taken
    """

    first: date
    sites: tuple[str, ...]
    counts: Numbers
    again: Numbers
    doubt: tuple[Draws, ...]

    @classmethod
    def all_new(cls, first: date, sites: tuple[str, ...], counts: Numbers) -> Counted:
        """Referrals of which none is of somebody who had left before."""
        return cls(first, sites, counts, np.zeros(counts.shape), (np.ones(NUMBER_OF_DRAWS),) * len(sites))

    @property
    def days(self) -> int:
        """How many days."""
        return len(self.counts)


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Rates, weekdays, season and growth of every need group."""
    whole = counted(evidence, left_before(evidence, so_far))
    if not whole:
        return
    weights = weekday_weights(whole)
    asked = int(sum(own.counts.sum() for own in whole.values()))
    for need, own in whole.items():
        yield Found(WEEKDAYS.format(need=need), weights, "referrals by weekday, over all need groups",
                    {"new referrals of all need groups": asked})
        yield from _of_need(evidence, need, own, weights)


def _of_need(evidence: Evidence, need: str, own: Counted, weights: tuple[float, ...]) -> Iterator[Found]:
    fit = fitted(own, weights)
    rates, season, growth = fit.split(_draws(fit, evidence.generator(f"arrivals {need}")))
    size = np.hypot(*season.T)
    origin: Origin = "records" if evidence.has("referrals.requested_at") else "lower bound"
    for place, site in enumerate(own.sites):
        number = int(own.counts[:, place].sum())
        weekly = DAYS_A_WEEK * np.exp(rates[:, place]) * i0(size) * own.doubt[place]
        yield Found(f"need.{need}.arrivals_per_week.{site}", float(np.median(weekly)), LAW,
                    {"new referrals": number, "weeks": round(own.days / DAYS_A_WEEK, 1)}, weekly, origin,
                    "As on the last day of the records.")
    counts = {"new referrals": int(own.counts.sum()), "years": round(own.days / DAYS_A_YEAR, 2)}
    # Of the mean wave, not the mean of amplitudes, for which any noise is a season.
    middle = season.mean(axis=0)
    yearly = np.expm1(growth)
    yield Found(f"need.{need}.season_amplitude", float(amplitude_of(np.hypot(*middle))), LAW, counts,
                amplitude_of(size))
    yield Found(f"need.{need}.season_peak_day", int(peak_day(middle)), LAW, counts,
                peak_day(season.T), note=ROUND)
    yield Found(f"need.{need}.trend_per_year", float(np.median(yearly)), LAW, counts, yearly)


def widths_beforehand() -> tuple[float, float]:
    """Standard deviations beforehand: of r (half-normal, 95 % below the prior's high), of log growth."""
    season, growth = (sure_prior_of(f"need.any.{name}") for name in ("season_amplitude", "trend_per_year"))
    return season.high / HALF_NORMAL, (math.log1p(growth.high) - math.log1p(growth.low)) / (2 * Z)


def _draws(fit: Fit, chance: np.random.Generator) -> Numbers:
    """Draws of a plane favour large amplitudes: they are weighted by 1 / r, so as to favour none."""
    draws = chance.multivariate_normal(fit.top, fit.spread, CANDIDATES)
    odds = 1 / np.maximum(np.hypot(*fit.split(draws)[1].T), 1e-3)
    return np.asarray(draws[chance.choice(CANDIDATES, NUMBER_OF_DRAWS, replace=False, p=odds / odds.sum())])


def amplitude_of(size: Numbers) -> Numbers:
    """A = 2 I1(r) / I0(r), at most 1."""
    return np.asarray(np.minimum(1.0, 2 * i1(size) / i0(size)))


def peak_day(season: Numbers) -> Numbers:
    """The day of the year, 1 to 365, on which a season of (cos, sin) is highest."""
    days = np.rint(np.arctan2(season[1], season[0]) / (2 * math.pi) % 1 * DAYS_A_YEAR)
    return np.where(days == 0, 365.0, days)


def counted(evidence: Evidence, before: Mapping[tuple[str, str], LeftBefore]) -> dict[str, Counted]:
    """New referrals by need group, day and site, and how many of them are none, by need group and site."""
    first = evidence.begins("referrals.requested_at")
    rows = new_referrals(evidence)
    rows = rows.filter(rows.day >= ibis.literal(first))
    found = columns_of(rows.group_by("need", "site", "day").agg(asked=rows.patient.nunique()))
    days = (evidence.as_of - first).days + 1
    whole = {}
    for need in sorted(set(found["need"].tolist())):
        mine = found["need"] == need
        sites = tuple(sorted(set(found["site"][mine].tolist())))
        counts = np.zeros((days, len(sites)))
        for site, day, asked in zip(*(found[name][mine] for name in ("site", "day", "asked")), strict=True):
            counts[(day - first).days, sites.index(site)] += asked
        whole[need] = Counted(first, sites, counts, *_again(counts, [
            before.get((need, site)) for site in sites]))
    return whole


def _again(counts: Numbers, before: Sequence[LeftBefore | None]) -> tuple[Numbers, tuple[Draws, ...]]:
    """What `Counted` says of those who had left before; never more than were counted."""
    days = len(counts)
    again, doubt = np.zeros(counts.shape), []
    for place, own in enumerate(before):
        if own is None:
            doubt.append(np.ones(NUMBER_OF_DRAWS))
            continue
        number, expected = counts[:, place].sum(), own.asking(days)
        again[:, place] = expected * min(1.0, MOST_AGAIN * number / max(expected.sum(), TINY))
        new = np.maximum(number - own.asked(days), (1 - MOST_AGAIN) * number)
        doubt.append(new / max(number - again[:, place].sum(), TINY) if number else np.ones(NUMBER_OF_DRAWS))
    return again, tuple(doubt)


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
    """Referrals of all need groups by weekday, Monday first, against the mean of five days.

    None on a weekday on which no more asked than chance makes of those who had left before.
    """
    some = next(iter(whole.values()))
    weekday = (some.first.weekday() + np.arange(some.days)) % DAYS_A_WEEK
    asked, again = (np.bincount(weekday, sum(getattr(own, name).sum(axis=1) for own in whole.values()),
                                DAYS_A_WEEK) for name in ("counts", "again"))
    new = np.where(asked - again > CHANCE * np.sqrt(again), asked - again, 0.0)
    mean = new / np.maximum(np.bincount(weekday, minlength=DAYS_A_WEEK), 1)
    if not mean.sum():
        return (1.0,) * 5 + (0.0,) * 2
    return tuple(round(float(each), 3) for each in 5 * mean / mean.sum())


@dataclass(frozen=True)
class Fit:
    """The likeliest coefficients (log rates by site a day, cos, sin, growth), and their covariance."""

    top: Numbers
    spread: Numbers
    sites: int

    def split(self, draws: Numbers) -> tuple[Numbers, Numbers, Draws]:
        """Log rates, (draws, sites); season, (draws, 2); growth, (draws,)."""
        return draws[:, : self.sites], draws[:, self.sites: -1], draws[:, -1]


def fitted(own: Counted, weights: tuple[float, ...]) -> Fit:
    """The top, and again with counts that vary more than Poisson ones where they do.

    A touch of a prior gives a site without referrals a rate.
    """
    x, y, offset, again = _regression(own, weights)
    sites = len(own.sites)
    start = np.append(np.log((own.counts.sum(axis=0) + 0.5) / own.days), np.zeros(COMMON))
    season, growth = widths_beforehand()
    precision = np.append(np.full(sites, 1e-4), 1 / np.square([season, season, growth]))
    top, _covariance = _climbed(x, y, offset, again, start, precision, 1.0)
    mean = offset * np.exp(np.clip(x @ top, -30, 30)) + again
    surplus = max(1.0, float(((y - mean) ** 2 / np.maximum(mean, 1e-9)).sum() / max(1, len(y) - len(top))))
    return Fit(*_climbed(x, y, offset, again, start, precision, surplus), sites)


def _regression(own: Counted, weights: tuple[float, ...]) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """By day and site, closed weekdays left out: what is multiplied by the coefficients, counts, offset, and
    how many of the counts are none of new patients."""
    years = (np.arange(own.days) - own.days) / DAYS_A_YEAR
    common = np.column_stack([_season_of(own), years])
    sites = len(own.sites)
    x = np.concatenate([np.tile(np.eye(sites), (own.days, 1)), np.repeat(common, sites, axis=0)], axis=1)
    weekday = (own.first.weekday() + np.arange(own.days)) % DAYS_A_WEEK
    offset = np.repeat(np.array(weights)[weekday] / sum(weights) * DAYS_A_WEEK, sites)
    open_ = offset > 0
    return x[open_], own.counts.reshape(-1)[open_], offset[open_], own.again.reshape(-1)[open_]


def _climbed(
    x: Numbers, y: Numbers, offset: Numbers, again: Numbers, start: Numbers, precision: Numbers,
    surplus: float,
) -> tuple[Numbers, Numbers]:
    """Fisher's scoring to the top of a law of mean offset exp(x b) + again, and the covariance there.

    start      what is believed beforehand, and where the steps begin
    precision  of that
    surplus    variance of counts over their mean
    """
    top = start.copy()
    for _ in range(STEPS):
        new = offset * np.exp(np.clip(x @ top, -30, 30))
        part = new / (new + again)
        square = (x * (new * part)[:, None]).T @ x / surplus + np.diag(precision)
        move = np.linalg.solve(square, x.T @ (y * part - new) / surplus - precision * (top - start))
        top = top + np.clip(move, -2, 2)
        if np.abs(move).max() < 1e-9:
            break
    return top, np.asarray(np.linalg.inv(square))


def _season_of(own: Counted) -> Numbers:
    """(days, 2): cos and sin of the day of the year."""
    days = [(own.first + timedelta(days=day)).timetuple().tm_yday for day in range(own.days)]
    turn = 2 * math.pi * np.array(days) / DAYS_A_YEAR
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


FAMILY = Family("arrivals", (), find)
