"""Writes the tables of src/careload/staff/money/tables/ from a folder of data sets.

    python scripts/money_tables.py [FOLDER]

FOLDER holds `bls_cpi`, `bls_oews_may2025` and `jolts_education_health`; without it, the folder that
CARELOAD_DATA names, else `../shared/data`. What each table is stands in its SOURCE.toml, written by hand.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from careload.staff.money.names import slug

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "src" / "careload" / "staff" / "money" / "tables"
FIRST_YEAR = 2000
ALL_OCCUPATIONS, CROSS_INDUSTRY = "000000", "000000"
WAGE_COLUMNS = {
    "area": "area_code", "occupation": "occupation_code", "jobs": "v01_employment",
    "jobs_rse": "v02_employment_percent_relative_standard_error", "mean": "v04_annual_mean_wage",
    "mean_rse": "v05_wage_percent_relative_standard_error", "p10": "v11_annual_10th_percentile_wage",
    "p25": "v12_annual_25th_percentile_wage", "median": "v13_annual_median_wage",
    "p75": "v14_annual_75th_percentile_wage", "p90": "v15_annual_90th_percentile_wage",
}
KINDS = {"N": "nation", "S": "state", "M": "metropolitan area"}
SUGGESTED_BY = {"0360": "mississippi"}
"""Places without an index of their own, and the area to look at instead."""
Row = dict[str, str]


def tables(folder: Path) -> dict[str, str]:
    """Each table by its path under TABLES, as text."""
    return {**_prices(folder / "bls_cpi"), **_wages(folder / "bls_oews_may2025"),
            **_quits(folder / "jolts_education_health")}


def _prices(folder: Path) -> dict[str, str]:
    series = {row["id"]: row for row in _rows(folder / "cpi_series.csv")}
    every = _rows(folder / "cpi_indexes_1990_on.csv")
    rows = [row for row in every if _is_wanted(series[row["series"]], row)]
    monthly = {_area(row) for row in rows if row["series"][3] == "R" and row["period"] != "M13"}
    averaged = {(_area(row), row["year"]) for row in rows if row["period"] == "M13"}
    kept = [row for row in rows if _area(row) in monthly and not (
        row["period"] == "S03" and (_area(row), row["year"]) in averaged)]
    cells = [(row["series"], row["year"], row["period"], row["value"]) for row in kept]
    return {
        "prices/index.csv": _text(("series_id", "year", "period", "value"), sorted(cells)),
        "prices/areas.csv": _text(("area", "slug", "name", "also"), _areas(series, kept)),
    }


def _is_wanted(series: Row, row: Row) -> bool:
    """Months, and averages of a year; those of half-yearly series stand where there is no other."""
    if series["items"] != "SA0" or series["seasonally_adjusted"] != "0" or int(row["year"]) < FIRST_YEAR:
        return False
    return row["period"] == "S03" if series["periodicity"] == "S" else True


def _area(row: Row) -> str:
    return row["series"][4:8]


def _areas(series: dict[str, Row], rows: list[Row]) -> Iterator[tuple[str, str, str, str]]:
    """The living series first, so that one that ended takes the longer name where two begin alike."""
    last: dict[str, str] = {}
    for row in rows:
        last[_area(row)] = max(last.get(_area(row), ""), row["year"])
    taken: set[str] = set()
    for area in sorted(last, key=lambda each: (-int(last[each]), each)):
        name = _area_name(series[f"CUUR{area}SA0"]["title"])
        short = _short(name, 1) if _short(name, 1) not in taken else _short(name, 2)
        taken.add(short)
        yield area, short, name, SUGGESTED_BY.get(area, "")


def _area_name(title: str) -> str:
    return title.removeprefix("All items in ").removesuffix(
        ", all urban consumers, not seasonally adjusted")


def _short(name: str, cities: int) -> str:
    if name == "U.S. city average":
        return "us"
    if ", " in name and not name.startswith("Size"):
        return slug("-".join(name.split(", ")[0].split("-")[:cities]))
    return slug(name.removesuffix(" urban").removeprefix("Urban ").split(" (")[0])


def _wages(folder: Path) -> dict[str, str]:
    rows = [row for row in _rows(folder / "oews_may2025_mental_health_occupations.csv")
            if row["industry_code"] == CROSS_INDUSTRY and row["occupation_code"] != ALL_OCCUPATIONS]
    wages = sorted(tuple(row[name] for name in WAGE_COLUMNS.values()) for row in rows)
    areas = sorted({(row["area_code"], KINDS[row["areatype"]], row["area_name"]) for row in rows})
    occupations = sorted({(row["occupation_code"], row["occupation_name"]) for row in rows})
    return {
        "wages/wages.csv": _text(tuple(WAGE_COLUMNS), wages),
        "wages/areas.csv": _text(("area", "kind", "name"), areas),
        "wages/occupations.csv": _text(("occupation", "name"), occupations),
    }


def _quits(folder: Path) -> dict[str, str]:
    rows = _rows(folder / "jolts_600000_hires_quits_layoffs.csv")
    quits = [tuple(row.values()) for row in rows if row["series_id"].endswith("QUR")]
    return {"quits/quits.csv": _text(("series_id", "year", "period", "value"), sorted(quits))}


def _rows(path: Path) -> Iterable[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _text(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(head)
    lines.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    beside = os.environ.get("CARELOAD_DATA", str(ROOT / ".." / "shared" / "data"))
    for name, content in tables(Path(sys.argv[1] if len(sys.argv) > 1 else beside)).items():
        (TABLES / name).write_text(content, encoding="utf-8")
