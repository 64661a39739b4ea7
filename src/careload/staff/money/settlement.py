"""A pay settlement as people write it down, and as steps.

    4% 2021-10, 3%+1% lump 2022-10, $2,000 2023-10

Commas part the steps, which stand in any order. Each is an amount and the month from which it counts: a share
of pay, dollars a year, or several with + between; `lump` behind an amount says that it is paid once, in that
month, and does not stay in the base. A lump of 1 % is a hundredth of a year's pay after its step's raise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from careload.clinic import UsageError
from careload.staff.money.months import Month, parse_month

LOWEST_SHARE, HIGHEST_SHARE = -0.5, 1.0
HIGHEST_DOLLARS = 1e6
LAYOUT = 'steps such as "4% 2021-10, 3%+1% lump 2022-10, $2,000 2023-10"'
_THOUSANDS = re.compile(r"\$\s*\d{1,3}(,\d{3})+(?!\d)", re.ASCII)
_STEP = re.compile(r"(.*\S)\s+(\S+)", re.DOTALL)
_AMOUNT = re.compile(
    r"(?P<sign>-?)\s*(?:(?P<percent>\d+(?:\.\d{1,6})?)\s*%|\$\s*(?P<dollars>\d+(?:\.\d\d?)?))(?P<lump>\s+lump)?",
    re.ASCII,
)


@dataclass(frozen=True)
class Step:
    """What a settlement gives from one month on.

    month         first month of it
    share         raise as a share of pay before it
    dollars       raise in dollars a year, beside the share
    lump_share    paid once, as a share of a year's pay after the raise
    lump_dollars  paid once, in dollars
    """

    month: Month
    share: float = 0.0
    dollars: float = 0.0
    lump_share: float = 0.0
    lump_dollars: float = 0.0

    @property
    def has_dollars(self) -> bool:
        """Whether the pay must be known in dollars to follow it."""
        return bool(self.dollars or self.lump_dollars)

    @property
    def has_lump(self) -> bool:
        """Whether something is paid once."""
        return bool(self.lump_share or self.lump_dollars)

    def __str__(self) -> str:
        lumps = [_percent(self.lump_share), _money(self.lump_dollars)]
        amounts = [_percent(self.share), _money(self.dollars), *(f"{each} lump" for each in lumps if each)]
        return f"{'+'.join(each for each in amounts if each) or '0%'} {self.month}"


@dataclass(frozen=True)
class Settlement:
    """A pay settlement: its steps, by month."""

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.steps))


def parse_settlement(text: str) -> Settlement:
    """The settlement that a text says. Raises `UsageError` where it cannot be read, naming the step."""
    plain = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), text)
    written = [each.strip() for each in plain.split(",")]
    if not any(written):
        raise UsageError("The settlement has no step.", LAYOUT, "Write what was agreed, with its months.")
    steps = sorted((_step(each) for each in written), key=lambda step: step.month)
    for before, after in pairwise(steps):
        if before.month == after.month:
            raise UsageError(f"Two steps of the settlement begin in {after.month}.", "one step a month",
                             'Write them as one, with + between: "3%+1% lump 2022-10".')
    return Settlement(tuple(steps))


def _step(text: str) -> Step:
    found = _STEP.fullmatch(text)
    if not found:
        raise UsageError(f"The step {text!r} cannot be read.", LAYOUT,
                         "Write an amount and its month, with a space between; decimals with a point.")
    amounts = [_amount(each.strip(), text) for each in found[1].removeprefix("+").split("+")]
    month = parse_month(found[2], f"The step {text!r}")
    names = [name for name, _ in amounts]
    if len(set(names)) < len(names):
        raise UsageError(f"The step {text!r} has two amounts of a kind.",
                         "one raise and one lump in each unit", "Add them up.")
    return Step(month, **dict(amounts))


def _amount(text: str, step: str) -> tuple[str, float]:
    """Field of a step, and its value."""
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise UsageError(f"The amount {text!r} of the step {step!r} cannot be read.", LAYOUT,
                         "Write 3% or, in dollars a year, $2,000; and `lump` behind what is paid once.")
    sign = -1 if found["sign"] else 1
    lump = "lump_" if found["lump"] else ""
    if found["percent"]:
        return f"{lump}share", _within(sign * float(found["percent"]) / 100, step)
    dollars = sign * float(found["dollars"])
    if abs(dollars) > HIGHEST_DOLLARS:
        raise UsageError(f"The step {step!r} is of {text}.", f"at most ${HIGHEST_DOLLARS:,.0f}",
                         "Look at the amount.")
    return f"{lump}dollars", dollars


def _within(share: float, step: str) -> float:
    if not LOWEST_SHARE <= share <= HIGHEST_SHARE:
        raise UsageError(f"The step {step!r} changes pay by {100 * share:g} %.",
                         f"{100 * LOWEST_SHARE:g} to {100 * HIGHEST_SHARE:g} %", "Look at the decimal point.")
    return share


def _percent(share: float) -> str:
    return f"{100 * share:.10g}%" if share else ""


def _money(dollars: float) -> str:
    if not dollars:
        return ""
    figure = f"{abs(dollars):,.0f}" if dollars.is_integer() else f"{abs(dollars):,.2f}"
    return f"{'-' if dollars < 0 else ''}${figure}"
