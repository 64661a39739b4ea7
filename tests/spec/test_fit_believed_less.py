"""Crises by days overdue are believed only where they may be those of delay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.support.fitted import evidence_of

from careload.clinic import Finding
from careload.model import believed_less as room
from careload.model.belief import Belief
from careload.model.believed_less import believed_less
from careload.model.trust.checks.sooner import Hazard, Unchosen

PLACE = "need.anxiety.crisis_per_day"
COUNTED = Belief(PLACE, 0.004, low=0.003, high=0.005, formula="crises / midnights", counts={"crises": 40})
OTHER = Belief("need.anxiety.dropout_per_day", 0.002, low=0.001, high=0.003)
SOONER = Finding("sicker-sooner", "warning", "", 0, "found", "expected", "remedy")


def told(
    monkeypatch: pytest.MonkeyPatch, findings: list[Finding], found: Unchosen | None
) -> dict[str, Belief]:
    monkeypatch.setattr(room, "unchosen", lambda evidence: found)
    beliefs = {COUNTED.place: COUNTED, OTHER.place: OTHER}
    return dict(believed_less(beliefs, findings, evidence_of("2024-06-30", appointments=[])))


def hazards(raw: float, unchosen: float, events: int) -> Unchosen:
    raws, others = (value * np.linspace(0.8, 1.2, 101) for value in (raw, unchosen))
    return Unchosen(Hazard(400, 100_000, raws), Hazard(events, 10_000, others))


def test_without_the_sign_what_was_counted_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, [], None)[PLACE] == COUNTED
    assert told(monkeypatch, [replace(SOONER, code="hazards-differ")], None)[PLACE] == COUNTED


@pytest.mark.parametrize("found", [None, hazards(0.004, 0.004, 10), hazards(0.004, 0.002, 40)])
def test_with_the_sign_the_prior_stands(monkeypatch: pytest.MonkeyPatch, found: Any) -> None:
    """No delays that nobody chose, too few events in them, or another hazard."""
    beliefs = told(monkeypatch, [SOONER], found)
    crisis = beliefs[PLACE]
    assert (crisis.value, crisis.origin, crisis.determined) == (0.002, "prior", "not identified")
    assert crisis.note.startswith("Association only")
    assert crisis.counts == {"crises": 40}  # what was counted is told all the same
    assert beliefs[OTHER.place] == OTHER


def test_delays_nobody_chose_that_agree_are_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    crisis = told(monkeypatch, [SOONER], hazards(0.004, 0.0042, 30))[PLACE]
    assert (crisis.value, crisis.origin) == (0.004, "records")
    assert "delays nobody chose" in crisis.note
