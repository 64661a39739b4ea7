"""What would it take?

Takes what a service can decide and what it cannot: money first. Gives what a pay settlement is worth beside
prices (`real_pay`), what others pay for the same work (`outside_pay`), how the market moves (`quit_index`).

    money   prices, wages and quits as bundled tables, each with its source; a settlement in nominal and real
            terms
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careload.staff.money import (
        OutsidePay,
        Prices,
        QuitIndex,
        RealPay,
        Settlement,
        outside_pay,
        parse_settlement,
        prices_of,
        quit_index,
        real_pay,
    )

_HOMES = {
    "OutsidePay": "careload.staff.money",
    "Prices": "careload.staff.money",
    "QuitIndex": "careload.staff.money",
    "RealPay": "careload.staff.money",
    "Settlement": "careload.staff.money",
    "outside_pay": "careload.staff.money",
    "parse_settlement": "careload.staff.money",
    "prices_of": "careload.staff.money",
    "quit_index": "careload.staff.money",
    "real_pay": "careload.staff.money",
}

__all__ = [
    "OutsidePay",
    "Prices",
    "QuitIndex",
    "RealPay",
    "Settlement",
    "outside_pay",
    "parse_settlement",
    "prices_of",
    "quit_index",
    "real_pay",
]


def __getattr__(name: str) -> Any:
    # Who asks for one thing need not wait for what the others are made of.
    if name not in _HOMES:
        raise AttributeError(f"module 'careload.staff' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
