"""Counts of the simulator: Poisson arrivals, binomial no-shows, no-shows by the days booked ahead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, chi2, poisson
from tests.support.bare_service import a_day, bare_plan, entries, runs, weekly
from tests.support.fits import RAREST, STANDARD_ERRORS, fits

from careload.simulate.run import Run


def dispersion(counts: NDArray[np.int64], mean: float) -> float:
    """Chance of counts so unevenly or so evenly spread, if Poisson: sum (n - m)^2 / m is chi-squared."""
    distance = float(((counts - mean) ** 2 / mean).sum())
    return 2 * min(chi2.sf(distance, len(counts)), chi2.cdf(distance, len(counts)))


@pytest.mark.parametrize("a_day_on_average", [0.3, 4.0, 80.0, 1700.0])
def test_arrivals_are_poisson(a_day_on_average: float) -> None:
    """From fewer than one a day to more than are drawn at once."""
    days = 7 * 400
    plan = bare_plan({"need.all.arrivals_per_week": 7 * a_day_on_average, "team.all.return_slots": 0}, days)
    counts = a_day(entries(runs(plan, 1, logged=True)[0], "asked"), days)
    law = poisson.pmf(np.arange(counts.max() + 1), a_day_on_average)
    assert fits(np.bincount(counts), law)
    assert dispersion(counts, a_day_on_average) > RAREST
    after = np.corrcoef(counts[:-1], counts[1:])[0, 1]
    assert abs(after) < STANDARD_ERRORS / days**0.5


def test_arrivals_by_weekday() -> None:
    weights = [3, 2, 1, 1, 0.5, 0, 0.5]
    plan = bare_plan({
        "need.all.arrivals_per_week": 800, "need.all.weekday_weights": weights, "team.all.return_slots": 0,
    }, 7 * 60)
    done = runs(plan, 1, logged=True)[0]
    by_weekday = np.bincount(entries(done, "asked")["day"] % 7, minlength=7)
    assert fits(by_weekday, np.array(weights) / 8)
    assert dispersion(weekly(done, "referred"), 800.0) > RAREST


def crowded(**more: Any) -> Run:
    """Always more patients than 20 slots a day, who come until they have been seen six times."""
    return runs(bare_plan({
        "team.all.posts": 4, "team.all.return_slots": 25, "need.all.arrivals_per_week": 18,
        "need.all.visits_needed": 6, "start.patients": 40, **more,
    }, 7 * 1000), 1, logged=True)[0]


def test_no_shows_are_binomial() -> None:
    misses = {f"no_show.{kind}_{when}": 0.12 for kind in ("intake", "return") for when in ("soon", "late")}
    done = crowded(**misses)
    seen, missed = (a_day(entries(done, *kinds), done.days) for kinds in (
        ("first_visit", "return_visit"), ("missed",)))
    full = seen + missed == 20
    assert full.sum() > 4000
    assert fits(np.bincount(missed[full]), binom.pmf(np.arange(21), 20, 0.12))
    assert not fits(np.bincount(missed[full]), binom.pmf(np.arange(21), 20, 0.125))


CURVE = {"intake_soon": 0.05, "intake_late": 0.45, "return_soon": 0.30, "return_late": 0.10, "scale_days": 12}


@pytest.fixture(scope="module")
def by_lead() -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Booked and missed visits by the days they were booked ahead, first visits and return visits."""
    done = crowded(**{
        "mechanisms.lead_time": True, "policy.rebook_days": 3, "need.all.cadence_days": [2],
        "need.all.arrivals_per_week": 13,
        **{f"no_show.{name}": value for name, value in CURVE.items()},
    })
    events = entries(done, "asked", "first_visit", "return_visit", "missed")
    events = events[np.isin(events["key"], events["key"][events["kind"] == 0])]
    events = events[np.lexsort((np.arange(len(events)), events["key"]))]
    lead = events["day"][1:] - events["day"][:-1]
    asked, missed = events["kind"] == 0, events["kind"] == entries(done, "missed")["kind"][0]
    seen_before = visits_before(events["key"], ~asked & ~missed)
    found = {}
    for name, which in (("intake", seen_before[1:] == 0), ("return", seen_before[1:] > 0)):
        here = which & ~asked[1:]
        most = int(lead[here].max()) + 1
        found[name] = (np.bincount(lead[here], minlength=most),
                       np.bincount(lead[here & missed[1:]], minlength=most))
    return found


def visits_before(keys: NDArray[np.uint64], held: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Visits held with the same person before each event; events of a person stand together."""
    upto = np.concatenate([[0], held.cumsum()[:-1]])
    first = np.concatenate([[True], keys[1:] != keys[:-1]])
    return upto - upto[first][first.cumsum() - 1]


@pytest.mark.parametrize("kind", ["intake", "return"])
def test_no_shows_by_days_booked_ahead(
    by_lead: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]], kind: str
) -> None:
    """late + (soon - late) exp(-days / scale), which may rise or fall and levels off."""
    booked, missed = by_lead[kind]
    late, days = CURVE[f"{kind}_late"], np.arange(len(booked))
    expected = late + (CURVE[f"{kind}_soon"] - late) * np.exp(-days / CURVE["scale_days"])
    enough = booked >= 30
    errors = (missed - booked * expected)[enough] / np.sqrt(booked * expected * (1 - expected))[enough]
    assert enough.sum() > 10 and booked.sum() > 2_000
    assert chi2.sf(float((errors**2).sum()), enough.sum()) > RAREST
    assert abs(errors.sum()) < STANDARD_ERRORS * enough.sum() ** 0.5
    flat = missed.sum() / booked.sum()
    errors = (missed - booked * flat)[enough] / np.sqrt(booked * flat * (1 - flat))[enough]
    assert chi2.sf(float((errors**2).sum()), enough.sum()) < RAREST
