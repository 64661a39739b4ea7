"""The reference model in SimPy, against which the simulator is tested, agrees with another program.

One follows the text step by step; the other, in C++, shares neither its language nor its way of going about
it. They agree when none of the ten outputs differs by more than `LIMIT` standard errors: that is 0.4 days of
the mean return interval, 0.15 % of the visits and 6 % of the crises. Seeds are fixed, so the test either
passes every time or never does.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("simpy", reason="SimPy is not installed: `pip install careload[bench]`")

from benchmarks.return_clinic import plain, with_lists, with_simpy
from benchmarks.return_clinic.oracle import LIMIT, distances
from benchmarks.return_clinic.text import ReturnClinic, lower_quantile

TINY = ReturnClinic(clinicians=2, days=400, warm_up=100)
IN_TURMOIL = replace(TINY, crisis=25 * TINY.crisis)
"""With the text's few crises none of the ten outputs would show whether crisis comes before routine."""

CROWDED = replace(TINY, slots_per_clinician=1)
"""Waits are longer than the midnights for which the first draw of plain lists speaks."""

MANY = 4000
"""Replications in C++, so many that their own error does not count."""


@pytest.mark.slow
@pytest.mark.skipif(not plain.available(), reason="no g++ on this machine: the C++ program is not compared")
@pytest.mark.parametrize(("clinic", "replications"), [(TINY, 400), (IN_TURMOIL, 200)])
def test_simpy_and_cpp_agree(clinic: ReturnClinic, replications: int) -> None:
    in_simpy = [with_simpy.run(clinic, seed) for seed in range(1, replications + 1)]
    in_cpp = [outputs for outputs, _ in plain.timed(clinic, 1, MANY)]
    apart = [each for each in distances(in_simpy, in_cpp) if each.errors > LIMIT]
    assert not apart, f"further than {LIMIT:.1f} standard errors apart"


@pytest.mark.slow
@pytest.mark.skipif(not plain.available(), reason="no g++ on this machine: the C++ program is not compared")
@pytest.mark.parametrize("clinic", [IN_TURMOIL, CROWDED])
def test_plain_lists_and_cpp_agree(clinic: ReturnClinic) -> None:
    in_lists = [with_lists.run(clinic, seed) for seed in range(10_001, 10_401)]
    in_cpp = [outputs for outputs, _ in plain.timed(clinic, 1, MANY)]
    apart = [each for each in distances(in_lists, in_cpp) if each.errors > LIMIT]
    assert not apart, f"further than {LIMIT:.1f} standard errors apart"


def test_nobody_is_lost() -> None:
    replication = with_simpy.Clinic(TINY, 1)
    replication.run()
    in_care = replication.at_home + len(replication.waiting)
    assert replication.arrived > TINY.start_patients
    assert replication.arrived == replication.left + in_care


def test_same_seed_same_outputs() -> None:
    assert with_simpy.run(TINY, 1) == with_simpy.run(TINY, 1) != with_simpy.run(TINY, 2)


def test_no_more_slots_than_offered() -> None:
    working_days = sum(TINY.is_open(day) for day in range(TINY.days))
    found = with_simpy.run(TINY, 1)
    assert found.util <= 1 and found.slots_served <= working_days * TINY.slots


@pytest.mark.parametrize(("percent", "days"), [(50, 2), (60, 2), (61, 3), (90, 3), (91, 5)])
def test_lower_quantile_of_ten_intervals(percent: int, days: int) -> None:
    assert lower_quantile((0, 0, 6, 3, 0, 1), percent) == days
