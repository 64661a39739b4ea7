"""Whatever records are written as FHIR R4 are read back as they were."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.fhir_reading import aside, fhir_files, opened
from tests.support.fhir_writer import write_fhir
from tests.support.records import arrow_table

from careload.clinic import TABLES
from careload.clinic.tables import Column
from careload.history.shape import shape

TABLES_OF_FHIR = (
    "appointments", "encounters", "episodes", "referrals", "patients", "clinicians", "slots", "hours",
)

# Ids as record systems write them: also such as FHIR does not allow, which then travel as identifiers.
IDS = st.from_regex(r"[A-Za-z0-9ü/|?#:=.+-]{1,12}", fullmatch=True)
# Few people and places, so that rows meet; not a kind of text that looks like somebody's name or address.
WORDS = st.sampled_from(["North", "South, hall 2", "ä/b", "Psychologist", "social worker"])
DAYS = st.dates(date(2015, 1, 1), date(2025, 12, 31))


def cells(column: Column) -> st.SearchStrategy[Any]:
    if column.choices:
        return st.sampled_from(column.choices)
    lowest = int(column.lowest or 0)
    highest = int(min(column.highest or 100, lowest + 200))
    return {
        "id": IDS,
        "text": WORDS,
        "timestamp": st.builds(lambda day, second: datetime(day.year, day.month, day.day)
                               + timedelta(seconds=second), DAYS, st.integers(0, 86_399)),
        "date": DAYS,
        "int": st.integers(lowest, highest),
        "float": st.integers(lowest * 8, highest * 8).map(lambda eighths: eighths / 8),
        "bool": st.booleans(),
    }[column.kind]


def rows_of(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    table = TABLES[name]
    needed = {*table.required, *table.key}
    row = st.fixed_dictionaries({
        column.name: cells(column) if column.name in needed else st.none() | cells(column)
        for column in table.columns
    })
    return st.lists(row, min_size=1, max_size=4, unique_by=lambda row: tuple(row[key] for key in table.key))


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(st.fixed_dictionaries({name: rows_of(name) for name in TABLES_OF_FHIR}))
def test_what_is_written_is_read(tables: dict[str, list[dict[str, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = opened(fhir_files(write_fhir(Path(folder), tables)))
    read = shape(source.raws)  # before checking, which has opinions on dates of its own
    for name, rows in tables.items():
        assert not aside(source, name)
        got = read[name].table.select(*TABLES[name].names).to_pyarrow().to_pylist()
        assert sorted(map(str, got)) == sorted(map(str, arrow_table(name, rows).to_pylist())), name
