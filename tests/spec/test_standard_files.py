"""A standards file of one's own: what it may say, and every fault told at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from careload.clinic import SettingsError
from careload.measure.standards import standards_named

OWN = """
name = "our-contract"
title = "The contract with the county"
time_zone = "America/Chicago"

[holidays]
country = "US"
subdivision = "MS"

[[rules]]
id = "our-return"
title = "Return visit"
clock = "prior_appointment"
limit = 3
unit = "weeks"
required_share = 0.8
in_force_from = 2024
in_force_to = 2025-06-30
measure = "return_interval"
event = "attended"
citation = "Contract, section 4"
marks = { limit = "R", share = "R", date = "R" }
"""

WRONG = """
name = "our-contract"
titel = "The contract"
time_zone = "America/Chikago"

[holidays]
country = "US"
subdivision = "ZZ"

[[rules]]
id = "one"
title = "One"
clock = "prior_apointment"
limit = 2.5
unit = "day"
required_share = 80
exceptions = ["holiday"]
in_force_from = 2025
in_force_to = 2024-06-30
citation = "Contract"
marks = { limit = "X", shar = "R" }

[[rules]]
id = "one"
title = 7
clock = "request"
unit = "weeks"
limit = 1
in_force_from = "soon"
citation = "Contract"
"""

TOLD = [
    "'titel' is not known. Did you mean 'title'?",
    "time_zone 'America/Chikago' is not an IANA name",
    "no public holidays are known for 'US' 'ZZ'",
    "one: clock is 'prior_apointment'. Did you mean 'prior_appointment'?",
    "one: unit is 'day'",
    "one: limit is not a whole number",
    "one: required_share is not a share",
    "one: exceptions are a list of clinician_approved",
    "one: in_force_to comes before in_force_from",
    "one: marks: limit is none of R, S, C, M",
    "one: marks: 'shar' is not known. Did you mean 'share'?",
    "one: marks: share is missing",
    "one: title is not text",
    "one: in_force_from is neither a date such as 2022-07-01 nor a year",
    "one: marks: limit is missing",
    "the id 'one' stands twice",
]


def write(folder: Path, text: str) -> str:
    file = folder / "ours.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    (rule,) = standards_named(write(tmp_path, OWN))
    assert rule.jurisdiction == "our-contract"
    assert rule.deadline(date(2024, 12, 24)) == date(2025, 1, 14)
    assert rule.period(date(2023, 1, 1), date(2026, 1, 1)) == (date(2024, 1, 1), date(2025, 6, 30))
    assert rule.in_force == "from 2024 to 2025-06-30"
    assert rule.mark == "R"


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as told:
        standards_named(write(tmp_path, WRONG))
    assert told.value.exit_code == 4
    for fault in TOLD:
        assert fault in told.value.found, fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "has no [[rules]]"),
        ("rules = 3", "has no [[rules]]"),
        ("rules = [1]", "has no [[rules]]"),
        ("name = [", "is not TOML"),
        ("holidays = 1\n[[rules]]\nid = 'a'", "holidays is not a table"),
        ("[holidays]\ncountry = 1", "are words"),
        ("name = 1\n[[rules]]\nmarks = 2", "name is not a word"),
        ("[[rules]]\nmarks = 2", "marks is not a table"),
        ("[[rules]]\nid = 'a'", "a: title is missing; a: citation is missing; a: clock is missing"),
    ],
)
def test_a_file_that_does_not_hold_together(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(SettingsError) as told:
        standards_named(write(tmp_path, text))
    assert fault in told.value.found


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml cannot be read"):
        standards_named(str(tmp_path / "none.toml"))
    (tmp_path / "latin.toml").write_bytes("name = 'Café'".encode("latin-1"))
    with pytest.raises(SettingsError, match="is not UTF-8"):
        standards_named(str(tmp_path / "latin.toml"))
