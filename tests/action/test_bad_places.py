"""The clerk points Careload at a place that cannot be read, has no room, or presses Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.support.ctrl_c import heed_ctrl_c

ROWS = 200_000
READ = """
import sys
from careload.clinic import CareloadError
from careload.history import read
try:
    read(sys.argv[1])
except CareloadError as error:
    print(error)
    sys.exit(error.exit_code)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "appointments.csv"
    rows = (
        f"a{number * 7919 % 1000003},p{number * 31 % 50021},2024-01-08 10:00,completed"
        for number in range(ROWS)
    )
    path.write_text("appointment,patient,starts_at,status\n" + "\n".join(rows))
    return path


@pytest.fixture
def spare(tmp_path: Path) -> Path:
    """An empty folder for temporary files, to see that nothing is left in it."""
    folder = tmp_path / "spare"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    return folder


def start(source: Path, spare: Path, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-c", READ, str(source)],
        env={**os.environ, "TMPDIR": str(spare)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_no_room_for_temporary_files(many: Path, spare: Path) -> None:
    resource = pytest.importorskip("resource")

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    process = start(many, spare, preexec_fn=small_files)
    said, errors = process.communicate(timeout=120)
    assert process.returncode == 6, errors
    assert "cannot take the records" in said
    assert "TMPDIR" in said
    assert "Traceback" not in errors
    assert not list(spare.iterdir())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX permissions")
def test_a_file_that_this_account_may_not_read(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from careload.clinic import UnreadableRecords
    from careload.history import find, read

    def forbidden(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    # Tests may run as root, who may read everything: so the refusal is made where the file is first opened.
    monkeypatch.setattr(find, "_start", forbidden)
    with pytest.raises(UnreadableRecords) as error:
        read(many)
    assert "may not be read by this account" in error.value.found
    assert error.value.exit_code == 3


@pytest.mark.alone
@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_interrupted_nothing_is_left(many: Path, spare: Path) -> None:
    process = start(many, spare, preexec_fn=heed_ctrl_c)
    _wait_for_its_folder(spare)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert not list(spare.iterdir())


@pytest.mark.alone
@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_what_a_killed_process_left_is_removed_by_the_next(many: Path, spare: Path) -> None:
    process = start(many, spare)
    _wait_for_its_folder(spare)
    process.kill()
    process.communicate(timeout=60)
    (left,) = spare.iterdir()
    assert left.stat().st_mode & 0o077 == 0  # meanwhile nobody else may look into it
    again = start(many, spare)
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert not list(spare.iterdir())


def _wait_for_its_folder(spare: Path) -> None:
    end = time.monotonic() + 60
    while not any((folder / "records.duckdb").exists() for folder in spare.iterdir()):
        assert time.monotonic() < end, "the process made no folder"
        time.sleep(0.02)
