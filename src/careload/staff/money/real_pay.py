"""What a pay settlement is worth: pay in the base, and the same in what it buys.

With the base pay B of the month `since`, index I, steps k from month m_k with raise r_k and lump l_k:

    pay(t)     = the product of (1 + r_k) over the steps with m_k <= t       (dollars a year: + d_k / B)
    prices(t)  = I(t) / I(since)
    real(t)    = pay(t) / prices(t)
    kept pace  : prices(until) - 1 in all, prices(until)^(1/n) - 1 at each of n steps,
                 prices(until) / pay(until) - 1 still to come
    lost       = the sum of 1 - real(t) over the months after `since`, in months of pay of `since`
    lump k     = 12 l_k pay(m_k) / prices(m_k), in the same months; as a raise of l_k in the base it would
                 have paid the sum of (pay'(t) - pay(t)) / prices(t) until the end, and gone on

All but dollars are free of B. A step year runs from a step to the month before the next; its prices are those
of its last month over those of the month before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import fsum

from careload.clinic import UsageError
from careload.staff.money.months import MONTHS_OF_A_YEAR, Month, months_between
from careload.staff.money.prices import Price, Prices, prices_of
from careload.staff.money.settlement import Settlement, Step, parse_settlement


@dataclass(frozen=True)
class MonthOfPay:
    """Pay and prices of one month, as multiples of those of the month `since`."""

    month: Month
    pay: float
    prices: float
    real: float
    price: Price


@dataclass(frozen=True)
class StepYear:
    """From a step to the month before the next, or to the end; before the first step without one.

    first, last  its first and last month
    step         the step it begins with; None before the first
    raised       raise in the base, as a share of pay before it
    prices       rise of prices over it, which is the raise that would have kept pace
    real         change of what pay buys
    """

    first: Month
    last: Month
    step: Step | None
    raised: float
    prices: float
    real: float


@dataclass(frozen=True)
class Lump:
    """What is paid once. All in months of pay of the month `since`, at its prices, but `of_then`.

    month        when
    of_then      in months of pay of that month
    worth        what it buys
    in_the_base  what the same as a raise would have bought until the end
    """

    month: Month
    of_then: float
    worth: float
    in_the_base: float


@dataclass(frozen=True)
class RealPay:
    """A settlement beside prices.

    settlement   every step, also those after the end
    prices       of the area
    since        the month before, to which all is compared
    until        the last month
    base         pay in dollars a year in `since`; None where nobody said
    interpolate  whether months not published are interpolated
    path         every month from `since` to `until`
    step_years   from step to step
    lumps        what is paid once
    """

    settlement: Settlement
    prices: Prices
    since: Month
    until: Month
    base: float | None
    interpolate: bool
    path: tuple[MonthOfPay, ...]
    step_years: tuple[StepYear, ...]
    lumps: tuple[Lump, ...]

    @property
    def end(self) -> MonthOfPay:
        """The last month."""
        return self.path[-1]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps until the end."""
        return _until(self.settlement, self.until)

    @property
    def later(self) -> tuple[Step, ...]:
        """The steps after it, which are not counted."""
        return self.settlement.steps[len(self.steps):]

    @property
    def to_keep_pace(self) -> float:
        """Raise in all that would have kept pace, a share."""
        return self.end.prices - 1

    @property
    def to_keep_pace_each(self) -> float:
        """The same at each step, all alike."""
        return float(self.end.prices ** (1 / len(self.steps)) - 1)

    @property
    def to_catch_up(self) -> float:
        """Raise still needed at the end to buy what pay bought, a share; below 0 where it buys more."""
        return 1 / self.end.real - 1

    @property
    def lost_months(self) -> float:
        """Pay lost in the base, in months of pay of `since`; below 0 where it was gained."""
        return fsum(1 - each.real for each in self.path[1:])

    @property
    def lump_months(self) -> float:
        """What was paid once, in the same months."""
        return fsum(each.worth for each in self.lumps)

    @property
    def not_published(self) -> tuple[Price, ...]:
        """The months whose prices were not published."""
        return tuple(each.price for each in self.path if each.price.how != "published")


def real_pay(
    settlement: str | Settlement,
    area: str | Prices = "us",
    *,
    since: Month | None = None,
    until: Month | None = None,
    base: float | None = None,
    interpolate: bool = False,
) -> RealPay:
    """What a settlement is worth beside prices.

    settlement   as text or as steps
    area         short name of an area, or its prices
    since        the month to compare with; without it the one before the first step
    until        the last month; without it the last whose prices are published
    base         pay in dollars a year in `since`; needed for steps in dollars
    interpolate  months not published: interpolated; otherwise the nearest earlier one that is

    Raises `UsageError` for what cannot be followed.
    """
    agreed = parse_settlement(settlement) if isinstance(settlement, str) else settlement
    prices = prices_of(area) if isinstance(area, str) else area
    since = since or agreed.steps[0].month.plus(-1)
    until = until or prices.last
    prices.at(until)  # so that a last month without prices is told as such
    _check(agreed, since, until, base)
    bought = [prices.at(month, interpolate=interpolate) for month in months_between(since, until)]
    path = _path(_until(agreed, until), bought, base)
    return RealPay(agreed, prices, since, until, base, interpolate, path, tuple(_step_years(agreed, path)),
                   tuple(_lumps(_until(agreed, until), path, base)))


def _check(settlement: Settlement, since: Month, until: Month, base: float | None) -> None:
    first = settlement.steps[0].month
    if since >= first:
        raise UsageError(f"The first step, of {first}, is not after {since}.",
                         "a month to compare with before the first step",
                         f"Take {first.plus(-1)} or earlier.")
    if until < first:
        raise UsageError(f"The first step, of {first}, comes after {until}, which is the last month.",
                         "a last month in which pay has been raised",
                         "Take a later month, or an area whose prices are known for longer.")
    if base is None and any(step.has_dollars for step in settlement.steps):
        raise UsageError("A step is in dollars, and the pay is not known.",
                         "pay before the first step, in dollars a year",
                         "Give it with --base, for example --base 90000.")
    if base is not None and not 0 < base < float("inf"):
        raise UsageError(f"A base pay of {base:g} dollars a year.", "more than 0", "Look at --base.")


def _until(settlement: Settlement, until: Month) -> tuple[Step, ...]:
    return tuple(step for step in settlement.steps if step.month <= until)


def _raised(pay: float, step: Step, base: float | None) -> float:
    """Pay after a step, as a multiple of the base."""
    return pay * (1 + step.share) + (step.dollars / base if base else 0.0)


def _path(steps: Sequence[Step], bought: Sequence[Price], base: float | None) -> tuple[MonthOfPay, ...]:
    by_month = {step.month: step for step in steps}
    pay, path = 1.0, []
    for price in bought:
        if step := by_month.get(price.month):
            pay = _raised(pay, step, base)
            _check_pay(pay, step)
        rise = price.value / bought[0].value
        path.append(MonthOfPay(price.month, pay, rise, pay / rise, price))
    return tuple(path)


def _check_pay(pay: float, step: Step) -> None:
    if pay <= 0:
        raise UsageError(f"After the step {str(step)!r} nothing is paid.", "pay above 0",
                         "Look at the sign and the unit of the step.")


def _step_years(settlement: Settlement, path: Sequence[MonthOfPay]) -> Iterator[StepYear]:
    steps = _until(settlement, path[-1].month)
    begins = [path[0].month.plus(1), *(step.month for step in steps)]
    ends = [*(step.month.plus(-1) for step in steps), path[-1].month]
    at = {each.month: each for each in path}
    for first, last, step in zip(begins, ends, [None, *steps], strict=True):
        if first <= last:
            before, after = at[first.plus(-1)], at[last]
            yield StepYear(first, last, step, after.pay / before.pay - 1, after.prices / before.prices - 1,
                           after.real / before.real - 1)


def _lumps(steps: Sequence[Step], path: Sequence[MonthOfPay], base: float | None) -> Iterator[Lump]:
    at = {each.month: each for each in path}
    for step in steps:
        if step.has_lump:
            then = at[step.month]
            year = step.lump_share * then.pay + (step.lump_dollars / base if base else 0.0)
            months = MONTHS_OF_A_YEAR * year
            yield Lump(step.month, months / then.pay, months / then.prices,
                       _in_the_base(step, steps, path, base))


def _in_the_base(step: Step, steps: Sequence[Step], path: Sequence[MonthOfPay], base: float | None) -> float:
    before = next(each.pay for each in path if each.month == step.month.plus(-1))
    # A lump is a share of pay after the raise, a raise one of pay before it.
    share = step.lump_share * _raised(before, step, base) / before
    changed = replace(step, share=step.share + share, dollars=step.dollars + step.lump_dollars)
    others = [changed if each is step else each for each in steps]
    otherwise = _path(others, [each.price for each in path], base)
    return fsum(there.real - here.real for here, there in zip(path, otherwise, strict=True))
