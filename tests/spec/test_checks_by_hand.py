"""Checks of a fit on records written by hand: what does not close, what nobody chose, what is too thin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.support.by_hand import Row, day, visit
from tests.support.records import records

from careload.measure import View
from careload.model.evidence import Evidence
from careload.model.trust.checks import CHECKS, Ranges, beyond, flows, overdue, unchosen, wrong
from careload.model.trust.checks.beyond import Range
from careload.model.trust.checks.overdue import overdue_of
from careload.simulate import Weekly

AS_OF = "2024-06-30"


def evidence(as_of: str = AS_OF, **tables: list[Row]) -> Evidence:
    return Evidence(View(records(**tables), day(as_of)))


def episode(patient: str, opened: str, closed: str = "", reason: str | None = None) -> Row:
    return {"patient": patient, "opened_on": day(opened), "closed_on": day(closed) if closed else None,
            "reason": reason}


# Flows.


def test_what_does_not_close_is_counted() -> None:
    found = flows.residual(evidence(
        appointments=[
            visit("in", "2024-01-10"), visit("in", "2024-02-10"),
            visit("before", "2024-01-01"), visit("before", "2024-02-01"),
            visit("after", "2024-02-01"), visit("after", "2024-04-01"),
        ],
        episodes=[
            episode("in", "2024-01-10"),
            episode("before", "2024-02-01"),
            episode("after", "2024-02-01", "2024-03-01", "completed"),
            episode("nobody", "2024-03-01", "2024-04-01", "dropped"),
        ],
        referrals=[
            {"patient": "in", "requested_at": visit("", "2024-01-05")["starts_at"], "outcome": "seen",
             "closed_on": day("2024-01-10")},
            {"patient": "never", "requested_at": visit("", "2024-01-05")["starts_at"], "outcome": "seen",
             "closed_on": day("2024-01-20")},
        ],
    ))
    assert found is not None
    assert found.strays == (2, 6)
    assert found.returned == (1, 6)
    assert found.unopened == (1, 2)
    assert found.empty == (1, 2)
    assert found.silent == (0, 0), "records of three months cannot be silent for a year"
    assert found.wrong == {}, "too few to be told"


def test_an_episode_without_a_sign_for_a_year_is_silent() -> None:
    found = flows.residual(evidence(
        "2025-06-30",
        appointments=[visit("a", "2024-01-10"), visit("b", "2024-01-10"), visit("b", "2025-06-01")],
        episodes=[episode("a", "2024-01-10"), episode("b", "2024-01-10")],
    ))
    assert found is not None
    assert found.silent == (1, 2)


def test_flows_by_site_balance() -> None:
    found = flows.balance(evidence(
        appointments=[
            *(visit(patient, "2024-01-02", site="N") for patient in "abc"),
            visit("a", "2024-06-25", site="N"), visit("d", "2024-02-05", site="S"),
        ],
        episodes=[
            episode("a", "2023-11-01"), episode("b", "2024-01-02", "2024-01-20", "completed"),
            episode("c", "2024-01-02", "2024-03-01", "dropped"), episode("d", "2024-02-05"),
        ],
    ))
    assert found is not None
    assert found.sites == ("N", "S")
    assert found.started[:, 0].tolist() == [1, 0]
    assert found.opened.sum(axis=1).tolist() == [2, 1]
    assert {reason: each.sum() for reason, each in found.closed.items()} == {"completed": 1, "dropped": 1}
    assert found.ended[:, -1].tolist() == [1, 1]
    assert np.array_equal(found.ended[:, :-1], found.started[:, 1:])


def test_visits_outside_episodes_are_told_with_their_share() -> None:
    rows = [visit(f"p{number}", "2024-03-04") for number in range(100)]
    stays = [episode(f"p{number}", "2024-03-04" if number < 60 else "2024-03-05") for number in range(100)]
    (found,) = CHECKS["flows-do-not-close"](evidence(appointments=rows, episodes=stays))
    assert "40.0%" in found.found
    assert "of 100 visits" in found.found


# Who is overdue.


def test_overdue_at_the_ends_of_weeks() -> None:
    """Due on the 8th, seen on the 24th: overdue at the ends of the second and third week."""
    found = overdue_of(evidence(
        "2024-02-04", appointments=[
            visit("a", "2024-01-01", site="N", prescribed_interval_days=7),
            visit("a", "2024-01-24", site="N"),
        ], episodes=[episode("a", "2024-01-01")],
    ))
    assert found.sites == ("N",)
    assert found.number.tolist() == [[0, 1, 1, 0, 0]]


# Delays nobody chose.


def waits(number: int, clinician: str, crisis: bool) -> tuple[list[Row], list[Row]]:
    """A visit on 1 March with a plan of a week, seen again 20 days after, or a crisis 10 days after."""
    rows, crises = [], []
    for each in range(number):
        who = f"{clinician}{each}"
        rows.append(visit(who, "2024-03-01", clinician=clinician, prescribed_interval_days=7))
        if crisis:
            crises.append({"patient": who, "kind": "ed", "starts_at": visit("", "2024-03-11")["starts_at"]})
        rows.append(visit(who, "2024-03-21", clinician=clinician))
    return rows, crises


def test_the_hazard_of_delays_nobody_chose_stands_beside_that_of_all() -> None:
    ill, of_ill = waits(10, "ill", crisis=True)
    well, _ = waits(40, "well", crisis=False)
    found = unchosen(evidence(
        appointments=ill + well, encounters=of_ill,
        leaves=[{"clinician": "ill", "starts_on": day("2024-03-08"), "ends_on": day("2024-03-20"),
                 "reason": "Sickness"},
                {"clinician": "well", "starts_on": day("2024-03-08"), "ends_on": day("2024-03-20"),
                 "reason": "leave"}],
    ))
    assert found is not None
    assert (found.unchosen.events, found.unchosen.midnights) == (10, 30)
    assert (found.raw.events, found.raw.midnights) == (10, 30 + 40 * 13)
    assert found.differ


def test_midnights_count_from_the_day_the_clinic_cancelled() -> None:
    rows, crises = waits(1, "c", crisis=True)
    cancelled = visit("c0", "2024-03-09", status="cancelled_by_clinic", clinician="c")
    found = unchosen(evidence(appointments=[*rows, cancelled], encounters=crises))
    assert found is not None
    assert (found.unchosen.events, found.unchosen.midnights) == (1, 2)


# Beyond what was seen.


def weeks(in_care: float, interval: float = 20) -> Weekly:
    """Eight weeks of two clinicians with so many patients in care, nobody overdue."""
    patients = {"in_care": in_care, "not_yet_seen": 0.0, "overdue": 0.0}
    clinicians = {"filled": 2.0, "due_hours": 70.0, "paid_hours": 80.0}
    return Weekly(
        {name: np.full(8, value) for name, value in patients.items()},
        {name: np.full((8, 1), value) for name, value in clinicians.items()},
        np.full(2, interval), np.full(2, 10.0),
    )


SEEN = Ranges({"caseload": Range(30, 40), "return_interval": Range(15, 25), "overload": Range(0.8, 1.0)})


def test_a_caseload_twice_any_seen_is_told() -> None:
    assert [*beyond(SEEN, [weeks(80)])] == []
    (found,) = beyond(SEEN, [weeks(160)])
    assert (found.code, found.severity) == ("beyond-the-seen", "warning")
    assert found.found == (
        "Goes where the records have never been: 80 patients in care for each clinician, 2 times the most "
        "they showed (30 to 40), from week 1.")


def test_the_week_is_that_of_the_median_run() -> None:
    """Five runs with 80 patients, of which three rise to 160 in the second four weeks."""
    rising = [replace(weeks(80), patients={**weeks(80).patients, "in_care": np.repeat([80.0, 160.0], 4)})] * 3
    (found,) = beyond(SEEN, [*rising, weeks(80), weeks(80)], "B")
    assert found.table == "B"
    assert found.found.endswith("2 times the most they showed (30 to 40), from week 5.")


def test_waits_much_shorter_than_any_seen_are_told_too() -> None:
    (found,) = beyond(SEEN, [weeks(80, interval=7)])
    assert "7 mean days between visits, 0.47 times the least they showed (15 to 25)" in found.found


def test_one_run_of_three_is_not_the_median() -> None:
    assert [*beyond(SEEN, [weeks(160), weeks(80), weeks(80)])] == []


def test_ranges_come_from_the_records() -> None:
    """Ten patients and two clinicians for eight weeks, each seen once a fortnight; hours of one."""
    first = date(2024, 1, 1)
    rows = [
        visit(f"p{who}", str(first + timedelta(days=14 * turn)), clinician=f"c{who % 2}")
        for who in range(10) for turn in range(5)
    ]
    found = Ranges.from_records(evidence(
        "2024-02-26", appointments=rows, episodes=[episode(f"p{who}", "2024-01-01") for who in range(10)],
        hours=[{"clinician": "c0", "week_start": first + timedelta(days=7 * week), "paid": 40.0,
                "worked": 40.0, "after_hours": 4.0} for week in range(8)],
    )).seen
    assert found["caseload"] == Range(5, 5)
    assert found["return_interval"] == Range(14, 14)
    assert found["overload"].high == pytest.approx(1.1)


# Too thin to say anything.


def thin() -> dict[str, dict[str, list[Row]]]:
    plain = [visit("a", "2024-01-02"), visit("a", "2024-01-09"), visit("b", "2024-01-10")]
    nulls: list[Row] = [
        {**row, "site": None, "clinician": None, "kind": None, "prescribed_interval_days": None}
        for row in plain
    ]
    closed = [episode("a", "2024-01-02", "2024-01-09", "completed"), episode("b", "2024-01-10")]
    planned: list[Row] = [{**row, "prescribed_interval_days": 7} for row in plain]
    none: list[Row] = [{"patient": "x", "kind": "ed", "starts_at": visit("", "2024-01-03")["starts_at"]}]
    return {
        "appointments alone": {"appointments": plain}, "nulls": {"appointments": nulls, "episodes": closed},
        "one visit": {"appointments": plain[:1], "episodes": closed[:1]},
        "all missed": {"appointments": [{**row, "status": "no_show"} for row in planned], "episodes": closed},
        "two patients": {"appointments": planned, "episodes": closed, "encounters": none},
        "no ends": {"appointments": planned, "encounters": none,
                    "patients": [{"patient": "a", "need_group": None}]},
    }


@pytest.mark.parametrize("name", thin())
def test_thin_records_say_nothing_and_break_nothing(name: str) -> None:
    tables: dict[str, Any] = thin()[name]
    found = evidence("2024-01-31", **tables)
    assert [*wrong(found)] == []
    unchosen(found)
    assert "overload" not in Ranges.from_records(found).seen


# Very many patients.


def test_of_very_many_visits_the_same_patients_are_looked_at_in_every_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [visit(f"p{who}", turn, prescribed_interval_days=7)
            for who in range(400) for turn in ("2024-01-02", "2024-01-09")]
    found = evidence("2024-01-31", appointments=rows, episodes=[
        episode(f"p{who}", "2024-01-02") for who in range(400)])
    tables = found.courses.visits, found.courses.spells
    assert [rows.count().execute() for rows in tables] == [800, 800]
    assert [overdue.some_patients(rows, found).count().execute() for rows in tables] == [800, 800]
    monkeypatch.setattr(overdue, "MANY", 200)
    visits, spells = (
        set(overdue.some_patients(rows, found).select("patient").to_pyarrow()["patient"].to_pylist())
        for rows in tables)
    assert visits == spells
    assert 70 <= len(visits) <= 130
