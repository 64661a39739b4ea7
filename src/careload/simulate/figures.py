"""The figures of a run: what each is called, its unit, how it is counted for a group of teams and needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service
from careload.simulate.kernel.records import (
    CALENDAR_DAYS,
    CELL_COUNTS,
    INTERVALS,
    SEEN,
    TEAM_COUNTS,
    WAITS,
)
from careload.simulate.plan import DAYS_A_YEAR, teams_by_site
from careload.simulate.spans import mean_days, quantile, share_within
from careload.simulate.summary import Summary

WEEKS_A_YEAR = DAYS_A_YEAR / 7
DAYS_WITHIN = (7, 14, 28, 56)
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
class Figure:
    """One figure of a run.

    measure    what is measured, named as in `measure/` where it is the same
    statistic  ``mean``, ``median``, ``p90``, ``seen_by_14``, ``share``, ``rate``
    unit       of the value
    of         from a summary and a group to the value; nan where there is none
    """

    measure: str
    statistic: str
    unit: str
    of: Callable[[Summary, Group], float]


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


def spans_of(summary: Summary, group: Group, which: int, unit: int = int(CALENDAR_DAYS)) -> NDArray[np.int32]:
    """Histograms of a group's spans of waiting, (4, DAYS_SHOWN); all zeros where none are its own."""
    own, found = group.days[which], summary.spans[which, unit]
    whose = np.zeros(0, dtype=bool) if own is None else own
    return np.asarray(found[:, : len(whose)][:, whose].sum(axis=1), dtype=np.int32)


def _share(which: int, days: int) -> Callable[[Summary, Group], float]:
    return lambda summary, group: share_within(spans_of(summary, group, which), days)


def _quantile(which: int, share: float) -> Callable[[Summary, Group], float]:
    return lambda summary, group: quantile(spans_of(summary, group, which), share)


def _naive_mean(which: int) -> Callable[[Summary, Group], float]:
    return lambda summary, group: mean_days(spans_of(summary, group, which)[SEEN])


def _cells(*names: str, over: tuple[str, ...] = (), times: float = 1.0) -> Callable[[Summary, Group], float]:
    """Sum of cell counts per week counted, or over the sum of others, times a factor."""
    top, bottom = ([CELL_COUNTS.index(name) for name in some] for some in (names, over))

    def of(summary: Summary, group: Group) -> float:
        if group.cells is None:
            return float("nan")
        counts = summary.cells[group.cells].sum(axis=0)
        return _ratio(times * counts[top].sum(), counts[bottom].sum() if bottom else summary.weeks)

    return of


def _stock(name: str) -> Callable[[Summary, Group], float]:
    place = CELL_COUNTS.index(name)
    return lambda summary, group: (
        float("nan") if group.cells is None else float(summary.cells[group.cells, place].sum())
    )


def _teams(*names: str, over: tuple[str, ...] = (), times: float = 1.0) -> Callable[[Summary, Group], float]:
    """Sum of team counts per week counted, or over the sum of others, times a factor."""
    top, bottom = ([TEAM_COUNTS.index(name) for name in some] for some in (names, over))

    def of(summary: Summary, group: Group) -> float:
        if group.teams is None:
            return float("nan")
        counts = summary.teams[group.teams].sum(axis=0)
        return _ratio(times * counts[top].sum(), counts[bottom].sum() if bottom else summary.weeks)

    return of


def _leaving(summary: Summary, group: Group) -> float:
    """Leavers per post held and year."""
    return _teams("left", times=WEEKS_A_YEAR / summary.weeks, over=("filled",))(summary, group)


def _mean_stock(name: str) -> Callable[[Summary, Group], float]:
    place = TEAM_COUNTS.index(name)
    return lambda summary, group: (
        float("nan") if group.teams is None else float(summary.teams[group.teams, place].sum())
    )


def _ratio(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom > 0 else float("nan")


def _of_days(measure: str, which: int) -> tuple[Figure, ...]:
    return (
        Figure(measure, "median", "days", _quantile(which, 0.5)),
        Figure(measure, "p90", "days", _quantile(which, 0.9)),
        *(Figure(measure, f"seen_by_{days}", "share", _share(which, days)) for days in DAYS_WITHIN),
        Figure(measure, "naive_mean", "days", _naive_mean(which)),
    )


A_YEAR = WEEKS_A_YEAR
FIGURES: tuple[Figure, ...] = (
    *_of_days("return_interval", int(INTERVALS)),
    *_of_days("intake_wait", int(WAITS)),
    Figure("referrals_per_week", "mean", "referrals per week", _cells("referred", "came_back")),
    Figure("visits_per_week", "mean", "visits per week", _cells("attended")),
    Figure("no_show", "share", "share", _cells("missed", over=("missed", "attended"))),
    Figure("in_care", "mean", "patients", _stock("in_care")),
    Figure("overdue", "mean", "patients", _stock("overdue")),
    Figure("crises", "rate", "crises per year", _cells("crises", times=A_YEAR)),
    Figure("ed_visits", "rate", "visits per year", _cells("ed_visits", times=A_YEAR)),
    Figure("admissions", "rate", "admissions per year", _cells("admitted", times=A_YEAR)),
    Figure("dropout", "rate", "patients per year", _cells(*DROPPED, times=A_YEAR)),
    Figure("remission_untreated", "rate", "patients per year", _cells("remitted", times=A_YEAR)),
    Figure("discharged", "rate", "patients per year", _cells("discharged", times=A_YEAR)),
    Figure("referred_outside", "rate", "patients per year", _cells("outside", times=A_YEAR)),
    Figure("caseload", "mean", "patients per clinician", _teams("caseload", over=("filled",))),
    Figure("contact_hours", "mean", "hours per week and clinician",
           _teams("contact_hours", over=("working",))),
    Figure("non_contact_hours", "mean", "hours per week and clinician",
           _teams("non_contact_hours", over=("working",))),
    Figure("unpaid_hours", "mean", "hours per week and clinician", _teams("unpaid_hours", over=("working",))),
    Figure("overload", "mean", "ratio", _teams("due_hours", over=("paid_hours",))),
    Figure("exhaustion", "mean", "0 to 1", _teams("exhaustion", over=("filled",))),
    Figure("leaver_rate", "rate", "per year", _leaving),
    Figure("vacancy_rate", "share", "share", _teams("vacant", over=("vacant", "filled"))),
    Figure("posts_held", "mean", "posts", _mean_stock("filled")),
    Figure("hired", "rate", "clinicians per year", _teams("hired", times=A_YEAR)),
    Figure("caseload_handed_over", "rate", "patients per year", _teams("handed_over", times=A_YEAR)),
    Figure("slot_fill", "share", "share", _teams("used", over=("offered",))),
)
"""Every figure of a run, in the order in which they are told."""
