"""docs/measure.schema.json describes what `careload measure --json` prints, no more and no less."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from careload.clinic import TABLES

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "measure.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


@pytest.fixture(scope="module")
def answer(example: Path) -> Any:
    command = [sys.executable, "-m", "careload", "measure", str(example), "--standard", "california",
               "--by", "site,profession", "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_real_answer_is_valid(answer: Any) -> None:
    assert [fault.message for fault in VALIDATOR.iter_errors(answer)] == []


def test_the_answer_shows_every_part(answer: Any) -> None:
    """A schema checked against empty lists would prove nothing."""
    assert answer["estimates"] and answer["standards"] and answer["records"]["tables"]
    assert any(estimate["by"] for estimate in answer["estimates"])
    assert any(estimate["censored"] for estimate in answer["estimates"])


def test_tables_are_the_canonical_ones() -> None:
    names = SCHEMA["properties"]["records"]["properties"]["tables"]["propertyNames"]["enum"]
    assert sorted(names) == sorted(TABLES)


def test_rows_are_accounted_for(answer: Any) -> None:
    for counts in answer["records"]["tables"].values():
        assert counts["rows"] == counts["accepted"] + counts["set_aside"] + counts["duplicates"]


@pytest.mark.parametrize(
    ("part", "key", "wrong"),
    [
        ("estimates", "value", "47"),
        ("estimates", "hidden", None),
        ("estimates", "at_risk", 3),
        ("estimates", "as_of", "yesterday"),
        ("standards", "verdict", "compliant"),
        ("standards", "share", 93.0),
    ],
)
def test_a_wrong_answer_is_refused(answer: Any, part: str, key: str, wrong: object) -> None:
    changed = copy.deepcopy(answer)
    changed[part][0][key] = wrong
    assert not VALIDATOR.is_valid(changed)


def test_only_differences_are_below_zero(answer: Any) -> None:
    below = [each for each in answer["estimates"] if each["unit"] == "share" and (each["value"] or 0) < 0]
    assert below and all(each["statistic"].endswith("_difference") for each in below)
    changed = copy.deepcopy(answer)
    changed["estimates"][0] |= {"unit": "share", "statistic": "share", "value": -0.02}
    assert not VALIDATOR.is_valid(changed)


def test_a_hidden_estimate_keeps_its_secret(answer: Any) -> None:
    changed = copy.deepcopy(answer)
    changed["estimates"][0] |= {"hidden": True, "value": None, "low": None, "high": None, "n": 7}
    assert not VALIDATOR.is_valid(changed)
