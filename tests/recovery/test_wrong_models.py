"""Worlds that are wrong in one way are told by the check that is for it; the world as believed is not.

A short version of `benchmarks/wrong_models.py`, on one small service.
"""

from __future__ import annotations

import pytest
from tests.support.wrong_worlds import RIGHT, WRONG, evidence_of, service_named

from careload.model.trust.checks import CHECKS, wrong

SERVICE, SEED = "mississippi", 2


@pytest.mark.parametrize("world", WRONG)
def test_a_wrong_world_is_told(world: str) -> None:
    make, code = WRONG[world]
    (found, *_) = CHECKS[code](evidence_of(make(service_named(SERVICE), 1, SEED)))
    assert (found.code, found.severity) == (code, "warning")
    assert found.found
    assert found.expected
    assert found.remedy


@pytest.mark.parametrize("world", RIGHT)
def test_nothing_is_told_of_a_world_as_believed(world: str) -> None:
    assert [*wrong(evidence_of(RIGHT[world](service_named(SERVICE), 1, SEED)))] == []
