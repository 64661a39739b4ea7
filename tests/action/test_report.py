"""Somebody makes the report: it says what was measured, hides what must be hidden, harms nobody."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console
from tests.support.read_page import Page, number_in
from tests.support.sample_definitions import sample_definitions
from tests.support.sample_measurement import sample_measurement, small_measurement

from careload.clinic import CannotWrite, Estimate, Finding
from careload.history import finding as found_to_be
from careload.measure import Measurement, Verdict
from careload.measure.report import html, own_summary, pdf, picture, summary, write_html, write_pdf
from careload.measure.report.terminal import findings_table

DEFINITIONS = sample_definitions()
NASTY = '<script>alert("x")</script>&[bold]#{1}'


@pytest.fixture(scope="module")
def measurement() -> Measurement:
    return sample_measurement()


@pytest.fixture(scope="module")
def report(measurement: Measurement) -> Page:
    return Page.of(html(measurement, DEFINITIONS))


def plain(renderable: object, width: int = 100) -> str:
    """What a file or pipe receives."""
    file = io.StringIO()
    Console(file=file, width=width).print(renderable)
    return file.getvalue()


# What it says


def test_one_sentence_says_the_main_thing(report: Page) -> None:
    (headline,) = [text for level, text in report.headings if level == 1]
    assert headline.replace("\N{NO-BREAK SPACE}", " ") == (
        "Of those who wait for the next visit, half are seen within 47 days; the rule says 10 business days; "
        "clinicians carry 1.12 hours of work for every hour paid."
    )


def test_without_ends_of_episodes_the_sentence_gives_both_bounds() -> None:
    text = Page.of(html(small_measurement(), DEFINITIONS)).text.replace("\N{NO-BREAK SPACE}", " ")
    assert (
        "half are seen within 21 days, or within 47 days: the records do not say" in text
    )
    assert "Nothing of this half could be measured" in text
    assert "No standard was asked for" in text


def test_records_too_short_for_long_waits_are_never_told_as_a_plain_figure() -> None:
    small = small_measurement()
    one_bound = tuple(e for e in small.estimates if e.by.get("open") != "planned")
    window = Finding(
        "short-window", "warning", "appointments", 0, "The visits span 40 days.", "180", "Export a year."
    )
    report = Page.of(html(replace(small, estimates=one_bound, findings=(window,)), DEFINITIONS))
    (headline,) = [text for level, text in report.headings if level == 1]
    assert "if all who were not seen again are still waiting, in records too short to show" in headline
    assert "Read with care: The visits span 40 days. Export a year." in report.text
    assert pdf(replace(small, findings=(window,)), DEFINITIONS).startswith(b"%PDF")


def test_a_day_after_the_records_is_said_above_every_figure() -> None:
    late = found_to_be("after-the-records", "appointments", as_of="2026-06-30", last="2025-12-19")
    report = Page.of(html(replace(sample_measurement(), findings=(late,)), DEFINITIONS))
    assert "Read with care: The records are read at 2026-06-30, but the last visit" in report.text


def test_verdicts_stand_with_rule_clock_limit_and_share(report: Page) -> None:
    text = report.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "misses 17.2 % in time, 80.0 % required California follow up: within 10 business days from" in text
    assert "meets 83.0 % in time, 70.0 % required California urgent: within 48 hours from the request" in text
    assert (
        "cannot be said share not known HEDIS follow up 7: within 7 calendar days from the discharge" in text
    )
    assert text.index("misses 17.2") < text.index("meets 83.0") < text.index("cannot be said 91.4")


def test_every_estimate_stands_under_its_definition(measurement: Measurement, report: Page) -> None:
    for measure in {e.measure for e in measurement.estimates}:
        mine = [e for e in measurement.estimates if e.measure == measure]
        title = DEFINITIONS[measure].title if measure in DEFINITIONS else "Intake within standard"
        rows = report.tables[f"{title}: all figures"][1:]
        assert len(rows) == len(mine), measure
        for estimate, row in zip(mine, rows, strict=True):
            check_figures(estimate, row)


def check_figures(estimate: Estimate, row: list[str]) -> None:
    group, _, value, interval, counted = row
    for name in estimate.by.values():
        assert name in group
    if estimate.hidden:
        assert [value, interval, counted] == ["hidden"] * 3
        return
    scale = 100 if estimate.unit == "share" else 1
    if estimate.value is not None:
        assert number_in(value) == pytest.approx(scale * estimate.value, abs=0.0501)
    else:
        assert value.startswith("more than")
    if estimate.interval != "census" and estimate.low is not None:
        assert number_in(interval) == pytest.approx(scale * estimate.low, abs=0.0501)
    assert f"{estimate.n:,}" in counted


def test_the_interval_is_never_left_out(measurement: Measurement, report: Page) -> None:
    for caption, rows in report.tables.items():
        if caption.endswith("all figures"):
            assert all(
                row[3] in ("complete count", "hidden") or " to " in row[3].replace("\N{NO-BREAK SPACE}", " ")
                for row in rows[1:]
            ), caption


def test_what_cannot_be_measured_is_named_with_its_reason(measurement: Measurement, report: Page) -> None:
    for absent in measurement.not_measurable:
        assert absent.because[1:] in report.text
        assert DEFINITIONS[absent.measure].title in report.text


def test_findings_are_told_in_three_parts(measurement: Measurement, report: Page) -> None:
    for finding in measurement.findings:
        assert f"{finding.found} Expected {finding.expected}. {finding.remedy}" in report.text


def test_rows_add_up_on_the_page(report: Page) -> None:
    for row in report.tables["Rows read = accepted + set aside + duplicates"][1:]:
        read, accepted, aside, twice = (int(cell.replace(",", "")) for cell in row[1:])
        assert read == accepted + aside + twice


def test_every_definition_is_printed_and_every_link_leads_somewhere(report: Page) -> None:
    ids = {value for name, value in report.attributes if name == "id"}
    links = {value for name, value in report.attributes if name == "href"}
    assert len([value for name, value in report.attributes if name == "id"]) == len(ids)
    assert links <= {f"#{each}" for each in ids}
    for name, definition in DEFINITIONS.items():
        assert f"def-{name}" in ids
        assert definition.why in report.text


def test_a_table_stands_beside_every_picture(report: Page) -> None:
    pictures = report.tags.count("svg") / 2  # each is drawn wide and narrow
    beside = [
        caption for caption in report.tables if caption.endswith(("by group", "by day", "visit was due"))
    ]
    assert pictures == len(beside) == 7


def test_measures_stand_by_the_title_that_is_read(report: Page) -> None:
    for caption in ("What patients get", "What clinicians carry"):
        titles = [row[0] for row in report.tables[f"{caption}: the main figure of every measure"][1:]]
        assert titles == sorted(titles, key=str.casefold)
        assert len(set(titles)) >= 5
    every = [row for row in report.tables if row.endswith(": all figures")]
    assert every == sorted(every, key=str.casefold)


def test_headings_go_down_one_step_at_a_time(report: Page) -> None:
    levels = [level for level, _ in report.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


# What it hides


def test_hidden_weeks_and_days_are_called_hidden_never_zero(report: Page) -> None:
    weeks = report.tables["People by the week in which their next visit was due"]
    assert weeks[1] == ["2024-07-01", "hidden", "hidden"]
    text = report.text
    assert "Hidden is not zero" in text
    assert "hidden hidden 0" not in text


def test_the_curve_stops_where_too_few_are_left(measurement: Measurement) -> None:
    (states, *others) = measurement.series
    none = {**states.points[0], **dict.fromkeys(("seen", "discharged", "dropped", "waiting", "low", "high"))}
    early = replace(states, points=(*states.points[:57], {**none, "day": 57}, *states.points[58:]))
    shown = html(replace(measurement, series=(early, *others)), DEFINITIONS)
    assert "Day 49:" in shown
    assert "Day 63:" not in shown


# What it cannot do


def test_names_from_the_records_are_harmless() -> None:
    nasty = replace(sample_measurement(source=NASTY, site=NASTY))
    made = html(nasty, DEFINITIONS)
    assert "<script" not in made.lower()
    assert NASTY in Page.of(made).text
    for drawn in re.findall(r"<svg.*?</svg>", made, flags=re.S):
        ET.fromstring(drawn)
    found = (*nasty.findings, replace(nasty.findings[0], found=f"Odd table {NASTY}."))
    assert NASTY in plain(findings_table(nasty.counts, found), 300)
    assert pdf(nasty, DEFINITIONS).startswith(b"%PDF")
    ET.fromstring(picture(nasty, DEFINITIONS))


def test_the_page_loads_nothing_and_runs_nothing(measurement: Measurement, report: Page) -> None:
    made = html(measurement, DEFINITIONS)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(report.tags)
    assert not [name for name, _ in report.attributes if name.startswith("on") or name in ("src", "style")]
    assert "url(" not in made
    assert "@import" not in made
    assert re.findall(r"https?://[^\s\"]+", made.replace("http://www.w3.org/2000/svg", "")) == []


def test_the_policy_allows_this_style_and_nothing_else(measurement: Measurement, report: Page) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", html(measurement, DEFINITIONS), flags=re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [value for name, value in report.attributes if name == "content" and "default-src" in value]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "unsafe" not in policy


def test_it_stays_small_with_very_many_groups(measurement: Measurement) -> None:
    base = measurement.find("return_interval", "median")
    many = tuple(replace(base, measure=f"measure_{k % 40}", by={"site": f"Site {k}"}) for k in range(20_000))
    made = html(replace(measurement, estimates=(*measurement.estimates, *many)), DEFINITIONS)
    assert len(made.encode()) < 1_500_000
    assert "350 more rows are in the output of --json and --csv" in made


def test_a_standard_of_many_rules_keeps_the_first_screen_short(measurement: Measurement) -> None:
    one = measurement.verdicts[0]
    many = tuple(replace(one, rule=f"rule-{k}") for k in range(12))
    assert "8 more rules" in html(replace(measurement, verdicts=many), DEFINITIONS)


def test_the_same_measurement_gives_the_same_bytes(measurement: Measurement) -> None:
    again = sample_measurement()
    assert html(measurement, DEFINITIONS) == html(again, DEFINITIONS)
    assert picture(measurement, DEFINITIONS) == picture(again, DEFINITIONS)
    assert pdf(measurement, DEFINITIONS) == pdf(again, DEFINITIONS)


# Paper, terminal, picture


def test_the_pdf_is_tagged_for_readers_of_every_kind(measurement: Measurement) -> None:
    made = pdf(measurement, DEFINITIONS)
    assert b"pdfuaid" in made
    assert len(made) < 1_500_000
    assert pdf(small_measurement(), DEFINITIONS).startswith(b"%PDF")


def test_the_terminal_gets_plain_text_where_it_is_no_terminal(measurement: Measurement) -> None:
    text = plain(summary(measurement, DEFINITIONS), 150).replace("\N{NO-BREAK SPACE}", " ")
    assert "\x1b" not in text
    assert re.search(r"Return interval, median\s+47 days\s+44 to 51", text)
    assert re.search(r"misses\s+California follow up, within 10 business days", text)
    assert "31 set aside, 9 duplicates. Findings: 1 error, 1 warning, 1 note (`careload check`" in text
    assert "Not measurable: Time to fill a post. The records do not supply posts.filled_on." in text


def test_printed_it_is_a_summary_that_says_where_the_rest_is(measurement: Measurement) -> None:
    base = measurement.find("return_interval", "median")
    many = tuple(replace(base, measure=f"measure_{k % 40}", by={"site": f"Site {k}"}) for k in range(400))
    text = str(replace(measurement, estimates=(*measurement.estimates, *many)))
    lines = text.splitlines()
    assert text == str(replace(sample_measurement(), estimates=(*sample_measurement().estimates, *many)))
    assert len(lines) < 40
    assert lines[0] == "example clinic, as of 2026-06-30:"
    assert "return_interval: median 47 days (44-51); n = 19,112 intervals, 3,185 people still waiting" in text
    assert "california-follow-up: misses. 17.2 % (16.6-17.8) of 19,112 intervals" in text
    assert f"All {len(measurement.estimates) + 400} estimates: .estimates, .find(" in lines[-1]


def test_printed_it_has_the_groups_that_were_asked_for_where_they_are_few(measurement: Measurement) -> None:
    few = tuple(e for e in measurement.estimates if e.measure == "overload")
    assert "  overload [profession psychologist]: ratio 1.17" in str(replace(measurement, estimates=few))


def test_the_terminal_shows_findings_worst_first(measurement: Measurement) -> None:
    text = plain(findings_table(measurement.counts, measurement.findings))
    assert text.index("status-unknown") < text.index("negative-lead") < text.index("fresh-key")
    assert re.search(r"appointments\s+61,204\s+61,166\s+31\s+7", text)


def test_the_picture_carries_its_own_colours(measurement: Measurement) -> None:
    drawn = picture(measurement, DEFINITIONS)
    root = ET.fromstring(drawn)
    assert root.get("role") == "img"
    assert "47" in (root.get("aria-label") or "")
    assert "var(" not in drawn
    assert "prefers-color-scheme:dark" in drawn
    assert "legal limit: 10 business days" in drawn


def test_without_anything_to_draw_there_is_still_a_report(measurement: Measurement) -> None:
    bare = replace(measurement, estimates=(), series=(), verdicts=(), findings=(), not_measurable=())
    made = Page.of(html(bare, {}))
    assert "do not hold enough to say" in made.text
    assert pdf(bare, {}).startswith(b"%PDF")
    ET.fromstring(picture(bare, {}))
    assert "Findings: none" in plain(summary(bare, {}))


def test_a_limit_that_is_no_number_is_not_drawn(measurement: Measurement) -> None:
    vague = Verdict("x", "prior_appointment", "as needed", None, None, "cannot be said", "No limit.", "", "M")
    made = html(replace(measurement, verdicts=(vague,)), DEFINITIONS)
    assert "legal limit" not in made


# Writing


def test_a_report_is_written_whole(measurement: Measurement, tmp_path: Path) -> None:
    path = write_html(measurement, tmp_path / "report.html", DEFINITIONS)
    assert path.read_text(encoding="utf-8") == html(measurement, DEFINITIONS)
    assert write_pdf(measurement, tmp_path / "report.pdf", DEFINITIONS).read_bytes().startswith(b"%PDF")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["report.html", "report.pdf"]


def test_a_report_that_cannot_be_written_leaves_nothing(measurement: Measurement, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="not there"):
        write_html(measurement, tmp_path / "no" / "report.html", DEFINITIONS)
    assert list(tmp_path.iterdir()) == []


def test_own_figures_are_a_table_without_the_clinicians_id() -> None:
    small = small_measurement()
    mine = tuple(replace(e, by={**e.by, "clinician": "0123456789abcdef"}) for e in small.estimates)
    text = plain(own_summary(replace(small, estimates=mine), DEFINITIONS), 150)
    assert "Do not share them." in text
    assert "Return interval, median" in text
    assert "0123456789abcdef" not in text
