"""Does a plan do what it should?

    value of a goal in a run = the figure, or the share seen in time, counted over the days of the goal
    met in a run             = the limit is reached, in each group where the goal says so
    met                      = met in at least `met_in` of all runs

Each run is of one of the services that may be true, with luck of its own: the doubt of what is known and that
of chance are in it alike. Days of a goal are counted in whole weeks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service, UsageError
from careload.simulate import Progress, Simulated, figure_named, groups, simulate_each
from careload.staff.goals import Goal, Goals, Plan, planned
from careload.staff.judging.cost import Cost, cost_of
from careload.staff.judging.hidden import MARGIN, Harm, harms

Numbers = NDArray[np.float64]
DAYS_A_WEEK, DAYS_A_YEAR, ONE_DAY = 7, 365.25, timedelta(days=1)


@dataclass(frozen=True)
class Judgement:
    """What became of one goal.

    goal    which
    groups  those it is asked of; one that is empty for everybody
    values  (run, group): figure, share or ratio; nan where there is nobody
    met     whether it is met in enough of the runs
    share   of runs in which it is met
    """

    goal: Goal
    groups: tuple[Mapping[str, str], ...]
    values: Numbers
    met: bool
    share: float

    @property
    def missed_by(self) -> float:
        """How far the median run is from the limit, relative to it, in the group that misses it most."""
        known = self.values[:, ~np.isnan(self.values).all(axis=0)]
        middles = np.nanmedian(known, axis=0) if known.size else np.array([np.nan])
        return max(self.goal.missed_by(float(each)) for each in middles)


@dataclass(frozen=True)
class Judged:
    """What became of a plan.

    goals   each with its judgement
    harms   sides that it makes worse on the days of the goals
    transition  sides that it makes worse before
    cost    of a year of the plan
    today   of a year as it is
    budget  most that a year may cost on average; None for no limit
    runs    how many of the plan, and as many of today
    """

    goals: tuple[Judgement, ...]
    harms: tuple[Harm, ...]
    transition: tuple[Harm, ...]
    cost: Cost
    today: Cost
    budget: float | None
    runs: int

    @property
    def is_within_budget(self) -> bool:
        """Whether a year costs no more on average than it may."""
        return self.budget is None or float(self.cost.whole.mean()) <= self.budget

    @property
    def holds(self) -> bool:
        """Whether every hard goal is met within the budget, and nothing is made worse."""
        met = all(each.met for each in self.goals if each.goal.hard)
        return met and self.is_within_budget and not self.harms

    def __str__(self) -> str:
        lines = ["The plan holds." if self.holds else "The plan does not hold."]
        for each in self.goals:
            kind = ("met" if each.met else "missed") + ("" if each.goal.hard else " (soft)")
            lines.append(f"{kind}, in {each.share:.0%} of the runs: {each.goal}")
        today, plan = (float(cost.whole.mean()) for cost in (self.today, self.cost))
        beside = "" if self.budget is None else (
            f", {'within' if self.is_within_budget else 'above'} the budget of {self.budget:,.0f}")
        lines.append(f"A year costs {plan:,.0f}{beside}; today {today:,.0f}.")
        lines += [f"It makes worse: {harm}" for harm in _widest(self.harms)]
        before = "Before the goals have to hold it makes worse"
        lines += [f"{before}: {harm}" for harm in _widest(self.transition)]
        return "\n".join(lines)


def _widest(found: Sequence[Harm]) -> list[Harm]:
    """Those of everybody, and of groups where everybody is not harmed in the same way."""
    of_all = {harm.side for harm in found if not harm.by}
    return [harm for harm in found if not harm.by or harm.side not in of_all]


def judge(
    worlds: Sequence[Service], plan: Plan, goals: Goals, *, seed: int = 1,
    margin: float = MARGIN, executor: Executor | None = None, progress: Progress | None = None,
) -> Judged:
    """Run a plan and the service as it is, and say which goals are met and what is made worse.

    worlds    services any of which may be true, one for each run; the same several times where one is known
    plan      what levers are given, and posts opened later; `Plan()` for none
    goals     `read_goals`
    seed      same seed, same answer, on any number of workers
    margin    part of today's figure by which a hidden side may be worse
    executor  where the runs are made; None for the processors of this machine

    Raises `UsageError` for a service whose first day is not today: one with weeks of warm-up.
    """
    with_plan = _each_once(worlds, lambda world: planned(world, plan, goals.levers))
    horizon, before = (goals.first, goals.last), (worlds[0]["start"]["date"], goals.first - ONE_DAY)
    spans = dict.fromkeys([horizon, *((goal.first, goal.last) for goal in goals.goals)])
    ran = {span: _run(with_plan, span, seed, executor, progress) for span in spans}
    today, today_before, plan_before = (
        _run(each, span, seed, executor, progress)
        for each, span in ((worlds, horizon), (worlds, before), (with_plan, before))
    )
    return Judged(
        tuple(_judgement(goal, ran[goal.first, goal.last], goals.met_in) for goal in goals.goals),
        harms(today, ran[horizon], margin), harms(today_before, plan_before, margin),
        cost_of(ran[horizon], worlds, goals, plan.values), cost_of(today, worlds, goals, {}),
        goals.limits.budget_per_year, len(worlds),
    )


def _run(
    worlds: Sequence[Service], span: tuple[date, date], seed: int, executor: Executor | None,
    progress: Progress | None,
) -> Simulated:
    """Runs that count from the first to the last day of a span, in whole weeks."""
    start = worlds[0]["start"]
    if start["warm_up_weeks"]:
        raise UsageError(
            f"{worlds[0].name} is run for {start['warm_up_weeks']} weeks before anything is counted.",
            "a service whose first day is today", "Set start.warm_up_weeks = 0, or fit your records.",
        )
    before = -((start["date"] - span[0]).days // DAYS_A_WEEK)
    weeks = max(1, ((span[1] - start["date"]).days + 1) // DAYS_A_WEEK - before)
    counted = _each_once(worlds, lambda world: world.changed({"start.warm_up_weeks": before}, "the goals"))
    years = weeks * DAYS_A_WEEK / DAYS_A_YEAR
    return simulate_each(counted, years, seed, executor=executor, progress=progress)


def _each_once(worlds: Sequence[Service], change: Callable[[Service], Service]) -> list[Service]:
    """Each service changed; one that stands in it several times is changed once."""
    made = {id(world): world for world in worlds}
    changed = {key: change(world) for key, world in made.items()}
    return [changed[id(world)] for world in worlds]


def _judgement(goal: Goal, ran: Simulated, met_in: float) -> Judgement:
    some = list(groups(ran.service))
    values = _values(goal, ran)
    # One site alone is everybody.
    asked = [place for place, group in enumerate(some) if goal.each in group.by] if goal.each else [0]
    asked = asked or [0]
    if goal.against:
        with np.errstate(invalid="ignore", divide="ignore"):
            # Nobody of a group is reached: however long others wait, that is no ratio that could be met.
            values = np.where(np.isinf(values), np.inf, values / values[:, :1])
    values = values[:, asked]
    share = float(_met_in(goal, values).mean())
    return Judgement(goal, tuple(some[place].by for place in asked), values, share >= met_in, share)


def _values(goal: Goal, ran: Simulated) -> Numbers:
    """(run, group) of a goal, in the order of `groups`."""
    if goal.within:
        return ran.shares_within(goal.within.days, goal.within.unit, goal.measure)
    figure = figure_named(goal.measure, goal.statistic)
    return np.stack([ran.values(figure, group) for group in groups(ran.service)], axis=1)


def _met_in(goal: Goal, values: Numbers) -> NDArray[np.bool_]:
    """(run,) whether the goal is met in every group with anybody; with nobody in any it is not."""
    return np.array([
        not np.isnan(run).all() and all(goal.is_met_by(float(value)) for value in run[~np.isnan(run)])
        for run in values
    ])
