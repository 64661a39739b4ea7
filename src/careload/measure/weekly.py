"""Things that happen, per week: the mean of complete weeks, with its week-to-week doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import ibis

from careload.clinic import Estimate
from careload.measure.answers import Answer
from careload.measure.definition import Definition
from careload.measure.estimators import blank
from careload.measure.groups import Group
from careload.measure.questions import Question
from careload.measure.ratio import Sums, ratio_interval
from careload.measure.view import View

WEEK = 7
A_MONDAY = date(1970, 1, 5)


def weekly_question(question: Question, view: View) -> Question:
    """What is asked: things per complete week (Monday to Sunday), and the patients behind them.

    question  one row per thing, with its `day`
    """
    first, weeks = _weeks(question.definition, view)
    day = question.counted["day"]
    counted = question.counted.only((day >= first) & (day < first + timedelta(days=weeks * WEEK)))
    week = (day.delta(first, unit="day") / WEEK).floor().cast("int64")
    everything = ibis.literal(True)
    return replace(
        question, counted=counted, pairs={"patients": (everything, everything)}, cells={"week": week}
    )


def _weeks(definition: Definition, view: View) -> tuple[date, int]:
    """The first Monday of the records and the number of complete weeks from it."""
    first = _monday_from(_first_day(definition, view))
    return first, max(0, (view.as_of + timedelta(days=1) - first).days // WEEK)


def weekly(answer: Answer, view: View) -> Iterator[Estimate]:
    """Mean number of things per complete week; weeks with none count."""
    definition = answer.question.definition
    _, weeks = _weeks(definition, view)
    if not weeks:
        return
    for group, sums in answer.sums.items():
        numbers = list(answer.cells.get(group, {}).values())
        if numbers or not group:
            people = sums["patients"].clusters
            yield replace(_mean(definition, view, group, numbers, weeks), at_risk=people)


def _mean(
    definition: Definition, view: View, group: Group, numbers: Sequence[int], weeks: int
) -> Estimate:
    total = sum(numbers)
    sums = Sums(weeks, len(numbers), weeks, total, weeks, sum(x * x for x in numbers), total)
    low, high = ratio_interval(sums) or (None, None)
    return replace(
        blank(definition, view, definition.statistic, group),
        value=total / weeks,
        low=None if low is None else max(0.0, low),
        high=high,
        n=weeks,
        events=total,
        interval="week-to-week",
    )


def _first_day(definition: Definition, view: View) -> date:
    """Day the records of the things counted begin; never before those of appointments."""
    if definition.table != "referrals":
        return view.first_day
    return max(view.first_day, view.first_request)


def _monday_from(day: date) -> date:
    """The first Monday on or after `day`."""
    return day + timedelta(days=(A_MONDAY - day).days % WEEK)
