"""Services drawn at random: what is unknown from its prior, the rest from ranges stated here (assumed).

Each has run for two years before its records begin: what these are of is a service amid its life. A fit takes
clinicians of one site and profession for one team. Here each of them has a template of their own,
some percent from what is usual there, which is what a fit looks for. Own pay is pay elsewhere, as no record
tells of pay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from careload.clinic import Service, registry, service_from
from careload.model import prior_of, team_name
from careload.model.direct.arrivals import widths_beforehand

SITES = {8: 1, 40: 2, 200: 4}
"""Clinicians to sites."""
PROFESSIONS = ("psychologist", "social worker", "counsellor")
NEEDS = ("depression", "anxiety", "trauma", "substance use")
TREATS = {
    "psychologist": ("depression", "anxiety", "trauma"),
    "social worker": ("depression", "anxiety", "substance use"),
    "counsellor": ("anxiety", "substance use", "trauma"),
}
DRAWN = {
    "need": ("visits_needed", "progress_lost_per_doubling", "crisis_per_day", "dropout_per_day",
             "dropout_per_visit", "remission_per_month", "died_per_year", "moved_per_year", "ed_share",
             "admission_share", "reentry_share", "relapse_share", "return_after_days"),
    "no_show": ("return_soon", "return_late", "intake_soon", "intake_late", "scale_days"),
    "workforce": ("exhaustion_rise", "exhaustion_recovery", "exhaustion_start", "leaving_per_year",
                  "leaving_if_exhausted", "leaving_if_new", "days_to_fill", "ramp_weeks", "ramp_from",
                  "hand_over_loss"),
}
RANGES = {
    "profession": {"visit_hours": (0.5, 1), "intake_hours": (0.75, 1.5), "note_hours": (0.1, 0.5),
                   "missed_hours": (0.05, 0.3), "patient_hours": (0.02, 0.15), "fixed_hours": (2, 8)},
    "workforce": {"sick_days_per_year": (2, 12), "leave_days_per_year": (10, 30)},
}
APART = 0.03
"""Standard deviation between the templates of clinicians of one site and profession, relative."""
SLOTS = {"intake_slots": (2, 5), "return_slots": (14, 24), "crisis_slots": (0.5, 1.5)}
LOADS = (0.7, 1.2)
"""Visits asked for each visit offered."""
ATTENDED = 0.85
WARM_UP_WEEKS = 104
"""Weeks before the records begin, so that these begin in the midst of life."""


@dataclass(frozen=True)
class Truth:
    """A service, and what no single parameter of it says.

    service    in which every clinician has a template of their own
    templates  team, as a fit names it, to the slots usual there by kind
    """

    service: Service
    templates: Mapping[str, Mapping[str, float]]


def truth(
    clinicians: int, seed: int, *, sites: int | None = None, load: tuple[float, float] = LOADS, **more: Any
) -> Service:
    """A service of about so many clinicians, drawn with a seed.

    sites  their number; default: `SITES`
    load   visits asked for each visit offered lie between these
    more   dotted places with ``__`` for each dot, to values that are not drawn
    """
    names = [f"Site {number + 1}" for number in range(sites or SITES[clinicians])]
    service = _drawn(names, clinicians, seed, load, one_each=False).service
    return service.changed({place.replace("__", "."): value for place, value in more.items()})


def whole_truth(clinicians: int, seed: int) -> Truth:
    """A service whose clinicians differ, and what is usual among them."""
    names = [f"Site {number + 1}" for number in range(SITES[clinicians])]
    return _drawn(names, clinicians, seed, LOADS, one_each=True)


def _drawn(
    names: Sequence[str], clinicians: int, seed: int, load: tuple[float, float], one_each: bool
) -> Truth:
    """A service of sites of these names.

    one_each  every clinician has a template of their own; else a team has one
    """
    chance = np.random.default_rng([clinicians, seed])
    document: dict[str, Any] = {
        "name": f"Truth of {clinicians} clinicians, number {seed}", "site": {site: {} for site in names},
        "profession": {name: _profession(name, chance) for name in PROFESSIONS},
        "need": {name: _need(chance) for name in NEEDS},
        "no_show": {name: drawn_of_prior(f"no_show.{name}", chance) for name in DRAWN["no_show"]},
        "workforce": {name: drawn_of_prior(f"workforce.{name}", chance) for name in DRAWN["workforce"]}
        | _between("workforce", chance),
        "calendar": {"country": "US"},
        "start": {"date": "2020-01-06", "warm_up_weeks": WARM_UP_WEEKS, "patients": 40, "overdue_weeks": 1},
    }
    templates = {(site, profession): {name: float(chance.uniform(*ends)) for name, ends in SLOTS.items()}
                 for site in names for profession in PROFESSIONS}
    posts = {key: max(1, round(clinicians / len(templates) * chance.uniform(0.8, 1.2))) for key in templates}
    document["team"] = (_each_their_own if one_each else _teams)(templates, posts, chance)
    _arrivals(document, load, chance)
    usual = {team_name(*key): slots for key, slots in templates.items()}
    return Truth(service_from(document, document["name"]), usual)


def drawn_of_prior(place: str, chance: np.random.Generator) -> float:
    """A draw of the prior, within the range of the registry, to six digits as a file keeps."""
    prior = prior_of(place)
    assert prior is not None, place
    section, *_, name = place.split(".")
    parameter = registry()[section].parameters[name]
    value = float(np.clip(prior.at(chance.standard_normal()), parameter.low, parameter.high))
    return float(f"{value:.6g}")


def _between(section: str, chance: np.random.Generator) -> dict[str, float]:
    """Numbers of which nothing is believed beforehand, evenly between the ends of their ranges."""
    return {name: round(float(chance.uniform(*ends)), 4) for name, ends in RANGES[section].items()}


def _profession(name: str, chance: np.random.Generator) -> dict[str, Any]:
    shares = chance.dirichlet((2, 4, 2))
    overflow = dict(zip(("displaced", "unpaid", "undone"), shares, strict=True))
    overflow["undone"] = 1 - overflow["displaced"] - overflow["unpaid"]
    return {
        "treats": list(TREATS[name]), **_between("profession", chance),
        **{f"overflow_{way}": float(share) for way, share in overflow.items()},
    }


def _need(chance: np.random.Generator) -> dict[str, Any]:
    found: dict[str, Any] = {name: drawn_of_prior(f"need.x.{name}", chance) for name in DRAWN["need"]}
    whole = found["ed_share"] + found["admission_share"]
    if whole > 0.95:
        found["ed_share"] *= 0.95 / whole
        found["admission_share"] *= 0.95 / whole
    season, growth = widths_beforehand()
    stages = [[7, 14], [7, 21], [14, 28]][int(chance.integers(3))]
    return found | {
        "cadence_days": stages, "stage_from_visit": [0, int(chance.integers(4, 10))],
        "urgent_share": round(float(chance.uniform(0.02, 0.3)), 4),
        "season_amplitude": round(min(0.5, abs(float(chance.normal(0, season)))), 3),
        "season_peak_day": int(chance.integers(1, 366)),
        "trend_per_year": round(float(np.expm1(chance.normal(0, growth))), 3),
    }


Templates = Mapping[tuple[str, str], Mapping[str, float]]
"""Site and profession to slots a week by kind."""


def _teams(
    templates: Templates, posts: Mapping[tuple[str, str], int], chance: np.random.Generator
) -> dict[str, Any]:
    """A team of each site and profession."""
    return {
        team_name(site, profession): {
            "site": site, "profession": profession, "posts": posts[site, profession],
            **{name: round(slots, 2) for name, slots in usual.items()},
        } for (site, profession), usual in templates.items()
    }


def _each_their_own(
    templates: Templates, posts: Mapping[tuple[str, str], int], chance: np.random.Generator
) -> dict[str, Any]:
    """A team for every clinician."""
    found = {}
    for (site, profession), usual in templates.items():
        for number in range(posts[site, profession]):
            own = {name: round(slots * (1 + APART * float(chance.standard_normal())), 2)
                   for name, slots in usual.items()}
            found[f"{team_name(site, profession)}, {number + 1}"] = {
                "site": site, "profession": profession, "posts": 1} | own
    return found


def _arrivals(document: dict[str, Any], loads: tuple[float, float], chance: np.random.Generator) -> None:
    """Referrals for a load between two ends, by need group and site."""
    load = chance.uniform(*loads)
    for site in document["site"]:
        own = [team for team in document["team"].values() if team["site"] == site]
        visits = ATTENDED * sum(team["posts"] * (team["return_slots"] + team["intake_slots"]) for team in own)
        parts = chance.dirichlet((4,) * len(NEEDS))
        for name, part in zip(NEEDS, parts, strict=True):
            need: Mapping[str, Any] = document["need"][name]
            document["need"][name].setdefault("arrivals_per_week", {})[site] = round(
                float(load * visits * part / need["visits_needed"]), 3)
