"""The report as one HTML file."""

from __future__ import annotations

from careload.measure.report.story import tell
from careload.measure.report.words import MARKS, WHY_HIDDEN, Definitions
from careload.measure.result import Measurement
from careload.page import render


def html(measurement: Measurement, definitions: Definitions | None = None) -> str:
    """The page; the same text for the same measurement.

    measurement  what was measured, small cells already hidden
    definitions  name of a measure to its definition; None for the program's own
    """
    told = tell(measurement, definitions)
    return render("careload.measure.report", story=told, why_hidden=WHY_HIDDEN, marks=MARKS)
