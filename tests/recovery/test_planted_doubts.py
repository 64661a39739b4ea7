"""Services with a planted defect, run as they are: the answer says what is wrong, and nothing else."""

from __future__ import annotations

from typing import Any

from tests.support.bare_service import bare_service

from careload.simulate import doubts, simulate

CALM: dict[str, Any] = {
    "team.all.posts": 4, "team.all.return_slots": 20, "need.all.arrivals_per_week": 6,
    "need.all.visits_needed": 8, "start.warm_up_weeks": 60,
}
"""48 visits asked for a week and 80 slots; a course takes eight weeks."""


def told(replications: int = 12, precision: float | None = None, **more: Any) -> set[str]:
    """The doubts about two years of the calm service, with a defect; that runs are few is not planted."""
    service = bare_service({**CALM, **more})
    found = doubts(simulate(service, years=2, replications=replications), precision)
    return {finding.code for finding in found} - {"few-replications"}


def test_a_calm_service_is_not_doubted() -> None:
    assert told(precision=0.2) == set()


def test_more_visits_asked_for_than_there_are_slots() -> None:
    """120 visits a week for 80 slots, and nobody gives up."""
    assert told(**{"need.all.arrivals_per_week": 15}) == {"queue-grows"}


def test_a_warm_up_too_short_for_the_crowd_at_the_start() -> None:
    """600 patients at once take more than a year to work off; the service is calm afterwards."""
    crowd = {"start.patients": 150, "start.warm_up_weeks": 2}
    assert told(**crowd) == {"warm-up-too-short"}
    assert told(**{**crowd, "start.warm_up_weeks": 150}) == set()


def test_too_few_replications() -> None:
    assert told(replications=2, precision=0.01) == {"too-few-replications"}
    assert told(replications=100, precision=0.1) == set()
