"""Careload's measures find in the example's records what its generator knows to be true."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import careload
from careload.history.example import on_time_service
from careload.measure import Measurement

ONLY = (
    "return_interval", "no_show", "overload", "silent_backlog", "ed_visits", "prescribed_interval",
    "cancellation_by_patient", "cancellation_by_clinic", "longer_interval_approved", "intake_within_standard",
)


@pytest.fixture(scope="module")
def truth(example: Path) -> dict[str, Any]:
    return dict(json.loads((example / "_truth.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def found(example: Path) -> Measurement:
    return careload.measure(careload.read(example), standard="california", only=ONLY)


@pytest.fixture(scope="module")
def on_time(tmp_path_factory: pytest.TempPathFactory) -> Measurement:
    folder = tmp_path_factory.mktemp("on_time")
    as_of = on_time_service(folder)
    measured = careload.measure(careload.read(folder), standard="california")
    assert measured.as_of == as_of
    return measured


def closed_by(truth: dict[str, Any], day: int) -> int:
    return sum(number for days, number in truth["ended_days"]["completed"].items() if int(days) <= day)


def seen_by(truth: dict[str, Any], day: int) -> int:
    return sum(number for days, number in truth["interval_days"].items() if int(days) <= day)


def test_read_at_the_last_visit_and_every_row_accepted(found: Measurement, truth: dict[str, Any]) -> None:
    assert found.as_of.isoformat() == truth["as_of"]
    assert all(count.rows == count.accepted for count in found.counts.values())
    assert found.counts["patients"].rows == truth["patients"]


def test_no_show(found: Measurement, truth: dict[str, Any]) -> None:
    share = found.find("no_show", "share")
    assert share.n == truth["attended"] + truth["no_shows"]
    assert share.value == pytest.approx(truth["no_shows"] / share.n, abs=1e-12)
    assert share.low is not None
    assert share.high is not None
    assert share.low <= truth["p_no_show"] <= share.high


def test_cancellations(found: Measurement, truth: dict[str, Any]) -> None:
    """The generator also counts cancellations of appointments that lie after the extract."""
    for measure in ("cancellation_by_patient", "cancellation_by_clinic"):
        share = found.find(measure, "share")
        assert share.value is not None
        assert share.n is not None
        cancelled = truth["cancelled"][measure.replace("cancellation", "cancelled")]
        assert 0 <= cancelled - round(share.value * share.n) < 0.15 * cancelled


def test_every_interval_is_counted_once(found: Measurement, truth: dict[str, Any]) -> None:
    median = found.find("return_interval", "median")
    assert median.n == truth["intervals_opened"]
    naive = found.find("return_interval", "naive_median")
    assert naive.n == sum(truth["interval_days_by_as_of"].values())


def test_the_return_interval_counts_those_who_wait(found: Measurement, truth: dict[str, Any]) -> None:
    """Seen by day t among those not discharged: the generator knows how every interval really ended."""
    for day in (14, 28, 56):
        share = found.find("return_interval", f"seen_by_{day}")
        true = seen_by(truth, day) / (truth["intervals_opened"] - closed_by(truth, day))
        assert share.value == pytest.approx(true, abs=0.012), day
    median, naive = found.find("return_interval", "median"), found.find("return_interval", "naive_median")
    assert median.value is not None
    assert naive.value is not None
    assert 42 <= naive.value <= median.value <= 56
    days = range(400)
    true_median = next(
        t for t in days if seen_by(truth, t) >= 0.5 * (truth["intervals_opened"] - closed_by(truth, t))
    )
    assert abs(median.value - true_median) <= 1


def test_intake_is_on_time_and_return_is_not(found: Measurement, truth: dict[str, Any]) -> None:
    """The trap: the first clock is met, the second is not."""
    intake = found.find("intake_within_standard", "share", standard="california-intake")
    true = truth["intakes_within_10_business_days"] / truth["intakes"]
    assert intake.value is not None
    assert true > 0.9
    assert intake.value > 0.75  # also counts those who never came
    assert found.find("return_interval", "seen_by_14").value < 0.1  # type: ignore[operator]


def test_overload(found: Measurement, truth: dict[str, Any]) -> None:
    assert found.find("overload", "ratio").value == pytest.approx(truth["overload"], abs=1e-3)


def test_silent_backlog(found: Measurement, truth: dict[str, Any]) -> None:
    """Patients in care whom the extract never shows at a visit cannot be known to wait."""
    count = found.find("silent_backlog", "count")
    assert count.value is not None
    assert count.n is not None
    assert 0 <= truth["in_care_at_as_of"] - count.n <= 40
    assert 0 <= truth["nothing_booked_at_as_of"] - count.value <= 40


def test_emergency_visits(found: Measurement, truth: dict[str, Any]) -> None:
    """The measure leaves out emergencies on the last day of an episode: those that end it by admission."""
    rate = found.find("ed_visits", "rate")
    assert rate.value == pytest.approx(36525 * truth["p_emergency_per_day"], rel=0.06)


def test_prescribed_intervals(found: Measurement, truth: dict[str, Any]) -> None:
    median = found.find("prescribed_interval", "median")
    assert median.n == sum(truth["prescribed_days"].values())
    approved = found.find("longer_interval_approved", "share")
    assert approved.value is not None
    assert approved.n is not None
    assert round(approved.value * approved.n) == truth["longer_interval_approved"]


def test_nobody_waits_where_everybody_finishes_on_time(on_time: Measurement) -> None:
    median = on_time.find("return_interval", "median")
    assert median.value == 7
    assert median.censored == 0
    assert on_time.find("return_interval", "seen_by_7").value == 1
    assert on_time.find("silent_backlog", "count").value == 0
    assert on_time.find("silent_backlog", "count").n == 0
    follow_up = next(verdict for verdict in on_time.verdicts if verdict.rule == "california-follow-up")
    assert follow_up.share == 1
