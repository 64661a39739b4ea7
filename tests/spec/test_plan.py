"""What each parameter of a service becomes in the numbers a run goes by, one by one and by hand.

The twin of the day is handed the same plan as the day itself, so nothing it says is about the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, exp, log, pi
from typing import Any

import numpy as np
import pytest

from careload.clinic import parse_service, registry
from careload.simulate import plan_of, with_another_workforce
from careload.simulate.kernel.records import FIRST_ROUTINE, LINES_OF_A_CELL, POOL, Plan

SERVICE = parse_service("""
[site.A]
[site.B]
[profession.therapist]
treats = ["adults"]
[profession.counsellor]
treats = ["adults", "youth"]
[need.adults]
arrivals_per_week = { A = 10, B = 5 }
[need.youth]
arrivals_per_week = { B = 2 }
[team.far]
site = "B"
profession = "counsellor"
posts = 3
return_slots = 10
[team.near]
site = "A"
profession = "therapist"
posts = 4
return_slots = 20
""")
NEAR, FAR = 0, 1
"""Teams stand by site, and not as the file has them."""
DAYS, TO_SHARE = 371, 2.0**-64
YEAR, MONTH, WEEKS, WORKING_DAYS = 365.25, 365.25 / 12, 365.25 / 7, 5 * 365.25 / 7
"""Days of a year and a month; weeks and working days of a year."""
STAYS_MONTH = 0.5 ** (1 / MONTH)
"""Chance of a day without getting well, at one half a month."""

Changes = Mapping[str, Any]
Of = Callable[[Plan], Any]


def rule(name: str) -> Of:
    return lambda plan: _plain(plan.rules[name])


def team(name: str, which: int = NEAR) -> Of:
    return lambda plan: _plain(plan.teams[name][which])


def adults(name: str, *places: Any) -> Of:
    """A number of the need group, or those at some places of a list."""
    return lambda plan: _plain(plan.needs[name][0][places[0] if len(places) == 1 else places] if places
                               else plan.needs[name][0])


def referrals(day: int, cell: int = 0) -> Of:
    return lambda plan: plan.arrivals[day, cell]


def missed(kind: int, *leads: int) -> Of:
    """Chance of missing a first visit (0) or a return visit (1), by days booked ahead."""
    return lambda plan: _plain(plan.rules["no_show"][kind, list(leads)])


def _plain(value: Any) -> Any:
    """What draws are held against as a probability."""
    return value * TO_SHARE if value.dtype == np.uint64 else value


ONLY = {f"need.adults.{name}": 0 for name in ("crisis_per_day", "dropout_per_day", "remission_per_month")}
"""No way in which a wait ends but those that a row names after it."""
THREE_STAGES = {"need.adults.cadence_days": [7, 14, 28], "need.adults.stage_from_visit": [0, 2, 5]}
OVERFLOW = {"profession.therapist.overflow_displaced": 0.5, "profession.therapist.overflow_unpaid": 0.3,
            "profession.therapist.overflow_undone": 0.2}
SEASON = {"need.adults.season_amplitude": 0.5, "need.adults.season_peak_day": 60}
SLOTS = {"team.near.intake_slots": 5, "policy.protected_intake": 0.6, "policy.overbooking": 0.1,
         "team.near.group_sessions": 2, "team.near.group_seats": 6}
STRIKE = {"calendar.strike_from": "2024-02-05", "calendar.strike_to": "2024-02-09"}
PAID_MORE = {"profession.therapist.pay_per_year": 50_000, "profession.therapist.outside_pay_per_year": 40_000}
PAID_LESS = {"profession.therapist.pay_per_year": 40_000, "profession.therapist.outside_pay_per_year": 50_000}
WAITS = {f"need.adults.{name}": value for name, value in (
    ("dropout_per_day", 0.1), ("remission_per_month", 0.5), ("crisis_per_day", 0.2))}
NO_SHOWS = {"no_show.return_soon": 0.1, "no_show.return_late": 0.3, "no_show.scale_days": 7,
            "no_show.intake_soon": 0.2, "no_show.intake_late": 0.5}

ROWS: list[tuple[str, Changes, Of, Any]] = [
    # Who comes. Monday, 1 January 2024 is day 0; cells are A adults, A youth, B adults, B youth.
    ("referrals of a Monday, a fifth of the week", {}, lambda plan: plan.arrivals[0], [2, 0, 1, 0.4]),
    ("none on a Sunday", {}, lambda plan: plan.arrivals[6], [0, 0, 0, 0]),
    ("referrals of a site", {"need.adults.arrivals_per_week.A": 20}, referrals(0), 4),
    ("weekdays", {"need.adults.weekday_weights": [4, 3, 2, 1, 0, 0, 0]},
     lambda plan: plan.arrivals[7:14, 0], [4, 3, 2, 1, 0, 0, 0]),
    # 29 February is day 59, a Thursday, and the 60th of the year. 182 days later it is Thursday again, and
    # five eighths of a day less than half a year.
    ("season at its peak", SEASON, referrals(59), 2 * 1.5),
    ("season half a year later", SEASON, referrals(59 + 182),
     2 * (1 - 0.5 * cos(2 * pi * 0.625 / YEAR))),
    ("another peak", {**SEASON, "need.adults.season_peak_day": 242}, referrals(59 + 182), 2 * 1.5),
    ("trend after 52 weeks", {"need.adults.trend_per_year": 0.1}, referrals(364), 2 * 1.1 ** (364 / YEAR)),
    ("weekday, season and trend", {
        **SEASON, "need.adults.trend_per_year": 0.1, "need.adults.weekday_weights": [0, 0, 0, 1, 0, 0, 0],
    }, referrals(59), 10 * 1.5 * 1.1 ** (59 / YEAR)),
    ("season of a later start", {**SEASON, "start.date": "2024-02-26"}, referrals(3), 2 * 1.5),
    ("urgent", {"need.adults.urgent_share": 0.25}, adults("urgent"), 0.25),
    ("in groups", {"need.adults.group_share": 0.25}, adults("group"), 0.25),
    # What treatment takes. Of a mean of 3 visits one is certain, the others are Poisson with mean 2.
    ("visits needed", {"need.adults.visits_needed": 3}, adults("needed", slice(4)),
     [0, exp(-2), 3 * exp(-2), 5 * exp(-2)]),
    ("mean need", {"need.adults.visits_needed": 3}, adults("mean_need"), 3),
    ("cadence by visits attended", THREE_STAGES, adults("cadence", slice(7)), [7, 7, 14, 14, 14, 28, 28]),
    ("cadence of the last stage", THREE_STAGES, adults("cadence", -1), 28),
    ("stage by visits attended", THREE_STAGES, adults("stage", slice(7)), [0, 0, 1, 1, 1, 2, 2]),
    ("chance of progress", {"need.adults.progress_chance": 0.8}, adults("progress", 0, 7), 0.8),
    ("progress by gap, in the first stage", {
        "need.adults.progress_chance": 0.8, "need.adults.progress_lost_per_doubling": 0.2,
    }, adults("progress", 0, [1, 7, 14, 28]), [0.8, 0.8, 0.8 * exp(-0.2), 0.8 * exp(-0.4)]),
    ("progress by gap, in the second", {"need.adults.progress_lost_per_doubling": 0.2},
     adults("progress", 1, [14, 28, 56]), [1, exp(-0.2), exp(-0.4)]),
    ("progress of a visit is that of two at most", {
        "need.adults.progress_chance": 0.9, "need.adults.progress_lost_per_doubling": -0.5,
    }, adults("progress", 0, [7, 14, 28]), [0.9, 0.9 * exp(0.5), 2]),
    # How waits end: by midnight; then whether by dropping out (first part), getting well (up to the second).
    ("crises", {**ONLY, "need.adults.crisis_per_day": 0.1}, adults("wait_ends", slice(3)), [0, 0.1, 0.19]),
    ("dropping out", {**ONLY, "need.adults.dropout_per_day": 0.1}, adults("wait_ends", slice(3)),
     [0, 0.1, 0.19]),
    ("dropping out after a crisis", {"need.adults.dropout_per_day": 0.1}, adults("log_crisis_wait"),
     log(0.9)),
    ("getting well", {**ONLY, "need.adults.remission_per_month": 0.5}, adults("wait_ends", 61),
     1 - 0.5 ** (61 / MONTH)),
    ("all three", WAITS, adults("log_wait"), log(0.9 * 0.8 * STAYS_MONTH)),
    ("all three, first part", WAITS, adults("drop_part"), 0.1 / (1 - 0.9 * 0.8 * STAYS_MONTH)),
    ("all three, second part", WAITS, adults("remit_part"),
     (0.1 + 0.9 * (1 - STAYS_MONTH)) / (1 - 0.9 * 0.8 * STAYS_MONTH)),
    ("midnights per logarithm", WAITS, adults("wait_slope"), -1 / log(0.9 * 0.8 * STAYS_MONTH)),
    ("dropping out after a visit", {"need.adults.dropout_per_visit": 0.03}, adults("quits"), 0.03),
    ("dying", {"need.adults.died_per_year": 0.2}, adults("log_life"), log(0.8) / YEAR),
    ("dying, not moving", {"need.adults.died_per_year": 0.2}, adults("died_part"), 1),
    ("moving", {"need.adults.moved_per_year": 0.5}, adults("log_life"), log(0.5) / YEAR),
    ("moving, not dying", {"need.adults.moved_per_year": 0.5}, adults("died_part"), 0),
    ("emergency", {"need.adults.ed_share": 0.4}, adults("emergency"), 0.4),
    ("admission", {"need.adults.admission_share": 0.2}, adults("admitted"), 0.2),
    ("coming back", {"need.adults.reentry_share": 0.3}, adults("reentry"), 0.3),
    ("relapse", {"need.adults.relapse_share": 0.2}, adults("relapse"), 0.2),
    ("days away", {"need.adults.return_after_days": 50}, adults("log_away"), log(0.98)),
    ("referrals by wait", {"need.adults.referrals_per_wait": -0.1}, adults("per_week_waited"), -0.1),
    # Who treats. Cells a team treats follow their number.
    ("whom each team treats", {}, lambda plan: plan.treats[FAR], [2, 2, 3]),
    ("whom another treats", {"profession.therapist.treats": ["adults", "youth"]},
     lambda plan: plan.treats[NEAR], [2, 0, 1]),
    ("profession of a team", {"team.near.profession": "counsellor"}, team("profession"), 1),
    ("site of a team", {"team.near.site": "B", "need.adults.arrivals_per_week": {"B": 5}},
     lambda plan: plan.sites["posts"], [0, 7]),
    ("posts", {"team.near.posts": 6}, lambda plan: [*plan.sites["first_post"], *plan.teams["posts"]],
     [0, 6, 6, 3]),
    ("size of posts", {"team.near.fte": 0.5}, team("fte"), 0.5),
    ("ceiling", {"team.near.fte": 0.5, "policy.caseload_ceiling": 60}, team("ceiling"), 30),
    # Slots per working day, of five a week.
    ("crisis slots", {"team.near.crisis_slots": 2}, team("crisis_rate"), 0.4),
    ("protected intake slots", SLOTS, team("intake_rate"), 5 * 0.6 / 5),
    ("open intake slots", SLOTS, team("open_rate"), 5 * 0.4 / 5),
    ("return slots, overbooked", SLOTS, team("return_rate"), 20 * 1.1 / 5),
    ("more return slots", {"team.near.return_slots": 30}, team("return_rate"), 6),
    ("sessions", SLOTS, team("session_rate"), 2 / 5),
    ("seats", SLOTS, team("seats"), 6),
    ("seats and slots of a week", SLOTS, team("weekly_slots"), 5 + 22 + 2 * 6),
    ("without intake slots all are shared", {}, team("shares_slots"), 1),
    ("with intake slots not", SLOTS, team("shares_slots"), 0),
    # Hours.
    *((name, {f"profession.therapist.{name}": value}, team(name), value) for name, value in (
        ("visit_hours", 0.6), ("intake_hours", 1.2), ("group_hours", 1.4), ("note_hours", 0.3),
        ("missed_hours", 0.2), ("patient_hours", 0.1), ("fixed_hours", 5), ("paid_hours", 38),
    )),
    ("work displaced", OVERFLOW, team("displaced"), 0.5),
    ("work unpaid", OVERFLOW, team("unpaid"), 0.3),
    ("work undone", {**OVERFLOW, "profession.therapist.overflow_undone": 0.2}, team("undone"), 0.2),
    # Leaving per week; the logarithm of the chance that a post stays vacant a day.
    ("leaving", {"workforce.leaving_per_year": 0.2}, team("leaving"), 0.2 / WEEKS),
    ("leaving while many quit", {"workforce.quit_index": 2}, team("leaving"), 0.1 * 2 / WEEKS),
    ("leaving when others pay more", PAID_LESS, team("leaving"), 0.1 * 0.8**-1.8 / WEEKS),
    ("leaving while many quit and others pay more", {**PAID_LESS, "workforce.quit_index": 2},
     team("leaving"), 0.1 * 2 * 0.8**-1.8 / WEEKS),
    ("leaving by another elasticity", {**PAID_LESS, "workforce.pay_elasticity": -1}, team("leaving"),
     0.1 * 1.25 / WEEKS),
    ("leaving where the area pays more", {"site.A.outside_pay_index": 1.25}, team("leaving"),
     0.1 * 0.8**-1.8 / WEEKS),
    ("not so elsewhere", {"site.A.outside_pay_index": 1.25}, team("leaving", FAR), 0.1 / WEEKS),
    ("filling", {"workforce.days_to_fill": 100}, team("filling"), log(0.99)),
    ("filling at better pay", PAID_MORE, team("filling"), log(1 - 1.25 / 180)),
    ("filling by another elasticity", {**PAID_MORE, "workforce.hiring_elasticity": 2}, team("filling"),
     log(1 - 1.25**2 / 180)),
    ("leaving at the least pay there is", {"profession.therapist.pay_per_year": 1},
     team("leaving"), 0.1 * 68_030**1.8 / WEEKS),
    # Clinicians.
    ("the exhausted", {"workforce.leaving_if_exhausted": 3}, rule("log_exhausted"), log(3)),
    ("the new", {"workforce.leaving_if_new": 3}, rule("if_new"), 3),
    ("exhaustion rises", {"workforce.exhaustion_rise": 0.07}, rule("exhaustion_rise"), 0.07),
    ("exhaustion goes", {"workforce.exhaustion_recovery": 0.1}, rule("exhaustion_kept"), 0.9),
    ("exhaustion at first", {"workforce.exhaustion_start": 0.4}, rule("exhaustion_start"), 0.4),
    ("ramp", {"workforce.ramp_weeks": 10}, rule("ramp_days"), 70),
    ("ramp begins", {"workforce.ramp_from": 0.25}, rule("ramp_from"), 0.25),
    ("notice", {"workforce.notice_weeks": 3}, rule("notice"), 21),
    ("notice ends with a week", {"workforce.notice_weeks": 3.5}, rule("notice"), 28),
    ("lost in handing over", {"workforce.hand_over_loss": 0.2}, rule("hand_over_loss"), 0.2),
    ("sickness", {"workforce.sick_days_per_year": 12}, rule("sick"), 12 / WORKING_DAYS),
    ("leave", {"workforce.leave_days_per_year": 25}, rule("leave_rate"), 25 / WORKING_DAYS),
    # No-shows: 63 % of the way from soon to late after `scale_days`.
    ("return visits missed", NO_SHOWS, missed(1, 0, 7, 14, 511),
     [0.1, 0.3 - 0.2 * exp(-1), 0.3 - 0.2 * exp(-2), 0.3]),
    ("first visits missed", NO_SHOWS, missed(0, 0, 7, 511), [0.2, 0.5 - 0.3 * exp(-1), 0.5]),
    # Rules.
    ("own clinician", {"policy.own_clinician": False}, rule("own_clinician"), 0),
    ("a first visit has a line of its own", {}, lambda plan: plan.cells["first"][:2],
     [FIRST_ROUTINE, LINES_OF_A_CELL + FIRST_ROUTINE]),
    ("or stands in the line of all", {"policy.own_clinician": False}, lambda plan: plan.cells["first"][0],
     POOL),
    ("booked again", {"policy.rebook_days": 9}, rule("rebook"), 9),
    ("outside after", {"policy.outside_after_days": 30}, rule("outside_after"), 30),
    ("outside", {"site.A.outside_per_week": 10}, lambda plan: plan.sites["outside"], [2, 0]),
    ("no-shows in a row", {"policy.drop_after_no_shows": 3}, rule("most_missed"), 3),
    # Days. 1 and 15 January are holidays of the United States, Monday 1 April one of California.
    ("weekends", {}, lambda plan: plan.open[:8], [1, 1, 1, 1, 1, 0, 0, 1]),
    ("public holidays", {"calendar.country": "US"}, lambda plan: plan.open[[0, 1, 14, 91]], [0, 1, 0, 1]),
    ("those of a state", {"calendar.country": "US", "calendar.subdivision": "CA"},
     lambda plan: plan.open[[14, 91]], [0, 0]),
    ("business days", {"calendar.country": "US"}, lambda plan: plan.business[:8], [0, 1, 2, 3, 4, 4, 4, 5]),
    ("closed", {"calendar.closed": ["2024-01-03"]}, lambda plan: plan.open[1:4], [1, 0, 1]),
    ("closed days count in law", {"calendar.closed": ["2024-01-03"]}, lambda plan: plan.business[1:4],
     [2, 3, 4]),
    ("strike begins", STRIKE, rule("strike_from"), 35),
    ("strike ends", STRIKE, rule("strike_to"), 39),
    ("strike counted from a later start", {**STRIKE, "start.date": "2024-01-08"}, rule("strike_from"), 28),
    ("strike of some", {**STRIKE, "calendar.strike_share": 0.5}, rule("strike"), 0.5),
    ("in care at first", {"start.patients": 30}, team("start_patients"), 30),
    ("fewer of a team", {"start.patients": 30, "team.near.start_patients": 0.5},
     lambda plan: plan.teams["start_patients"], [15, 30]),
    ("overdue at first", {"start.overdue_weeks": 3}, team("start_overdue"), 21),
    ("longer in a team", {"start.overdue_weeks": 3, "team.near.start_overdue": 2},
     lambda plan: plan.teams["start_overdue"], [42, 21]),
    ("vacant at first", {"team.near.posts": 2, "team.near.vacant": 1}, team("vacant"), 1),
    ("no more than there are", {"team.near.posts": 2, "team.near.vacant": 5}, team("vacant"), 2),
    ("not seen yet", {"need.adults.waiting": {"A": 7}}, lambda plan: plan.cells["start_waiting"],
     [7, 0, 0, 0]),
    ("who asked in so many days", {"need.adults.waiting_weeks": 3, "need.adults.waiting_ratio": {"A": 2}},
     lambda plan: plan.cells["start_waited"], [42, 14, 21, 14]),
    ("waited by so much", {"need.adults.waiting_shares": [0.5, 0.7, 2]},
     lambda plan: [plan.needs["start_waited_steps"][0], *plan.needs["start_waited_shares"][0][:3]],
     [2, 0.5, 0.7, 2]),
    ("who missed a first visit", {"need.adults.waiting_missed": [0.3, 0.1]},
     lambda plan: plan.needs["waiting_missed"][0][:3], [0.3, 0.1, 0]),
    ("each asked for so long",
     {"need.adults.waiting_put_off_days": 30, "need.adults.waiting_ratio": {"A": 2}},
     lambda plan: plan.cells["waiting_put_off"][[0, 2]], [60, 30]),
    ("urgent among them", {"need.adults.urgent_share": 0.5, "need.adults.waiting_urgent": 0.5},
     lambda plan: plan.needs["waiting_urgent"][0] / 2.0**64, 0.25),
    ("had so far", {"need.adults.start_visits": [1, 9]},
     lambda plan: [plan.needs["start_visits_steps"][0], *plan.needs["start_visits"][0][:2]], [1, 1, 9]),
    ("in the first stage", {"need.adults.start_visits": [1, 9], "need.adults.cadence_days": [7, 14],
                            "need.adults.stage_from_visit": [0, 3]},
     lambda plan: plan.needs["start_by_stage"][0][:2], [0.25, 1]),
    ("nobody counted", {"need.adults.cadence_days": [7, 14], "need.adults.stage_from_visit": [0, 3]},
     lambda plan: plan.needs["start_by_stage"][0][:2], [3 / 13, 1]),
    ("progress so far", {"need.adults.start_progress": 0.8}, adults("start_progress"), 0.8),
    ("due before a rebooked visit", {"team.near.start_due_days": [0, 20], "policy.rebook_days": 5},
     team("start_due_soon"), 0.25),
    ("waits by renewal", {"team.near.start_due_days": [-10, 10], "need.adults.cadence_days": [14],
                          "need.adults.stage_from_visit": [0], "team.near.start_needs": {"adults": 1}},
     team("start_late_days"), 14),
    ("new at their posts", {"start.new_share": 0.3}, rule("new_share"), 0.3),
    ("whose caseload fills", {"start.new_caseload_days": 90}, rule("new_caseload_days"), 90),
    ("opened later", {"team.near.opens_after_days": 90, "team.near.vacant": 1},
     lambda plan: [*plan.teams["opens"], *plan.teams["vacant"]], [90, 0, 4, 0]),
    ("work put off before", {"team.near.start_put_off_hours": 3}, team("start_put_off_hours"), 3),
    ("and how many of them are overdue", {"start.new_overdue": 0.4}, rule("new_overdue"), 0.4),
    ("exhaustion on the first day", {"start.exhaustion": 2, "workforce.exhaustion_start": 0.2},
     rule("first_exhaustion"), 0.4),
    ("of all at most", {"start.exhaustion": 9, "workforce.exhaustion_start": 0.2},
     rule("first_exhaustion"), 1),
    ("since days", {"start.new_days": [5, 60]},
     lambda plan: [plan.rules["new_days_steps"], *plan.rules["new_days"][:2]], [1, 5, 60]),
    ("under notice", {"start.under_notice": 1}, rule("under_notice"), 1),
    ("will ask again", {"need.adults.away": {"A": 7.6}}, lambda plan: plan.cells["start_away"], [8, 0, 0, 0]),
    ("nobody does without demand", {"need.adults.away": {"A": 7}, "mechanisms.demand": False},
     lambda plan: plan.cells["start_away"], [0, 0, 0, 0]),
    ("due at first", {"team.near.start_due_days": [-9, 0, 12]},
     lambda plan: [plan.teams["start_due_steps"][NEAR], *plan.teams["start_due"][NEAR][:3]], [2, -9, 0, 12]),
    ("a number alone", {"team.near.start_due_days": [3]},
     lambda plan: [plan.teams["start_due_steps"][NEAR], *plan.teams["start_due"][NEAR][:2]], [1, 3, 3]),
    ("missed at first", {"team.near.start_missed": [0.2, 0.05]},
     lambda plan: [*plan.teams["start_missed"][NEAR][:3]], [0.2, 0.05, 0]),
    ("put off by", {"team.near.start_put_off_days": 9}, team("start_put_off"), 9),
    ("whom a team has in care", {"team.far.start_needs": {"adults": 3, "youth": 1}},
     lambda plan: plan.mix[FAR], [4, 3, 1]),
    # Switched off.
    ("no progress by gap", {"mechanisms.progress_by_gap": False}, adults("progress", 0, 511), 1),
    ("no hazards", {"mechanisms.hazards": False}, lambda plan: _plain(plan.needs["wait_ends"][0]).max(), 0),
    ("no quitting", {"mechanisms.hazards": False}, adults("quits"), 0),
    ("no lead time", {**NO_SHOWS, "mechanisms.lead_time": False}, missed(1, 0, 511), [0.1, 0.1]),
    ("no overload", {"mechanisms.overload": False},
     lambda plan: [plan.teams[way][NEAR] for way in ("displaced", "unpaid", "undone")], [0, 0, 0]),
    ("no exhaustion", {"mechanisms.exhaustion": False},
     lambda plan: [plan.rules["exhaustion_start"], plan.rules["exhaustion_rise"]], [0, 0]),
    ("no leaving", {"mechanisms.leaving": False}, team("leaving"), 0),
    ("nobody vacant at first", {"mechanisms.hiring": False, "team.near.vacant": 1}, team("vacant"), 0),
    ("no vacancies", {"mechanisms.hiring": False},
     lambda plan: [plan.rules["replaced_at_once"], plan.rules["ramp_days"]], [1, 0]),
    ("no demand", {"mechanisms.demand": False, "site.A.outside_per_week": 10, **{
        f"need.adults.{name}": 0.2 for name in ("reentry_share", "relapse_share", "referrals_per_wait")}},
     lambda plan: [plan.sites["outside"][0],
                   *(plan.needs[name][0] for name in ("reentry", "relapse", "per_week_waited"))],
     [0, 0, 0, 0]),
    ("no groups", {**SLOTS, "need.adults.group_share": 0.5, "mechanisms.groups": False},
     lambda plan: [plan.needs["group"][0],
                   *(plan.teams[name][NEAR] for name in ("session_rate", "weekly_slots"))],
     [0, 0, 5 + 22]),
]


@pytest.mark.parametrize(("name", "changes", "of", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_a_parameter_becomes_a_number(name: str, changes: Changes, of: Of, expected: Any) -> None:
    found = of(plan_of(SERVICE.changed(changes), DAYS))
    assert np.asarray(found, dtype=np.float64) == pytest.approx(np.asarray(expected), rel=1e-6, abs=1e-12)


ELSEWHERE = {"site.outside_cost_per_patient", "workforce.hiring_cost_share", "start.warm_up_weeks"}
"""Prices are no part of the plan; the weeks of warm-up are given to it as days."""


def test_no_parameter_is_left_out() -> None:
    known = {f"{each.section}.{each.name}" for section in registry().values()
             for each in section.parameters.values()}
    changed = {parameter(place) for _, changes, _, _ in ROWS for place in changes}
    assert known - changed == ELSEWHERE


def parameter(place: str) -> str:
    section, *names = place.split(".")
    return f"{section}.{next(name for name in names if name in registry()[section].parameters)}"


def test_days_counted_are_handed_on() -> None:
    assert plan_of(SERVICE, 70, counted_from=14).rules["counted_from"] == 14


def test_another_workforce_needs_no_whole_new_plan() -> None:
    other = SERVICE.changed({"workforce.leaving_per_year": 0.4, "workforce.exhaustion_rise": 0.3,
                             "workforce.days_to_fill": 33, "workforce.pay_elasticity": -3})
    anew, whole = with_another_workforce(plan_of(SERVICE, DAYS, 7), other), plan_of(other, DAYS, 7)
    for name in whole._fields:
        assert np.array_equal(getattr(anew, name), getattr(whole, name)), name
    assert anew.teams["leaving"].max() > plan_of(SERVICE, DAYS).teams["leaving"].max()
