"""The sentences of a page say what its figures say, for better and for worse."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.support.made_runs import (
    POSTS,
    estimate,
    made_comparison,
    made_run,
    made_runs,
    made_service,
)

from careload.clinic import Finding, UsageError
from careload.simulate import Change, Comparison, Difference, differences, words
from careload.simulate.report import html, write_page
from careload.simulate.report.origins import marks_in_words, set_values, switched_off
from careload.simulate.report.sentences import (
    change_in_words,
    differences_told,
    what_clinicians_carry,
    what_patients_get,
)
from careload.simulate.report.shown import return_rules, shown
from careload.simulate.report.story import tell

LEAVERS = "leavers per 100 clinician-years"

def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def test_one_sentence_says_what_patients_get() -> None:
    assert plain(what_patients_get(shown(made_runs()))) == (
        "Of those who wait for a next visit, half are seen within 40 days (95 % interval 39 to 41); "
        "25.0 % (24.0 to 26.0 %) are seen within 14 days."
    )


def test_with_a_standard_it_speaks_of_the_legal_limit() -> None:
    told = plain(what_patients_get(shown(made_runs(), "california")))
    assert told.endswith("50.0 % (50.0 to 50.0 %) are seen within the legal limit of 10 business days.")


def test_a_median_that_is_not_reached_is_no_number() -> None:
    for runs in (3, 10):  # not reached in all of them, and in some
        made = [estimate("return_interval", "median", None)]
        told = what_patients_get(shown(made_runs([made_run(number) for number in range(runs)], made=made)))
        assert told == "Of those who wait for a next visit, half are not seen again."


def test_one_sentence_says_what_clinicians_carry() -> None:
    assert plain(what_clinicians_carry(shown(made_runs()))) == (
        "Clinicians carry 1.10 (1.05 to 1.15) hours of work for every hour paid; "
        "in a year 12.0 of 100 posts lose their holder (10.0 to 14.0)."
    )


def test_of_two_services_the_second_is_told_against_the_first() -> None:
    assert plain(what_patients_get(shown(made_comparison()))) == (
        "Of those who wait for a next visit, half are seen within 34 days (33 to 35), instead of 40 "
        "(39 to 41): 6.00 days shorter (95 % interval 5.50 to 6.50)."
    )


@pytest.mark.parametrize(
    ("measure", "statistic", "unit", "change", "kind"),
    [
        ("return_interval", "median", "days", -5.0, "better"),
        ("return_interval", "median", "days", 5.0, "worse"),
        ("return_interval", "seen_by_14", "share", 0.5, "better"),
        ("overload", "ratio", "hours due per hour paid", 0.5, "worse"),
        ("caseload", "mean", "patients per clinician", 5.0, "different"),
        ("overdue", "mean", "patients", 0.1, "same"),
        ("remission_untreated", "rate", "patients per year", 50.0, "different"),
    ],
)
def test_each_difference_is_told_as_what_it_is(
    measure: str, statistic: str, unit: str, change: float, kind: str
) -> None:
    here = estimate(measure, statistic, 10.0, 9.0, 11.0, unit)
    there = estimate(measure, statistic, 10.0 + change, 9.0 + change, 11.0 + change, unit)
    found = Comparison(made_runs(made=[here]), made_runs(made=[there], turned=0.3), (), ())
    told = differences_told(shown(found))
    assert [key for key, said in told.items() if said] == [kind]


def test_a_difference_that_may_be_none_is_said_to_be_one() -> None:
    ends = estimate("overdue", "mean", 0.1, -0.2, 0.4, "patients")
    assert plain(differences.change_in_words(ends)) == (
        "no difference that these runs can tell from none (−0.20 to +0.40)"
    )


def test_a_difference_that_is_one_has_no_end_at_0() -> None:
    ends = estimate("overload", "ratio", 0.006, 0.002, 0.012, "hours due per hour paid")
    assert plain(differences.change_in_words(ends)) == "0.006 higher (95 % interval 0.002 to 0.012)"


def test_runs_that_are_all_alike_need_no_more_decimals() -> None:
    rounded = estimate("overdue", "mean", 469.6, 469.6 - 1e-13, 469.6 + 1e-13, "patients")
    assert plain(words.with_interval(rounded)) == "470 patients (470 to 470)"


def test_nothing_is_0_without_decimals() -> None:
    assert plain(words.interval(estimate("leaver_rate", "rate", 0.0, 0.0, 0.0, LEAVERS))) == "0 to 0"
    assert plain(words.figure(estimate("vacancy_rate", "share", 0.0, 0.0, 0.0, "share"))) == "0 %"


def test_decimals_of_both_ends_are_the_same() -> None:
    here = estimate("no_show", "share", 0.148, 0.147, 0.149, "share")
    there = estimate("no_show", "share", 0.14803, 0.14801, 0.14805, "share")
    less = estimate("no_show", "share", -0.0003, -0.0005, -0.0001, "share")
    assert plain(differences.difference_in_words(Difference(here, there, less))) == (
        "No-shows: from 14.800 % to 14.803 %, 0.03 percentage points lower (95 % interval 0.01 to 0.05)."
    )


def test_what_is_not_reached_has_no_difference() -> None:
    p90 = next(d for d in made_comparison().differences() if d.here.statistic == "p90")
    assert differences.difference_in_words(p90) == (
        "Return interval, nine in ten within: not reached in 3 of 10 runs in A, "
        "not reached in 3 of 10 runs in B; the difference cannot be given."
    )


def test_one_run_has_no_interval() -> None:
    assert words.interval(estimate("overdue", "mean", 400.0, unit="patients")) == "one run, no interval"


def test_leavers_are_told_with_a_decimal_like_shares() -> None:
    told = words.figure(estimate("leaver_rate", "rate", 12.0, 10.0, 14.0, LEAVERS))
    assert plain(told) == f"12.0 {LEAVERS}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (POSTS, "posts of north psychologists from 4 to 6"),
        (Change("policy.protected_intake", 1.0, 0.4),
         "protected intake from 1 to 0.4 share of intake slots"),
        (Change("policy.own_clinician", True, False), "own clinician from yes to no"),
        (Change("need.anxiety.arrivals_per_week.North", 5.0, 7.5),
         "arrivals per week of anxiety at North from 5 to 7.5 patients per week"),
        (Change("need.anxiety.cadence_days", (7, 14), (14, 28)),
         "cadence days of anxiety from 7, 14 to 14, 28 days"),
        (Change("team.night.*", None, {"team.night.posts": 2, "team.night.fte": 1.0}),
         "all of night (2 values together)"),
        (Change("team.*.return_slots", {"team.day.return_slots": 9.5, "team.night.return_slots": 9.5},
                {"team.day.return_slots": 14, "team.night.return_slots": 14}),
         "return slots of 2 teams from 9.5 to 14"),
        (Change("team.*.posts", {"team.day.posts": 3, "team.night.posts": 5},
                {"team.day.posts": 4, "team.night.posts": 6}), "posts of 2 teams"),
        (Change("*", {"a": 1}, {"a": 2}), "everything that differs (1 value)"),
    ],
)
def test_a_change_is_told_in_words(change: Change, said: str) -> None:
    assert plain(change_in_words(change)) == said


def test_two_services_of_one_name_have_two() -> None:
    assert shown(made_comparison()).names == ("Two small sites", "Two small sites, changed")


def test_the_page_says_what_it_rests_on() -> None:
    service = made_service()
    assert re.match(r"Of \d+ kinds of parameters, \d+ are set by the service file", marks_in_words(service))
    assert [each.partition(":")[0] for each in switched_off(service)] == ["groups"]
    values = {row[0].text: row[1].text for row in set_values(service).rows}
    assert values["Team, north_psychologists, posts"] == "4"
    assert values["Mechanisms, groups"] == "no"


def test_findings_stand_on_top_the_gravest_first_and_each_once(tmp_path: Path) -> None:
    grows = Finding("grows", "warning", "", 0, "The queue grows.", "one that settles", "Run it longer.")
    short = Finding("few-runs", "error", "", 0, "There are few runs.", "more", "Ask for more.")
    assert tell(made_runs(), noticed=(grows, short, grows)).findings == (short, grows)
    page = write_page(made_runs(), tmp_path / "page.html", findings=[grows]).read_text(encoding="utf-8")
    assert page.index("The queue grows. Run it longer.") < page.index("What patients get</h2>")


def test_a_standard_without_such_a_limit_says_so() -> None:
    assert return_rules("nhs-community") == ()
    assert "sets no limit from one visit to the next" in html(made_runs(), "nhs-community")


def test_an_unknown_standard_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="california"):
        write_page(made_runs(), tmp_path / "page.html", "californa")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("found", [made_runs(), made_comparison()], ids=["runs", "comparison"])
def test_the_same_runs_give_the_same_page_and_it_loads_nothing(found: Any, tmp_path: Path) -> None:
    page = write_page(found, tmp_path / "page.html", "california").read_text(encoding="utf-8")
    assert page == html(found, "california")
    assert "<script" not in page
    assert set(re.findall(r"https?://[^\"'\s<)]+", page)) <= {"http://www.w3.org/2000/svg"}
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_each_picture_stands_beside_its_numbers() -> None:
    page = html(made_comparison())
    assert page.count('<article class="panel"') == page.count("<details><summary>The numbers in this picture")
    assert page.count("<svg") == 2 * page.count('<article class="panel"')


def test_what_a_shorter_run_cannot_show_is_left_out() -> None:
    story = tell(made_runs([made_run(weeks=12)]))
    keys = {panel.key for half in story.halves for panel in half.panels}
    assert "over-leavers" not in keys and "over-overdue" in keys
    assert "There is one run only" not in html(made_runs())
    assert "There is one run only" in html(made_runs([made_run()]))
