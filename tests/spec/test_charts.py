"""Pictures show what their values say: places on the page against the values, worked by hand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from careload.measure import Verdict
from careload.measure.report import words
from careload.measure.report.charts.calendar import Week, draw_calendar, edges, shade
from careload.measure.report.charts.states import StateDay, draw_states
from careload.measure.report.words import Limit, limit_in_days
from careload.page import Axis, Reference, Row, Scale, colours, digits, draw_dots, spread, stairs, ticks

SVG = "{http://www.w3.org/2000/svg}"
WIDE = 580.0


def of_class(drawn: str, name: str) -> list[ET.Element]:
    return [each for each in ET.fromstring(drawn).iter() if name in (each.get("class") or "").split()]


def numbers(text: str | None) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", text or "")]


# Return interval


def days() -> list[StateDay]:
    # 100 % wait on day 0, 50 % on day 28, 20 % on day 56; 10 % are discharged, 10 % drop out by then.
    return [
        StateDay(0, 0, 0, 0, 1.0, 1.0, 1.0),
        StateDay(28, 0.4, 0.05, 0.05, 0.5, 0.45, 0.55),
        StateDay(56, 0.6, 0.1, 0.1, 0.2, 0.15, 0.25),
    ]


def test_the_curve_runs_from_the_top_to_the_share_still_waiting() -> None:
    (edge,) = of_class(draw_states(days(), [Limit(14, "limit")], WIDE, "says"), "edge")
    points = numbers(edge.get("points"))
    (grid_0, *_, grid_100) = sorted(
        {float(line.get("y1") or 0) for line in of_class(draw_states(days(), [], WIDE, ""), "grid")},
        reverse=True,
    )
    height = grid_0 - grid_100
    drop = points[-1] - points[1]
    assert drop / height == pytest.approx(0.8, abs=0.002)


def test_the_legal_limit_stands_at_its_day_and_tells_who_still_waits() -> None:
    drawn = draw_states(days(), [Limit(28, "legal limit: 20 business days")], WIDE, "says")
    (line,) = of_class(drawn, "limit")
    (edge,) = of_class(drawn, "edge")
    xs = numbers(edge.get("points"))[::2]
    assert float(line.get("x1") or 0) == pytest.approx((xs[0] + xs[-1]) / 2, abs=0.2)
    texts = [each.text for each in of_class(drawn, "callout")]
    assert texts == ["50\N{NO-BREAK SPACE}% are still waiting then"]


def test_the_four_states_fill_the_picture() -> None:
    drawn = draw_states(days(), [], WIDE, "says")
    names = [each.get("class") for each in of_class(drawn, "area")]
    assert names == ["area waiting", "area seen", "area discharged", "area dropped"]
    tops = [min(numbers(each.get("points"))[1::2]) for each in of_class(drawn, "area")]
    assert len(set(tops)) == 1  # on day 0 everyone waits, so every area starts at the top


# Groups


def test_a_dot_stands_at_its_value_and_a_line_over_its_interval() -> None:
    rows = [Row("a", 10, 5, 20, "10 (5 to 20)"), Row("b", 40, 40, 40, "40")]
    drawn = draw_dots(rows, Axis("days"), [Reference(20, "limit")], WIDE, "says")
    first, second = (float(each.get("cx") or 0) for each in of_class(drawn, "dot"))
    (limit,) = (float(each.get("x1") or 0) for each in of_class(drawn, "limit"))
    whisker = of_class(drawn, "whisker")[0]
    zero = first - (second - first) / 3
    assert limit == pytest.approx(zero + (second - zero) / 2, abs=0.2)
    assert float(whisker.get("x2") or 0) == pytest.approx(limit, abs=0.2)


def test_a_hidden_group_has_no_dot_and_an_open_interval_has_an_arrow() -> None:
    rows = [Row("few", figure="hidden", hidden=True), Row("open", None, 61, None, "more than 61 days")]
    drawn = draw_dots(rows, Axis("days"), [], WIDE, "says")
    assert of_class(drawn, "dot") == []
    assert len(of_class(drawn, "arrow")) == 1
    assert [each.text for each in of_class(drawn, "hidden")] == ["hidden"]


@pytest.mark.parametrize("width", [350.0, WIDE])
def test_long_names_stay_inside_the_picture(width: float) -> None:
    rows = [Row("a very long name of a site " * 4, 1.0, 0.9, 1.1, "1.00 (0.90 to 1.10)")]
    drawn = draw_dots(rows, Axis("hours", None), [], width, "says")
    label = next(each for each in of_class(drawn, "on-line") if (each.text or "").startswith("a very"))
    assert len(label.text or "") * 7 <= width - 7 * len("1.00 (0.90 to 1.10)")


def test_groups_with_numbers_stand_in_the_order_of_the_numbers() -> None:
    from careload.measure.groups import in_natural_order

    bands = ["0", "1-7", "8-14", "15-28", "not recorded", "over 56"]
    for values in (bands, ["North 2", "North 10", "South"]):
        groups = [(("lead_days", value),) for value in reversed(values)]
        assert sorted(groups, key=in_natural_order) == list(reversed(groups))


# Calendar


def test_each_week_stands_in_the_row_of_its_month_with_its_number() -> None:
    weeks = [
        Week(date(2026, 1, 5), 90, 80),
        Week(date(2026, 1, 12), None, None),
        Week(date(2026, 2, 2), 10, 0),
    ]
    drawn = draw_calendar(weeks, WIDE, "says")
    assert [each.text for each in of_class(drawn, "cell-text")] == ["80", "0"]
    assert [each.text for each in of_class(drawn, "cell-hidden")] == ["hidden"]
    assert len(of_class(drawn, "none")) == 1


def test_shades_are_five_steps_of_a_round_number() -> None:
    assert edges(119) == [0, 25, 50, 75, 100]
    assert [shade(n, 119) for n in (0, 24, 25, 99, 119)] == [0, 0, 1, 3, 4]
    assert edges(0) == [0, 1, 2, 3, 4]
    for top in range(2_000):
        assert shade(top, top) in range(5)
        assert edges(top)[4] + edges(top)[1] > top - 1


# Small parts


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0, 100, 5) == [0, 20, 40, 60, 80, 100]
    assert ticks(0.93, 1.22, 5) == [1.0, 1.1, 1.2]


def test_labels_keep_their_distance_and_their_order() -> None:
    assert spread([10, 12, 14], 10, 0, 100) == [10, 20, 30]
    assert spread([90, 95, 99], 10, 0, 100) == [80, 90, 100]


def test_steps_are_level_until_the_next_day() -> None:
    assert stairs([(0, 1), (5, 3)]) == [(0, 1), (5, 1), (5, 3)]
    assert Scale(0, 10, 100, 200)(5) == 150
    assert [digits(v) for v in (-0.01, 1.0, 12.34)] == ["0", "1", "12.3"]


@pytest.mark.parametrize(
    ("limit", "days"),
    [("10 business days", 14), ("7 calendar days", 7), ("48 hours", 2), ("6 weeks", 42), ("immediate", None)],
)
def test_limits_in_words_become_days(limit: str, days: float | None) -> None:
    verdict = Verdict("r", "prior_appointment", limit, None, None, "cannot be said", "", "", "R")
    assert limit_in_days(verdict) == days


def test_names_in_code_become_words() -> None:
    assert words.rule("us-medicaid-routine") == "US medicaid routine"
    assert words.rule("california-medi-cal-urgent") == "California Medi-Cal urgent"
    assert words.statistic("seen_by_14") == "seen within 14 days"
    assert words.statistic("per_patient_seen_by_7") == "seen within 7 days, every patient weighing the same"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_letters_can_be_read_on_their_ground(theme: str) -> None:
    ink = colours(theme)  # type: ignore[arg-type]
    pairs = [
        *((name, "paper") for name in ("ink", "soft", "patients", "clinicians", "limit", "good")),
        ("card", "limit"),
        ("ink", "seen"),
        ("ink", "discharged"),
        ("ink", "dropped"),
        *(("on-light", f"q{k}") for k in (0, 1, 2)),
        ("on-dark", "q3"),
        ("on-dark", "q4"),
    ]
    for letters, ground in pairs:
        assert contrast(ink[letters], ink[ground]) >= 4.5, (letters, ground)


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio of two colours written #rrggbb."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour.strip().lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
