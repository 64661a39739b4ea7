"""Assumption sets written out in a test, and those of examples/assumptions."""

from __future__ import annotations

from careload.model import AssumptionSet, parse_assumptions
from tests.support.runs import SERVICES

SETS = SERVICES.parent / "assumptions"
HEAD = 'name = "What the stewards hold"\nwhose = "stewards of an invented clinic"\n'


def value(place: str, value: str, mark: str = "assumed", source: str = "none") -> str:
    """A [[value]] as a file has it."""
    return f'[[value]]\nplace = "{place}"\nvalue = {value}\nsource = "{source}"\nmark = "{mark}"\n'


def held(*values: str) -> AssumptionSet:
    """A set of such values."""
    return parse_assumptions(HEAD + "".join(values), "stewards.toml")
