"""Business days: the calendar on which many waits are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np


@dataclass(frozen=True)
class BusinessCalendar:
    """Weekdays that are not public holidays of one place.

    country      ISO 3166 code, for example ``US``
    subdivision  state or nation, "" for the country's own holidays
    """

    country: str
    subdivision: str = ""

    def is_business_day(self, day: date) -> bool:
        """Whether `day` is a weekday and no public holiday."""
        return day.weekday() < 5 and day not in self._holidays(day.year)

    def add(self, day: date, business_days: int) -> date:
        """The last day on which something due `business_days` business days after `day` is in time.

        The first business day after `day` is day 1; `day` itself is day 0.
        """
        current, left = day, business_days
        while left > 0:
            current += timedelta(days=1)
            left -= self.is_business_day(current)
        return current

    def between(self, start: date, end: date) -> int:
        """Business days after `start` up to and including `end`; 0 when end <= start."""
        if end <= start:
            return 0
        years = range(start.year, end.year + 1)
        closed = np.array([day for year in years for day in self._holidays(year)], dtype="datetime64[D]")
        first, last = np.datetime64(start) + 1, np.datetime64(end) + 1
        return int(np.busday_count(first, last, holidays=closed))

    def _holidays(self, year: int) -> frozenset[date]:
        return _public_holidays(self.country, self.subdivision, year)


@lru_cache(maxsize=1024)
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    # Imported here: the holidays package takes longer to load than a whole `careload --help`.
    import holidays

    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
