"""Pictures of runs show what their values say: places on the page against values worked by hand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from tests.support.made_runs import made_comparison, made_run, made_runs

from careload.clinic import UsageError
from careload.simulate.kernel.records import CLOSED, CUT_OFF, LOST, SEEN
from careload.simulate.report import fan_picture, interval_picture, waterfall_picture
from careload.simulate.report.charts.fans import Axes, draw_fans
from careload.simulate.report.charts.seen import draw_lengths, draw_seen
from careload.simulate.report.charts.waterfall import Step, draw_waterfall
from careload.simulate.report.ends import fates
from careload.simulate.report.over_time import Fan, fan, followed
from careload.simulate.report.reached import Waits, lengths, seen_within, waits

WIDE = 580.0


def of_class(drawn: str, *names: str) -> list[ET.Element]:
    return [
        each for each in ET.fromstring(drawn).iter() if set(names) <= set((each.get("class") or "").split())
    ]


def points(each: ET.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", each.get("points") or "")]


def waits_of(ended: dict[tuple[int, int], int]) -> Waits:
    found = waits(made_runs([made_run(ended=ended)]))
    assert found is not None
    return found


# Over time


def test_a_fan_is_the_quantiles_of_the_runs() -> None:
    runs = [made_run(i, people={"overdue": number}) for i, number in enumerate((10, 20, 30, 40, 50))]
    found = fan(made_runs(runs), followed("overdue"))
    assert found.levels[:, 0] == pytest.approx([12, 20, 30, 40, 48])
    assert len(found.years) == 16


def test_the_weeks_of_warm_up_are_left_out() -> None:
    run = made_run(weeks=8, first=6, people={"overdue": 5})
    run.weekly_cells[:6] = 900
    found = fan(made_runs([run], warm_up=6), followed("overdue"))
    assert found.levels[2].tolist() == [5.0]  # weeks 8 to 11; 12 and 13 are no whole block
    assert found.years == pytest.approx([4 * 7 / 365.25])  # week 10 is week 4 of those counted


def test_leavers_are_those_of_a_whole_year() -> None:
    found = fan(made_runs([made_run(weeks=60, posts={"left": 0.25})]), followed("leavers"))
    assert found.levels[2] == pytest.approx([13.0] * 3)  # a quarter a week; blocks 13, 14, 15


def test_the_median_of_four_weeks_is_that_of_their_visits() -> None:
    found = fan(made_runs([made_run(seen={20: 3, 50: 2})]), followed("return_interval"))
    assert set(found.levels[2]) == {20.0}


def test_four_weeks_without_a_figure_are_left_out_of_the_line() -> None:
    levels = np.array([[1.0, np.nan, 3.0]] * 5)
    drawn = draw_fans([Fan(np.array([0.1, 0.2, 0.3]), levels)], Axes("people"), [], WIDE, "")
    (line,) = of_class(drawn, "median")
    assert len(points(line)) == 2


def test_the_line_of_a_fan_runs_from_value_to_value() -> None:
    levels = np.array([[0.0, 50.0], [0.0, 50.0], [0.0, 50.0], [0.0, 50.0], [0.0, 100.0]])
    drawn = draw_fans([Fan(np.array([0.0, 1.0]), levels)], Axes("people"), [], WIDE, "")
    (line,), (band,) = of_class(drawn, "median"), of_class(drawn, "ninety")
    (_, bottom), (_, middle) = points(line)
    top = min(y for _, y in points(band))
    assert (bottom - middle) / (bottom - top) == pytest.approx(0.5, abs=0.003)


def test_two_services_are_told_apart_without_colour() -> None:
    each = Fan(np.array([0.0, 1.0]), np.array([[1.0, 2.0]] * 5))
    drawn = draw_fans([each, each], Axes("people"), [], WIDE, "", ("as it is", "changed"))
    assert [letter.text for letter in of_class(drawn, "letter")] == ["A", "B"]
    assert len(of_class(drawn, "median", "of-0")) == 2  # with the key
    assert len(of_class(drawn, "median", "of-1")) == 2
    assert not of_class(drawn, "fifty", "of-1")
    places = [float(letter.get("y") or 0) for letter in of_class(drawn, "letter")]
    assert abs(places[0] - places[1]) >= 16


# Waits in full


def test_whoever_dropped_out_counts_as_not_seen() -> None:
    found = waits_of({(int(SEEN), 7): 10, (int(LOST), 10): 10})
    assert found.levels[2][[6, 7, 400]] == pytest.approx([0.0, 0.5, 0.5])


def test_whoever_was_discharged_does_not_wait() -> None:
    found = waits_of({(int(CLOSED), 0): 80, (int(SEEN), 7): 10, (int(LOST), 10): 10})
    assert found.levels[2][400] == pytest.approx(0.5)


def test_a_limit_in_business_days_is_counted_in_business_days() -> None:
    found = waits_of({(int(SEEN), 14): 10, (int(SEEN), 40): 30})
    assert seen_within(found, 10, business=True).value == pytest.approx(0.25)
    assert seen_within(found, 10).value == 0.0
    assert seen_within(found, 14).value == pytest.approx(0.25)


def test_the_histogram_holds_every_span_once() -> None:
    found = lengths(waits_of({(int(SEEN), 3): 20, (int(LOST), 8): 5, (int(CUT_OFF), 200): 25}), 56)
    assert found.weeks[:, 0] == pytest.approx([40, 0, 0])
    assert found.weeks[:, 1] == pytest.approx([0, 10, 0])
    assert found.beyond == pytest.approx([0, 0, 50])


def test_the_bars_are_as_high_as_their_shares() -> None:
    found = lengths(waits_of({(int(SEEN), 3): 20, (int(LOST), 3): 5, (int(SEEN), 10): 10}), 56)
    drawn = draw_lengths([found], 56, [], WIDE, "")
    heights = [float(bar.get("height") or 0) for bar in of_class(drawn, "span") if bar.get("height") != "12"]
    assert heights[1] / heights[0] == pytest.approx(0.25, abs=0.01)
    assert heights[2] / heights[0] == pytest.approx(0.5, abs=0.01)


def test_nobody_to_be_seen_again_draws_no_curve() -> None:
    assert waits(made_runs([made_run(ended={})])) is None


def test_a_limit_stands_at_its_day_with_who_is_seen_by_then() -> None:
    drawn = interval_picture(made_runs(), "california")
    (limit,) = of_class(drawn, "limit")
    (dot,) = of_class(drawn, "limit-dot")
    assert limit.get("x1") == dot.get("cx")
    assert [each.text for each in of_class(drawn, "callout")] == ["50.0\xa0% are seen by then"]


def test_without_a_standard_no_limit_is_drawn() -> None:
    assert not of_class(interval_picture(made_runs()), "limit")


def test_the_curve_of_days_ends_where_the_axis_ends() -> None:
    found = waits_of({(int(SEEN), 10): 50, (int(SEEN), 40): 50})
    (curve,) = of_class(draw_seen([found], 56, [], [], WIDE, ""), "median")
    assert points(curve)[-1] == pytest.approx((WIDE - 12, 24), abs=0.1)  # all are seen: the top of the plot


# The way from one to the other


def steps() -> list[Step]:
    return [
        Step("A", 40, 40, None, None, "40 days", whole=True),
        Step("posts", 40, 30, 29, 31, "−10 days"),
        Step("visits", 30, 34, 33, 35, "+4 days"),
        Step("B", 34, 34, None, None, "34 days", whole=True),
    ]


@pytest.mark.parametrize("width", [WIDE, 350.0])
def test_each_bar_begins_where_the_one_above_ends(width: float) -> None:
    drawn = draw_waterfall(steps(), "days", width, "")
    (fall,), (rise,) = of_class(drawn, "fall"), of_class(drawn, "rise")
    first, last = of_class(drawn, "dot")
    fall_left, rise_left = float(fall.get("x") or 0), float(rise.get("x") or 0)
    assert fall_left + float(fall.get("width") or 0) == pytest.approx(float(first.get("cx") or 0), abs=0.15)
    assert rise_left == pytest.approx(fall_left, abs=0.15)
    assert rise_left + float(rise.get("width") or 0) == pytest.approx(float(last.get("cx") or 0), abs=0.15)


def test_a_difference_of_nothing_has_no_picture() -> None:
    whole = made_comparison()
    (way,) = whole.waterfalls
    none = [replace(each, difference=replace(each.difference, value=0.0)) for each in way.shares]
    with pytest.raises(UsageError, match="no waterfall"):
        waterfall_picture(replace(whole, waterfalls=(replace(way, shares=tuple(none)),)), "return_interval")


def test_a_single_picture_carries_its_style_light_and_dark() -> None:
    whole = made_comparison()
    for drawn in (fan_picture(whole, "overload"), waterfall_picture(whole, "return_interval")):
        ET.fromstring(drawn)
        assert "prefers-color-scheme:dark" in drawn and "var(--" not in drawn


def test_a_picture_nobody_knows_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="overload"):
        fan_picture(made_runs(), "overlode")
    with pytest.raises(UsageError, match="no waterfall"):
        waterfall_picture(made_comparison(), "overload", "mean")


# What became of people


def test_whoever_came_has_left_or_is_in_care() -> None:
    run = made_run(weeks=52, people={"referred": 5, "discharged": 2, "dropped_waiting": 1, "remitted": 1})
    run.weekly_cells[:, 17] = 101 + np.arange(52)  # in care grows by one a week, from 100
    told = {fate.words: fate.estimate.value for fate in fates(made_runs([run]))}
    assert told["In care when counting began"] == 100
    assert told["In care at the end"] == 152
    assert told["Dropped out"] == pytest.approx(365.25 / 7)
    assert told["Got well untreated"] == pytest.approx(365.25 / 7)
    assert told["Discharged"] == pytest.approx(2 * 365.25 / 7)
