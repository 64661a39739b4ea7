"""The pinned requirement files fit the package, one another, and every Python that Careload supports."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def pins(name: str, python: str) -> dict[str, str]:
    """Package to version in requirements/NAME.txt, as one Python on Linux sees the file."""
    here = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    found: dict[str, str] = {}
    for line in (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if re.match(r"[a-z0-9]", line):
            pin = Requirement(line.rstrip(" \\"))
            if pin.marker is None or pin.marker.evaluate(here):
                (only,) = pin.specifier
                assert only.operator == "=="
                assert pin.name not in found, f"{pin.name} is pinned twice for Python {python}"
                found[pin.name] = only.version
    return found


@pytest.mark.parametrize("python", PYTHONS)
def test_run_is_a_cut_of_test(python: str) -> None:
    run, test = pins("run", python), pins("test", python)
    assert run.items() <= test.items(), "run: make lock"
    assert pins("build", python).items() <= test.items(), "run: make lock"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("name", "extras"), [("run", []), ("test", ["postgres", "scale", "spark", "test", "dev"])]
)
def test_what_the_package_needs_is_pinned(name: str, extras: list[str], python: str) -> None:
    pinned = pins(name, python)
    wanted = [*PROJECT["dependencies"]]
    for extra in extras:
        wanted += PROJECT["optional-dependencies"][extra]
    for need in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(need.name))
        assert version is not None, f"{need.name} is not in requirements/{name}.txt: run make lock"
        assert need.specifier.contains(version), f"{need}, but {version} is pinned: run make lock"


@pytest.mark.parametrize("name", ["build", "run", "test"])
def test_every_pin_has_a_hash(name: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
