"""Machine code kept from an earlier process is never run for sources that have changed since."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import careload
from careload.simulate.kernel.compiled import CACHE, digest_of_sources

PACKAGE = Path(careload.__file__).parent
KERNEL = PACKAGE / "simulate" / "kernel"
COMPILES = re.compile(
    r"^\s*@(compiled|inlined)\b|\b(njit|jit|guvectorize|vectorize|cfunc|jitclass)\b|\bnumba\b", re.MULTILINE
)
SMALL = {
    "__init__.py": "",
    "helper.py": "from small.compiled import inlined\n\n@inlined\ndef due(day):\n    return day + 1\n",
    "whole.py": "from small.compiled import kept\nfrom small.helper import due\n\n"
                "@kept\ndef told(day):\n    return due(day)\n",
}
"""Two functions in the place of the simulator's hundreds, which take minutes to compile twice."""
ONE_CALL = "from small.whole import told; print(told(1))"
ONE_RUN = """
from tests.support.bare_service import bare_plan, runs
plan = bare_plan({"need.all.arrivals_per_week": 7, "team.all.return_slots": 50}, 280)
print(runs(plan, 1)[0].tally.monthly[1].sum(axis=0)[:12].tolist())
"""
BEFORE, AFTER = "person, day, day + 1)", "person, day, day + 3)"
"""A first visit is due the day after asking: written in care.py, compiled into day.py."""


def test_the_digest_speaks_for_every_file_of_the_folder(tmp_path: Path) -> None:
    copy = tmp_path / "kernel"
    shutil.copytree(KERNEL, copy)
    whole = digest_of_sources(copy)
    assert CACHE.name.endswith(whole)
    for path in sorted(copy.glob("*.py")):
        before = path.read_bytes()
        path.write_bytes(before + b"#")
        assert digest_of_sources(copy) != whole, path.name
        path.write_bytes(before)
    assert digest_of_sources(copy) == whole
    (copy / "new.py").write_text("")
    assert digest_of_sources(copy) != whole


def test_nothing_is_compiled_outside_the_folder_that_the_digest_speaks_for() -> None:
    outside = [path for path in PACKAGE.rglob("*.py") if KERNEL not in path.parents]
    assert len(outside) > 50
    assert [path.name for path in outside if COMPILES.search(path.read_text(encoding="utf-8"))] == []
    inside = [path.name for path in KERNEL.glob("*.py") if COMPILES.search(path.read_text(encoding="utf-8"))]
    assert {"day.py", "care.py", "lines.py"} <= set(inside)
    assert not [path for path in KERNEL.rglob("*") if path.is_dir() and path.name != "__pycache__"]


def test_the_folder_imports_no_other_code_of_careload() -> None:
    """Else what is compiled could change without the digest."""
    imported = {
        name for path in KERNEL.glob("*.py")
        for name in re.findall(r"^(?:from|import) (careload\S*)", path.read_text(encoding="utf-8"), re.M)
    }
    assert imported and all(name.startswith("careload.simulate.kernel") for name in imported)


def answer(folder: Path, program: str) -> str:
    """What a process of its own says, with the packages and the cache of a folder."""
    path = os.pathsep.join([str(folder), str(Path(__file__).parents[2])])
    environment = {**os.environ, "PYTHONPATH": path, "CARELOAD_CACHE": str(folder / "cache")}
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def edited_and_back(folder: Path, name: str, program: str, before: str, after: str) -> list[str]:
    """What `program` says of a source as it is, edited, and as it was."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, "the helper has changed: bring this test up to date"
    said = []
    for source in (text, text.replace(before, after), text):
        path.write_text(source, encoding="utf-8")
        said.append(answer(folder, program))
    kept = list((folder / "cache" / "careload").iterdir())
    assert len(kept) == 2, "one folder of machine code for each of the two sources"
    return said


@pytest.mark.slow
def test_an_edited_helper_is_seen(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    shutil.copy(KERNEL / "compiled.py", small)
    for name, text in SMALL.items():
        (small / name).write_text(text, encoding="utf-8")
    said = edited_and_back(tmp_path, "small/helper.py", ONE_CALL, "day + 1", "day + 3")
    assert said == ["2\n", "4\n", "2\n"]
    machine_code = [path for path in (tmp_path / "cache").rglob("*.nbc") if path.stat().st_size]
    assert len(machine_code) == 2, "nothing was kept that could have been stale"


@pytest.mark.long
def test_an_edited_helper_of_the_simulator_is_seen(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "careload", ignore=shutil.ignore_patterns("__pycache__"))
    care = "careload/simulate/kernel/care.py"
    first, edited, again = edited_and_back(tmp_path, care, ONE_RUN, BEFORE, AFTER)
    assert first == again != edited
