"""A run written as records and measured gives back what the simulator counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import careload
from careload.clinic import Service, UsageError, read_service
from careload.history import Records, fetch
from careload.measure import Measurement
from careload.simulate import Run, as_records, plan_of, run, write_records
from careload.simulate.figures import groups
from careload.simulate.kernel.entries import LOG_KINDS
from careload.simulate.kernel.records import (
    CALENDAR_DAYS,
    CELL_COUNTS,
    DUE_HOURS,
    FREE,
    INTERVALS,
    OFFERED,
    PAID_HOURS,
    PLANNED,
    SEEN,
    TEAM_COUNTS,
    USED,
    WAITS,
)
from careload.simulate.run import first_day
from careload.simulate.spans import lower_quantile, quantile, seen_by

SERVICES = Path(__file__).parents[2] / "examples" / "services"
RUNS = (
    pytest.param(("trap", 5, 399), marks=pytest.mark.long), ("solo", 1, 700), ("mississippi", 2, 560),
    pytest.param(("weekly", 3, 203), marks=pytest.mark.long),
)
MEASURES = (
    "return_interval", "intake_wait", "no_show", "overload", "contact_hours", "after_hours", "caseload",
    "silent_backlog", "ed_visits", "dropout", "lead_time", "prescribed_interval", "same_clinician",
    "new_to_return_ratio", "slot_fill", "non_contact_hours",
)
VISITS = ("first_visit", "return_visit", "crisis_visit", "group_visit")


class Case(NamedTuple):
    service: Service
    run: Run
    records: Records
    measured: Measurement

    def count(self, *names: str) -> int:
        """What the simulator counted over the whole run."""
        whole = self.run.tally.cells.sum(axis=(0, 1))
        return int(sum(whole[CELL_COUNTS.index(name)] for name in names))

    def entries(self, *kinds: str) -> np.ndarray:
        log = self.run.tally.log
        return log[np.isin(log["kind"], [LOG_KINDS.index(kind) for kind in kinds])]

    def rows(self, table: str) -> list[dict[str, Any]]:
        return fetch(self.records.tables[table])

    def value(self, measure: str, statistic: str, **by: str) -> float:
        found = self.measured.find(measure, statistic, **by)
        assert found.value is not None, (measure, statistic, by)
        return found.value


@pytest.fixture(scope="module", params=RUNS, ids=lambda each: f"{each[0]}-{each[1]}")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    name, seed, days = request.param
    service = read_service(SERVICES / f"{name}.toml")
    made = run(plan_of(service, days), seed, logged=True)
    folder = tmp_path_factory.mktemp(name)
    write_records(made, service, folder)
    records = careload.read(folder)
    last = service["start"]["date"] + timedelta(days=days - 1)
    measured = careload.measure(records, as_of=last, by=("site", "need_group"), only=MEASURES)
    return Case(service, made, records, measured)


def shown(case: Case) -> Iterator[tuple[dict[str, str], Any, np.ndarray, np.ndarray]]:
    """Every group of which intervals can be told, with the simulator's histograms of its spans."""
    for group in groups(case.service):
        if not group.by or next(iter(group.by)) in ("site", "need_group"):
            intervals, waits = group.days
            spans = case.run.tally.spans[:, CALENDAR_DAYS]
            assert waits is not None
            yield (
                dict(group.by), group, spans[INTERVALS][:, : len(intervals)][:, intervals].sum(axis=1),
                spans[WAITS][:, : len(waits)][:, waits].sum(axis=1),
            )


def test_every_row_is_accepted_and_nothing_is_odd(case: Case) -> None:
    assert all(count.rows == count.accepted for count in case.measured.counts.values())
    assert [str(each) for each in case.records.findings if each.severity != "note"] == []


def test_visits_and_no_shows(case: Case) -> None:
    status = Counter(row["status"] for row in case.rows("appointments"))
    assert status["completed"] == case.count("attended")
    assert status["no_show"] == case.count("missed")
    share = case.measured.find("no_show", "share")
    assert share.n == case.count("attended", "missed")
    assert share.value == pytest.approx(case.count("missed") / share.n, abs=1e-12)
    intakes = [row for row in case.rows("appointments") if row["kind"] == "intake"]
    assert sum(row["status"] == "completed" for row in intakes) == case.count("first_visits")


def test_return_intervals_are_those_the_simulator_counted(case: Case) -> None:
    for by, _, intervals, _ in shown(case):
        agrees(case, "return_interval", by, intervals)


def test_waits_for_a_first_visit_are_those_the_simulator_counted(case: Case) -> None:
    for by, _, _, waits in shown(case):
        agrees(case, "intake_wait", by, waits)


def agrees(case: Case, measure: str, by: dict[str, str], spans: np.ndarray) -> None:
    """Number, median, naive median and shares by day of a measure are those of histograms of spans."""
    found = {each.statistic: each for each in case.measured.estimates
             if each.measure == measure and dict(each.by) == by}
    days = [int(name.removeprefix("seen_by_")) for name in found if name.startswith("seen_by_")]
    shares = {day: found[f"seen_by_{day}"] for day in days if not found[f"seen_by_{day}"].hidden}
    assert shares or by, "nothing of the whole service is hidden"
    for day, share in shares.items():
        assert share.value == pytest.approx(seen_by(spans)[day], abs=1e-9), (by, day)
    if not found["median"].hidden:
        half = quantile(seen_by(spans), 0.5)
        assert found["median"].n == spans.sum(), by
        assert found["median"].value == (half if half < float("inf") else None), by
    if "naive_median" in found and not found["naive_median"].hidden:
        assert found["naive_median"].value == lower_quantile(spans[SEEN], 0.5), by


def test_ends_of_care(case: Case) -> None:
    """Who leaves before the first visit has a referral that ended, and no episode."""
    reasons = Counter(row["reason"] for row in case.rows("episodes"))
    referrals = case.rows("referrals")
    gave_up = sum(row["outcome"] == "gave_up" for row in referrals)
    dropped = (name for name in CELL_COUNTS if name.startswith("dropped_"))
    assert reasons["dropped"] + gave_up == case.count(*dropped, "remitted")
    assert reasons["completed"] == case.count("discharged")
    assert sum(row["died_on"] is not None for row in case.rows("patients")) == case.count("died")
    cut_off = sum(row["closed_on"] is not None and row["outcome"] is None for row in referrals)
    others = sum(reasons[reason] for reason in ("died", "lost_coverage", "referred_out", "admitted"))
    assert others + cut_off == case.count("died", "moved", "outside", "admitted")
    assert len(referrals) == case.count("referred", "came_back")
    share = case.measured.find("dropout", "share")
    assert share.n == sum(number for reason, number in reasons.items() if reason)
    assert share.value == pytest.approx(reasons["dropped"] / share.n, abs=1e-12)


def test_whoever_comes_back_is_the_same_patient(case: Case) -> None:
    started = int(case.run.started.sum())
    assert len(case.rows("patients")) == started + case.count("referred")
    asked = Counter(row["patient"] for row in case.rows("referrals"))
    again = sum(asked.values()) - len(asked)
    start_of_team = len(asked) - case.count("referred")
    assert again + start_of_team == case.count("came_back")


def test_crises_emergencies_and_admissions(case: Case) -> None:
    kinds = Counter(row["kind"] for row in case.rows("encounters"))
    assert kinds["ed"] == case.count("ed_visits")
    assert kinds["inpatient"] == case.count("admitted")
    assert kinds.total() == case.count("crises")
    # Of these the measure counts those within an episode, not yet on its last day.
    rate = case.measured.find("ed_visits", "rate")
    assert rate.hidden or rate.events <= kinds["ed"]


def test_lead_times_and_plans_are_those_of_the_log(case: Case) -> None:
    """A visit is booked on the day of what came before it: asking, a visit, a no-show, a crisis."""
    booked: dict[int, int] = {}
    leads = []
    kinds = {LOG_KINDS.index(name): name for name in (*VISITS, "missed", "asked", "asked_urgently", "crisis")}
    before = {int(each["key"]): int(each["last"]) for each in first_day(case.run)}
    for entry in case.run.tally.log:
        name, key, day = kinds.get(int(entry["kind"])), int(entry["key"]), int(entry["day"])
        if name in (*VISITS, "missed"):
            leads.append(day - booked.get(key, before.get(key, day)))
        if name:
            booked[key] = day
    written = Counter(
        (row["starts_at"].date() - row["booked_at"].date()).days
        for row in case.rows("appointments") if row["status"] in ("completed", "no_show")
    )
    assert written == Counter(leads)
    planned = case.count("attended") - case.count("discharged")
    assert case.measured.find("prescribed_interval", "median").n == planned


def test_hours_and_overload(case: Case) -> None:
    """Weeks with somebody there; of the others the simulator counts work due too, and no time paid."""
    paid, due, unpaid = (
        case.entries(kind)["value"].astype(float) / 100 for kind in ("paid", "contact", "unpaid")
    )
    due = due + case.entries("non_contact")["value"] / 100
    there = paid > 0
    rows = case.rows("hours")
    assert len(rows) == there.sum()
    written = sum(row["worked"] + row["after_hours"] for row in rows) / sum(row["paid"] for row in rows)
    assert written == pytest.approx(due[there].sum() / paid[there].sum(), abs=1e-9)
    if not case.measured.find("overload", "ratio").hidden:
        assert case.value("overload", "ratio") == pytest.approx(written, abs=1e-3)
    whole = case.run.tally.teams.sum(axis=(0, 1))
    assert not due[~there].any()
    assert whole[PAID_HOURS] == pytest.approx(paid.sum(), abs=0.005 * len(paid))
    assert whole[DUE_HOURS] == pytest.approx(due.sum(), abs=0.01 * len(paid))
    contact = case.entries("contact")["value"][there] / 100
    held = np.minimum(contact, (due - unpaid)[there])
    if not case.measured.find("contact_hours", "mean").hidden:
        assert case.value("contact_hours", "mean") == pytest.approx(held.mean(), abs=0.02)
        assert case.value("after_hours", "mean") == pytest.approx(unpaid[there].mean(), abs=0.02)
        told = dict(zip(TEAM_COUNTS, whole / whole[TEAM_COUNTS.index("working")], strict=True))
        other = told["non_contact_hours"] - told["unpaid_hours"]
        assert case.value("contact_hours", "mean") == pytest.approx(told["contact_hours"], rel=0.01)
        assert case.value("non_contact_hours", "mean") == pytest.approx(other, rel=0.01)


def test_caseload_and_backlog(case: Case) -> None:
    """Patients in care seen in the records, each with the clinician of the last visit.

    The simulator hands a leaver's patients over at once; in the records they are a colleague's once seen.
    Those of the first day whom nobody has seen since are on no list in the records.
    """
    patients = case.run.world.patients
    here = patients[patients["state"] != FREE]
    seen = np.isin(here["key"], case.entries(*VISITS)["key"])
    rows = [row for row in case.rows("appointments") if row["status"] == "completed"]
    last = {row["patient"]: row["clinician"] for row in sorted(rows, key=lambda row: row["starts_at"])}
    open_now = {row["patient"] for row in case.rows("episodes") if row["closed_on"] is None}
    lists = Counter(last[patient] for patient in open_now if patient in last)
    assert lists.total() == seen.sum()
    if not case.measured.find("caseload", "mean").hidden:
        assert case.value("caseload", "mean") == pytest.approx(seen.sum() / len(lists), abs=1e-9)
    backlog = case.measured.find("silent_backlog", "count")
    booked = (here["state"] == PLANNED) & (here["visits"] > 0)
    assert sum(row["status"] == "booked" for row in case.rows("appointments")) == booked.sum()
    if not backlog.hidden:
        assert backlog.n == seen.sum()
        assert backlog.value == (seen & ~booked).sum()


def test_staff_come_and_go_as_counted(case: Case) -> None:
    left, hired = case.entries("left"), case.entries("hired")
    people = case.rows("clinicians")
    assert sum(row["left_on"] is not None for row in people) == len(left)
    assert len(people) == len(case.run.world.posts) + len(hired)
    vacancies = case.rows("posts") if case.records.has("posts") else []
    assert len(vacancies) == len(left)
    assert sum(row["filled_on"] is not None for row in vacancies) == len(hired)
    away = case.entries("on_strike", "sick", "on_leave")
    origin = case.service["start"]["date"]
    spells = [
        ((row["starts_on"] - origin).days, (row["ends_on"] - origin).days) for row in case.rows("leaves")
    ]
    assert sum(case.run.plan.open[first: last + 1].sum() for first, last in spells) == len(away)


def test_slots_are_those_offered(case: Case) -> None:
    offered = Counter(row["kind"] for row in case.rows("slots"))
    kinds = {"return": "return_slots", "intake": "intake_slots", "crisis": "crisis_slots",
             "group": "sessions"}
    for kind, told in kinds.items():
        assert offered[kind] == case.entries(told)["value"].sum(), kind
    whole = case.run.tally.teams.sum(axis=(0, 1))
    assert offered.total() - offered["group"] == whole[OFFERED]
    busy = Counter(row["kind"] for row in case.rows("slots") if row["status"] == "busy")
    assert busy.total() - busy["group"] == whole[USED]
    places = Counter((row["clinician"], row["starts_at"]) for row in case.rows("slots"))
    assert max(places.values()) == 1


def test_records_of_a_strike_and_of_days_before_counting_began(tmp_path: Path) -> None:
    """Nobody on strike sees anybody; what happened in the warm-up is not told, those it left in care are."""
    service = read_service(SERVICES / "mississippi.toml").changed({
        "calendar.strike_from": date(2024, 5, 6), "calendar.strike_to": date(2024, 6, 14),
        "calendar.strike_share": 1.0,
    })
    made = run(plan_of(service, 280, counted_from=84), 3, logged=True)
    write_records(made, service, tmp_path)
    records = careload.read(tmp_path)
    rows = {name: fetch(records.tables[name]) for name in ("appointments", "leaves", "referrals", "episodes")}
    first = service["start"]["date"] + timedelta(days=84)
    held = [row for row in rows["appointments"] if row["status"] == "completed"]
    assert min(row["starts_at"].date() for row in held) >= first
    assert min(row["requested_at"].date() for row in rows["referrals"]) >= first
    assert min(row["opened_on"] for row in rows["episodes"]) < first
    struck = [row for row in rows["leaves"] if row["reason"] == "strike"]
    assert len({row["clinician"] for row in struck}) >= 4
    assert {(row["starts_on"], row["ends_on"]) for row in struck} >= {(date(2024, 5, 6), date(2024, 6, 14))}
    assert not [row for row in held if date(2024, 5, 6) <= row["starts_at"].date() <= date(2024, 6, 14)]
    last = service["start"]["date"] + timedelta(days=279)
    measured = careload.measure(records, as_of=last, only=("return_interval", "intake_wait"))
    for which, measure in ((INTERVALS, "return_interval"), (WAITS, "intake_wait")):
        spans = made.tally.spans[which, CALENDAR_DAYS].sum(axis=1)
        found = measured.find(measure, "median")
        assert (found.n, found.value) == (spans.sum(), quantile(seen_by(spans), 0.5)), measure


def test_who_waited_when_counting_began_can_be_told_too() -> None:
    service = read_service(SERVICES / "mississippi.toml")
    made = run(plan_of(service, 280, counted_from=84), 3, logged=True)
    first = service["start"]["date"] + timedelta(days=84)
    told = as_records(made, service, waiting_before=True)["referrals"].to_pylist()
    before = [row for row in told if row["requested_at"].date() < first]
    assert before
    assert all(row["closed_on"] is None or row["closed_on"] >= first for row in before)
    assert len(told) - len(before) == as_records(made, service)["referrals"].num_rows


def test_a_run_without_its_log_cannot_be_written(tmp_path: Path) -> None:
    service = read_service(SERVICES / "solo.toml")
    with pytest.raises(UsageError, match="kept no log"):
        write_records(run(plan_of(service, 30)), service, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_records_are_never_written_over_somebodys_own(tmp_path: Path) -> None:
    service = read_service(SERVICES / "solo.toml")
    made = run(plan_of(service, 30), logged=True)
    (tmp_path / "hours.csv").write_text("theirs", encoding="utf-8")
    with pytest.raises(UsageError, match=r"hours\.csv"):
        write_records(made, service, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["hours.csv"]
    (tmp_path / "hours.csv").unlink()
    write_records(made, service, tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    write_records(made, service, tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
