"""How is it put on a page?

Takes figures (`Estimate`), places and words. Gives them as a person reads them: figures in words (`figure`,
`interval`), tables (`DataTable`), pictures as SVG (`drawing`, `draw_dots`), colours for light and dark, and a
page as one HTML file (`render`). Knows nothing of what it shows.
"""

from careload.page.dots import Axis, Reference, Row, draw_dots
from careload.page.figures import (
    NBSP,
    NOT_A_NUMBER,
    basis,
    day,
    decimals,
    figure,
    interval,
    listed,
    plain,
    sentence,
    share,
    with_unit,
)
from careload.page.html import NARROW, WIDE, render
from careload.page.ink import FONT, Theme, chart_style, colours, part, with_style
from careload.page.svg import (
    WIDE_FROM,
    Point,
    Scale,
    digits,
    drawing,
    element,
    line,
    path,
    rect,
    shorten,
    spread,
    stairs,
    text,
    ticks,
)
from careload.page.tables import Cell, Column, DataTable, figure_cell, figure_cells

__all__ = [
    "FONT",
    "NARROW",
    "NBSP",
    "NOT_A_NUMBER",
    "WIDE",
    "WIDE_FROM",
    "Axis",
    "Cell",
    "Column",
    "DataTable",
    "Point",
    "Reference",
    "Row",
    "Scale",
    "Theme",
    "basis",
    "chart_style",
    "colours",
    "day",
    "decimals",
    "digits",
    "draw_dots",
    "drawing",
    "element",
    "figure",
    "figure_cell",
    "figure_cells",
    "interval",
    "line",
    "listed",
    "part",
    "path",
    "plain",
    "rect",
    "render",
    "sentence",
    "share",
    "shorten",
    "spread",
    "stairs",
    "text",
    "ticks",
    "with_style",
    "with_unit",
]
