"""Our own engine: a DuckDB on disk, in a private folder that goes when the records do."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from careload.clinic import CannotWrite, UnreadableRecords
from careload.history.sql import quoted

if TYPE_CHECKING:
    import ibis.expr.types as ir

MEMORY_LIMIT = "2GB"
FOLDER_PREFIX = "careload-"
# DuckDB's words for a full disk.
NO_ROOM = ("No space left", "Could not write", "max_temp_directory_size", "failed to offload")


class Engine(NamedTuple):
    """An Ibis connection to a DuckDB of our own, and the private folder in which it works."""

    backend: Any
    folder: Path


def own_engine() -> Engine:
    """A fresh DuckDB on disk that takes at most about 2 GB of memory and never loads an extension.

    Its folder is readable by this account only. It is removed when the connection is no longer used or
    the process ends; what a killed process left behind is removed at the next start.
    Raises `CannotWrite` when the folder for temporary files is full or forbidden.
    """
    import ibis  # here: it takes longer to load than a whole `careload --help`

    remove_abandoned()
    try:
        folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX))
        lock = _lock(folder)
    except OSError as error:
        raise no_room(error.strerror or "it is not writable") from None
    try:
        with ctrl_c():
            backend = ibis.duckdb.connect(
                folder / "records.duckdb",
                memory_limit=MEMORY_LIMIT,
                temp_directory=str(folder / "spill"),
                # Extensions are downloads: reading patient records must not reach for the network.
                autoinstall_known_extensions=False,
                autoload_known_extensions=False,
            )
    except BaseException:  # Ctrl-C too
        _remove(None, folder, lock)
        raise
    weakref.finalize(backend, _remove, backend.con, folder, lock)
    return Engine(backend, folder)


def stored(backend: Any, name: str, table: ir.Table, *, temporary: bool = False) -> ir.Table:
    """`table` computed and kept under `name`, in place of what stood there.

    In one statement: Ibis' `create_table` fills an empty table, which takes half as long again.
    """
    kind = "TEMP TABLE" if temporary else "TABLE"
    backend.con.execute(f"CREATE OR REPLACE {kind} {quoted(name)} AS {backend.compile(table)}")
    return backend.table(name, database=("temp", "main") if temporary else None)


@contextlib.contextmanager
def engine_errors(origin: str) -> Iterator[None]:
    """Turn what DuckDB raises into our words; its own text may quote cells, so it goes no further."""
    import duckdb

    try:
        with ctrl_c():
            yield
    except (duckdb.BinderException, duckdb.ParserException):
        raise  # a question wrongly asked is our mistake, not one of the records
    except duckdb.Error as error:
        raise _in_our_words(str(error), origin) from None


@contextlib.contextmanager
def ctrl_c() -> Iterator[None]:
    """Give back as Ctrl-C what DuckDB makes of it when it comes in the middle of a statement."""
    import duckdb

    try:
        yield
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None
    except RuntimeError as error:
        if "interrupted" not in str(error).lower():
            raise
        raise KeyboardInterrupt from None


def no_room(reason: str) -> CannotWrite:
    """What to say when the folder for temporary files is full or forbidden."""
    return CannotWrite(
        f"The folder for temporary files {tempfile.gettempdir()} cannot take the records: {reason.lower()}.",
        "room for about as much as the uncompressed records",
        "Free some room, or name another folder in the environment variable TMPDIR.",
    )


def remove_abandoned() -> None:
    """Remove folders of processes that were killed before they could do so: patient rows must not stay."""
    if not hasattr(os, "getuid"):  # Windows: nothing is held, so nothing may be swept
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*"):
        with contextlib.suppress(OSError):
            if (folder / "lock").exists() and folder.stat().st_uid == os.getuid():
                lock = _lock(folder)
                if lock is not None:
                    _remove(None, folder, lock)


def _lock(folder: Path) -> int | None:
    """Hold the folder for as long as this process lives; None when another process holds it."""
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    handle = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _remove(connection: Any, folder: Path, lock: int | None) -> None:
    if connection is not None:
        connection.interrupt()  # closing would wait for the end of a query that nobody waits for
        connection.close()
    shutil.rmtree(folder, ignore_errors=True)
    if lock is not None:
        os.close(lock)


def _in_our_words(text: str, origin: str) -> CannotWrite | UnreadableRecords:
    if any(sign in text for sign in NO_ROOM):
        return no_room("it is full")
    if "Out of Memory" in text:
        return UnreadableRecords(
            f"{origin} needs more memory than the {MEMORY_LIMIT} that Careload takes.",
            "records that can be sorted in pieces",
            "Please report this with the number of rows and columns; meanwhile split the file by year.",
        )
    return UnreadableRecords(
        f"{origin} cannot be read to its end: it is damaged or was only half written.",
        "a complete file",
        "Export or copy it again and compare the sizes.",
    )
