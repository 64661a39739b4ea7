"""When an answer of runs is not to be taken as it stands, and what to do about it.

Each doubt is told from runs: a difference counts where its 95 % interval over runs lies on one side of zero
*and* it is large enough to matter, since with many runs the smallest drift is beyond chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from careload.clinic import BusinessCalendar, Finding
from careload.simulate.kernel.records import (
    CALENDAR_DAYS,
    CELL_COUNTS,
    CUT_OFF,
    DAYS_SHOWN,
    INTERVALS,
    TEAM_COUNTS,
    WAITS,
    Numbers,
)
from careload.simulate.many import Simulated
from careload.simulate.spans import lower_quantile
from careload.simulate.student import half_width
from careload.simulate.words import title

MATTERS = 0.05
"""A drift of less than this share of the figure itself is not told."""
WEEKS_A_FOURTH = 4
"""Fewest weeks in a fourth of a run from which a trend is read."""
SLOWS = 0.8
"""A queue that settles slows: one whose last fourth adds less than this share of the one before does."""
WEEKS = "the weeks, in the pictures over time of careload simulate --html or in the tables of its --parquet"
"""Where a reader finds how a figure went from week to week."""
FIRST_WEEKS = 4
MUCH = 0.01
"""Share of waits longer than can be told apart, from which on quantiles are in doubt."""
LEAST_TOLD = 0.01
"""Per cent: a smaller share is only said to be smaller."""
ENOUGH_RUNS = 50
"""From so many runs on, intervals over them held the truth nearly as often as they say."""
MOST_HOURS = 100
"""Hours a week that nobody works on average; a week has 168."""
JUDGED = (
    ("return_interval", "median"), ("intake_wait", "median"), ("overdue", "mean"), ("overload", "ratio"),
    ("visits_per_week", "mean"), ("in_care", "mean"),
)
"""Figures that must be as precise as was asked."""


def doubts(simulated: Simulated, precision: float | None = None, name: str = "") -> list[Finding]:
    """What a reader must know before the figures.

    precision  half the width of an interval that was asked for, as a share of the value; None for none
    name       of the service, where there are two
    """
    found = [*_finished(simulated, name)]
    if simulated.summaries:
        growing = list(_grows(simulated, name))
        found += growing or _moves(simulated, name)
        found += [*_precise(simulated, precision, name), *_room(simulated, name)]
        found += [*_holidays(simulated, name), *_few(simulated, name), *_hours(simulated, name)]
    return found


def _finished(simulated: Simulated, name: str) -> Iterator[Finding]:
    done, asked = len(simulated.summaries), simulated.asked
    if done < asked:
        yield Finding(
            "interrupted", "warning", name, asked - done,
            f"Interrupted after {done:,} of {asked:,} replications; the figures are of those.",
            f"{asked:,} replications", "Run it again, or take wider intervals for what they are.",
        )


def _grows(simulated: Simulated, name: str) -> Iterator[Finding]:
    """People overdue rise from fourth to fourth of the run, and the rise hardly slows."""
    weeks = _weekly(simulated, "overdue")
    if weeks.shape[1] < 4 * WEEKS_A_FOURTH:
        return
    fourths = np.stack([part.mean(axis=1) for part in np.array_split(weeks, 4, axis=1)], axis=1)
    steps = np.diff(fourths, axis=1)
    (_, before, last), level = steps.mean(axis=0), fourths.mean(axis=0)
    rises = all(_above(step) for step in steps.T) if len(weeks) > 1 else _rises(weeks[0])
    if rises and last > SLOWS * before and 4 * last > MATTERS * level[-1]:
        yield Finding(
            "queue-grows", "warning", name, round(float(weeks[:, -1].mean())),
            "More and more people are overdue, and the rise hardly slows: on average "
            f"{level[0]:,.0f} in the first fourth of the run, then {level[1]:,.0f}, {level[2]:,.0f} and "
            f"{level[3]:,.0f} in the last{_after_a_fall(weeks, float(level[0]))}.",
            "fourths alike but for chance, as where a queue has come to rest",
            f"Means over the run depend on its length: rather than them read {WEEKS}.",
        )


def _rises(weeks: Numbers) -> bool:
    """Of one run, of whose luck nothing is known: every week of a fourth is above all of the one before."""
    fourths = np.array_split(weeks, 4)
    return all(before.max() < after.min() for before, after in pairwise(fourths))


def _after_a_fall(weeks: Numbers, first_fourth: float) -> str:
    """That the rise follows a fall from where the run was started, where it does."""
    start = float(weeks[:, :FIRST_WEEKS].mean())
    return f", after a fall from {start:,.0f} in the first four weeks" if start > first_fourth else ""


def _moves(simulated: Simulated, name: str) -> Iterator[Finding]:
    """The second half of the weeks counted differs from the first."""
    named = {"people in care": _weekly(simulated, "in_care"), "people overdue": _weekly(simulated, "overdue"),
             "the median return interval": _monthly(simulated)}
    moved = [text for what, values in named.items() if (text := _moved(what, values))]
    if not moved:
        return
    settled = simulated.warm_up > 0
    yield Finding(
        "warm-up-too-short" if settled else "still-moving", "warning" if settled else "note", name, 0,
        f"The service has not settled: {'; '.join(moved)} (mean of the first half of the run, then of the "
        "second).",
        "halves alike but for chance" if settled else "halves alike, if the question is where it settles",
        "Raise start.warm_up_weeks." if settled else
        f"Read {WEEKS}; for the settled state set start.warm_up_weeks.",
    )


def _moved(what: str, values: Numbers) -> str:
    half = values.shape[1] // 2
    if half < 2:
        return ""
    first, second = np.nanmean(values[:, :half], axis=1), np.nanmean(values[:, half:], axis=1)
    change, wide = second - first, half_width(second - first)
    if wide is None or abs(change.mean()) <= max(wide, MATTERS * abs(first.mean())):
        return ""
    return f"{what} {first.mean():,.0f}, then {second.mean():,.0f}"


def _precise(simulated: Simulated, precision: float | None, name: str) -> Iterator[Finding]:
    if precision is None:
        return
    known = {(each.measure, each.statistic): each for each in simulated.estimates() if not each.by}
    for key in JUDGED:
        each, number = known.get(key), len(simulated.summaries)
        if each is None or each.value is None or not each.value:
            continue
        wide = None if each.high is None else (each.high - each.value) / abs(each.value)
        if wide is None or wide > precision:
            needed = "at least 2" if wide is None else f"about {_needed(number, wide, precision):,}"
            yield Finding(
                "too-few-replications", "warning", name, number,
                f"{title(*key)} ({each.measure}, {each.statistic}) is known to {_per_cent(wide)} "
                f"after {number:,} replications.",
                f"an interval of {100 * precision:g} % of the value to either side",
                f"Raise --replications to {needed}.",
            )


def _needed(number: int, wide: float, precision: float) -> int:
    """Intervals shrink with the root of the number of runs."""
    return int(np.ceil(number * (wide / precision) ** 2))


def _per_cent(wide: float | None) -> str:
    return "nothing" if wide is None else f"{100 * wide:.1f} %"


def _small(share: float) -> str:
    """Per cent of a small share, never in powers of ten."""
    return f"{share:.2f}" if share >= LEAST_TOLD else f"less than {LEAST_TOLD}"


def _room(simulated: Simulated, name: str) -> Iterator[Finding]:
    """Waits that are longer than the histograms can tell."""
    for what, which in (("return intervals", INTERVALS), ("waits for a first visit", WAITS)):
        spans = sum(summary.spans[which, CALENDAR_DAYS].sum(axis=1, dtype=np.int64)
                    for summary in simulated.summaries)
        ended = np.delete(np.asarray(spans), CUT_OFF, axis=0)
        beyond, share = int(ended[:, -1].sum()), ended[:, -1].sum() / max(1, np.asarray(spans).sum())
        if beyond:
            yield Finding(
                "waits-beyond-room", "warning" if share > MUCH else "note", name, beyond,
                f"{beyond:,} of the {what} ({_small(100 * share)} % of all, over all runs) were longer than "
                f"{DAYS_SHOWN - 2} days and are counted as {DAYS_SHOWN - 1}.",
                f"waits of up to {DAYS_SHOWN - 2} days",
                "Shares within a limit hold; take a mean, or a quantile that long, for too short.",
            )


def _holidays(simulated: Simulated, name: str) -> Iterator[Finding]:
    """Years of the run whose public holidays nobody knows."""
    calendar = simulated.service["calendar"]
    business = BusinessCalendar(calendar["country"], calendar["subdivision"])
    first, last = business.known_years
    years = range(simulated.service["start"]["date"].year, simulated.as_of.year + 1)
    beyond = sum(not first <= year <= last for year in years)
    if calendar["country"] and beyond:
        yield Finding(
            "holidays-unknown", "warning", name, beyond,
            f"The run goes from {years[0]} to {years[-1]}, and in {beyond:,} of these years only weekends "
            f"are closed: the public holidays of {calendar['country']} are known from {first} to {last}.",
            "public holidays that are known in every year of the run",
            "Change start.date, run fewer years, or name the days in calendar.closed.",
        )


def _few(simulated: Simulated, name: str) -> Iterator[Finding]:
    """So few runs that intervals over them may be too narrow where runs are skewed: waits, rare events."""
    number = len(simulated.summaries)
    if 1 < number < ENOUGH_RUNS:
        yield Finding(
            "few-replications", "note", name, number,
            f"{number:,} replications: intervals of waits and of rare events may be too narrow. Of a median "
            "wait, 72 to 86 in 100 intervals over 10 to 50 runs held the value of very many runs (computed).",
            f"{ENOUGH_RUNS} replications or more", "Raise --replications.",
        )


def _hours(simulated: Simulated, name: str) -> Iterator[Finding]:
    """More hours worked in a week than anybody can."""
    paid, unpaid, there = (TEAM_COUNTS.index(each) for each in ("paid_hours", "unpaid_hours", "working"))
    weeks = np.array([each.weekly_teams[each.first:] for each in simulated.summaries], dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        worked = (weeks[:, :, paid] + weeks[:, :, unpaid]) / weeks[:, :, there]
    most = float(np.nanmax(worked, initial=0.0))
    if most > MOST_HOURS:
        yield Finding(
            "hours-beyond-anybody", "warning", name, int((worked > MOST_HOURS).sum()),
            f"In some week {most:,.0f} hours are worked per clinician, paid and unpaid.",
            f"at most {MOST_HOURS}",
            "Lower start.patients, or let more of the overflow be put off or left undone.",
        )


def _weekly(simulated: Simulated, count: str) -> Numbers:
    """(run, week counted)"""
    place = CELL_COUNTS.index(count)
    return np.array([each.weekly_cells[each.first:, place] for each in simulated.summaries], dtype=np.float64)


def _monthly(simulated: Simulated) -> Numbers:
    """(run, four weeks counted): median of the return intervals that ended then; whole four weeks only."""
    months = [
        [lower_quantile(days, 0.5) for days in each.monthly[INTERVALS][-(-each.first // 4):]]
        for each in simulated.summaries
    ]
    found = np.array(months, dtype=np.float64)
    return found[:, ~np.isnan(found).any(axis=0)]


def _above(values: Numbers) -> bool:
    wide = half_width(values)
    return wide is not None and float(values.mean()) > wide
