"""What is asked for, checked before records are read: reading a region's records takes a minute."""

from __future__ import annotations

from collections.abc import Sequence

from careload.measure.groups import checked
from careload.measure.run import definitions_named
from careload.measure.standards import standards_named


def check_options(*, standard: str | None = None, by: Sequence[str] = (), only: Sequence[str] = ()) -> None:
    """Refuse at once what `measure` would refuse once the records are read.

    standard, by, only  as in `measure`

    Raises UsageError for an unknown standard, column or measure, SettingsError for a file of
    standards that does not hold together.
    """
    checked(by)
    definitions_named(only)
    if standard:
        standards_named(standard)
