"""A workbook of team parameters of the VA, and a second one made here whose visits are in the inverse unit.

The published file calls its intervals "(appt/wk)" and holds weeks between visits; another team's file holds
visits per week under the same words. The second workbook is made from the first: every number a little other,
as another team's would be, and the intervals of psychotherapy turned round.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from careload.model.workbooks import Entry, inverse_units, read_workbook

NAMES = ("team a", "team b")


@pytest.fixture(scope="module")
def published(data: Path) -> Path:
    return data / "va_mtl_team_data" / "ModelParameters_teampsd.xlsx"


@pytest.fixture(scope="module")
def team(published: Path) -> tuple[Entry, ...]:
    return read_workbook(published)


def other_team(published: Path, file: Path, turned: bool, seed: int = 1) -> tuple[Entry, ...]:
    """A second workbook: numbers up to a third higher or lower; RVI rows of psychotherapy turned round."""
    chance = np.random.default_rng(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(published)
    for sheet in book:
        for row in sheet.iter_rows():
            label = next((cell.value for cell in row[:2][::-1] if isinstance(cell.value, str)), "")
            for cell in row:
                if isinstance(cell.value, int | float) and cell.value:
                    value = cell.value * float(np.exp(chance.uniform(-0.3, 0.3)))
                    rvi = sheet.title == "PSYParams" and label.endswith("RVI")
                    cell.value = 1 / value if turned and rvi else value
    book.save(file)
    return read_workbook(file)


def test_parameters_are_read_by_name_and_unit(team: tuple[Entry, ...]) -> None:
    found = {(entry.sheet, entry.label, entry.column): entry for entry in team}
    assert len(found) > 150
    start = found["CCParams", "Starting Rate (mean)", ""]
    assert (start.value, start.unit) == (4.33, "pts/wk")
    assert found["CCParams", "Return Visit Interval (median)", ""].unit == "wks"
    assert found["MMParams", "Return Visit Interval (mean)", "dep"].value == 53
    assert found["AggParams", "Median Engagement", "cc"].value == 22
    low = found["PSYParams", "Starters Who Return Low RVI", ""]
    assert (low.value, low.unit) == (18, "appt/wk")
    assert found["PSYParams", "Starters Who Return Later Low Duration", ""].unit == "wks"
    assert found["SPParams", "PCMHI (mean)", ""].unit == "pts/wk"


def test_inverse_units_are_found_and_named(
    published: Path, team: tuple[Entry, ...], tmp_path: Path
) -> None:
    found = inverse_units(team, other_team(published, tmp_path / "b.xlsx", turned=True), NAMES)
    assert [one.code for one in found] == ["inverse-units"] * 2, "of the first three months, and after them"
    after = next(one for one in found if "after their first 3 months" in one.found)
    assert after.severity == "error" and after.table == "PSYParams" and after.rows == 9
    assert "both say appt/wk" in after.found
    assert "Starters Who Return Low RVI: 18 and 0.0" in after.found
    assert "team a would have patients seen up to 18 times a week" in after.remedy
    assert "team b holds visits per week" in after.remedy
    assert after.expected == "visits per week in both, or weeks between visits in both"
    assert not any("Duration" in one.found for one in found)


def test_the_other_way_round_the_same_is_found(
    published: Path, team: tuple[Entry, ...], tmp_path: Path
) -> None:
    other = other_team(published, tmp_path / "b.xlsx", turned=True)
    after = inverse_units(other, team, NAMES)[-1]
    assert "team b would have patients seen up to 18 times a week" in after.remedy


@pytest.mark.parametrize("seed", range(3))
def test_teams_that_only_differ_clash_in_nothing(
    published: Path, team: tuple[Entry, ...], tmp_path: Path, seed: int
) -> None:
    assert inverse_units(team, other_team(published, tmp_path / "b.xlsx", False, seed), NAMES) == []
    assert inverse_units(team, team, NAMES) == []
