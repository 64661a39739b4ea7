"""Parameters found in small records, and in the records of simulated services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from benchmarks.fit.recorded import records_of

from careload.clinic import Service
from careload.measure import View
from careload.model.belief import Belief, Beliefs, Found
from careload.model.direct import (
    absences,
    filling,
    hand_over,
    hours,
    leaving,
    professions,
    ramp_up,
    teams,
    template,
)
from careload.model.evidence import Evidence
from careload.model.family import Family, fitted
from careload.simulate import run_logged
from tests.support.by_hand import Row
from tests.support.records import records

AS_OF = "2024-06-30"
WORKFORCE: tuple[Family, ...] = tuple(each.FAMILY for each in (
    teams, professions, absences, hours, template, hand_over, leaving, filling, ramp_up,
))
"""What is fitted of clinicians, in the order in which it is."""


def evidence_of(as_of: str, known: Mapping[str, Any] | None = None, **tables: list[Row]) -> Evidence:
    """What a fit reads of rows written by hand."""
    return Evidence(View(records(**tables), date.fromisoformat(as_of)), known or {})


def believed_in(family: Family, **tables: list[Row]) -> dict[str, Belief]:
    """Place to what is believed after one family; nothing where the records lack what it needs."""
    return {belief.place: belief for belief in fitted(family, evidence_of(AS_OF, **tables), {})}


def found_in(evidence: Evidence, family: Family, so_far: Beliefs | None = None) -> dict[str, Found]:
    """Place to what a family finds there; nothing where the records lack what it needs."""
    if not all(evidence.has(need) for need in family.needs):
        return {}
    return {found.place: found for found in family.fit(evidence, so_far or {})}


def known_pay(service: Service) -> dict[str, float]:
    """Pay of every profession, own and outside, as whoever asks knows it."""
    return {
        f"profession.{name}.{which}": profession[which] for name, profession in service["profession"].items()
        for which in ("pay_per_year", "outside_pay_per_year")
    }


def simulated_evidence(service: Service, years: float, seed: int, without: tuple[str, ...] = ()) -> Evidence:
    """What a fit reads of the records of a simulated service."""
    run = run_logged(service, years, seed)
    whole = records_of(run, service, without)
    last = service["start"]["date"] + timedelta(days=run.days - 1)
    return Evidence(View(whole, last), known_pay(service), seed)


def beliefs_of(evidence: Evidence, *families: Family) -> dict[str, Belief]:
    """Place to belief, families fitted one after the other."""
    so_far: dict[str, Belief] = {}
    for family in families:
        so_far |= {belief.place: belief for belief in fitted(family, evidence, so_far)}
    return so_far


def holds(belief: Belief, truth: float) -> bool:
    """Whether the interval of a belief holds the truth."""
    assert belief.low is not None and belief.high is not None
    return belief.low <= truth <= belief.high
