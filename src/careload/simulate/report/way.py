"""How much of a difference each change makes: the panels of the waterfalls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careload.clinic import Estimate
from careload.page import NBSP, Cell, Column, DataTable, sentence
from careload.simulate.report import words
from careload.simulate.report.charts.waterfall import Step, draw_waterfall
from careload.simulate.report.panel import Panel
from careload.simulate.report.sentences import change_in_words, largest_share
from careload.simulate.report.shown import Shown
from careload.simulate.versus import Waterfall


def waterfalls(seen: Shown) -> Iterator[Panel]:
    """How much of each difference each change makes."""
    for each in seen.compared.waterfalls if seen.compared else ():
        if any(share.difference.value for share in each.shares):
            yield _waterfall(each, _estimate(each, each.start), _estimate(each, each.end))


def key_of_waterfall(*parts: str) -> str:
    """Address of a waterfall on the page."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(("waterfall", *parts)).lower())


def _estimate(each: Waterfall, value: float) -> Estimate:
    return Estimate(each.measure, each.statistic, value, None, None, each.unit, None, dict(each.by))


def _waterfall(each: Waterfall, start: Estimate, end: Estimate) -> Panel:
    group = f" ({words.group(each.by)})" if each.by else ""
    title = f"What makes the difference: {words.title(each.measure, each.statistic)}{group}"
    steps = list(_steps(each, start, end))
    says = (
        f"From {words.figure(start)} to {words.figure(end)}.{largest_share(each)} "
        f"A filled bar lowers, a broken one raises; the thin lines are 95{NBSP}% intervals."
    )
    unit = sentence(words.axis(start.unit))
    return Panel(
        key_of_waterfall(each.measure, each.statistic, *each.by.values()),
        title,
        says,
        lambda width: draw_waterfall(steps, unit, width, f"{title}. {says}"),
        (_waterfall_table(each, start, end),),
        words.told(each.measure).side,
    )


def _steps(each: Waterfall, start: Estimate, end: Estimate) -> Iterator[Step]:
    times = 100.0 if each.unit == "share" else 1.0
    first, last = words.scaled(start), words.scaled(end)
    at = times * (first.value or 0.0)
    yield Step("A", at, at, None, None, words.figure(start), whole=True)
    for share in each.shares:
        known = words.scaled(share.difference)
        if known.value is None:
            continue
        low, high = (None if e is None else at + times * e for e in (known.low, known.high))
        label, figure = change_in_words(share.change), words.signed_with_interval(share.difference)
        yield Step(label, at, at + times * known.value, low, high, figure)
        at += times * known.value
    whole = times * (last.value or 0.0)
    yield Step("B", whole, whole, None, None, words.figure(end), whole=True)


def _waterfall_table(each: Waterfall, start: Estimate, end: Estimate) -> DataTable:
    rows = [(Cell("A"), Cell(words.with_interval(start)))]
    rows += [
        (Cell(change_in_words(s.change)), Cell(words.signed_with_interval(s.difference))) for s in each.shares
    ]
    rows.append((Cell("B"), Cell(words.with_interval(end))))
    columns = (Column("Change"), Column("Makes", True))
    note = f"Each change makes what it adds in the mean over their orders: {each.method}."
    return DataTable(
        f"{words.title(each.measure, each.statistic)}: change by change", columns, tuple(rows), note
    )
