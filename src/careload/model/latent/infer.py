"""Latent parameters: the service run many times, and kept what looks like the records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Parameter, Service
from careload.model.belief import Belief, interval
from careload.model.evidence import Evidence
from careload.model.family import AGAINST_PRIOR, by_assumption, how_well
from careload.model.latent.abc import Posterior, abc
from careload.model.latent.moments import moments
from careload.model.latent.shown import Shown, of_records, of_run, teams_of
from careload.model.prior import Prior, generator, parameter_at, prior_of
from careload.simulate import Plan, plan_of, run, spread, teams_by_site, weekly, with_another_workforce

Numbers = NDArray[np.float64]
Progress = Callable[[str, int, int], None]

PLACES = tuple(f"workforce.{name}" for name in (
    "exhaustion_rise", "exhaustion_recovery", "exhaustion_start", "leaving_per_year", "leaving_if_exhausted",
    "pay_elasticity", "hiring_elasticity",
))
FORMULA = "runs of the service whose surveys, leavers and vacancies look like the records (ABC-SMC)"
RUNS = 400
"""Of each of the two steps."""
LEAST_WEEKS = 26
LEAST_TOLD = 1 - AGAINST_PRIOR["weakly"] ** 2
"""Share of a parameter's spread that the moments must explain: less cannot narrow it to ``weakly``."""
NOTHING_TOLD = "In runs of this service what the records show hardly depends on it."


@dataclass(frozen=True)
class Latent:
    """One latent parameter: where it stands, what it is, what is believed of it without records."""

    place: str
    parameter: Parameter
    prior: Prior

    def at(self, normal: Numbers) -> Numbers:
        """Values at so many standard deviations from the middle of the prior, within the registry's range."""
        return np.asarray(np.clip(self.prior.at(normal), self.parameter.low, self.parameter.high))


def latent_of(known: Mapping[str, Any]) -> tuple[Latent, ...]:
    """Latent parameters but those that are given."""
    found = []
    for place in PLACES:
        prior = prior_of(place)
        if place not in known and prior is not None:
            found.append(Latent(place, parameter_at(place), prior))
    return tuple(found)


@dataclass(frozen=True)
class Setting:
    """What is run: the service as on its first day, its plan, and when staff are asked."""

    service: Service
    plan: Plan
    surveys: tuple[int, ...]
    log_pay: Numbers
    latent: tuple[Latent, ...]
    names: tuple[str, ...]
    seed: int


def infer(
    evidence: Evidence, service: Service, runs: int = RUNS, executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[Belief]:
    """What the records say of the latent parameters; nothing where they are too short or show nobody.

    evidence  the records
    service   fitted to them, as it stood on an early Monday (`start.date`)
    runs      of the service, in each of two steps
    """
    first: date = service["start"]["date"]
    weeks = ((evidence.as_of - first).days + 1) // 7
    if weeks < LEAST_WEEKS:
        return []
    shown, surveys = of_records(evidence, teams_of(service), first)
    seen = moments(shown, log_pay_of(service))
    names = tuple(name for name, value in seen.items() if np.isfinite(value))
    latent = latent_of(evidence.known)
    if not names or not latent:
        return []
    setting = Setting(service, plan_of(service, 7 * weeks), tuple(surveys), log_pay_of(service),
                      latent, names, evidence.seed)
    found = abc(_runner(setting, executor, progress, 2 * runs), np.array([seen[name] for name in names]),
                len(latent), generator("latent", evidence.seed), runs)
    return [_belief(each, found, place, shown, evidence) for place, each in enumerate(latent)]


def log_pay_of(service: Service) -> Numbers:
    """(teams,) log of own over outside pay."""
    found = []
    for name in teams_by_site(service):
        team = service["team"][name]
        profession = service["profession"][team["profession"]]
        outside = profession["outside_pay_per_year"] * service["site"][team["site"]]["outside_pay_index"]
        found.append(np.log(profession["pay_per_year"] / outside))
    return np.array(found)


def with_workforce(service: Service, values: Mapping[str, float]) -> Service:
    """The service with other values of its workforce, each within its range."""
    return replace(service, sections={**service.sections, "workforce": {**service["workforce"], **values}})


def _runner(
    setting: Setting, executor: Executor | None, progress: Progress | None, of: int
) -> Callable[[Numbers, int], Numbers]:
    def runs(theta: Numbers, before: int) -> Numbers:
        found = np.zeros((len(theta), len(setting.names)))
        tasks = [(setting, own, before + place) for place, own in enumerate(theta)]
        with closing(spread(one_run, tasks, executor)) as results:
            for done, (place, values) in enumerate(results, 1):
                found[place] = values
                if progress:
                    progress("latent parameters", before + done, of)
        return found

    return runs


def one_run(setting: Setting, theta: Numbers, number: int) -> Numbers:
    """The moments of one run: a task for a worker."""
    pairs = zip(setting.latent, theta, strict=True)
    values = {each.parameter.name: float(each.at(own)) for each, own in pairs}
    plan = with_another_workforce(setting.plan, with_workforce(setting.service, values))
    shown = of_run(weekly(run(plan, setting.seed, number)), setting.surveys)
    found = moments(shown, setting.log_pay)
    return np.asarray(np.nan_to_num([found[name] for name in setting.names]))


def _belief(each: Latent, found: Posterior, place: int, shown: Shown, evidence: Evidence) -> Belief:
    if found.told[place] < LEAST_TOLD:
        return replace(by_assumption(each.place, evidence, NOTHING_TOLD), counts=_counts(shown))
    draws = each.at(found.draws[:, place])
    low, high = interval(draws)
    value = float(np.median(draws))
    counts = _counts(shown) | {"runs": found.ran}
    return Belief(
        each.place, value, each.parameter.unit, low, high, "simulation",
        how_well(low, high, value, each.prior), FORMULA, counts, source=each.prior.source,
        mark=each.prior.mark, draws=draws,
    )


def _counts(shown: Shown) -> dict[str, float]:
    found = {"clinician-years": float(np.nansum(shown.years)), "leavers": float(np.nansum(shown.leavers)),
             "vacancies filled": float(np.nansum(shown.filled)), "staff surveys": float(len(shown.asked))}
    return {words: round(number, 1) for words, number in found.items()}
