"""The report as one HTML file: no script, no request, nothing that is not in the file."""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from careload.measure.report.ink import part
from careload.measure.report.story import tell
from careload.measure.report.words import MARKS, WHY_HIDDEN, Definitions
from careload.measure.result import Measurement

WIDE, NARROW = 580.0, 350.0
"""Widths in pixels at which each picture is drawn; the style shows the one that fits."""


def html(measurement: Measurement, definitions: Definitions | None = None) -> str:
    """The page; the same text for the same measurement.

    measurement  what was measured, small cells already hidden
    definitions  name of a measure to its definition; None for the program's own
    """
    import jinja2  # imported here: `careload --help` must not pay for it

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(part), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    style = "\n".join(part(name) for name in ("colours.css", "page.css", "charts.css"))
    return environment.get_template("page.html").render(
        story=tell(measurement, definitions), style=Markup(style), policy=_policy(style),
        wide=WIDE, narrow=NARROW, why_hidden=WHY_HIDDEN, marks=MARKS,
    )


def _policy(style: str) -> str:
    """Nothing may load, and of styles only this very one may apply."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
