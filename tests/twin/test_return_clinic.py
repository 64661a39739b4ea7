"""The general simulator with all but the queue off is the reference model: it agrees with SimPy's oracle.

Agreement is shown, not only not refuted: for every quantity the whole 99 % interval of the difference lies
inside a stated margin (`benchmarks/return_clinic/equivalence.py`). The oracle's replications are kept.
Careload's seeds are fixed, so the tests either pass every time or never do.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.return_clinic import faults
from benchmarks.return_clinic.equivalence import (
    CHANCE_ALLOWED,
    CHANCES,
    MEANS,
    BySize,
    days_overdue,
    equivalent,
    intervals,
    needed,
    table,
)
from benchmarks.return_clinic.text import OUTPUTS, SIZES, ReturnClinic
from scipy.stats import permutation_test

HERE = faults.REPLICATIONS
"""Replications of Careload's: so many that the oracle's error is most of what there is."""


@pytest.fixture(scope="module")
def kept() -> BySize:
    found = faults.expected()
    assert len(found["S"]) >= 100 and len(found["M"]) >= 20
    return found


@pytest.fixture(scope="module")
def found() -> BySize:
    return faults.found_of(faults.SOUND, HERE)


@pytest.mark.slow
def test_equivalent_to_the_oracle(found: BySize, kept: BySize) -> None:
    assert equivalent(found, kept), table(intervals(found, kept))


@pytest.mark.slow
@pytest.mark.parametrize("size", HERE)
@pytest.mark.parametrize("output", OUTPUTS)
def test_each_of_the_ten_outputs_is_as_likely(found: BySize, kept: BySize, size: str, output: str) -> None:
    """Replications shuffled between the programs: medians and p90s are whole days, some laws have tails."""
    both = [np.array([getattr(each, output) for each in some[size]]) for some in (found, kept)]
    if all(len(np.unique(each)) == 1 for each in both):
        assert both[0][0] == both[1][0]
        return
    shuffled = permutation_test(
        both, lambda one, other, axis: one.mean(axis=axis) - other.mean(axis=axis), vectorized=True,
        n_resamples=9_999, rng=1,
    )
    assert shuffled.pvalue > 0.01 / len(OUTPUTS) / len(HERE)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["no-shows 1 % too many", "rebooked after 6 days", "1 % of slots lost"])
def test_a_fault_is_not_equivalent(kept: BySize, name: str) -> None:
    fault = next(each for each in faults.FAULTS if each.name == name)
    assert not equivalent(faults.found_of(fault, {"S": 100, "M": 5}), kept)


def test_an_error_as_large_as_the_margin_is_never_equivalent(kept: BySize) -> None:
    """However many replications: a chance that is 1 % off lies on the edge of its margin."""
    more = {size: [replace(o, ed=round(o.ed * (1 + CHANCE_ALLOWED))) for o in kept[size]] for size in kept}
    judged = {each.quantity: each for each in intervals(more, kept)}
    assert not judged["ED visits per crisis"].inside
    assert judged["crises per day overdue"].difference == pytest.approx(0, abs=1e-12)


def test_there_are_as_many_replications_as_the_power_asks(kept: BySize) -> None:
    """Four times in five the same model passes: means at each size, chances at both sizes together."""
    at = {size: needed(kept, size, power=0.8) for size in kept}
    for output in MEANS:
        assert all(len(kept[size]) >= at[size][output] for size in kept), output
    for name in CHANCES:
        assert sum(len(kept[size]) / at[size][name] for size in kept) >= 1, name


def test_replications_needed_by_hand(kept: BySize) -> None:
    """Margin 0.4 spreads, 23 intervals together 99 %: ((3.516 + 1.645) / 0.4)^2."""
    assert needed(kept, "S")["mean"] == 167
    assert needed(kept, "S", power=0.98)["mean"] == math.ceil(((3.516 + 2.326) / 0.4) ** 2)


def test_days_overdue_are_what_the_hazards_work_on(kept: BySize) -> None:
    """Dropouts per day overdue are the text's chance of dropping out, but for waits that end by it."""
    clinic = ReturnClinic(clinicians=SIZES["M"])
    days = sum(days_overdue(each, clinic) for each in kept["M"])
    assert sum(each.drop for each in kept["M"]) / days == pytest.approx(clinic.dropout, rel=0.01)


def test_every_fault_finds_its_text(tmp_path: Path) -> None:
    for place, fault in enumerate(faults.FAULTS):
        if fault.texts:
            faults.copy_with_fault(fault, tmp_path / str(place))


def test_a_text_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="occurs 0 times"):
        faults.copy_with_fault(faults.Fault("gone", texts=(("no such letters", ""),)), tmp_path)
