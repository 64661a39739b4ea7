"""Fixture `example`: the bundled example clinic's records, written once for the whole run."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from careload.simulate import write_example

    folder = tmp_path_factory.mktemp("example") / "extract"
    write_example(folder)
    return folder
