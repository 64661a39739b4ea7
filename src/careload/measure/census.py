"""Complete counts of everybody there is on the day: no sampling doubt, low = high = value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import ibis

from careload.clinic import Estimate
from careload.measure.answers import Answer, Cells
from careload.measure.estimators import blank
from careload.measure.groups import Group, in_natural_order
from careload.measure.questions import Question
from careload.measure.view import View

Values = list[tuple[int, int]]
"""Values of those meant, in order, and how many have each."""


def census_question(question: Question) -> Question:
    """What is asked: how many have each value, and of them how many are meant.

    question  one row per person (or post): `y` (those meant; all where absent) and
              `value` (whole; of those meant) for median, mean and p90
    """
    counted = question.counted
    value = counted["value"].cast("int64") if "value" in counted else ibis.literal(1, type="int64")
    meant = counted["y"] == 1 if "y" in counted else ibis.literal(True)
    return replace(question, cells={"value": value, "meant": meant})


def census(answer: Answer, view: View, *, prefix: str = "") -> Iterator[Estimate]:
    """Count and share of those meant, and quantiles of their value, as the definition asks."""
    definition = answer.question.definition
    everything = dict(answer.cells)
    if not answer.question.always:
        everything = {(): {}, **everything}
    for group in sorted(everything, key=_columns_then_values):
        cells = everything[group]
        n, values = sum(cells.values()), _meant(cells)
        hits = sum(number for _, number in values)
        for statistic in definition.statistics:
            value = _statistic(statistic, values, n, hits)
            unit = {"count": definition.counted, "share": "share"}.get(statistic, definition.unit)
            yield replace(
                blank(definition, view, prefix + statistic, group),
                value=value,
                low=value,
                high=value,
                unit=unit,
                n=n,
                at_risk=n,
                events=hits,
            )


def _columns_then_values(group: Group) -> tuple[int, list[str], list[list[str | int]]]:
    return len(group), [column for column, _ in group], in_natural_order(group)


def _meant(cells: Cells) -> Values:
    return sorted((value, number) for (value, meant), number in cells.items() if meant and value is not None)


def _statistic(name: str, values: Values, n: int, hits: int) -> float | None:
    if name == "count":
        return hits
    if name == "share":
        return hits / n if n else None
    if not hits:
        return None
    if name == "mean":
        return sum(value * number for value, number in values) / hits
    return _lower_quantile(values, hits, {"median": 0.5, "p90": 0.9}[name])


def _lower_quantile(values: Values, total: int, q: float) -> float:
    """First value by which a share q of all is reached: the lower empirical quantile."""
    reached = 0
    for value, number in values:
        reached += number
        if reached >= q * total - 1e-9:
            return value
    raise AssertionError("shares of a whole add up to one")
