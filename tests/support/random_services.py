"""Random small services, for laws that must hold in every one of them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from careload.clinic import Service, parse_service

RANDOM = settings(
    deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""The same services each time. One that fails is not made smaller: that takes minutes."""

Draw = st.DrawFn
Tables = dict[str, dict[str, Any]]
MECHANISMS = (
    "progress_by_gap", "hazards", "lead_time", "overload", "exhaustion", "leaving", "hiring", "demand",
    "groups",
)
SITES, NEEDS, PROFESSIONS = ("North", "South"), ("low mood", "worry", "use"), ("nurse", "therapist")


@st.composite
def services(draw: Draw, own_clinician: bool | None = None, mechanisms: bool | None = None) -> Service:
    """A service of up to two sites, three need groups and two professions.

    own_clinician  whether return visits belong to a clinician; None for either
    mechanisms     whether all mechanisms are on; None for any of them
    """
    sites, needs = SITES[: draw(st.integers(1, 2))], NEEDS[: draw(st.integers(1, 3))]
    professions = PROFESSIONS[: draw(st.integers(1, 2))]
    own = draw(st.booleans()) if own_clinician is None else own_clinician
    treats = {name: draw(_some(needs)) for name in professions}
    teams = {
        f"team.{site} {name}": _team(draw, site, name) for site in sites for name in draw(_some(professions))
    }
    treated = {
        site: {need for team in teams.values() if team["site"] == site for need in treats[team["profession"]]}
        for site in sites
    }
    tables: Tables = {
        **{f"site.{site}": _site(draw, own) for site in sites},
        **{f"profession.{name}": _profession(draw, treats[name]) for name in professions},
        **{f"need.{need}": _need(draw, [site for site in sites if need in treated[site]]) for need in needs},
        **teams,
        "no_show": {"return_late": draw(st.floats(0.05, 0.4)), "intake_late": draw(st.floats(0.05, 0.5))},
        "policy": _policy(draw, own),
        "workforce": _workforce(draw),
        "calendar": {"country": draw(st.sampled_from(["", "US"]))},
        "start": {
            "patients": draw(st.integers(0, 15)), "overdue_weeks": draw(st.sampled_from([0, 2])),
            "new_share": draw(st.sampled_from([0, 0.3, 1])),
            "new_days": draw(st.sampled_from([[5], [0, 365]])),
            "new_caseload_days": draw(st.sampled_from([0, 100])),
            "new_overdue": draw(st.sampled_from([0, 0.6, 2])),
            "exhaustion": draw(st.sampled_from([0, 1, 2.5])),
            "under_notice": draw(st.sampled_from([0, 1, 20])),
        },
        "mechanisms": {
            name: draw(st.booleans()) if mechanisms is None else mechanisms for name in MECHANISMS
        },
    }
    return parse_service(as_toml(tables), "random")


def as_toml(tables: Tables) -> str:
    """Tables as TOML; names may hold spaces."""
    lines = []
    for place, values in tables.items():
        section, _, name = place.partition(".")
        lines.append(f"[{section}.{json.dumps(name)}]" if name else f"[{section}]")
        lines += [f"{key} = {_as_toml(value)}" for key, value in values.items()]
    return "\n".join(lines)


def _as_toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {each}" for key, each in value.items()) + " }"
    return json.dumps(value)


def _some(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=1, unique=True).map(sorted)


def _site(draw: Draw, own: bool) -> dict[str, Any]:
    return {"outside_per_week": draw(st.sampled_from([0, 1.5])) if own else 0}


def _profession(draw: Draw, treats: list[str]) -> dict[str, Any]:
    displaced = draw(st.sampled_from([0.0, 0.3, 1.0]))
    return {
        "treats": treats, "patient_hours": draw(st.floats(0, 1.5)), "overflow_displaced": displaced,
        "overflow_unpaid": (1 - displaced) / 2, "overflow_undone": (1 - displaced) / 2,
    }


def _need(draw: Draw, sites: list[str]) -> dict[str, Any]:
    share = st.floats(0, 0.5)
    return {
        "arrivals_per_week": {site: draw(st.floats(0.5, 4)) for site in sites},
        "weekday_weights": draw(st.sampled_from([[1, 1, 1, 1, 1, 0, 0], [3, 1, 1, 1, 1, 1, 1]])),
        "urgent_share": draw(share), "group_share": draw(share), "visits_needed": draw(st.floats(1, 20)),
        "cadence_days": draw(st.sampled_from([[7, 14], [1, 3], [14, 28]])),
        "stage_from_visit": [0, draw(st.integers(1, 6))], "progress_chance": draw(st.floats(0.5, 1)),
        "progress_lost_per_doubling": draw(st.floats(-0.5, 0.5)),
        "crisis_per_day": draw(st.floats(0, 0.03)), "dropout_per_day": draw(st.floats(0, 0.01)),
        "dropout_per_visit": draw(st.floats(0, 0.05)),
        "admission_share": draw(share), "ed_share": draw(share),
        "died_per_year": draw(st.sampled_from([0, 0.1])), "moved_per_year": draw(st.sampled_from([0, 0.2])),
        "reentry_share": draw(share), "relapse_share": draw(share),
        "return_after_days": draw(st.integers(1, 90)),
        "referrals_per_wait": draw(st.sampled_from([0, -0.2, 0.2])),
        "waiting": {site: draw(st.sampled_from([0, 2.5, 12])) for site in sites},
        "waiting_weeks": draw(st.sampled_from([0, 1, 12])),
        "waiting_shares": draw(st.sampled_from([[0, 1], [0, 0.1, 3], [-0.5, 1]])),
        "waiting_missed": draw(st.sampled_from([[0], [0.5, 0.2]])),
        "waiting_urgent": draw(st.sampled_from([0, 1, 3])),
        "start_visits": draw(st.sampled_from([[0], [3], [1, 2, 2, 9.5]])),
        "start_progress": draw(st.sampled_from([1, 0.6])),
        "away": {site: draw(st.sampled_from([0, 2.5, 12])) for site in sites},
    }


def _team(draw: Draw, site: str, profession: str) -> dict[str, Any]:
    return {
        "site": site, "profession": profession, "posts": draw(st.integers(1, 3)),
        "fte": draw(st.sampled_from([0.5, 1])), "intake_slots": draw(st.sampled_from([0, 1.3, 3])),
        "return_slots": draw(st.floats(3, 20)), "crisis_slots": draw(st.sampled_from([0, 0.5, 2])),
        "group_sessions": draw(st.sampled_from([0, 0.7])), "group_seats": draw(st.integers(1, 5)),
        "start_patients": draw(st.sampled_from([0, 1, 1.3])),
        "start_overdue": draw(st.sampled_from([0, 1, 5])),
        "start_due_days": draw(st.sampled_from([[0, 7], [3], [-40.5, -3, 1, 20]])),
        "start_missed": draw(st.sampled_from([[0], [0.4, 0.1]])),
        "start_put_off_hours": draw(st.sampled_from([0, 0, 3, 80])),
        "start_put_off_days": draw(st.sampled_from([0, 6.5, 30])), "vacant": draw(st.sampled_from([0, 0, 1])),
        "opens_after_days": draw(st.sampled_from([0, 0, 0, 20])),
    }


def _policy(draw: Draw, own: bool) -> dict[str, Any]:
    return {
        "own_clinician": own, "protected_intake": draw(st.sampled_from([0, 0.5, 1])),
        "overbooking": draw(st.sampled_from([0, 0.2])), "caseload_ceiling": draw(st.integers(8, 60)),
        "rebook_days": draw(st.integers(1, 14)), "outside_after_days": draw(st.integers(0, 20)),
        "drop_after_no_shows": draw(st.sampled_from([2, 100])),
    }


def _workforce(draw: Draw) -> dict[str, Any]:
    return {
        "leaving_per_year": draw(st.floats(0, 3)), "days_to_fill": draw(st.integers(1, 90)),
        "notice_weeks": draw(st.integers(0, 4)), "hand_over_loss": draw(st.floats(0, 0.5)),
        "ramp_weeks": draw(st.integers(0, 10)), "sick_days_per_year": draw(st.integers(0, 30)),
    }
