"""A file is written whole or not at all, whatever happens to the disk."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from careload.clinic import CannotWrite, UsageError, check_outputs, whole_file, write_whole


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_content_appears_under_the_name(tmp_path: Path) -> None:
    assert write_whole(tmp_path / "a.txt", b"new").read_bytes() == b"new"
    assert names(tmp_path) == ["a.txt"]


def test_the_old_file_stands_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with whole_file(target) as file:
        file.write(b"half")
        assert target.read_bytes() == b"old"
        file.write(b" and half")
    assert target.read_bytes() == b"half and half"


def test_an_interruption_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def interrupted() -> None:
        with whole_file(target) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="no space left on device") as caught:
        write_whole(target, b"new")
    assert caught.value.exit_code == 6
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_is_written_to_and_never_replaced() -> None:
    with pytest.raises(CannotWrite, match="no space left"):
        write_whole("/dev/full", b"x")
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_a_missing_folder_and_a_folder_in_the_way_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="Make the folder first"):
        write_whole(tmp_path / "no" / "a.txt", b"x")
    with pytest.raises(CannotWrite, match="it is a folder"):
        write_whole(tmp_path, b"x")
    assert names(tmp_path) == []


def test_a_private_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "list.csv", b"x", private=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    write_whole(tmp_path / "link.txt", b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == b"new"


def test_whether_a_file_can_be_written_is_asked_without_writing_it(tmp_path: Path) -> None:
    old = tmp_path / "old.txt"
    old.write_bytes(b"old")
    check_outputs([old, tmp_path / "new.txt", None, "/dev/stdout"])
    assert names(tmp_path) == ["old.txt"]
    assert old.read_bytes() == b"old"
    for wrong in (tmp_path, tmp_path / "no" / "file.txt", old / "file.txt"):
        with pytest.raises(CannotWrite):
            check_outputs([wrong])


def test_two_outputs_are_two_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="twice"):
        check_outputs([tmp_path / "a.txt", tmp_path / "." / "a.txt"])
    check_outputs(["/dev/null", "/dev/null"])
