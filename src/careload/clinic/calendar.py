"""Business days: the calendar on which many waits are counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

# Outside these years only weekends are closed: nobody knows the public holidays of the year 9999.
FIRST_YEAR, LAST_YEAR = 1971, 2100
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6


@dataclass(frozen=True)
class BusinessCalendar:
    """Weekdays that are not public holidays of one place.

    country      ISO 3166 code, for example ``US``; "" closes on weekends only
    subdivision  state or nation, "" for the country's own holidays

    California, Mississippi and New York are kept by the text of their own
    statutes (functions below); everything else is read from the `holidays`
    package, which moves a Saturday holiday to Friday in every American state.
    """

    country: str = ""
    subdivision: str = ""

    def is_business_day(self, day: date) -> bool:
        """Whether `day` is a weekday and no public holiday."""
        return day.weekday() < SATURDAY and day not in self.holidays(day.year)

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
        # Imported here: whoever needs only a word of this room must not wait for numpy.
        import numpy as np

        years = range(start.year, end.year + 1)
        closed = np.array([day for year in years for day in self.holidays(year)], dtype="datetime64[D]")
        day = np.timedelta64(1, "D")
        first, last = np.datetime64(start) + day, np.datetime64(end) + day
        return int(np.busday_count(first, last, holidays=closed))

    def holidays(self, year: int) -> frozenset[date]:
        """Public holidays that fall, or are kept, in `year`."""
        first, last = self.known_years
        if not self.country or not first <= year <= last:
            return frozenset()
        return _public_holidays(self.country, self.subdivision, year)

    @property
    def known_years(self) -> tuple[int, int]:
        """First and last year whose public holidays are known; in all others only weekends are closed."""
        if not self.country or (self.country, self.subdivision) in STATUTES:
            return FIRST_YEAR, LAST_YEAR
        first, last = _years_of_the_package(self.country, self.subdivision)
        return max(first, FIRST_YEAR), min(last, LAST_YEAR)

    def __str__(self) -> str:
        if not self.country:
            return "weekends only"
        place = f"{self.country}-{self.subdivision}" if self.subdivision else self.country
        return f"weekends and public holidays of {place}"


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Codes of two or three letters of the countries whose public holidays are known."""
    import holidays

    return frozenset(holidays.list_supported_countries(include_aliases=True))


@lru_cache(maxsize=64)
def subdivisions(country: str) -> Mapping[str, str]:
    """Code or name to code of the states or nations of a country whose own public holidays are known."""
    import holidays

    known = holidays.country_holidays(country)
    return {**{code: code for code in known.subdivisions}, **known.subdivisions_aliases}


@lru_cache(maxsize=64)
def _years_of_the_package(country: str, subdivision: str) -> tuple[int, int]:
    import holidays

    known = holidays.country_holidays(country, subdiv=subdivision or None)
    return known.start_year, known.end_year


@lru_cache(maxsize=2048)
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    statute = STATUTES.get((country, subdivision))
    if statute is not None:
        return statute(year)
    # Imported here: the holidays package takes longer to load than a whole `careload --help`.
    import holidays

    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))


def california(year: int) -> frozenset[date]:
    """Days on which California's state offices are closed, Gov. Code 19853(a)-(b) (R).

    A Sunday holiday is kept on Monday; of the Saturday ones only 11 November moves, to Friday.
    Days an employee may choose instead of a personal holiday (Juneteenth, Native American Day, …)
    close no office. As in force since 2009; Lincoln Day and Columbus Day closed offices before.
    """
    thanksgiving = nth(year, 11, THURSDAY, 4)
    fixed = [date(year, 1, 1), date(year, 3, 31), date(year, 7, 4), date(year, 12, 25)]
    moving = [
        nth(year, 1, MONDAY, 3), nth(year, 2, MONDAY, 3), last(year, 5, MONDAY), nth(year, 9, MONDAY, 1),
        thanksgiving, thanksgiving + timedelta(days=1),
    ]
    veterans = date(year, 11, 11)
    if veterans.weekday() == SATURDAY:
        veterans -= timedelta(days=1)
    return frozenset([*moving, *map(monday_for_sunday, [*fixed, veterans])])


def mississippi(year: int) -> frozenset[date]:
    """Legal holidays of Mississippi, Miss. Code 3-3-7(1) (R): a Sunday holiday moves to Monday."""
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    moving = [
        nth(year, 1, MONDAY, 3), nth(year, 2, MONDAY, 3), last(year, 4, MONDAY), last(year, 5, MONDAY),
        nth(year, 9, MONDAY, 1), nth(year, 11, THURSDAY, 4),
    ]
    return frozenset([*moving, *map(monday_for_sunday, fixed)])


def new_york(year: int) -> frozenset[date]:
    """Public holidays of New York, General Construction Law 24 (R): a Sunday holiday moves to Monday.

    Juneteenth since chapter 249 of the laws of 2020; general election day is the Tuesday after
    the first Monday of November (the day: M).
    """
    fixed = [date(year, 1, 1), date(year, 2, 12), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year > 2020:
        fixed.append(date(year, 6, 19))
    moving = [
        nth(year, 1, MONDAY, 3), nth(year, 2, MONDAY, 3), last(year, 5, MONDAY), nth(year, 9, MONDAY, 1),
        nth(year, 10, MONDAY, 2), nth(year, 11, THURSDAY, 4), nth(year, 11, MONDAY, 1) + timedelta(days=1),
    ]
    return frozenset([*moving, *map(monday_for_sunday, fixed)])


STATUTES: dict[tuple[str, str], Callable[[int], frozenset[date]]] = {
    ("US", "CA"): california,
    ("US", "MS"): mississippi,
    ("US", "NY"): new_york,
}


def nth(year: int, month: int, weekday: int, which: int) -> date:
    """The `which`-th `weekday` (0 = Monday) of a month, counted from 1."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))


def last(year: int, month: int, weekday: int) -> date:
    """The last `weekday` (0 = Monday) of a month."""
    fifth = nth(year, month, weekday, 5)
    return fifth if fifth.month == month else fifth - timedelta(days=7)


def monday_for_sunday(day: date) -> date:
    """`day`, or the Monday after it when it is a Sunday."""
    return day + timedelta(days=day.weekday() == SUNDAY)
