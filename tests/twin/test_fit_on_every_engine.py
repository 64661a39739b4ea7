"""The same records give the same beliefs on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from careload.clinic import read_service
from careload.history import Records, read
from careload.measure import View
from careload.model.belief import Belief
from careload.model.direct import FAMILIES
from careload.model.evidence import Evidence
from careload.model.family import Family
from careload.model.trust.books import NOT_TOLD, books
from careload.model.trust.checks import wrong
from careload.model.trust.weeks_seen import seen_by_week
from careload.simulate import as_records, ready_service, run_logged
from tests.support.by_hand import Row, day
from tests.support.engines import in_duckdb, in_postgres, in_spark
from tests.support.fitted import WORKFORCE, beliefs_of

pytestmark = pytest.mark.slow
LAST = "2024-08-31"


@pytest.fixture(scope="module")
def rows() -> dict[str, list[Row]]:
    """Two thirds of a year of a small service that people leave."""
    service = read_service(ready_service("mississippi")).changed({
        "workforce.leaving_per_year": 1.5, "workforce.days_to_fill": 40, "start.patients": 30,
    })
    tables = as_records(run_logged(service, 0.7, 4), service)
    return {name: without_empty(table).to_pylist() for name, table in tables.items()}


def without_empty(table: pa.Table) -> pa.Table:
    """A table without columns that are null in every row: a source would not have them."""
    return table.select([name for name in table.column_names if table[name].null_count < len(table)])


def fitted_on(records: Records, families: Sequence[Family] = FAMILIES) -> dict[str, Belief]:
    return beliefs_of(Evidence(View(records, day(LAST))), *families)


@pytest.fixture(scope="module")
def reference(rows: dict[str, list[Row]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Belief]:
    return fitted_on(read(in_duckdb(rows, tmp_path_factory.mktemp("duckdb"))))


def same(one: dict[str, Belief], other: dict[str, Belief]) -> None:
    assert set(one) == set(other)
    for place, belief in one.items():
        assert belief.counts == pytest.approx(other[place].counts), place
        if belief.is_number:
            assert belief.value == pytest.approx(other[place].value, rel=1e-6, abs=1e-9), place
            assert np.allclose(belief.draws, other[place].draws, rtol=1e-3, atol=1e-6), place
        else:
            assert belief.value == other[place].value, place


def test_all_families_find_something(reference: dict[str, Belief]) -> None:
    names = {place.rpartition(".")[2] for place in reference}
    assert {"posts", "treats", "sick_days_per_year", "note_hours", "return_slots", "hand_over_loss",
            "leaving_per_year", "days_to_fill", "ramp_weeks"} <= names


def test_on_postgresql(rows: dict[str, list[Row]], reference: dict[str, Belief], postgres: Any) -> None:
    same(reference, fitted_on(read(in_postgres(rows, postgres))))


def test_checks_on_postgresql(rows: dict[str, list[Row]], tmp_path: Path, postgres: Any) -> None:
    here, there = (list(wrong(Evidence(View(read(source), day(LAST)))))
                   for source in (in_duckdb(rows, tmp_path), in_postgres(rows, postgres)))
    assert there == here


def shown_by(records: Records) -> dict[str, list[Any]]:
    """The books of the records, and what they show by week and site."""
    evidence = Evidence(View(records, day(LAST)))
    kept = books(evidence)
    assert kept is not None
    found = {name: own.tolist() for name, own in kept.flows.items()}
    found |= {each.name: [each.number, each.of] for each in kept.residual}
    sites = [site for site in kept.sites if site != NOT_TOLD]
    weeks = seen_by_week(evidence.view, date(2024, 1, 8), 30, sites)
    return found | {name: [own.sums.tolist(), own.number.tolist()] for name, own in weeks.items()}


def test_books_and_weeks_on_postgresql(
    rows: dict[str, list[Row]], tmp_path: Path, postgres: Any
) -> None:
    here = shown_by(read(in_duckdb(rows, tmp_path)))
    assert here["visits"] and here["caseload"]
    assert shown_by(read(in_postgres(rows, postgres))) == here


@pytest.mark.long
def test_on_spark(
    rows: dict[str, list[Row]], reference: dict[str, Belief], spark: Any, tmp_path: Path
) -> None:
    found = fitted_on(read(in_spark(rows, spark, tmp_path)), WORKFORCE)
    same({place: reference[place] for place in found}, found)
