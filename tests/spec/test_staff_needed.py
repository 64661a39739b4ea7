"""Posts needed, worked by hand: one site, one profession, one need group.

Four people a week ask. Each needs 10 visits, weekly; one visit in five is missed and booked again a week
later; nobody drops out, dies or moves; nobody is sick, on leave, or leaves.

    tries of a visit     1 / 0.8 = 1.25, so 0.25 missed for each held
    visits a week        4 intakes + 4 x 9 = 36 return visits = 40 held, 10 missed
    weeks in care        9 gaps of 1.25 weeks = 11.25 after the first visit; in care 4 x 11.25 = 45
    contact              4 x 1.0 + 36 x 0.75 = 31 hours
    notes                40 x 0.25 = 10,   missed 10 x 0.1 = 1,   patients 45 x 0.05 = 2.25
    due                  44.25 hours;   load 44.25 / (40 - 4) = 1.2292 FTE
    visits a day         36 / (44.25 / 50) / 7 = 5.811 by one post; in 7 days 40.68
    busy r               r exp(-(1 - r) 40.68) = 0.1  ->  r = 1 - ln(r / 0.1) / 40.68 = 0.9448
    FTE                  1.2292 / 0.9448 = 1.301, so two posts of one FTE, three of half an FTE
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from careload.clinic import Service, SettingsError, UsageError, parse_service, read_service, service_from
from careload.staff import InTime, demands, needed
from careload.staff.need.split import Site, split

EXAMPLES = Path(__file__).parents[2] / "examples" / "services"
BY_HAND = """
name = "By hand"
[site.A]
[profession.counsellor]
treats = ["adults"]
[need.adults]
arrivals_per_week = 4
visits_needed = 10
cadence_days = [7]
stage_from_visit = [0]
dropout_per_visit = 0
[team.all]
site = "A"
profession = "counsellor"
posts = 1
return_slots = 25
[no_show]
return_soon = 0.2
return_late = 0.2
intake_soon = 0.2
intake_late = 0.2
[mechanisms]
progress_by_gap = false
leaving = false
[workforce]
sick_days_per_year = 0
leave_days_per_year = 0
"""


@pytest.fixture
def service() -> Service:
    return parse_service(BY_HAND)


def test_who_asks_and_what_that_brings(service: Service) -> None:
    (row,) = needed(service).as_table("demand")
    assert row["visits_each"] == pytest.approx(10)
    assert row["visits"] == pytest.approx(40)
    assert row["missed"] == pytest.approx(10)
    assert row["weeks"] == pytest.approx(11.25)
    assert row["in_care"] == pytest.approx(45)
    assert row["completed"] == pytest.approx(4)


def test_hours_and_posts(service: Service) -> None:
    (row,) = needed(service).as_table()
    hours = {name: row[name] for name in ("contact", "notes", "missed", "patients", "due")}
    assert hours == pytest.approx({"contact": 31, "notes": 10, "missed": 1, "patients": 2.25, "due": 44.25})
    assert row["present"] == row["staffed"] == 1
    assert row["load"] == pytest.approx(1.2292, abs=1e-4)
    assert row["busy"] == pytest.approx(0.9448, abs=1e-4)
    assert row["fte_needed"] == pytest.approx(1.301, abs=1e-3)
    assert (row["posts_now"], row["posts_needed"], row["difference"]) == (1, 2, 1)


def test_posts_of_half_a_week(service: Service) -> None:
    """A line of its own is half as long there, so more is kept free."""
    half = needed(service.changed({"team.all.fte": 0.5}))
    assert half.posts_needed == 3
    assert half.fte_needed > needed(service).fte_needed


def test_one_line_for_all_keeps_less_free(service: Service) -> None:
    """R = 1.2292, beta = 0.0497: W = 1 / (1 + 0.0497 x 0.5198 / 0.3985) = 0.939, and exp(-2.24) = 0.106."""
    pooled = needed(service.changed({"policy.own_clinician": False}))
    assert pooled.staffing[0].beta == pytest.approx(0.0497, abs=1e-4)
    assert pooled.fte_needed < needed(service).fte_needed


def test_nothing_late_at_all_asks_for_more(service: Service) -> None:
    """With no day of grace a clinician may be busy for as much of the time as may be late: r = 0.1."""
    at_once = needed(service, InTime(share=0.9, late_days=0))
    assert at_once.staffing[0].busy == pytest.approx(0.1)


def test_a_ceiling_on_caseloads_may_ask_for_more_than_hours(service: Service) -> None:
    """45 in care at 12 a post: 3.75 FTE."""
    (found,) = needed(service.changed({"policy.caseload_ceiling": 12})).staffing
    assert found.because == "caseload ceiling"
    assert found.fte_needed == pytest.approx(3.75) and found.posts_needed == 4


def test_sickness_leave_and_closed_days(service: Service) -> None:
    """13.04 of 260.9 weekdays are 5 %; 26.09 are 10 %; 13 closed days of 260 are 5 %."""
    closed = ["2024-01-02", *[f"2024-02-{day:02}" for day in (5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 19, 20)]]
    away = service.changed({
        "workforce.sick_days_per_year": 13.0446, "workforce.leave_days_per_year": 26.0893,
        "calendar.closed": closed,
    })
    (row,) = needed(away).as_table()
    assert row["present"] == pytest.approx(0.95 * 0.95 * 0.9, abs=1e-5)


def test_vacancy_is_leavers_times_the_time_to_fill(service: Service) -> None:
    """Hazard 0.25 a year, no notice: held for 4 years, vacant for half a year; a leaver in 4.5 years.

    Ramp-up of 16 weeks from one half loses 4 weeks of a template: 4 / 52.18 / 4.5 = 0.0170.
    """
    leaving = service.changed({
        "mechanisms.leaving": True, "workforce.leaving_per_year": 0.25, "workforce.notice_weeks": 0,
        "workforce.days_to_fill": 182.625,
    })
    (row,) = needed(leaving).as_table()
    assert row["leavers"] == pytest.approx(1 / 4.5)
    assert row["vacant"] == pytest.approx(0.5 / 4.5)
    assert row["ramp_up"] == pytest.approx(0.0170, abs=1e-4)
    assert row["staffed"] == 1 - row["vacant"] - row["ramp_up"]


def test_dropouts_and_relapse_come_back(service: Service) -> None:
    """One visit needed and nobody drops out: half relapse, so twice as many ask."""
    again = service.changed({"need.adults.visits_needed": 1, "need.adults.relapse_share": 0.5})
    (row,) = demands(again)
    assert row.asking == pytest.approx(8)
    assert row.coming_back == pytest.approx(4)


def test_groups_share_a_session(service: Service) -> None:
    """All return visits in groups of 5: 45 seats a week are 9 sessions of 1.5 hours, and 4 intakes."""
    groups = service.changed({"need.adults.group_share": 1, "team.all.group_seats": 5})
    (found,) = needed(groups).staffing
    assert found.hours.sessions == pytest.approx(9)
    assert found.hours.contact == pytest.approx(9 * 1.5 + 4)


def test_care_may_end_after_missed_visits(service: Service) -> None:
    """At the second miss in a row: of 100 who ask 4 drop out before the first visit, 96 are seen."""
    (found,) = demands(service.changed({"policy.drop_after_no_shows": 2, "need.adults.visits_needed": 1}))
    assert found.course.intakes == pytest.approx(0.96)
    assert found.course.dropped == pytest.approx(0.04)


def test_templates_to_match_use_all_hours(service: Service) -> None:
    changes = needed(service).changes()
    a_post = changes["team.all.intake_slots"], changes["team.all.return_slots"]
    assert changes["team.all.posts"] == 2
    assert sum(a_post) * 44.25 / 50 == pytest.approx(36)
    assert a_post[1] / a_post[0] == pytest.approx(9)
    assert service.changed(changes)["team"]["all"]["posts"] == 2


def test_a_hand_made_split() -> None:
    """20 of need a (2 hours each) and 10 of b (4 hours each); p may treat both, q only a; 30 hours an FTE.

    There are 30 hours of p and 15 of q, and 80 are due: 35 more, 35 / 30 FTE at 40 hours paid, whoever gives
    them. One more of a adds 2 / 30 x 40 hours paid, one of b twice as much; one FTE more takes 40 off.
    """
    found = split(Site(
        name="A", needs=["a", "b"], professions=["p", "q"], asking=np.array([20.0, 10.0]),
        hours=np.array([[2.0, 2.0], [4.0, np.nan]]), weeks=np.array([8.0, 16.0]),
        room=np.array([30.0, 30.0]), most=np.array([1e5, 1e5]), now=np.array([1.0, 0.5]),
        mix=np.array([1.0, 0.5]), price=np.array([40.0, 40.0]),
    ))
    assert found.price == pytest.approx(35 / 30 * 40)
    assert found.per_person == pytest.approx([2 / 30 * 40, 4 / 30 * 40])
    assert found.per_fte == pytest.approx([40, 40])
    assert found.treated.sum(axis=1) == pytest.approx([20, 10])
    # Nearest to the mix of today: twice as much load for p as for q.
    assert found.more == pytest.approx([80 / 90 * 2 - 1, 80 / 90 - 0.5])


def test_a_ceiling_on_caseloads_is_part_of_the_split() -> None:
    """240 in care at 30 a post are 8 FTE whoever has them; hours alone would ask for 2."""
    found = split(Site(
        name="A", needs=["a"], professions=["p", "q"], asking=np.array([30.0]),
        hours=np.array([[2.0, 2.0]]), weeks=np.array([8.0]), room=np.array([30.0, 30.0]),
        most=np.array([30.0, 30.0]), now=np.array([0.0, 1.0]), mix=np.array([1.0, 1.0]),
        price=np.array([1.0, 1.0]),
    ))
    assert found.price == pytest.approx(7)
    assert found.per_person == pytest.approx([8 / 30])


def test_cheaper_posts_are_asked_for_first() -> None:
    found = split(Site(
        name="A", needs=["a"], professions=["p", "q"], asking=np.array([30.0]),
        hours=np.array([[2.0, 2.0]]), weeks=np.array([8.0]), room=np.array([30.0, 30.0]),
        most=np.array([1e5, 1e5]), now=np.array([0.0, 0.0]), mix=np.array([1.0, 1.0]),
        price=np.array([1.0, 2.0]),
    ))
    assert found.price == pytest.approx(2)
    assert found.more == pytest.approx([2, 0], abs=0.03)


def test_where_there_is_room_one_more_adds_nothing(service: Service) -> None:
    found = needed(service.changed({"team.all.posts": 5}))
    assert found.more == 0 and [each.price for each in found.shadow] == [0, 0]
    assert found.staffing[0].difference == -3


def test_a_need_that_nobody_may_treat_is_said(service: Service) -> None:
    """A service file cannot hold it; one that is put together in Python can."""
    treats = {"counsellor": {**service["profession"]["counsellor"], "treats": []}}
    broken = replace(service, sections={**service.sections, "profession": treats})
    with pytest.raises(SettingsError, match="4 people a week ask at A for care of adults") as raised:
        needed(broken)
    assert "never left out" in raised.value.remedy


def test_where_everybody_comes_back_there_is_no_answer(service: Service) -> None:
    with pytest.raises(SettingsError, match="grows without end"):
        needed(service.changed({"need.adults.relapse_share": 1}))


def test_a_profession_without_hours_for_patients_is_said(service: Service) -> None:
    with pytest.raises(SettingsError, match="0 hours a week for patients"):
        needed(service.changed({"profession.counsellor.fixed_hours": 40}))


def test_an_unknown_word_is_refused(service: Service) -> None:
    with pytest.raises(UsageError, match="hours or pay"):
        needed(service, least="wages")  # type: ignore[arg-type]


@pytest.mark.parametrize("goal", [{"share": 1}, {"share": 0}, {"late_days": -1}])
def test_a_goal_that_nobody_can_reach_is_refused(goal: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        InTime(**goal)


@pytest.mark.parametrize("name", ["trap", "weekly", "solo", "mississippi", "region"])
def test_each_column_follows_from_those_before(name: str) -> None:
    for row in needed(read_service(EXAMPLES / f"{name}.toml")).as_table():
        parts = [row[key] for key in ("contact", "notes", "missed", "patients")]
        assert row["due"] == pytest.approx(sum(parts))
        assert row["present"] == pytest.approx(row["open"] * (1 - row["sick"]) * (1 - row["on_leave"]))
        assert row["staffed"] == pytest.approx(1 - row["vacant"] - row["ramp_up"])
        assert row["load"] == pytest.approx(row["due"] / row["for_patients"])
        assert row["fte_needed"] == pytest.approx(row["load"] / row["busy"] / row["staffed"])
        assert 0 <= row["posts_needed"] - row["fte_needed"] / row["fte"] + 1e-6 < 1
        assert row["difference"] == row["posts_needed"] - row["posts_now"]


def test_the_demand_of_the_example_by_hand() -> None:
    """Depression at North, as the page goes through it: a fifth and a tenth come back."""
    row = needed(read_service(EXAMPLES / "trap.toml")).as_table("demand")[0]
    assert row["asking"] == pytest.approx(9.5 + 0.2 * row["dropped"] + 0.1 * row["completed"])
    assert row["visits"] == pytest.approx(row["asking"] * row["visits_each"])
    assert row["in_care"] == pytest.approx(row["asking"] * row["weeks"])


def test_the_text_holds_every_column_and_formula() -> None:
    found = needed(read_service(EXAMPLES / "trap.toml"))
    text = str(found)
    assert all(len(line) <= 112 for line in text.splitlines())
    assert "Posts now 34" in text and "psychosis or bipolar" in text
    assert "ramp-up: leavers x years" in text


def test_it_says_which_numbers_nobody_gave(service: Service) -> None:
    found = {each.place: each for each in needed(service).defaults}
    assert found["profession.visit_hours"].mark == "assumed"
    assert found["profession.visit_hours"].tables == ("counsellor",)
    assert found["workforce.days_to_fill"].source and "need.visits_needed" not in found
    assert "assumed: profession.visit_hours 0.75, " in str(needed(service))


def test_a_site_where_nobody_asks_needs_nobody(service: Service) -> None:
    quiet = needed(service.changed({"need.adults.arrivals_per_week": 0}))
    assert quiet.posts_needed == 0 and quiet.demand == () and quiet.hours_due == 0
    assert quiet.changes() == {"team.all.posts": 1}


def test_posts_to_match_are_enough_where_teams_have_posts_of_other_sizes(service: Service) -> None:
    """Five posts of half a week and five whole ones: what is missing goes to the first, slots by FTE."""
    document = dict(service.document)
    team = dict(service.document["team"]["all"])
    document["team"] = {"small": team | {"posts": 5, "fte": 0.5}, "whole": team | {"posts": 5, "fte": 1.0}}
    both = service_from(document)
    for times in (0.3, 1, 2, 4):
        asked = both.changed({"need.adults.arrivals_per_week": times * 20})
        found, plan = needed(asked), asked.changed(needed(asked).changes())
        fte = sum(each["posts"] * each["fte"] for each in plan["team"].values())
        assert fte >= found.fte_needed - 1e-6
        assert fte < found.fte_needed + 1.5 or plan["team"]["whole"]["posts"] == 1
        small, whole = (plan["team"][name]["return_slots"] for name in ("small", "whole"))
        assert whole == pytest.approx(2 * small)
