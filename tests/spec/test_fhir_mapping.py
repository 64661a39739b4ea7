"""FHIR with a mapping: the zone of the site, and words for what R4 leaves open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.fhir_reading import write_lines

from careload.history import read

ZONE = '[source]\ntime_zone = "America/Los_Angeles"\n'
WORDS = """
[appointments]
from = "appointments"

[appointments.columns]
patient = "patient"
starts_at = "starts_at"
status = { column = "status", words = { completed = "completed", cancelled = "cancelled_by_patient" } }
"""


def appointment(name: str, status: str, start: str) -> dict[str, Any]:
    return {"resourceType": "Appointment", "id": name, "status": status, "start": start,
            "participant": [{"actor": {"reference": "Patient/p"}, "status": "accepted"}]}


def cells(folder: Path, mapping: str | None, column: str) -> list[str]:
    write_lines(folder, appointment("a", "fulfilled", "2024-03-05T04:30:00Z"),
                appointment("b", "fulfilled", "2024-07-01T23:30:00-07:00"),
                appointment("c", "cancelled", "2024-08-01T09:00:00-07:00"))
    file = folder.parent / "mapping.toml"
    file.write_text(mapping or "")
    records = read(folder, file if mapping else None)
    return sorted(str(value) for value in records.tables["appointments"][column].execute())


def test_without_a_zone_the_clock_stands_as_written(tmp_path: Path) -> None:
    (folder := tmp_path / "export").mkdir()
    assert cells(folder, None, "starts_at") == ["2024-03-05 04:30:00", "2024-07-01 23:30:00"]


def test_with_a_zone_every_time_is_the_clock_of_the_site(tmp_path: Path) -> None:
    (folder := tmp_path / "export").mkdir()
    assert cells(folder, ZONE, "starts_at") == ["2024-03-04 20:30:00", "2024-07-01 23:30:00"]


def test_a_mapping_may_say_by_whom_is_cancelled(tmp_path: Path) -> None:
    (folder := tmp_path / "export").mkdir()
    assert cells(folder, ZONE + WORDS, "status") == ["cancelled_by_patient", "completed", "completed"]
