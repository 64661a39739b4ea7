"""How the posts stand on the first day, by hand: newcomers, work put off, who is settled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.spec.test_fit_staffing import MONDAY, weekdays
from tests.support.by_hand import Row, day, episode, visit
from tests.support.fitted import evidence_of, found_in

from careload.model.belief import Belief
from careload.model.direct import start
from careload.model.evidence import Evidence, columns_of

SUNDAY = MONDAY + timedelta(weeks=13, days=-1)
LONG_AGO, OLD = day("2018-01-01"), 11


def clinician(name: str, hired: date) -> Row:
    return {"clinician": name, "site": "North", "profession": "nurse", "fte": 1.0, "hired_on": hired,
            "left_on": None}


def patients(whose: str, number: int, overdue: int) -> tuple[list[Row], list[Row]]:
    """Visits and episodes of patients last seen ten days ago: overdue by a plan of a week, or not by one of
    four."""
    seen = str(SUNDAY - timedelta(days=10))
    names = [f"{whose}{turn}" for turn in range(number)]
    visits = [visit(name, seen, clinician=whose, kind="return", profession="nurse", site="North",
                    prescribed_interval_days=7 if turn < overdue else 28)
              for turn, name in enumerate(names)]
    return visits, [{**episode(name), "opened_on": day("2023-09-01")} for name in names]


def newcomers() -> Evidence:
    """Eleven here for long with 24 patients each, half of them overdue; one for 45 days, three of twelve."""
    staff = [clinician(f"old{number}", LONG_AGO) for number in range(OLD)]
    staff.append(clinician("new", SUNDAY + timedelta(days=1 - 45)))
    tables = [patients(f"old{number}", 24, 12) for number in range(OLD)] + [patients("new", 12, 3)]
    visits, episodes = ([row for each in tables for row in each[place]] for place in (0, 1))
    return evidence_of(str(SUNDAY), appointments=weekdays(13, "old0") + visits, episodes=episodes,
                       clinicians=staff)


def test_newcomers_have_fewer_overdue_than_others() -> None:
    """Half a caseload after 45 days: full after 90. A quarter of theirs is overdue, of the others' half."""
    so_far = {"workforce.leaving_per_year": Belief("workforce.leaving_per_year", 0.2)}
    found = found_in(newcomers(), start.FAMILY, so_far)
    assert found["start.new_caseload_days"].value == pytest.approx(90, abs=1)
    assert found["start.new_overdue"].value == pytest.approx(0.5, abs=0.02)
    assert found["start.new_overdue"].counts == {"patients of newcomers": 12}


def test_work_put_off_is_the_share_of_the_last_four_weeks_hours_beyond_paid() -> None:
    hours = [{"clinician": "old", "week_start": MONDAY + timedelta(weeks=week), "worked": 40.0, "paid": 40.0,
              "after_hours": 5.0 if week >= 9 else 20.0} for week in range(13)]
    so_far = {"profession.nurse.overflow_displaced": Belief("profession.nurse.overflow_displaced", 0.4)}
    evidence = evidence_of(str(SUNDAY), appointments=weekdays(13, "old"), hours=hours,
                           clinicians=[clinician("old", LONG_AGO)])
    found = found_in(evidence, start.FAMILY, so_far)["team.North nurse.start_put_off_hours"]
    assert found.value == pytest.approx(0.4 * 5)
    assert found.counts == {"clinician-weeks": 4}
    assert "team.North nurse.start_put_off_hours" not in found_in(evidence, start.FAMILY), "the share unknown"


@pytest.mark.parametrize(("hired", "since"), [
    (LONG_AGO, {"old": MONDAY, "late": SUNDAY + timedelta(days=1 - 200 + 364)}),
    (SUNDAY + timedelta(days=1 - 300), {"old": MONDAY, "late": SUNDAY + timedelta(days=1 - 200 + 182)}),
])
def test_settled_is_who_has_been_here_for_a_year_or_where_nobody_has_half_of_it(
    hired: date, since: dict[str, date]
) -> None:
    """One of 200 days beside one who is here for long, or beside one of 300 days."""
    staff = [clinician("old", hired), clinician("late", SUNDAY + timedelta(days=1 - 200))]
    evidence = evidence_of(str(SUNDAY), appointments=weekdays(13, "old"), clinicians=staff)
    found = columns_of(evidence.staffing.settled_from.order_by("clinician"))
    assert dict(zip(found["clinician"].tolist(), found["settled_from"], strict=True)) == since
