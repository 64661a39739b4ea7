"""Fixtures of runs: the one-therapist practice, small enough to be run many times."""

from __future__ import annotations

from pathlib import Path

import pytest

from careload.clinic import Service, read_service
from careload.simulate import Simulated, simulate

SERVICES = Path(__file__).parents[2] / "examples" / "services"


@pytest.fixture(scope="session")
def solo() -> Service:
    return read_service(SERVICES / "solo.toml")


@pytest.fixture(scope="session")
def trap() -> Service:
    return read_service(SERVICES / "trap.toml")


@pytest.fixture(scope="session")
def solo_runs(solo: Service) -> Simulated:
    return simulate(solo, years=1, replications=6, by_week=True)


@pytest.fixture(scope="session")
def trap_runs(trap: Service) -> Simulated:
    return simulate(trap, years=0.5, replications=4, by_week=True)
