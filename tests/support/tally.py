"""Says at the end how many tests were skipped because the data sets are not there."""

from __future__ import annotations

from typing import Any

import pytest


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    for_want_of_data = sum("CARELOAD_DATA" in str(report.longrepr) for report in skipped)
    noun = "test was" if for_want_of_data == 1 else "tests were"
    terminalreporter.write_line(f"{for_want_of_data} {noun} skipped for want of data.")
