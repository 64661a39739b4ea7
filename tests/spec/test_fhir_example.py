"""The bundled example, written as FHIR, is the same clinic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support.estimates import unhidden
from tests.support.fhir_writer import write_fhir

import careload
from careload.history import Records

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def csv(example: Path) -> Records:
    return careload.read(example)


@pytest.fixture(scope="module")
def fhir(csv: Records, tmp_path_factory: pytest.TempPathFactory) -> Records:
    return careload.read(write_fhir(tmp_path_factory.mktemp("example") / "fhir", csv.tables))


def test_the_same_rows(csv: Records, fhir: Records) -> None:
    assert fhir.tables.keys() == csv.tables.keys()
    for name, table in csv.tables.items():
        there, here = (sorted(map(str, t.to_pyarrow().to_pylist())) for t in (table, fhir.tables[name]))
        assert here == there, name
        assert fhir.supplied[name] <= csv.supplied[name]


def test_the_same_estimates(csv: Records, fhir: Records) -> None:
    with unhidden():  # hiding sees nothing of the records
        there, here = (careload.measure(records).as_json() for records in (csv, fhir))
    assert here["not_measurable"] == there["not_measurable"]
    assert len(here["estimates"]) == len(there["estimates"]) > 0
    for one, other in zip(here["estimates"], there["estimates"], strict=True):
        assert comparable(one) == comparable(other)


def comparable(estimate: dict[str, Any]) -> dict[str, Any]:
    return {key: pytest.approx(cell, rel=1e-9) if isinstance(cell, float) else cell
            for key, cell in estimate.items()}
