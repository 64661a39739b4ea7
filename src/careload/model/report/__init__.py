"""How is a fit shown?

Takes a `Model`, and where the doubt about its main answers lies (`doubts_of`). Gives its page as one HTML
file (`write_page`, `html`). Nothing here fits.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from careload.clinic import write_whole
from careload.model.fit import Model
from careload.model.report.page import html
from careload.model.sensitivity import Doubt

__all__ = ["html", "write_page"]


def write_page(model: Model, path: str | os.PathLike[str], doubts: Sequence[Doubt] = ()) -> Path:
    """Write the page as one self-contained HTML file; the same bytes for the same model.

    model   what was fitted
    path    where to write
    doubts  `doubts_of`; none where nobody asked which parameters carry the doubt

    Returns the path. Raises `CannotWrite` when that is not possible; nothing half-written is left.
    """
    return write_whole(path, html(model, doubts).encode())
