"""What would it take?

Takes a service, what has to hold by when, and what may be decided; and what money is worth. Gives the goals
of a file (`read_goals`), every reason to refuse a plan (`refusals`), what a pay settlement is worth beside
prices (`real_pay`), what others pay for the same work (`outside_pay`), how the market moves (`quit_index`).

    goals    goals, limits and levers as a file
    honesty  what a plan may not change, and why
    money    prices, wages and quits as bundled tables, each with its source; a settlement in nominal and real
             terms
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careload.staff.goals import Goals, parse_goals, read_goals
    from careload.staff.honesty import Refusal, Shortcut, refusals, shortcuts
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
    "Goals": "careload.staff.goals",
    "OutsidePay": "careload.staff.money",
    "Prices": "careload.staff.money",
    "QuitIndex": "careload.staff.money",
    "RealPay": "careload.staff.money",
    "Refusal": "careload.staff.honesty",
    "Settlement": "careload.staff.money",
    "Shortcut": "careload.staff.honesty",
    "outside_pay": "careload.staff.money",
    "parse_goals": "careload.staff.goals",
    "parse_settlement": "careload.staff.money",
    "prices_of": "careload.staff.money",
    "quit_index": "careload.staff.money",
    "read_goals": "careload.staff.goals",
    "real_pay": "careload.staff.money",
    "refusals": "careload.staff.honesty",
    "shortcuts": "careload.staff.honesty",
}

__all__ = [
    "Goals",
    "OutsidePay",
    "Prices",
    "QuitIndex",
    "RealPay",
    "Refusal",
    "Settlement",
    "Shortcut",
    "outside_pay",
    "parse_goals",
    "parse_settlement",
    "prices_of",
    "quit_index",
    "read_goals",
    "real_pay",
    "refusals",
    "shortcuts",
]


def __getattr__(name: str) -> Any:
    # Who asks for one thing need not wait for what the others are made of.
    if name not in _HOMES:
        raise AttributeError(f"module 'careload.staff' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
