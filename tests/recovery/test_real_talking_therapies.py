"""Monthly figures of NHS Talking Therapies in England: forecasts of a year against the same month before.

The method was chosen on earlier years alone: fitted to 2022-12 and 2023-03, tried on the twelve months
after each, of which the last is 2024-03. The year 2024-04 to 2025-03 was looked at once, with nothing changed
after.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ibis
import numpy as np
import pytest

from careload.model.monthly import Forecast, Panel, Score, forecast, panel_of, scored

WAITING, MEAN_WAIT = "M038", "M048"
INTO, OUT_OF = ("M001",), ("M031", "M153")
ENOUGH_FITTED, ENOUGH_COMPARED = 24, 9
"""Known months up to the last one fitted, and months compared, of an organisation that counts."""


@pytest.fixture(scope="module")
def panel(data: Path) -> Panel:
    folder = data / "nhs_talking_therapies"
    rows = ibis.read_parquet(folder / "activity_performance_monthly_to_2025_03.parquet")
    england = rows.group_type == "England"
    rows = rows.select(
        "measure_id", "value", month=rows.start_date,
        organisation=ibis.ifelse(england, "England", rows.org_code2),
        measure=rows.measure_name + ", " + rows.measure_statistic,
    )
    return panel_of(rows, [WAITING, MEAN_WAIT, *INTO, *OUT_OF])


@pytest.fixture(scope="module")
def told(panel: Panel) -> dict[str, tuple[Forecast, Score, np.ndarray]]:
    """Of each measure: the forecast of 2024-04 to 2025-03, its score, who counts."""
    return {measure: tried(panel, measure, date(2024, 3, 1)) for measure in (WAITING, MEAN_WAIT)}


def tried(panel: Panel, measure: str, last: date) -> tuple[Forecast, Score, np.ndarray]:
    past = panel.until(last)
    year = panel.values[measure][:, len(past.months): len(past.months) + 12]
    made = forecast(past.values[measure], past.organisations, past.months)
    score = scored(made, past.values[measure], year)
    known = (~np.isnan(past.values[measure])).sum(axis=1)
    return made, score, (known >= ENOUGH_FITTED) & (score.months >= ENOUGH_COMPARED) & ~np.isnan(score.error)


def test_suppressed_figures_are_unknown_and_never_zero(panel: Panel) -> None:
    """Counts below 5 are suppressed and others rounded to 5: no count is ever 0."""
    for measure in (WAITING, *INTO, *OUT_OF):
        values = panel.values[measure]
        assert np.isnan(values).any()
        assert np.nanmin(values) >= 5


def test_the_renaming_of_2025_is_flagged_and_joined_by_id(panel: Panel) -> None:
    renamed = {one.found.split()[0]: one.found for one in panel.findings if one.code == "measure-renamed"}
    assert "'wait" not in renamed[MEAN_WAIT]
    assert "wait_entered_treatment, mean from 2021-01 to 2025-01" in renamed[MEAN_WAIT]
    assert "wait_accessing_services, mean from 2025-02 to 2025-03" in renamed[MEAN_WAIT]
    assert WAITING not in renamed
    england = panel.values[MEAN_WAIT][panel.organisations.index("England")]
    assert not np.isnan(england[-3:]).any()


def test_a_name_that_moved_to_another_id_is_flagged(panel: Panel) -> None:
    """In one month M031 bore the name of M023: joined by name the two would have been mixed."""
    shared = [one.found for one in panel.findings if one.code == "measure-shares-name"]
    spans = "M023 from 2021-01 to 2025-03, M031 from 2022-07 to 2022-07"
    assert shared == [f"'first_assessment, count' stands for 2 ids: {spans}."]


def test_flows_close_the_stock_but_for_a_remainder(panel: Panel) -> None:
    """England: who came, less who was treated and who left before, against the change of the list."""
    england = panel.organisations.index("England")
    rest = panel.left_over(WAITING, INTO, OUT_OF)[england]
    came = panel.values["M001"][england]
    assert np.isnan(rest[0]) and not np.isnan(rest[1:]).any()
    assert 0.001 < np.median(np.abs(rest[1:]) / came[1:]) < 0.05
    assert (rest[1:] != 0).all(), "they do not close exactly, and nothing says they do"


@pytest.mark.parametrize("last", [date(2022, 12, 1), date(2023, 3, 1)])
@pytest.mark.parametrize("measure", [WAITING, MEAN_WAIT])
def test_on_the_years_on_which_the_method_was_chosen(panel: Panel, measure: str, last: date) -> None:
    _, score, counts = tried(panel.until(date(2024, 3, 1)), measure, last)
    assert (score.error < score.naive)[counts].mean() > 0.7


@pytest.mark.parametrize("measure", [WAITING, MEAN_WAIT])
def test_nearer_than_the_same_month_before_in_most_providers(
    told: dict[str, tuple[Forecast, Score, np.ndarray]], measure: str
) -> None:
    made, score, counts = told[measure]
    assert counts.sum() >= 31 and counts[made.organisations.index("England")]
    better = (score.error < score.naive)[counts].mean()
    held = float((score.held * score.months)[counts].sum() / score.months[counts].sum())
    mase = float(np.median(score.mase[counts]))
    print(f"{measure}: {counts.sum()} organisations, better in {better:.1%}, MASE {mase:.3f}, "
          f"held {held:.1%}, widened {made.widening:.2f}")
    assert better >= 0.6
    assert mase < 1
    assert 0.85 <= held <= 0.96


def test_england_itself(told: dict[str, tuple[Forecast, Score, np.ndarray]]) -> None:
    for measure, (made, score, _) in told.items():
        england = made.organisations.index("England")
        print(f"{measure}: error {score.error[england]:.4g}, a year before {score.naive[england]:.4g}, "
              f"MASE {score.mase[england]:.3f}, held {score.held[england]:.1%}")
        assert score.months[england] == 12
        assert not np.isnan(score.mase[england])
