"""The tables of files by name, opened only when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import ibis.expr.types as ir

from careload.clinic import Finding
from careload.history.engine import Engine
from careload.history.files import Opened, open_file
from careload.history.find import File
from careload.history.source import Raw


class FileTables(Mapping[str, Raw]):
    """`Raw.name` to table: a folder may hold much that is none of our business.

    Text is loaded, and Parquet made visible, when its name is looked up.
    A workbook is opened at once, because only then the names of its sheets are known.
    """

    def __init__(self, files: Iterable[File], engine: Engine, others: Iterable[str] = ()) -> None:
        """`files` are the tables; `others` names of files that nobody asks for."""
        self._engine = engine
        self.others = tuple(others)
        self._files: dict[str, File] = {}
        self._opened: dict[str, Opened] = {}
        for file in files:
            if file.kind == "xlsx":
                opened = open_file(file, engine)
                self._opened |= {raw.name: Opened((raw,), opened.findings) for raw in opened.raws}
            elif file.kind != "other":
                self._files.setdefault(file.name, file)
        self._used: set[str] = set()

    def __getitem__(self, name: str) -> Raw:
        if name not in self._opened:
            self._opened[name] = open_file(self._files[name], self._engine)
        self._used.add(name)
        return self._opened[name].raws[0]

    def __contains__(self, name: object) -> bool:
        return name in self._opened or name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*self._opened, *self._files}))

    def __len__(self) -> int:
        return len({*self._opened, *self._files})

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed in the tables that were looked up."""
        return tuple(found for name in sorted(self._used) for found in self._opened[name].findings)

    @property
    def malformed(self) -> dict[str, ir.Table]:
        """Origin to (_row, code) of the lines that could not be cut into cells."""
        opened = self._opened.values()
        return {origin: table for one in opened for origin, table in one.malformed.items()}

    def stays(self, origin: str) -> bool:
        """Whether the rows stay in their file: Parquet answers as fast as a table of our own would."""
        return any(file.kind == "parquet" and file.origin == origin for file in self._files.values())
