"""The page of runs or of a comparison as one HTML file."""

from __future__ import annotations

from collections.abc import Sequence

from careload.clinic import Finding
from careload.page import part, render
from careload.simulate.many import Simulated
from careload.simulate.report.story import tell
from careload.simulate.versus import Comparison
from careload.simulate.whose import whose

ROOM = "careload.simulate.report"


def html(found: Simulated | Comparison, standard: str | None = None, findings: Sequence[Finding] = ()) -> str:
    """The page; the same text for the same runs.

    standard  name of a standard whose limits on the return interval are drawn; None for none
    findings  what was noticed about the runs, `doubts`
    """
    return render(ROOM, page_style(), story=tell(found, standard, findings), whose=whose)


def page_style() -> str:
    """The rules of this page and its pictures, after those of every page."""
    return "\n".join([part("own.css", ROOM), part("runs.css", ROOM)])
