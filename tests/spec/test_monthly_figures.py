"""Monthly figures: a table as series, what is odd about it, and forecasts that can be worked out on paper."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pytest

from careload.clinic import UsageError
from careload.model.monthly import Forecast, forecast, panel_of, same_month_before, scored

KEYS = ("organisation", "month", "measure_id", "measure", "value")
SCHEMA = dict(zip(KEYS, ("string", "date", "string", "string", "float64"), strict=True))


def table(*rows: tuple) -> ir.Table:
    return ibis.memtable([dict(zip(KEYS, row, strict=True)) for row in rows], schema=SCHEMA)


def month(number: int) -> date:
    """The first day of a month, 0 for January 2021."""
    return date(2021 + number // 12, number % 12 + 1, 1)


FEW = table(
    ("A", date(2024, 1, 31), "M1", "waiting", 100), ("A", date(2024, 2, 1), "M1", "waiting", None),
    ("A", date(2024, 4, 1), "M1", "on the list", 130), ("B", date(2024, 2, 29), "M1", "waiting", 40),
    ("A", date(2024, 1, 1), "M2", "came", 50), ("A", date(2024, 4, 1), "M3", "came", 60),
)


def test_series_without_gaps_and_unknown_where_nothing_stands() -> None:
    panel = panel_of(FEW, ["M1"])
    assert panel.organisations == ("A", "B")
    assert panel.months == tuple(date(2024, each, 1) for each in (1, 2, 3, 4))
    expected = [[100, np.nan, np.nan, 130], [np.nan, 40, np.nan, np.nan]]
    np.testing.assert_array_equal(panel.values["M1"], expected)


def test_a_name_that_changes_under_one_id() -> None:
    (found,) = panel_of(FEW, ["M1"]).findings
    assert found.code == "measure-renamed"
    assert found.found == (
        "M1 goes by 2 names: waiting from 2024-01 to 2024-02, on the list from 2024-04 to 2024-04."
    )


def test_an_id_that_changes_under_one_name() -> None:
    (found,) = panel_of(FEW, ["M2"]).findings
    assert found.code == "measure-shares-name"
    assert found.found == "'came' stands for 2 ids: M2 from 2024-01 to 2024-01, M3 from 2024-04 to 2024-04."


def test_nothing_is_flagged_where_nothing_changes() -> None:
    steady = table(("A", month(0), "M1", "waiting", 1), ("A", month(1), "M1", "waiting", 2))
    assert not panel_of(steady, ["M1"]).findings


def test_two_values_for_one_month_are_neither_believed() -> None:
    rows = table(("A", month(0), "M1", "w", 5), ("A", month(0), "M1", "w", 7), ("A", month(1), "M1", "w", 6),
                 ("A", month(1), "M1", "w", 6))
    panel = panel_of(rows, ["M1"])
    np.testing.assert_array_equal(panel.values["M1"], [[np.nan, 6]])
    assert [(one.code, one.rows) for one in panel.findings] == [("measure-twice", 1)]


def test_what_no_flow_explains() -> None:
    """100 on the list, 50 came, 30 were seen and 5 left: 115 are expected, 118 stand there."""
    rows = table(
        ("A", month(0), "L", "list", 100), ("A", month(1), "L", "list", 118),
        ("A", month(2), "L", "list", 120),
        ("A", month(1), "I", "in", 50), ("A", month(1), "S", "seen", 30), ("A", month(1), "X", "left", 5),
        ("A", month(2), "I", "in", 50), ("A", month(2), "S", "seen", None), ("A", month(2), "X", "left", 5),
    )
    rest = panel_of(rows, ["L", "I", "S", "X"]).left_over("L", ["I"], ["S", "X"])
    np.testing.assert_array_equal(rest, [[np.nan, 3, np.nan]])


@pytest.mark.parametrize(("rows", "measures"), [(FEW, ["M9"]), (FEW.drop("measure"), ["M1"])])
def test_what_is_not_there_is_told_in_three_parts(rows: ir.Table, measures: list[str]) -> None:
    with pytest.raises(UsageError) as told:
        panel_of(rows, measures)
    assert told.value.found and told.value.expected and told.value.remedy


def test_the_same_month_a_year_before() -> None:
    values = np.arange(14.0)[None, :]
    np.testing.assert_array_equal(same_month_before(values, 3), [[2, 3, 4]])
    assert same_month_before(values, 13)[0, 12] == 2


def test_the_score_of_a_forecast() -> None:
    """Past 10 each month, then 12 in the last year; 13 happens, 12.5 was forecast, 11 to 12.9 its interval.

    error .5, naive 1; over the months fitted the same month before erred by 2: MASE .25; held 0 of 2 months.
    """
    past = np.array([[10.0] * 12 + [12.0] * 12])
    middle = np.full((1, 3), 12.5)
    months = (month(24), month(25), month(26))
    made = Forecast(("A",), months, middle, middle - 1.5, middle + 0.4, np.ones(12), 1.0)
    score = scored(made, past, np.array([[13.0, np.nan, 13.0]]))
    assert (score.error[0], score.naive[0], score.mase[0], score.held[0]) == (0.5, 1.0, 0.25, 0.0)
    assert (score.months[0], score.better, score.covered) == (2, 1.0, 0.0)


def test_a_series_that_stands_still_is_carried_on() -> None:
    months = [month(each) for each in range(36)]
    made = forecast(np.full((3, 36), 200.0), ["A", "B", "C"], months, 6)
    assert made.middle == pytest.approx(200, rel=0.02)
    assert made.months == tuple(month(each) for each in range(36, 42))
    assert (made.low < 200).all() and (made.high > 200).all()


def test_too_little_known_gives_no_forecast() -> None:
    """B has eleven months, C none in the last year."""
    months = [month(each) for each in range(36)]
    values = np.full((3, 36), 50.0)
    values[1, :25], values[2, -12:] = np.nan, np.nan
    made = forecast(values, ["A", "B", "C"], months)
    assert not np.isnan(made.middle[0]).any()
    assert np.isnan(made.middle[1:]).all() and np.isnan(made.low[1:]).all()
    with pytest.raises(UsageError, match="enough known months"):
        forecast(values[1:], ["B", "C"], months)


@pytest.mark.parametrize("values", [np.full((1, 5), 2.0), np.full((2, 36), -1.0)])
def test_figures_that_cannot_be(values: np.ndarray) -> None:
    with pytest.raises(UsageError):
        forecast(values, ["A", "B"], [month(each) for each in range(36)])
