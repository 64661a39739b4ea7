"""SVG written by hand: elements, numbers, scales. Colours are class names; the page's CSS decides them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

Point = tuple[float, float]

WIDE_FROM = 480
"""Width in pixels from which a picture has room for names beside it."""


def element(tag: str, *children: str, **attributes: str | float) -> Markup:
    """One element; children and values are escaped, `class_` becomes ``class``, ``_`` a hyphen."""
    pairs = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_value(value)}"' for name, value in attributes.items()
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup(f"<{tag}{pairs}>{inner}</{tag}>" if inner else f"<{tag}{pairs}/>")


def _value(value: str | float) -> str:
    return str(escape(value)) if isinstance(value, str) else digits(value)


def digits(value: float) -> str:
    """A coordinate with at most one decimal: small files, the same bytes every time."""
    return f"{round(value, 1) + 0.0:g}"  # adding 0.0 turns -0.0 into 0


def drawing(width: float, height: float, says: str, *children: str) -> Markup:
    """A whole picture that a screen reader announces with `says`."""
    return element(
        "svg", *children,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {digits(width)} {digits(height)}",
        width=width, height=height, role="img", aria_label=says, class_="chart",
    )


def text(x: float, y: float, words: str, class_: str = "label", anchor: str = "start") -> Markup:
    """One line of text; `anchor` is start, middle or end."""
    if not words:
        return Markup("")
    return element("text", words, x=x, y=y, class_=class_, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rect(
    x: float, y: float, width: float, height: float, class_: str, *children: str, rx: float = 0
) -> Markup:
    """A rectangle; children are its `title`."""
    round_ = {"rx": rx} if rx else {}
    return element("rect", *children, x=x, y=y, width=width, height=height, class_=class_, **round_)


def path(points: Iterable[Point], class_: str, *, closed: bool = False) -> Markup:
    """A line through `points`, or the area inside them."""
    steps = " ".join(f"{digits(x)},{digits(y)}" for x, y in points)
    return element("polygon" if closed else "polyline", points=steps, class_=class_)


def stairs(points: list[Point]) -> list[Point]:
    """The corners of the step function through `points`: level until the next x."""
    corners: list[Point] = []
    for x, y in points:
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    return corners


@dataclass(frozen=True)
class Scale:
    """A straight scale from values (`low`, `high`) to places on the page (`start`, `end`)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def clip(self, value: float) -> float:
        """The place of `value`, kept inside the scale."""
        return self(min(max(value, self.low), self.high))


def ticks(low: float, high: float, about: int) -> list[float]:
    """About `about` round values from `low` to `high`."""
    rough = (high - low) / max(about, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


def shorten(words: str, room: float, per_letter: float = 7.0) -> str:
    """`words` cut to about `room` pixels; the table beside the picture has them whole."""
    letters = max(int(room / per_letter), 3)
    return words if len(words) <= letters else words[: letters - 1].rstrip() + "…"


def spread(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels at `places` (ascending) apart to at least `gap`, inside `low` to `high` if they fit."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap if moved else low))
    for i in reversed(range(len(moved))):
        moved[i] = min(moved[i], moved[i + 1] - gap if i + 1 < len(moved) else high)
    return moved
