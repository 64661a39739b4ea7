"""The glossary has every word that output is made of, once and in order."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from careload.measure import definitions
from careload.measure.groups import GROUPS, OF_THE_MEASURE
from careload.measure.report.words import READINGS

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^\*\*(.+?)\.\*\*", GLOSSARY, re.MULTILINE)
IN_CODE = set(re.findall(r"`([^`]+)`", GLOSSARY))
SCHEMA = json.loads((ROOT / "docs" / "measure.schema.json").read_text(encoding="utf-8"))

WORDS = """
    patient, referral, intake, return visit, return interval, due, overdue, cadence, lead time, no-show,
    cancellation, slot, template, caseload, profession, site, FTE, contact hours, non-contact time, overload,
    exhaustion, leaver, vacancy, time to fill, ramp-up, hand-over, crisis, ED visit, standard, service, lever,
    scenario, assumption set, estimate, report, proposal, answer, model, simulator
"""


@pytest.mark.parametrize("word", [word.strip() for word in WORDS.split(",")])
def test_each_word_of_the_field_is_explained(word: str) -> None:
    assert word.casefold() in {entry.casefold() for entry in ENTRIES}


def test_entries_stand_once_and_in_order() -> None:
    plain = [re.sub(r"[^a-z ]", " ", entry.lower()) for entry in ENTRIES]
    assert plain == sorted(set(plain))


def statistics() -> set[str]:
    """Every statistic that definitions give, days taken out: ``seen_by_14`` as ``seen_by``."""
    told = definitions().values()
    named = {name for each in told if each.kind != "time" for name in each.statistics}
    return named | {each.share_name for each in told if each.kind == "time" and each.days}


@pytest.mark.parametrize("statistic", sorted(statistics() | {"median", "p90", "share_with_exceptions"}))
def test_each_statistic_is_explained(statistic: str) -> None:
    explained = {re.sub(r"_\d+$", "", word) for word in IN_CODE}
    assert statistic in explained


@pytest.mark.parametrize("part", ["estimates", "findings", "standards", "not_measurable"])
def test_each_column_of_the_answer_is_named(part: str) -> None:
    items = SCHEMA["properties"][part]["items"]
    keys = items.get("properties") or SCHEMA["$defs"][items["$ref"].rpartition("/")[2]]["properties"]
    assert set(keys) <= IN_CODE


def test_each_column_of_a_breakdown_is_named() -> None:
    assert {*GROUPS, *OF_THE_MEASURE, *READINGS, "versus"} <= IN_CODE


def test_each_method_of_an_interval_is_named() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/careload/measure").rglob("*.py"))
    methods = re.findall(r'(?:interval=|^METHOD = )"([a-z-]+)"', code, re.MULTILINE)
    assert len(methods) > 2
    assert set(methods) <= IN_CODE
