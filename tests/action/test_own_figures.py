"""A clinician asks for figures and for the list of overdue patients, and gets only the own ones."""

from __future__ import annotations

import csv
import stat
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.records import records

from careload.clinic import UsageError
from careload.history import Records
from careload.measure import measure, measure_own, write_overdue

AS_OF = date(2024, 3, 31)


@pytest.fixture
def clinic() -> Records:
    """Ana sees five patients every four weeks, Ben seven every week; the last of each is overdue."""
    rows = []
    for who, patients, gap in (("ana", 5, 28), ("ben", 7, 7)):
        for number in range(patients):
            rows += [
                {
                    "patient": f"{who}-{number}",
                    "clinician": who,
                    "status": "completed",
                    "starts_at": datetime(2024, 1, 1, 9 + number) + timedelta(days=gap * place),
                    "prescribed_interval_days": 14,
                }
                for place in range(3)
            ]
    return records(appointments=rows)


def test_own_figures_are_one_clinicians(clinic: Records) -> None:
    found = measure_own(clinic, "ana", as_of=AS_OF, only=["return_interval"])
    medians = [each for each in found.estimates if each.statistic == "median"]
    assert medians[0].value == 28
    assert {each.by["clinician"] for each in found.estimates} == {clinic.key.hashed("clinician", "ana")}


def test_nobody_gets_figures_about_somebody_else_in_shared_output(clinic: Records) -> None:
    with pytest.raises(UsageError, match="never broken down by clinician"):
        measure(clinic, by=["clinician"], as_of=AS_OF)


def test_an_unknown_clinician_is_told_so_without_repeating_the_id(clinic: Records) -> None:
    with pytest.raises(UsageError) as told:
        measure_own(clinic, "zoe", as_of=AS_OF)
    assert "zoe" not in str(told.value)


def test_the_list_of_overdue_patients_is_private_and_sorted(clinic: Records, tmp_path: Path) -> None:
    to = tmp_path / "overdue.csv"
    assert write_overdue(clinic, "ana", to, as_of=AS_OF) == 5
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    lines = list(csv.DictReader(to.open()))
    assert [line["patient"] for line in lines] == [f"ana-{number}" for number in range(5)]
    assert {line["due"] for line in lines} == {"2024-03-11"}
    assert {line["days_overdue"] for line in lines} == {"20"}


def test_no_list_without_prescribed_intervals(tmp_path: Path) -> None:
    bare = records(
        appointments=[
            {"patient": "p", "clinician": "ana", "status": "completed", "starts_at": datetime(2024, 1, 1, 9)}
        ]
    )
    with pytest.raises(UsageError, match="no prescribed intervals"):
        write_overdue(bare, "ana", tmp_path / "overdue.csv")
    assert not list(tmp_path.iterdir())
