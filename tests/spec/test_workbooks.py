"""Workbooks of parameters: what is read, and when two of them are in inverse units."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from careload.clinic import UnreadableRecords
from careload.model.workbooks import Entry, inverse_units, read_workbook


def entries(*values: float, unit: str = "wks", quantity: str = "Return Visit Interval") -> list[Entry]:
    return [Entry("S", quantity, f"{quantity} {place}", "", value, unit)
            for place, value in enumerate(values)]


def clashes(one: list[Entry], other: list[Entry]) -> list[str]:
    return [found.found for found in inverse_units(one, other, ("one", "other"))]


def test_a_sheet_is_read(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "MM"
    for row in (["Interval (mean)", 4, 0.5, "Weeks from visit to visit. (wks)"], [None, "dep", "aud"],
                ["Missed", 0.2, None, "No unit is said"], ["A note", None, None, "of words alone"]):
        sheet.append(row)
    groups = book.create_sheet("Groups")
    for row in (["Rates (pts/wk)", "here (mean)", 3], [None, "there (mean)", 5, "Visits. (appt/wk)"],
                [None, "yonder", 7], ["Others", "here (mean)", 9]):
        groups.append(row)
    book.save(tmp_path / "book.xlsx")
    assert read_workbook(tmp_path / "book.xlsx") == (
        Entry("MM", "Interval", "Interval (mean)", "dep", 4, "wks"),
        Entry("MM", "Interval", "Interval (mean)", "aud", 0.5, "wks"),
        Entry("MM", "Missed", "Missed", "dep", 0.2, ""),
        Entry("Groups", "Rates (pts/wk)", "here (mean)", "", 3, "pts/wk"),
        Entry("Groups", "Rates (pts/wk)", "there (mean)", "", 5, "appt/wk"),
        Entry("Groups", "Rates (pts/wk)", "yonder", "", 7, "appt/wk"),
        Entry("Groups", "Others", "here (mean)", "", 9, ""),
    )


def test_inverse_values_clash_whatever_the_words_say() -> None:
    (same,) = clashes(entries(4, 2, 8), entries(0.25, 0.5, 0.1))
    assert "(both say wks)" in same and "Return Visit Interval 0: 4 and 0.25" in same
    assert "Read alike they are 16 times apart, with one of them turned round 1 times." in same
    (told,) = clashes(entries(4, 2, 8), entries(0.25, 0.5, 0.1, unit="appt/wk"))
    assert "(they say wks and appt/wk)" in told


@pytest.mark.parametrize(("one", "other"), [
    ((4, 2, 8), (5, 1.5, 12)),  # other teams, the same unit
    ((1, 1, 1), (1, 0.9, 1.1)),  # once a week: both readings are the same
    ((4, 0, 0), (0.25, 0, 0)),  # one value; zero says nothing
    ((4, 2), (400, 300)),  # far apart, and no nearer turned round
])
def test_no_clash(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    assert clashes(entries(*one), entries(*other)) == []


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    file.write_text("no workbook", encoding="utf-8")
    with pytest.raises(UnreadableRecords, match="cannot be read as a workbook"):
        read_workbook(file)
