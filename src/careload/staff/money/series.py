"""Series in the bureau's flat layout: one value a line, `series_id, year, period, value`, tabs or commas.

    M01 … M13   months, and the average of the year
    S01 … S03   half-years, and the average of the year
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from careload.clinic import UnreadableRecords
from careload.staff.money.months import Month

NOT_PUBLISHED = {"", "-"}
YEAR_AVERAGES = ("M13", "S03")
_PERIOD = re.compile(r"M(0[1-9]|1[0-3])|S0[1-3]")
_COLUMNS = ("series", "year", "period", "value")
LAYOUT = "columns series_id, year, period and value, with tabs or commas between"
LOWEST_YEAR, HIGHEST_YEAR = 1900, 2200

Key = tuple[int, str]
"""Year and period."""
Series = Mapping[str, Mapping[Key, float]]
"""Series id to its values."""


class Line(NamedTuple):
    """One value as a file has it."""

    number: int
    series: str
    year: str
    period: str
    value: str


def read_series(lines: Iterable[str], name: str, is_wanted: Callable[[str], bool]) -> Series:
    """The series of a file that are wanted.

    lines      of the file, its head first; those that begin with # are passed over
    name       of the file, for messages
    is_wanted  whether a series is

    Raises `UnreadableRecords` for another layout, a value that is no number above zero, or the same month
    twice.
    """
    found: dict[str, dict[Key, float]] = {}
    for line in _lines(lines, name):
        if not is_wanted(line.series) or line.value in NOT_PUBLISHED:
            continue
        key, value = _key(line, name), _value(line, name)
        if found.setdefault(line.series, {}).setdefault(key, value) != value:
            raise _wrong(line, name, f"{line.series} has {key[0]} {key[1]} twice, with two values",
                         "one value for each month")
    return found


def months_of(values: Mapping[Key, float]) -> dict[Month, float]:
    """The monthly values, in order."""
    monthly = {Month(year, int(period[1:])): value for (year, period), value in values.items()
               if period[0] == "M" and period not in YEAR_AVERAGES}
    return dict(sorted(monthly.items()))


def years_of(values: Mapping[Key, float]) -> dict[int, float]:
    """The averages of years, in order; where a series has both, that of its months."""
    halves, months = ({year: value for (year, period), value in values.items() if period == average}
                      for average in ("S03", "M13"))
    return dict(sorted({**halves, **months}.items()))


def as_text(series: Series, comment: str = "") -> str:
    """Series in the layout they are read in, with commas; the comment first."""
    rows = [f"{name},{year},{period},{value!r}" for name, values in sorted(series.items())
            for (year, period), value in sorted(values.items())]
    head = [f"# {comment}"] if comment else []
    return "\n".join([*head, "series_id,year,period,value", *rows, ""])


def columns_of(head: str) -> tuple[str, dict[str, int]]:
    """What parts the columns, and the place of each by its name in small letters, `_id` left out."""
    between = "\t" if "\t" in head else ","
    names = [name.strip().lower().removesuffix("_id") for name in head.lstrip("\ufeff").split(between)]
    return between, {name: place for place, name in enumerate(names)}


def _lines(lines: Iterable[str], name: str) -> Iterator[Line]:
    numbered = ((number, line) for number, line in enumerate(lines, 1)
                if line.strip() and not line.startswith("#"))
    between, places = columns_of(next(numbered, (0, ""))[1])
    if missing := [column for column in _COLUMNS if column not in places]:
        raise UnreadableRecords(f"{name} has no column {missing[0]!r}.", LAYOUT,
                                "Take the file as the bureau gives it, with its first line.")
    wanted = [places[column] for column in _COLUMNS]
    for number, line in numbered:
        cells = line.split(between)
        if len(cells) <= max(wanted):
            raise UnreadableRecords(f"{name}, line {number}: it ends early.", LAYOUT, "Fetch the file again.")
        yield Line(number, *(cells[place].strip() for place in wanted))


def _key(line: Line, name: str) -> Key:
    if not _PERIOD.fullmatch(line.period):
        raise _wrong(line, name, f"{line.period!r} is no period", "M01 to M13 or S01 to S03")
    if not (line.year.isdecimal() and LOWEST_YEAR <= int(line.year) <= HIGHEST_YEAR):
        raise _wrong(line, name, f"{line.year!r} is no year", "a year such as 2026")
    return int(line.year), line.period


def _value(line: Line, name: str) -> float:
    try:
        value = float(line.value)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise _wrong(line, name, f"the value {line.value!r} is no number above 0", "a number such as 324.800")
    return value


def _wrong(line: Line, name: str, found: str, expected: str) -> UnreadableRecords:
    return UnreadableRecords(f"{name}, line {line.number}: {found}.", expected,
                             "Fetch the file again; nothing was changed.")
