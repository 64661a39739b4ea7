"""Columns that need no reading: one odd cell and the whole column is read cell by cell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.support.extract import cells, codes

from careload.clinic import TABLES
from careload.history import read
from careload.history.plain import plain_columns
from careload.history.recipe import Rule

APPOINTMENTS = TABLES["appointments"]


def is_plain(column: str, values: list[Any], **rule: Any) -> bool:
    raw = ibis.duckdb.connect().create_table("raw", pa.table({"c": values}))
    return column in plain_columns(raw, {"c": "c"}, {column: Rule(("c",), **rule)}, APPOINTMENTS)


@pytest.mark.parametrize("odd", [" p2", "p2 ", "p2\t", "\np2", ""])
def test_a_blank_at_either_end_or_an_empty_text(odd: str) -> None:
    assert is_plain("patient", ["p1", None, "Ünal 3", "ü"])
    assert not is_plain("patient", ["p1", odd])


@pytest.mark.parametrize("odd", ["Completed", "noshow", "completed ", ""])
def test_a_word_that_is_not_spelt_as_expected(odd: str) -> None:
    assert is_plain("status", ["completed", None, "no_show"])
    assert not is_plain("status", ["completed", odd])


def test_a_whole_number_too_long_to_be_exact() -> None:
    assert is_plain("prescribed_interval_days", [7, None, -(10**15) + 1])
    assert not is_plain("prescribed_interval_days", [7, 10**15])


def test_numbers_written_as_text_or_with_a_comma_are_read() -> None:
    assert not is_plain("prescribed_interval_days", ["7", "14"])
    assert not is_plain("prescribed_interval_days", [7.0, 14.0])


@pytest.mark.parametrize("rule", [{"words": {"p1": "x"}}, {"empty": ("p1",)}])
def test_what_the_mapping_changes_is_read(rule: dict[str, Any]) -> None:
    assert not is_plain("patient", ["p1"], **rule)


def test_an_odd_cell_of_parquet_is_read_as_it_is_meant(tmp_path: Path) -> None:
    rows = {
        "patient": ["p1 ", "p1", "p2"],
        "starts_at": [datetime(2024, 1, day, 9) for day in (8, 15, 22)],
        "status": ["completed", "No-Show", "attended?"],
    }
    pq.write_table(pa.table(rows), tmp_path / "appointments.parquet")
    records = read(tmp_path)
    assert cells(records, "patient") == ["p1", "p1"]
    assert cells(records, "status") == ["completed", "no_show"]
    assert "unreadable-required" in codes(records)
