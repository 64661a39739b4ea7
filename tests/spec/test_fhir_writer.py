"""The writer that the tests use: what it writes is R4, and what is read back is what was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.fhir_reading import checked, fhir_files, opened
from tests.support.fhir_writer import write_fhir
from tests.support.full_records import FULL
from tests.support.records import arrow_table

from careload.clinic import TABLES
from careload.history.checks import Checked


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_fhir(tmp_path_factory.mktemp("fhir"), FULL)


@pytest.fixture(scope="module")
def read(folder: Path) -> dict[str, Checked]:
    return checked(opened(fhir_files(folder)))


def by_all(table: Any) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda row: [str(cell) for cell in row.values()])


@pytest.mark.parametrize("name", FULL)
def test_every_canonical_column_survives(read: dict[str, Checked], name: str) -> None:
    assert read[name].counts.accepted == read[name].counts.rows == len(FULL[name])
    assert by_all(read[name].accepted.to_pyarrow()) == by_all(arrow_table(name, FULL[name]))


@pytest.mark.parametrize("name", FULL)
def test_every_canonical_column_is_tried(name: str) -> None:
    filled = {column for row in FULL[name] for column, cell in row.items() if cell is not None}
    assert filled == set(TABLES[name].names)


def test_every_resource_is_valid_r4(folder: Path) -> None:
    models = pytest.importorskip("fhir.resources.R4B", reason="fhir.resources is not installed")
    for path in fhir_files(folder):
        for line in path.read_text(encoding="utf-8").splitlines():
            resource = json.loads(line)
            models.get_fhir_model_class(resource["resourceType"]).model_validate(resource)
