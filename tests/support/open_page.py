"""A page as somebody opens it, and what every page must hold to on every screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SCREENS = [(1280, "light"), (390, "light"), (1280, "dark"), (390, "dark")]
"""Width and colour scheme."""
WORDS_OUTSIDE = """() => [...document.querySelectorAll('svg.chart')].flatMap(svg => {
    const box = svg.getBoundingClientRect();
    return box.width === 0 ? [] : [...svg.querySelectorAll('text')].filter(text => {
        const own = text.getBoundingClientRect();
        return own.left < box.left - 2 || own.right > box.right + 2 || own.bottom > box.bottom + 2;
    }).map(text => text.textContent);
})"""

WIDER_UNSAID = """() => [...document.querySelectorAll('.scroll')].filter(each =>
    each.scrollWidth > each.clientWidth && !each.previousElementSibling?.matches('.sideways')
).map(each => each.innerText.slice(0, 60))"""


@contextmanager
def opened_at(browser: Any, address: str, width: int, scheme: str) -> Iterator[Any]:
    """The page open; what it says on the console (`said`) and asks for (`asked`) is noted."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    yield page
    context.close()


def open_all(page: Any) -> None:
    """Unfold all that is folded."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def fits_the_screen(page: Any) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"])


def words_outside(page: Any) -> list[str]:
    """Words of pictures that lie outside their picture."""
    return list(page.evaluate(WORDS_OUTSIDE))


def shortest_description(page: Any) -> int:
    """Letters of the shortest words that stand for a picture."""
    pictures = page.get_by_role("img")
    return min(len(pictures.nth(k).get_attribute("aria-label")) for k in range(pictures.count()))


def tables_wider_unsaid(page: Any) -> list[str]:
    """Tables that go on beyond a phone's screen without a word that they do."""
    return [] if page.viewport_size["width"] == 1280 else list(page.evaluate(WIDER_UNSAID))
