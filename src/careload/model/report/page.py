"""The page of a fit as one HTML file."""

from __future__ import annotations

from collections.abc import Sequence

from careload.model.fit import Model
from careload.model.report.story import tell
from careload.model.sensitivity import Doubt
from careload.page import part, render

ROOM = "careload.model.report"


def html(model: Model, doubts: Sequence[Doubt] = ()) -> str:
    """The page; the same text for the same model.

    doubts  which parameters carry the doubt of the main answers, `doubts_of`; none where nobody asked
    """
    return render(ROOM, part("own.css", ROOM), story=tell(model, doubts))
