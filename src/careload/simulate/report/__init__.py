"""How is a run shown?

Takes `Simulated` (runs of one service) or a comparison of two. Gives its page as one HTML file
(`write_page`, `html`), single pictures as SVG for documents (`interval_picture`, `fan_picture`,
`waterfall_picture`), and for pages of others the panels of the waterfalls (`waterfall_panels`).
Nothing here simulates.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from careload.clinic import Finding, write_whole
from careload.simulate.many import Simulated
from careload.simulate.report.page import html, page_style
from careload.simulate.report.panel import Panel
from careload.simulate.report.pictures import fan_picture, interval_picture, waterfall_picture
from careload.simulate.report.sentences import change_in_words, value_in_words
from careload.simulate.report.way import waterfall_panels
from careload.simulate.versus import Comparison

__all__ = [
    "Panel", "change_in_words", "fan_picture", "html", "interval_picture", "page_style", "value_in_words",
    "waterfall_panels", "waterfall_picture", "write_page",
]


def write_page(
    found: Simulated | Comparison,
    path: str | os.PathLike[str],
    standard: str | None = None,
    findings: Sequence[Finding] = (),
) -> Path:
    """Write the page as one self-contained HTML file; the same bytes for the same runs.

    found     runs of one service, or a comparison of two
    path      where to write
    standard  name of a standard, such as ``california``, whose limits on the return interval are drawn;
              without one no legal limit is shown
    findings  what was noticed about the runs, `doubts`

    Returns the path. Raises `CannotWrite` when that is not possible, `UsageError` for a standard nobody
    knows; nothing half-written is left.
    """
    return write_whole(path, html(found, standard, findings).encode())
