"""The same records give the same estimates on every engine: counts to the last digit, the rest to 1e-9."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from careload.clinic import Estimate
from careload.history import read
from careload.measure import Measurement, measure
from tests.support.engines import (
    in_csv,
    in_duckdb,
    in_parquet,
    in_postgres,
    in_postgres_sorted_by_language,
    in_spark,
)
from tests.support.estimates import unhidden
from tests.support.fhir_writer import write_fhir
from tests.support.made_rows import made_rows
from tests.support.records import records

pytestmark = pytest.mark.slow
ROWS = made_rows(11, patients=90, clinicians=8)
BY = ("site", "profession")
TOLERANCE = 1e-9

# Spark takes about a second for each of some 200 questions: there only these, by site only.
ON_SPARK = ("return_interval", "no_show", "overload", "overdue", "leaver_rate", "follow_up_after_ed")
ONLY_THESE_TABLES = ("appointments", "episodes", "patients", "clinicians", "hours", "encounters")


@pytest.fixture(scope="module", autouse=True)
def small_cells_too() -> Iterator[None]:
    """Every estimate is compared; hiding sees nothing of the engine."""
    with unhidden():
        yield


@pytest.fixture(scope="module")
def reference() -> Measurement:
    """Estimates from rows put straight into an empty DuckDB: no file, no mapping, no check."""
    return measure(records(**ROWS), by=BY)


def test_in_csv(reference: Measurement, tmp_path: Path) -> None:
    same(reference, measure(read(in_csv(ROWS, tmp_path)), by=BY))


def test_in_parquet(reference: Measurement, tmp_path: Path) -> None:
    same(reference, measure(read(in_parquet(ROWS, tmp_path)), by=BY))


def test_as_fhir(reference: Measurement, tmp_path: Path) -> None:
    same(reference, measure(read(write_fhir(tmp_path, ROWS)), by=BY))


def test_in_a_duckdb_file(reference: Measurement, tmp_path: Path) -> None:
    same(reference, measure(read(in_duckdb(ROWS, tmp_path)), by=BY))


def test_in_postgresql(reference: Measurement, postgres: Any) -> None:
    same(reference, measure(read(in_postgres(ROWS, postgres)), by=BY))


@pytest.mark.slow
def test_in_postgresql_that_sorts_text_by_language(reference: Measurement, postgres: Any) -> None:
    same(reference, measure(read(in_postgres_sorted_by_language(ROWS, postgres)), by=BY))


@pytest.mark.slow
def test_in_spark(spark: Any, tmp_path: Path) -> None:
    rows = {name: ROWS[name] for name in ONLY_THESE_TABLES}
    expected = measure(records(**rows), by=("site",), only=ON_SPARK)
    same(expected, measure(read(in_spark(rows, spark, tmp_path)), by=("site",), only=ON_SPARK))


def same(expected: Measurement, found: Measurement) -> None:
    """The same estimates in the same order, none of them hidden."""
    assert not any(each.hidden for each in expected.estimates)
    assert found.as_of == expected.as_of
    assert [_name(each) for each in found.estimates] == [_name(each) for each in expected.estimates]
    assert len(expected.estimates) > 100
    different = [
        f"{_name(a)} {field.name}: {getattr(a, field.name)} against {getattr(b, field.name)}"
        for a, b in zip(expected.estimates, found.estimates, strict=True)
        for field in fields(Estimate)
        if not _equal(getattr(a, field.name), getattr(b, field.name))
    ]
    assert not different, "\n".join(different[:20])
    assert found.verdicts == expected.verdicts
    assert found.not_measurable == expected.not_measurable


def _name(estimate: Estimate) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return estimate.measure, estimate.statistic, tuple(sorted(estimate.by.items()))


def _equal(a: object, b: object) -> bool:
    """Whole numbers to the last digit; others to 1e-9, relative to their size where above 1."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return a == b and type(a) is type(b)
