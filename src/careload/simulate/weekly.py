"""One run week by week, by the names of what was counted: for rooms that set it beside records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from careload.simulate.kernel.records import CELL_COUNTS, DAYS_SHOWN, INTERVALS, TEAM_COUNTS, WAITS, Numbers
from careload.simulate.run import Run


@dataclass(frozen=True)
class Weekly:
    """One run of the whole service, from its first day.

    patients         count of patients (``attended``, ``in_care``, …) to (weeks,)
    clinicians       count of clinicians and their hours (``left``, ``due_hours``, …) to (weeks, teams), teams
                     as `teams_by_site` has them
    return_interval  (four weeks,) mean days between visits that ended with a visit then; nan without any
    intake_wait      (four weeks,) mean days from asking of those seen for a first time then; likewise
    """

    patients: Mapping[str, Numbers]
    clinicians: Mapping[str, Numbers]
    return_interval: Numbers
    intake_wait: Numbers


def weekly(ran: Run) -> Weekly:
    """A run as whole weeks."""
    weeks = ran.days // 7
    cells, teams = ran.tally.cells[:weeks].sum(axis=1), ran.tally.teams[:weeks]
    days = ran.tally.monthly[:, : ran.days // 28]
    return Weekly(
        {name: cells[:, place].astype(float) for place, name in enumerate(CELL_COUNTS)},
        {name: teams[:, :, place] for place, name in enumerate(TEAM_COUNTS)},
        _mean(days[INTERVALS]), _mean(days[WAITS]),
    )


def _mean(histograms: np.ndarray) -> Numbers:
    number = histograms.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray((histograms @ np.arange(DAYS_SHOWN)) / np.where(number > 0, number, np.nan))
