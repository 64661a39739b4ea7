"""Dishonest shortcuts, each tried and refused with its reason; honest changes, none refused."""

from __future__ import annotations

from typing import Any

import pytest

from careload.clinic import Service, parse_service, read_service, registry
from careload.simulate import ready_service
from careload.staff import refusals, shortcuts
from careload.staff.honesty import planned_gaps, slots_of

FEWER_RETURNS = {f"team.{site}_{who}.return_slots": 8.0 for site in ("north", "harbor")
                 for who in ("psychologists", "family_therapists")}


def refused(trap: Service, changes: dict[str, Any], **said: Any) -> list[str]:
    return [str(each) for each in refusals(trap, trap.changed(changes), **said)]


@pytest.mark.parametrize(("changes", "reason"), [
    ({"need.depression.cadence_days": [14, 28]}, "planned for 14 days later instead of 7"),
    ({"need.depression.stage_from_visit": [0, 4]}, "After 4 visits the next is planned for 14 days later"),
    ({"need.anxiety.cadence_days": [7, 14, 42], "need.anxiety.stage_from_visit": [0, 8, 20]},
     "After 20 visits the next is planned for 42 days later instead of 14"),
    ({"policy.drop_after_no_shows": 2}, "discharge to shorten a list"),
    ({"need.trauma.visits_needed": 10}, "discharge to shorten a list"),
    ({"need.trauma.arrivals_per_week.North": 1.0}, "fewer people let in"),
    ({"profession.psychologist.visit_hours": 0.5}, "shorter visits"),
    ({"profession.psychologist.note_hours": 0.1}, "work moved out of sight"),
    ({"profession.psychologist.paid_hours": 45}, "longer hours for the same pay"),
    ({"team.north_psychologists.group_seats": 16}, "fuller groups"),
    ({"team.north_psychologists.crisis_slots": 0}, "fewer free slots for crises"),
    ({"policy.overbooking": 0.2}, "overbooking"),
    ({"policy.own_clinician": False}, "nobody's own patient"),
    ({"team.north_psychologists.posts": 4}, "That cuts posts"),
    (FEWER_RETURNS, "slots a week for return visits today"),
    ({"team.north_psychologists.intake_slots": 1.0}, "slots a week for first visits today"),
    ({"need.depression.remission_per_month": 0.2}, "No plan decides it: it is up to nobody"),
    ({"workforce.leaving_per_year": 0.01}, "it is up to an assumption set"),
    ({"profession.psychologist.outside_pay_per_year": 60000}, "it is up to the market"),
    ({"calendar.country": ""}, "it is up to the law"),
])
def test_a_shortcut_is_refused_with_its_reason(trap: Service, changes: dict[str, Any], reason: str) -> None:
    found = refused(trap, changes)
    assert any(reason in each for each in found), found


def test_intakes_protected_more_are_refused(trap: Service) -> None:
    open_clinic = trap.changed({"policy.protected_intake": 0.5})
    (found,) = refusals(open_clinic, open_clinic.changed({"policy.protected_intake": 0.9}))
    assert "intakes protected at the expense of return visits" in found.found


@pytest.mark.parametrize("changes", [
    {"team.north_psychologists.posts": 9},
    {"team.north_psychologists.return_slots": 12},
    {"need.depression.cadence_days": [7, 7]},
    {"need.depression.stage_from_visit": [0, 20]},
    {"profession.psychologist.pay_per_year": 130000},
    {"profession.psychologist.fixed_hours": 6},
    {"policy.caseload_ceiling": 90},
    {"workforce.days_to_fill": 90},
    {"site.North.outside_per_week": 5, "site.North.outside_cost_per_patient": 900},
    {"need.depression.group_share": 0.2},
])
def test_what_may_be_decided_is_not_refused(trap: Service, changes: dict[str, Any]) -> None:
    assert not refused(trap, changes)


def test_the_way_out_of_the_trap_is_honest_but_begins_with_other_patients(trap: Service) -> None:
    out = read_service(ready_service("out-of-the-trap"))
    assert [each.place for each in refusals(trap, out)] == ["start.patients"]


def test_clinicians_may_approve_longer_gaps_and_posts_be_cut_where_they_may(trap: Service) -> None:
    longer = {"need.depression.cadence_days": [14, 28]}
    assert not refused(trap, longer, approved=["depression"])
    assert refused(trap, longer, approved=["anxiety"])
    fewer = {"team.north_psychologists.posts": 4, "team.north_psychologists.return_slots": 12,
             "team.north_psychologists.intake_slots": 3.25}
    assert not refused(trap, fewer, may_cut=["north_psychologists"])


def test_a_team_may_be_added(trap: Service) -> None:
    more = '[team.new]\nsite = "North"\nprofession = "psychologist"\nposts = 2\nreturn_slots = 10\n'
    text = ready_service("trap").read_text(encoding="utf-8").replace("[no_show]", f"{more}\n[no_show]")
    assert not refusals(trap, parse_service(text))


def test_gaps_follow_the_stages() -> None:
    assert planned_gaps({"stage_from_visit": (0, 3), "cadence_days": (7.0, 14.0)}) == [7, 7, 14]
    assert planned_gaps({"stage_from_visit": (0,), "cadence_days": (28.0,)}) == [28]


def test_slots_are_those_of_all_posts(trap: Service) -> None:
    assert slots_of(trap, "intake_slots")["North"] == pytest.approx(2.6 * (5 + 6 + 5) + 1.5 * (3 + 2))


def test_every_shortcut_is_of_a_parameter_there_is_and_says_why() -> None:
    for each in shortcuts():
        for place in each.places:
            section, parameter = place.split(".")
            assert parameter in registry()[section].parameters, place
        assert each.why.endswith(".")
        assert each.instead.endswith(".")
