"""Somebody fits the same records twice, with the same seed."""

from __future__ import annotations

import json

import pytest
from tests.support.fitted import simulated_evidence

from careload.clinic import read_service
from careload.model import fit
from careload.model.written import as_json
from careload.simulate import ready_service

pytestmark = pytest.mark.slow


def test_it_gives_the_same_draws_to_the_last_digit_written() -> None:
    records = simulated_evidence(read_service(ready_service("mississippi")), 2, 5).view.records
    first, second = (
        json.dumps(as_json(fit(records, seed=1, latent=False, held_out=False), draws=True)) for _ in range(2))
    assert first == second
