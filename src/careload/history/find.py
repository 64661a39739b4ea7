"""Which files hold records: one file, a folder, or what a zip or gz unpacks to."""

from __future__ import annotations

import difflib
import gzip
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from careload.clinic import UnreadableRecords
from careload.history.engine import no_room

Kind = Literal["csv", "parquet", "xlsx", "fhir", "other"]

SUFFIXES: dict[str, Kind] = {
    ".csv": "csv", ".tsv": "csv", ".psv": "csv", ".tab": "csv", ".txt": "csv", ".dat": "csv",
    ".parquet": "parquet", ".pq": "parquet",
    ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".ndjson": "fhir", ".json": "fhir", ".jsonl": "fhir",
}
CONTAINERS = (".zip", ".gz")
# Texts that lie beside records.
NOT_RECORDS = ("source", "readme", "licence", "license", "notes", "changelog")


@dataclass(frozen=True)
class File:
    """One table's file, unpacked.

    name    stem in lower case, for example ``appointments``
    origin  file name for messages, without a path
    kind    how it is read
    parts   the file itself, or the parts of a table that was written in parts
    """

    name: str
    origin: str
    kind: Kind
    parts: tuple[Path, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return all(part.stat().st_size == 0 for part in self.parts)


def find_files(source: Path, folder: Path) -> list[File]:
    """Every file under `source`, a file or folder; zip and gz are unpacked into `folder`.

    A sub-folder of Parquet files is one table written in parts. Hidden files are left out.
    Raises `UnreadableRecords` when `source` is not there, is forbidden, is empty or a container is broken.
    """
    with _readable(source):
        if not source.exists():
            raise UnreadableRecords(
                f"{source} is not there.", "a file or folder of records",
                f"Check the spelling and the folder. {_near(source)}".strip(),
            )
        if source.is_dir():
            found = [file for path in sorted(source.iterdir()) for file in _in_folder(path, folder)]
        else:
            found = list(_unpacked(source, folder, named=True))
    if not found:
        raise UnreadableRecords(
            f"{source.name} is empty: no file is in it.", "CSV, Parquet, XLSX or FHIR files",
            "Name the folder that holds the extract.",
        )
    return found


def _in_folder(path: Path, folder: Path) -> Iterator[File]:
    if path.name.startswith((".", "_")):
        return
    if path.is_file():
        with _readable(path):
            yield from _unpacked(path, folder)
        return
    parts = tuple(sorted(part for part in path.rglob("*") if SUFFIXES.get(part.suffix.lower()) == "parquet"))
    if parts:
        yield File(path.name.lower().removesuffix(".parquet"), path.name, "parquet", parts)


def _unpacked(path: Path, folder: Path, *, named: bool = False) -> Iterator[File]:
    """The tables of one file; `named`: the user named this very file, so it is read whatever it is called."""
    start = _start(path)
    if start.startswith(b"PK\x03\x04") and not _is_workbook(path):
        yield from _unzipped(path, folder)
    elif start.startswith(b"\x1f\x8b"):
        yield _gunzipped(path, folder)
    else:
        yield _file(path, path.name, start, named=named)


def _file(path: Path, origin: str, start: bytes, *, named: bool = False) -> File:
    bare = Path(origin)
    kind = SUFFIXES.get(bare.suffix.lower(), "csv" if named else "other")
    if start.startswith(b"PAR1"):
        kind = "parquet"  # whatever its name says
    elif start.startswith(b"PK\x03\x04"):
        kind = "xlsx"
    elif kind == "csv" and not named and bare.stem.lower() in NOT_RECORDS:
        kind = "other"
    return File(bare.stem.lower(), origin, kind, (path,))


def _gunzipped(path: Path, folder: Path) -> File:
    origin = path.name[:-3] if path.name.lower().endswith(".gz") else path.name
    target = _free(folder, origin)
    with gzip.open(path) as packed, _room(), target.open("wb") as plain:
        shutil.copyfileobj(packed, plain, 1 << 20)
    return _file(target, origin, _start(target), named=True)


def _unzipped(path: Path, folder: Path) -> Iterator[File]:
    with zipfile.ZipFile(path) as packed:
        for member in packed.infolist():
            name = Path(member.filename).name
            if member.is_dir() or name.startswith((".", "_")) or "__MACOSX" in member.filename:
                continue
            if member.flag_bits & 1:
                raise UnreadableRecords(
                    f"{path.name} is locked with a password.", "a zip without one",
                    "Unpack it to a private folder and name that folder.",
                )
            target = _free(folder, name)
            with packed.open(member) as source, _room(), target.open("wb") as plain:
                shutil.copyfileobj(source, plain, 1 << 20)
            yield from _unpacked(target, folder)


def _free(folder: Path, name: str) -> Path:
    """A path in `folder` that is free; the name alone stays as it is."""
    place = folder / "unpacked"
    number = 0
    while (target := place / str(number) / name).exists():
        number += 1
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as packed:
        return "xl/workbook.xml" in packed.namelist()


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise
    except OSError as error:
        raise no_room(error.strerror or "it is full") from None


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError:
        raise UnreadableRecords(
            f"{path.name} may not be read by this account.", "a file with read permission",
            "Ask its owner for read access, or copy it to a place of your own.",
        ) from None
    except (zipfile.BadZipFile, EOFError, gzip.BadGzipFile, zlib.error, NotImplementedError):
        raise UnreadableRecords(
            f"{path.name} cannot be unpacked: it is damaged or was only half written.",
            "a complete zip or gz file", "Copy or download it again and compare the sizes.",
        ) from None
    except OSError as error:
        raise UnreadableRecords(
            f"{path.name} cannot be read: {(error.strerror or type(error).__name__).lower()}.",
            "a readable file or folder", "Check the disk or share it stands on.",
        ) from None


def _near(source: Path) -> str:
    """What stands there under a name like this; other names are nobody's business."""
    parent = source.absolute().parent
    names = os.listdir(parent) if parent.is_dir() else []
    close = difflib.get_close_matches(source.name, names, n=1, cutoff=0.7)
    return f"Did you mean {close[0]!r}?" if close else ""
