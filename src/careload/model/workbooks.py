"""Two workbooks of team parameters: are they in the same units?

    read alike          apart     = |log(a / b)|      of a value a in one and b in the other
    one turned round    apart (1) = |log(a b)|        visits per week against weeks between visits

Where the values of a quantity are much nearer with one turned round, the two are in inverse units, whatever
their words say. Zero stands for "not estimated" and is passed over.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from careload.clinic import Finding, UnreadableRecords

Cells = Sequence[Any]

LONGEST_HEADING = 20
"""Characters: a longer text is a description (assumed)."""
UNIT = re.compile(r"\(([^()]{1,12})\)\s*$")
IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
LEAST_APART = math.log(2)
"""Values nearer than a factor of two, read alike, are no clash (assumed)."""
LEAST_VALUES = 2
"""One value alone is near another's inverse by chance too easily (assumed)."""


@dataclass(frozen=True)
class Entry:
    """One number of a workbook.

    sheet     its name
    quantity  the group of rows, or the row without what stands in brackets: ``Return Visit Interval``
    label     the row: ``Return Visit Interval (mean)``
    column    heading of the column; "" where there is one
    value     as it stands there
    unit      as the words beside it say: ``appt/wk``; "" where they say none
    """

    sheet: str
    quantity: str
    label: str
    column: str
    value: float
    unit: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the same entry of another workbook has in common with it."""
        return self.sheet, self.quantity, self.label, self.column


def read_workbook(file: Path) -> tuple[Entry, ...]:
    """The numbers of a workbook of parameters, by name and unit.

    file  .xlsx; in each sheet rows of labels, then one or more numbers, then words that end with a unit in
          brackets; a label further left names a group of rows

    Raises UnreadableRecords for a file that is no workbook.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of ornaments that openpyxl does not know
            book = load_workbook(file, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as wrong:
        raise UnreadableRecords(
            f"{file.name} cannot be read as a workbook ({type(wrong).__name__}).", "an .xlsx file",
            "Save it as .xlsx.",
        ) from wrong
    sheets = ((sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]) for sheet in book)
    return tuple(entry for name, rows in sheets for entry in _entries(name, rows))


def inverse_units(one: Iterable[Entry], other: Iterable[Entry], names: tuple[str, str]) -> list[Finding]:
    """Quantities that one workbook holds in the inverse unit of the other, each with both readings.

    one, other  entries of two workbooks
    names       what to call them

    Gives a finding for each quantity; none where all are in the same units, or too few tell.
    Source: formula above.
    """
    partners = {entry.key: entry for entry in other}
    pairs: dict[tuple[str, str, str], list[tuple[Entry, Entry]]] = {}
    for entry in one:
        partner = partners.get(entry.key)
        if partner and entry.value > 0 and partner.value > 0:
            pairs.setdefault((entry.sheet, entry.quantity, entry.unit), []).append((entry, partner))
    return [_clash(found, names) for each in pairs.values() if (found := _turned_round(each))]


def _turned_round(pairs: list[tuple[Entry, Entry]]) -> list[tuple[Entry, Entry]]:
    """The pairs that tell, where they tell of inverse units; none otherwise."""
    telling = [pair for pair in pairs if max(_apart(*pair)) > LEAST_APART]
    if len(telling) < LEAST_VALUES:
        return []
    alike, turned = (median(each) for each in zip(*(_apart(*pair) for pair in telling), strict=True))
    return telling if alike > LEAST_APART and turned < alike / 2 else []


def _apart(one: Entry, other: Entry) -> tuple[float, float]:
    """How far two values are apart read alike, and with one turned round: on a scale of logarithms."""
    return abs(math.log(one.value / other.value)), abs(math.log(one.value * other.value))


def _clash(pairs: list[tuple[Entry, Entry]], names: tuple[str, str]) -> Finding:
    first, second = pairs[0]
    alike, turned = (math.exp(median(each)) for each in zip(*(_apart(*pair) for pair in pairs), strict=True))
    said = [entry.unit or "no unit" for entry in (first, second)]
    words = f"both say {said[0]}" if said[0] == said[1] else f"they say {said[0]} and {said[1]}"
    values = "; ".join(f"{a.label}{' ' + a.column if a.column else ''}: {a.value:.3g} and {b.value:.3g}"
                       for a, b in pairs)
    greatest = [max(pair[side].value for pair in pairs) for side in (0, 1)]
    slow, fast = (names, names[::-1])[greatest[1] > greatest[0]]
    return Finding(
        "inverse-units", "error", first.sheet, len(pairs),
        f"{first.quantity}: {names[0]} and {names[1]} are in inverse units ({words}). {values}. Read alike "
        f"they are {alike:.2g} times apart, with one of them turned round {turned:.2g} times.",
        "visits per week in both, or weeks between visits in both",
        f"Ask who made them. If both were visits per week, {slow} would have patients seen up to "
        f"{max(greatest):.3g} times a week; if {slow} holds weeks between visits, {fast} holds visits per "
        "week and agrees. Turn one round (1/x) before comparing: nothing was converted.",
    )


def _entries(sheet: str, rows: Sequence[Cells]) -> Iterator[Entry]:
    columns = sorted({place for row in rows for place, cell in enumerate(row) if _number(cell)})
    if not columns:
        return
    headings = _headings(rows, columns)
    group = unit = ""
    for row in rows:
        numbers = [place for place in columns if _number(row[place])]
        labels = [_text(cell) for cell in row[: columns[0]]]
        if len(labels) > 1 and labels[0]:
            group, unit = labels[0], _unit(labels[0])
        if not numbers or not any(labels):
            continue
        label = labels[-1] or labels[0]
        described = next((_text(cell) for cell in row[columns[-1] + 1:] if _text(cell)), "")
        own = _unit(described)
        unit = own or (unit if len(labels) > 1 else "")
        for place in numbers:
            yield Entry(sheet, group or IN_BRACKETS.sub("", label), label, headings.get(place, ""),
                        float(row[place]), unit)


def _headings(rows: Sequence[Cells], columns: Sequence[int]) -> Mapping[int, str]:
    """Words over (or under) the columns of numbers, where there is more than one column."""
    for row in rows if len(columns) > 1 else ():
        texts = {place: _text(row[place]) for place in columns}
        if all(0 < len(text) <= LONGEST_HEADING for text in texts.values()):
            return texts
    return {}


def _unit(text: str) -> str:
    found = UNIT.search(text)
    return found.group(1) if found else ""


def _number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _text(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else ""
