"""The example clinic: what its records show agrees with what its generator knows.

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

from careload.clinic import TABLES, BusinessCalendar
from careload.history.example import on_time_service, write_example

Rows = list[dict[str, str]]


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
    """Days and what closed the interval: seen, a reason of the episode, or waiting."""
    ends = {row["patient"]: row for row in rows(example, "episodes")}
    found = []
    for patient, visits in visit_days.items():
        found += [((after - before).days, "seen") for before, after in pairwise(visits)]
        end = ends[patient]
        closed = day(end["closed_on"]) if end["closed_on"] else as_of
        found.append(((closed - visits[-1]).days, end["reason"] or "waiting"))
    return found


def aalen_johansen(intervals: list[tuple[int, str]], cause: str) -> dict[int, float]:
    """Share closed by `cause` by each day, others competing, those waiting censored; worked day by day."""
    closed, left = defaultdict(Counter), Counter()
    for days, end in intervals:
        closed[days][end] += 1
        left[days] += 1
    at_risk, open_share, share, curve = len(intervals), 1.0, 0.0, {}
    for days in range(max(left) + 1):
        events = sum(number for end, number in closed[days].items() if end != "waiting")
        if at_risk:
            share += open_share * closed[days][cause] / at_risk
            open_share *= 1 - events / at_risk
        at_risk -= left[days]
        curve[days] = share
    return curve


def test_the_same_seed_gives_the_same_bytes(example: Path, tmp_path: Path) -> None:
    write_example(tmp_path / "again")
    for file in example.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name


def test_another_seed_gives_another_clinic_in_the_same_trap(tmp_path: Path) -> None:
    truth = write_example(tmp_path, seed=2)
    assert truth.intakes_within_10_business_days / truth.intakes > 0.9
    days = sorted(Counter(truth.interval_days_by_as_of).elements())
    assert 42 <= median(days) <= 56


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
    for name in ("appointments", "hours", "leaves"):
        assert {row["clinician"] for row in rows(example, name)} <= clinicians, name
    shown = {row["appointment"]: row for row in appointments}
    replaced = [row for row in appointments if row["replaces_appointment"] in shown]
    assert len(replaced) > 1000
    assert all(shown[row["replaces_appointment"]]["status"].startswith("cancelled") for row in replaced)
    assert all(shown[row["replaces_appointment"]]["patient"] == row["patient"] for row in replaced)


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
        assert (row["status"] == "booked") == (row["starts_at"][:10] > truth["as_of"]) or row["cancelled_at"]
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


def test_no_visit_before_hiring_after_leaving_or_on_leave(example: Path, appointments: Rows) -> None:
    who = {row["clinician"]: row for row in rows(example, "clinicians")}
    away = defaultdict(list)
    for row in rows(example, "leaves"):
        away[row["clinician"]].append((row["starts_on"], row["ends_on"]))
    for row in appointments:
        if row["status"] in ("completed", "no_show"):
            on, person = row["starts_at"][:10], who[row["clinician"]]
            assert person["hired_on"] <= on <= (person["left_on"] or "9999")
            assert not any(start <= on <= end for start, end in away[row["clinician"]])


def test_size_is_that_of_the_case(example: Path, truth: dict[str, Any]) -> None:
    assert 3600 <= len(rows(example, "patients")) == truth["patients"] <= 4400
    assert 36 <= len(rows(example, "clinicians")) == truth["clinicians"] <= 50
    assert truth["leavers"] == sum(bool(row["left_on"]) for row in rows(example, "clinicians"))
    assert truth["leavers"] >= 4
    assert {row["site"] for row in rows(example, "clinicians")} == {"North", "Harbor"}
    assert len({row["profession"] for row in rows(example, "clinicians")}) == 5


def test_counts_of_appointments(appointments: Rows, truth: dict[str, Any]) -> None:
    status = Counter(row["status"] for row in appointments)
    assert status["completed"] == truth["attended"]
    assert status["no_show"] == truth["no_shows"]
    assert {by: status[by] for by in truth["cancelled"]} == truth["cancelled"]
    assert status["booked"] > 500


def test_no_shows_happen_as_often_as_they_should(appointments: Rows, truth: dict[str, Any]) -> None:
    due = [row for row in appointments if row["status"] in ("completed", "no_show")]
    share = sum(row["status"] == "no_show" for row in due) / len(due)
    assert share == pytest.approx(truth["p_no_show"], abs=4 * (0.15 * 0.85 / len(due)) ** 0.5)
    lead = {row["appointment"]: (day(row["starts_at"]) - day(row["booked_at"])).days for row in due}
    early = [row for row in due if row["kind"] == "return" and lead[row["appointment"]] <= 7]
    late = [row for row in due if row["kind"] == "return" and lead[row["appointment"]] >= 35]
    missed = [sum(row["status"] == "no_show" for row in group) / len(group) for group in (early, late)]
    assert missed[0] + 0.03 < missed[1]


def test_intake_is_on_time(example: Path, appointments: Rows, truth: dict[str, Any]) -> None:
    requested = {row["patient"]: day(row["requested_at"]) for row in rows(example, "referrals")}
    calendar = BusinessCalendar("US")
    seen = [r for r in appointments if (r["kind"], r["status"]) == ("intake", "completed")]
    asked = [(requested[r["patient"]], day(r["starts_at"])) for r in seen if r["patient"] in requested]
    on_time = sum(calendar.between(ask, visit) <= 10 for ask, visit in asked)
    assert on_time / len(asked) > 0.9
    # The generator also counts intakes asked for before the first day of the extract.
    assert 0 <= truth["intakes"] - len(asked) <= 40
    assert len(seen) == truth["intakes"]
    assert 0 <= truth["intakes_within_10_business_days"] - on_time <= truth["intakes"] - len(asked)


def test_return_visits_take_six_to_eight_weeks(
    example: Path, visit_days: dict[str, list[date]], truth: dict[str, Any]
) -> None:
    intervals = intervals_with_ends(example, visit_days, date.fromisoformat(truth["as_of"]))
    ends = Counter(end for _, end in intervals)
    assert len(intervals) == truth["intervals_opened"]
    assert ends["waiting"] == truth["waiting_at_as_of"]
    seen = Counter(str(days) for days, end in intervals if end == "seen")
    assert seen == truth["interval_days_by_as_of"]

    naive = median(days for days, end in intervals if end == "seen")
    curve = aalen_johansen(intervals, "seen")
    honest = next(days for days, share in curve.items() if share >= 0.5)
    assert 42 <= naive <= 56
    assert naive <= honest <= 60


def test_counting_those_who_wait_finds_what_really_happened(
    example: Path, visit_days: dict[str, list[date]], truth: dict[str, Any]
) -> None:
    """The generator goes on for months after the extract: it knows how every interval ended."""
    opened = truth["intervals_opened"]
    intervals = intervals_with_ends(example, visit_days, date.fromisoformat(truth["as_of"]))
    curve = aalen_johansen(intervals, "seen")
    naive = Counter(days for days, end in intervals if end == "seen")

    def true_share(lengths: dict[str, int], by_day: int) -> float:
        return sum(number for length, number in lengths.items() if int(length) <= by_day) / opened

    # The last intervals run through the holidays of the year's end, which the curve cannot know.
    for days in (14, 28, 49, 56, 91):
        assert curve[days] == pytest.approx(true_share(truth["interval_days"], days), abs=0.012), days
    dropped = aalen_johansen(intervals, "dropped")
    assert dropped[91] == pytest.approx(true_share(truth["ended_days"]["dropped"], 91), abs=0.003)
    # Counting only finished intervals flatters: that is what the whole exercise is about.
    by_56 = sum(number for days, number in naive.items() if days <= 56) / naive.total()
    assert by_56 > curve[56] + 0.02


def test_people_in_care_and_those_with_nothing_booked(
    example: Path, appointments: Rows, truth: dict[str, Any]
) -> None:
    in_care = {row["patient"] for row in rows(example, "episodes") if not row["closed_on"]}
    booked = {row["patient"] for row in appointments if row["status"] == "booked"}
    assert len(in_care) == truth["in_care_at_as_of"]
    assert len(in_care - booked) == truth["nothing_booked_at_as_of"]
    assert 0.05 < len(in_care - booked) / len(in_care) < 0.3


def test_person_days_and_the_hazards_of_waiting(example: Path, truth: dict[str, Any]) -> None:
    as_of = date.fromisoformat(truth["as_of"])
    first = date(2024, 1, 1)
    episodes = rows(example, "episodes")
    dropped = sum(row["reason"] == "dropped" for row in episodes)
    assert dropped == truth["dropouts"]
    emergencies = sum(row["kind"] == "ed" for row in rows(example, "encounters"))
    assert emergencies == truth["emergency_visits"]
    person_days = sum(
        ((day(row["closed_on"]) if row["closed_on"] else as_of) - max(first, day(row["opened_on"]))).days + 1
        for row in episodes
    )
    assert person_days == pytest.approx(truth["person_days_in_care"], rel=0.005)


def test_emergencies_rise_with_days_since_the_last_visit(
    example: Path, visit_days: dict[str, list[date]]
) -> None:
    near, far = 0, 0
    for row in rows(example, "encounters"):
        before = [d for d in visit_days.get(row["patient"], []) if d <= day(row["starts_at"])]
        if row["kind"] == "ed" and before:
            since = (day(row["starts_at"]) - before[-1]).days
            near, far = near + (since <= 14), far + (43 <= since <= 57)
    # Fewer people are still waiting after six weeks, and yet they come more often.
    assert far > near


def test_prescribed_intervals_drift_with_the_waits(appointments: Rows, truth: dict[str, Any]) -> None:
    visits = [row for row in appointments if row["prescribed_interval_days"]]
    written = [(row["starts_at"], int(row["prescribed_interval_days"])) for row in visits]
    assert Counter(str(days) for _, days in written) == truth["prescribed_days"]
    start = [days for at, days in written if at < "2024-07"]
    end = [days for at, days in written if at >= "2025-07"]
    assert sum(end) / len(end) > sum(start) / len(start) + 2
    approved = sum(row["longer_interval_approved_by_clinician"] == "true" for row in appointments)
    assert 0 < approved == truth["longer_interval_approved"] < 0.1 * len(written)


def test_work_due_is_more_than_time_paid(example: Path, truth: dict[str, Any]) -> None:
    hours = rows(example, "hours")
    due = sum(float(row["worked"]) + float(row["after_hours"]) for row in hours)
    paid = sum(float(row["paid"]) for row in hours)
    assert due == pytest.approx(truth["hours_due"], abs=0.01)
    assert paid == pytest.approx(truth["hours_paid"], abs=0.01)
    assert due / paid == pytest.approx(truth["overload"], abs=1e-6)
    assert 1.02 < due / paid < 1.25
    for row in hours:
        work = float(row["contact"]) + float(row["non_contact"])
        assert work == pytest.approx(float(row["worked"]), abs=0.011)
        assert day(row["week_start"]).weekday() == 0


def test_waits_are_unequal_by_language(
    example: Path, visit_days: dict[str, list[date]]
) -> None:
    language = {row["patient"]: row["language"] for row in rows(example, "patients")}
    found = defaultdict(list)
    for patient, visits in visit_days.items():
        found[language[patient]] += [(b - a).days for a, b in pairwise(visits)]
    means = {spoken: sum(days) / len(days) for spoken, days in found.items()}
    assert abs(means["Spanish"] - means["English"]) > 1


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
