"""Breakdowns agree with counting group by group; margins are what they are margins of."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest

from careload.clinic import Estimate
from careload.measure.view import View
from tests.support.estimates import of_measure
from tests.support.made_rows import FIRST, made_rows
from tests.support.records import records
from tests.twin import plain_spans as plain
from tests.twin.plain_told import spanned, timed

AS_OF = FIRST + timedelta(380)
TABLES = made_rows(11, 90)
Groups = dict[tuple[str, ...], list[plain.Row]]


@pytest.fixture(scope="module")
def view() -> View:
    return View(records(**TABLES), AS_OF)


def found(view: View, name: str, by: tuple[str, ...]) -> list[Estimate]:
    return [each for each in of_measure(name, view, by) if tuple(each.by) == by]


def grouped(rows: list[plain.Row], by: tuple[str, ...]) -> Groups:
    groups: Groups = defaultdict(list)
    for row in rows:
        groups[tuple(row.get(column) or "not recorded" for column in by)].append(row)
    return groups


@pytest.mark.parametrize("by", [("site",), ("profession",), ("site", "profession"), ("kind",)])
def test_no_shows(view: View, by: tuple[str, ...]) -> None:
    rows = [row for row in plain.due(TABLES, AS_OF) if row["status"] in ("completed", "no_show")]
    expected = {
        group: (sum(row["status"] == "no_show" for row in each) / len(each), len(each))
        for group, each in grouped(rows, by).items()
    }
    measured = {tuple(each.by.values()): each for each in found(view, "no_show", by)}
    assert {group: each.n for group, each in measured.items()} == {g: n for g, (_, n) in expected.items()}
    for group, (share, _) in expected.items():
        assert measured[group].value == pytest.approx(share)


def with_patients(rows: list[plain.Row]) -> list[plain.Row]:
    people = {row["patient"]: row for row in TABLES["patients"]}
    return [
        {
            **row,
            "language": people[row["patient"]]["language"],
            "need_group": people[row["patient"]]["need_group"],
            "month": f"{row['day']:%Y-%m}",
        }
        for row in rows
    ]


@pytest.mark.parametrize("by", [("site",), ("need_group",), ("language", "site"), ("month",)])
def test_return_intervals(view: View, by: tuple[str, ...]) -> None:
    measured = {
        tuple(e.by.values()): (e.value, e.n)
        for e in found(view, "return_interval", by)
        if e.statistic == "median"
    }
    groups = grouped(with_patients(spanned(TABLES, AS_OF)), by)
    assert set(measured) == set(groups)
    for group, rows in groups.items():
        assert measured[group] == timed([(row["days"], row["outcome"]) for row in rows], ())["median"]


@pytest.mark.parametrize(
    "name", ["no_show", "return_interval", "overload", "visits_per_week", "overdue", "caseload"]
)
def test_the_total_is_the_same_with_and_without_a_breakdown(view: View, name: str) -> None:
    alone = {each.statistic: each for each in of_measure(name, view, ()) if not each.by}
    beside = {
        e.statistic: e for e in of_measure(name, view, ("site", "profession")) if not e.by
    }
    assert alone == beside
