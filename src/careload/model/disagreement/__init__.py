"""How is a disagreement told?

Takes a `Disagreement` and what was noticed (`noticed`). Gives it as tables in the terminal (`summary`), as
JSON (`as_json`), and as one HTML page (`write_page`). Nothing here simulates.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from careload.clinic import Finding, write_whole
from careload.model.differ import Disagreement
from careload.model.disagreement.answer import as_json
from careload.model.disagreement.noticed import noticed
from careload.model.disagreement.page import html
from careload.model.disagreement.terminal import summary

__all__ = ["as_json", "html", "noticed", "summary", "write_page"]


def write_page(
    found: Disagreement, path: str | os.PathLike[str], findings: Sequence[Finding] = ()
) -> Path:
    """Write the page as one self-contained HTML file; the same bytes for the same runs.

    found     what decides
    path      where to write
    findings  what was noticed, `noticed`

    Returns the path. Raises `CannotWrite` when that is not possible; nothing half-written is left.
    """
    return write_whole(path, html(found, findings).encode())
