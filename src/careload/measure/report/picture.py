"""The picture at the top of the README: what patients get beside what clinicians carry."""

from __future__ import annotations

from markupsafe import Markup

from careload.measure.definition import definitions as own_definitions
from careload.measure.report.headline import headline
from careload.measure.report.panels import Panel, clinician_panels, patient_panels
from careload.measure.report.words import Definitions
from careload.measure.result import Measurement
from careload.page import FONT, Theme, chart_style, colours, drawing, element, rect, text, with_style

HALF, GAP, EDGE, HEAD = 560.0, 48.0, 24.0, 76.0


def picture(measurement: Measurement, definitions: Definitions | None = None) -> str:
    """One SVG, light and dark: the first picture of each half side by side, usually the return interval
    with the legal limit, and overload by group.

    measurement  what was measured, small cells already hidden
    definitions  name of a measure to its definition; None for the program's own
    """
    known = own_definitions() if definitions is None else definitions
    halves = [
        ("What patients get", "patients", patient_panels(measurement, known)),
        ("What clinicians carry", "clinicians", clinician_panels(measurement, known)),
    ]
    drawn = [(title, side, panels[0]) for title, side, panels in halves if panels]
    parts, height = [], 0.0
    for i, (title, side, panel) in enumerate(drawn):
        part, bottom = _half(title, side, panel, EDGE + (HALF + GAP) * i)
        parts.append(part)
        height = max(height, bottom)
    width = 2 * EDGE + HALF * len(drawn) + GAP * max(len(drawn) - 1, 0)
    whole = drawing(
        width, height + EDGE, headline(measurement),
        rect(0, 0, width, height + EDGE, "ground", rx=8), *parts,
    )
    return with_style(whole, _style([side for _, side, _ in drawn]))


def _style(sides: list[str]) -> str:
    light, dark = (
        "".join(chart_style(theme, side, f".of.{side}") + _own(theme, side) for side in sides)
        for theme in ("light", "dark")
    )
    return f"text{{font-family:{FONT}}}{light}@media (prefers-color-scheme:dark){{{dark}}}"


def _own(theme: Theme, side: str) -> str:
    """Ground and titles, which the page sets by its own style."""
    paper, accent = colours(theme)["paper"], colours(theme)[side]
    title = f"font:600 22px Georgia,'Liberation Serif',serif;fill:{accent}"
    return f".ground{{fill:{paper}}}text.half-title.{side}{{{title}}}"


def _half(title: str, side: str, panel: Panel, left: float) -> tuple[Markup, float]:
    inner = panel.draw(HALF)
    body = str(inner).split(">", 1)[1].removesuffix("</svg>")
    height = float(str(inner).split('height="', 1)[1].split('"', 1)[0])
    part = element(
        "g",
        text(0, 40, title, f"half-title {side}"), text(0, 64, panel.title, "note"),
        element("g", Markup(body), transform=f"translate(0,{HEAD:g})"),
        transform=f"translate({left:g},0)", class_=f"of {side}",
    )
    return part, HEAD + height
