"""Marks follow from what a test asks for: whoever uses the fixture `spark` is marked spark."""

from __future__ import annotations

import pytest

MARK_OF = {"data": "data", "page": "browser", "postgres": "postgres", "spark": "spark"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in MARK_OF:
                item.add_marker(MARK_OF[name])
