"""A known service beside its own records: both are counted alike, bands hold, and a change leaves them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.fitted import simulated_evidence
from tests.support.small_services import SEVERAL_SITES

from careload.clinic import Service, parse_service
from careload.model.trust.against import _one, followed, runs_of, share_held
from careload.model.trust.weeks_seen import MEASURES, Counted, seen_by_week

YEARS, WEEKS, RUNS = 1, 52, 50
SEEN_RUN = 1000
"""A replication that is none of those behind the band."""


@pytest.fixture(scope="module")
def service() -> Service:
    return parse_service(SEVERAL_SITES)


def counted(service: Service, number: int = SEEN_RUN) -> dict[str, Counted]:
    """One run as records would show it."""
    return {name: Counted(name, *own) for name, own in _one(service, WEEKS, 1, number).items()}


def test_a_run_and_its_records_are_counted_alike(service: Service) -> None:
    """Visits, no-shows, referrals, leavers, intervals and waits of every site and week."""
    evidence = simulated_evidence(service, YEARS, seed=1)
    sites = tuple(service["site"])
    seen = seen_by_week(evidence.view, service["start"]["date"], WEEKS, sites)
    run = counted(service, 0)
    assert set(seen) == set(MEASURES)
    # Intervals that began before the records are in no record, and a leaver is gone the day after the last.
    for name, since in (("visits", 0), ("no_shows", 0), ("referrals", 0), ("intake_wait", 0), ("caseload", 2),
                        ("return_interval", 26)):
        assert np.array_equal(seen[name].sums[:, since:], run[name].sums[:, since:]), name
        assert np.array_equal(seen[name].number[:, since:], run[name].number[:, since:]), name
    assert np.array_equal(seen["leavers"].sums[:, 1:] >= run["leavers"].sums[:, :-1],
                          np.ones((len(sites), WEEKS - 1), dtype=bool))
    assert np.array_equal(seen["leavers"].sums[:, -1], run["leavers"].sums[:, -1])


def test_the_band_of_the_truth_holds_nine_weeks_in_ten(service: Service) -> None:
    found = followed(counted(service), runs_of([service] * RUNS, WEEKS, 1), tuple(service["site"]))
    whole = [each for each in found if not each.site]
    assert 0.80 <= share_held(whole) <= 0.97


def test_a_service_that_changed_leaves_the_band(service: Service) -> None:
    """Three fifths more referrals at every site: seen in what they move."""
    needs = service["need"]
    more = {f"need.{name}.arrivals_per_week.{site}": 1.6 * rate
            for name, need in needs.items() for site, rate in need["arrivals_per_week"].items()}
    changed = service.changed(more, "more referrals")
    found = followed(counted(changed), runs_of([service] * RUNS, WEEKS, 1), tuple(service["site"]))
    by_name = {each.measure: each for each in found if not each.site}
    assert by_name["referrals"].inside < 0.6 * by_name["referrals"].known
    assert share_held([each for each in found if not each.site]) < 0.75
