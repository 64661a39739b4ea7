"""A newer file of the bureau, looked at before it is kept.

A file of series stands above the bundled ones: its months win, the others stay. So that an index that counts
from another base, or a wrong file, is not mixed in, each monthly series must have months that are bundled
too, and agree there within half a per cent (quits, which the bureau revises, within half of their value). A
table of wages takes the place of the bundled one as a whole.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from careload.clinic import UnreadableRecords, UsageError
from careload.staff.money.own import keep
from careload.staff.money.prices import bundled_series, is_prices
from careload.staff.money.quits import bundled_quits, is_quits
from careload.staff.money.series import Key, Series, as_text, columns_of, months_of, read_series
from careload.staff.money.source import MAIN, Kind, bundled_rows
from careload.staff.money.wages import COLUMNS, MISSING

EXPECTED = (
    "series of the bureau (all items CPI-U, not seasonally adjusted: CUUR…SA0; or JTS600000000000000QUR) "
    "with columns series_id, year, period, value; or a table of wages with the columns of ours"
)
REMEDY = "Take the bureau's own file, such as cu.data.1.AllItems. Nothing was changed."
MOST_APART: dict[Kind, float] = {"prices": 0.005, "quits": 0.5}
CODE_DIGITS = {"area": 7, "occupation": 6}


@dataclass(frozen=True)
class Kept:
    """What was kept of a file.

    kind    which table it stands above
    count   series, or rows of wages
    last    its last month, "" for wages
    newer   whether it goes beyond what is bundled
    """

    kind: Kind
    count: int
    last: str
    newer: bool


def update(path: str | Path) -> tuple[Kept, ...]:
    """Keep a newer file for this user.

    Raises `UsageError` for a file that is not there, `UnreadableRecords` for one that is not what is
    expected, `CannotWrite` where it cannot be kept; each table is then whole, old or new.
    """
    file = Path(path)
    tables = _tables(_lines(file), file.name)
    for kind, text, _ in tables:
        keep(kind, text, file.name)
    return tuple(kept for _, _, kept in tables)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise UsageError(f"{file.name} is not there.", "a file", "Look at the name and the folder.") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = str(error.strerror).lower() if isinstance(error, OSError) else "it is not text"
        raise UnreadableRecords(f"{file.name} cannot be read: {reason}.", EXPECTED, REMEDY) from None


def _tables(lines: list[str], name: str) -> list[tuple[Kind, str, Kept]]:
    head = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if tuple(columns_of(head)[1]) == COLUMNS:
        return [_wages(lines, name)]
    if not lines or "series" not in columns_of(head)[1]:
        raise UnreadableRecords(f"{name} is none of the tables that are known.", EXPECTED, REMEDY)
    looked_at: list[tuple[Kind, Callable[[str], bool], Series]] = [
        ("prices", is_prices, bundled_series()), ("quits", is_quits, bundled_quits())]
    found = [(kind, read_series(lines, name, is_wanted), bundled) for kind, is_wanted, bundled in looked_at]
    if not any(series for _, series, _ in found):
        raise UnreadableRecords(f"{name} holds none of the series that Careload reads.", EXPECTED, REMEDY)
    return [_series(kind, series, bundled, name) for kind, series, bundled in found if series]


def _series(kind: Kind, series: Series, bundled: Series, name: str) -> tuple[Kind, str, Kept]:
    for each, values in series.items():
        _check_same(kind, f"{name}: {each}", values, bundled.get(each, {}))
    last, known_last = _last(series), _last(bundled)
    return kind, as_text(series), Kept(kind, len(series), last, last > known_last)


def _check_same(kind: Kind, place: str, values: Mapping[Key, float], known: Mapping[Key, float]) -> None:
    both = values.keys() & known.keys()
    if months_of(known) and not both:
        raise UnreadableRecords(f"{place} has no month that is bundled too.",
                                "months in common, by which to see that both count from one base", REMEDY)
    for key in sorted(both):
        if abs(values[key] - known[key]) > MOST_APART[kind] * known[key]:
            raise UnreadableRecords(
                f"{place} has {values[key]:g} for {key[0]} {key[1]}, and {known[key]:g} is bundled.",
                "the same figure, but for small corrections",
                "It may count from another base year, which takes a newer version of Careload. Nothing was "
                "changed.")


def _last(series: Series) -> str:
    return max((str(month) for values in series.values() for month in islice(reversed(months_of(values)), 1)),
               default="")


def _wages(lines: list[str], name: str) -> tuple[Kind, str, Kept]:
    rows = list(csv.reader(line for line in lines if line.strip() and not line.startswith("#")))
    known = {row["area"] for row in bundled_rows("wages", "areas.csv")}
    for fault in _faults(rows[1:], known):
        raise UnreadableRecords(f"{name}, {fault}.", f"rows as in our own {MAIN['wages']}", REMEDY)
    if len(rows) < 2:
        raise UnreadableRecords(f"{name} has no row.", f"rows as in our own {MAIN['wages']}", REMEDY)
    text = "\n".join(",".join(row) for row in [list(COLUMNS), *rows[1:]]) + "\n"
    return "wages", text, Kept("wages", len(rows) - 1, "", True)


def _faults(rows: list[list[str]], areas: set[str]) -> Iterator[str]:
    for number, row in enumerate(rows, 1):
        if len(row) != len(COLUMNS):
            yield f"row {number}: {len(row)} cells"
        elif not (row[1].isdecimal() and len(row[1]) == CODE_DIGITS["occupation"]):
            yield f"row {number}: {row[1]!r} is no code of an occupation"
        elif row[0] not in areas:
            yield f"row {number}: {row[0]!r} is no area of the table"
        elif any(cell not in MISSING and not _is_amount(cell) for cell in row[2:]):
            yield f"row {number}: a cell that is no number"


def _is_amount(cell: str) -> bool:
    return cell.replace(".", "", 1).isdecimal() and cell.isascii()
