"""Changes of the system that keeps the records, each with the weeks around it as they may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from careload.model.evidence import Evidence
from careload.model.trust.checks.change import Change, Changes, changes
from careload.model.trust.checks.overdue import WEEK
from careload.model.trust.checks.weeks import Series
from careload.model.trust.few import few

Numbers = NDArray[np.float64]

MONTH = 4
MOST_HIDDEN = 0.5
"""Share of weeks hidden above which four weeks are told together."""


@dataclass(frozen=True)
class Changed:
    """A change, and its series.

    change    what changed, where, when, from what to what
    is_share  whether values are shares, else ratios
    weeks     that each value is of
    days      first day of each
    values    nan where few people stand behind one
    """

    change: Change
    is_share: bool
    weeks: int
    days: tuple[date, ...]
    values: Numbers


def changed(evidence: Evidence) -> tuple[Changed, ...]:
    """The changes found in records, the surest first."""
    return tuple(_shown(evidence.once(changes), evidence.first))


def _shown(found: Changes, first: date) -> Iterator[Changed]:
    of = {(each.what, each.site): each for each in found.series}
    for change in found.changes:
        series = of[change.what, change.site]
        values, weeks = _values(series, 1), 1
        if np.isnan(values).mean() > MOST_HIDDEN:
            values, weeks = _values(series, MONTH), MONTH
        days = tuple(first + timedelta(days=WEEK * (series.first_week + weeks * place))
                     for place in range(len(values)))
        yield Changed(change, series.is_share, weeks, days, values)


def _values(series: Series, weeks: int) -> Numbers:
    """The series by so many weeks, nan where few people are counted or are behind it."""
    whole = len(series.cases) // weeks * weeks
    cases, of = (each[:whole].reshape(-1, weeks).sum(axis=1) for each in (series.cases, series.of))
    small = few(cases) | (few(of) | few(of - cases) if series.is_share else np.zeros(len(of), dtype=bool))
    return np.asarray(np.where(small | (of <= 0), np.nan, cases / np.where(of > 0, of, np.nan)))
