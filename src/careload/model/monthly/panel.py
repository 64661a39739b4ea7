"""A table of monthly figures as series, joined by the id of the measure.

    closing of a stock    left over = stock(t) - stock(t-1) - (flows in - flows out)(t)

Names change while ids stay, and the other way round; both are told as findings, and ids are believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import Finding, UsageError
from careload.model.evidence import columns_of

Numbers = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]

COLUMNS = ("organisation", "month", "measure_id", "measure", "value")
NAME_OF_SERIES = "monthly figures"


@dataclass(frozen=True)
class Panel:
    """Series of several measures over the same organisations and months.

    organisations  their codes, in order
    months         first day of each month, without gaps
    values         id of a measure to (organisations, months); nan where unknown
    findings       what a reader must know before the figures
    """

    organisations: tuple[str, ...]
    months: tuple[date, ...]
    values: Mapping[str, Numbers]
    findings: tuple[Finding, ...] = ()

    def until(self, last: date) -> Panel:
        """The months up to one, that month counted."""
        number = sum(month <= last for month in self.months)
        cut = {measure: values[:, :number] for measure, values in self.values.items()}
        return Panel(self.organisations, self.months[:number], cut, self.findings)

    def left_over(self, stock: str, into: Sequence[str], out_of: Sequence[str]) -> Numbers:
        """What of each month's change of a stock no flow explains, (organisations, months).

            left over = stock(t) - stock(t-1) - (flows in - flows out)(t)

        stock         id of a count at the end of the month
        into, out_of  ids of counts of a month that add to it, and that take from it

        Unknown (nan) in the first month and wherever a figure is. Source: conservation of people.
        """
        held = self.values[stock]
        flows = sum(self.values[each] for each in into) - sum(self.values[each] for each in out_of)
        before = np.hstack([np.full((len(held), 1), np.nan), held[:, :-1]])
        return np.asarray(held - before - flows)


def panel_of(rows: ir.Table, measures: Sequence[str]) -> Panel:
    """The series of some measures from a table with one row per organisation, month and measure.

    rows      organisation, month (a date in it), measure_id, measure (its name), value (null: unknown)
    measures  ids of those wanted

    Where an organisation has two values for one month and measure, neither is believed.
    Raises UsageError when a column or a measure is not there.
    """
    lacking = [column for column in COLUMNS if column not in rows.columns]
    if lacking:
        raise UsageError(
            f"The monthly figures have no column {lacking[0]!r}.", f"the columns {', '.join(COLUMNS)}",
            "Rename the columns of the table first.",
        )
    rows = rows.mutate(month=rows.month.truncate("M").cast("date"))
    named = _named(rows)
    absent = sorted(set(measures) - set(named["id"]))
    if absent:
        raise UsageError(
            f"No figure of the measure {absent[0]!r}.", "ids that occur in the column measure_id",
            f"There are {len(set(named['id']))} ids; take those of the table, not names.",
        )
    return _filled(_values(rows, measures), measures, tuple(_about_names(named, measures)))


def _values(rows: ir.Table, measures: Sequence[str]) -> Columns:
    rows = rows.filter(rows.measure_id.isin(list(measures)))
    each = rows.group_by("organisation", "month", "measure_id").agg(
        value=rows.value.cast("float64").min(), most=rows.value.cast("float64").max(),
    )
    return columns_of(each)


def _filled(found: Columns, measures: Sequence[str], about: tuple[Finding, ...]) -> Panel:
    """The fetched figures laid out by organisation and month."""
    organisations, row = np.unique(found["organisation"].astype(str), return_inverse=True)
    ordinal = np.array([12 * month.year + month.month - 1 for month in found["month"]])
    months = range(ordinal.min(), ordinal.max() + 1)
    value, most = (found[column].astype(float) for column in ("value", "most"))
    twice = value < most
    values = {}
    for measure in measures:
        own = (found["measure_id"] == measure) & ~twice
        values[measure] = np.full((len(organisations), len(months)), np.nan)
        values[measure][row[own], ordinal[own] - months[0]] = value[own]
    days = tuple(date(month // 12, month % 12 + 1, 1) for month in months)
    return Panel(tuple(map(str, organisations)), days, values, (*about, *_about_doubles(int(twice.sum()))))


def _named(rows: ir.Table) -> Columns:
    """Every id with every name it bears, and the first and last month of each."""
    pairs = rows.group_by(id=rows.measure_id, name=rows.measure)
    spans = pairs.agg(first=rows.month.min(), last=rows.month.max())
    return columns_of(spans.order_by("id", "first", "name"))


def _about_names(named: Columns, measures: Sequence[str]) -> Iterator[Finding]:
    for measure in measures:
        own = named["id"] == measure
        if own.sum() > 1:
            yield Finding(
                "measure-renamed", "warning", NAME_OF_SERIES, int(own.sum()),
                f"{measure} goes by {own.sum()} names: {_spans(named, own, 'name')}.",
                "one name for one id",
                "The series is joined by id: ask the publisher whether what is counted has changed with the "
                "name, and start the series there if so.",
            )
        for name in named["name"][own]:
            same = named["name"] == name
            if same.sum() > 1:
                yield Finding(
                    "measure-shares-name", "warning", NAME_OF_SERIES, int(same.sum()),
                    f"'{name}' stands for {same.sum()} ids: {_spans(named, same, 'id')}.",
                    "one id for one name", f"Only {measure} is taken: never join these figures by name.",
                )


def _spans(named: Columns, which: NDArray[np.bool_], word: str) -> str:
    order = np.argsort(named["first"][which], kind="stable")
    found = zip(*(named[column][which][order] for column in (word, "first", "last")), strict=True)
    return ", ".join(f"{each} from {first:%Y-%m} to {last:%Y-%m}" for each, first, last in found)


def _about_doubles(number: int) -> Iterator[Finding]:
    if number:
        yield Finding(
            "measure-twice", "warning", NAME_OF_SERIES, number,
            f"{number} figures of an organisation, month and measure stand there with two values.",
            "one value", "They count as unknown: keep the value that was published last.",
        )
