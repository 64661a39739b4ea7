"""What others pay: jobs and wages of an occupation in an area.

    mean_low, mean_high = mean (1 -/+ 1.96 s),  s the relative standard error that the bureau gives

The same for jobs. Of the median and the other percentiles the bureau gives no error.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from careload.clinic import SettingsError, UsageError
from careload.staff.money.names import known_as, slug
from careload.staff.money.own import own_origin, own_text
from careload.staff.money.source import Source, bundled_rows, bundled_text, source_of

Z95 = 1.96
PERCENTILES = ("p10", "p25", "median", "p75", "p90")
COLUMNS = ("area", "occupation", "jobs", "jobs_rse", "mean", "mean_rse", *PERCENTILES)
MISSING = {
    "-": "not released by the bureau",
    "*": "not released by the bureau",
    "**": "not released by the bureau",
    "#": "at or above the highest wage that the bureau publishes",
    "": "not in the table",
}
"""What a cell without a number says."""
Cells = Mapping[str, str]


@dataclass(frozen=True)
class OutsidePay:
    """What others pay for an occupation in an area, in dollars a year of full-time work.

    occupation, occupation_name  code, such as ``21-1023``, and name
    area, area_name              short name and name of the area
    jobs                         how many hold such a job; jobs_low, jobs_high: 95 % interval
    mean                         mean pay; mean_low, mean_high: 95 % interval
    p10 … p90, median            pay that so many in a hundred do not exceed
    missing                      what is None, and why
    source                       where it was read
    own                          name of the file of one's own it comes from; "" for the bundled table
    """

    occupation: str
    occupation_name: str
    area: str
    area_name: str
    jobs: float | None
    jobs_low: float | None
    jobs_high: float | None
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    p10: float | None
    p25: float | None
    median: float | None
    p75: float | None
    p90: float | None
    missing: Mapping[str, str]
    source: Source = field(repr=False)
    own: str = ""


def outside_pay(occupation: str, area: str = "us") -> OutsidePay:
    """Jobs and wages of an occupation in an area.

    occupation  code (``21-1023``) or name
    area        ``us``, a state (``california``), a metropolitan area by its name or first city
                (``san-francisco``), or the bureau's code

    Raises `UsageError` for names nobody knows, with the nearest, and where nothing is published of the two.
    """
    code = known_as(occupation, _occupation_names(), "occupation", titles=_occupations())
    short = known_as(area, _area_names(), "area")
    place = _areas()[short]
    text = own_text("wages")
    table = _table(text if text is not None else bundled_text("wages", "wages.csv"))
    cells = table.get((place[0], _digits(code)))
    if cells is None:
        raise UsageError(f"For {_occupations()[code]} in {place[1]} nothing is published.",
                         "an area with enough jobs of the occupation", "Take its state, or us.")
    return _told(code, short, cells, own_origin(text))


def occupations() -> dict[str, str]:
    """Code to name of every occupation of the bundled table."""
    return dict(_occupations())


def wage_areas() -> dict[str, str]:
    """Short name to name of every area of the bundled table."""
    return {short: name for short, (_, name) in _areas().items()}


def _told(code: str, short: str, cells: Cells, own: str) -> OutsidePay:
    numbers = {name: _number(cells[name]) for name in ("jobs", "mean", *PERCENTILES)}
    missing = {name: _why(cells[name]) for name, value in numbers.items() if value is None}
    ends: dict[str, float | None] = {}
    for name in ("jobs", "mean"):
        low, high = _interval(numbers[name], _number(cells[f"{name}_rse"]))
        ends |= {f"{name}_low": low, f"{name}_high": high}
    return OutsidePay(occupation=code, occupation_name=_occupations()[code], area=short,
                      area_name=_areas()[short][1], **numbers, **ends, missing=missing,
                      source=source_of("wages"), own=own)


def _interval(value: float | None, error_percent: float | None) -> tuple[float | None, float | None]:
    if value is None or error_percent is None:
        return None, None
    half = Z95 * error_percent / 100 * value
    return max(value - half, 0.0), value + half


def _number(cell: str) -> float | None:
    return None if cell in MISSING else float(cell.replace(",", ""))


def _why(cell: str) -> str:
    return MISSING[cell]


@lru_cache(maxsize=2)
def _table(text: str) -> dict[tuple[str, str], Cells]:
    """Cells by area and occupation. Raises `SettingsError` for a table of one's own that does not hold."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise SettingsError("Your own table of wages has other columns.", ", ".join(COLUMNS),
                            "`careload prices reset` goes back to what is bundled.")
    return {(row["area"], row["occupation"]): row for row in rows}


@cache
def _occupations() -> dict[str, str]:
    return {f"{row['occupation'][:2]}-{row['occupation'][2:]}": row["name"]
            for row in bundled_rows("wages", "occupations.csv")}


@cache
def _occupation_names() -> dict[str, str]:
    names = {slug(name): code for code, name in _occupations().items()}
    return names | {key: code for code in _occupations() for key in (code, _digits(code))}


@cache
def _areas() -> dict[str, tuple[str, str]]:
    """Short name to code and name; a city has a short name where no state, nor another city, has the same."""
    rows = bundled_rows("wages", "areas.csv")
    whole = {"us" if row["kind"] == "nation" else slug(row["name"]): row for row in rows}
    cities = [_city(row["name"]) for row in rows if row["kind"] == "metropolitan area"]
    named: dict[str, tuple[str, str]] = {}
    for name, row in whole.items():
        city = _city(row["name"])
        alone = row["kind"] == "metropolitan area" and cities.count(city) == 1 and city not in whole
        named[city if alone else name] = (row["area"], row["name"])
    return named


@cache
def _area_names() -> dict[str, str]:
    names = {key: short for short, (code, name) in _areas().items() for key in (short, slug(name), code)}
    return names | {"usa": "us", "united-states": "us"}


def _city(name: str) -> str:
    return slug(name.split(",")[0].split("-")[0])


def _digits(code: str) -> str:
    return code.replace("-", "")
