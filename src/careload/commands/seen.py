"""Whether runs of a fitted service go where its records have never been."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from careload.clinic import Finding
    from careload.model import Ranges
    from careload.simulate import Comparison, Simulated


def ranges_seen(service: str | Path | None) -> Ranges | None:
    """What the records showed that a service file was fitted to; None of a file that no fit has written.

    Raises `SettingsError` where the file beside it is none of ours.
    """
    from careload.clinic import beside

    # Who runs a service that nobody has fitted need not wait for what fits are made of.
    if service is None or not beside(service).exists():
        return None
    from careload.model import read_ranges

    return read_ranges(service)


def gone_beyond(
    found: Simulated | Comparison, here: Ranges | None, there: Ranges | None = None
) -> list[Finding]:
    """A warning for each figure that runs take beyond what the records showed.

    here, there  what the records of the service, and of the one it is compared with, showed
    """
    if here is None and there is None:
        return []
    from careload.model import beyond
    from careload.simulate import Simulated, differences, weekly_of

    several = [("", found, here)] if isinstance(found, Simulated) else [
        (differences.HERE, found.here, here), (differences.THERE, found.there, there)]
    return [
        finding for about, runs, seen in several if seen is not None
        for finding in beyond(seen, [weekly_of(each) for each in runs.summaries], about)
    ]
