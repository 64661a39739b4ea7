"""The page of a fit, sentence by sentence and table by table, for models made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.support.made_against import WEEKS, made_against, made_books, made_changed
from tests.support.made_hold_outs import BETTER, FACTORS, made_doubts, made_hold_out, made_scored
from tests.support.made_models import made_model
from tests.support.read_page import Page

from careload.clinic import Finding, read_service
from careload.model import Doubt, HoldOut, Model, Other
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


# Beside the records, week by week.


def test_how_many_weeks_the_bands_hold_and_the_worst_site() -> None:
    text = plain(page_of(against=made_against()))
    # Of the whole 91 + 82 of 182, and 1 of 1; of South 51 + 89 of 180.
    assert "the bands hold 95 % of 183 weekly figures; nine in ten would be right." in text
    assert "Least of patients in care: 82 of 91 weeks." in text
    assert "Worst site: South, 78 % of 180 weekly figures, least of visits per week (51 of 91 weeks)." in text
    assert "The band holds 82 of 91 weeks (90 %); nine in ten would be right." in text
    assert "Outside it the records are higher in 9, lower in 0." in text
    assert "run 50 times over the 91 weeks from 4 April 2022" in text


def test_weeks_by_site_in_a_table_and_beside_each_picture() -> None:
    page = page_of(against=made_against())
    head, whole, south, north = (
        [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row]
        for row in page.tables["Weeks that the bands hold, by site"])
    assert head[:3] == ["site", "all together", "visits per week"]
    assert whole[0] == "The whole service"
    assert south[2:] == ["51 of 91", "89 of 89", "hidden"]
    assert north[2:] == ["91 of 91", "89 of 89", "hidden"]
    rows = page.tables["Patients in care, South: records and runs by week"]
    assert len(rows) == 1 + WEEKS
    assert [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in rows[1]] == [
        "4 April 2022", "50", "50", "40 to 60", "yes"]
    assert rows[4][1] == rows[4][4] == "hidden"


def test_of_leavers_only_the_sum_is_told() -> None:
    page = page_of(against=made_against())
    assert "have left by the last week; nine runs in ten have 40" in page.text
    seen = [row[1] for row in page.tables["Clinicians who have left: records and runs by week"][1:]]
    assert set(seen[:-1]) == {"hidden"} and seen[-1] != "hidden"
    assert "Clinicians who have left, South: records and runs by week" not in page.tables


def test_nobody_asked_for_the_weeks() -> None:
    assert "The fit was not run beside the records" in page_of().text


# Who came and went.


def test_flows_by_site_with_small_cells_hidden() -> None:
    page = page_of(books=made_books())
    text = plain(page)
    assert "120 were in care at the start, 200 came into care, 180 went, 140 were in care at the end." in text
    head, *rows = page.tables["Who came, went and stayed, by site"]
    assert head == ["people and visits", "the whole service", "North", "South"]
    by_name = {row[0]: row[1:] for row in rows}
    assert by_name["Opened"] == ["200", "110", "90"]
    assert by_name["Closed: died"] == ["19", "hidden", "hidden"]
    assert by_name["Closed: completed"] == ["161", "hidden", "hidden"]


def test_what_does_not_add_up_is_told_with_its_interval() -> None:
    page = page_of(books=made_books())
    (_, row) = page.tables["What does not add up"]
    assert [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] == [
        "Visits held lie outside every episode of the patient", "60", "900", "6.67", "5.33 to 8"]
    assert "It is counted here and left as it is" in page.text
    (_, few) = page_of(books=made_books(strays=7)).tables["What does not add up"]
    assert few[1:] == ["hidden"] * 4
    assert "Nothing was found that does not add up." in page_of(books=made_books(strays=0)).text


def test_without_ends_of_care_there_are_no_books() -> None:
    assert "The records do not tell when care ends" in page_of().text


# When the records change.


def test_a_change_is_shown_and_the_user_chooses() -> None:
    page = page_of(changes=(made_changed(),))
    text = plain(page)
    assert "In the week from 6 February 2023 the records change beyond chance." in text
    assert "--from 2023-02-06 ." in text and "--as-of 2023-02-05 ." in text
    (_, row) = page.tables["Weeks in which the records change"]
    assert [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] == [
        "Share of visits missed", "North", "6 February 2023", "10 %", "20 %", "less than 1 in 1,000"]


def test_weeks_with_few_people_are_hidden_in_a_change() -> None:
    page = page_of(changes=(made_changed(hidden=(2,)),))
    assert "1 of 91 values have few people behind them and are hidden." in page.text
    assert page.tables["Share of visits missed, North: by week"][3][1] == "hidden"


def test_no_change_is_said() -> None:
    assert "No week was found in which the records change beyond chance." in page_of().text


# Who says otherwise.


def test_who_says_otherwise_stands_in_a_table_and_with_the_parameter() -> None:
    model = made_model()
    own = next(each for each in model.beliefs if each.place == "workforce.leaving_if_exhausted")
    says = Other("What the union holds", 33.0, None, None, "a study", "read")
    agrees = Other("What the employer holds", 2.0, None, None, "another study", "read", inside=True)
    page = page_of(beliefs=tuple(
        replace(each, otherwise=(says, agrees)) if each is own else each for each in model.beliefs))
    (_, row) = page.tables["Numbers of which somebody says otherwise"]
    assert row[0] == "leaving if exhausted"
    assert row[4:] == ["What the union holds", "33", "a study (read)"]
    assert "Says otherwise What the union holds: 33 (a study; read)" in page.text
    assert "Says otherwise What the employer holds: 2, inside the interval (another study; read)" in page.text
    assert "Nobody who was asked says otherwise" in page_of().text


def test_signs_of_the_checks_stand_at_the_top() -> None:
    sign = Finding("sicker-sooner", "warning", "encounters", 0, "They are sicker.", "none", "Look.")
    assert "Read with care: They are sicker. Look." in page_of(findings=(sign,)).text


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
