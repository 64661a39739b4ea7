"""Pay beside prices against a slow copy, over areas with every month, with even ones and with odd ones."""

from __future__ import annotations

import pytest

from careload.staff.money import parse_month, prices_of, real_pay
from tests.twin import plain_pay as plain

pytestmark = pytest.mark.usefixtures("own_tables")

DEALS: list[plain.Deal] = [
    {"2021-10": ("4", "0"), "2022-10": ("3", "1"), "2023-10": ("3", "0"), "2024-10": ("3", "1")},
    {"2020-01": ("-2.5", "0"), "2020-07": ("0", "4"), "2023-03": ("12.25", "0.5")},
    {"2019-04": ("1", "0")},
]


@pytest.mark.parametrize("area", ["us", "san-francisco", "boston", "los-angeles", "east-south-central"])
@pytest.mark.parametrize("deal", DEALS)
def test_pay_beside_prices(deal: plain.Deal, area: str) -> None:
    since, until = plain.before(min(deal)), "2026-02"
    series = prices_of(area).series
    found = real_pay(text_of(deal), area, until=parse_month(until, "until"))
    expected = plain.followed(deal, series, since, until)
    assert (found.end.pay, found.end.prices, found.end.real) == pytest.approx(
        tuple(float(expected[name]) for name in ("pay", "prices", "real")), rel=1e-12)
    assert found.lost_months == pytest.approx(float(expected["lost"]), abs=1e-9)
    assert found.lump_months == pytest.approx(float(expected["once"]), abs=1e-12)
    for lump in found.lumps:
        again = plain.in_the_base(deal, str(lump.month), series, since, until)
        assert lump.in_the_base == pytest.approx(float(again), abs=1e-9)


def text_of(deal: plain.Deal) -> str:
    return ", ".join(f"{base}%+{once}% lump {month}" for month, (base, once) in deal.items())
