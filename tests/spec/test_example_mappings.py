"""The mappings that come with Careload, on the data sets that they are for."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from careload.history import check
from careload.history.mapping import load_mapping

MAPPINGS = Path(__file__).parents[2] / "examples" / "mappings"


def rows_of(records, table: str, column: str) -> list:
    found = records.tables[table][column].to_pyarrow().to_pylist()
    return sorted(found, key=lambda cell: (cell is None, cell))


@pytest.mark.parametrize("file", sorted(MAPPINGS.glob("*.toml")), ids=lambda file: file.stem)
def test_they_hold_together(file: Path) -> None:
    assert "appointments" in load_mapping(file).tables


@pytest.mark.data
def test_vitoria(data: Path) -> None:
    """110,527 appointments of 62,299 patients; 22,319 did not come (SOURCE.txt of the data set)."""
    records = check(data / "kaggle_noshow_2016", MAPPINGS / "vitoria-2016.toml")
    visits = records.tables["appointments"]
    assert records.counts["appointments"].rows == 110_527
    assert records.counts["appointments"].accepted == 110_527
    assert visits.filter(visits.status == "no_show").count().to_pyarrow().as_py() == 22_319
    assert records.counts["patients"].accepted == 62_299
    assert visits.starts_at.min().to_pyarrow().as_py() == datetime(2016, 4, 29)
    days = visits.starts_at.date().delta(visits.booked_at.date(), unit="day")
    lead = visits.select(days=days)
    assert lead.filter(lead.days >= 0).days.median().to_pyarrow().as_py() == 4
    codes = {found.code: found.rows for found in records.findings if found.severity in ("error", "warning")}
    assert codes["negative-lead"] == 5
    assert codes["e-notation"] >= 5
    assert codes["out-of-range"] == 1  # an age of -1


@pytest.mark.data
def test_pmhc_mds(data: Path) -> None:
    """Dates without separators, coded words, keys of two columns, and the patient in another file."""
    records = check(data / "pmhc_mds_example", MAPPINGS / "pmhc-mds.toml")
    assert rows_of(records, "appointments", "patient") == ["PHN999:NFP01:CL01"] * 2
    assert rows_of(records, "appointments", "starts_at") == [datetime(2016, 2, 13), datetime(2016, 3, 18)]
    assert rows_of(records, "appointments", "status") == ["completed", "no_show"]
    assert rows_of(records, "appointments", "minutes") == [23.0, 23.0]
    assert rows_of(records, "episodes", "closed_on") == [date(2016, 6, 18), date(2016, 8, 16), None, None]
    assert rows_of(records, "episodes", "reason") == ["completed", "dropped", None, None]
    assert rows_of(records, "patients", "birth_year") == [1983, 1996, 2006]
    assert rows_of(records, "outcomes", "score") == [10.0, 20.0, 25.0, *[None] * 5]
    assert rows_of(records, "outcomes", "instrument") == ["K10+"] * 4 + ["K5"] * 2 + ["SDQ"] * 2
    assert rows_of(records, "clinicians", "profession") == ["general practitioner", *["psychologist"] * 2]


@pytest.mark.data
def test_pmhc_mds_as_a_workbook(data: Path) -> None:
    """The same upload as the sheets of one workbook."""
    records = check(data / "pmhc_mds_example" / "pmhc-upload.xlsx", MAPPINGS / "pmhc-mds.toml")
    assert rows_of(records, "appointments", "status") == ["completed", "no_show"]
    assert rows_of(records, "episodes", "closed_on") == [date(2016, 6, 18), date(2016, 8, 16), None, None]
    assert rows_of(records, "patients", "birth_year") == [1983, 1996, 2006]


@pytest.mark.data
def test_medscheduler(data: Path) -> None:
    """Two columns, one moment; `cancelled` without saying by whom; `unknown` set aside."""
    records = check(data / "medscheduler_synthetic", MAPPINGS / "medscheduler.toml")
    counts = records.counts["appointments"]
    assert (counts.rows, counts.set_aside) == (9_833, 55)
    visits = records.tables["appointments"]
    found = visits.group_by("status").aggregate(n=visits.count()).to_pyarrow().to_pylist()
    assert {row["status"]: row["n"] for row in found} == {
        "completed": 7_499, "cancelled_by_patient": 1_641, "no_show": 558, "booked": 80,
    }
    assert visits.starts_at.min().to_pyarrow().as_py() == datetime(2023, 1, 2, 8, 0)
    slots = records.tables["slots"]
    assert slots.filter(slots.status == "free").count().to_pyarrow().as_py() == 2_248
