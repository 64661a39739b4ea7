"""From UTC to the wall clock of a place: by a table of clock changes, or the engine's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from careload.clinic import ahead_of_utc, clock_changes

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


def changes(zone: str) -> tuple[Change, ...]:
    """How clocks stand in `zone` from the first year on, and every change of them."""
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    start = Change(datetime(FIRST_YEAR, 1, 1), _minutes(ahead_of_utc(zone, first)))
    return start, *(Change(each.at, _minutes(each.after)) for each in clock_changes(zone, first, last))


def _minutes(ahead: timedelta) -> int:
    return round(ahead.total_seconds() / 60)


def _halved(utc: ir.TimestampValue, left: Sequence[Change]) -> ir.Value:
    """Halve the table until one change is left: eight comparisons a cell instead of a hundred."""
    if len(left) == 1:
        return utc + ibis.interval(minutes=left[0].minutes)
    middle = len(left) // 2
    since = ibis.timestamp(left[middle].since.isoformat(sep=" "))
    return ibis.ifelse(utc < since, _halved(utc, left[:middle]), _halved(utc, left[middle:]))
