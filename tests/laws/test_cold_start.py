"""A first answer comes soon: nothing heavy is imported that a run does not need."""

from __future__ import annotations

import subprocess
import sys

from tests.support.runs import SERVICES

SLOW_TO_IMPORT = (
    "duckdb", "ibis", "pandas", "pyarrow", "scipy.special", "scipy.stats", "jinja2", "distributed",
)

PROGRAM = f"""
import sys
from careload.clinic import read_service
from careload.simulate import simulate
found = simulate(read_service({str(SERVICES / "trap.toml")!r}), 0.1, 2)
assert found.estimates() and found.share_within(14)
print([name for name in {SLOW_TO_IMPORT!r} if name in sys.modules])
"""


def test_a_run_imports_only_what_it_needs() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
