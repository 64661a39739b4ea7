"""The return interval, told in three views beside the naive figure.

Per interval: every span counts once, so a weekly patient counts often. Per patient:
every patient weighs the same. In care today: days since the last visit of everyone
still waiting. Without recorded ends of episodes nobody can tell who has finished:
then two bounds are given, ``open=all`` and ``open=planned``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from careload.clinic import Estimate
from careload.measure.answers import Answer
from careload.measure.census import census, census_question
from careload.measure.definition import Definition
from careload.measure.questions import Question
from careload.measure.rows import waits
from careload.measure.timing import Durations, durations, time_question, told
from careload.measure.view import View

NAIVE, TODAY, EVEN = "naive_", "in_care_", "per_patient_"
"""Before a statistic: of those who waited, of people in care today, with every patient weighing the same."""


def questions(start: Question, view: View) -> tuple[Question, ...]:
    """The three views of every bound, then the naive figure."""
    asked = []
    for told_as, seen in view.readings:
        counted = waits.return_interval(seen)
        bound = replace(start, counted=counted, told_as=told_as)
        waiting = counted.only(counted["event"] == "waiting", value=counted["days"])
        today = replace(bound, definition=_in_care_today(start.definition), counted=waiting)
        asked += [time_question(bound, even=True), census_question(today)]
    finished = start.counted.only(start.counted["event"] == "seen")
    naive = replace(start.definition, quantiles=(0.5,), days=())
    return (*asked, time_question(replace(start, definition=naive, counted=finished)))


def _in_care_today(definition: Definition) -> Definition:
    return replace(definition, counted="patients", statistic="median p90")


def estimates(answers: Sequence[Answer], view: View) -> Iterator[Estimate]:
    """All views of the return interval, for every group."""
    *bounds, naive = answers
    for spans, today in zip(bounds[::2], bounds[1::2], strict=True):
        ended = _some_ended(spans, today)
        for estimate in _views(spans, today, view):
            by = {**estimate.by, **spans.question.told_as}
            yield replace(estimate, by=by, ended=ended)
    for each in durations(naive):
        for estimate in told(naive.question.definition, view, each, NAIVE):
            yield replace(estimate, note="leaves out everyone still waiting: too short")


def _some_ended(spans: Answer, today: Answer) -> bool:
    """Whether more were cut off than still wait: the others died or left care otherwise."""
    # Of everyone, not of a group: in a small one it would tell how many of those cut off still wait.
    return spans.sums[()]["open"].n > sum(today.cells.get((), {}).values())


def _views(spans: Answer, today: Answer, view: View) -> Iterator[Estimate]:
    definition = spans.question.definition
    for each in durations(spans):
        yield from told(definition, view, each)
    for each in durations(spans, even=True):
        yield from told(definition, view, each, EVEN)
    yield from census(today, view, prefix=TODAY)


def drawn(answers: Sequence[Answer]) -> list[Durations]:
    """The durations that are drawn: everyone counted, every interval once."""
    return list(durations(answers[0]))
