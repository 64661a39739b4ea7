"""The page of a fit, sentence by sentence and table by table, for models made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.support.made_hold_outs import BETTER, FACTORS, made_doubts, made_hold_out, made_scored
from tests.support.made_models import made_model
from tests.support.read_page import Page

from careload.clinic import read_service
from careload.model import Doubt, HoldOut, Model
from careload.model.report import html, write_page
from careload.model.report.figures import in_words, rounded, told
from careload.page import listed
from careload.simulate import ready_service

LOSING = made_scored("return_interval", "days", rivals=BETTER | {"same season": 1.5}, error=0.25)
SCORES = "Scores of this fit and of three naive forecasts"
RESTING = "Numbers that rest on assumptions"


def page_of(hold_out: HoldOut | None = None, doubts: tuple[Doubt, ...] = (), **more: object) -> Page:
    return Page.of(html(replace(made_model(hold_out=hold_out), **more), doubts))  # type: ignore[arg-type]


def plain(page: Page) -> str:
    return page.text.replace("\N{NO-BREAK SPACE}", " ")


def without_assumptions() -> Model:
    model = made_model()
    known = tuple(each for each in model.beliefs if each.determined != "not identified")
    return replace(model, beliefs=known)


def test_the_title_says_what_was_fitted_to_when_and_what_it_rests_on() -> None:
    model = made_model()
    numbers = [each for each in model.beliefs if each.is_number]
    text = Page.of(html(model)).text
    title = (
        "A service fitted to the records “the records of a practice” from 3 January 2022 to 31 December "
        f"2023. Of its {len(numbers)} numbers {len(model.not_identified)} rest on assumptions, not on these "
        "records. "
    )
    assert title in text
    assert text.index(title) < text.index("No part of the records was held out")


def test_where_nothing_rests_on_assumptions_it_says_so() -> None:
    page = Page.of(html(without_assumptions()))
    assert "None of its" in page.text
    assert "No number of this service rests on an assumption." in page.text
    assert RESTING not in page.tables


def test_one_number_rests_in_the_singular() -> None:
    model = made_model()
    kept = (*without_assumptions().beliefs, model.not_identified[0])
    assert "numbers 1 rests on an assumption" in Page.of(html(replace(model, beliefs=kept))).text


def test_warnings_stand_at_the_top() -> None:
    page = page_of(warnings=("The records span 9 weeks.",))
    assert "Read with care: The records span 9 weeks." in page.text
    assert page.text.index("9 weeks") < page.text.index("No part of the records was held out")


def test_a_lost_rival_is_at_the_top_once_whoever_made_the_model() -> None:
    lost = "Forecasting return interval, this fit loses to a naive rival: same season."
    for warnings in ((), (lost,)):
        page = page_of(made_hold_out(LOSING), warnings=warnings)
        assert page.text.count(lost) == 1
        assert page.text.index(lost) < page.text.index(SCORES)


def test_no_warning_no_caution() -> None:
    assert ("class", "warnings") not in page_of(made_hold_out()).attributes


def test_scores_beside_the_three_rivals() -> None:
    head, visits, intervals = page_of(made_hold_out(made_scored(), LOSING)).tables[SCORES]
    assert head[0] == "forecast of" and len(head) == 7
    # 52 and 46 lie from 45 to 55; 40 and 70 do not
    assert visits == ["Visits per week", "2", "4", "5", "6", "2 of 4", "3.5 too low"]
    assert intervals == ["Days between visits", "2", "4", "1.5, better", "6", "2 of 4", "0.25 too high"]


def test_what_came_out_in_a_sentence() -> None:
    text = plain(page_of(made_hold_out(made_scored(), LOSING)))
    assert ("Better than all three naive forecasts: visits per week. Worse than a naive forecast: days "
            "between visits. Of 8 figures the 90 % intervals held 4 (50 %).") in text
    assert "to the records up to 3 September 2023 alone, and run from there over the 16 weeks after" in text
    assert "A naive forecast is better: “as a year before”." in text


def test_what_happened_stands_beside_its_picture() -> None:
    head, first, *_ = page_of(made_hold_out()).tables["Visits per week: forecast and what happened"]
    assert [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in first] == [
        "4 September 2023", "40", "50", "45 to 55", "no"]
    assert len(head) == len(first)


def test_a_period_without_a_figure_counts_as_none() -> None:
    gap = made_scored("intake_wait", "days", (50, np.nan, 47, 60))
    page = page_of(made_hold_out(gap))
    rows = page.tables["Days to a first visit: forecast and what happened"]
    assert rows[2][1] == "not known" and rows[2][4] == ""
    assert page.tables[SCORES][1][5] == "2 of 3"


def test_few_people_are_not_told() -> None:
    few = made_scored("leavers", "leavers in four weeks", (0, 3, 12, 0), error=1.25)
    page = page_of(made_hold_out(few))
    rows = page.tables["Clinicians who leave in four weeks: forecast and what happened"]
    happened = [row[1] for row in rows]
    assert happened == ["happened", "0", "hidden", "12", "0"]
    assert page.tables[SCORES][1][6] == "hidden"
    assert "Counts of fewer than 11 are hidden." in page.text
    assert "2 October 2023: 3" not in html(made_model(hold_out=made_hold_out(few)))


def test_two_visits_a_week_are_eight_in_a_period() -> None:
    page = page_of(made_hold_out(made_scored(happened=(2, 3, 50, 50))))
    happened = [row[1] for row in page.tables["Visits per week: forecast and what happened"]]
    assert happened[1:3] == ["hidden", "3"]


def test_without_a_hold_out_nobody_knows_how_well_it_forecasts() -> None:
    for nothing in (None, replace(made_hold_out(), scored=())):
        page = page_of(nothing)
        assert "how well this fit forecasts is not known" in page.text
        assert SCORES not in page.tables


def test_few_parameters_carry_the_doubt() -> None:
    page = page_of(doubts=made_doubts())
    text = plain(page)
    assert ("In year 2: 320 patients overdue, in nine runs of ten 250 to 404. Two parameters carry 90 % of "
            "the doubt about patients overdue.") in text
    assert "In year 2: 1 leavers a year, in nine runs of ten 1 to 1. No parameter looked at moves it." in text
    _, *rows = page.tables["Doubt about patients overdue, by parameter in all its tables"]
    assert [row[0] for row in rows] == [*FACTORS, "need.*.moved_per_year"]
    assert [row[1].replace("\N{NO-BREAK SPACE}", " ") for row in rows] == [
        "70 %", "25 %", "5 %", "not looked at again"]
    assert rows[2][3].startswith("What becomes of hours beyond those paid")


def test_without_doubts_nobody_asked() -> None:
    assert "Which parameters carry the doubt was not asked." in page_of().text


def test_what_rests_on_assumptions_and_what_would_settle_it() -> None:
    model = made_model(read_service(ready_service("trap")))
    head, *rows = Page.of(html(model)).tables[RESTING]
    assert head[-2:] == ["where it comes from", "what would settle it"]
    assert {row[4] for row in rows} == {"a review (second-hand)"}
    assert {row[5] for row in rows} == {"Staff surveys each quarter."}
    assert len(rows) <= len(model.not_identified)


def test_numbers_alike_in_several_tables_stand_in_one_row() -> None:
    model = made_model(read_service(ready_service("trap")))
    every = [each for each in model.beliefs if each.place.endswith(".progress_chance")]
    same = [replace(each, value=0.5, low=0.3 + place / 100, high=0.7, origin="prior",
                    determined="not identified", source="a book", mark="read", note="")
            for place, each in enumerate(every)]
    (_, row) = Page.of(html(replace(model, beliefs=tuple(same)))).tables[RESTING]
    assert [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] == [
        "progress chance", "all need groups", "0.5 share", "0.3 to 0.7", "a book (read)", "not listed"]


@pytest.mark.parametrize(
    ("resting", "of"), [(1, "depression"), (2, "depression; anxiety"), (5, "5 of 10 teams")])
def test_a_row_names_its_tables_where_they_are_few(resting: int, of: str) -> None:
    model = made_model(read_service(ready_service("trap")))
    ending = ".progress_chance" if resting < 5 else ".posts"
    every = [each for each in model.beliefs if each.place.endswith(ending)]
    words = ["not identified"] * resting + ["well"] * (len(every) - resting)
    same = [replace(each, value=0.5, origin="prior", determined=word, source="a book", mark="read", note="")
            for each, word in zip(every, words, strict=True)]
    (_, row) = Page.of(html(replace(model, beliefs=tuple(same)))).tables[RESTING]
    assert row[1] == of


def test_every_parameter_is_on_the_page_once() -> None:
    model = made_model(read_service(ready_service("trap")))
    page = Page.of(html(model))
    text = plain(page)
    for belief in model.beliefs:
        assert text.count(f"In the file {belief.place} ") == 1, belief.place
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = {value[1:] for name, value in page.attributes if name == "href" and value.startswith("#")}
    assert links <= set(ids)


def test_a_parameter_says_how_it_is_known() -> None:
    text = plain(page_of())
    assert ("Known From the records; the records determine it well Counted 812 events, 40,000 days Formula "
            "events / days") in text
    assert "May change it management" in text


def test_a_small_cell_is_shown_nowhere() -> None:
    assert "Counted counts of fewer than 11 are not shown" in page_of().text
    assert "7 events" not in page_of().text


def test_it_asks_for_nothing_and_is_the_same_again(tmp_path: Path) -> None:
    model, doubts = made_model(hold_out=made_hold_out()), made_doubts()
    first = write_page(model, tmp_path / "first.html", doubts).read_bytes()
    assert write_page(model, tmp_path / "second.html", doubts).read_bytes() == first
    page = Page.of(first.decode())
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not [value for name, value in page.attributes if name in ("href", "src") and value[:1] != "#"]


@pytest.mark.parametrize(("value", "words"), [
    (12345.6, "12,346"), (0.0000217, "0.0000217"), (1.5, "1.5"), (0.0, "0"), (-0.25, "-0.25"), (100.0, "100"),
    (float("nan"), "not known"),
])
def test_numbers_have_three_digits_and_no_exponent(value: float, words: str) -> None:
    assert rounded(value) == words


def test_values_of_every_kind() -> None:
    assert [told(each) for each in (True, (7, 14), "", None, 2000, ())] == [
        "true", "7, 14", "none", "none", "2,000", "none"]
    assert (in_words(7), in_words(13)) == ("seven", "13")
    assert (listed(["a"]), listed(["a", "b", "c"])) == ("a", "a, b and c")
