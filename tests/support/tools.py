"""What tests need from the machine: found, skipped with a reason, or (in `make test`) required."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(found: str, remedy: str) -> NoReturn:
    """Skip the test because a program is missing; under `make test`, where all are installed, fail it."""
    message = f"{found} Remedy: {remedy}"
    if os.environ.get("CARELOAD_TEST_ALL"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
