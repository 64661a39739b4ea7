"""A mechanism that is switched off does nothing: what it would have caused is zero; switched on it is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.random_services import RANDOM, services
from tests.support.simulator_laws import VISITS, by_patient, written
from tests.support.small_services import SMALL_SERVICES

from careload.clinic import Service
from careload.simulate import Run, plan_of, run
from careload.simulate.kernel.records import CELL_COUNTS, DISCHARGED, TEAM_COUNTS

DAYS = 210
CAUSED = {
    "hazards": ("crises", "ed_visits", "admitted", "dropped_waiting", "dropped_after_visit", "remitted"),
    "overload": ("unpaid_hours", "displaced_hours", "undone_hours"),
    "exhaustion": ("exhaustion",),
    "leaving": ("left", "hired", "vacant", "handed_over", "dropped_hand_over"),
    "hiring": ("vacant", "handed_over", "dropped_hand_over"),
    "demand": ("came_back", "outside"),
    "groups": ("seats", "seated"),
}
"""What each mechanism alone can cause. Lead times and the gap act on chances, below."""


def caused(one: Run, mechanism: str) -> dict[str, float]:
    """Of what a mechanism causes: how much there was."""
    cells, teams = one.tally.cells.sum(axis=(0, 1)), one.tally.teams.sum(axis=(0, 1))
    counts = dict(zip(CELL_COUNTS, cells, strict=True)) | dict(zip(TEAM_COUNTS, teams, strict=True))
    return {name: float(counts[name]) for name in CAUSED[mechanism]}


@pytest.mark.parametrize("mechanism", CAUSED)
@settings(RANDOM, max_examples=5)
@given(service=services(), seed=st.integers(0, 1000))
def test_off_in_random_services(mechanism: str, service: Service, seed: int) -> None:
    # Posts vacant on the first day are filled also where nobody leaves.
    held = {f"team.{name}.{what}": 0 for name in service["team"] for what in ("vacant", "opens_after_days")}
    off = run(plan_of(service.changed({f"mechanisms.{mechanism}": False, **held}), DAYS), seed)
    assert not any(caused(off, mechanism).values())


@pytest.mark.parametrize("mechanism", CAUSED)
def test_on_in_some_small_service(mechanism: str) -> None:
    """Otherwise the zeros above would say nothing."""
    runs = [run(plan_of(service, DAYS), seed=3) for service in SMALL_SERVICES.values()]
    found = {name: sum(caused(each, mechanism)[name] for each in runs) for name in CAUSED[mechanism]}
    assert all(found.values()), found


def test_without_vacancies_everyone_who_leaves_is_replaced_on_the_day() -> None:
    service = SMALL_SERVICES["leaving"].changed({"mechanisms.hiring": False})
    counts = run(plan_of(service, DAYS)).tally.teams
    left, hired = (counts[:, :, TEAM_COUNTS.index(name)] for name in ("left", "hired"))
    assert left.sum() > 0 and np.array_equal(left, hired)


@pytest.mark.parametrize(("on", "missed"), [(False, False), (True, True)])
def test_without_lead_times_the_days_booked_ahead_cause_no_no_show(on: bool, missed: bool) -> None:
    never_soon = {"no_show.intake_soon": 0, "no_show.return_soon": 0, "no_show.return_late": 1}
    service = SMALL_SERVICES["own clinician"].changed({**never_soon, "mechanisms.lead_time": on})
    counts = run(plan_of(service, DAYS)).tally.cells[:, :, CELL_COUNTS.index("missed")]
    assert bool(counts.sum()) == missed


@pytest.mark.parametrize(("on", "same"), [(False, True), (True, False)])
def test_without_progress_by_gap_visits_needed_do_not_depend_on_the_wait(on: bool, same: bool) -> None:
    """With few slots and with many: who is discharged in both runs needed as many visits."""
    patients = SMALL_SERVICES["bare queue"].changed({
        "mechanisms.progress_by_gap": on, "need.everyone.progress_lost_per_doubling": 1,
        "need.everyone.visits_needed": 4, "need.everyone.arrivals_per_week": 10, "start.patients": 5,
    })
    few, many = (
        visits_until_discharge(patients.changed({"team.all.return_slots": slots})) for slots in (20, 60)
    )
    both = set(few) & set(many)
    assert len(both) > 200
    assert all(few[key] == many[key] for key in both) == same


def visits_until_discharge(service: Service) -> dict[int, int]:
    """Visits of each who asked and was discharged."""
    told = by_patient(written(run(plan_of(service, DAYS), logged=True)))
    return {
        key: sum(event.kind in VISITS for event in events) for key, events in told.items()
        if events[0].kind == "asked" and events[-1].kind == "ended" and events[-1].value == DISCHARGED
    }


def test_with_everything_off_patients_come_are_seen_and_are_discharged() -> None:
    """And nothing else: no harm, no staff lost, no hours beyond those paid."""
    off = {f"mechanisms.{name}": False for name in ("progress_by_gap", "lead_time", *CAUSED)}
    for service in SMALL_SERVICES.values():
        one = run(plan_of(service.changed(off), DAYS))
        assert not any(amount for name in CAUSED for amount in caused(one, name).values())
        assert one.tally.cells[:, :, CELL_COUNTS.index("discharged")].sum() > 0


def test_spacing_acts_with_either_sign() -> None:
    """The same waits: who loses by them needs more visits, who gains by them fewer."""
    service = SMALL_SERVICES["bare queue"].changed({"mechanisms.progress_by_gap": True})
    recovered = [
        run(plan_of(service.changed({"need.everyone.progress_lost_per_doubling": loss}), 728)).tally
        .cells[:, :, DISCHARGED].sum() for loss in (0.3, 0.0, -0.3)
    ]
    assert recovered[0] < 0.95 * recovered[1] < 0.95 * 0.95 * recovered[2]
