"""The cadence of treatment, from plans written down by hand."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.by_hand import Row, visit
from tests.support.fitted import believed_in

from careload.model.direct.cadence import FAMILY

PLACE = "need.everybody.{}"


def course(patient: str, opened: str, first: str, *plans: int) -> tuple[list[Row], Row]:
    """Visits from a day on, each as many days after the one before as was planned; and the episode."""
    day, visits = date.fromisoformat(first), []
    for plan in plans:
        visits.append(visit(patient, day.isoformat(), kind="return", prescribed_interval_days=plan))
        day += timedelta(days=plan)
    return visits, {"patient": patient, "opened_on": date.fromisoformat(opened), "closed_on": None}


def stages(*courses: tuple[list[Row], Row]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Intervals, and the visits attended from which each holds."""
    found = believed_in(FAMILY, appointments=[row for visits, _ in courses for row in visits],
                        episodes=[own for _, own in courses])
    return found[PLACE.format("cadence_days")].value, found[PLACE.format("stage_from_visit")].value


def early() -> list[tuple[list[Row], Row]]:
    """Six people seen weekly since the records began."""
    return [course(f"p{n}", "2024-01-03", "2024-01-03", 7, 7, 7, 7) for n in range(6)]


def test_a_stage_begins_where_the_usual_interval_changes() -> None:
    """After two visits weekly becomes fortnightly; one plan of a month among six changes nothing."""
    some = [course(f"p{n}", "2024-01-03", "2024-01-03", 7, 14, 14) for n in range(5)]
    assert stages(*some, course("odd", "2024-01-03", "2024-01-03", 7, 28, 14)) == ((7, 14), (0, 2))


def test_a_stage_that_only_those_came_to_who_were_in_care_before_begins_after_the_last_told() -> None:
    before = [course(f"b{n}", "2023-06-01", "2024-01-04", 21, 21, 21) for n in range(4)]
    assert stages(*early(), *before) == ((7, 21), (0, 5))


def test_what_few_of_them_are_planned_for_is_no_stage() -> None:
    before = [course(f"b{n}", "2023-06-01", "2024-01-04", 7, 7, 7, 7, 7, 7) for n in range(9)]
    rare = [course(f"r{n}", "2023-06-01", "2024-01-04", 21) for n in range(5)]
    assert stages(*early(), *before, *rare) == ((7,), (0,))
