"""Fixtures for pages: Debian's Chromium, and axe-core for accessibility.

pytest-playwright gives `page`; these say which browser it starts and let a
test ask axe for violations: `axe(page)` returns one line for each.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.tools import missing

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        missing("No Chromium is installed.", "make test (as root), or apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    if not AXE.exists():
        missing("axe-core is not installed.", "make test, or npm install --prefix tests")
    source = AXE.read_text(encoding="utf-8")

    def violations(page: Any) -> list[str]:
        page.evaluate(source)
        found = page.evaluate("async () => (await axe.run()).violations")
        return [
            f"{rule['id']} ({rule['impact']}): {rule['help']}: {node['target']}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations
