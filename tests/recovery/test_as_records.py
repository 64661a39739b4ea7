"""A run written as records and measured gives back what the simulator counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import careload
from careload.clinic import Service, UsageError, read_service
from careload.history import Records, fetch
from careload.measure import Measurement
from careload.simulate import Run, plan_of, run, write_records
from careload.simulate.figures import groups
from careload.simulate.kernel.records import (
    CALENDAR_DAYS,
    CELL_COUNTS,
    DUE_HOURS,
    FREE,
    INTERVALS,
    LOG_KINDS,
    PAID_HOURS,
    PLANNED,
    SEEN,
    WAITS,
)
from careload.simulate.spans import lower_quantile, quantile, share_within

SERVICES = Path(__file__).parents[2] / "examples" / "services"
RUNS = (("trap", 1, 731), ("trap", 5, 400), ("solo", 1, 700), ("mississippi", 2, 560), ("weekly", 3, 365))
MEASURES = (
    "return_interval", "second_visit_wait", "intake_wait", "no_show", "overload", "contact_hours", "after_hours",
    "caseload", "silent_backlog", "ed_visits", "dropout", "visits_per_week", "referrals_per_week", "lead_time",
    "leaver_rate", "vacancy_rate", "time_to_fill", "slot_fill", "prescribed_interval", "same_clinician",
    "new_to_return_ratio", "episode_length", "visits_per_episode",
)


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
        if not by or case.measured.find("return_interval", "median", **by).hidden is None:
            agrees(case, "return_interval", by, intervals)


def test_waits_for_a_first_visit_are_those_the_simulator_counted(case: Case) -> None:
    for by, _, _, waits in shown(case):
        if not by or case.measured.find("intake_wait", "median", **by).hidden is None:
            agrees(case, "intake_wait", by, waits)


def agrees(case: Case, measure: str, by: dict[str, str], spans: np.ndarray) -> None:
    """Number, median, naive median and shares by day of a measure are those of histograms of spans."""
    found = {each.statistic: each for each in case.measured.estimates
             if each.measure == measure and dict(each.by) == by}
    assert found["median"].n == spans.sum(), by
    if found["median"].value is not None:
        assert found["median"].value == quantile(spans, 0.5), by
    compared = 0
    for statistic, each in found.items():
        if statistic.startswith("seen_by_") and each.value is not None:
            days = int(statistic.removeprefix("seen_by_"))
            assert each.value == pytest.approx(share_within(spans, days), abs=1e-9), (by, statistic)
            compared += 1
    assert compared >= 2
    if measure == "return_interval":
        naive = lower_quantile(spans[SEEN], 0.5)
        assert found["naive_median"].value == naive, by
