"""How much of a difference each change makes: the panels of the waterfalls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from careload.clinic import Estimate
from careload.page import NBSP, Cell, Column, DataTable
from careload.simulate import differences, words
from careload.simulate.report.charts.waterfall import Step, draw_waterfall
from careload.simulate.report.panel import Panel
from careload.simulate.report.sentences import change_in_words, largest_share
from careload.simulate.report.shown import Shown, shown
from careload.simulate.versus import Comparison, Waterfall


def waterfalls(seen: Shown) -> Iterator[Panel]:
    """How much of each difference each change makes."""
    for each in seen.compared.waterfalls if seen.compared else ():
        if _has_steps(each):
            yield _waterfall(each, *_ends(seen, each))


def waterfall_panels(found: Comparison) -> dict[tuple[str, str], Panel]:
    """The waterfalls of a comparison as panels, by measure and statistic; none of what does not differ."""
    names = [(each.measure, each.statistic) for each in found.waterfalls if _has_steps(each)]
    return dict(zip(names, waterfalls(shown(found)), strict=True))


def _has_steps(each: Waterfall) -> bool:
    return any(share.difference.value for share in each.shares)


def key_of_waterfall(*parts: str) -> str:
    """Address of a waterfall on the page."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(("waterfall", *parts)).lower())


def _ends(seen: Shown, each: Waterfall) -> tuple[Estimate, Estimate]:
    """The figure of A and of B with their intervals; without, where only their means are known."""
    found = seen.all(each.measure, each.statistic, each.by)
    if len(found) == 2 and None not in (found[0].value, found[1].value):
        return found[0], found[1]
    return _mean(each, each.start), _mean(each, each.end)


def _mean(each: Waterfall, value: float) -> Estimate:
    return Estimate(each.measure, each.statistic, value, None, None, each.unit, None, dict(each.by))


def _waterfall(each: Waterfall, start: Estimate, end: Estimate) -> Panel:
    group = f" ({words.group(each.by)})" if each.by else ""
    title = f"What makes the difference: {words.title(each.measure, each.statistic)}{group}"
    steps = list(_steps(each, start, end))
    decimals = differences.places_of_all(each)
    says = (
        f"From {words.bare(start, decimals)} to {words.figure(end, decimals)}.{largest_share(each)} "
        f"A filled bar lowers, a dashed one raises; the thin lines are 95{NBSP}% intervals."
    )
    unit = f"{words.title(each.measure, each.statistic)}: {words.axis(start.unit)}"
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
    first, last, decimals = words.scaled(start), words.scaled(end), differences.places_of_all(each)
    at = times * (first.value or 0.0)
    yield Step("A", at, at, None, None, words.figure(start, decimals), whole=True)
    for share in each.shares:
        known = words.scaled(share.difference)
        if known.value is None:
            continue
        low, high = (None if e is None else at + times * e for e in (known.low, known.high))
        figure = differences.signed_with_interval(share.difference, decimals)
        yield Step(change_in_words(share.change), at, at + times * known.value, low, high, figure)
        at += times * known.value
    whole = times * (last.value or 0.0)
    yield Step("B", whole, whole, None, None, words.figure(end, decimals), whole=True)


def _waterfall_table(each: Waterfall, start: Estimate, end: Estimate) -> DataTable:
    decimals = differences.places_of_all(each)
    rows = [(Cell("A"), Cell(words.with_interval(start, decimals=decimals)))]
    rows += [
        (Cell(change_in_words(s.change)), Cell(differences.signed_with_interval(s.difference, decimals)))
        for s in each.shares
    ]
    rows.append((Cell("B"), Cell(words.with_interval(end, decimals=decimals))))
    columns = (Column("Change"), Column("Makes", True))
    note = f"Each change {words.SHAPLEY} ({each.method})."
    return DataTable(
        f"{words.title(each.measure, each.statistic)}: change by change", columns, tuple(rows), note
    )
