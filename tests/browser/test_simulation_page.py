"""Somebody opens the page of a run: on a desk and on a phone, by day and by night, with keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.made_runs import made_comparison, made_runs
from tests.support.open_page import (
    SCREENS,
    fits_the_screen,
    open_all,
    opened_at,
    shortest_description,
    tables_wider_unsaid,
    words_outside,
)

from careload.simulate.report import write_page

pytestmark = pytest.mark.browser



@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("runs")
    return {
        "runs": write_page(made_runs(), folder / "runs.html", "california").as_uri(),
        "comparison": write_page(made_comparison(), folder / "comparison.html", "california").as_uri(),
    }


@pytest.fixture(params=[(kind, *screen) for kind in ("runs", "comparison") for screen in SCREENS], ids=str)
def opened(request: pytest.FixtureRequest, browser: Any, pages: dict[str, str]) -> Iterator[Any]:
    """Each page open at each width and scheme; what it says on the console and asks for is noted."""
    kind, width, scheme = request.param
    with opened_at(browser, pages[kind], width, scheme) as page:
        page.kind = kind
        yield page


def test_it_asks_for_nothing_and_everyone_can_use_it(
    opened: Any, pages: dict[str, str], axe: Callable[[Any], list[str]]
) -> None:
    assert opened.said == []
    assert opened.asked == [pages[opened.kind]]
    open_all(opened)
    assert axe(opened) == []


def test_it_fits_the_screen(opened: Any) -> None:
    assert fits_the_screen(opened)
    open_all(opened)
    assert fits_the_screen(opened)


def test_the_first_screen_says_both_things_and_shows_both_pictures(opened: Any) -> None:
    if opened.viewport_size["width"] == 1280:
        for first in ("h1 span:last-child", ".patients .wide svg", ".clinicians .wide svg"):
            assert opened.locator(first).first.bounding_box()["y"] < 560, first


def test_each_picture_is_shown_once_and_said_in_words(opened: Any) -> None:
    pictures = opened.get_by_role("img")
    assert pictures.count() == opened.locator("article.panel").count()
    assert shortest_description(opened) > 40


def test_no_words_of_a_picture_lie_outside_it(opened: Any) -> None:
    assert words_outside(opened) == []


def test_a_table_wider_than_the_screen_says_so(opened: Any) -> None:
    open_all(opened)
    assert tables_wider_unsaid(opened) == []


def test_the_keyboard_reaches_the_numbers(browser: Any, pages: dict[str, str]) -> None:
    page = browser.new_page()
    page.goto(pages["comparison"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the runs"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("[aria-labelledby=seen-title] table").is_visible()
    page.keyboard.press("Tab")
    label = page.evaluate("document.activeElement.getAttribute('aria-labelledby')")
    assert page.locator(f"#{label}").inner_text() == "Share seen again within so many days"
    page.close()


def test_a_comparison_says_what_gets_worse_too(browser: Any, pages: dict[str, str]) -> None:
    page = browser.new_page()
    page.goto(pages["comparison"])
    assert page.get_by_role("heading", name="What gets worse").is_visible()
    assert "6.00 days shorter" in page.locator("h1").inner_text().replace("\xa0", " ")
    page.close()


def test_it_prints_on_white_paper_without_the_folded_tables(browser: Any, pages: dict[str, str]) -> None:
    page = browser.new_page()
    page.goto(pages["comparison"])
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    open_all(page)
    assert not page.locator("[aria-labelledby=seen-title] table").is_visible()
    assert page.get_by_role("img").count() == page.locator("article.panel").count()
    assert page.locator("[aria-labelledby=figures] table").first.is_visible()
    assert page.locator(".on-paper").is_visible()
    assert page.locator(".sideways:visible").count() == 0
    page.close()


def test_with_one_short_run_it_still_stands(
    browser: Any, tmp_path: Path, axe: Callable[[Any], list[str]]
) -> None:
    from tests.support.made_runs import made_run

    page = browser.new_page()
    page.goto(write_page(made_runs([made_run(weeks=6)], made=[]), tmp_path / "short.html").as_uri())
    assert axe(page) == []
    page.close()
