"""Limits of a plan: money, who can be hired, posts that may not be cut.

    pay and prices of a year <= budget_per_year
    new clinicians of a profession in a month <= what the market gives
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from careload.clinic import Service, Spot
from careload.staff.goals.values import number_at, told_unless_known

KEYS = ("budget_per_year", "on_costs_share", "may_cut", "hires_per_month")


@dataclass(frozen=True)
class Limits:
    """Limits of a plan.

    budget_per_year  of pay, on-costs and prices of levers, in the currency of the service; None for no limit
    on_costs_share   benefits and taxes on top of pay, as a share of it
    hires_per_month  profession to new clinicians that can be had in a month; others without limit
    may_cut          teams whose posts may be fewer
    """

    budget_per_year: float | None = None
    on_costs_share: float = 0.0
    hires_per_month: Mapping[str, float] = field(default_factory=dict)
    may_cut: tuple[str, ...] = ()


def read_limits(spot: Spot, service: Service) -> Limits:
    """The limits under [limits]; why not, is told of those that do not hold."""
    spot.only_keys(KEYS, f"one of {', '.join(KEYS)}")
    hires, may_cut = spot.table("hires_per_month"), spot.texts("may_cut")
    for name in hires.value:
        told_unless_known(hires.at(name), "profession", str(name), service["profession"])
    for name in may_cut:
        told_unless_known(spot.at("may_cut"), "team", name, service["team"])
    return Limits(
        number_at(spot, "budget_per_year", 0, None), number_at(spot, "on_costs_share", 0, 2) or 0.0,
        {str(name): number_at(hires, name, 0, None) or 0.0 for name in hires.value}, may_cut,
    )
