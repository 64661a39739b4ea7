"""The fit against the data, week by week: what runs of the fitted service show beside what the records show.

The runs begin when the records have gone on for `RUN_IN` weeks, as the service stood then: who is in care is
told by visits, and in the first weeks many have not been seen yet. Each run has parameters of a draw of its
own and luck of its own. The band of a week is from the 5th to the 95th hundredth of the runs, rank / (runs +
1), so that it holds nine weeks in ten where the fit is right.

What was fitted has seen these weeks: this shows whether the model can follow them. Whether it foresees is
told by the hold-out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service
from careload.model.belief import ENDS, Beliefs
from careload.model.early import as_it_stood, first_week
from careload.model.evidence import Evidence
from careload.model.trust.few import few_by_site
from careload.model.trust.forecast import drawn
from careload.model.trust.weeks_seen import MEASURES, Counted, seen_by_week
from careload.simulate import BySite, by_site, plan_of, run, spread

Numbers = NDArray[np.float64]

LEAST_WEEKS = 13
"""Fewest weeks that are compared."""
RUNS = 50
WEEK = 7
EVERYWHERE = ""
"""Stands for the whole service among its sites."""


@dataclass(frozen=True)
class Followed:
    """One measure of one site, week by week.

    measure   a key of `MEASURES`
    site      "" for the whole service
    happened  (weeks,) what the records show; nan where there is none
    middle, low, high  (weeks,) median and 90 % band of the runs
    small     (weeks,) whether so few are behind what happened that it may not be shown
    """

    measure: str
    site: str
    happened: Numbers
    middle: Numbers
    low: Numbers
    high: Numbers
    small: NDArray[np.bool_]

    @property
    def shown(self) -> Numbers:
        """(weeks,) what happened, nan where it may not be shown."""
        return np.where(self.small, np.nan, self.happened)

    @property
    def known(self) -> int:
        """How many weeks can be compared, and shown."""
        return int((np.isfinite(self.shown) & np.isfinite(self.low)).sum())

    @property
    def inside(self) -> int:
        """How many of them the band holds."""
        return int(((self.low <= self.shown) & (self.shown <= self.high)).sum())


@dataclass(frozen=True)
class Against:
    """The fit against the data.

    first     first day of the first week compared, a Monday
    weeks     compared
    runs      behind each band
    followed  each measure of the whole, then of each site
    """

    first: date
    weeks: int
    runs: int
    followed: tuple[Followed, ...]

    def of(self, site: str = EVERYWHERE) -> tuple[Followed, ...]:
        """The measures of a site, or of the whole."""
        return tuple(each for each in self.followed if each.site == site)

    @property
    def sites(self) -> tuple[str, ...]:
        """Sites told apart, the worst first: that whose weeks the bands hold least."""
        names = dict.fromkeys(each.site for each in self.followed if each.site != EVERYWHERE)
        return tuple(sorted(names, key=lambda site: share_held(self.of(site))))


def share_held(several: Sequence[Followed]) -> float:
    """Share of the weeks of several measures that their bands hold; nan where no week can be compared."""
    known = sum(each.known for each in several)
    return sum(each.inside for each in several) / known if known else float("nan")


def against(evidence: Evidence, beliefs: Beliefs, executor: Executor | None = None) -> Against | None:
    """The fit against the data by week, of the whole and of each site; None where records are too short.

    evidence  what was fitted
    beliefs   of the fit
    """
    view, seed = evidence.view, evidence.seed
    first = first_week(evidence, LEAST_WEEKS)
    if first is None:
        return None
    then = list(as_it_stood(evidence, first - timedelta(days=1), beliefs).values())
    services = [drawn(then, number, view.records.source) for number in range(RUNS)]
    weeks, sites = ((view.as_of - first).days + 1) // WEEK, tuple(services[0]["site"])
    seen = seen_by_week(view, first, weeks, sites)
    return Against(first, weeks, RUNS, followed(seen, runs_of(services, weeks, seed, executor), sites))


def runs_of(
    services: Sequence[Service], weeks: int, seed: int, executor: Executor | None = None
) -> Mapping[str, tuple[Numbers, Numbers]]:
    """Measure to sums and how many are behind them, (runs, sites, weeks) each; one run of each service."""
    tasks = [(service, weeks, seed, number) for number, service in enumerate(services)]
    found: dict[int, Mapping[str, tuple[Numbers, Numbers]]] = {}
    with closing(spread(_one, tasks, executor)) as results:
        found |= dict(results)
    every = [found[place] for place in range(len(tasks))]
    return {
        name: (np.stack([own[name][0] for own in every]), np.stack([own[name][1] for own in every]))
        for name in MEASURES
    }


def _one(service: Service, weeks: int, seed: int, number: int) -> Mapping[str, tuple[Numbers, Numbers]]:
    """One run in the measures of records: a task for a worker."""
    return _measures(by_site(run(plan_of(service, weeks * WEEK), seed, number, logged=True)))


def _measures(ran: BySite) -> Mapping[str, tuple[Numbers, Numbers]]:
    people = ran.patients
    counts = {
        "referrals": people["referred"] + people["came_back"], "visits": people["attended"],
        "no_shows": people["missed"], "caseload": people["in_care"] - people["not_yet_seen"],
        "leavers": ran.clinicians["left"].cumsum(axis=1),
    }
    means = {"return_interval": ran.intervals[::-1], "intake_wait": ran.waits[::-1]}
    return {name: (each, each) for name, each in counts.items()} | means


def followed(
    seen: Mapping[str, Counted], simulated: Mapping[str, tuple[Numbers, Numbers]], sites: Sequence[str]
) -> tuple[Followed, ...]:
    """Each measure that the records show, of the whole and of each site where there are several.

    seen       measure to what the records show
    simulated  measure to sums and numbers of runs, (runs, sites, weeks) each
    """
    found = []
    for site, name in enumerate([EVERYWHERE, *(sites if len(sites) > 1 else ())]):
        for measure, own in seen.items():
            both = simulated[measure]
            sums, number = (each[:, site - 1] if site else each.sum(axis=1) for each in both)
            draws = sums if MEASURES[measure].is_count else _ratio(sums, number)
            found.append(_followed(measure, name, own.at(site), draws, few_by_site(own)[site]))
    return tuple(found)


def _followed(
    measure: str, site: str, happened: Numbers, draws: Numbers, small: NDArray[np.bool_]
) -> Followed:
    known = np.isfinite(draws).any(axis=0)
    low, middle, high = (np.full(draws.shape[1], np.nan) for _ in range(3))
    low[known], high[known] = np.nanquantile(draws[:, known], ENDS, axis=0, method="weibull")
    middle[known] = np.nanmedian(draws[:, known], axis=0)
    return Followed(measure, site, happened, middle, low, high, small)


def _ratio(sums: Numbers, number: Numbers) -> Numbers:
    """Sums over numbers, nan where there are none."""
    return np.asarray(sums / np.where(number > 0, number, np.nan))
