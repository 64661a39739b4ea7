"""Worlds that are wrong in one way are told by the check that is for it; the world as believed is not.

A short version of `benchmarks/wrong_models.py`, on one small service.
"""

from __future__ import annotations

import pytest
from tests.support.wrong_worlds import RIGHT, WRONG, evidence_of, rows_lost, service_named

from careload.model.trust.checks import CHECKS, wrong

SERVICE, LARGER, SEED = "mississippi", "weekly", 2
"""Of seven clinicians alone, rows that were lost are told in two records of three."""


@pytest.mark.parametrize("world", WRONG)
def test_a_wrong_world_is_told(world: str) -> None:
    make, code = WRONG[world]
    service = service_named(LARGER if make is rows_lost else SERVICE)
    (found, *_) = CHECKS[code](evidence_of(make(service, 1, SEED)))
    assert (found.code, found.severity) == (code, "warning")
    assert found.found
    assert found.expected
    assert found.remedy


@pytest.mark.parametrize("world", RIGHT)
def test_nothing_is_told_of_a_world_as_believed(world: str) -> None:
    assert [*wrong(evidence_of(RIGHT[world](service_named(SERVICE), 1, SEED)))] == []
