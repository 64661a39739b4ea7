"""Without a mapping: canonical names, whatever their case, spaces and underscores."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.support.raws import cells, one_engine, text_raws

from careload.clinic import UnreadableRecords
from careload.history.shape import shape

VISITS = "Patient | Starts At        | STATUS\np1 | 2024-03-01 09:30 | No show"


def test_headers() -> None:
    made = shape(text_raws(appointments=VISITS))["appointments"]
    assert cells(made, "starts_at") == [datetime(2024, 3, 1, 9, 30)]
    assert cells(made, "status") == ["no_show"]


def test_a_lone_table_is_appointments_whatever_it_is_called() -> None:
    assert set(shape(text_raws(extract_2024=VISITS))) == {"appointments"}


def test_every_column_is_there_with_its_type() -> None:
    from careload.clinic import TABLES

    table = shape(text_raws(appointments=VISITS))["appointments"].table
    kinds = {column.name: column.ibis_type for column in TABLES["appointments"].columns}
    assert {name: str(table[name].type()) for name in kinds} == kinds


def test_tables_by_their_names() -> None:
    raws = text_raws(appointments=VISITS, clinicians="Clinician | FTE\nc1 | 0.8", notes="a | b\n1 | 2")
    assert set(shape(one_engine(raws))) == {"appointments", "clinicians"}


def test_a_table_without_what_it_cannot_do_without_is_not_taken() -> None:
    raws = one_engine(text_raws(appointments=VISITS, episodes="episode | client\ne1 | p1"))
    assert set(shape(raws)) == {"appointments"}


def test_missing_columns_of_appointments() -> None:
    with pytest.raises(UnreadableRecords) as told:
        shape(text_raws(extract="Pateint | Start | Outcome\np1 | 2024-03-01 | done"))
    assert told.value.found == "extract.csv has no column patient, starts_at, status."
    assert "Did you mean 'Pateint'?" in told.value.remedy
    assert "careload map" in told.value.remedy


def test_no_appointments() -> None:
    assert set(shape(one_engine(text_raws(clinicians="clinician\nc1", sites="a\n1")))) == {"clinicians"}
