"""The general simulator with all but the queue off is the reference model: it agrees with the oracle in SimPy.

Agreement is shown, not only not refuted: for every quantity the whole 99 % interval of the difference lies
inside a stated margin (`benchmarks/return_clinic/equivalence.py`). The oracle's replications are kept.
Careload's seeds are fixed, so the tests either pass every time or never do.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from benchmarks.return_clinic import faults
from benchmarks.return_clinic.equivalence import (
    CHANCE_ALLOWED,
    BySize,
    days_overdue,
    equivalent,
    intervals,
    needed,
    table,
)
from benchmarks.return_clinic.oracle import LIMIT, distances
from benchmarks.return_clinic.text import SIZES, ReturnClinic

HERE = {"S": 400, "M": 40}
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
def test_none_of_the_ten_outputs_is_far(found: BySize, kept: BySize, size: str) -> None:
    apart = [each for each in distances(found[size], kept[size]) if each.errors > LIMIT]
    assert not apart, f"further than {LIMIT:.1f} standard errors apart"


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
    """Each quantity has what it needs at one size, or at both together where they speak for the same chance."""
    at = {size: needed(kept, size) for size in kept}
    for quantity in at["S"]:
        assert sum(len(kept[size]) / at[size][quantity] for size in kept) >= 1, quantity


def test_days_overdue_are_what_the_hazards_work_on(kept: BySize) -> None:
    """Dropouts per day overdue are the text's chance of dropping out, but for waits that end by it."""
    clinic = ReturnClinic(clinicians=SIZES["M"])
    days = sum(days_overdue(each, clinic) for each in kept["M"])
    assert sum(each.drop for each in kept["M"]) / days == pytest.approx(clinic.dropout, rel=0.01)


def test_every_fault_finds_its_text(tmp_path: pytest.TempPathFactory) -> None:
    for place, fault in enumerate(faults.FAULTS):
        if fault.texts:
            faults.copy_with_fault(fault, tmp_path / str(place))


def test_a_text_that_is_not_there_is_told(tmp_path: pytest.TempPathFactory) -> None:
    with pytest.raises(LookupError, match="occurs 0 times"):
        faults.copy_with_fault(faults.Fault("gone", texts=(("no such letters", ""),)), tmp_path)
