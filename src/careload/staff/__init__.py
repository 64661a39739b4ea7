"""What would it take?

Takes a service, what has to hold by when, and what may be decided; and what money is worth. Gives the posts
that would see everybody in time, by arithmetic alone (`needed`), and the two methods of the field beside it
(`wisn`, `core_multiplier`); the goals of a file (`read_goals`); every reason to refuse a plan (`refusals`);
by simulation, which goals a plan meets, whom it harms and what it costs (`judge`); what a pay settlement is
worth beside prices (`real_pay`), what others pay for the same work (`outside_pay`), how the market moves
(`quit_index`).

    need     posts needed, line by line: balance equations, loads, presence, slack; WISN and CAPA
    goals    goals, limits and levers as a file
    honesty  what a plan may not change, and why
    planning the cheapest posts by months as a flow sees them: where a search begins
    judging  goals, hidden harm and cost of a plan, by runs over what may be true
    money    prices, wages and quits as bundled tables, each with its source; a settlement in nominal and real
             terms
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careload.staff.goals import Goals, Opening, Plan, parse_goals, planned, read_goals
    from careload.staff.honesty import Refusal, Shortcut, refusals, shortcuts
    from careload.staff.judging import Judged, judge
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
    from careload.staff.need import (
        Activity,
        Course,
        Default,
        Demand,
        InTime,
        Needed,
        Presence,
        Staffing,
        Wisn,
        WorkingYear,
        balanced_partnerships,
        capacity_share,
        choice_appointments,
        core_multiplier,
        course_of,
        demands,
        half_days,
        half_days_needed,
        hours_multiplier,
        hours_per_referral,
        needed,
        new_partnerships,
        presence_of,
        wisn,
    )

_HOMES = {
    "Activity": "careload.staff.need",
    "Course": "careload.staff.need",
    "Default": "careload.staff.need",
    "Demand": "careload.staff.need",
    "Goals": "careload.staff.goals",
    "InTime": "careload.staff.need",
    "Judged": "careload.staff.judging",
    "Needed": "careload.staff.need",
    "Opening": "careload.staff.goals",
    "OutsidePay": "careload.staff.money",
    "Plan": "careload.staff.goals",
    "Presence": "careload.staff.need",
    "Prices": "careload.staff.money",
    "QuitIndex": "careload.staff.money",
    "RealPay": "careload.staff.money",
    "Refusal": "careload.staff.honesty",
    "Settlement": "careload.staff.money",
    "Shortcut": "careload.staff.honesty",
    "Staffing": "careload.staff.need",
    "Wisn": "careload.staff.need",
    "WorkingYear": "careload.staff.need",
    "balanced_partnerships": "careload.staff.need",
    "capacity_share": "careload.staff.need",
    "choice_appointments": "careload.staff.need",
    "core_multiplier": "careload.staff.need",
    "course_of": "careload.staff.need",
    "demands": "careload.staff.need",
    "half_days": "careload.staff.need",
    "half_days_needed": "careload.staff.need",
    "hours_multiplier": "careload.staff.need",
    "hours_per_referral": "careload.staff.need",
    "judge": "careload.staff.judging",
    "needed": "careload.staff.need",
    "new_partnerships": "careload.staff.need",
    "outside_pay": "careload.staff.money",
    "parse_goals": "careload.staff.goals",
    "parse_settlement": "careload.staff.money",
    "planned": "careload.staff.goals",
    "presence_of": "careload.staff.need",
    "prices_of": "careload.staff.money",
    "quit_index": "careload.staff.money",
    "read_goals": "careload.staff.goals",
    "real_pay": "careload.staff.money",
    "refusals": "careload.staff.honesty",
    "shortcuts": "careload.staff.honesty",
    "wisn": "careload.staff.need",
}

__all__ = [
    "Activity",
    "Course",
    "Default",
    "Demand",
    "Goals",
    "InTime",
    "Judged",
    "Needed",
    "Opening",
    "OutsidePay",
    "Plan",
    "Presence",
    "Prices",
    "QuitIndex",
    "RealPay",
    "Refusal",
    "Settlement",
    "Shortcut",
    "Staffing",
    "Wisn",
    "WorkingYear",
    "balanced_partnerships",
    "capacity_share",
    "choice_appointments",
    "core_multiplier",
    "course_of",
    "demands",
    "half_days",
    "half_days_needed",
    "hours_multiplier",
    "hours_per_referral",
    "judge",
    "needed",
    "new_partnerships",
    "outside_pay",
    "parse_goals",
    "parse_settlement",
    "planned",
    "presence_of",
    "prices_of",
    "quit_index",
    "read_goals",
    "real_pay",
    "refusals",
    "shortcuts",
    "wisn",
]


def __getattr__(name: str) -> Any:
    # Who asks for one thing need not wait for what the others are made of.
    if name not in _HOMES:
        raise AttributeError(f"module 'careload.staff' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
