"""Single pictures for documents: one SVG each, light and dark."""

from __future__ import annotations

from markupsafe import Markup

from careload.clinic import UsageError, nearest
from careload.page import FONT, Theme, chart_style, colours, drawing, element, part, rect, with_style
from careload.simulate.many import Simulated
from careload.simulate.report.over_time import OVER_TIME, followed
from careload.simulate.report.panel import Panel
from careload.simulate.report.panels import fan_panel, seen_again
from careload.simulate.report.shown import shown
from careload.simulate.report.way import key_of_waterfall, waterfalls
from careload.simulate.versus import Comparison

WIDTH, EDGE = 640.0, 20.0


def interval_picture(found: Simulated | Comparison, standard: str | None = None) -> str:
    """The share seen again by day after a visit, as SVG; with the limits of a standard where one is named."""
    panel = seen_again(shown(found, standard))
    if panel is None:
        raise UsageError(
            "No patient was to be seen again.", "runs with visits", "Run a service with patients."
        )
    return _alone(panel, "patients")


def fan_picture(found: Simulated | Comparison, figure: str) -> str:
    """A figure over time, as SVG.

    figure  ``return_interval``, ``intake_wait``, ``overdue``, ``in_care``, ``overload``, ``exhaustion``,
            ``posts_held`` or ``leavers``
    """
    known = [each.key for each in OVER_TIME]
    if figure not in known:
        raise UsageError(
            f"There is no picture of {figure!r} over time.",
            f"one of {', '.join(known)}",
            nearest(figure, known),
        )
    panel = fan_panel(shown(found), followed(figure))
    if panel is None:
        raise UsageError(
            f"The runs have no {figure} over time to be drawn.",
            "weeks counted for two points of it or more, in which there is some of it",
            "Run it for more years.",
        )
    return _alone(panel, panel.side)


def waterfall_picture(found: Comparison, measure: str, statistic: str = "median") -> str:
    """How much of a difference each change makes, as SVG."""
    key = key_of_waterfall(measure, statistic)
    panel = next((each for each in waterfalls(shown(found)) if each.key == key), None)
    if panel is None:
        raise UsageError(
            f"There is no waterfall of {measure}, {statistic}.",
            "one the comparison was asked for",
            "Compare the services by that figure.",
        )
    return _alone(panel, panel.side)


def _alone(panel: Panel, side: str) -> str:
    """A picture on a ground of its own, carrying its style."""
    inner = str(panel.draw(WIDTH))
    body = inner.split(">", 1)[1].removesuffix("</svg>")
    height = float(inner.split('height="', 1)[1].split('"', 1)[0])
    whole = drawing(
        WIDTH + 2 * EDGE,
        height + 2 * EDGE,
        f"{panel.title}. {panel.says}",
        rect(0, 0, WIDTH + 2 * EDGE, height + 2 * EDGE, "ground", rx=8),
        element("g", Markup(body), transform=f"translate({EDGE:g},{EDGE:g})"),
    )
    light, dark = (_style(theme, side) for theme in ("light", "dark"))
    return with_style(whole, f"text{{font-family:{FONT}}}{light}@media (prefers-color-scheme:dark){{{dark}}}")


def _style(theme: Theme, side: str) -> str:
    own = part("own.css", "careload.simulate.report")
    return f"{chart_style(theme, side, more=own)}.ground{{fill:{colours(theme)['paper']}}}"
