"""What a fit reads: the records as they stood on one day, and what is known beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from careload.history import Records, fetch
from careload.measure import View
from careload.model.courses import Courses, days_to_the_next
from careload.model.prior import generator
from careload.model.staffing import Staffing

T = TypeVar("T")


@dataclass(frozen=True)
class Evidence:
    """What a fit reads.

    view   the records as they stood on one day
    known  place to value: what whoever asks knows beside the records (pay, licences, a calendar)
    seed   of all draws
    """

    view: View
    known: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 1
    _said: dict[Callable[[Evidence], Any], Any] = field(default_factory=dict, init=False, repr=False,
                                                        compare=False)

    @property
    def records(self) -> Records:
        """All records, also what happened after the day."""
        return self.view.records

    @property
    def as_of(self) -> date:
        """The day at whose end the records are read."""
        return self.view.as_of

    @cached_property
    def first(self) -> date:
        """Day of the earliest appointment held, missed or cancelled."""
        return self.view.first_day

    @property
    def days(self) -> int:
        """Days from the first to the last, both counted."""
        return (self.as_of - self.first).days + 1

    @property
    def next_monday(self) -> date:
        """The Monday after the last day: the first of a service fitted to them."""
        return self.as_of + timedelta(days=7 - self.as_of.weekday())

    @property
    def years(self) -> float:
        """The same in years."""
        return self.days / 365.25

    @cached_property
    def courses(self) -> Courses:
        """Treatments and spells of waiting."""
        return Courses(self.view, self.rebook_days)

    @cached_property
    def staffing(self) -> Staffing:
        """Clinicians, open days, days away."""
        return Staffing(self.view)

    @cached_property
    def rebook_days(self) -> int:
        """Days after a no-show for which the visit is booked again, as far as the records tell."""
        return days_to_the_next(self.view)

    def begins(self, time: str) -> date:
        """The day from which a table tells what happened, by a column of it, ``table.column``.

        Its earliest row, where as many rows would hardly all lie that late by chance; else the first day of
        the records.
        """
        table, _, column = time.partition(".")
        if not self.has(time):
            return self.first
        day = self.view.table(table)[column].date()
        rows = self.view.table(table).filter((day >= self.first) & (day <= self.as_of))
        found = columns_of(rows.agg(n=rows[column].count(), earliest=rows[column].min().date()))
        number = int(found["n"][0])
        if not number:
            return self.first
        later = 1 - (found["earliest"][0] - self.first).days / self.days
        return found["earliest"][0] if later**number < HARDLY else self.first

    def until(self, day: date) -> Evidence:
        """The same as it stood at the end of an earlier day."""
        return replace(self, view=View(self.records, day))

    def once(self, question: Callable[[Evidence], T]) -> T:
        """The answer to a question that several ask of the same evidence, worked out once."""
        if question not in self._said:
            self._said[question] = question(self)
        answer: T = self._said[question]
        return answer

    def has(self, need: str) -> bool:
        """Whether the records supply ``table`` or ``table.column``; several with ``|``: any of them."""
        return any(self._supplies(each) for each in need.split("|"))

    def _supplies(self, need: str) -> bool:
        table, _, column = need.partition(".")
        return self.records.has(need) or (bool(column) and self.records.has(table)
                                          and self.view.supplies(table, column))

    def generator(self, place: str) -> np.random.Generator:
        """Chance for the draws of one place."""
        return generator(place, self.seed)


HARDLY = 1e-6
"""A chance below which rows are not taken to begin late by chance."""
DIGITS, TINIEST = 12, 1e-280
"""Digits of a sum that are the same whatever the order in which an engine's threads add."""


def columns_of(table: ir.Table) -> dict[str, NDArray[Any]]:
    """A small table fetched from the engine, as arrays by column; what is missing is None or nan."""
    if table.get_backend().name != "duckdb":
        rows = rows_of(table)
        return {name: np.array([row[name] for row in rows]) for name in table.columns}
    found = table.to_pyarrow()
    return {name: _array(found[name]) for name in found.column_names}


def _array(column: pa.ChunkedArray) -> NDArray[Any]:
    """A column as an array of what its values are; without a detour over each value, where there are many."""
    kind = column.type
    if column.null_count or not len(column):
        return np.array([_settled(value) for value in column.to_pylist()])
    if pa.types.is_string(kind):
        coded = column.dictionary_encode().combine_chunks()
        names = np.array(coded.dictionary.to_pylist())
        return np.asarray(names[coded.indices.to_numpy(zero_copy_only=False)])
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return np.asarray(column.to_numpy())
    values = column.to_pylist() if not pa.types.is_floating(kind) else settled(column.to_numpy())
    return np.asarray(values)


def settled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers with so many digits as are the same each time."""
    known = np.isfinite(values) & (np.abs(values) > TINIEST)
    size = np.floor(np.log10(np.abs(values), where=known, out=np.zeros(len(values))))
    scale = 10.0 ** (DIGITS - 1 - size)
    return np.where(known, np.rint(values * scale) / scale, values)


def rows_of(table: ir.Table) -> list[dict[str, Any]]:
    """The same row by row, the same digits each time it is fetched."""
    return [{name: _settled(value) for name, value in row.items()} for row in fetch(table)]


def _settled(value: Any) -> Any:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
