"""Colours, and pictures that stand outside a page: in the README, in the docs, on paper."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Literal

from markupsafe import Markup

Theme = Literal["light", "dark"]
FONT = "system-ui,-apple-system,'Segoe UI','Noto Sans','Liberation Sans',sans-serif"


@cache
def part(name: str, room: str = "careload.page") -> str:
    """A file of a room's parts: template or style."""
    return (files(room) / "parts" / name).read_text(encoding="utf-8")


def colours(theme: Theme) -> dict[str, str]:
    """Name to colour, as the page's style has them."""
    light, dark = re.findall(r"\{([^{}]*)\}", part("colours.css"))[:2]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", light if theme == "light" else dark))


def chart_style(theme: Theme, side: str, scope: str = ".chart", more: str = "") -> str:
    """The charts' rules with their colours written out, for readers that know no CSS variables.

    side   ``patients`` or ``clinicians``: whose colour the dots have
    scope  selector inside which the rules hold
    more   further rules of the same kind
    """
    named = colours(theme)
    named |= {"accent": named[side], "accent-soft": named[f"{side}-soft"]}
    rules = re.sub(r"var\(--([\w-]+)\)", lambda found: named[found[1]], part("charts.css") + more)
    return rules.replace(".chart ", f"{scope} ")


def with_style(picture: Markup, style: str) -> str:
    """The picture carrying `style` inside itself."""
    opening, rest = str(picture).split(">", 1)
    return f"{opening}><style>{style}</style>{rest}"
