"""Fixture `own_tables`: an empty folder for newer tables, so that a test meets nobody's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from careload.staff.money import Month, Prices

DEAL = "4% 2021-10, 3%+1% lump 2022-10, 3% 2023-10, 3%+1% lump 2024-10"
"""The pay settlement of the case the project comes from."""


@pytest.fixture
def own_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tables of one's own"
    monkeypatch.setenv("CARELOAD_TABLES", str(folder))
    return folder


def prices(values: Mapping[tuple[int, int], float]) -> Prices:
    """Prices of an invented area."""
    months = {Month(*month): value for month, value in sorted(values.items())}
    return Prices("here", "Here", "CUUR0000SA0", months, {})
