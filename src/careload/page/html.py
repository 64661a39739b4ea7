"""A page as one HTML file: no script, no request, nothing that is not in the file."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from markupsafe import Markup

from careload.page.ink import part

WIDE, NARROW = 580.0, 350.0
"""Widths in pixels at which each picture is drawn; the style shows the one that fits."""
STYLES = ("colours.css", "page.css", "charts.css")


def render(room: str, style: str = "", **told: Any) -> str:
    """The template `page.html` of a room, filled; the same text for the same values.

    room   whose parts hold it, for example ``careload.measure.report``
    style  rules of its own, after those of every page
    told   what the template tells
    """
    import jinja2  # imported here: `careload --help` must not pay for it

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: part(name, room if name == "page.html" else __package__)),
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )
    whole = "\n".join([*(part(name) for name in STYLES), *([style] if style else [])])
    return environment.get_template("page.html").render(
        style=Markup(whole), policy=_policy(whole), wide=WIDE, narrow=NARROW, **told,
    )


def _policy(style: str) -> str:
    """Nothing may load, and of styles only this very one may apply."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
