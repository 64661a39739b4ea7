"""Files are written whole or not at all: write beside, then rename."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from careload.clinic.errors import CannotWrite, UsageError
from careload.clinic.tables import TABLES

Place = str | os.PathLike[str]


def write_whole(path: Place, content: bytes, *, private: bool = False) -> Path:
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
def whole_file(path: Place, *, private: bool = False) -> Iterator[BinaryIO]:
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


def made_folder(folder: Place) -> Path:
    """The folder, made if it is not there.

    Raises `CannotWrite` when it can be no folder, or may not be made.
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CannotWrite(
            f"The folder {target.name} cannot be made: {reason}.",
            "a folder with room that this account may write to",
            "Name another folder; nothing was changed.",
        ) from error
    return target


def check_outputs(outputs: Iterable[Place | None], inputs: Iterable[Place | None] = ()) -> None:
    """Whether files can be written, asked before the work whose result they take; nothing is left behind.

    outputs  files to be written later; None for one that was not asked for
    inputs   files and folders that will be read

    Raises `UsageError` when a file would be written twice or over what is read, `CannotWrite` when a
    folder is missing or may not be written to. Room on the disk is not asked for.
    """
    paths = [Path(path) for path in outputs if path is not None]
    read = [Path(path) for path in inputs if path is not None]
    for place, path in enumerate(paths):
        _check_apart(path, paths[:place], read)
        _try_to_write(path)


def _check_apart(path: Path, others: Iterable[Path], read: Iterable[Path]) -> None:
    target = path.resolve()
    if _is_device(path):
        return
    if any(target == other.resolve() for other in others):
        raise UsageError(f"{path.name} would be written twice.", "a file of its own for each output",
                         "Name two files.")
    if any(target == source.resolve() or _is_table_of(target, source) for source in read):
        raise UsageError(f"{path.name} would be written over what is read.", "a file that is not an input",
                         "Name another file; the records are never changed.")


def _is_table_of(target: Path, folder: Path) -> bool:
    return target.is_file() and target.parent == folder.resolve() and target.name.split(".")[0] in TABLES


def _try_to_write(path: Path) -> None:
    try:
        if _is_device(path):
            return
        target = path.resolve()
        if target.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        part = _part(target)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        part.unlink()
    except OSError as error:
        raise _cannot_write(path, error) from error


def _part(target: Path) -> Path:
    return target.with_name(f".careload-{secrets.token_hex(6)}.part")


@contextmanager
def _beside(target: Path, mode: int) -> Iterator[BinaryIO]:
    part = _part(target)
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
