"""The pages that the program writes are current: `make docs` would change nothing."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parents[2] / "scripts").glob("*_page.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.stem for script in SCRIPTS])
def test_page_is_current(script: Path) -> None:
    made = runpy.run_path(str(script))
    assert made["PAGE"].read_text(encoding="utf-8") == made["page"](), "run: make docs"


@pytest.mark.slow
def test_picture_is_current() -> None:
    made = runpy.run_path(str(SCRIPTS[0].parent / "pictures.py"))
    assert made["PICTURE"].read_text(encoding="utf-8") == made["drawn"](), "run: make docs"
