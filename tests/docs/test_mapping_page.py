"""docs/mapping.md: every example is a mapping that holds together, and every key is explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from careload.clinic import TABLES
from careload.history.cells import CLOCK_UNIT, UNITS
from careload.history.mapping import SOURCE_KEYS, TABLE_KEYS, parse_mapping
from careload.history.rule_keys import KEYS
from careload.history.stamps import FORMAT_CODES

PAGE = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_hold_together(example: str) -> None:
    assert "appointments" in parse_mapping(example).tables


@pytest.mark.parametrize("key", [*SOURCE_KEYS, *TABLE_KEYS, *KEYS])
def test_every_key_is_explained(key: str) -> None:
    assert re.search(rf"^\| .*`{key}`.* \|", PAGE, re.MULTILINE), key


def test_every_table_code_and_unit_is_named() -> None:
    units = {unit for units in UNITS.values() for unit in units} - set(UNITS) | {CLOCK_UNIT, "minutes"}
    for name in [*TABLES, *FORMAT_CODES, *units]:
        assert f"`{name}`" in PAGE, name
