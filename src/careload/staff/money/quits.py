"""How many leave their jobs elsewhere: quits of the sector as an index of the market.

    index(t) = q(t) / the mean of q over all months of the table

1 is the market as it was on average; above 1 more people find something else. It says how the market moves,
not how many leave a service.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from careload.clinic import UnreadableRecords, UsageError
from careload.staff.money.months import Month, parse_month
from careload.staff.money.own import own_origin, own_text, spoilt
from careload.staff.money.series import Series, months_of, read_series
from careload.staff.money.source import Source, bundled_text, source_of

QUITS = "JTS600000000000000QUR"
"""Quits, private education and health services, seasonally adjusted, per cent of jobs in a month."""


@dataclass(frozen=True)
class QuitIndex:
    """Quits of one month beside their mean.

    month           the month
    index           times the mean
    quits_percent   of jobs in the month
    mean_percent    the same, mean of all months from `first` to `last`
    source          where it was read; its caveats say what the sector is
    own             name of the file of one's own that stands above the bundled table; "" for none
    """

    month: Month
    index: float
    quits_percent: float
    mean_percent: float
    first: Month
    last: Month
    source: Source = field(repr=False)
    own: str = ""

    @property
    def caveat(self) -> str:
        """What a reader must know first."""
        return self.source.caveats[0]


def quit_index(month: str | Month) -> QuitIndex:
    """Quits of a month (``2022-08``) beside their mean. Raises `UsageError` for a month not in the table."""
    asked = parse_month(month, "The month of quits") if isinstance(month, str) else month
    text = own_text("quits")
    quits = _months(text)
    first, *_, last = quits
    if asked not in quits:
        raise UsageError(f"Quits are not known for {asked}.", f"a month from {first} to {last}",
                         "Take a month of the table.")
    mean = sum(quits.values()) / len(quits)
    return QuitIndex(asked, quits[asked] / mean, quits[asked], mean, first, last, source_of("quits"),
                     own_origin(text))


def is_quits(series: str) -> bool:
    """Whether a series is the one that is read."""
    return series == QUITS


@cache
def bundled_quits() -> Series:
    """The series that is bundled."""
    return read_series(bundled_text("quits", "quits.csv").splitlines(), "quits.csv", is_quits)


def _months(text: str | None) -> dict[Month, float]:
    values = dict(bundled_quits()[QUITS])
    if text is not None:
        try:
            values |= read_series(text.splitlines(), "quits.csv", is_quits).get(QUITS, {})
        except UnreadableRecords as error:
            raise spoilt("quits", error) from error
    return months_of(values)
