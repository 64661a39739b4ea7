"""Every measure agrees with its slow and obvious twin, on services made by dice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careload.measure.definition import definitions
from careload.measure.view import View
from tests.support.estimates import of_measure
from tests.support.made_rows import FIRST, made_rows
from tests.support.records import records
from tests.twin.plain_measures import TWINS

AGAINST_STANDARDS = {name for name, each in definitions().items() if each.kind == "standard"}
OTHERWISE_CHECKED = {"clocks_to_first_visit"}
REACH = 300


def test_every_measure_has_a_twin() -> None:
    assert set(definitions()) - AGAINST_STANDARDS - OTHERWISE_CHECKED == set(TWINS)


def told(view: View, name: str) -> dict[str, tuple[float | None, int]]:
    found = of_measure(name, view, ())
    return {each.statistic: (each.value, each.n) for each in found if not each.by}


def agree(tables: dict[str, list[dict[str, Any]]], as_of: date) -> None:
    view = View(records(**tables), as_of)
    for name, twin in TWINS.items():
        measured, expected = told(view, name), twin(tables, as_of)
        for statistic, (value, n) in expected.items():
            if not n and statistic not in measured:
                continue
            assert measured[statistic][1] == n, (name, statistic)
            assert measured[statistic][0] == pytest.approx(value, abs=1e-9), (name, statistic)


def test_two_bounds_where_nobody_recorded_whose_care_has_ended() -> None:
    """Everyone not seen again, and only those with something planned: each as its twin."""
    tables, as_of = made_rows(1), FIRST + timedelta(REACH)
    tables = {name: rows for name, rows in tables.items() if name != "episodes"}
    view = View(records(**tables), as_of)
    bounded = {name for name, each in definitions().items() if each.bounds} & TWINS.keys()
    assert bounded >= {"overdue", "second_visit_wait", "return_beyond_prescribed", "return_interval"}
    for name in sorted(bounded):
        found = of_measure(name, view, ())
        twins = {"all": tables, "planned": {**tables, "planned_only": []}}
        numbers = {}
        for bound, records_of_bound in twins.items():
            expected = TWINS[name](records_of_bound, as_of)
            told_of = {each.statistic: each for each in found if each.by == {"open": bound}}
            expected = {key: each for key, each in expected.items() if not key.startswith("naive_")}
            assert expected.keys() <= told_of.keys(), (name, bound)
            for statistic, (value, n) in expected.items():
                assert told_of[statistic].n == n, (name, bound, statistic)
                assert told_of[statistic].value == pytest.approx(value, abs=1e-9), (name, bound, statistic)
            numbers[bound] = [n for _, n in expected.values()]
        assert numbers["all"] != numbers["planned"] or name == "caseload_handed_over"  # few are


@pytest.mark.parametrize("seed", range(2))
def test_on_a_service_of_some_size(seed: int) -> None:
    agree(made_rows(seed), FIRST + timedelta(REACH + 60 * seed))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 10_000), patients=st.integers(1, 25), day=st.integers(20, 500))
def test_on_any_small_service(seed: int, patients: int, day: int) -> None:
    agree(made_rows(seed, patients, 3), FIRST + timedelta(day))
