"""How is it shown?

Takes a `Measurement` and the definitions of its measures. Gives the report as one HTML file
(`write_html`) or as a PDF (`write_pdf`), the summaries for a terminal (`summary`, `own_summary`) and
the picture at the top of the README (`picture`). Nothing here computes a measure.
"""

from __future__ import annotations

import os
from pathlib import Path

from careload.clinic import write_whole
from careload.measure.report.page import html
from careload.measure.report.paper import pdf
from careload.measure.report.picture import picture
from careload.measure.report.terminal import findings_table, own_summary, summary
from careload.measure.report.words import Definitions
from careload.measure.result import Measurement

__all__ = ["findings_table", "html", "own_summary", "pdf", "picture", "summary", "write_html", "write_pdf"]


Destination = str | os.PathLike[str]


def write_html(measurement: Measurement, path: Destination, definitions: Definitions | None = None) -> Path:
    """Write the report as one self-contained HTML file; the same bytes for the same measurement.

    measurement  what was measured, small cells already hidden
    path         where to write
    definitions  name of a measure to its definition; None for the program's own

    Returns the path. Raises `CannotWrite` when that is not possible; nothing half-written is left.
    """
    return write_whole(path, html(measurement, definitions).encode())


def write_pdf(measurement: Measurement, path: Destination, definitions: Definitions | None = None) -> Path:
    """Write the report as a tagged PDF of a few A4 pages; arguments, bytes and errors as in `write_html`."""
    return write_whole(path, pdf(measurement, definitions))
