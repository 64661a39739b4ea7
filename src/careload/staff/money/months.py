"""A month of a year, such as 2021-10: monthly prices and pay steps know no days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from careload.clinic import UsageError

MONTHS_OF_A_YEAR = 12


class Month(NamedTuple):
    """A month; earlier ones are smaller."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, months: int) -> Month:
        """The month so many months later."""
        years, month = divmod(self.year * MONTHS_OF_A_YEAR + self.month - 1 + months, MONTHS_OF_A_YEAR)
        return Month(years, month + 1)

    def since(self, other: Month) -> int:
        """Months from another month to this one."""
        return (self.year - other.year) * MONTHS_OF_A_YEAR + self.month - other.month


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from the first to the last, both included."""
    return (first.plus(number) for number in range(last.since(first) + 1))


def parse_month(text: str, place: str) -> Month:
    """A month written YYYY-MM. Raises `UsageError` for any other text, naming the place it stands at."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", text.strip(), re.ASCII)
    if not found or not 1 <= int(found[2]) <= MONTHS_OF_A_YEAR or int(found[1]) < 1:
        raise UsageError(f"{place}: {text!r} is not a month.", "a month such as 2021-10",
                         "Write it as YYYY-MM.")
    return Month(int(found[1]), int(found[2]))
