"""Who worked where and when: clinicians, open days, days away, whose patient is whose; all worked out by
hand."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import numpy as np
from tests.support.by_hand import Row, day, episode, visit
from tests.support.fitted import evidence_of

from careload.model.caseload import caseload_by_week
from careload.model.clusters import group_ratios, unevenness
from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.staffing import week_of

MONDAY = date(2024, 1, 1)
CHANCE = np.random.default_rng(1)


def weekdays(weeks: int, clinician: str, without: tuple[str, ...] = ()) -> list[Row]:
    """A visit on every weekday of so many weeks from 1 January 2024."""
    days = [MONDAY + timedelta(days=7 * week + each) for week in range(weeks) for each in range(5)]
    return [visit(f"p{clinician}", f"{on}", clinician=clinician, kind="return") for on in days
            if f"{on}" not in without]


def away(clinician: str, first: str, last: str, reason: str) -> Row:
    """A spell away, both days counted."""
    return {"clinician": clinician, "starts_on": day(first), "ends_on": day(last), "reason": reason}


SOMEBODY_AWAY = [{"clinician": "x", "starts_on": day("2024-01-08")}]
"""Of nobody whose days are counted: it says that days away are written down."""


def people(evidence: Evidence) -> dict[str, Row]:
    found = columns_of(evidence.staffing.people)
    return {who: {name: found[name][row] for name in found} for row, who in enumerate(found["clinician"])}


def test_clinicians_of_the_list_and_those_only_seen() -> None:
    clinicians = [
        {"clinician": "a", "site": "North", "profession": "nurse", "fte": 0.5, "hired_on": day("2023-05-01")},
        {"clinician": "b", "site": None, "profession": "nurse", "left_on": day("2024-02-01")},
        {"clinician": "late", "site": "North", "profession": "nurse", "hired_on": day("2024-07-01")},
    ]
    visits = [
        visit("p1", "2024-06-01", clinician="c", site="Harbor", profession="counsellor"),
        visit("p2", "2024-06-02", clinician="c", site="Harbor", profession="counsellor"),
        visit("p3", "2024-06-03", clinician="c", site="North", profession="counsellor"),
        visit("p4", "2024-01-03", clinician="gone", site="North", profession="counsellor"),
    ]
    found = people(evidence_of("2024-06-30", appointments=visits, clinicians=clinicians))
    assert set(found) == {"a", "b", "c", "gone"}
    assert (found["a"]["fte"], found["a"]["left_on"]) == (0.5, None)
    assert (found["b"]["site"], found["b"]["fte"]) == (EVERYBODY, 1.0)
    assert found["b"]["left_on"] == day("2024-02-01")
    assert (found["c"]["site"], found["c"]["hired_on"], found["c"]["left_on"]) == ("Harbor", None, None)
    assert found["gone"]["left_on"] == day("2024-01-03"), "seen by nobody for eight weeks"


def test_without_any_names_everybody_is_one_clinician() -> None:
    visits = [visit("x", "2024-01-01"), visit("y", "2024-05-01")]
    found = people(evidence_of("2024-06-30", appointments=visits))
    assert list(found) == [EVERYBODY]
    assert found[EVERYBODY]["left_on"] is None


def test_holidays_are_closed_and_a_day_with_everybody_on_leave_is_not() -> None:
    visits = [row for who in "abc" for row in weekdays(4, who, ("2024-01-15", "2024-01-23"))]
    leaves = [away(who, "2024-01-23", "2024-01-23", "leave")
              for who in "abc"]
    holiday, all_away = day("2024-01-15"), day("2024-01-23")
    assert evidence_of("2024-01-28", appointments=visits, leaves=leaves).staffing.closed == (holiday,)
    assert evidence_of("2024-01-28", appointments=visits).staffing.closed == (holiday, all_away)


def test_of_one_clinician_without_leaves_a_day_without_visits_may_be_a_day_off() -> None:
    visits = weekdays(4, "a", ("2024-01-15",))
    assert evidence_of("2024-01-28", appointments=visits).staffing.closed == ()


def test_open_days_and_days_away() -> None:
    visits = [row for who in "abc" for row in weekdays(4, who, ("2024-01-15",))]
    leaves = [
        # Friday to Tuesday over a weekend and the closed Monday: two open days.
        away("a", "2024-01-12", "2024-01-16", "Sick leave"),
        {"clinician": "a", "starts_on": day("2024-01-25"), "ends_on": None, "reason": "holiday"},
        away("b", "2024-01-03", "2024-01-03", "STRIKE"),
    ]
    evidence = evidence_of("2024-01-28", appointments=visits, leaves=leaves)
    names = evidence.staffing.people.select(
        "clinician", first=ibis.literal(day("2024-01-03")), last=ibis.literal(day("2024-01-28")),
    )
    found = columns_of(evidence.staffing.presence(names).order_by("clinician"))
    assert found["days"].tolist() == [17, 17, 17], "18 weekdays, one of them closed"
    assert found["sick"].tolist() == [2, 0, 0]
    assert found["leave"].tolist() == [2, 0, 0], "still away: Thursday and Friday"
    assert found["strike"].tolist() == [0, 1, 0]


def test_whose_patient_is_whose() -> None:
    clinicians = [{"clinician": "a", "hired_on": day("2020-01-01"), "left_on": day("2024-01-12")},
                  {"clinician": "b", "hired_on": day("2020-01-01")}]
    visits = [
        visit("p1", "2024-01-03", clinician="a", kind="return"),
        visit("p1", "2024-01-24", clinician="b", kind="return"),
        visit("p2", "2024-01-04", clinician="a", kind="return"),
        visit("p3", "2024-01-16", clinician="b", kind="return"),
        visit("p3", "2024-01-18", clinician="a", kind="crisis"),
    ]
    episodes = [{**episode("p1"), "opened_on": day("2023-01-01")},
                {**episode("p2", "2024-01-10", "completed"), "opened_on": day("2023-01-01")},
                {**episode("p3"), "opened_on": day("2023-01-01")}]
    evidence = evidence_of("2024-01-28", appointments=visits, clinicians=clinicians, episodes=episodes)
    weeks = evidence.staffing.people.select("clinician").cross_join(
        evidence.view.visits.select(week=week_of(evidence.view.visits.day)).distinct()
    )
    found = columns_of(caseload_by_week(evidence.courses, evidence.staffing, weeks))
    whose = zip(found["clinician"], found["week"], strict=True)
    stock = dict(zip(whose, found["caseload"], strict=True))
    first = min(found["week"])
    assert [stock.get(("a", first + n), 0) for n in (0, 2, 3)] == [2, 0, 0], "then p2 is discharged, a leaves"
    assert [stock.get(("b", first + n), 0) for n in (0, 2, 3)] == [1, 2, 2], "p3 from the start; then p1"


def test_who_comes_to_groups_only_is_shared_out() -> None:
    visits = [visit(f"p{n}", "2024-01-03", clinician="a", kind="return") for n in range(4)]
    visits += [visit("g", "2024-01-03", clinician="a", kind="group", group_id="1")]
    episodes = [episode(f"p{n}") for n in range(4)] + [episode("g")]
    evidence = evidence_of("2024-01-28", appointments=visits, episodes=episodes)
    weeks = evidence.view.visits.select("clinician", week=week_of(evidence.view.visits.day)).distinct()
    found = columns_of(caseload_by_week(evidence.courses, evidence.staffing, weeks))
    assert found["caseload"].tolist() == [5.0]
    assert found["shared_out"].tolist() == [1.0]


def test_ratios_are_as_sure_as_members_are_alike() -> None:
    group, size = np.array([0, 0, 1, 1]), np.array([10.0, 10.0, 10.0, 10.0])
    alike, close = group_ratios(group, np.array([20.0, 20.0, 50.0, 50.0]), size, CHANCE)
    apart, wide = group_ratios(group, np.array([10.0, 30.0, 50.0, 50.0]), size, CHANCE)
    assert alike.tolist() == apart.tolist() == [2.0, 5.0]
    assert close[0].std() < 0.2 < wide[0].std()


def test_events_that_fall_on_few_are_less_sure() -> None:
    exposure = np.full(4, 100.0)
    assert unevenness(np.array([5.0, 5.0, 5.0, 5.0]), exposure) < 1
    assert unevenness(np.array([20.0, 0.0, 0.0, 0.0]), exposure) > 1
    assert unevenness(np.array([5.0]), np.array([100.0]), together=5.0) == 5.0
