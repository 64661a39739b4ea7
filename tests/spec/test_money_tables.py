"""The bundled tables: as the bureau has them, each with its source, small, and made by their script."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from careload.clinic import MARKS, UsageError
from careload.staff.money import (
    KINDS,
    Month,
    occupations,
    outside_pay,
    price_areas,
    prices_of,
    quit_index,
    source_of,
    wage_areas,
)
from careload.staff.money.series import years_of

pytestmark = pytest.mark.usefixtures("own_tables")

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "src" / "careload" / "staff" / "money" / "tables"
MOST_BYTES = 1_500_000

YEARS = """
2010 218.056 225.894 227.469 211.338
2011 224.939 231.928 233.390 218.618
2012 229.594 236.648 239.650 223.242
2013 232.957 239.207 245.023 226.721
2014 236.736 242.434 251.985 230.552
2015 237.017 244.632 258.572 230.147
2016 240.007 249.246 266.344 232.692
2017 245.120 256.210 274.924 237.456
2018 251.107 265.962 285.550 242.737
2019 255.657 274.114 295.004 246.265
2020 258.811 278.567 300.084 248.639
2021 270.970 289.244 309.721 261.259
2022 292.655 310.782 327.060 283.666
2023 304.702 321.583 339.050 296.422
2024 313.689 332.194 348.417 305.187
2025 321.943 342.676 356.005 311.997
"""
"""Averages of years, read in the bureau's series: the nation, Los Angeles, San Francisco, the South."""
DECEMBERS = """
2010 219.179  2011 225.672  2012 229.601  2013 233.049  2014 234.812  2015 236.525  2016 241.432  2017 246.524
2018 251.233  2019 256.974  2020 260.474  2021 278.802  2022 296.797  2023 306.746  2024 315.605  2025 324.054
"""
EAST_SOUTH_CENTRAL = {2018: 101.666, 2019: 102.314, 2020: 103.042, 2021: 109.135, 2022: 117.203,
                      2023: 122.639, 2024: 127.032, 2025: 130.749}


@pytest.mark.parametrize(("place", "area"), [
    (1, "us"), (2, "los-angeles"), (3, "san-francisco"), (4, "south")])
def test_averages_of_years(place: int, area: str) -> None:
    expected = {int(row.split()[0]): float(row.split()[place]) for row in YEARS.strip().splitlines()}
    found = prices_of(area).years
    assert {year: found[year] for year in expected} == expected


def test_decembers_of_the_nation() -> None:
    words = DECEMBERS.split()
    months = prices_of("us").months
    assert [months[Month(int(year), 12)] for year in words[::2]] == [float(value) for value in words[1::2]]


def test_the_area_that_holds_mississippi() -> None:
    found = prices_of("east-south-central").years
    assert {year: found[year] for year in EAST_SOUTH_CENTRAL} == EAST_SOUTH_CENTRAL


def test_months_that_were_never_published() -> None:
    for area in price_areas():
        assert Month(2025, 10) not in prices_of(area.slug).months
    assert sum(month.year == 2025 for month in prices_of("us").months) == 11
    assert {month.month % 2 for month in prices_of("san-francisco").months} == {0}
    assert prices_of("us").last == Month(2026, 8)


def test_an_average_of_half_years_stands_where_there_is_none_of_months() -> None:
    tampa = prices_of("tampa")
    assert tampa.first == Month(2017, 11) and 2005 in tampa.years
    both = {(2020, "M13"): 100.0, (2020, "S03"): 100.2, (2019, "S03"): 99.0, (2020, "M12"): 101.0}
    assert years_of(both) == {2019: 99.0, 2020: 100.0}


def test_an_area_by_its_short_name_its_name_or_its_code() -> None:
    names = ("san-francisco", "San Francisco", "San Francisco-Oakland-Hayward, CA", "s49b")
    assert {prices_of(name).series for name in names} == {"CUURS49BSA0"}
    assert prices_of("USA").series == prices_of("united states").series == "CUUR0000SA0"


@pytest.mark.parametrize(("word", "remedy"), [
    ("san-fransisco", "Did you mean 'san-francisco'?"),
    ("los angelos", "los-angeles"),
    ("mississippi", "'east-south-central'"),
    ("xyzzy", "The nearest names are:"),
    ("", "The nearest names are:"),
])
def test_an_area_nobody_knows(word: str, remedy: str) -> None:
    with pytest.raises(UsageError) as refused:
        prices_of(word)
    assert remedy in refused.value.remedy


WAGES = """
19-3033 us 75990 112750 100580 55170 180960
19-3033 california 12840 123570 116000 62900 188050
19-3033 mississippi 210 83860 76000 48270 107160
21-1013 us 66740 76960 66940 44650 123730
21-1018 us 491930 64440 59350 38940 97590
21-1018 mississippi 2090 52130 46990 32770 77310
21-1023 us 132810 68030 60280 39740 104170
21-1023 california 19860 91050 79000 46450 147300
21-1023 mississippi 920 50750 48970 25880 78920
21-1022 california 17690 93840 89660 54220 134880
"""
"""Occupation, area, jobs, mean, median, tenth and ninetieth percentile, read in the bureau's release."""


@pytest.mark.parametrize("row", WAGES.strip().splitlines())
def test_what_others_pay(row: str) -> None:
    occupation, area, *figures = row.split()
    found = outside_pay(occupation, area)
    assert [found.jobs, found.mean, found.median, found.p10, found.p90] == [float(each) for each in figures]
    assert found.missing == {} and found.source.kind == "wages"


def test_a_mean_has_its_doubt() -> None:
    found = outside_pay("21-1023", "us")  # relative standard errors of 1.8 and 1.4 %
    assert found.jobs_low == pytest.approx(132810 * (1 - 1.96 * 0.018))
    assert (found.mean_low, found.mean_high) == pytest.approx((68030 * 0.97256, 68030 * 1.02744))


def test_what_is_not_released_is_none_with_its_reason() -> None:
    found = outside_pay("Psychologists, All Other", "albany-schenectady-troy-ny")
    assert found.jobs == 40 and found.mean is found.median is found.mean_low is found.p90 is None
    assert found.missing == dict.fromkeys(
        ("mean", "p10", "p25", "median", "p75", "p90"), "not released by the bureau")


@pytest.mark.parametrize(("occupation", "area", "words"), [
    ("psychiatrist", "us", "29-1223 (Psychiatrists)"),
    ("21-1023", "jackson", "jackson-ms"),
    ("21-1023", "californa", "Did you mean 'california'?"),
    ("21-1013", "abilene", "Take its state, or us."),
])
def test_names_of_wages_nobody_knows(occupation: str, area: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        outside_pay(occupation, area)
    assert words in str(refused.value)


def test_all_occupations_and_areas() -> None:
    assert len(occupations()) == 22
    assert len(wage_areas()) == 583
    assert {"us", "california", "new-york", "san-francisco", "jackson-ms"} <= set(wage_areas())
    assert outside_pay("211023", "california") == outside_pay(
        "mental health and substance abuse social workers", "0600000")


def test_quits_beside_their_mean() -> None:
    found = quit_index("2022-08")
    assert found.mean_percent == pytest.approx(2.05, abs=0.005)
    assert found.index == found.quits_percent / found.mean_percent == pytest.approx(2.4 / 2.0474, rel=1e-4)
    assert (found.first, found.last) == (Month(2017, 1), Month(2026, 8))
    assert found.source.mark == "second-hand" and "education and health together" in found.caveat
    with pytest.raises(UsageError, match="from 2017-01 to 2026-08"):
        quit_index("2016-12")


@pytest.mark.parametrize("kind", KINDS)
def test_each_table_says_where_it_comes_from(kind: str) -> None:
    source = source_of(kind)
    assert source.mark in MARKS and source.caveats and "public domain" in source.licence
    assert source.first <= source.last
    assert (TABLES / kind / "SOURCE.toml").exists()


def test_the_tables_are_small() -> None:
    assert sum(path.stat().st_size for path in TABLES.rglob("*") if path.is_file()) < MOST_BYTES


@pytest.mark.data
def test_the_tables_are_what_their_script_makes(data: Path) -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "money_tables.py"))["tables"](data)
    assert {str(path.relative_to(TABLES)) for path in TABLES.rglob("*.csv")} == set(made)
    assert [name for name, text in made.items() if (TABLES / name).read_text(encoding="utf-8") != text] == []
