"""Files are written whole or not at all: write beside, then rename."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from careload.clinic.errors import CannotWrite


def write_whole(path: str | os.PathLike[str], content: bytes, *, private: bool = False) -> Path:
    """Write `content` to `path` so that a reader finds the old file or the new one, never half of one.

    path     where to write; its folder must be there
    content  the whole file
    private  True: only this account may read it (mode 0600)

    Returns the path. Raises `CannotWrite` when the folder is missing, the disk is full or writing is
    forbidden; what stood at `path` before is then untouched.
    """
    with whole_file(path, private=private) as file:
        file.write(content)
    return Path(path)


@contextmanager
def whole_file(path: str | os.PathLike[str], *, private: bool = False) -> Iterator[BinaryIO]:
    """The same for content that comes in pieces: a binary file that appears at `path` when the block ends.

    An exception inside the block leaves `path` as it was.
    """
    target = Path(path)
    try:
        if _is_device(target):  # /dev/stdout, a pipe: renaming over it would destroy it
            with target.open("wb") as device:
                yield device
            return
        target = target.resolve()  # through a link, so that the link stays
        if target.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        with _beside(target, 0o600 if private else 0o666) as file:
            yield file
    except OSError as error:
        raise _cannot_write(Path(path), error) from error


@contextmanager
def _beside(target: Path, mode: int) -> Iterator[BinaryIO]:
    part = target.with_name(f".careload-{secrets.token_hex(6)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # a full disk may only say so here
        os.replace(part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()


def _cannot_write(path: Path, error: OSError) -> CannotWrite:
    if not path.parent.exists():
        return CannotWrite(
            f"{path.name} cannot be written: its folder {str(path.parent)!r} is not there.",
            "a folder that exists",
            "Make the folder first, or name another file.",
        )
    reason = (error.strerror or type(error).__name__).lower()
    return CannotWrite(
        f"{path.name} cannot be written: {reason}.",
        "a file in a folder with room that this account may write to",
        "Free some room or name another file; nothing was changed.",
    )
