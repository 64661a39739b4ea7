"""Somebody fits records that hardly say anything: a clear answer, no number that is sure, never a failure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.support.by_hand import Row
from tests.support.records import records

from careload.clinic import UnreadableRecords
from careload.model import fit
from careload.simulate import plan_of, run

MONDAY = datetime(2024, 1, 1, 9)


def visits(number: int, days: int, patients: int, **more: Any) -> list[Row]:
    return [{"patient": f"p{each % patients}", "starts_at": MONDAY + timedelta(days=each % days),
             "status": "completed", **more} for each in range(number)]


NOTHING: dict[str, list[Row]] = {
    "appointments": visits(100, 100, 20, **dict.fromkeys(
        ("clinician", "site", "profession", "kind", "booked_at", "prescribed_interval_days"))),
    "episodes": [{"patient": "p1", "opened_on": date(2024, 1, 1), "closed_on": None, "reason": None}],
    "patients": [{"patient": "p1", "need_group": None}],
    "hours": [{"clinician": "c", "week_start": date(2024, 1, 1), "worked": None, "paid": None}],
    "surveys": [{"asked_on": date(2024, 1, 1), "asked": 0, "answered": 0, "burned_out": 0}],
    "clinicians": [{"clinician": "c", "hired_on": None, "left_on": None}],
    "posts": [{"vacant_from": date(2024, 1, 1), "filled_on": None}],
    "leaves": [{"clinician": "c", "starts_on": date(2024, 1, 1)}],
    "encounters": [{"patient": "p1", "kind": "ed", "starts_at": datetime(2024, 2, 1)}],
    "slots": [{"starts_at": datetime(2024, 1, 2)}],
}
BY_ONE = {"clinician": "c", "site": "Main", "profession": "therapist"}
BOOKED = {"booked_at": datetime(2023, 12, 1)}
THIN: dict[str, dict[str, list[Row]]] = {
    "patient, start and status alone": {"appointments": visits(200, 200, 30)},
    "three weeks of one clinician": {"appointments": visits(60, 21, 9, kind="return", **BY_ONE, **BOOKED)},
    "no return visits": {"appointments": visits(100, 100, 100, kind="intake", **BY_ONE)},
    "all no-shows": {"appointments": [{**row, "status": "no_show"}
                                      for row in visits(100, 100, 20, kind="return", **BY_ONE, **BOOKED)]},
    "nobody asks": {
        "appointments": visits(100, 200, 20, kind="return", **BY_ONE),
        "referrals": [{"patient": "later", "requested_at": datetime(2030, 1, 1)}],
    },
    "one visit": {"appointments": visits(1, 1, 1)},
    "tables of nothing": NOTHING,
}


@pytest.mark.parametrize("thin", THIN)
def test_an_answer_that_says_what_it_rests_on(thin: str) -> None:
    model = fit(records(**THIN[thin]), latent=False)
    doubted = [belief for belief in model.beliefs if belief.low is not None]
    assert [belief.place for belief in doubted if belief.determined == "well"] == []
    assert model.warnings
    for belief in model.not_identified:
        assert belief.source or belief.note, belief.place
    run(plan_of(model.service, 28))  # whatever it rests on, it can be run


def test_what_is_thin_is_told_first() -> None:
    short = fit(records(**THIN["three weeks of one clinician"]), latent=False)
    assert any("3 weeks" in warning for warning in short.warnings)
    assert any("too short to hold a part of them out" in warning for warning in short.warnings)
    new = fit(records(**THIN["no return visits"]), latent=False)
    assert any("No return visit is recorded" in warning for warning in new.warnings)
    assert any("rest on assumptions" in warning for warning in new.warnings)


def test_nobody_is_taken_to_ask_where_nobody_did() -> None:
    model = fit(records(**THIN["nobody asks"]), latent=False, held_out=False)
    asked = model["need.everybody.arrivals_per_week.Main"]
    assert (asked.value, asked.determined) == (0.0, "not identified")
    assert "nobody is taken to ask" in asked.note


def test_no_visit_at_all_is_no_record_of_a_service() -> None:
    cancelled = [{**row, "status": "cancelled_by_patient"} for row in visits(10, 10, 3)]
    with pytest.raises(UnreadableRecords):
        fit(records(appointments=cancelled))
