"""The pictures of the page, each with its sentence and its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from careload.clinic import Estimate
from careload.page import NBSP, Axis, Cell, Column, DataTable, Reference, Row, draw_dots, sentence
from careload.simulate.report import words
from careload.simulate.report.charts.fans import Axes, draw_fans
from careload.simulate.report.charts.frame import Limit
from careload.simulate.report.charts.seen import draw_lengths, draw_seen
from careload.simulate.report.charts.waterfall import Step, draw_waterfall
from careload.simulate.report.compared import Waterfall
from careload.simulate.report.ends import Fate, fates
from careload.simulate.report.over_time import OVER_TIME, Fan, OverTime, fan
from careload.simulate.report.reached import last_day, lengths
from careload.simulate.report.sentences import change_in_words
from careload.simulate.report.shown import Shown, share_in_time
from careload.simulate.report.tables import fan_table, fates_table, lengths_table, seen_table

Draw = Callable[[float], Markup]
EVEN = Limit(1.0, "1.0: as much work as paid time")
NEAR_LOWEST = ("overload",)
"""Figures whose axis need not start at zero: what matters is where they stand to a limit."""
BANDS = "Dark band: half of the runs; light band: nine in ten of them."
BANDS_OF_TWO = "Within a filled or a dotted band lie nine in ten runs."


@dataclass(frozen=True)
class Panel:
    """One picture: address, title, what it says, how to draw it at a width, its tables."""

    key: str
    title: str
    says: str
    draw: Draw
    tables: tuple[DataTable, ...]


def seen_again(seen: Shown) -> Panel | None:
    """The share seen again by day after a visit."""
    if not seen.waits:
        return None
    curves = seen.waits
    last = last_day(curves, 1.5 * max([limit.at for limit in seen.limits], default=0.0))
    shares = [_shares_in_time(seen, i) for i in range(len(seen.rules))]
    says = " ".join([
        "Everybody counts: who dropped out, got well untreated or still waits is not seen.",
        *(f"{sentence(rule.words)} are drawn at {rule.days:g} calendar days." for rule in seen.rules
          if rule.business), _unruled(seen), BANDS_OF_TWO if seen.names else BANDS,
    ]).replace("  ", " ")
    alt = f"Share of people seen again by day after a visit. {says}"
    return Panel(
        "seen", "After a visit, how soon the next", says,
        lambda width: draw_seen(curves, last, seen.limits, shares, width, alt, seen.names),
        (seen_table(curves, last, seen.names),),
    )


def _shares_in_time(seen: Shown, place: int) -> list[str]:
    rule, said = seen.rules[place], []
    for i, each in enumerate(seen.waits):
        letter = f"{'AB'[i]}: " if seen.names else ""
        said.append(f"{letter}{words.figure(share_in_time(each, rule))} are seen by then")
    return said


def _unruled(seen: Shown) -> str:
    if not seen.unruled:
        return ""
    return f"The standard {seen.unruled} sets no limit from one visit to the next, so none is drawn."


def span_lengths(seen: Shown) -> Panel | None:
    """Histogram of the spans of waiting."""
    if not seen.waits:
        return None
    last = last_day(seen.waits, 1.5 * max([rule.days for rule in seen.rules], default=0.0))
    several = [lengths(each, last) for each in seen.waits]
    parts = []
    for i, each in enumerate(several):
        unseen = float(each.weeks[1:].sum() + each.beyond[1:].sum())
        letter = f"In {'AB'[i]}, of" if seen.names else "Of"
        parts.append(f"{letter} 100 spans of waiting {unseen:.0f} did not end with a visit.")
    says = f"{' '.join(parts)} A bar is a week; a histogram of finished intervals alone would leave these out."
    return Panel(
        "lengths", "How long each wait was, and how it ended", says,
        lambda width: draw_lengths(several, last, seen.limits, width, f"Histogram of waits. {says}", seen.names),
        (lengths_table(several, seen.names),),
    )


def over_time(seen: Shown, side: str) -> Iterator[Panel]:
    """The fans of one side; those with two blocks or more."""
    for figure in OVER_TIME:
        fans = [fan(found, figure) for found in seen.founds]
        if figure.side == side and all(len(each.years) > 1 and each.top > 0 for each in fans):
            yield _fan_panel(seen, figure, fans)


def fan_panel(seen: Shown, figure: OverTime) -> Panel:
    """The fan of one figure."""
    return _fan_panel(seen, figure, [fan(found, figure) for found in seen.founds])


def _fan_panel(seen: Shown, figure: OverTime, fans: list[Fan]) -> Panel:
    says = f"{' '.join(_course(figure, each, i, seen) for i, each in enumerate(fans))} {_how(figure)}"
    axes = Axes(figure.unit, None if figure.key in NEAR_LOWEST else 0.0)
    limits = [EVEN] if figure.key == "overload" else _posts(seen, figure)
    return Panel(
        f"over-{figure.key}".replace("_", "-"), figure.title, says,
        lambda width: draw_fans(fans, axes, limits, width, f"{figure.title}. {says}", seen.names),
        (fan_table(figure, fans, seen.names),),
    )


def _how(figure: OverTime) -> str:
    return f"Each point: {figure.how}."


def _posts(seen: Shown, figure: OverTime) -> list[Limit]:
    if figure.key != "posts_held":
        return []
    numbers = [sum(team["posts"] for team in found.service["team"].values()) for found in seen.founds]
    letters = [f" in {'AB'[i]}" if seen.names and len(set(numbers)) > 1 else "" for i in range(len(numbers))]
    return [Limit(n, f"all {n:,} posts{letter}") for n, letter in dict(zip(numbers, letters, strict=True)).items()]


def _course(figure: OverTime, fan_: Fan, place: int, seen: Shown) -> str:
    """Where a figure began and where it ended."""
    first, last = fan_.levels[:, 0], fan_.last
    letter = f"{'AB'[place]}: from" if seen.names else "From"
    if not (first == first).all():
        return f"{letter.removesuffix('from').removesuffix('From')}{_plain(last[2])} in the end."
    bands = f"{_plain(last[0])} to {_plain(last[4])} in nine of ten runs"
    return f"{letter} {_plain(first[2])} in the first four weeks shown to {_plain(last[2])} in the last ({bands})."


def _plain(value: float) -> str:
    decimals = 0 if abs(value) >= 100 or float(value).is_integer() else 1 if abs(value) >= 10 else 2
    return f"{value:,.{decimals}f}"


def what_became(seen: Shown) -> Panel:
    """Where everyone who came is in the end."""
    several = [fates(found) for found in seen.founds]
    flows = [[fate for fate in each if fate.estimate.statistic == "rate"] for each in several]
    says = (
        "Everyone who comes leaves care in one of these ways or is still in it. Who gets well untreated while "
        "waiting stands apart: no service may take credit for it. "
        + " ".join(_stocks(each, i, seen) for i, each in enumerate(several))
    )
    return Panel(
        "fates", "What became of people", says,
        lambda width: draw_dots(
            _fate_rows(flows), Axis("people a year"), [], width, f"What became of people. {says}",
            _keys(seen),
        ),
        (fates_table(several, seen.names),),
    )


def _keys(seen: Shown) -> list[str]:
    return [f"{'AB'[i]}: {name}" for i, name in enumerate(seen.names)]


def _stocks(each: Sequence[Fate], place: int, seen: Shown) -> str:
    first, last = (words.with_interval(fate.estimate, unit=False) for fate in each[-2:])
    letter = f"In {'AB'[place]}, in" if seen.names else "In"
    return f"{letter} care: {first} people when counting began, {last} at the end."


def _fate_rows(several: Sequence[Sequence[Fate]]) -> list[Row]:
    rows, heading = [], ""
    for together in zip(*several, strict=True):
        if together[0].heading != heading:
            heading = together[0].heading
            rows.append(Row(heading, heading=True))
        rows += [_dot(fate.words, fate.estimate, i) for i, fate in enumerate(together)]
    return rows


def _dot(label: str, estimate: Estimate, series: int) -> Row:
    known = words.scaled(estimate)
    figure = words.with_interval(estimate, unit=False)
    return Row(label, known.value, known.low, known.high, figure, series=series, again=series > 0)


def by_group(seen: Shown, measure: str, statistic: str, key: str, title: str) -> Panel | None:
    """A figure of every site, profession and need group."""
    groups = [by for name, of, by in seen.figures[0] if (name, of) == (measure, statistic)]
    if len(groups) < 2:
        return None
    rows, heading = [], ""
    for by in groups:
        column = by[0][0] if by else ""
        if column and column != heading:
            heading = column
            rows.append(Row(f"by {words.group_name(column)}", heading=True))
        found = seen.all(measure, statistic, dict(by))
        rows += [_dot(words.group(dict(by)), each, i) for i, each in enumerate(found)]
    unit = words.axis(seen.all(measure, statistic)[0].unit)
    references = [Reference(limit.at, limit.words) for limit in seen.limits if measure == "return_interval"]
    references = [Reference(EVEN.at, EVEN.words, "even")] if measure == "overload" else references
    says = _extremes(seen, measure, statistic, [dict(by) for by in groups if by])
    axis = Axis(unit, None if measure == "overload" else 0.0)
    return Panel(
        key, title, says,
        lambda width: draw_dots(rows, axis, references, width, f"{title}. {says}", _keys(seen)),
        (_group_table(seen, measure, statistic, groups),),
    )


def _extremes(seen: Shown, measure: str, statistic: str, groups: Sequence[dict[str, str]]) -> str:
    known = [e for by in groups if (e := seen.all(measure, statistic, by)[-1]).value is not None]
    says = []
    for column in dict.fromkeys(name for by in groups for name in by):
        mine = sorted((e for e in known if column in e.by), key=lambda e: e.value or 0.0)
        if len(mine) > 1:
            ends = [f"{words.group(e.by)} ({words.figure(e)})" for e in (mine[-1], mine[0])]
            says.append(f"By {words.group_name(column)}, highest: {ends[0]}; lowest: {ends[1]}.")
    return f"{'In B: ' if seen.names else ''}{' '.join(says)}"


def _group_table(seen: Shown, measure: str, statistic: str, groups: Sequence[tuple[Any, ...]]) -> DataTable:
    from careload.simulate.report.tables import _row, _value_columns

    rows = tuple(
        (Cell(words.group(dict(by))), *_row(seen, measure, statistic, dict(by))) for by in groups
    )
    columns = (Column("Group"), *_value_columns(seen))
    return DataTable(f"{words.title(measure, statistic)}, by group", columns, rows)


def waterfalls(seen: Shown) -> Iterator[Panel]:
    """How much of each difference each change makes."""
    for each in seen.compared.waterfalls if seen.compared else ():
        if each.shares and (start := _estimate(each, each.start)) and (end := _estimate(each, each.end)):
            yield _waterfall(each, start, end)


def _estimate(each: Waterfall, value: Any) -> Estimate | None:
    if isinstance(value, Estimate):
        return value if words.scaled(value).value is not None else None
    if value is None or value != value:
        return None
    return Estimate(each.measure, each.statistic, float(value), None, None, each.unit, None, dict(each.by))


def _waterfall(each: Waterfall, start: Estimate, end: Estimate) -> Panel:
    group = f" ({words.group(each.by)})" if each.by else ""
    title = f"What makes the difference: {words.title(each.measure, each.statistic)}{group}"
    steps = list(_steps(each, start, end))
    says = (
        f"From {words.figure(start)} to {words.figure(end)}. Each change makes what it adds in the mean over "
        f"every order in which the changes can be made; the lines are 95{NBSP}% intervals. Method: {each.method}."
    )
    unit = sentence(words.axis(start.unit))
    return Panel(
        f"waterfall-{each.measure}-{each.statistic}-{'-'.join(each.by.values())}".replace(" ", "-").replace("_", "-"),
        title, says, lambda width: draw_waterfall(steps, unit, width, f"{title}. {says}"),
        (_waterfall_table(each, start, end),),
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
    rows += [(Cell(change_in_words(s.change)), Cell(words.signed_with_interval(s.difference))) for s in each.shares]
    rows.append((Cell("B"), Cell(words.with_interval(end))))
    columns = (Column("Change"), Column("Makes", True))
    return DataTable(f"{words.title(each.measure, each.statistic)}: change by change", columns, tuple(rows))
