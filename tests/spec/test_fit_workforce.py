"""Days away, leaving, filling, hand-over, notice, ramp-up and hours found in small records, worked out by
hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from tests.spec.test_fit_staffing import MONDAY, SOMEBODY_AWAY, away, weekdays
from tests.support.by_hand import Row, day, episode, visit
from tests.support.fitted import evidence_of, found_in

from careload.model.belief import NUMBER_OF_DRAWS, Belief, Found
from careload.model.direct import absences, filling, hand_over, hours, leaving, ramp_up, start
from careload.model.direct.hand_over import notice_chances
from careload.model.direct.leaving import ByTenure, hazards

A_YEAR = 365.25 / 7 * 5


def given(place: str, value: float) -> Belief:
    return Belief(place, value, draws=np.full(NUMBER_OF_DRAWS, value))


def test_days_away_by_reason_without_strikes() -> None:
    leaves = [
        away("a", "2024-01-08", "2024-01-12", "Sick leave"),
        away("b", "2024-01-15", "2024-01-19", "strike"),
        away("b", "2024-01-22", "2024-01-23", "vacation"),
    ]
    visits = [row for who in "ab" for row in weekdays(8, who)]
    found = found_in(evidence_of("2024-02-25", appointments=visits, leaves=leaves), absences.FAMILY)
    sick, leave = found["workforce.sick_days_per_year"], found["workforce.leave_days_per_year"]
    assert sick.value == pytest.approx(5 / 75 * A_YEAR), "two clinicians x 40 days less 5 of strike"
    assert leave.value == pytest.approx(2 / 70 * A_YEAR)
    assert sick.counts == {"days sick": 5, "open days employed": 75, "clinicians": 2}
    assert sick.draws.std() > leave.draws.std(), "five days at a time say less than two"


def test_nobody_ever_sick_may_be_chance() -> None:
    leaves = [away("a", "2024-01-08", "2024-01-12", "leave")]
    evidence = evidence_of("2024-02-25", appointments=weekdays(8, "a"), leaves=leaves)
    sick = found_in(evidence, absences.FAMILY)["workforce.sick_days_per_year"]
    assert sick.value == 0.0
    low, high = np.quantile(sick.draws, (0.05, 0.95))
    assert low == 0.0
    assert high > 3.0


def middle_of_days_to_fill(filled: int, days: float) -> float:
    """Median of m: log m normal, nine in ten from 45 to 500 days; times (1 / m)^filled exp(-days / m)."""
    log_m = np.linspace(np.log(5), np.log(5000), 20_001)
    sigma = np.log(500 / 45) / (2 * 1.6448536)
    log_odds = -((log_m - np.log(45 * 500) / 2) / sigma) ** 2 / 2 - filled * log_m - days * np.exp(-log_m)
    reached = np.cumsum(np.exp(log_odds - log_odds.max()))
    return float(np.exp(np.interp(reached[-1] / 2, reached, log_m)))


def test_days_to_fill() -> None:
    posts = [
        {"vacant_from": day("2024-01-11"), "filled_on": day("2024-01-31")},
        {"vacant_from": day("2024-02-01"), "filled_on": None},
        {"vacant_from": day("2023-06-01"), "filled_on": day("2024-01-11")},
        {"vacant_from": day("2023-06-01"), "filled_on": day("2023-08-01")},
    ]
    evidence = evidence_of("2024-03-02", appointments=weekdays(8, "a"), posts=posts)
    found = found_in(evidence, filling.FAMILY)["workforce.days_to_fill"]
    # 20 days, 30 still open, 10 since the records began; the last was filled before them.
    assert found.value == pytest.approx(middle_of_days_to_fill(2, 20 + 30 + 10), rel=0.08)
    assert found.counts == {"posts filled": 2, "days vacant": 60, "vacancies": 3}


def test_many_posts_filled_leave_little_to_what_was_believed() -> None:
    posts = [{"vacant_from": day("2024-01-11"), "filled_on": day("2024-01-31")}] * 200
    evidence = evidence_of("2024-03-02", appointments=weekdays(8, "a"), posts=posts)
    assert found_in(evidence, filling.FAMILY)["workforce.days_to_fill"].value == pytest.approx(20, rel=0.05)


def test_days_to_fill_at_pay_like_that_outside() -> None:
    known = {"profession.nurse.pay_per_year": 40.0, "profession.nurse.outside_pay_per_year": 80.0,
             "workforce.hiring_elasticity": 1.0}
    posts = [{"vacant_from": day("2024-01-11"), "filled_on": day("2024-01-31")}]
    clinicians = [{"clinician": "a", "profession": "nurse", "hired_on": day("2020-01-01")}]
    tables = {"appointments": weekdays(8, "a"), "posts": posts, "clinicians": clinicians}
    evidence = evidence_of("2024-03-02", known, **tables)
    found = found_in(evidence, filling.FAMILY)["workforce.days_to_fill"]
    assert found.value == pytest.approx(middle_of_days_to_fill(1, 20 * 0.5), rel=0.08)


def test_time_employed_by_tenure() -> None:
    clinicians = [
        {"clinician": "long", "hired_on": day("2010-01-01"), "left_on": None},
        {"clinician": "gone", "hired_on": day("2010-01-01"), "left_on": day("2024-07-01")},
        {"clinician": "new", "hired_on": day("2024-01-31"), "left_on": day("2024-12-01")},
    ]
    visits = [visit("p", "2024-01-01"), visit("p", "2024-12-31")]
    seen = leaving.counted(evidence_of("2024-12-31", appointments=visits, clinicians=clinicians), notice=28)
    # 365 and 182 days of the old; of the new one the first 28 count for nothing: a notice comes before.
    assert seen == ByTenure(1, (305 - 28) / 365.25, 1, (365 + 182) / 365.25)


def test_hazards_are_those_of_the_old_and_of_newcomers() -> None:
    ratio, hazard = hazards(ByTenure(60, 100, 100, 500), np.random.default_rng(1))
    assert np.median(hazard) == pytest.approx(0.2, rel=0.15)
    assert 2.0 < np.median(ratio) < 3.3
    ratio, hazard = hazards(ByTenure(0, 0, 100, 500), np.random.default_rng(1))
    assert np.median(hazard) == pytest.approx(100 / 500, rel=0.05)
    assert np.quantile(ratio, 0.95) / np.quantile(ratio, 0.05) > 4, "without newcomers as believed before"


def test_leaving_without_exhaustion_at_pay_like_that_outside() -> None:
    clinicians = [{"clinician": f"c{n}", "profession": "nurse", "hired_on": day("2010-01-01"),
                   "left_on": day("2024-07-01") if n < 40 else None} for n in range(200)]
    surveys = [{"asked_on": day("2024-06-01"), "asked": 5000, "answered": 5000, "burned_out": 2500}]
    known = {"profession.nurse.pay_per_year": 50.0, "profession.nurse.outside_pay_per_year": 100.0,
             "workforce.pay_elasticity": -1.0, "workforce.leaving_if_exhausted": 4.0,
             "workforce.quit_index": 1.25}
    visits = [visit("p", "2024-01-01"), visit("p", "2024-12-31")]
    evidence = evidence_of("2024-12-31", known, appointments=visits, clinicians=clinicians, surveys=surveys)
    found = found_in(evidence, leaving.FAMILY)["workforce.leaving_per_year"]
    years = (160 * 365 + 40 * 182) / 365.25
    # Half exhausted: 4^0.5 = 2; half the pay: 0.5^-1 = 2; others quit 1.25 times as often.
    assert found.value == pytest.approx(40 / years / (2 * 2 * 1.25), rel=0.1)
    assert found.counts["leavers"] == 40
    assert "surveys" in found.note


def test_little_time_says_nothing_of_leaving() -> None:
    clinicians = [{"clinician": "a", "hired_on": day("2010-01-01"), "left_on": day("2024-01-20")}]
    assert found_in(evidence_of("2024-02-25", appointments=weekdays(8, "a"), clinicians=clinicians),
                    leaving.FAMILY) == {}


def hand_over_records(dropped: int) -> dict[str, list[Row]]:
    """Twenty patients of a leaver, some of whom drop out the day after; twenty of a colleague, who stay."""
    clinicians = [{"clinician": "a", "hired_on": day("2010-01-01"), "left_on": day("2024-02-09")},
                  {"clinician": "b", "hired_on": day("2010-01-01"), "left_on": None}]
    both = [(who, n) for who in "ab" for n in range(20)]
    visits = [visit(f"{who}{n}", "2024-02-05", clinician=who, kind="return") for who, n in both]
    visits += [visit("z", "2024-01-01"), visit("z", "2024-03-30")]
    episodes = [episode(f"{who}{n}", "2024-02-10", "dropped") if who == "a" and n < dropped
                else episode(f"{who}{n}") for who, n in both]
    return {"appointments": visits, "episodes": episodes, "clinicians": clinicians}


def lost(dropped: int) -> Found:
    evidence = evidence_of("2024-03-31", **hand_over_records(dropped))
    return found_in(evidence, hand_over.FAMILY)["workforce.hand_over_loss"]


def test_hand_over_loss() -> None:
    found = lost(5)
    assert found.counts["their patients"] == 20
    assert found.counts["dropped out"] == 5
    # 40 patients from 1 January, five of them until 10 February: five drop out in 3390 days.
    anyway = 1 - np.exp(-3 * 5 / (35 * 91 + 5 * 40))
    assert found.value == pytest.approx(5 / 20 - anyway, abs=1e-4)
    none = lost(0)
    assert none.value == 0.0
    assert np.quantile(none.draws, 0.95) > 0.05


def test_notice_is_when_new_patients_stop() -> None:
    new, leavers = np.full(52, 5.0), np.full(52, 4.0)
    new[:6] = 0.0
    chances = notice_chances(new, leavers)
    assert int(np.argmax(chances)) == 6
    assert chances[6] > 0.9
    assert notice_chances(np.full(52, 5.0), leavers)[0] > 0.5
    assert notice_chances(np.array([0.0] * 51 + [1.0]), leavers).max() < 0.9, "one new patient tells nothing"


def ramp_records(first: float, weeks: float) -> dict[str, list[Row]]:
    """Five newcomers, ten slots a day when settled."""
    clinicians = [{"clinician": f"n{n}", "site": "North", "profession": "nurse", "left_on": None,
                   "hired_on": MONDAY + timedelta(days=7)} for n in range(5)]
    start = datetime(2024, 1, 8, 9)
    slots = [
        {"clinician": f"n{n}", "kind": "return", "starts_at": start + timedelta(days=7 * week + on)}
        for n in range(5) for week in range(40) for on in range(5)
        for _ in range(round(10 * min(1.0, first + (1 - first) * (7 * week + on) / (7 * weeks))))
    ]
    leaves = SOMEBODY_AWAY
    return {"appointments": weekdays(41, "x"), "clinicians": clinicians, "slots": slots, "leaves": leaves}


@pytest.mark.parametrize(("first", "weeks"), [(0.5, 16), (0.3, 24)])
def test_ramp_of_newcomers(first: float, weeks: float) -> None:
    so_far = {"team.North nurse.return_slots": given("team.North nurse.return_slots", 50.0)}
    found = found_in(evidence_of("2024-10-13", **ramp_records(first, weeks)), ramp_up.FAMILY, so_far)
    assert found["workforce.ramp_from"].value == pytest.approx(first, abs=0.04)
    assert found["workforce.ramp_weeks"].value == pytest.approx(weeks, rel=0.08)
    assert found["workforce.ramp_weeks"].counts["hires"] == 5


def test_without_a_template_nothing_is_said_of_newcomers() -> None:
    assert found_in(evidence_of("2024-10-13", **ramp_records(0.5, 16)), ramp_up.FAMILY) == {}


LAW = {"note_hours": 0.3, "missed_hours": 0.2, "patient_hours": 0.1, "fixed_hours": 3.0}
SHARES = {"displaced": 0.3, "unpaid": 0.5, "undone": 0.2}


def weeks_of_work(clinicians: int, weeks: int, paid_full: float = 40.0) -> dict[str, list[Row]]:
    """Weeks in which work due follows the law exactly; each clinician has ten patients, and a new one in some
    weeks."""
    chance = np.random.default_rng(5)
    visits: list[Row] = []
    episodes: list[Row] = []
    rows: list[Row] = []
    for who in (f"c{n}" for n in range(clinicians)):
        patients, put_off = [f"{who}p{n}" for n in range(10)], 0.0
        for week in range(weeks):
            monday = MONDAY + timedelta(days=7 * week)
            if chance.random() < 0.3:
                patients.append(f"{who}w{week}")
            held, missed = int(chance.integers(len(patients), 40)), int(chance.integers(0, 8))
            visits += [visit(patients[-1 - n % len(patients)], f"{monday}T{8 + n // 6:02d}:{n % 6}0:00",
                             clinician=who, kind="return") for n in range(held)]
            visits += [visit(patients[-1], f"{monday}T20:{n:02d}:00", "no_show", clinician=who)
                       for n in range(missed)]
            present = float(chance.integers(3, 6)) / 5
            other = (LAW["note_hours"] * held + LAW["missed_hours"] * missed + LAW["fixed_hours"] * present
                     + LAW["patient_hours"] * len(patients) + SHARES["displaced"] * put_off)
            due, paid = 0.75 * held + other, paid_full * present
            excess = max(0.0, due - paid)
            rows.append({"clinician": who, "week_start": monday, "worked": due - SHARES["unpaid"] * excess,
                         "paid": paid, "contact": 0.75 * held, "after_hours": SHARES["unpaid"] * excess})
            put_off = excess
        episodes += [{"patient": each, "opened_on": day("2023-01-01") if "p" in each else
                      MONDAY + timedelta(days=7 * int(each.rpartition("w")[2]))} for each in patients]
    return {"appointments": visits, "episodes": episodes, "hours": rows}


def test_hours_and_what_becomes_of_the_overflow() -> None:
    found = found_in(evidence_of("2024-12-29", **weeks_of_work(4, 52, 32.0)), hours.FAMILY)
    assert found["profession.everybody.paid_hours"].value == 32.0
    for name, truth in LAW.items():
        assert found[f"profession.everybody.{name}"].value == pytest.approx(truth, rel=0.02), name
    ways = [found[f"profession.everybody.overflow_{way}"] for way in SHARES]
    for way, truth in zip(ways, SHARES.values(), strict=True):
        assert way.value == pytest.approx(truth, abs=0.01)
    assert sum(way.value for way in ways) == pytest.approx(1.0, abs=1e-12)
    assert np.allclose(sum(way.draws for way in ways), 1.0)
    assert min(way.draws.min() for way in ways) >= 0.0


def test_without_hours_beyond_those_paid_nothing_is_said_of_the_overflow() -> None:
    found = found_in(evidence_of("2024-12-29", **weeks_of_work(2, 52, 80.0)), hours.FAMILY)
    assert "profession.everybody.note_hours" in found
    assert not [place for place in found if "overflow" in place]


def test_three_weeks_of_one_clinician_say_nothing() -> None:
    assert found_in(evidence_of("2024-12-29", **weeks_of_work(1, 3)), hours.FAMILY) == {}


def test_who_is_new_at_a_post() -> None:
    """Eleven hired a hundred days before the first Monday, eleven of whom nobody knows since when."""
    first_day = date(2024, 3, 4)
    clinicians: list[Row] = [{"clinician": f"new{each}", "hired_on": first_day - timedelta(days=100)}
                             for each in range(11)]
    clinicians += [{"clinician": f"old{each}", "hired_on": None} for each in range(11)]
    clinicians += [{"clinician": "gone", "hired_on": first_day - timedelta(days=50),
                    "left_on": first_day - timedelta(days=20)}]
    evidence = evidence_of("2024-03-02", appointments=weekdays(8, "new0"), clinicians=clinicians)
    so_far = {"workforce.leaving_per_year": given("workforce.leaving_per_year", 0.2)}
    found = {each.place: each for each in start.FAMILY.fit(evidence, so_far)}
    assert found["start.new_share"].value == pytest.approx(0.5)
    assert found["start.new_days"].value == pytest.approx((100, 101), abs=0.01)
    assert found["start.new_days"].counts == {"clinicians hired in the year before": 11}
    assert found["start.under_notice"].value == 1
    few = evidence_of("2024-03-02", appointments=weekdays(8, "new0"), clinicians=clinicians[:10])
    of_few = {each.place: each for each in start.FAMILY.fit(few, so_far)}
    assert of_few["start.new_share"].value == 0.2, "of ten nobody is shown: as many as leave in a year"
    assert of_few["start.new_share"].origin == "prior"
    assert "start.new_days" not in of_few
