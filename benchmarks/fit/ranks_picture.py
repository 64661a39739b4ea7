"""Rank histograms as a picture: one small panel for each parameter, two beside each other, wide as a phone.

Bars: how often the truth fell into each tenth of the draws. The grey band: where a bar lies 95 times in 100
while all tenths are as likely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

WIDTH, COLUMNS, PANEL, BARS_HIGH, GAP = 340, 2, 78, 44, 10
WITHIN = (0.025, 0.975)
STYLE = """
text { font-family: system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Liberation Sans', sans-serif;
  font-size: 10.5px; fill: #1d2329; }
.paper { fill: #fbfaf7; } .band { fill: #d3d6d3; } .bar { fill: #1b5e78; }
.axis { stroke: #565e66; stroke-width: 1; }"""


def ranks_picture(ranks: Mapping[str, NDArray[np.float64]], told: str) -> str:
    """An SVG.

    ranks  by parameter, how often the truth fell into each of equal parts of the draws
    told   what it shows, in a sentence
    """
    rows = -(-len(ranks) // COLUMNS)
    size = f'width="{WIDTH}" height="{rows * PANEL}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {rows * PANEL}" {size} role="img" '
        f'aria-label="{escape(told)}"><style>{STYLE}</style>',
        f'<rect class="paper" {size}/>',
    ]
    wide = (WIDTH - (COLUMNS + 1) * GAP) / COLUMNS
    for place, (name, counts) in enumerate(ranks.items()):
        left = GAP + place % COLUMNS * (wide + GAP)
        parts += _panel(name, counts, left, place // COLUMNS * PANEL + 6, wide)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(
    name: str, counts: NDArray[np.float64], left: float, top: float, wide: float
) -> Iterator[str]:
    number, bins, foot = int(counts.sum()), len(counts), top + PANEL - 12
    low, high = binom.ppf(WITHIN, number, 1 / bins)
    scale = BARS_HIGH / max(counts.max(), high, 1.0)
    yield f'<text x="{left:.1f}" y="{top + 10:.1f}">{escape(shortened(name))}</text>'
    yield _bar("band", left, foot - high * scale, wide, (high - low) * scale)
    for place, count in enumerate(counts.tolist()):
        step = wide / bins
        yield _bar("bar", left + place * step + 1, foot - count * scale, step - 2, count * scale)
    yield f'<line class="axis" x1="{left:.1f}" x2="{left + wide:.1f}" y1="{foot:.1f}" y2="{foot:.1f}"/>'


def _bar(kind: str, left: float, top: float, wide: float, high: float) -> str:
    return (f'<rect class="{kind}" x="{left:.1f}" y="{top:.1f}" width="{wide:.1f}" '
            f'height="{max(high, 0.0):.1f}"/>')


def shortened(place: str) -> str:
    """A parameter in words: of ``need.*.visits_needed`` ``visits needed``."""
    return place.rpartition(".")[2].replace("_", " ")
