"""Tables of the page: what stands beside every picture, and every figure of every group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from careload.clinic import Estimate
from careload.page import Cell, Column, DataTable, sentence
from careload.simulate import differences, words
from careload.simulate.figures import FIGURES
from careload.simulate.report.ends import Fate
from careload.simulate.report.over_time import Fan, OverTime
from careload.simulate.report.reached import ENDS, WEEK, Lengths, Waits
from careload.simulate.report.shown import Shown

MOST_ROWS = 28
"""Rows of a table over time; the picture has every block."""
GROUP_FIGURES = (
    ("return_interval", "median"),
    ("return_interval", "seen_by_14"),
    ("intake_wait", "median"),
    ("overdue", "mean"),
    ("in_care", "mean"),
    ("dropouts", "rate"),
    ("overload", "ratio"),
    ("unpaid_hours", "mean"),
    ("exhaustion", "mean"),
    ("leaver_rate", "rate"),
    ("vacancy_rate", "share"),
)
"""The main figures of a site, a profession, a need group."""
SIDES = {"patients": "what patients get", "clinicians": "what clinicians carry"}
NOT_TOLD = "–"


def fan_table(figure: OverTime, fans: Sequence[Fan], names: Sequence[str]) -> DataTable:
    """Median and bands by time, one service beside the other."""
    step = max(1, -(-len(fans[0].years) // MOST_ROWS))
    columns = [Column("Year")]
    for letter in "AB"[: len(fans)] if names else " ":
        of = f"{letter}: " if names else ""
        columns += [
            Column(sentence(f"{of}median"), True),
            Column(f"{of}half of the runs", True),
            Column(f"{of}nine in ten runs", True),
        ]
    rows = []
    for place in range(0, len(fans[0].years), step):
        cells = [Cell(f"{fans[0].years[place]:.2f}")]
        for each in fans:
            cells += _levels(each, place)
        rows.append(tuple(cells))
    every = f" Every {_ordinal(step)} four weeks; the picture has all." if step > 1 else ""
    note = f"Each row: {figure.how}. Years since counting began.{every}"
    return DataTable(f"{figure.title}: {figure.unit}", tuple(columns), tuple(rows), note)


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")


def _levels(fan: Fan, place: int) -> list[Cell]:
    if place >= len(fan.years) or fan.levels[2, place] != fan.levels[2, place]:
        return [Cell(NOT_TOLD)] * 3
    low, lower, middle, upper, high = words.numbers(*(float(value) for value in fan.levels[:, place]))
    return [Cell(middle), Cell(f"{lower} to {upper}"), Cell(f"{low} to {high}")]


def seen_table(several: Sequence[Waits], last: int, names: Sequence[str]) -> DataTable:
    """The share seen again, week by week."""
    columns = [Column("Days")]
    for letter in "AB"[: len(several)] if names else " ":
        of = f"{letter}: " if names else ""
        columns += [Column(sentence(f"{of}seen again"), True), Column(f"{of}nine in ten runs", True)]
    rows = []
    for day in range(0, last + 1, WEEK):
        cells = [Cell(str(day))]
        for each in several:
            low, middle, high = (100 * float(each.levels[k, day]) for k in (0, 2, 4))
            cells += [Cell(f"{middle:.1f} %"), Cell(f"{low:.1f} to {high:.1f} %")]
        rows.append(tuple(cells))
    note = "Of those not discharged at the visit before; who dropped out or still waits counts as not seen."
    return DataTable("Share seen again within so many days", tuple(columns), tuple(rows), note)


def lengths_table(several: Sequence[Lengths], names: Sequence[str]) -> DataTable:
    """Spans of 100 by length and how they ended."""
    columns = [Column("Days")]
    for letter in "AB"[: len(several)] if names else " ":
        of = f"{letter}: " if names else ""
        columns += [Column(sentence(f"{of}{ending}"), True) for _, ending in ENDS]
    weeks = several[0].weeks.shape[1]
    rows = []
    for week in range(weeks + 1):
        shares = [each.weeks[:, week] if week < weeks else each.beyond for each in several]
        label = f"{WEEK * week} to {WEEK * week + 6}" if week < weeks else f"{WEEK * weeks} and longer"
        rows.append((Cell(label), *(Cell(f"{float(value):.1f}") for share in shares for value in share)))
    note = "Of 100 spans of waiting that were not closed by discharge, all runs together."
    return DataTable("Spans of waiting by their length", tuple(columns), tuple(rows), note)


def fates_table(several: Sequence[Sequence[Fate]], names: Sequence[str]) -> DataTable:
    """What became of people, with intervals."""
    columns = [Column("What became of them")]
    columns += [
        Column(f"{'AB'[i]}" if names else "People a year, or people", True) for i in range(len(several))
    ]
    rows = [
        (Cell(together[0].words), *(Cell(words.with_interval(each.estimate)) for each in together))
        for together in zip(*several, strict=True)
    ]
    return DataTable("Everyone who came is somewhere", tuple(columns), tuple(rows))


def figures_table(seen: Shown, side: str) -> DataTable:
    """Every figure of everybody on one side, with its interval."""
    rows, before = [], ""
    for each in FIGURES:
        if words.told(each.measure).side == side and seen.all(each.measure, each.statistic):
            name = Cell(words.told(each.measure).title, again=each.measure == before)
            detail = Cell(words.statistic(each.statistic) or each.statistic)
            rows.append((name, detail, *_row(seen, each.measure, each.statistic, {})))
            before = each.measure
    columns = (Column("Measure"), Column("Statistic"), *_value_columns(seen))
    note = words.BASIS if side == "clinicians" else ""
    return DataTable(f"{sentence(SIDES[side])}: every figure", columns, tuple(rows), note)


def _value_columns(seen: Shown) -> tuple[Column, ...]:
    if seen.names:
        return Column("A", True), Column("B", True), Column("B less A", True)
    return Column("Value", True), Column("95 % interval", True)


def _row(seen: Shown, measure: str, statistic: str, by: Mapping[str, str]) -> Iterator[Cell]:
    found = seen.all(measure, statistic, by)
    if not seen.names:
        yield from (Cell(words.figure(found[0])), Cell(words.interval(found[0])))
        return
    difference = seen.difference(measure, statistic, by)
    decimals = words.shared_places(found)
    yield from (Cell(words.with_interval(each, decimals=decimals)) for each in found)
    yield from (Cell(NOT_TOLD) for _ in range(2 - len(found)))
    yield Cell(differences.signed_with_interval(difference.difference) if difference else NOT_TOLD)


def groups_tables(seen: Shown) -> list[DataTable]:
    """The main figures by site, by profession, by need group."""
    columns = dict.fromkeys(column for own in seen.figures for *_, by in own for column, _ in by)
    make = _two_by_group if seen.names else _one_by_group
    return [table for column in columns for side in SIDES if (table := make(seen, column, side))]


def _names(seen: Shown, column: str) -> list[str]:
    found = [value for own in seen.figures for *_, by in own for name, value in by if name == column]
    return list(dict.fromkeys(found))


def _one_by_group(seen: Shown, column: str, side: str) -> DataTable | None:
    names = _names(seen, column)
    found = {
        each: {name: known[0] for name in names if (known := seen.all(*each, {column: name}))}
        for each in GROUP_FIGURES
        if words.told(each[0]).side == side
    }
    shown = {each: own for each, own in found.items() if own}
    if not shown:
        return None
    decimals = {each: words.shared_places(own.values()) for each, own in shown.items()}
    rows = [
        (Cell(name), *(_bare(own.get(name), decimals[each]) for each, own in shown.items())) for name in names
    ]
    columns = [Column(sentence(words.group_name(column)))]
    for each, own in shown.items():
        unit = words.axis(next(iter(own.values())).unit)
        columns.append(Column(f"{words.title(*each)} ({unit})", True))
    note = "In brackets the 95 % interval of the mean over the runs."
    return DataTable(f"By {words.group_name(column)}: {SIDES[side]}", tuple(columns), tuple(rows), note)


def _bare(estimate: Estimate | None, decimals: int) -> Cell:
    return Cell(
        NOT_TOLD if estimate is None else words.with_interval(estimate, unit=False, decimals=decimals)
    )


def _two_by_group(seen: Shown, column: str, side: str) -> DataTable | None:
    rows = []
    for measure, statistic in (each for each in GROUP_FIGURES if words.told(each[0]).side == side):
        again = False
        for name in _names(seen, column):
            if seen.all(measure, statistic, {column: name}):
                title = Cell(words.title(measure, statistic), again=again)
                rows.append((title, Cell(name), *_row(seen, measure, statistic, {column: name})))
                again = True
    columns = (Column("Measure"), Column(sentence(words.group_name(column))), *_value_columns(seen))
    caption = f"By {words.group_name(column)}: {SIDES[side]}"
    return DataTable(caption, columns, tuple(rows)) if rows else None


def group_table(
    seen: Shown, measure: str, statistic: str, groups: Sequence[tuple[tuple[str, str], ...]]
) -> DataTable:
    """One figure of every group."""
    rows = tuple((Cell(words.group(dict(by))), *_row(seen, measure, statistic, dict(by))) for by in groups)
    columns = (Column("Group"), *_value_columns(seen))
    return DataTable(f"{words.title(measure, statistic)}, by group", columns, rows)
