"""Pictures of dots: what became of people, and a figure of every site, profession and need group."""

from __future__ import annotations

from collections.abc import Sequence

from careload.clinic import Estimate
from careload.page import Axis, Reference, Row, draw_dots
from careload.simulate import words
from careload.simulate.report.ends import Fate, fates
from careload.simulate.report.panel import Panel
from careload.simulate.report.shown import EVEN, Shown
from careload.simulate.report.tables import fates_table, group_table


def what_became(seen: Shown) -> Panel:
    """Where everyone who came is in the end."""
    several = [fates(found) for found in seen.founds]
    flows = [[fate for fate in each if fate.estimate.statistic == "rate"] for each in several]
    says = (
        "Everyone who comes leaves care in one of these ways or is still in it. Who gets well untreated "
        "while waiting stands apart: no service may take credit for it. "
        + " ".join(_stocks(each, i, seen) for i, each in enumerate(several))
    )
    return Panel(
        "fates",
        "What became of people",
        says,
        lambda width: draw_dots(
            _fate_rows(flows),
            Axis("people a year"),
            [],
            width,
            f"What became of people. {says}",
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
    references = [Reference(EVEN.at, "1.0: as paid", "even")] if measure == "overload" else references
    says = _extremes(seen, measure, statistic, [dict(by) for by in groups if by])
    axis = Axis(unit, None if measure == "overload" else 0.0)
    return Panel(
        key,
        title,
        says,
        lambda width: draw_dots(rows, axis, references, width, f"{title}. {says}", _keys(seen)),
        (group_table(seen, measure, statistic, groups),),
        words.told(measure).side,
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
