"""docs/fhir.md names every resource, every extension and every reason that the reader knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from careload.history.fhir.reader import QUERIES
from careload.history.fhir.views import URN, VIEWS
from careload.history.fhir.words import APPOINTMENT, NOT_AGREED, OUTPATIENT, STAY, VISIT
from careload.history.findings import catalogue

PAGE = (Path(__file__).parents[2] / "docs" / "fhir.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", VIEWS)
def test_every_resource_is_named(kind: str) -> None:
    assert kind in PAGE


@pytest.mark.parametrize("table", QUERIES)
def test_every_table_is_named(table: str) -> None:
    assert table in PAGE


def test_every_extension_is_named_and_no_other() -> None:
    paths = " ".join(path for view in VIEWS.values() for path in view.paths())
    read = set(re.findall(rf"extension\[url={URN}([a-z-]+)\]", paths))
    assert set(re.findall(rf"\| `{URN}([a-z-]+)` \|", PAGE)) == read


@pytest.mark.parametrize("code", [*APPOINTMENT, *NOT_AGREED, *VISIT, *OUTPATIENT, *STAY])
def test_every_status_and_class_has_its_rule(code: str) -> None:
    assert re.search(rf"\b{code}\b", PAGE)


def test_every_reason_it_names_is_in_the_catalogue() -> None:
    assert set(re.findall(r"`(fhir-[a-z-]+)`", PAGE)) <= set(catalogue())
