"""Are teams, hours, absences, leaving and newcomers found again in the records of a service whose truth is
known?"""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.fitted import WORKFORCE, beliefs_of, holds, simulated_evidence

from careload.clinic import Service, read_service
from careload.model.belief import Belief
from careload.simulate import ready_service

TRUTH = {
    "workforce.sick_days_per_year": 12.0, "workforce.leave_days_per_year": 28.0,
    "workforce.leaving_per_year": 0.4,
    "workforce.days_to_fill": 80.0, "workforce.hand_over_loss": 0.2, "workforce.notice_weeks": 6.0,
    "workforce.ramp_from": 0.35, "workforce.ramp_weeks": 20.0,
    "profession.psychologist.note_hours": 0.35, "profession.psychologist.fixed_hours": 5.0,
    "profession.psychologist.overflow_displaced": 0.4, "profession.psychologist.overflow_unpaid": 0.35,
    "profession.psychologist.overflow_undone": 0.25,
}
HOURS = (
    "visit_hours", "intake_hours", "note_hours", "missed_hours", "patient_hours", "fixed_hours", "paid_hours",
)
OF_TEAMS = ("intake_slots", "return_slots", "crisis_slots", "group_sessions")


@pytest.fixture(scope="module")
def service() -> Service:
    return read_service(ready_service("trap")).changed(TRUTH)


@pytest.fixture(scope="module")
def beliefs(service: Service) -> dict[str, Belief]:
    return beliefs_of(simulated_evidence(service, 1.5, 11), *WORKFORCE)


def of_teams(service: Service) -> dict[str, dict[str, Any]]:
    """Teams by the name a fit gives them."""
    return {f"{team['site']} {team['profession']}": team for team in service["team"].values()}


def test_every_team_is_found_with_its_posts(service: Service, beliefs: dict[str, Belief]) -> None:
    for name, team in of_teams(service).items():
        found = {key: beliefs[f"team.{name}.{key}"].value for key in ("site", "profession", "posts", "fte")}
        assert found == {key: team[key] for key in found}, name


def test_every_need_group_has_somebody_at_each_site(service: Service, beliefs: dict[str, Belief]) -> None:
    for name, profession in service["profession"].items():
        assert set(beliefs[f"profession.{name}.treats"].value) == set(profession["treats"])


def test_templates_are_found_with_what_overload_takes_put_back(
    service: Service, beliefs: dict[str, Belief]
) -> None:
    places = [(f"team.{name}.{slots}", team[slots])
              for name, team in of_teams(service).items() for slots in OF_TEAMS]
    held = [beliefs[place].value == truth if beliefs[place].low is None else holds(beliefs[place], truth)
            for place, truth in places]
    assert sum(held) >= 0.9 * len(held)
    off = [beliefs[place].value / truth for place, truth in places if truth > 1]
    assert min(off) > 0.97
    assert max(off) < 1.03


def test_hours_of_every_profession(service: Service, beliefs: dict[str, Belief]) -> None:
    held = [holds(beliefs[f"profession.{name}.{hours}"], profession[hours])
            for name, profession in service["profession"].items() for hours in HOURS]
    assert sum(held) >= 0.85 * len(held)
    for name, profession in service["profession"].items():
        for each in ("note_hours", "fixed_hours"):
            assert beliefs[f"profession.{name}.{each}"].value == pytest.approx(profession[each], rel=0.1)


@pytest.mark.parametrize("way", ["displaced", "unpaid", "undone"])
def test_what_becomes_of_the_overflow(beliefs: dict[str, Belief], way: str) -> None:
    place = f"profession.psychologist.overflow_{way}"
    assert beliefs[place].value == pytest.approx(TRUTH[place], abs=0.03)
    assert beliefs[place].determined in ("well", "roughly")


@pytest.mark.parametrize("place", [place for place in TRUTH if place.startswith("workforce")])
def test_the_workforce(beliefs: dict[str, Belief], place: str) -> None:
    assert holds(beliefs[place], TRUTH[place]), (beliefs[place].low, beliefs[place].high)


def test_without_slots_hours_and_leaves_a_lower_bound_is_told(service: Service) -> None:
    less = simulated_evidence(service, 1.0, 3, without=("slots", "hours", "leaves"))
    found = beliefs_of(less, *WORKFORCE)
    assert not [place for place in found if "note_hours" in place or "sick_days" in place]
    for name, team in of_teams(service).items():
        belief = found[f"team.{name}.return_slots"]
        assert belief.origin == "lower bound"
        assert 0.6 * team["return_slots"] < belief.value < 1.2 * team["return_slots"]
