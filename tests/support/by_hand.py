"""Rows written by hand, and what a measure or a rule makes of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from careload.clinic import Estimate
from careload.measure import judging, within
from careload.measure.result import Verdict
from careload.measure.standards import load_standards
from careload.measure.view import View
from tests.support.estimates import of_measure, of_rule
from tests.support.records import records

Row = dict[str, Any]
AS_OF = "2024-06-30"


def day(text: str) -> date:
    return date.fromisoformat(text)


def visit(patient: str, when: str, status: str = "completed", **more: Any) -> Row:
    """`when` is a day (then at 9:00) or a time."""
    at = datetime.fromisoformat(when if "T" in when else f"{when}T09:00")
    return {"patient": patient, "starts_at": at, "status": status, **more}


def intake(patient: str, when: str, status: str = "completed", **more: Any) -> Row:
    return visit(patient, when, status, kind="intake", **more)


def request(patient: str, when: str, closed: str = "", outcome: str | None = None, **more: Any) -> Row:
    own = {"patient": patient, "requested_at": datetime.fromisoformat(f"{when}T08:00"), **more}
    return {**own, "closed_on": day(closed), "outcome": outcome} if closed else own


def episode(patient: str, closed: str = "", reason: str | None = None) -> Row:
    return {
        "patient": patient,
        "opened_on": day("2024-01-01"),
        "closed_on": day(closed) if closed else None,
        "reason": reason,
    }


def told(measure: str, as_of: str = AS_OF, **tables: list[Row]) -> dict[str, Estimate]:
    """Statistic to estimate, of everyone; without ends of care, of all who were not seen again."""
    found = of_measure(measure, View(records(**tables), day(as_of)), ())
    return {each.statistic: each for each in found if each.by in ({}, {"open": "all"})}


def judged(rule: str, as_of: str = AS_OF, **tables: list[Row]) -> tuple[Estimate | None, Verdict]:
    view = View(records(**tables), day(as_of))
    own = within.judge(load_standards()[rule], view)
    found = of_rule(own, view)
    return (found[0] if found else None), judging.verdict_of(own, view, found)
