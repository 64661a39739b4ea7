"""Dishonest shortcuts, each tried and refused with its reason; honest changes, none refused."""

from __future__ import annotations

from typing import Any

import pytest

from careload.clinic import Service, parse_service, read_service, registry
from careload.simulate import ready_service
from careload.staff import Opening, Plan, parse_goals, planned, refusals, shortcuts
from careload.staff.honesty import planned_gaps, slots_of

FEWER_RETURNS = {f"team.{site}_{who}.return_slots": 8.0 for site in ("north", "harbor")
                 for who in ("psychologists", "family_therapists")}


GOALS = 'from = 2025-07-01\nuntil = 2026-06-30\n[goal.load]\nmeasure = "overload"\nat_most = 1\n'


def refused(trap: Service, changes: dict[str, Any], goals: str = "") -> list[str]:
    asked = parse_goals(GOALS + goals, trap) if goals else None
    return [str(each) for each in refusals(trap, trap.changed(changes), asked)]


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
    ({"policy.rebook_days": 30}, "a later visit after a missed one"),
    ({"workforce.leave_days_per_year": 0}, "fewer days of leave"),
    ({"workforce.notice_weeks": 30}, "a longer notice"),
    ({"profession.psychologist.pay_per_year": 60000}, "lower pay"),
    ({"workforce.hiring_cost_share": 0}, "prices changed on paper"),
    ({"site.North.outside_per_week": 5}, "It has no price"),
    ({"need.depression.group_share": 1.0}, "forced groups"),
    ({"team.north_psychologists.profession": "addiction counsellor"}, "posts moved away from those they"),
    ({"team.north_psychologists.opens_after_days": 1}, "A team that is there has patients"),
    ({"team.north_psychologists.posts": 15}, "nobody is hired by writing it down"),
    ({"team.north_psychiatrists.return_slots": 3, "team.north_social_workers.return_slots": 30},
     "slots a week for return visits of psychosis or bipolar"),
    ({"team.north_psychologists.posts": 4}, "That cuts posts"),
    (FEWER_RETURNS, "slots a week for return visits of"),
    ({"team.north_psychologists.intake_slots": 1.0}, "slots a week for first visits of"),
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
    {"team.north_psychologists.posts": 9, "team.north_psychologists.vacant": 4},
    {"team.north_psychologists.return_slots": 12},
    {"need.depression.cadence_days": [7, 7]},
    {"need.depression.stage_from_visit": [0, 20]},
    {"profession.psychologist.pay_per_year": 130000},
    {"profession.psychologist.fixed_hours": 6},
    {"policy.caseload_ceiling": 90},
    {"workforce.days_to_fill": 90},
    {"site.North.outside_per_week": 5, "site.North.outside_cost_per_patient": 900},
    {"policy.protected_intake": 0.5},
])
def test_what_may_be_decided_is_not_refused(trap: Service, changes: dict[str, Any]) -> None:
    assert not refused(trap, changes)


def test_the_way_out_of_the_trap_is_honest_but_begins_with_other_patients_and_posts_held(
    trap: Service
) -> None:
    out = read_service(ready_service("out-of-the-trap"))
    found = [each.place for each in refusals(trap, out)]
    assert {place.rpartition(".")[2] for place in found} == {"vacant", "patients"}


def test_clinicians_may_approve_longer_gaps(trap: Service) -> None:
    longer = {"need.depression.cadence_days": [14, 28]}
    approved = '[approved.{}]\nby = "those who treat them"\non = 2024-05-01\n'
    assert not any("planned" in each for each in refused(trap, longer, approved.format("depression")))
    assert any("planned" in each for each in refused(trap, longer, approved.format("anxiety")))


def test_vacant_posts_may_be_cut_where_they_may(trap: Service) -> None:
    one_vacant = trap.changed({"team.north_psychologists.vacant": 1})
    fewer = one_vacant.changed({"team.north_psychologists.posts": 4, "team.north_psychologists.vacant": 0,
                                "team.north_psychologists.return_slots": 12,
                                "team.north_psychologists.intake_slots": 3.25})
    said = ('[limits]\nmay_cut = "north_psychologists"\n[lever.return_slots]\nat_most = 12\n'
            "[lever.intake_slots]\nat_most = 4\n")
    goals = parse_goals(GOALS + said, one_vacant)
    assert not refusals(one_vacant, fewer, goals)
    assert any("That cuts posts" in str(each) for each in refusals(one_vacant, fewer))
    held = trap.changed({"team.north_psychologists.posts": 4, "team.north_psychologists.return_slots": 12})
    assert any("Somebody holds one" in str(each) for each in refusals(trap, held, goals))


def test_levers_bound_what_a_plan_may_move_and_lift_what_they_pay_for(trap: Service) -> None:
    support = '[lever.support_staff]\nat_least = 0.05\ncost = 30\nsource = "assumed"\n'
    less = {"profession.psychologist.patient_hours": 0.08}
    assert any("work moved out of sight" in each for each in refused(trap, less))
    assert not refused(trap, less, support)
    assert any("goes from 0.05 to 0.13" in each
               for each in refused(trap, {"profession.psychologist.patient_hours": 0.01}, support))
    slots = {"team.north_psychologists.return_slots": 12}
    assert any("No lever of the goals moves it" in each for each in refused(trap, slots, support))


def test_no_more_posts_than_levers_open_and_clinicians_can_be_had(trap: Service) -> None:
    lever = '[lever.posts]\nof = "north_psychologists"\nat_most = 8\n'
    goals = parse_goals(f"{GOALS}{lever}[limits.hires_per_month]\npsychologist = 2\n", trap)

    def reasons(plan: Plan) -> str:
        return " ".join(str(each) for each in refusals(trap, planned(trap, plan), goals))

    two, three = ({"team.north_psychologists.posts": 5.0 + more} for more in (2, 3))
    later = [Opening("north_psychologists", posts, days) for posts, days in ((1, 40), (1, 70), (2, 40))]
    assert reasons(Plan(two)) == ""
    assert reasons(Plan(two, (later[0],))) == ""
    assert "3 posts are opened in month 1. No more than 2 clinicians can be had" in reasons(Plan(three))
    assert "Levers leave room for 1" in reasons(Plan(two, tuple(later[:2])))
    assert "opens 8 at most" in reasons(Plan({"team.north_psychologists.posts": 9.0}))
    assert "No lever of the goals moves it" in reasons(Plan({"team.north_social_workers.posts": 6.0}))


TEAM = '[team."{}"]\nsite = "North"\nprofession = "psychologist"\nposts = 2\nfte = 0.5\n'


@pytest.mark.parametrize(("team", "reason"), [
    ("return_slots = 9\nvacant = 2\n", ""),
    ("return_slots = 9\nopens_after_days = 90\n", ""),
    ("return_slots = 9\n", "2 posts of a new team are held at once"),
    ("return_slots = 40\nvacant = 2\n", "More visits in the same hours"),
    ("return_slots = 9\nvacant = 2\ngroup_sessions = 1\ngroup_seats = 30\n", "heard less"),
])
@pytest.mark.parametrize("name", ["new", "north_psychologists.b"])
def test_a_team_may_be_added_that_is_vacant_at_first(
    trap: Service, name: str, team: str, reason: str
) -> None:
    text = ready_service("trap").read_text(encoding="utf-8").replace(
        "[no_show]", f"{TEAM.format(name)}{team}\n[no_show]")
    found = [str(each) for each in refusals(trap, parse_service(text))]
    assert found == [] if not reason else all(reason in each for each in found) and found


def test_a_team_may_not_be_left_out(trap: Service) -> None:
    text = ready_service("trap").read_text(encoding="utf-8")
    head, _, rest = text.partition("[team.harbor_psychologists]")
    without = parse_service(head + rest[rest.index("[team."):])
    assert "That cuts posts" in str(next(each for each in refusals(trap, without)
                                         if each.place == "team.harbor_psychologists.posts"))


def test_posts_that_never_open_are_no_slots(trap: Service) -> None:
    text = ready_service("trap").read_text(encoding="utf-8")
    text = text.replace("return_slots = 9.5", "return_slots = 4.5")
    ghost = TEAM.format("ghost").replace("posts = 2", "posts = 100")
    ghost += "return_slots = 4\nopens_after_days = 36500\n"
    found = refusals(trap, parse_service(text.replace("[no_show]", f"{ghost}\n[no_show]")))
    assert any("slots a week for return visits" in str(each) for each in found)


def test_gaps_follow_the_stages() -> None:
    assert planned_gaps({"stage_from_visit": (0, 3), "cadence_days": (7.0, 14.0)}) == [7, 7, 14]
    assert planned_gaps({"stage_from_visit": (0,), "cadence_days": (28.0,)}) == [28]


def test_slots_are_those_of_all_posts(trap: Service) -> None:
    found = slots_of(trap, "intake_slots")
    assert found["North", "depression"] == pytest.approx(2.6 * (5 + 6 + 5))
    assert found["North", "substance use"] == pytest.approx(2.6 * 5 + 1.5 * 3)
    overbooked = slots_of(trap.changed({"policy.overbooking": 0.1}), "return_slots")
    assert overbooked["Harbor", "psychosis or bipolar"] == pytest.approx(1.1 * (3 * 9.5 + 15))


def test_every_shortcut_is_of_a_parameter_there_is_and_says_why() -> None:
    for each in shortcuts():
        for place in each.places:
            section, parameter = place.split(".")
            assert parameter in registry()[section].parameters, place
        assert each.why.endswith(".")
        assert each.instead.endswith(".")
