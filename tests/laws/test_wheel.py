"""What `pip install .` installs: every file of the package, and the licence."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_every_file_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    listed = subprocess.run(["git", "ls-files", "src"], cwd=ROOT, capture_output=True, text=True, check=True)
    committed = {name.removeprefix("src/") for name in listed.stdout.split() if (ROOT / name).exists()}
    assert committed - set(wheel.namelist()) == set()
    assert "careload/py.typed" in wheel.namelist()


def test_the_ready_services_are_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """`careload example` runs one of them; in a clone they stand where people look for examples."""
    for file in (ROOT / "examples" / "services").glob("*.toml"):
        assert wheel.read(f"careload/simulate/services/{file.name}") == file.read_bytes()


def test_the_wheel_says_its_terms_and_its_command(wheel: zipfile.ZipFile) -> None:
    assert "careload-0.1.0.dist-info/licenses/LICENSE" in wheel.namelist()
    command = wheel.read("careload-0.1.0.dist-info/entry_points.txt").decode()
    assert "careload = careload.__main__:main" in command
