"""When the clocks of a place change, as the IANA data base has it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo


class ClockChange(NamedTuple):
    """One change of clocks.

    at      its instant in UTC, without a zone
    before  how far ahead of UTC clocks were until then
    after   how far ahead they are from then on
    """

    at: datetime
    before: timedelta
    after: timedelta


@lru_cache(maxsize=64)
def clock_changes(zone: str, first: date, last: date) -> tuple[ClockChange, ...]:
    """The changes of clocks in `zone` from `first` to `last` (days in UTC), in order."""
    changes = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        before, after = ahead_of_utc(zone, day), ahead_of_utc(zone, day + timedelta(days=1))
        if before != after:
            changes.append(ClockChange(_instant(zone, day, before), before, after))
    return tuple(changes)


def ahead_of_utc(zone: str, day: date, seconds: int = 0) -> timedelta:
    """How far clocks in `zone` are ahead of UTC, so many `seconds` after `day` began in UTC."""
    moment = datetime.combine(day, time(), UTC) + timedelta(seconds=seconds)
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def _instant(zone: str, day: date, before: timedelta) -> datetime:
    """The instant of the change within `day`, found by halving to the second."""
    low, high = 0, 24 * 3600
    while high - low > 1:
        middle = (low + high) // 2
        if ahead_of_utc(zone, day, middle) == before:
            low = middle
        else:
            high = middle
    return datetime.combine(day, time()) + timedelta(seconds=high)
