"""Measuring: every definition the records can answer, with small cells hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import ibis.expr.types as ir

from careload.clinic import Estimate, UnreadableRecords, UsageError, nearest
from careload.history import Records
from careload.measure import estimators, return_interval, timing
from careload.measure.census import census
from careload.measure.definition import Definition, definitions
from careload.measure.groups import checked
from careload.measure.result import Measurement, NotMeasurable
from careload.measure.rows import ROWS
from careload.measure.view import View, last_known_day

Progress = Callable[[str, int, int], None]
"""Called with the measure at hand, how many are done and how many there are."""


def _quiet(name: str, done: int, of: int) -> None:
    """Progress nobody looks at."""


def measure(
    records: Records,
    *,
    standard: str | None = None,
    by: Sequence[str] = (),
    as_of: date | None = None,
    only: Sequence[str] = (),
    progress: Progress = _quiet,
) -> Measurement:
    """What patients get and clinicians carry, from `records`.

    standard  jurisdiction, rule id or TOML file of timely-access rules, None for none
    by        columns to break down by; every margin of them is given
    as_of     the day the records are read at; default: day of the last completed or missed visit
    only      names of measures, all when empty
    progress  called before each measure

    Raises UsageError for an unknown standard, column or measure, UnreadableRecords when
    no visit was ever held or missed.
    """
    columns, wanted = checked(by), _wanted(only)
    day = as_of or last_known_day(records)
    if day is None:
        raise UnreadableRecords(
            "No appointment was completed or missed.", "at least one with status completed or no_show",
            "Check the mapping of status, or name a day with --as-of.",
        )
    view = View(records, day)
    found: list[Estimate] = []
    absent: list[NotMeasurable] = []
    for done, definition in enumerate(wanted):
        progress(definition.name, done, len(wanted))
        missing = [need for need in definition.needs if not _met(records, need)]
        if missing:
            absent.append(NotMeasurable(definition.name, _because(missing)))
        else:
            found.extend(_estimates(definition, view, columns))
    return Measurement(
        records.source, day, records.counts, records.resources, records.findings,
        tuple(found), tuple(absent), (),
    )


def _estimates(definition: Definition, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    rows = ROWS[definition.name](view)
    return _told(definition, rows, view, by)


def _told(definition: Definition, rows: ir.Table, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    if definition.name == "return_interval":
        return return_interval.estimates(definition, rows, view, by)
    if definition.kind == "census":
        return census(definition, rows, view, by, definition.statistic.split())
    return {
        "share": estimators.shares, "ratio": estimators.ratios, "rate": estimators.rates, "time": timing.times,
    }[definition.kind](definition, rows, view, by)


def _wanted(only: Sequence[str]) -> list[Definition]:
    known = definitions()
    for name in only:
        if name not in known:
            raise UsageError(f"There is no measure {name!r}.", "a measure's name", nearest(name, known))
    return [each for each in known.values() if not only or each.name in only]


def _met(records: Records, need: str) -> bool:
    return any(records.has(each) for each in need.split("|"))


def _because(missing: Sequence[str]) -> str:
    parts = [" or ".join(each.split("|")) for each in missing]
    return f"the records do not supply {', '.join(parts)}"
