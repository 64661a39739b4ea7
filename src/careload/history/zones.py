"""From UTC to the wall clock of a place: by a table of clock changes, or the engine's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

FIRST_YEAR, LAST_YEAR = 1970, 2050


class Change(NamedTuple):
    """From `since` (UTC) on, clocks are `minutes` ahead of UTC."""

    since: datetime
    minutes: int


@ibis.udf.scalar.builtin(name="timezone")  # type: ignore[untyped-decorator]
def _timezone(zone: str, moment: dt.timestamp) -> dt.Timestamp(timezone="UTC"):  # type: ignore[valid-type]
    """PostgreSQL's own: a plain timestamp taken for the time in `zone`."""


@ibis.udf.scalar.builtin(name="timezone")  # type: ignore[untyped-decorator]
def _plain_in_zone(zone: str, moment: dt.Timestamp(timezone="UTC")) -> dt.timestamp:  # type: ignore[valid-type]
    """PostgreSQL's own: an instant as the wall clock of `zone` shows it."""


@ibis.udf.scalar.builtin(name="convert_timezone")  # type: ignore[untyped-decorator]
def _convert_timezone(before: str, after: str, moment: dt.timestamp) -> dt.timestamp:
    """Spark's own."""


def wall_clock(utc: ir.TimestampValue, zone: str, engine: str) -> ir.TimestampValue:
    """The local time at which `utc` happens in `zone`, without a zone; for the years 1970 to 2050.

    utc     a plain column: elsewhere than on PostgreSQL and Spark it stands in the expression several times
    zone    name of the IANA data base, for example ``America/Sao_Paulo``
    engine  name of the Ibis backend
    """
    if engine == "postgres":
        # It repeats whatever a column stands for, so a table of changes would grow beyond what it can run.
        return cast(ir.TimestampValue, _plain_in_zone(zone, _timezone("UTC", utc)))
    if engine == "pyspark":
        return cast(ir.TimestampValue, _convert_timezone("UTC", zone, utc))
    return cast(ir.TimestampValue, _halved(utc, changes(zone)))


@lru_cache(maxsize=32)
def changes(zone: str) -> tuple[Change, ...]:
    """Every change of clocks in `zone`, found by looking at each day and halving the day it falls on."""
    place = ZoneInfo(zone)
    moment, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    found = [Change(moment.replace(tzinfo=None), _minutes(moment, place))]
    while moment < end:
        tomorrow = moment + timedelta(days=1)
        if _minutes(tomorrow, place) != found[-1].minutes:
            since = _first_after(moment, tomorrow, place)
            found.append(Change(since.replace(tzinfo=None), _minutes(since, place)))
        moment = tomorrow
    return tuple(found)


def _first_after(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The first minute in (before, after] at which clocks stand as they do at `after`."""
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if _minutes(middle, place) == _minutes(after, place):
            after = middle
        else:
            before = middle
    return after


def _minutes(moment: datetime, place: ZoneInfo) -> int:
    offset = moment.astimezone(place).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def _halved(utc: ir.TimestampValue, left: Sequence[Change]) -> ir.Value:
    """Halve the table until one change is left: eight comparisons a cell instead of a hundred."""
    if len(left) == 1:
        return utc + ibis.interval(minutes=left[0].minutes)
    middle = len(left) // 2
    since = ibis.timestamp(left[middle].since.isoformat(sep=" "))
    return ibis.ifelse(utc < since, _halved(utc, left[:middle]), _halved(utc, left[middle:]))
