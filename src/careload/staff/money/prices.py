"""Consumer prices of an area, month by month.

    published      the index of the month
    earlier        else that of the nearest earlier month that was published, at most three months before
    interpolated   only where asked for, between the months published on either side:
                   I(t) = I(a)^(1 - w) I(b)^w,  w = (t - a) / (b - a)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from careload.clinic import UnreadableRecords, UsageError
from careload.staff.money.months import Month
from careload.staff.money.names import known_as, slug
from careload.staff.money.own import own_origin, own_text, spoilt
from careload.staff.money.series import Key, Series, months_of, read_series, years_of
from careload.staff.money.source import bundled_rows, bundled_text

How = Literal["published", "earlier", "interpolated"]
LONGEST_GAP_MONTHS = 3
"""An area with even months has nothing from August to December 2025; no longer gap is bridged."""


@dataclass(frozen=True)
class Price:
    """The index of one month.

    month    the month asked for
    value    the index
    how      published, taken from an earlier month, or interpolated
    read_at  the months published that it rests on: one, or two where interpolated
    """

    month: Month
    value: float
    how: How
    read_at: tuple[Month, ...]


@dataclass(frozen=True)
class Prices:
    """Consumer prices of an area.

    area    its short name, ``san-francisco``
    name    its name, ``San Francisco-Oakland-Hayward, CA``
    series  id of the series
    months  index by month published, in order
    years   average of the year, by year
    own     name of the file of one's own that stands above the bundled table; "" for none
    """

    area: str
    name: str
    series: str
    months: Mapping[Month, float]
    years: Mapping[int, float]
    own: str = ""

    @property
    def first(self) -> Month:
        """The first month published."""
        return next(iter(self.months))

    @property
    def last(self) -> Month:
        """The last month published."""
        return next(reversed(list(self.months)))

    def at(self, month: Month, *, interpolate: bool = False) -> Price:
        """The index of a month. Raises `UsageError` where none is near enough."""
        if month in self.months:
            return Price(month, self.months[month], "published", (month,))
        before = max((each for each in self.months if each < month), default=None)
        after = min((each for each in self.months if each > month), default=None)
        if before is None or month.since(before) > LONGEST_GAP_MONTHS:
            raise self._none_near(month)
        if interpolate and after is not None:
            return self._between(month, before, after)
        return Price(month, self.months[before], "earlier", (before,))

    def _between(self, month: Month, before: Month, after: Month) -> Price:
        weight = month.since(before) / after.since(before)
        value = self.months[before] ** (1 - weight) * self.months[after] ** weight
        return Price(month, value, "interpolated", (before, after))

    def _none_near(self, month: Month) -> UsageError:
        remedy = "Take months within it, or another area."
        if month > self.last:
            remedy = "Take an earlier month; a newer table can be had by `careload prices update FILE`."
        return UsageError(f"Prices of {self.name} are not known for {month}.",
                          f"a month from {self.first} to {self.last}", remedy)


@dataclass(frozen=True)
class Area:
    """An area whose prices are known.

    code  in the bureau's series, ``S49B``
    slug  its short name
    name  its name
    also  a place without an index that lies in it, "" for none
    """

    code: str
    slug: str
    name: str
    also: str


@cache
def price_areas() -> tuple[Area, ...]:
    """Every area of the bundled table; the nation first."""
    return tuple(Area(row["area"], row["slug"], row["name"], row["also"])
                 for row in bundled_rows("prices", "areas.csv"))


def prices_of(area: str = "us") -> Prices:
    """Prices of an area by its short name, name or code.

    Raises `UsageError` for an area nobody knows, with the nearest, `SettingsError` where a table of one's own
    does not hold.
    """
    found = _area(area)
    text = own_text("prices")
    values = dict(_values(bundled_series(), found.code))
    own = _values(_own(text), found.code) if text is not None else {}
    values.update(own)
    return Prices(found.slug, found.name, series_of(found), months_of(values), years_of(values),
                  own_origin(text) if own else "")


def series_of(area: Area) -> str:
    """Id of the monthly series of an area."""
    return f"CUUR{area.code}SA0"


def is_prices(series: str) -> bool:
    """Whether a series is all items, not seasonally adjusted, of an area that is known."""
    return series.startswith(("CUUR", "CUUS")) and series[4:] in _endings()


@cache
def bundled_series() -> Series:
    """The series that are bundled."""
    return read_series(bundled_text("prices", "index.csv").splitlines(), "index.csv", is_prices)


@lru_cache(maxsize=1)
def _own(text: str) -> Series:
    try:
        return read_series(text.splitlines(), "index.csv", is_prices)
    except UnreadableRecords as error:
        raise spoilt("prices", error) from error


def _values(series: Series, code: str) -> dict[Key, float]:
    """Of a half-yearly series only the average of the year: its halves are no months."""
    halves = series.get(f"CUUS{code}SA0", {})
    averages = {key: value for key, value in halves.items() if key[1] == "S03"}
    return {**averages, **series.get(f"CUUR{code}SA0", {})}


@cache
def _endings() -> frozenset[str]:
    return frozenset(f"{area.code}SA0" for area in price_areas())


def _area(word: str) -> Area:
    names = {key: area for area in price_areas() for key in (slug(area.name), area.code.lower(), area.slug)}
    short = {key: area.slug for key, area in names.items()}
    also = {area.also: area.slug for area in price_areas() if area.also}
    for name in ("united-states", "usa", "national"):
        short[name] = "us"
    listed = known_as(word, short, "area", also=also)
    return next(area for area in price_areas() if area.slug == listed)
