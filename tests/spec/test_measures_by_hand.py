"""Who counts, from when, until when: every rule of counting in a table small enough to reckon by hand."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.support.by_hand import AS_OF, Row, day, episode, intake, judged, request, told, visit
from tests.support.estimates import of_measure
from tests.support.records import records

from careload.measure import measure
from careload.measure.view import View

# Requests for care


@pytest.mark.parametrize(("outcome", "seen"), [("gave_up", 0.5), ("rejected", 1.0)])
def test_a_request_that_was_closed_is_not_answered_by_the_visit_of_a_later_one(
    outcome: str, seen: float
) -> None:
    first = request("a", "2024-01-01", closed="2024-01-20", outcome=outcome)
    found = told(
        "intake_wait", referrals=[first, request("a", "2024-03-01")], appointments=[intake("a", "2024-03-10")]
    )
    assert found["median"].n == 2
    assert found["median"].events == 1  # nine days, not sixty-nine as well
    assert found["median"].censored == 0
    assert found["seen_by_28"].value == pytest.approx(seen)


def test_whoever_was_seen_before_the_records_begin_waits_for_nothing() -> None:
    old = request("a", "2020-01-01", closed="2020-01-10", outcome="seen")
    found = told(
        "intake_wait",
        referrals=[old, request("b", "2024-01-01")],
        appointments=[visit("a", "2024-03-10", kind="return"), intake("b", "2024-01-08")],
    )
    assert (found["median"].value, found["median"].n, found["median"].censored) == (7, 1, 0)


def test_a_request_closed_at_booking_waits_until_the_visit() -> None:
    booked = intake("a", "2024-07-20", "booked", booked_at=datetime(2024, 6, 1, 8))
    found = told(
        "intake_wait",
        referrals=[request("a", "2024-05-31", closed="2024-06-01", outcome="seen")],
        appointments=[booked, visit("b", "2024-06-30", kind="return")],
    )
    assert (found["median"].value, found["median"].low, found["median"].censored) == (None, 30, 1)


def test_the_dead_do_not_wait_for_a_first_visit() -> None:
    found = told(
        "intake_wait",
        referrals=[request("a", "2024-01-01"), request("b", "2024-01-01")],
        appointments=[intake("b", "2024-01-10")],
        patients=[{"patient": "a", "died_on": day("2024-01-03")}],
    )
    assert found["seen_by_14"].value == pytest.approx(1.0)


def test_a_visit_attended_was_offered() -> None:
    found = told(
        "offered_wait",
        referrals=[request("a", "2024-01-01"), request("b", "2024-01-01")],
        appointments=[
            intake("a", "2024-01-05"),  # nobody wrote the offer down
            intake("b", "2024-01-15", first_offered_at=datetime(2024, 1, 4, 9)),
        ],
    )
    assert (found["median"].value, found["p90"].value, found["p90"].censored) == (3, 4, 0)
    assert found["offered_by_7"].value == 1


def test_a_booking_still_ahead_ends_no_wait_yet() -> None:
    # One of ten has been given a day, four weeks off: the median is not 26 days.
    asked = [request(f"p{number}", "2024-06-24") for number in range(10)]
    booked = intake("p0", "2024-07-20", "booked", booked_at=datetime(2024, 6, 25, 9))
    found = told("booked_wait", referrals=asked, appointments=[booked, intake("z", "2024-01-01")])
    assert (found["median"].value, found["median"].low, found["median"].censored) == (None, 6, 10)


def test_the_clock_of_the_booking_is_that_of_the_visit_attended() -> None:
    later = intake("a", "2024-05-10", booked_at=datetime(2024, 1, 2, 9))
    held = intake("a", "2024-01-10", booked_at=datetime(2024, 1, 5, 9))
    view = View(records(referrals=[request("a", "2024-01-01")], appointments=[held, later]), day(AS_OF))
    found = of_measure("clocks_to_first_visit", view, ())
    medians = {each.by["clock"]: each.value for each in found if each.statistic == "median"}
    assert medians == {"request": 9, "booking": 5}


# What is known on the day


def test_a_visit_put_in_the_book_the_day_after_it_was_held_is_known() -> None:
    rows = [visit("a", "2024-06-30", booked_at=datetime(2024, 7, 1, 8)), visit("b", "2024-06-29", "no_show")]
    found = told("no_show", appointments=rows)["share"]
    assert (found.value, found.n) == (0.5, 2)


def test_two_ends_on_one_day_are_told_alike_on_every_engine() -> None:
    people = [f"p{number}" for number in range(200)]
    ends = [
        episode(who, "2024-02-01", how)
        for number, who in enumerate(people)
        for how in (("completed", "dropped") if number % 2 else ("dropped", "completed"))
    ]
    held = [visit(who, "2024-01-01") for who in people]
    view = View(records(appointments=held, episodes=ends), day(AS_OF))
    assert {row["event"] for row in view.spans.to_pyarrow().to_pylist()} == {"discharged"}


# Return visits


def test_early_returns_do_not_stand_for_those_who_still_wait() -> None:
    # Ten are due after 28 days and 10 have passed; two came back early. Nothing can be said of the ten yet.
    first = [visit(f"p{number}", "2024-06-20", prescribed_interval_days=28) for number in range(10)]
    early = [visit(f"p{number}", "2024-06-27") for number in range(2)]
    assert told("return_beyond_prescribed", appointments=first + early)["raw"].n == 0
    later = told("return_beyond_prescribed", "2024-07-19", appointments=first + early)["raw"]
    assert (later.value, later.n) == (0.8, 10)


def test_patients_still_waiting_are_counted_as_people_where_every_patient_weighs_the_same() -> None:
    weekly = [visit(f"p{number}", f"2024-01-{1 + 7 * week:02d}") for number in range(12) for week in range(4)]
    found = told("return_interval", appointments=weekly, episodes=[episode("p0", "2024-01-22", "completed")])
    assert (found["median"].n, found["median"].censored) == (48, 11)
    assert (found["per_patient_median"].n, found["per_patient_median"].censored) == (12, 11)


def test_a_patient_with_two_ends_of_care_is_one_patient() -> None:
    rows = [visit("a", "2024-01-02"), visit("a", "2024-03-01")]
    ends = [episode("a", "2024-02-01", "admitted"), episode("a", "2024-04-01", "admitted")]
    ends[1]["opened_on"] = day("2024-02-20")
    found = told("return_interval", appointments=rows, episodes=ends)
    assert (found["median"].n, found["median"].censored) == (2, 2)
    assert (found["per_patient_median"].n, found["per_patient_median"].censored) == (1, 1)


def test_none_of_twelve_is_a_share_with_doubt() -> None:
    rows = [visit(f"p{number}", when) for number in range(12) for when in ("2024-01-01", "2024-01-31")]
    ends = [episode(f"p{number}", "2024-01-31", "completed") for number in range(12)]
    found = told("return_interval", appointments=rows, episodes=ends)
    none, everyone = found["seen_by_7"], found["seen_by_56"]
    assert (none.value, none.low, everyone.value, everyone.high) == (0, 0, 1, 1)
    bound = 1.96**2 / (12 + 1.96**2)  # Wilson's
    assert none.high == pytest.approx(bound, abs=1e-3)
    assert everyone.low == pytest.approx(1 - bound, abs=1e-3)


def test_where_everyone_was_discharged_nobody_failed_to_be_seen() -> None:
    rows = [visit(f"p{number}", "2024-01-01") for number in range(12)]
    ends = [episode(f"p{number}", "2024-01-01", "completed") for number in range(12)]
    found = told("return_interval", appointments=rows, episodes=ends)
    assert not [name for name in found if "seen_by" in name]
    assert (found["median"].value, found["median"].censored) == (None, 0)


def test_where_nobody_knows_whose_care_has_ended_no_rule_is_missed() -> None:
    rows = [
        visit(f"p{number}", when, first_offered_at=datetime.fromisoformat(f"{when}T09:00"))
        for number in range(3)
        for when in ("2024-01-01", "2024-01-08")
    ]
    _, verdict = judged("california-follow-up", appointments=rows)
    assert (verdict.verdict, verdict.share) == ("cannot be said", 0.5)
    assert "whose care has ended" in verdict.because
    open_ = [episode(f"p{number}") for number in range(3)]
    _, verdict = judged("california-follow-up", appointments=rows, episodes=open_)
    assert verdict.verdict == "misses"


def offered_and_seen(*days: str) -> list[Row]:
    return [
        visit(f"p{number}", when, first_offered_at=datetime.fromisoformat(f"{when}T09:00"),
              prescribed_interval_days=7)
        for number in range(3)
        for when in days
    ]


def test_a_rule_is_missed_where_it_is_missed_whoever_counts_as_waiting() -> None:
    """Seen after six weeks, then not again. Of those with something planned nobody waits."""
    found, verdict = judged("california-follow-up", appointments=offered_and_seen("2024-01-02", "2024-02-13"))
    assert found is not None
    assert found.by["open"] == "all"
    assert (verdict.verdict, verdict.share) == ("misses", 0.0)
    assert "If only people with something planned count as waiting: 0.0 %" in verdict.because


def test_a_rule_cannot_be_judged_where_it_depends_on_who_counts_as_waiting() -> None:
    """Seen after a week, then not again: 3 of 6 in time, or 3 of 3 if they had finished."""
    _, verdict = judged("california-follow-up", appointments=offered_and_seen("2024-01-02", "2024-01-09"))
    assert (verdict.verdict, verdict.share) == ("cannot be said", 0.5)
    assert "If only people with something planned count as waiting: 100.0 %" in verdict.because
    assert "the records do not tell whose care has ended." in verdict.because


# Standards


def test_a_request_older_than_every_appointment_has_its_holidays_too() -> None:
    # Ten business days after Monday 23 December 2024: Christmas and New Year's Day are closed, so 8 January.
    held = [intake("a", "2025-01-08"), intake("z", "2025-02-10")]
    asked = [request("a", "2024-12-23")]
    found, _ = judged("california-intake", "2025-02-28", referrals=asked, appointments=held)
    assert found is not None
    assert (found.value, found.n) == (1.0, 1)


def test_requests_nobody_triaged_are_not_held_against_the_urgent_rule() -> None:
    found, verdict = judged(
        "maryland-urgent", referrals=[request("a", "2024-01-01")], appointments=[intake("a", "2024-01-08")]
    )
    assert found is None
    assert "do not supply referrals.urgency" in verdict.because


def test_the_dead_are_not_late_for_an_urgent_visit() -> None:
    asked = [request(who, "2024-03-04", urgency="urgent") for who in "ab"]
    found, _ = judged(
        "maryland-urgent",
        referrals=asked,
        appointments=[intake("b", "2024-03-05")],
        patients=[{"patient": "a", "died_on": day("2024-03-05")}],
    )
    assert found is not None
    assert (found.value, found.n) == (1.0, 1)


# After hospital


def test_a_visit_earlier_on_the_day_of_the_emergency_does_not_follow_it() -> None:
    found = told(
        "follow_up_after_ed",
        appointments=[visit("a", "2024-01-05T10:00"), visit("a", "2024-01-09")],
        encounters=[{"patient": "a", "kind": "ed", "starts_at": datetime(2024, 1, 5, 15)}],
    )
    assert found["median"].value == 4


def test_whoever_is_still_in_hospital_was_not_discharged() -> None:
    stay = {"kind": "inpatient", "starts_at": datetime(2024, 5, 5, 15)}
    stays = [
        {**stay, "patient": "a", "ends_at": None},
        {**stay, "patient": "b", "ends_at": datetime(2024, 5, 9)},
    ]
    found = told("follow_up_after_discharge", appointments=[visit("b", "2024-05-12")], encounters=stays)
    assert (found["median"].value, found["median"].n) == (3, 1)


def test_the_dead_are_not_waited_for_after_an_emergency() -> None:
    found = told(
        "follow_up_after_ed",
        appointments=[visit("b", "2024-01-08")],
        encounters=[{"patient": who, "kind": "ed", "starts_at": datetime(2024, 1, 5, 15)} for who in "ab"],
        patients=[{"patient": "a", "died_on": day("2024-01-06")}],
    )
    assert found["seen_by_7"].value == pytest.approx(1.0)


def test_the_dead_are_not_in_care() -> None:
    found = told(
        "ed_visits",
        appointments=[visit("a", "2024-01-01")],
        episodes=[episode("a")],
        patients=[{"patient": "a", "died_on": day("2024-01-31")}],
        encounters=[{"patient": "a", "kind": "ed", "starts_at": datetime(2024, 1, 5, 15)}],
    )["rate"]
    assert found.value == pytest.approx(36525 / 30)


def test_few_emergency_visits_are_few_events() -> None:
    found = told(
        "ed_visits",
        appointments=[visit("a", "2024-01-01")],
        episodes=[{"patient": "a", "opened_on": day("2024-01-01"), "closed_on": None}],
        encounters=[{"patient": "a", "kind": "ed", "starts_at": datetime(2024, 3, 5, 15)}],
    )["rate"]
    assert (found.at_risk, found.events) == (1, 1)
    assert found.value == pytest.approx(36525 / 181)  # one in the 181 days from 1 January to 30 June


# Clinicians


def test_contact_alone_is_not_the_work_due() -> None:
    week = {"clinician": "c", "week_start": day("2024-01-01"), "paid": 40.0}
    held = [visit("a", "2024-01-05")]
    alone = told("overload", appointments=held, hours=[{**week, "contact": 24.0, "non_contact": None}])
    both = told("overload", appointments=held, hours=[{**week, "contact": 24.0, "non_contact": 18.0}])
    assert (alone["ratio"].value, both["ratio"].value) == (None, 42 / 40)


def test_clinicians_who_only_see_new_patients_are_counted() -> None:
    rows = [
        visit("a", "2024-01-05", kind="intake", clinician="c"),
        visit("b", "2024-01-05", kind="return", clinician="d"),
    ]
    found = told("new_to_return_ratio", appointments=rows)["ratio"]
    assert (found.value, found.n) == (1.0, 2)


# Quantiles


def test_the_longest_of_a_dozen_is_not_the_most_that_nine_in_ten_may_wait() -> None:
    rows = [
        visit(f"p{number}", "2024-03-20", booked_at=datetime(2024, 3, 19 - number, 9)) for number in range(12)
    ]
    found = told("lead_time", appointments=rows)
    assert (found["p90"].value, found["p90"].high) == (11, None)  # one in four such dozens lies below it
    assert (found["median"].value, found["median"].high) == (6, 10)


# Weeks


def test_weeks_before_the_first_request_in_the_records_are_no_weeks_without_requests() -> None:
    asked = [request(f"p{number}", f"2024-06-{3 + number:02d}") for number in range(28)]
    found = told("referrals_per_week", appointments=[visit("z", "2023-06-01")], referrals=asked)["mean"]
    assert (found.value, found.n) == (7, 4)


def test_many_visits_of_one_patient_are_one_patient() -> None:
    rows = [visit("a", f"2024-06-{3 + number:02d}", site="South") for number in range(14)]
    rows += [visit(f"p{number}", "2024-06-04", site="North") for number in range(40)]
    view = View(records(appointments=rows), day(AS_OF))
    found = {
        each.by.get("site"): each for each in of_measure("visits_per_week", view, ("site",))
    }
    assert {site: (each.at_risk, each.events) for site, each in found.items()} == {
        None: (41, 54),
        "North": (40, 40),
        "South": (1, 14),
    }
    published = measure(view.records, by=["site"], only=["visits_per_week"])
    shown = [each for each in published.estimates if not each.hidden and "versus" not in each.by]
    assert not {"South"} & {each.by.get("site") for each in shown}
    assert len(shown) < 2  # the total and North would give South away


# What records do not tell


def test_records_that_never_say_no_show_do_not_say_that_nobody_missed_a_visit() -> None:
    held = [visit(f"p{number}", "2024-06-01") for number in range(40)]
    found = measure(records(appointments=held), only=["no_show"])
    assert not found.estimates
    (absent,) = found.not_measurable
    assert "appointments.status=no_show" in absent.because


def test_a_clinician_of_two_sites_has_one_caseload() -> None:
    rows = [
        visit(f"p{number}", "2024-06-01", clinician="c1", site="North" if number < 7 else "South")
        for number in range(10)
    ]
    found = told("caseload", appointments=rows, episodes=[episode(row["patient"]) for row in rows])
    assert (found["mean"].value, found["mean"].n) == (10, 1)


def test_a_clinician_of_two_sites_stands_where_most_patients_were_seen() -> None:
    rows = [
        visit(f"p{number}", "2024-06-01", clinician="c1", site="North" if number < 7 else "South")
        for number in range(10)
    ]
    own = View(records(appointments=rows, episodes=[episode(row["patient"]) for row in rows]), day(AS_OF))
    found = of_measure("caseload", own, ("site",))
    assert {tuple(each.by.values()): each.n for each in found if each.statistic == "mean"} == {
        (): 1, ("North",): 1,
    }


def test_an_intake_and_a_second_visit_on_one_day_are_one_day_of_intake() -> None:
    found = told(
        "second_visit_wait",
        appointments=[
            intake("a", "2024-01-08T09:00"), visit("a", "2024-01-08T11:00", kind="return"),
            visit("a", "2024-02-27", kind="return"),
        ],
        episodes=[episode("a"), episode("b", "2024-01-02", "completed")],
    )
    assert (found["median"].value, found["median"].n) == (50, 1)


def test_a_plan_written_before_a_second_visit_that_day_stands() -> None:
    found = told(
        "overdue",
        appointments=[
            visit("a", "2024-05-01T09:00", prescribed_interval_days=14), visit("a", "2024-05-01T11:00"),
        ],
        episodes=[episode("a"), episode("b", "2024-01-02", "completed")],
    )
    assert (found["count"].value, found["median"].value) == (1, 60 - 14)


def test_a_discharge_after_the_plan_ran_out_was_late() -> None:
    found = told(
        "return_beyond_prescribed",
        appointments=[
            visit("a", "2024-01-08", prescribed_interval_days=14), visit("a", "2024-01-22"),
            visit("b", "2024-01-08", prescribed_interval_days=14),
        ],
        episodes=[episode("a"), episode("b", "2024-03-08", "completed")],
    )
    assert (found["raw"].value, found["raw"].n) == (0.5, 2)


def test_a_day_in_two_episodes_is_one_day_in_care() -> None:
    parallel = {**episode("a", "2024-04-10"), "opened_on": day("2024-02-01")}
    found = told(
        "ed_visits",
        appointments=[visit("a", "2024-01-01")],
        episodes=[episode("a", "2024-04-10"), parallel],
        encounters=[{"patient": "a", "kind": "ed", "starts_at": datetime(2024, 3, 1, 12)}],
    )
    assert found["rate"].value == pytest.approx(36525 / 100)


def test_whoever_was_never_seen_has_nothing_booked_either() -> None:
    found = told(
        "silent_backlog",
        appointments=[visit("a", "2024-06-01"), visit("a", "2024-07-10", "booked"), visit("c", "2024-01-02")],
        episodes=[episode("a"), episode("b"), episode("c", "2024-01-02", "completed")],
    )
    assert (found["count"].value, found["count"].n) == (1, 2)


def test_hours_cannot_be_counted_from_days() -> None:
    asked = {"patient": "a", "requested_at": datetime(2024, 6, 10), "urgency": "urgent"}
    share, verdict = judged("california-urgent", referrals=[asked], appointments=[visit("a", "2024-06-12")])
    assert share is None
    assert verdict.verdict == "cannot be said"
    assert "referrals.requested_at has no time of day" in verdict.because


def test_hours_that_ran_out_on_the_day_count() -> None:
    def asked(patient: str, at: datetime) -> Row:
        return {"patient": patient, "requested_at": at, "urgency": "urgent"}

    share, _ = judged(
        "california-urgent",
        referrals=[asked("a", datetime(2024, 6, 28, 0, 30)), asked("b", datetime(2024, 6, 29, 0, 30))],
        appointments=[visit("z", "2024-06-30")],
    )
    assert share is not None
    assert (share.value, share.n) == (0, 1)
