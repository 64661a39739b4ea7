"""Rules for every file: short, typed on the outside, no address of a registry, no path of a machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "careload"
LINES_WANTED, LINES_ALLOWED = 300, 400
LINES_ALLOWED_IN_A_MANUAL = 500
"""A test that reads as a manual, one small table after another, may be longer."""

# Assembled from parts, so that this file passes its own test.
REGISTRY = re.compile(
    r"(?:pypi|pythonhosted|npmjs|debian|conda|anaconda)\.(?:org|com)/|"
    + r"--(?:extra-)?index-url|--find-" + r"links|find-" + r"links\s*=|file:" + r"///[a-z]"
)
MACHINE_PATH = re.compile(r"(?<![\w.~<>])/(?:work|home|root|Users|opt|mnt|farm|tmp)/[a-z]")
# Pictures and lists that are written by programs may hold any text; they are no place for an address either.
NOT_TEXT = {".png", ".parquet", ".xlsx", ".gz", ".zip", ".woff2", ".pdf", ".duckdb"}

HEAVY = ("altair", "duckdb", "holidays", "ibis", "lifelines", "numpy", "pandas", "pyarrow", "scipy", "typst")


@cache
def committed_files() -> tuple[Path, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def lines() -> Iterator[tuple[str, str]]:
    for path in committed_files():
        if path.suffix not in NOT_TEXT:
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                yield f"{path.relative_to(ROOT)}:{number}", line


def test_no_registry_address_is_committed() -> None:
    allowed = "scripts/lock:"  # the options that keep addresses out name them
    found = [place for place, line in lines() if REGISTRY.search(line) and not place.startswith(allowed)]
    assert not found, "a registry's address names a machine; say the package's name instead"


def test_no_path_of_a_machine_is_committed() -> None:
    found = [place for place, line in lines() if MACHINE_PATH.search(line)]
    assert not found, "write paths from the folder of the repository"


@pytest.mark.parametrize(
    "line", ["https://" + "pypi" + ".org/simple", "see /ho" + "me/ann/careload", "--index" + "-url x"]
)
def test_the_patterns_find_what_they_look_for(line: str) -> None:
    assert REGISTRY.search(line) or MACHINE_PATH.search(line)


def test_no_file_of_code_is_longer_than_a_reader_bears() -> None:
    source, tests = lengths(SOURCE), lengths(ROOT / "tests")
    assert not {name: count for name, count in source.items() if count > LINES_ALLOWED}
    assert not {name: count for name, count in tests.items() if count > LINES_ALLOWED_IN_A_MANUAL}
    long = {name: count for name, count in source.items() if count > LINES_WANTED}
    assert len(long) <= 3, f"files over {LINES_WANTED} lines are exceptions: {long}"


def lengths(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in folder.rglob("*.py")
        if "node_modules" not in path.parts
    }


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    required = [*project["dependencies"], *(line for extra in extras for line in extra)]
    declared = {re.split(r"[\[ <>=]", line)[0].replace("-", "_") for line in required}
    module_of = {"ibis": "ibis_framework"}
    imported = {module_of.get(name, name) for path in SOURCE.rglob("*.py") for name in _packages(path)}
    assert imported - declared - set(sys.stdlib_module_names) - {"careload", "__future__"} == set()


def _packages(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_help_is_quick() -> None:
    """`careload --help` loads none of the science: it takes seconds."""
    program = (
        "import sys\n"
        "from careload.__main__ import main\n"
        "sys.argv = ['careload', '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "LOADED []"
    assert "measure" in ran.stdout


def test_the_front_door_is_quick() -> None:
    program = f"import sys, careload; print([name for name in {HEAVY!r} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_everything_public_says_what_it_is() -> None:
    """Functions and classes that another file may use have a docstring."""
    silent = [
        f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}"
        for path in SOURCE.rglob("*.py")
        for node in _offered(path)
        if not ast.get_docstring(node)
    ]
    assert not silent


def _offered(path: Path) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
