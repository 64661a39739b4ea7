"""Which figures are hidden, told on tables small enough to reckon by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from careload.clinic import Estimate
from careload.measure.hidden_series import hide_series
from careload.measure.result import Series
from careload.measure.suppress import hide_small_cells


def share(
    y: int, n: int, *, people: int | None = None, measure: str = "no_show", statistic: str = "share",
    **by: str,
) -> Estimate:
    at_risk = n if people is None else people
    return Estimate(
        measure, statistic, y / n if n else None, 0.0, 1.0, "share", n, by, at_risk=at_risk, events=y,
        note="a note",
    )


def hidden(estimates: Sequence[Estimate], **options: Any) -> list[Mapping[str, str]]:
    return [each.by for each in hide_small_cells(estimates, **options) if each.hidden]


@pytest.mark.parametrize(
    ("y", "people", "is_hidden"),
    [
        (11, 11, False), (10, 100, True), (1, 100, True), (0, 100, False), (0, 10, True), (11, 10, True),
        (0, 0, False),
    ],
)
def test_patients_need_eleven_at_risk_and_eleven_events_or_none(y: int, people: int, is_hidden: bool) -> None:
    found = hide_small_cells([share(y, max(y, people), people=people)])
    assert found[0].hidden is is_hidden


@pytest.mark.parametrize(("y", "people", "is_hidden"), [(1, 11, False), (0, 10, True), (11, 10, True)])
def test_staff_need_eleven_at_risk_whatever_the_events(y: int, people: int, is_hidden: bool) -> None:
    rate = share(y, 100, people=people, measure="leaver_rate")
    assert hide_small_cells([rate], staff_measures={"leaver_rate"})[0].hidden is is_hidden


def test_posts_are_shown_from_five_where_the_group_agreed() -> None:
    posts = [share(1, 5, measure="vacancy_rate", site="A"), share(1, 4, measure="vacancy_rate", site="B")]
    both = [{"site": "A"}, {"site": "B"}]
    assert hidden(posts, posts_measures={"vacancy_rate"}) == both
    assert hidden(posts, posts_measures={"vacancy_rate"}, smallest_posts=5) == [{"site": "B"}]
    assert hidden(posts, staff_measures={"vacancy_rate"}, smallest_posts=5) == both


def test_a_hidden_estimate_tells_no_number() -> None:
    (found,) = hide_small_cells([share(3, 100)])
    assert found.as_json() | {"value": None} == found.as_json()
    assert [found.value, found.low, found.high, found.n, found.censored] == [None] * 5
    assert [found.at_risk, found.events, found.note] == [None, None, ""]
    assert "hidden" in str(found)


def test_one_hidden_site_takes_a_second_with_it() -> None:
    """500 appointments in all: with A and B shown, 500 less both would be C."""
    sites = [share(40, 300, site="A"), share(20, 192, site="B"), share(2, 8, site="C")]
    assert hidden([share(62, 500), *sites]) == [{"site": "B"}, {"site": "C"}]


def test_without_the_total_one_hidden_site_is_enough() -> None:
    assert hidden([share(40, 300, site="A"), share(2, 8, site="C")]) == [{"site": "C"}]


def test_two_hidden_sites_of_few_people_take_a_third_when_their_sum_would_tell() -> None:
    """B and C have 9 people between them: knowing that, neither could be 10."""
    sites = [share(40, 300, site="A"), share(30, 191, site="D"), share(2, 5, site="B"), share(1, 4, site="C")]
    assert hidden([share(73, 500), *sites]) == [{"site": "D"}, {"site": "B"}, {"site": "C"}]


def test_a_cell_inside_a_table_takes_a_ring_and_the_totals_that_would_narrow_it() -> None:
    """A ring of four cells hides A x. Were all totals shown, 70 less 36 would leave B y at least 34."""
    cells = {("A", "x"): 6, ("A", "y"): 30, ("B", "x"): 30, ("B", "y"): 40}
    inner = [share(n - 1, n, site=site, profession=profession) for (site, profession), n in cells.items()]
    found = hidden([
        share(102, 106), share(34, 36, site="A"), share(68, 70, site="B"),
        share(34, 36, profession="x"), share(68, 70, profession="y"), *inner,
    ])
    assert found == [{"profession": "x"}, {"profession": "y"}, *(each.by for each in inner)]


def test_statistics_of_the_same_people_are_hidden_together() -> None:
    def both(n: int, **by: str) -> list[Estimate]:
        median = Estimate("wait", "median", 30.0, 20.0, 40.0, "days", n, by, at_risk=n, events=n)
        return [share(n, n, measure="wait", statistic="seen_by_28", **by), median]

    found = hide_small_cells([*both(500), *both(300, site="A"), *both(192, site="B"), *both(8, site="C")])
    assert [(each.statistic, each.by["site"]) for each in found if each.hidden] == [
        ("seen_by_28", "B"), ("median", "B"), ("seen_by_28", "C"), ("median", "C"),
    ]


def test_an_n_hidden_in_one_measure_is_not_told_by_another() -> None:
    """C is hidden in both; beside it the same site in both, though each alone might choose another."""
    def site(name: str, n: int, missed: int, late: int) -> list[Estimate]:
        again = share(late, n, measure="restarted_clocks", site=name)
        return [share(missed, n, measure="no_show", site=name), again]

    total = [share(71, 508, measure="no_show"), share(157, 508, measure="restarted_clocks")]
    found = hide_small_cells([*total, *site("A", 250, 50, 40), *site("B", 250, 20, 115), *site("C", 8, 1, 2)])
    gone = [(each.measure, each.by["site"]) for each in found if each.hidden]
    assert len(gone) == 4
    assert {place for _, place in gone if place != "C"} in ({"A"}, {"B"})


def test_few_events_hide_the_share_and_not_the_median() -> None:
    median = Estimate("wait", "median", 30.0, 20.0, 40.0, "days", 300, {}, at_risk=100, events=250)
    early = share(4, 300, people=100, measure="wait", statistic="seen_by_7")
    assert [each.hidden for each in hide_small_cells([early, median])] == [True, False]


def test_what_the_appointments_kept_and_cancelled_would_tell_is_hidden() -> None:
    """100 appointments, 60 kept or missed, 36 cancelled by patients: 4 by the clinic."""
    told = [
        share(20, 60, measure="no_show"), share(36, 100, measure="cancellation_by_patient"),
        share(4, 100, measure="cancellation_by_clinic"),
    ]
    found = hide_small_cells(told)
    assert [each.measure for each in found if each.hidden][-1] == "cancellation_by_clinic"
    assert sum(each.hidden for each in found) == 2


def waits(n: int, still: int, **by: str) -> Estimate:
    return Estimate(
        "intake_wait", "median", 30.0, 20.0, 40.0, "days", n, by, still, counted="patients", at_risk=n,
        events=n - still,
    )


def cut_off(estimates: Sequence[Estimate], **options: Any) -> list[int | None]:
    found = hide_small_cells(estimates, **options)
    assert not any(each.hidden for each in found)
    return [each.censored for each in found]


@pytest.mark.parametrize(("still", "told"), [(0, 0), (1, None), (10, None), (11, 11)])
def test_one_to_ten_people_still_waiting_are_hidden_beside_a_figure_that_is_shown(
    still: int, told: int | None
) -> None:
    assert cut_off([waits(300, still)]) == [told]


def test_the_number_waiting_that_would_tell_another_is_hidden_with_it() -> None:
    """45 wait in all: with those at A and B shown, 45 less both would be C."""
    sites = [waits(300, 20, site="A"), waits(200, 18, site="B"), waits(100, 7, site="C")]
    assert cut_off([waits(600, 45), *sites]) == [45, 20, None, None]


def test_staff_who_were_cut_off_are_told_as_staff_are() -> None:
    assert cut_off([waits(300, 5)], staff_measures={"intake_wait"}) == [5]


def test_a_hidden_number_of_those_waiting_reads_as_a_sentence() -> None:
    (found,) = hide_small_cells([waits(300, 5)])
    assert str(found).endswith(
        "; n = 300 patients, people still waiting (if any: their number is hidden) are counted"
    )


def test_people_in_care_are_not_told_by_those_still_waiting() -> None:
    """At B 7 wait, and 7 are in care: both are hidden, and with them what would tell them."""
    def site(n: int, still: int, **by: str) -> list[Estimate]:
        main = replace(waits(n, still, **by), measure="return_interval")
        waited = replace(main, statistic="naive_median", n=n - still, censored=0)
        in_care = replace(main, statistic="in_care_median", n=still, censored=0, at_risk=still, events=0)
        return [main, waited, in_care]

    found = hide_small_cells([*site(500, 40), *site(300, 33, site="A"), *site(200, 7, site="B")])
    told = {(each.statistic, each.by.get("site")): (each.n, each.censored) for each in found}
    assert told["in_care_median", "B"] == (None, None)
    assert told["median", "B"][1] is None
    assert told["median", "A"][1] is None
    assert told["naive_median", "B"][0] is None or told["median", "B"][0] is None


def test_one_bound_does_not_tell_how_many_wait_under_the_other() -> None:
    """Whoever was seen is in both bounds: 54 less 51 are the 3 who wait with nothing planned."""
    found = hide_small_cells([waits(54, 3, open="all"), waits(51, 0, open="planned")])
    assert found[0].censored is None
    assert None in (found[0].n, found[1].n, found[1].censored)


def test_those_reached_do_not_tell_how_few_were_cut_off() -> None:
    """109 of 117 were seen within two weeks: at most 8 can have been cut off."""
    early = replace(waits(117, 1), statistic="seen_by_14", unit="share", value=109 / 117, events=109)
    found = hide_small_cells([waits(117, 1), early])
    assert [each.censored for each in found] == [None, None]
    assert [each.hidden for each in found] == [False, True]


def test_people_who_stand_in_several_parts_are_not_taken_for_a_sum() -> None:
    """Per patient: 100 people in all, 90 seen by one profession, 60 by another, 8 by a third."""
    people = [
        share(50, 100, measure="seen"), share(40, 90, measure="seen", profession="a"),
        share(30, 60, measure="seen", profession="b"), share(0, 8, measure="seen", profession="c"),
    ]
    assert {"profession": "c"} in hidden(people)


def test_those_who_ever_left_do_not_tell_how_few_left_this_year() -> None:
    def of(by: dict[str, str], at_risk: int, left: int, hired: int, here: int) -> list[Estimate]:
        rate = Estimate("leaver_rate", "rate", 1.0, 0.0, 9.0, "leavers", left, by, at_risk=at_risk)
        tenure = Estimate("tenure", "median", 900.0, 1.0, 999.0, "days", hired, by, here, at_risk=hired)
        return [replace(rate, events=left), replace(tenure, events=hired - here)]

    a, b, c = ({"profession": name} for name in "ABC")
    rows = [*of({}, 70, 30, 71, 40), *of(a, 10, 0, 11, 10), *of(b, 30, 15, 30, 15), *of(c, 30, 15, 30, 15)]
    shown = hide_small_cells(rows, staff_measures={"leaver_rate", "tenure"})
    found = {(each.measure, each.by.get("profession")): each for each in shown}
    assert found["leaver_rate", "A"].hidden
    # Of A one ever left: were it known how many are still employed, its hidden leavers would be one at most.
    assert found["tenure", "A"].n == 11
    assert found["tenure", "A"].censored is None
    assert found["leaver_rate", None].n == 30


def curve(n: int) -> Series:
    days = [(0, 0.0), (7, 5 / n), (14, 30 / n), (28, 33 / n), (56, 60 / n)]
    points = tuple(
        {
            "day": day, "seen": seen, "discharged": 0.0, "dropped": 0.0,
            "waiting": 1 - seen, "low": 0.0, "high": 1.0,
        }
        for day, seen in days
    )
    return Series("return_interval_states", {}, points)


def median(n: int) -> Estimate:
    return Estimate("return_interval", "median", 40.0, 30.0, 50.0, "days", n, {}, at_risk=n, events=n)


def test_a_curve_moves_only_by_eleven_or_more() -> None:
    (shown,) = hide_series([curve(100)], hide_small_cells([median(100)]))
    assert [round(100 * float(point["seen"] or 0)) for point in shown.points] == [0, 0, 30, 30, 60]
    assert [round(100 * float(point["waiting"] or 0)) for point in shown.points] == [100, 100, 70, 70, 40]


def test_a_curve_has_a_gap_where_a_share_is_hidden() -> None:
    early = share(5, 100, measure="return_interval", statistic="seen_by_7")
    later = share(30, 100, measure="return_interval", statistic="seen_by_14")
    (shown,) = hide_series([curve(100)], hide_small_cells([median(100), early, later]))
    assert [point["day"] for point in shown.points] == [14, 28, 56]


def test_a_curve_of_few_people_is_left_out() -> None:
    assert hide_series([curve(9)], hide_small_cells([median(9)])) == ()


def test_small_counts_of_the_calendar_are_hidden_two_at_least() -> None:
    weeks = [(40, 20), (30, 15), (25, 3), (50, 12)]
    points = tuple({"week": str(week), "due": due, "overdue": late} for week, (due, late) in enumerate(weeks))
    (shown,) = hide_series([Series("overdue_calendar", {}, points)], ())
    assert [point["due"] for point in shown.points] == [40, 30, 25, 50]
    assert [point["overdue"] for point in shown.points] == [20, 15, None, None]
