"""Small extracts as a service would export them: what a test writes is what stands in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from careload.clinic import Finding
from careload.history import Records, check


class Extract:
    """A folder in which a test puts files, and which it then checks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, **files: str | bytes) -> Records:
        """`extract(appointments="patient,starts_at,status\\n…")` as checked records."""
        for name, content in files.items():
            self.write(f"{name}.csv", content)
        return check(self.folder)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


@pytest.fixture
def extract(tmp_path: Path) -> Extract:
    return Extract(tmp_path)


def codes(records: Records) -> set[str]:
    return {finding.code for finding in records.findings}


def the(records: Records, code: str) -> Finding:
    """The one finding of that code."""
    (found,) = [finding for finding in records.findings if finding.code == code]
    return found


def cells(records: Records, column: str, table: str = "appointments") -> list[object]:
    """What stands in a column of the accepted rows, in order of the rows' text."""
    values = records.tables[table].select(column).to_pyarrow().to_pydict()[column]
    return sorted(values, key=lambda value: (value is None, str(value)))
