"""The figures of a run: what each is called, its unit, how it is counted for a group of teams and needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service, UsageError
from careload.simulate.kernel.records import (
    CALENDAR_DAYS,
    CELL_COUNTS,
    INTERVALS,
    SECOND_WAITS,
    SEEN,
    TEAM_COUNTS,
    WAITS,
    Numbers,
)
from careload.simulate.money import CURRENCY, HIRING, OUTSIDE_CARE, PAY, UNPAID, Prices, spent
from careload.simulate.plan import WEEKS_A_YEAR, teams_by_site
from careload.simulate.spans import Counts, mean_days, quantile, seen_by
from careload.simulate.summary import Totals

DAYS_WITHIN = (7, 14, 28, 56)
WAITED_FOR = (int(INTERVALS), int(WAITS), int(SECOND_WAITS))
DROPPED = ("dropped_waiting", "dropped_after_visit", "dropped_no_shows", "dropped_hand_over")


@dataclass(frozen=True)
class Group:
    """Some of a service: everybody, a site, a profession, a need group.

    by     the group, column to name; {} for everybody
    cells  whether each cell belongs to it; None where cells cannot be told apart by it
    teams  whether each team belongs to it; None where teams cannot
    days   of intervals and of waits, whether each histogram of spans belongs to it; None where they cannot
    """

    by: Mapping[str, str]
    cells: NDArray[np.bool_] | None
    teams: NDArray[np.bool_] | None
    days: tuple[NDArray[np.bool_], NDArray[np.bool_] | None]


@dataclass(frozen=True)
class Sums:
    """What was counted in a run, by group; nan where a count cannot be told apart by it.

    weeks  weeks counted
    cells  (group, CELL_COUNTS)
    teams  (group, TEAM_COUNTS)
    money  (group, 4): per year, in the order of money.py
    seen   (3, group, DAYS_SHOWN): share seen within so many days, by what is waited for
    spans  (3, group, 4, DAYS_SHOWN): the histograms behind it
    """

    weeks: int
    cells: Numbers
    teams: Numbers
    money: Numbers
    seen: Numbers
    spans: Counts


@dataclass(frozen=True)
class Figure:
    """One figure of a run.

    measure    what is measured, named as in `measure/` where it is the same
    statistic  ``mean``, ``median``, ``p90``, ``seen_by_14``, ``share``, ``ratio``, ``rate``
    unit       of the value
    of         from what was counted to the value of each group; nan where there is none
    """

    measure: str
    statistic: str
    unit: str
    of: Callable[[Sums], Numbers]


def groups(service: Service) -> Iterator[Group]:
    """Everybody, then each site, profession and need group where there is more than one."""
    needs, names = list(service["need"]), teams_by_site(service)
    teams = [service["team"][name] for name in names]
    sites = list(service["site"])
    everyone = np.ones(len(teams) * len(needs), dtype=bool)
    every_cell = np.ones(len(sites) * len(needs), dtype=bool)
    yield Group({}, every_cell, np.ones(len(teams), dtype=bool), (everyone, every_cell))
    for column in ("site", "profession"):
        for name in service[column] if len(service[column]) > 1 else ():
            own = np.array([team[column] == name for team in teams])
            cells = np.repeat([site == name for site in sites], len(needs)) if column == "site" else None
            yield Group({column: name}, cells, own, (np.repeat(own, len(needs)), cells))
    for place, name in enumerate(needs if len(needs) > 1 else ()):
        own = np.arange(len(needs)) == place
        cells = np.tile(own, len(sites))
        yield Group({"need_group": name}, cells, None, (np.tile(own, len(teams)), cells))


def sums(totals: Totals, some: Sequence[Group], each: Prices) -> Sums:
    """What was counted in a run, by group."""
    whose_cells, whose_teams = [group.cells for group in some], [group.teams for group in some]
    of_teams, of_cells = spent(totals, each)
    money = _within(of_teams, whose_teams)
    money[:, OUTSIDE_CARE] = _within(of_cells, whose_cells)[:, OUTSIDE_CARE]
    spans = np.stack([
        np.stack([spans_of(totals.spans, group, which) for group in some]) for which in WAITED_FOR
    ])
    return Sums(totals.weeks, _within(totals.cells, whose_cells), _within(totals.teams, whose_teams), money,
                seen_by(spans), spans)


def values(totals: Totals, some: Sequence[Group], each: Prices) -> Numbers:
    """Every figure of every group, (group, figure).

    each  what everything costs, `prices`
    """
    counted = sums(totals, some, each)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([figure.of(counted) for figure in FIGURES], axis=1)


def spans_of(spans: Counts, group: Group, which: int, unit: int = int(CALENDAR_DAYS)) -> Counts:
    """Histograms of a group's spans of waiting, (4, DAYS_SHOWN); all zeros where none are its own.

    spans  (3, 2, 4, group of the tally, DAYS_SHOWN), as in `Tally`
    which  INTERVALS, WAITS or SECOND_WAITS
    unit   CALENDAR_DAYS or BUSINESS_DAYS
    """
    intervals, waits = group.days
    own = waits if which == WAITS else intervals
    whose = np.zeros(0, dtype=np.int64) if own is None else np.flatnonzero(own)
    return np.asarray(spans[which, unit][:, whose].sum(axis=1, dtype=np.int32))


def _within(counts: Numbers, whose: Sequence[NDArray[np.bool_] | None]) -> Numbers:
    """Sums over those who belong, (group, counts)."""
    nothing = np.full(counts.shape[1], np.nan)
    return np.stack([nothing if own is None else counts[own].sum(axis=0) for own in whose])


def _days(which: int, of: Callable[[Numbers, Counts], Numbers]) -> Callable[[Sums], Numbers]:
    """A figure of spans of waiting; nan without any."""
    return lambda sums: np.where(sums.spans[which].any(axis=(1, 2)), of(sums.seen[which], sums.spans[which]),
                                 np.nan)


def _share(which: int, days: int) -> Callable[[Sums], Numbers]:
    return _days(which, lambda seen, spans: seen[:, days])


def _quantile(which: int, share: float) -> Callable[[Sums], Numbers]:
    return _days(which, lambda seen, spans: quantile(seen, share))


def _naive_mean(which: int) -> Callable[[Sums], Numbers]:
    return _days(which, lambda seen, spans: mean_days(spans[:, SEEN]))


def _cells(*names: str, over: tuple[str, ...] = (), times: float = 1.0) -> Callable[[Sums], Numbers]:
    """Sum of cell counts per week counted, or over the sum of others, times a factor."""
    top, bottom = ([CELL_COUNTS.index(name) for name in some] for some in (names, over))
    return lambda sums: _ratio(times * sums.cells[:, top].sum(axis=1),
                               sums.cells[:, bottom].sum(axis=1) if bottom else sums.weeks)


def _stock(name: str) -> Callable[[Sums], Numbers]:
    place = CELL_COUNTS.index(name)
    return lambda sums: sums.cells[:, place]


def _teams(*names: str, over: tuple[str, ...] = (), times: float = 1.0) -> Callable[[Sums], Numbers]:
    """Sum of team counts per week counted, or over the sum of others, times a factor."""
    top, bottom = ([TEAM_COUNTS.index(name) for name in some] for some in (names, over))
    return lambda sums: _ratio(times * sums.teams[:, top].sum(axis=1),
                               sums.teams[:, bottom].sum(axis=1) if bottom else sums.weeks)


def _leaving(sums: Sums) -> Numbers:
    """Leavers per 100 clinician-years: posts held, over the time counted."""
    return _teams("left", times=100 * WEEKS_A_YEAR / sums.weeks, over=("filled",))(sums)


def _non_contact(sums: Sums) -> Numbers:
    """Hours of other work per week and clinician, but what is done unpaid: that is told by itself."""
    other, unpaid = (_teams(f"{what}_hours", over=("working",))(sums) for what in ("non_contact", "unpaid"))
    return other - unpaid


def _mean_stock(name: str) -> Callable[[Sums], Numbers]:
    place = TEAM_COUNTS.index(name)
    return lambda sums: sums.teams[:, place]


def _money(which: int) -> Callable[[Sums], Numbers]:
    return lambda sums: sums.money[:, which]


def _ratio(top: Numbers, bottom: Numbers | int) -> Numbers:
    return np.where(np.asarray(bottom) > 0, top / np.asarray(bottom), np.nan)


def _of_days(measure: str, which: int) -> tuple[Figure, ...]:
    return (
        Figure(measure, "median", "days", _quantile(which, 0.5)),
        Figure(measure, "p90", "days", _quantile(which, 0.9)),
        *(Figure(measure, f"seen_by_{days}", "share", _share(which, days)) for days in DAYS_WITHIN),
        Figure(measure, "naive_mean", "days", _naive_mean(which)),
    )


FIGURES: tuple[Figure, ...] = (
    *_of_days("return_interval", int(INTERVALS)),
    *_of_days("intake_wait", int(WAITS)),
    Figure("referrals_per_week", "mean", "referrals per week", _cells("referred", "came_back")),
    Figure("visits_per_week", "mean", "visits per week", _cells("attended")),
    Figure("no_show", "share", "share", _cells("missed", over=("missed", "attended"))),
    Figure("in_care", "mean", "patients", _stock("in_care")),
    Figure("overdue", "mean", "patients", _stock("overdue")),
    Figure("crises", "rate", "crises per year", _cells("crises", times=WEEKS_A_YEAR)),
    Figure("ed_visits", "rate", "visits per year", _cells("ed_visits", times=WEEKS_A_YEAR)),
    Figure("admissions", "rate", "admissions per year", _cells("admitted", times=WEEKS_A_YEAR)),
    Figure("dropouts", "rate", "patients per year", _cells(*DROPPED, times=WEEKS_A_YEAR)),
    Figure("remission_untreated", "rate", "patients per year", _cells("remitted", times=WEEKS_A_YEAR)),
    Figure("discharged", "rate", "patients per year", _cells("discharged", times=WEEKS_A_YEAR)),
    Figure("referred_outside", "rate", "patients per year", _cells("outside", times=WEEKS_A_YEAR)),
    Figure("caseload", "mean", "patients per clinician", _teams("caseload", over=("filled",))),
    Figure("contact_hours", "mean", "hours per week and clinician",
           _teams("contact_hours", over=("working",))),
    Figure("non_contact_hours", "mean", "hours per week and clinician", _non_contact),
    Figure("unpaid_hours", "mean", "hours per week and clinician", _teams("unpaid_hours", over=("working",))),
    Figure("overload", "ratio", "hours due per hour paid", _teams("due_hours", over=("paid_hours",))),
    Figure("exhaustion", "mean", "0 to 1", _teams("exhaustion", over=("filled",))),
    Figure("leaver_rate", "rate", "leavers per 100 clinician-years", _leaving),
    Figure("vacancy_rate", "share", "share", _teams("vacant", over=("vacant", "filled"))),
    Figure("posts_held", "mean", "posts", _mean_stock("filled")),
    Figure("hired", "rate", "clinicians per year", _teams("hired", times=WEEKS_A_YEAR)),
    Figure("patients_handed_over", "rate", "patients per year", _teams("handed_over", times=WEEKS_A_YEAR)),
    Figure("slot_fill", "share", "share", _teams("used", over=("offered",))),
    Figure("pay_cost", "rate", CURRENCY, _money(PAY)),
    Figure("unpaid_value", "rate", CURRENCY, _money(UNPAID)),
    Figure("hiring_cost", "rate", CURRENCY, _money(HIRING)),
    Figure("outside_cost", "rate", CURRENCY, _money(OUTSIDE_CARE)),
    *_of_days("second_visit_wait", int(SECOND_WAITS)),
    Figure("waiting", "mean", "patients", _stock("not_yet_seen")),
)
"""Every figure of a run, in the order in which they are told."""


def figure_named(measure: str, statistic: str) -> Figure:
    """The figure of a measure and a statistic. Raises `UsageError` where there is none."""
    for figure in FIGURES:
        if (figure.measure, figure.statistic) == (measure, statistic):
            return figure
    raise UsageError(f"There is no {statistic} of {measure}.", "a figure of a run",
                     "See the figures of a run without waterfall.")
