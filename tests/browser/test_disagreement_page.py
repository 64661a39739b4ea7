"""Somebody opens the page of a disagreement: on a desk and on a phone, by day and by night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.support.assumptions import SETS, held, value
from tests.support.open_page import (
    SCREENS,
    fits_the_screen,
    open_all,
    opened_at,
    shortest_description,
    words_outside,
)

from careload.clinic import Service
from careload.model import differ, read_assumptions
from careload.model.disagreement import noticed, write_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, trap: Service) -> dict[str, str]:
    """The union and the employer; and two who hold the three shares of the overflow, swapped as one."""
    folder = tmp_path_factory.mktemp("disagreements")
    union, employer = (read_assumptions(SETS / f"{name}.toml") for name in ("union", "employer"))
    shares = held(*(value(f"profession.*.overflow_{way}", str(share)) for way, share in (
        ("displaced", 0.1), ("unpaid", 0.8), ("undone", 0.1))), value("policy.overbooking", "0.1"))
    found = {"parties": differ(trap, union, employer, 0.5, 4), "shares": differ(trap, union, shares, 0.25, 2)}
    return {name: write_page(each, folder / f"{name}.html", noticed(each)).as_uri()
            for name, each in found.items()}


@pytest.fixture(params=[(kind, *screen) for kind in ("parties", "shares") for screen in SCREENS], ids=str)
def opened(request: pytest.FixtureRequest, browser: Any, pages: dict[str, str]) -> Iterator[Any]:
    kind, width, scheme = request.param
    with opened_at(browser, pages[kind], width, scheme) as page:
        page.kind = kind
        yield page


def test_it_asks_for_nothing_and_everyone_can_use_it(
    opened: Any, pages: dict[str, str], axe: Callable[[Any], list[str]]
) -> None:
    assert opened.said == [] and opened.asked == [pages[opened.kind]]
    open_all(opened)
    assert axe(opened) == []


def test_it_fits_the_screen_and_no_words_lie_outside_a_picture(opened: Any) -> None:
    open_all(opened)
    assert fits_the_screen(opened)
    assert words_outside(opened) == []


def test_what_decides_stands_first_and_each_picture_is_said(opened: Any) -> None:
    assert opened.locator("h1 span").first.bounding_box()["y"] < 300
    pictures = opened.get_by_role("img")
    assert pictures.count() == opened.locator("article.panel").count() >= 4
    assert shortest_description(opened) > 40


def test_sources_stand_with_what_is_held(browser: Any, pages: dict[str, str]) -> None:
    page = browser.new_page()
    page.goto(pages["parties"])
    told = page.locator("section.held table").inner_text()
    assert "Hamidi et al. 2018" in told and "(read)" in told and "the scenario’s own" in told
    page.close()
