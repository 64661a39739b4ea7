"""One way per kind of measure from rows to estimates: what is asked of the engine, and how it is told.

share, ratio, rate, survey  -> `careload.measure.estimators`
time                        -> `careload.measure.timing`
return_interval             -> `careload.measure.return_interval`
weekly                      -> `careload.measure.weekly`
census                      -> `careload.measure.census`
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from careload.clinic import Estimate
from careload.measure import estimators, return_interval
from careload.measure.answers import Answer, Progress, answered
from careload.measure.census import census, census_question
from careload.measure.counted import Counted
from careload.measure.definition import Definition
from careload.measure.questions import Pairs, Question
from careload.measure.rows import ROWS
from careload.measure.timing import time_question, times
from careload.measure.view import View
from careload.measure.weekly import weekly, weekly_question

Ask = Callable[[Question, View], tuple[Question, ...]]
Tell = Callable[[Sequence[Answer], View], Iterator[Estimate]]


@dataclass(frozen=True)
class Kind:
    """How measures of one kind are answered.

    ask   the questions to put, from the rows and the columns to break down by
    tell  the estimates, from the answers in the same order; the engine is not asked again
    """

    ask: Ask
    tell: Tell


@dataclass(frozen=True)
class Plan:
    """What one measure asks, and how its answers are told."""

    questions: tuple[Question, ...]
    tell: Tell


def plans(definition: Definition, view: View, by: Sequence[str]) -> Iterator[Plan]:
    """One plan for the columns asked for, and one for each that the definition always has; for each bound."""
    own_bounds = definition.kind == "return_interval"
    for told_as, seen in view.readings if definition.bounds and not own_bounds else (({}, view),):
        yield from _plans(definition, Counted.of(ROWS[definition.name](seen)), seen, by, told_as)


def _plans(
    definition: Definition, counted: Counted, view: View, by: Sequence[str], told_as: Mapping[str, str]
) -> Iterator[Plan]:
    kind = KINDS[definition.kind]
    tell = labelled(kind.tell) if told_as else kind.tell
    always = definition.always_by
    columns = tuple(column for column in by if column not in always)
    start = Question(definition, counted, columns, always, told_as=told_as)
    yield Plan(kind.ask(start, view), tell)
    for column in definition.also_by:
        if column not in by:
            yield Plan(kind.ask(replace(start, by=(), always=(column,)), view), tell)


def labelled(tell: Tell) -> Tell:
    """`tell`, every estimate with `told_as` of the question in its `by`."""

    def telling(answers: Sequence[Answer], view: View) -> Iterator[Estimate]:
        for estimate in tell(answers, view):
            yield replace(estimate, by={**estimate.by, **answers[0].question.told_as})

    return telling


@dataclass(frozen=True)
class Told:
    """A plan once answered."""

    plan: Plan
    answers: tuple[Answer, ...]
    estimates: tuple[Estimate, ...]


def estimates(asked: Sequence[Plan], view: View, progress: Progress) -> list[Told]:
    """The estimates of every plan, in order; the engine is asked once for all of them."""
    answers = iter(answered([question for plan in asked for question in plan.questions], view, progress))
    told = []
    for plan in asked:
        own = tuple(next(answers) for _ in plan.questions)
        told.append(Told(plan, own, tuple(plan.tell(own, view))))
    return told


def _sums(
    pairs: Callable[[Definition, Counted], Pairs], tell: Callable[[Answer, View], Iterator[Estimate]]
) -> Kind:
    return Kind(
        lambda start, view: (replace(start, pairs=pairs(start.definition, start.counted)),), _one(tell)
    )


def _one(tell: Callable[[Answer, View], Iterator[Estimate]]) -> Tell:
    return lambda answers, view: tell(answers[0], view)


KINDS: dict[str, Kind] = {
    "share": _sums(estimators.share_pairs, estimators.shares),
    "ratio": _sums(estimators.ratio_pairs, estimators.ratios),
    "rate": _sums(estimators.ratio_pairs, estimators.rates),
    "survey": _sums(estimators.survey_pairs, estimators.survey),
    "time": Kind(lambda start, view: (time_question(start),), _one(times)),
    "weekly": Kind(lambda start, view: (weekly_question(start, view),), _one(weekly)),
    "census": Kind(lambda start, view: (census_question(start),), _one(census)),
    "return_interval": Kind(return_interval.questions, return_interval.estimates),
}
