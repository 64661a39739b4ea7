"""Fixture `data`: the folder of data sets that we did not make, named by CARELOAD_DATA."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / ".." / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    folder = Path(os.environ.get("CARELOAD_DATA", BESIDE)).resolve()
    if not folder.is_dir():
        pytest.skip("CARELOAD_DATA names no folder of data sets")
    return folder
