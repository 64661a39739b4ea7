"""Teams, templates and professions found in small records; every number worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.spec.test_fit_staffing import MONDAY, SOMEBODY_AWAY, away, weekdays
from tests.support.by_hand import Row, day, episode, visit
from tests.support.fitted import evidence_of, found_in

from careload.model.belief import Belief, Found
from careload.model.direct import professions, teams, template
from careload.model.direct.teams import team_name

AS_OF = "2024-03-31"
THREE = [
    {"clinician": who, "site": "North", "profession": "nurse", "fte": fte, "hired_on": day(since)}
    for who, fte, since in (("a", 0.5, "2020-01-01"), ("b", 1.0, "2020-01-01"), ("new", 0.75, "2024-01-01"))
]


def slots(clinician: str, kind: str, each_day: int, weeks: int = 13, **more: object) -> list[Row]:
    return [{"clinician": clinician, "kind": kind, "status": "free", "minutes": 50.0,
             "starts_at": datetime(2024, 1, 1, 9) + timedelta(days=7 * week + on), **more}
            for week in range(weeks) for on in range(5) for _ in range(each_day)]


def test_the_name_of_a_team() -> None:
    assert team_name("North", "nurse") == "North nurse"
    assert team_name("everybody", "nurse") == "nurse"
    assert team_name("everybody", "everybody") == "everybody"


def test_posts_are_those_held_and_those_vacant() -> None:
    left = {"clinician": "c", "site": "North", "profession": "nurse", "left_on": day("2024-02-01")}
    posts = [{"site": "North", "profession": "nurse", "fte": 0.75, "vacant_from": day("2024-02-02")},
             {"site": "North", "profession": "nurse", "vacant_from": day("2024-02-02"),
              "filled_on": day("2024-03-01")}]
    tables = {"appointments": weekdays(13, "a"), "clinicians": [*THREE, left], "posts": posts}
    found = found_in(evidence_of(AS_OF, **tables), teams.FAMILY)
    assert found["team.North nurse.posts"].value == 4
    assert found["team.North nurse.posts"].counts == {"clinicians employed": 3, "posts vacant": 1}
    assert found["team.North nurse.fte"].value == pytest.approx((0.5 + 1.0 + 0.75 + 0.75) / 4)
    assert found["team.North nurse.site"].value == "North"
    assert found["team.North nurse.profession"].value == "nurse"


def test_a_team_of_which_all_have_left_is_none() -> None:
    left = {"clinician": "a", "site": "North", "profession": "nurse", "left_on": day("2024-02-01")}
    assert found_in(evidence_of(AS_OF, appointments=weekdays(13, "a"), clinicians=[left]), teams.FAMILY) == {}


def test_seats_are_the_usual_capacity_else_the_most_people_seen_together() -> None:
    sessions = [{"clinician": "a", "kind": "group", "starts_at": datetime(2024, 1, n, 9), "capacity": seats}
                for n, seats in ((1, 8), (2, 8), (3, 12))]
    visits = [visit(f"p{n}", "2024-01-02", clinician="a", group_id="g") for n in range(3)]
    both = {"appointments": [*weekdays(13, "a"), *visits], "clinicians": THREE}
    usual = found_in(evidence_of(AS_OF, **both, slots=sessions), teams.FAMILY)["team.North nurse.group_seats"]
    assert (usual.value, usual.origin) == (8, "records")
    bound = found_in(evidence_of(AS_OF, **both), teams.FAMILY)["team.North nurse.group_seats"]
    assert (bound.value, bound.origin) == (3, "lower bound")


def test_slots_a_week_are_those_of_days_present_and_of_the_settled() -> None:
    sick = [away("a", "2024-01-08", "2024-01-12", "sick")]
    offered = [row for row in slots("a", "return", 2) if row["starts_at"].date() not in
               {MONDAY + timedelta(days=7 + n) for n in range(5)}]
    offered += slots("b", "return", 3) + slots("b", "intake", 1) + slots("new", "return", 9)
    offered += slots("b", "return", 5, status="blocked")
    tables = {"appointments": weekdays(13, "b"), "clinicians": THREE, "leaves": sick, "slots": offered}
    found = found_in(evidence_of(AS_OF, **tables), template.FAMILY)
    returns = found["team.North nurse.return_slots"]
    # a: 60 days x 2, b: 65 days x 3; the new one is not settled, what is blocked is not offered.
    assert returns.value == pytest.approx(5 * (120 + 195) / 125)
    assert returns.counts == {"return slots": 315, "open days present": 125, "clinicians": 2}
    assert returns.origin == "records"
    assert found["team.North nurse.intake_slots"].value == pytest.approx(5 * 65 / 125)
    assert found["team.North nurse.crisis_slots"].value == 0.0
    assert not len(found["team.North nurse.crisis_slots"].draws)


def test_what_overload_took_is_put_back() -> None:
    hours = [{"clinician": "b", "week_start": MONDAY + timedelta(days=7 * week), "worked": 40.0, "paid": 40.0,
              "after_hours": 5.0} for week in range(13)]
    places = {"overflow_displaced": 0.4, "visit_hours": 0.75, "note_hours": 0.25}
    so_far = {place: Belief(place, value) for name, value in places.items()
              for place in [f"profession.nurse.{name}"]}
    evidence = evidence_of(
        AS_OF, appointments=weekdays(13, "b"), clinicians=[THREE[1]], slots=slots("b", "return", 3),
        hours=hours, leaves=SOMEBODY_AWAY,
    )
    plain = found_in(evidence, template.FAMILY)["team.North nurse.return_slots"].value
    more = found_in(evidence, template.FAMILY, so_far)["team.North nurse.return_slots"].value
    assert plain == pytest.approx(15)
    # Share put off x hours beyond those paid / hours of a visit with its notes.
    assert more - plain == pytest.approx(0.4 * 5.0 / (0.75 + 0.25))


def test_without_slots_visits_are_a_lower_bound() -> None:
    visits = weekdays(13, "b") + [visit(f"g{n}", "2024-01-02", clinician="b", group_id="s") for n in range(4)]
    found = found_in(evidence_of(AS_OF, appointments=visits, clinicians=[THREE[1]],
                                 leaves=SOMEBODY_AWAY), template.FAMILY)
    assert found["team.North nurse.return_slots"].value == pytest.approx(5)
    assert found["team.North nurse.return_slots"].origin == "lower bound"
    assert found["team.North nurse.group_sessions"].value == pytest.approx(5 / 65), "four people, one session"


def test_without_leaves_as_many_days_away_are_assumed_as_usual() -> None:
    found = found_in(evidence_of(AS_OF, appointments=weekdays(13, "b"), clinicians=[THREE[1]],
                                 slots=slots("b", "return", 3)), template.FAMILY)
    assert 15 * 1.05 < found["team.North nurse.return_slots"].value < 15 * 1.25
    assert "leave" in found["team.North nurse.return_slots"].note


def test_few_days_are_no_template_without_crises() -> None:
    found = found_in(evidence_of("2024-01-07", appointments=weekdays(1, "b"), clinicians=[THREE[1]],
                                 slots=slots("b", "return", 3, weeks=1)), template.FAMILY)
    assert list(found) == ["team.North nurse.return_slots"]
    draws = found["team.North nurse.return_slots"].draws
    assert draws.std() > 0.5


NURSES_AND_DOCTOR = [
    *THREE, {"clinician": "c", "site": "Harbor", "profession": "doctor", "hired_on": day("2020-01-01")},
]
OF_NORTH = {"clinician": "d", "site": "North", "profession": "doctor", "hired_on": day("2020-01-01")}


def treated(number: dict[tuple[str, str], int], clinicians: list[Row], **more: list[Row]) -> dict[str, Found]:
    """Whom professions treat; number: (clinician, need group) to visits."""
    names = [(who, need, n) for (who, need), times in number.items() for n in range(times)]
    visits = [visit(f"{who}{need}{n}", "2024-03-20", clinician=who, kind="return") for who, need, n in names]
    patients = [{"patient": f"{who}{need}{n}", "need_group": need} for who, need, n in names]
    patients += more.pop("patients", [])
    tables = {"appointments": visits, "patients": patients, "clinicians": clinicians, **more}
    found = found_in(evidence_of(AS_OF, **tables), professions.FAMILY)
    return {place: each for place, each in found.items() if place.endswith("treats")}


def test_who_treats_whom_without_exceptions() -> None:
    seen = {("a", "anxiety"): 60, ("a", "psychosis"): 1, ("b", "trauma"): 20, ("c", "psychosis"): 80}
    # If all saw all alike, nurses would hold 81 x 81 / 161 = 41 of the visits for psychosis: one is an
    # exception, unless nobody else is there for it at North.
    alone = treated(seen, NURSES_AND_DOCTOR)["profession.nurse.treats"]
    assert alone.value == ("anxiety", "psychosis", "trauma")
    assert alone.note == "At one site nobody else is there for psychosis."
    seen[("d", "psychosis")] = 5
    beside = treated(seen, [*NURSES_AND_DOCTOR, OF_NORTH])["profession.nurse.treats"]
    assert beside.value == ("anxiety", "trauma")
    assert beside.note == "Exceptions, left out: psychosis."
    assert beside.counts == {"visits for anxiety": 60, "visits for psychosis": 1, "visits for trauma": 20}


def test_whoever_asks_at_a_site_finds_somebody_there() -> None:
    asked = [{"patient": "x", "site": "Harbor", "requested_at": datetime(2024, 2, 1, 9)}]
    found = treated({("a", "anxiety"): 9, ("c", "psychosis"): 9}, NURSES_AND_DOCTOR,
                    patients=[{"patient": "x", "need_group": "anxiety"}], referrals=asked)
    assert found["profession.doctor.treats"].value == ("anxiety", "psychosis")
    assert found["profession.nurse.treats"].value == ("anxiety",)


def test_without_need_groups_there_is_one() -> None:
    found = found_in(evidence_of(AS_OF, appointments=[visit("x", "2024-01-03", kind="intake", minutes=60.0)]),
                     professions.FAMILY)
    assert found["profession.everybody.treats"].value == ("everybody",)
    assert found["profession.everybody.intake_hours"].value == pytest.approx(1.0)
    assert found["profession.everybody.intake_hours"].draws.std() > 0.05, "one visit says little"


def test_hours_of_visits_are_planned_minutes_of_slots_else_of_visits() -> None:
    rows = [visit(f"p{n}", "2024-01-03", clinician="a", kind="return", minutes=45.0) for n in range(30)]
    rows += [visit("z", "2024-01-03", clinician="a", kind="crisis", minutes=75.0)]
    by_visits = found_in(evidence_of(AS_OF, appointments=rows, clinicians=THREE), professions.FAMILY)
    assert by_visits["profession.nurse.visit_hours"].value == pytest.approx((30 * 45 + 75) / 31 / 60)
    offered = slots("a", "return", 1)
    by_slots = found_in(evidence_of(AS_OF, appointments=rows, clinicians=THREE, slots=offered),
                        professions.FAMILY)
    assert by_slots["profession.nurse.visit_hours"].value == pytest.approx(50 / 60)
    assert "profession.nurse.group_hours" not in by_slots


THIN: dict[str, dict[str, list[Row]]] = {
    "one visit": {"appointments": [visit("x", "2024-01-03")]},
    "no-shows only": {"appointments": [visit("x", "2024-01-03", "no_show")]},
    "nothing held yet": {"appointments": [visit("x", "2024-07-03", "booked")]},
    "a list of clinicians alone": {"appointments": [visit("x", "2024-01-03")], "clinicians": THREE},
    "everything null": {
        "appointments": [visit("x", "2024-01-03", clinician=None, kind=None, minutes=None, site=None)],
        "clinicians": [{"clinician": "a", "site": None, "profession": None, "fte": None, "hired_on": None}],
        "slots": [{"clinician": None, "kind": None, "starts_at": datetime(2024, 1, 3, 9), "minutes": None}],
        "posts": [{"vacant_from": day("2024-01-03"), "site": None, "profession": None}],
        "hours": [{"clinician": "a", "week_start": MONDAY, "worked": None, "paid": None}],
        "leaves": [{"clinician": "a", "starts_on": day("2024-01-03"), "reason": None}],
        "episodes": [episode("x")],
    },
}


STRUCTURE = ("site", "profession", "posts", "fte", "treats", "group_seats")


@pytest.mark.parametrize("case", THIN)
def test_thin_records_never_give_a_sure_number(case: str) -> None:
    for family in (teams.FAMILY, professions.FAMILY, template.FAMILY):
        for place, found in found_in(evidence_of(AS_OF, **THIN[case]), family).items():
            if place.rpartition(".")[2] not in STRUCTURE:
                assert found.draws.std() > 0.05 * max(found.value, 0.1), place
