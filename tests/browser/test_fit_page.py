"""Somebody opens the page of a fit: on a desk and on a phone, by day and by night, with keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.support.made_against import made_against, made_books, made_changed
from tests.support.made_hold_outs import BETTER, made_doubts, made_hold_out, made_scored
from tests.support.made_models import made_model
from tests.support.open_page import (
    SCREENS,
    fits_the_screen,
    open_all,
    opened_at,
    shortest_description,
    tables_wider_unsaid,
)

from careload.clinic import read_service
from careload.model import Belief, Other
from careload.model.report import write_page
from careload.simulate import ready_service

pytestmark = pytest.mark.browser

LOSING = made_scored("return_interval", "days", rivals=BETTER | {"same season": 1.5})
FEW = made_scored("leavers", "leavers in four weeks", (0, 3, 12, 0))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    model = made_model(read_service(ready_service("trap")), made_hold_out(made_scored(), LOSING, FEW),
                       ("The records span 9 weeks.",))
    model = replace(model, against=made_against(), books=made_books(), changes=(made_changed((2, 3)),),
                    beliefs=with_other(model.beliefs))
    return write_page(model, tmp_path_factory.mktemp("fit") / "fit.html", made_doubts()).as_uri()


def with_other(beliefs: tuple[Belief, ...]) -> tuple[Belief, ...]:
    """A party says otherwise of the first two numbers."""
    says = Other("What the union holds", 33.0, None, None, "a study with a long title", "read")
    return (*(replace(each, otherwise=(says,)) for each in beliefs[:2]), *beliefs[2:])


@pytest.fixture(params=SCREENS, ids=str)
def opened(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    """The page open at each width and scheme; what it says on the console and asks for is noted."""
    width, scheme = request.param
    with opened_at(browser, address, width, scheme) as page:
        yield page


def test_it_asks_for_nothing_and_everyone_can_use_it(
    opened: Any, address: str, axe: Callable[[Any], list[str]]
) -> None:
    assert opened.said == []
    assert opened.asked == [address]
    open_all(opened)
    assert axe(opened) == []


def test_hundreds_of_parameters_fit_the_screen(opened: Any) -> None:
    assert fits_the_screen(opened)
    open_all(opened)
    assert opened.locator(".numbers > li").count() > 300
    assert fits_the_screen(opened)


def test_folded_the_parameters_take_a_line_for_each_section(opened: Any) -> None:
    whole = opened.locator("section[aria-labelledby=parameters]").bounding_box()
    assert whole["height"] < 1200
    assert opened.locator(".numbers > li:visible").count() == 0


def test_what_must_be_known_first_is_on_the_first_screen(opened: Any) -> None:
    for warning in opened.locator(".caution").all():
        assert warning.bounding_box()["y"] < 640


def test_each_picture_is_shown_once_and_said_in_words(opened: Any) -> None:
    open_all(opened)
    pictures = opened.get_by_role("img")
    # Three forecasts, three measures followed, two of each of two sites, a change, two doubts.
    assert pictures.count() == opened.locator("article.panel").count() == 13
    assert shortest_description(opened) > 40


def test_no_words_of_a_picture_lie_outside_it_or_on_each_other(opened: Any) -> None:
    open_all(opened)
    wrong = opened.evaluate("""() => [...document.querySelectorAll('svg.chart')].flatMap(svg => {
        const box = svg.getBoundingClientRect();
        if (box.width === 0) return [];
        const all = [...svg.querySelectorAll('text')].map(each => [each, each.getBoundingClientRect()]);
        const outside = all.filter(([, own]) => own.left < box.left - 2 || own.right > box.right + 2
            || own.bottom > box.bottom + 2);
        const upon = all.filter(([each, own], place) => all.slice(place + 1).some(([, other]) =>
            own.left < other.right - 1 && other.left < own.right - 1
            && own.top < other.bottom - 4 && other.top < own.bottom - 4));
        return [...outside, ...upon].map(([each]) => each.textContent);
    })""")
    assert wrong == []


def test_weeks_outside_the_band_are_marked(opened: Any) -> None:
    """Nine weeks of the whole: a diamond each, beside the one that explains them."""
    picture = opened.locator("[aria-labelledby=followed-caseload-title] svg:visible")
    assert picture.locator(".dot.outside").count() == 9 + 1
    assert picture.locator("polygon.forecast").count() == 1


def test_a_change_has_a_line_in_the_middle_of_its_weeks(opened: Any) -> None:
    picture = opened.locator("[aria-labelledby=change-0-title] svg:visible")
    at, whole = picture.locator(".limit").bounding_box(), picture.bounding_box()
    assert 0.3 < (at["x"] - whole["x"]) / whole["width"] < 0.7


def test_a_table_wider_than_the_screen_says_so(opened: Any) -> None:
    open_all(opened)
    assert tables_wider_unsaid(opened) == []


def test_a_number_that_rests_on_an_assumption_leads_to_all_that_is_known_of_it(opened: Any) -> None:
    link = opened.locator("[aria-labelledby=cap-resting] tbody a").first
    link.click()
    assert opened.locator(link.get_attribute("href")).is_visible()


def test_the_keyboard_reaches_the_parameters(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the fit"
    section = page.locator("section[aria-labelledby=parameters] details.file").first
    section.locator("summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert section.locator(".numbers > li").first.is_visible()
    page.close()


def test_it_prints_on_white_paper_without_what_is_folded(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    open_all(page)
    assert page.locator(".numbers > li:visible").count() == 0
    assert page.get_by_role("img").count() == page.locator("article.panel:visible").count()
    assert page.locator("[aria-labelledby=cap-resting]").is_visible()
    assert page.locator(".on-paper").is_visible()
    page.close()
