"""A settlement beside prices as one JSON object: shares 0 to 1, months YYYY-MM, no path and no time."""

from __future__ import annotations

from typing import Any

from careload.staff.money.prices import Price
from careload.staff.money.real_pay import Lump, MonthOfPay, RealPay, StepYear
from careload.staff.money.settlement import Step
from careload.staff.money.source import source_of

DIGITS = 10
"""Significant digits: the last of a float differ between machines."""


def as_json(found: RealPay) -> dict[str, Any]:
    """The whole answer."""
    end = found.end
    return {
        "schema": "careload/pay/1",
        "settlement": str(found.settlement),
        "steps": [_step(step, counted=step in found.steps) for step in found.settlement.steps],
        "area": {"area": found.prices.area, "name": found.prices.name, "series": found.prices.series},
        "since": str(found.since), "until": str(found.until), "base": found.base,
        "interpolate": found.interpolate,
        "pay": _plain(end.pay), "prices": _plain(end.prices), "real": _plain(end.real),
        "change": {name: _plain(getattr(end, name) - 1) for name in ("pay", "prices", "real")},
        "to_keep_pace": _plain(found.to_keep_pace), "to_keep_pace_each": _plain(found.to_keep_pace_each),
        "to_catch_up": _plain(found.to_catch_up),
        "lost_months": _plain(found.lost_months), "lump_months": _plain(found.lump_months),
        "step_years": [_step_year(each) for each in found.step_years],
        "lumps": [_lump(each) for each in found.lumps],
        "months": [_month(each) for each in found.path],
        "not_published": [_price(each) for each in found.not_published],
        "source": {**source_of("prices").as_json(), "own": found.prices.own or None},
    }


def _step(step: Step, *, counted: bool) -> dict[str, Any]:
    return {**vars(step), "month": str(step.month), "counted": counted}


def _step_year(year: StepYear) -> dict[str, Any]:
    return {"first": str(year.first), "last": str(year.last), "step": str(year.step) if year.step else None,
            "raised": _plain(year.raised), "prices": _plain(year.prices), "real": _plain(year.real)}


def _lump(lump: Lump) -> dict[str, Any]:
    return {"month": str(lump.month), "of_then": _plain(lump.of_then), "worth": _plain(lump.worth),
            "in_the_base": _plain(lump.in_the_base)}


def _month(month: MonthOfPay) -> dict[str, Any]:
    return {"month": str(month.month), "pay": _plain(month.pay), "prices": _plain(month.prices),
            "real": _plain(month.real), "index": _plain(month.price.value), "how": month.price.how}


def _price(price: Price) -> dict[str, Any]:
    return {"month": str(price.month), "how": price.how, "read_at": [str(month) for month in price.read_at]}


def _plain(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
