"""Somebody opens the report: on a desk and on a phone, by day and by night, with a mouse or without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.open_page import SCREENS, fits_the_screen, open_all, opened_at, shortest_description
from tests.support.read_page import number_in
from tests.support.sample_definitions import sample_definitions
from tests.support.sample_measurement import sample_measurement, small_measurement

from careload.measure.report import write_html

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    return write_html(sample_measurement(), folder / "report.html", sample_definitions()).as_uri()


@pytest.fixture(params=SCREENS, ids=str)
def opened(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    """The report open at each width and scheme; what it says on the console and asks for is noted."""
    width, scheme = request.param
    with opened_at(browser, address, width, scheme) as page:
        yield page


def test_it_asks_for_nothing_and_complains_of_nothing(opened: Any, address: str) -> None:
    assert opened.said == []
    assert opened.asked == [address]


def test_it_can_be_used_by_everyone(opened: Any, axe: Callable[[Any], list[str]]) -> None:
    assert axe(opened) == []
    open_all(opened)
    assert axe(opened) == []


def test_it_fits_the_screen(opened: Any) -> None:
    assert fits_the_screen(opened)
    open_all(opened)
    assert fits_the_screen(opened)


def test_the_two_halves_stand_side_by_side_or_one_under_the_other(opened: Any) -> None:
    patients, clinicians = (opened.locator(f"#{half}").bounding_box() for half in ("patients", "clinicians"))
    if opened.viewport_size["width"] > 1000:
        assert patients["y"] == clinicians["y"]
        assert patients["x"] + patients["width"] <= clinicians["x"]
    else:
        assert patients["y"] + patients["height"] <= clinicians["y"]


def test_each_picture_is_shown_once_and_said_in_words(opened: Any) -> None:
    pictures = opened.get_by_role("img")
    assert pictures.count() == 7
    assert shortest_description(opened) > 20


def test_the_first_screen_says_the_main_thing(opened: Any) -> None:
    if opened.viewport_size["width"] == 1280:
        for first in ("h1", ".badge", ".patients .big", ".clinicians .big"):
            box = opened.locator(first).first.bounding_box()
            assert box["y"] + box["height"] < 800, first


def test_the_keyboard_reaches_the_report_and_its_tables(opened: Any) -> None:
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.textContent") == "Skip to the report"
    opened.keyboard.press("Enter")
    opened.locator("#waiting-title").scroll_into_view_if_needed()
    opened.locator("[aria-labelledby=waiting-title] summary").focus()
    opened.keyboard.press("Enter")
    opened.keyboard.press("Tab")
    label = opened.evaluate("document.activeElement.getAttribute('aria-labelledby')")
    assert opened.locator(f"#{label}").inner_text() == "Return interval, everyone"
    outline = opened.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_table_wider_than_the_screen_says_so(opened: Any) -> None:
    open_all(opened)
    for table in opened.locator(".scroll").all():
        wider = table.evaluate("each => each.scrollWidth > each.clientWidth")
        says = table.evaluate("each => each.previousElementSibling?.matches('.sideways')")
        if opened.viewport_size["width"] == 390:
            assert wider == says, table.inner_text()[:60]
            assert not says or table.locator("xpath=preceding-sibling::p[1]").is_visible()
    assert opened.viewport_size["width"] == 390 or opened.locator(".sideways:visible").count() == 0


def test_the_name_of_a_row_stays_while_its_figures_pass(opened: Any) -> None:
    table = opened.get_by_role("region", name="What patients get: the main figure of every measure")
    before = table.locator("tbody th").first.bounding_box()
    table.evaluate("each => each.scrollLeft = 90")
    assert table.locator("tbody th").first.bounding_box() == before


def test_definitions_are_folded_and_open_for_whoever_asks(opened: Any) -> None:
    facts = opened.locator("#def-return_interval .facts")
    assert not facts.is_visible()
    opened.locator("#def-return_interval summary").first.focus()
    opened.keyboard.press("Enter")
    assert facts.is_visible()
    opened.keyboard.press("Enter")
    assert not facts.is_visible()
    opened.locator("#measures ~ * a[href='#def-return_interval']").first.click()
    assert facts.is_visible()
    assert opened.locator("#def-return_interval h3").is_visible()
    assert not opened.locator("#def-overload .facts").is_visible()


def test_what_stands_in_the_tables_is_what_was_measured(opened: Any) -> None:
    open_all(opened)
    for estimate in sample_measurement().as_json()["estimates"]:
        if estimate["measure"] != "return_interval" or estimate["by"] or estimate["value"] is None:
            continue
        rows = opened.locator("#def-return_interval tbody tr").all_inner_texts()
        scale = 100 if estimate["unit"] == "share" else 1
        values = [number_in(row.split("\t")[2]) for row in rows if row.startswith("everyone")]
        assert any(abs(value - scale * estimate["value"]) < 0.06 for value in values), estimate


def test_it_prints_on_white_paper_without_the_folded_tables(opened: Any) -> None:
    opened.emulate_media(media="print")
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not opened.locator("[aria-labelledby=waiting-title] table").first.is_visible()
    assert opened.locator(".on-paper").is_visible()
    assert opened.locator("#def-return_interval .facts").is_visible()
    assert opened.locator("#def-return_interval h3").is_visible()
    assert opened.locator(".sideways:visible").count() == 0
    assert opened.get_by_role("img").count() == 7


def test_with_little_to_say_it_still_stands(
    browser: Any, tmp_path: Path, axe: Callable[[Any], list[str]]
) -> None:
    page = browser.new_page()
    page.goto(write_html(small_measurement(), tmp_path / "small.html", sample_definitions()).as_uri())
    assert axe(page) == []
    page.close()
