"""The terminal says what the page says, of one service and of two, and no number that says nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.support.made_runs import estimate, made_comparison, made_run, made_runs

from careload.clinic import Finding, UsageError
from careload.simulate import Change, Comparison, Difference, all_doubts, differences, summary, words
from careload.simulate.report import fan_picture
from careload.simulate.report.charts.fans import Axes, draw_fans
from careload.simulate.report.over_time import Fan
from careload.simulate.report.panels import START_SEEN, bands_in_words, stands_out
from careload.simulate.report.shown import shown
from careload.simulate.report.story import tell
from careload.simulate.report.way import waterfalls
from careload.simulate.whose import whose


def printed(found: Any, findings: Sequence[Finding] = ()) -> str:
    from rich.console import Console

    file = io.StringIO()
    Console(file=file, width=160).print(summary(found, findings))
    return file.getvalue()


def difference(value: float, low: float, high: float, unit: str = "hours due per hour paid") -> Any:
    return estimate("overload", "ratio", value, low, high, unit)


def test_a_figure_has_one_name_and_one_unit() -> None:
    told = re.sub(r" +", " ", printed(made_runs()))
    assert "Leavers 12.0 10.0 to 14.0 leavers per 100 clinician-years" in told
    assert "Overload 1.10 1.05 to 1.15 hours due per hour paid" in told
    assert "Return interval, nine in ten within not reached in 3 of 10 runs days" in told
    assert words.BASIS in re.sub(r"\s+", " ", told)


def test_differences_are_those_of_the_page() -> None:
    found = made_comparison()
    told = re.sub(r"\s+", " ", printed(found))
    page = [sentence for _, _, several in tell(found).differences for sentence in several]
    assert any("6.00 days shorter" in sentence.replace("\xa0", " ") for sentence in page)
    for sentence in page:
        if not sentence.startswith(("Visits", "Patients handed", "Return interval, nine")):
            assert sentence.replace("\xa0", " ") in told


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (difference(0.0, 0.0, 0.0), "no difference"),
        (difference(-0.00002, -0.00003, -0.00001), "no difference to speak of"),
        (difference(1.3e-7, -1e-7, 4e-7, "share"), "no difference to speak of"),
        (difference(-0.0001, -0.0004, 0.0016),
         "no difference that these runs can tell from none (0.000 to +0.002)"),
    ],
)
def test_a_difference_of_all_but_nothing_is_said_in_words(made: Any, said: str) -> None:
    told = differences.change_in_words(made).replace("\xa0", " ")
    assert told == said and "-0" not in told
    assert not differences.differs(made)


def test_what_differs_is_told_with_decimals_that_show_it() -> None:
    here, there = (estimate("contact_hours", "mean", value, value - 0.5, value + 0.5,
                            "hours per week and clinician") for value in (13.68, 13.74))
    less = estimate("contact_hours", "mean", 0.06, 0.05, 0.07, "hours per week and clinician")
    told = differences.difference_in_words(Difference(here, there, less)).replace("\xa0", " ")
    assert told.startswith("Contact hours: from 13.68 to 13.74 hours a week per clinician, 0.06 more")


def test_numbers_that_stand_together_have_the_same_decimals() -> None:
    assert words.numbers(2.0, 11.04, 2.95) == ("2.0", "11.0", "3.0")
    assert words.numbers(2.0, 7.0) == ("2", "7")
    assert words.numbers(1577.6, 90.1) == ("1,578", "90")
    assert words.numbers(-0.001, 1.5) == ("0.00", "1.50")


def test_results_come_before_the_changes_of_which_ten_are_named() -> None:
    found = made_comparison()
    many = replace(found, changes=tuple(Change(f"policy.value_{n}", n, n + 1) for n in range(52)))
    told = printed(many)
    assert told.index("What patients get") < told.index("policy.value_0: 0 -> 1")
    assert "policy.value_9:" in told and "policy.value_10:" not in told
    assert "and 42 more (see --json)" in told


def test_a_doubt_says_whose_it_is_and_what_is_in_both_once() -> None:
    here, found = replace(made_runs(), asked=20), all_doubts
    both = [each for each in found(Comparison(here, here, (), ())) if each.code == "interrupted"]
    assert [each.table for each in both] == ["A and B"]
    assert whose(both[0]) == "In both: "
    one = [each for each in found(Comparison(here, made_runs(), (), ())) if each.code == "interrupted"]
    assert [each.table for each in one] == ["A"] and whose(one[0]) == "In A: "
    assert printed(made_comparison(), one).startswith("In A: Interrupted after 10 of 20")
    assert whose(all_doubts(here)[0]) == ""


def test_posts_that_bring_patients_of_their_own_are_told() -> None:
    here = made_runs()
    first = next(iter(here.service["team"]))
    more = here.service.changed({f"team.{first}.posts": here.service["team"][first]["posts"] + 1})
    told = {each.code: each for each in all_doubts(Comparison(here, replace(here, service=more), (), ()))}
    assert "for each post" in told["starts-differ"].found
    assert "start.patients = " in told["starts-differ"].remedy
    number = float(told["starts-differ"].remedy.split("start.patients = ")[1].split(" ")[0])
    as_told = more.changed({"start.patients": number})
    assert not any(each.code == "starts-differ"
                   for each in all_doubts(Comparison(here, replace(here, service=as_told), (), ())))
    settled = replace(here, service=more, warm_up=52)
    for there in (here, settled):
        codes = [each.code for each in all_doubts(Comparison(here, there, (), ()))]
        assert "starts-differ" not in codes


def test_each_order_of_the_changes_is_explained() -> None:
    told = re.sub(r"\s+", " ", printed(made_comparison()))
    assert "on average over every order in which the changes can be made (made by hand)" in told


def test_a_waterfall_says_what_its_axis_counts_and_what_a_bar_means() -> None:
    (panel,) = waterfalls(shown(made_comparison()))
    assert ">Return interval, median: days<" in panel.draw(580)
    assert "A filled bar lowers, a dashed one raises" in panel.says
    assert [row[1].text.replace("\xa0", " ") for row in panel.tables[0].rows][::3] == [
        "40 days (39 to 41)", "34 days (33 to 35)",
    ]
    narrow = panel.draw(200)
    assert "…" not in narrow and ">posts of north psychologists<" in narrow


def test_a_run_too_short_for_a_picture_is_refused() -> None:
    short = made_runs([made_run(weeks=6)])
    for figure in ("leavers", "return_interval"):
        with pytest.raises(UsageError, match="over time"):
            fan_picture(short, figure)


def test_a_beginning_that_stands_out_is_explained() -> None:
    level = np.full(20, 40.0)
    assert not stands_out(level)
    assert stands_out(np.concatenate([[55.0, 69.0], level]))
    assert not stands_out(np.concatenate([level, [69.0]]))
    first = made_run(seen={60: 1})
    monthly = first.monthly.copy()
    monthly[:, 6:] = 0
    monthly[:, 6:, 30] = 5
    run = replace(first, kept_monthly=type(first.kept_monthly).of(monthly))
    for warm_up, said in ((0, True), (4, False)):
        found = made_runs([run], warm_up=warm_up)
        panels = {panel.key: panel for half in tell(found).halves for panel in half.panels}
        assert (START_SEEN in panels["over-return-interval"].says) == said


def test_a_figure_that_hardly_moves_has_an_axis_from_zero() -> None:
    flat = Fan(np.array([0.1, 0.2]), np.ones((5, 2)))
    assert re.search(r'class="tick"[^>]*>0<', draw_fans([flat], Axes("posts", None), [], 580, "flat"))


def test_bands_are_explained_once_for_all_pictures() -> None:
    story = tell(made_runs())
    assert story.bands == bands_in_words(shown(made_runs()))
    assert not any(story.bands in panel.says for half in story.halves for panel in half.panels)


def test_a_small_share_is_not_told_in_powers_of_ten() -> None:
    from careload.simulate.doubts import _small

    assert _small(1.3e-05) == "less than 0.01" and _small(0.5) == "0.50"
