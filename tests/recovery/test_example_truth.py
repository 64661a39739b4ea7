"""The example clinic: what its records show agrees with what the simulator counted.

Plain Python over the CSV files; nothing of `careload.measure` is used here.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from tests.support.on_time import on_time_service

from careload.clinic import TABLES, BusinessCalendar
from careload.simulate import write_example

Rows = list[dict[str, str]]
LOST_REASONS = ("dropped",)
CUT_OFF_REASONS = ("referred_out", "admitted", "died", "lost_coverage")


def rows(folder: Path, table: str) -> Rows:
    with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day(stamp: str) -> date:
    return date.fromisoformat(stamp[:10])


@pytest.fixture(scope="module")
def truth(example: Path) -> dict[str, Any]:
    return dict(json.loads((example / "_truth.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def appointments(example: Path) -> Rows:
    return rows(example, "appointments")


@pytest.fixture(scope="module")
def visit_days(appointments: Rows) -> dict[str, list[date]]:
    days = defaultdict(list)
    for row in appointments:
        if row["status"] == "completed":
            days[row["patient"]].append(day(row["starts_at"]))
    return {patient: sorted(visits) for patient, visits in days.items()}


def intervals_with_ends(
    example: Path, visit_days: dict[str, list[date]], as_of: date
) -> list[tuple[int, str]]:
    """Days from each visit, and what closed the interval: seen, the reason the episode closed, or waiting."""
    ends = defaultdict(list)
    for row in rows(example, "episodes"):
        if row["closed_on"]:
            ends[row["patient"]].append((day(row["closed_on"]), row["reason"]))
    found = []
    for patient, visits in visit_days.items():
        for before, after in pairwise([*visits, None]):
            closed = [end for end in ends[patient] if end[0] >= before and (not after or end[0] < after)]
            end, how = min(closed) if closed else (after, "seen") if after else (as_of, "waiting")
            found.append(((end - before).days, how))
    return found


def test_the_same_seed_gives_the_same_bytes(example: Path, tmp_path: Path) -> None:
    write_example(tmp_path / "again")
    assert {file.name for file in example.iterdir()} == {*(f"{name}.csv" for name in TABLES), "_truth.json"}
    for file in example.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name


def test_another_seed_gives_another_clinic_in_the_same_trap(tmp_path: Path) -> None:
    truth = write_example(tmp_path, seed=2)
    assert truth.first_visits_within_10_business_days / truth.first_visits > 0.85
    assert 42 <= median(Counter(truth.interval_days["seen"]).elements()) <= 56
    assert truth.overload > 1


def test_columns_are_canonical_and_words_are_known(example: Path) -> None:
    for name, table in TABLES.items():
        found = rows(example, name)
        assert found, name
        assert tuple(found[0]) == table.names, name
        for column in table.columns:
            words = {row[column.name] for row in found}
            if column.choices:
                assert words - {""} <= set(column.choices), (name, column.name)
            if column.name in table.required:
                assert "" not in words, (name, column.name)
        if table.key:
            keys = [tuple(row[part] for part in table.key) for row in found]
            assert len(keys) == len(set(keys)), name


def test_ids_lead_somewhere(example: Path, appointments: Rows) -> None:
    patients = {row["patient"] for row in rows(example, "patients")}
    clinicians = {row["clinician"] for row in rows(example, "clinicians")}
    for name in ("appointments", "episodes", "referrals", "encounters", "outcomes"):
        assert {row["patient"] for row in rows(example, name)} <= patients, name
    for name in ("appointments", "hours", "leaves", "slots"):
        assert {row["clinician"] for row in rows(example, name)} <= clinicians, name
    shown = {row["appointment"]: row for row in appointments}
    replacing = [row for row in appointments if row["replaces_appointment"]]
    assert len(replacing) > 1000
    for row in replacing:
        replaced = shown[row["replaces_appointment"]]
        assert replaced["status"].startswith("cancelled")
        assert (replaced["patient"], replaced["booked_at"]) == (row["patient"], row["booked_at"])
        assert replaced["cancelled_at"] < row["starts_at"]
    cancelled = {row["appointment"] for row in appointments if row["status"].startswith("cancelled")}
    assert cancelled == {row["replaces_appointment"] for row in replacing}


def test_stamps_stand_in_order_within_opening_hours(appointments: Rows, truth: dict[str, Any]) -> None:
    calendar = BusinessCalendar("US")
    for row in appointments:
        start = datetime.fromisoformat(row["starts_at"])
        assert calendar.is_business_day(start.date())
        assert 8 <= start.hour <= 17
        assert row["requested_at"] <= row["booked_at"] < row["starts_at"]
        assert row["booked_at"][:10] <= truth["as_of"]
        if row["status"].startswith("cancelled"):
            assert row["booked_at"] < row["cancelled_at"] < row["starts_at"]
        else:
            assert not row["cancelled_at"]
        assert (row["status"] == "booked") == (row["starts_at"][:10] > truth["as_of"])
        if row["prescribed_interval_days"]:
            assert row["status"] == "completed"


def test_a_clinician_sees_one_patient_or_group_at_a_time(appointments: Rows) -> None:
    held = Counter(
        (row["clinician"], row["starts_at"], row["group_id"] or row["appointment"])
        for row in appointments if not row["status"].startswith("cancelled")
    )
    starts = Counter((clinician, start) for clinician, start, _ in held)
    assert max(starts.values()) == 1
    assert 2 <= max(held.values()) <= 8


def test_every_visit_stands_in_a_slot_and_no_slot_holds_two(example: Path, appointments: Rows) -> None:
    slots = {(row["clinician"], row["starts_at"]): row for row in rows(example, "slots")}
    due = [row for row in appointments if row["status"] in ("completed", "no_show")]
    seated = Counter((row["clinician"], row["starts_at"]) for row in due)
    assert seated.keys() == {place for place, slot in slots.items() if slot["status"] == "busy"}
    assert all(number <= int(slots[place]["capacity"]) for place, number in seated.items())


def test_no_visit_before_hiring_after_leaving_or_on_leave(example: Path, appointments: Rows) -> None:
    who = {row["clinician"]: row for row in rows(example, "clinicians")}
    away = defaultdict(list)
    for row in rows(example, "leaves"):
        away[row["clinician"]].append((row["starts_on"], row["ends_on"]))
    assert sum(map(len, away.values())) > 500
    for row in appointments:
        if row["status"] in ("completed", "no_show"):
            on, person = row["starts_at"][:10], who[row["clinician"]]
            assert person["hired_on"] <= on <= (person["left_on"] or "9999")
            assert not any(start <= on <= end for start, end in away[row["clinician"]])


def test_size_is_that_of_the_case(example: Path, truth: dict[str, Any]) -> None:
    clinicians = rows(example, "clinicians")
    assert 3600 <= len(rows(example, "patients")) <= 7000
    assert 34 <= len(clinicians) == 34 + truth["hired"] <= 50
    assert truth["leavers"] == sum(bool(row["left_on"]) for row in clinicians)
    assert truth["leavers"] >= 4
    assert truth["leavers"] == len(rows(example, "posts"))
    assert {row["site"] for row in clinicians} == {"North", "Harbor"}
    assert len({row["profession"] for row in clinicians}) == 5


def test_counts_of_appointments(appointments: Rows, truth: dict[str, Any]) -> None:
    status = Counter(row["status"] for row in appointments)
    assert status["completed"] == truth["attended"]
    assert status["no_show"] == truth["no_shows"]
    assert status["booked"] == truth["in_care_at_as_of"] - truth["nothing_booked_at_as_of"] > 300
    share = status["cancelled_by_patient"] / len(appointments)
    assert 0.03 < share < 0.08
    assert status["cancelled_by_clinic"] > 300


def test_no_shows_happen_as_often_as_they_should(appointments: Rows) -> None:
    """Probability of missing a return visit, by days booked ahead: late - (late - soon) exp(-days / 14)."""
    due = [row for row in appointments if row["status"] in ("completed", "no_show")]
    due = [row for row in due if row["kind"] == "return"]
    lead = {row["appointment"]: (day(row["starts_at"]) - day(row["booked_at"])).days for row in due}
    for shortest, longest in ((0, 7), (8, 28), (29, 56), (57, 400)):
        group = [row for row in due if shortest <= lead[row["appointment"]] <= longest]
        expected = [0.16 - 0.08 * 2.718281828 ** (-lead[row["appointment"]] / 14) for row in group]
        missed = sum(row["status"] == "no_show" for row in group) / len(group)
        mean = sum(expected) / len(expected)
        assert missed == pytest.approx(mean, abs=4 * (mean * (1 - mean) / len(group)) ** 0.5), shortest


def test_intake_is_on_time(example: Path, appointments: Rows, truth: dict[str, Any]) -> None:
    requested = defaultdict(list)
    for row in rows(example, "referrals"):
        requested[row["patient"]].append(day(row["requested_at"]))
    calendar = BusinessCalendar("US")
    seen = [r for r in appointments if (r["kind"], r["status"]) == ("intake", "completed")]
    waits = [(max(on for on in requested[r["patient"]] if on <= day(r["starts_at"])), day(r["starts_at"]))
             for r in seen]
    on_time = sum(calendar.between(ask, visit) <= 10 for ask, visit in waits)
    assert len(seen) == truth["first_visits"]
    assert on_time == truth["first_visits_within_10_business_days"]
    assert on_time / len(seen) > 0.85
    waited = Counter(str((visit - ask).days) for ask, visit in waits)
    assert waited == truth["wait_days"]["seen"]


def test_return_visits_take_six_to_eight_weeks(
    example: Path, visit_days: dict[str, list[date]], truth: dict[str, Any]
) -> None:
    intervals = intervals_with_ends(example, visit_days, date.fromisoformat(truth["as_of"]))
    assert len(intervals) == truth["attended"]
    fates = {"seen": ("seen",), "closed": ("completed",), "lost": LOST_REASONS,
             "cut_off": (*CUT_OFF_REASONS, "waiting")}
    for fate, ends in fates.items():
        counted = Counter(str(days) for days, end in intervals if end in ends)
        assert counted == truth["interval_days"][fate], fate
    assert 42 <= median(days for days, end in intervals if end == "seen") <= 56


def test_ends_of_care_are_those_counted(example: Path, truth: dict[str, Any]) -> None:
    """People who gave up before a first visit have a referral that ended, and no episode."""
    reasons = Counter(row["reason"] for row in rows(example, "episodes"))
    referrals = rows(example, "referrals")
    outcomes = Counter(row["outcome"] for row in referrals)
    assert reasons["completed"] == truth["discharged"]
    assert reasons["dropped"] + outcomes["gave_up"] == truth["dropped"] + truth["remitted"]
    others = sum(reasons[reason] for reason in CUT_OFF_REASONS)
    closed_unseen = sum(bool(row["closed_on"]) and not row["outcome"] for row in referrals)
    assert others + closed_unseen == sum(truth[way] for way in ("died", "moved", "admitted", "outside"))
    assert sum(bool(row["died_on"]) for row in rows(example, "patients")) == truth["died"]
    assert len(referrals) == truth["referred"] + truth["came_back"]
    asked = Counter(row["patient"] for row in referrals)
    assert max(asked.values()) >= 2
    assert len(rows(example, "patients")) == 2108 + truth["referred"]


def test_people_in_care_and_those_with_nothing_booked(
    example: Path, appointments: Rows, truth: dict[str, Any]
) -> None:
    in_care = {row["patient"] for row in rows(example, "episodes") if not row["closed_on"]}
    waiting = {row["patient"] for row in rows(example, "referrals") if not row["closed_on"]}
    booked = {row["patient"] for row in appointments if row["status"] == "booked"}
    assert len(waiting) == truth["not_yet_seen_at_as_of"]
    assert len(in_care) + len(waiting) == truth["in_care_at_as_of"]
    assert booked <= in_care
    assert len((in_care | waiting) - booked) == truth["nothing_booked_at_as_of"]


def test_crises_end_in_three_ways(example: Path, truth: dict[str, Any]) -> None:
    kinds = Counter(row["kind"] for row in rows(example, "encounters"))
    assert kinds["ed"] == truth["ed_visits"]
    assert kinds["inpatient"] == truth["admitted"]
    assert kinds.total() == truth["crises"]


def test_emergencies_come_to_those_who_are_overdue(
    example: Path, visit_days: dict[str, list[date]], appointments: Rows
) -> None:
    """A crisis is a hazard of waiting beyond due: nobody has one before the plan runs out."""
    plan = {(row["patient"], day(row["starts_at"])): int(row["prescribed_interval_days"])
            for row in appointments if row["prescribed_interval_days"]}
    counted = 0
    for row in rows(example, "encounters"):
        before = [d for d in visit_days.get(row["patient"], []) if d < day(row["starts_at"])]
        if row["kind"] == "ed" and before and (row["patient"], before[-1]) in plan:
            assert (day(row["starts_at"]) - before[-1]).days > plan[row["patient"], before[-1]]
            counted += 1
    assert counted > 300


def test_prescribed_intervals_follow_the_stage_of_treatment(example: Path, appointments: Rows) -> None:
    """Weekly at first, then less often: the plan is the clinician's, not the calendar's."""
    number, plans = Counter(), defaultdict(set)
    intakes = [row for row in appointments if row["kind"] == "intake" and row["status"] == "completed"]
    # Whoever came back began anew, and perhaps with a crisis visit rather than an intake.
    asked = Counter(row["patient"] for row in rows(example, "referrals"))
    began = {row["patient"] for row in intakes if asked[row["patient"]] == 1}
    for row in sorted(appointments, key=lambda row: row["starts_at"]):
        if row["status"] == "completed" and row["patient"] in began:
            number[row["patient"]] = 0 if row["kind"] == "intake" else number[row["patient"]] + 1
            if row["prescribed_interval_days"]:
                plans[number[row["patient"]]].add(int(row["prescribed_interval_days"]))
    assert plans[0] == {7, 14}
    assert min(plans[12]) >= 14
    approved = sum(row["longer_interval_approved_by_clinician"] == "true" for row in appointments)
    assert 0 < approved < 0.1 * len(appointments)


def test_work_due_is_more_than_time_paid(example: Path, truth: dict[str, Any]) -> None:
    hours = rows(example, "hours")
    due = sum(float(row["worked"]) + float(row["after_hours"]) for row in hours)
    paid = sum(float(row["paid"]) for row in hours)
    # In the records hours are rounded to hundredths, week by week.
    assert due == pytest.approx(truth["hours_due"], abs=0.01 * len(hours))
    assert paid == pytest.approx(truth["hours_paid"], abs=0.005 * len(hours))
    assert sum(float(row["after_hours"]) for row in hours) == pytest.approx(
        truth["hours_unpaid"], abs=0.005 * len(hours)
    )
    assert 1.0 < due / paid < 1.25
    for row in hours:
        work = float(row["contact"]) + float(row["non_contact"])
        assert work == pytest.approx(float(row["worked"]), abs=0.011)
        assert day(row["week_start"]).weekday() == 0


def test_clerical_detail_is_there_and_even(example: Path) -> None:
    people = rows(example, "patients")
    spoken = Counter(row["language"] for row in people)
    assert spoken["Spanish"] / spoken.total() == pytest.approx(0.16, abs=0.02)
    assert {row["coverage"] for row in people} == {"commercial", "Medicaid", "Medicare"}
    site = {row["patient"]: row["site"] for row in rows(example, "appointments")}
    areas = defaultdict(set)
    for row in people:
        if row["patient"] in site:
            areas[site[row["patient"]]].add(row["area"])
    assert [len(each) for each in areas.values()] == [3, 3]
    assert not areas["North"] & areas["Harbor"]


def test_nobody_waits_in_the_service_on_time(tmp_path: Path) -> None:
    as_of = on_time_service(tmp_path)
    appointments, episodes = rows(tmp_path, "appointments"), rows(tmp_path, "episodes")
    assert {row["status"] for row in appointments} == {"completed"}
    assert {row["reason"] for row in episodes} == {"completed"}
    visits = defaultdict(list)
    for row in appointments:
        visits[row["patient"]].append(day(row["starts_at"]))
    gaps = {(b - a).days for days in visits.values() for a, b in pairwise(days)}
    assert gaps == {7}
    assert all(day(row["closed_on"]) == visits[row["patient"]][-1] for row in episodes)
    assert max(day(row["starts_at"]) for row in appointments) == as_of
    calendar = BusinessCalendar("US")
    assert all(calendar.is_business_day(d) for days in visits.values() for d in days)
    starts = Counter((row["clinician"], row["starts_at"]) for row in appointments)
    assert max(starts.values()) == 1
