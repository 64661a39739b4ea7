"""How much of a post there is: days closed, sickness, leave, vacancy, ramp-up.

    open      = weekdays of a year that are no holiday and not closed / weekdays of that year
    present   = open x (1 - sick days / weekdays) x (1 - leave days / weekdays)
    hazard    = leaving_per_year x quit_index x (own pay / outside pay) ^ pay_elasticity           (per year)
    stays     = (1 - exp(-hazard new)) / (hazard new) + exp(-hazard new) / hazard, + notice        (years)
    fill      = days_to_fill / (own pay / outside pay) ^ hiring_elasticity                         (days)
    leavers   = 1 / (stays + fill)                                            (per post and year)
    vacant    = leavers x fill
    lost      = (1 - ramp_from) x (t - t^2 / (2 ramp)),  t the lesser of ramp and stays            (years)
    ramp-up   = leavers x lost                                                (share of posts)
    staffed   = 1 - vacant - ramp-up

It assumes that nobody is overloaded, so that exhaustion has faded: the hazard is that of the rested. A strike
is left out. The year is the one that begins on the first day of the service.

Source: renewal of a post: held, then vacant (C); the numbers are those of the service file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from careload.clinic import BusinessCalendar, Service

DAYS_A_YEAR, WORKING_DAYS, WEEK = 365.25, 5, 7
WEEKS_A_YEAR = DAYS_A_YEAR / WEEK
WEEKDAYS_A_YEAR = WEEKS_A_YEAR * WORKING_DAYS
YEAR = timedelta(days=364)


@dataclass(frozen=True)
class Presence:
    """How much of the posts of a profession at a site there is.

    open      share of weekdays on which the service is open
    sick      share of days away sick
    on_leave  share of days on leave
    leavers   people who leave, per post and year
    vacant    share of posts without a holder
    ramp_up   share of posts lost while new staff ramp up
    """

    open: float
    sick: float
    on_leave: float
    leavers: float
    vacant: float
    ramp_up: float

    @property
    def present(self) -> float:
        """Share of the paid week in which somebody who holds a post is there."""
        return self.open * (1 - self.sick) * (1 - self.on_leave)

    @property
    def staffed(self) -> float:
        """Share of posts that are held by somebody up to speed."""
        return 1 - self.vacant - self.ramp_up


def presence_of(service: Service, site: str, profession: str) -> Presence:
    """The presence of a profession at a site, in the long run."""
    workforce = service["workforce"]
    pay = _pay(service, site, profession)
    stays, fill = _years_held(service, pay), _years_vacant(service, pay)
    leavers = 0.0 if math.isinf(stays) else 1 / (stays + fill)
    return Presence(
        open=open_share(service),
        sick=min(1.0, workforce["sick_days_per_year"] / WEEKDAYS_A_YEAR),
        on_leave=min(1.0, workforce["leave_days_per_year"] / WEEKDAYS_A_YEAR),
        leavers=leavers,
        vacant=leavers * fill,
        ramp_up=leavers * _years_lost(service, stays),
    )


def open_share(service: Service) -> float:
    """Share of the weekdays of 52 weeks from the first day on which the service is open."""
    told, first = service["calendar"], service["start"]["date"]
    calendar = BusinessCalendar(told["country"], told["subdivision"])
    day_before: date = first - timedelta(days=1)
    weekdays = 52 * WORKING_DAYS
    closed = {day for day in told["closed"] if first <= day < first + YEAR and calendar.is_business_day(day)}
    return (calendar.between(day_before, day_before + YEAR) - len(closed)) / weekdays


def _pay(service: Service, site: str, profession: str) -> float:
    """Own pay over outside pay."""
    own: Mapping[str, Any] = service["profession"][profession]
    index = service["site"][site]["outside_pay_index"]
    return float(own["pay_per_year"] / (own["outside_pay_per_year"] * index))


def _years_held(service: Service, pay: float) -> float:
    """Mean years from beginning at a post to the last day at it."""
    workforce = service["workforce"]
    hazard = workforce["leaving_per_year"] * workforce["quit_index"] * pay ** workforce["pay_elasticity"]
    if not service["mechanisms"]["leaving"] or hazard <= 0:
        return math.inf
    new = hazard * workforce["leaving_if_new"]
    first_year = -math.expm1(-new) / new if new > 0 else 1.0
    return float(first_year + math.exp(-new) / hazard + workforce["notice_weeks"] / WEEKS_A_YEAR)


def _years_vacant(service: Service, pay: float) -> float:
    """Mean years until a vacant post is filled."""
    workforce = service["workforce"]
    if not service["mechanisms"]["hiring"]:
        return 0.0
    days = workforce["days_to_fill"] / pay ** workforce["hiring_elasticity"]
    return float(max(1.0, days) / DAYS_A_YEAR)


def _years_lost(service: Service, stays: float) -> float:
    """Years of a template that somebody new does not give yet."""
    workforce = service["workforce"]
    ramp = workforce["ramp_weeks"] / WEEKS_A_YEAR
    if not service["mechanisms"]["hiring"] or ramp <= 0:
        return 0.0
    time = min(ramp, stays)
    return float((1 - workforce["ramp_from"]) * (time - time**2 / (2 * ramp)))
