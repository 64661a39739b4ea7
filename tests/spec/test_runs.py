"""What many runs give: figures by hand, shares within a limit, money, weeks over time, Parquet."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from careload.clinic import Estimate, Service, UsageError, read_service
from careload.measure import definitions
from careload.simulate import (
    Simulated,
    as_json,
    plan_of,
    ready_service,
    run,
    simulate,
    write_parquet,
)
from careload.simulate.figures import FIGURES, groups
from careload.simulate.kernel.records import CELL_COUNTS, TEAM_COUNTS
from careload.simulate.report.over_time import fan, followed
from careload.simulate.student import estimate_of, half_width
from careload.simulate.summary import Kept


def of(found: Simulated, measure: str, statistic: str, **by: str) -> Estimate:
    (one,) = (each for each in found.estimates()
              if (each.measure, each.statistic, dict(each.by)) == (measure, statistic, by))
    return one


def test_the_interval_by_hand() -> None:
    """Of 1, 2, 3, 4: mean 2.5, deviation 1.2910, t(0.975, 3) = 3.1824, half width 3.1824 1.2910 / 2."""
    assert half_width(np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(2.0542, abs=1e-4)
    assert half_width(np.array([1.0])) is None


@pytest.mark.parametrize(("values", "unit", "counted", "low", "high"), [
    ([0.0, 10.0], "days", "runs", 0.0, 5 + 12.7062 * 5),
    ([0.9, 1.0], "share", "runs", 0.95 - 12.7062 * 0.05, 1.0),
    ([0.0, 0.1], "0 to 1", "runs", 0.0, 0.05 + 12.7062 * 0.05),
    ([1.0, 3.0], "ratio", "runs", 0.0, 2 + 12.7062),
    ([0.9, 1.0], "share", "pairs of runs", 0.95 - 12.7062 * 0.05, 0.95 + 12.7062 * 0.05),
    ([-10.0, 10.0], "days", "pairs of runs", -127.062, 127.062),
])
def test_an_interval_holds_nothing_impossible(
    values: list[float], unit: str, counted: str, low: float, high: float
) -> None:
    """Two runs: t(0.975, 1) = 12.7062 times half their distance; cut for figures, not for differences."""
    found = estimate_of(np.array(values), "x", "mean", unit, {}, None, "x", counted)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))
    assert found.value == pytest.approx(np.mean(values))


def test_what_is_not_reached_has_no_value() -> None:
    found = estimate_of(np.array([80.0, np.inf, np.nan]), "return_interval", "p90", "days", {}, None, "x")
    assert (found.value, found.low, found.high, found.n) == (None, None, None, 2)
    assert found.note == "not reached in 1 of 2 runs"


def test_one_run_has_no_interval(solo: Service) -> None:
    found = of(simulate(solo, 0.25, 1), "visits_per_week", "mean")
    assert found.value and found.low is None and found.high is None and found.interval == "one-run"


def test_an_estimate_says_of_when_and_of_what(solo_runs: Simulated) -> None:
    found = of(solo_runs, "visits_per_week", "mean")
    assert found.as_of == date(2024, 12, 29)  # 52 weeks from Monday, 1 January 2024
    assert (found.n, found.counted, found.interval) == (6, "runs", "t-over-runs")


def test_json_holds_no_number_that_is_none(trap_runs: Simulated) -> None:
    """A 90 % quantile is not reached in half a year of the trap."""
    assert of(trap_runs, "return_interval", "p90").value is None
    text = json.dumps(as_json(trap_runs, []), allow_nan=False)
    assert list(json.loads(text)) == [
        "schema", "service", "years", "replications", "seed", "findings", "estimates"
    ]


def test_shares_within_a_limit(trap_runs: Simulated) -> None:
    by_limit = trap_runs.share_within(14)
    assert by_limit[0].value == of(trap_runs, "return_interval", "seen_by_14").value
    assert {tuple(each.by) for each in by_limit} == {(), ("site",), ("profession",), ("need_group",)}
    business = trap_runs.share_within(10, "business_days")[0]
    assert business.statistic == "seen_by_10_business_days"
    assert business.value == pytest.approx(by_limit[0].value, abs=0.03)  # ten business days: two weeks
    first = trap_runs.share_within(14, measure="intake_wait")[0]
    assert first.value == of(trap_runs, "intake_wait", "seen_by_14").value


@pytest.mark.parametrize("wrong", [(511,), (-1,), (10, "days"), (10, "calendar_days", "lead_time")])
def test_a_limit_that_was_not_counted(solo_runs: Simulated, wrong: tuple[object, ...]) -> None:
    with pytest.raises(UsageError):
        solo_runs.share_within(*wrong)  # type: ignore[arg-type]


def test_counts_without_zeros_come_back() -> None:
    whole = np.zeros((3, 4, 5), dtype=np.int32)
    whole[1, 2, 3], whole[2, 0, 0] = 7, 1
    kept = Kept.of(whole)
    assert len(kept.counts) == 2
    assert (kept.whole() == whole).all()


def test_figures_of_groups_make_those_of_all(trap_runs: Simulated) -> None:
    for measure, statistic in (("visits_per_week", "mean"), ("crises", "rate"), ("pay_cost", "rate")):
        whole = of(trap_runs, measure, statistic).value
        sites = [of(trap_runs, measure, statistic, site=site).value for site in ("North", "Harbor")]
        assert sum(each or 0 for each in sites) == pytest.approx(whole)


def test_money_by_hand(trap_runs: Simulated, trap: Service) -> None:
    """What a psychologist costs, from posts held, hours unpaid and clinicians hired."""
    def told(measure: str, statistic: str) -> float:
        return of(trap_runs, measure, statistic, profession="psychologist").value or 0.0

    assert told("pay_cost", "rate") == pytest.approx(told("posts_held", "mean") * 0.5 * 112750)
    assert told("hiring_cost", "rate") == pytest.approx(told("hired", "rate") * 0.25 * 0.5 * 112750)
    group = next(each for each in groups(trap) if each.by == {"profession": "psychologist"})
    hours = [summary.by_week.teams[:, group.teams, TEAM_COUNTS.index("unpaid_hours")].sum() / summary.weeks
             for summary in trap_runs.summaries if summary.by_week is not None]
    assert told("unpaid_value", "rate") == pytest.approx(np.mean(hours) * 112750 / 40, rel=1e-5)


def test_care_bought_outside_has_its_price(trap: Service) -> None:
    there = trap.changed({"site.North.outside_per_week": 5, "site.Harbor.outside_per_week": 5,
                          "policy.outside_after_days": 3, "site.North.outside_cost_per_patient": 1000})
    found = simulate(there, 0.5, 2)
    patients = of(found, "referred_outside", "rate", site="North").value or 0
    assert patients > 0
    assert of(found, "outside_cost", "rate").value == pytest.approx(1000 * patients)


def test_what_others_pay_in_the_area_counts_like_what_others_pay(trap: Service) -> None:
    here = plan_of(trap, 7).teams
    dearer = plan_of(trap.changed({"site.North.outside_pay_index": 1.25}), 7).teams
    paid = {f"profession.{name}.outside_pay_per_year": 1.25 * own["outside_pay_per_year"]
            for name, own in trap["profession"].items()}
    everywhere = plan_of(trap.changed(paid), 7).teams
    north = here["site"] == 0
    for name in ("leaving", "filling"):
        assert dearer[name][north] == pytest.approx(everywhere[name][north])
        assert (dearer[name][~north] == here[name][~north]).all()
    assert (dearer["leaving"][north] > here["leaving"][north]).all()


@pytest.mark.parametrize(("years", "replications", "told"), [
    (5, 0, "0 replications"), (0, 1, "Runs of 0 years"), (1001, 1, "at most 1,000 years"),
    (float("nan"), 1, "Runs of nan years"),
])
def test_nothing_to_run_is_refused(solo: Service, years: float, replications: int, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        simulate(solo, years, replications)
    assert told in str(caught.value) and caught.value.remedy


def test_over_time(solo_runs: Simulated) -> None:
    weekly = np.array([each.weekly_cells[:, CELL_COUNTS.index("overdue")] for each in solo_runs.summaries])
    overdue, in_care = (fan(solo_runs, followed(name)) for name in ("overdue", "in_care"))
    assert overdue.levels[2] == pytest.approx(np.median(weekly.reshape(-1, 13, 4).mean(axis=2), axis=0))
    assert overdue.years[:2] == pytest.approx(np.array([2, 6]) * 7 / 365.25)  # middles of four weeks
    assert (np.diff(in_care.levels, axis=0) >= 0).all()


def test_the_warm_up_is_not_told_over_time(solo: Service) -> None:
    found = fan(simulate(solo.changed({"start.warm_up_weeks": 8}), 0.25, 2), followed("overdue"))
    assert found.years == pytest.approx(np.array([2, 6, 10]) * 7 / 365.25)


@pytest.mark.parametrize("measure", ["overload", "leaver_rate", "no_show"])
def test_what_is_named_as_in_records_is_told_as_from_records(measure: str) -> None:
    figure, known = next(each for each in FIGURES if each.measure == measure), definitions()[measure]
    assert (figure.statistic, figure.unit) == (known.statistic, known.unit)


def test_what_is_not_the_measure_has_another_name() -> None:
    assert {"dropout", "caseload_handed_over"}.isdisjoint(each.measure for each in FIGURES)
    assert {"dropout", "caseload_handed_over"} <= set(definitions())


def test_leavers_per_100_clinician_years_by_hand(trap_runs: Simulated) -> None:
    teams = np.array([each.weekly_teams.sum(axis=0) for each in trap_runs.summaries])
    left, weeks_held = teams[:, TEAM_COUNTS.index("left")], teams[:, TEAM_COUNTS.index("filled")]
    by_hand = np.mean(100 * left / (weeks_held * 7 / 365.25))
    assert by_hand > 1 and of(trap_runs, "leaver_rate", "rate").value == pytest.approx(by_hand)


def test_parquet_holds_what_was_counted(trap_runs: Simulated, tmp_path: Path) -> None:
    folder = write_parquet(trap_runs, tmp_path / "runs")
    patients, clinicians, intervals, estimates = (
        pq.read_table(folder / f"{name}.parquet").to_pandas()
        for name in ("weekly_patients", "weekly_clinicians", "intervals", "estimates")
    )
    weeks = trap_runs.weeks
    assert len(patients) == 4 * weeks * 2 * 5 and len(clinicians) == 4 * weeks * 10
    for summary in trap_runs.summaries:
        own = patients[patients.replication == summary.replication].groupby("week")[list(CELL_COUNTS)].sum()
        assert (own.to_numpy() == summary.weekly_cells).all()
        staff = clinicians[clinicians.replication == summary.replication].groupby("week")["due_hours"].sum()
        assert staff.to_numpy() == pytest.approx(
            summary.weekly_teams[:, TEAM_COUNTS.index("due_hours")], rel=1e-5)
        counted = intervals[intervals.replication == summary.replication]["count"].sum()
        assert counted == summary.spans.sum()
    first = intervals[(intervals.waited_for == "intake_wait") & (intervals.unit == "calendar_days")]
    assert first.team.isna().all() and set(first.site) == {"North", "Harbor"}
    again = intervals[intervals.waited_for == "return_interval"]
    assert again.team.notna().all()
    assert set(again[again.profession == "psychiatrist"].need_group) == {"psychosis or bipolar"}
    assert len(estimates) == len(trap_runs.estimates())


def test_parquet_needs_the_weeks(solo: Service, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="kept no weeks"):
        write_parquet(simulate(solo, 0.1, 1), tmp_path)


def test_figures_of_a_run_stand_where_they_are_looked_for(solo_runs: Simulated) -> None:
    everybody = next(groups(solo_runs.service))
    visits = next(figure for figure in FIGURES if figure.measure == "visits_per_week")
    by_hand = [each.weekly_cells[:, CELL_COUNTS.index("attended")].mean() for each in solo_runs.summaries]
    assert solo_runs.values(visits, everybody) == pytest.approx(by_hand)
    fewer = replace(solo_runs, summaries=solo_runs.summaries[:2])
    assert len(fewer.values(visits, everybody)) == 2


def test_a_service_no_machine_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    room = import_module("careload.simulate.run")
    monkeypatch.setattr(room, "MOST_ROOM", 10)
    monkeypatch.setattr(room, "room_at_first", lambda plan: 16)
    solo = read_service(ready_service("solo"))
    with pytest.raises(UsageError, match="patients are in care at once"):
        run(plan_of(solo, 200))
