"""The report as one HTML file: no script, no request, nothing that is not in the file."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from careload.measure.report.story import tell
from careload.measure.report.words import MARKS, WHY_HIDDEN, Definitions
from careload.measure.result import Measurement

WIDE, NARROW = 580.0, 350.0
"""Widths in pixels at which each picture is drawn; the style shows the one that fits."""


def html(measurement: Measurement, definitions: Definitions) -> str:
    """The page; the same text for the same measurement.

    measurement  what was measured, small cells already hidden
    definitions  name of a measure to its definition
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


@cache
def part(name: str) -> str:
    """A file of this folder: template or style."""
    return (files("careload.measure.report") / "parts" / name).read_text(encoding="utf-8")


def standalone(picture: Markup, accent: str, *, dark_too: bool, font: str) -> str:
    """A picture that carries its own colours, for the README and for paper.

    accent    ``patients`` or ``clinicians``: whose colour the dots have
    dark_too  also colours for a reader with a dark screen
    font      font family of the letters
    """
    light, dark = (_colours(block, accent) for block in re.findall(r"\{([^{}]*)\}", part("colours.css"))[:2])
    rules = part("charts.css")
    style = _with(light, rules) + f"\ntext{{font-family:{font}}}"
    if dark_too:
        style += f"\n@media (prefers-color-scheme:dark){{{_with(dark, rules)}}}"
    opening, rest = str(picture).split(">", 1)
    return f"{opening}><style>{style}</style>{rest}"


def _with(colours: dict[str, str], rules: str) -> str:
    return re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], rules)


def _colours(block: str, accent: str) -> dict[str, str]:
    colours = dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))
    return {**colours, "accent": colours[accent], "accent-soft": colours[f"{accent}-soft"]}


def _policy(style: str) -> str:
    """Nothing may load, and of styles only this very one may apply."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
