"""What a settlement buys, again: in exact fractions, month after month, from the table's text."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

INDEX = (Path(__file__).parents[2] / "src/careload/staff/money/tables/prices/index.csv").read_text()
Deal = dict[str, tuple[str, str]]
"""First month to per cent in the base and per cent once."""


def index_of(series: str, month: str) -> Fraction:
    """Of the month, else of the nearest earlier one."""
    while True:
        year, number = month.split("-")
        for line in INDEX.splitlines():
            if line.startswith(f"{series},{year},M{number},"):
                return Fraction(line.split(",")[3])
        month = before(month)


def before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def after(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"


def followed(deal: Deal, series: str, since: str, until: str) -> dict[str, Fraction]:
    """Pay, prices, pay lost and paid once, walking month by month."""
    start = index_of(series, since)
    pay, lost, once, month = Fraction(1), Fraction(0), Fraction(0), since
    while month != until:
        month = after(month)
        prices = index_of(series, month) / start
        if month in deal:
            raise_percent, lump_percent = map(Fraction, deal[month])
            pay += pay * raise_percent / 100
            once += 12 * pay * lump_percent / 100 / prices
        lost += 1 - pay / prices
    return {"pay": pay, "prices": prices, "real": pay / prices, "lost": lost, "once": once}


def in_the_base(deal: Deal, lump: str, series: str, since: str, until: str) -> Fraction:
    """What one lump would have bought as a raise: the settlement walked twice."""
    raise_percent, lump_percent = map(Fraction, deal[lump])
    together = (1 + raise_percent / 100) * (1 + lump_percent / 100) - 1
    otherwise = {**deal, lump: (str(100 * together), "0")}
    return followed(deal, series, since, until)["lost"] - followed(otherwise, series, since, until)["lost"]
