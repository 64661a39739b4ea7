"""What a fitted service shows, run forward: each run with parameters of a draw of its own.

    a figure of a run = what the run shows x exp(off z),  z standard normal, one for each run

How a service stands on the first day is told by team; that some clinicians of a team have more overdue than
others is not, so the first weeks of a run are off by a little, the same way in all runs: `OFF`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service
from careload.model.assembled import service_of
from careload.model.belief import Belief
from careload.model.prior import generator
from careload.model.trust.periods import DAYS, WEEKS
from careload.simulate import plan_of, run, spread, weekly

Numbers = NDArray[np.float64]
Ensemble = Mapping[str, Numbers]
"""Measure to (runs, periods)."""
OFF = {"visits": 0.009, "no_shows": 0.009, "return_interval": 0.007}
"""Relative standard deviation of what runs are off by, by measure (computed: from 18 simulated services of
200 clinicians whose truth was known)."""


def drawn(beliefs: Sequence[Belief], number: int, name: str) -> Service:
    """The service in which every parameter has the value of its draw of that number.

    beliefs  of every parameter
    number   of the draw
    name     of the service
    """
    return service_of([replace(belief, value=value_of(belief, number)) for belief in beliefs], name)


def value_of(belief: Belief, number: int) -> Any:
    """The value of the draw of that number; the one there is where nothing was drawn."""
    return float(belief.draws[number % len(belief.draws)]) if len(belief.draws) else belief.value


def forecast(
    services: Sequence[Service], periods: int, recorded_days: int, seed: int,
    executor: Executor | None = None,
) -> Ensemble:
    """Each service run once over so many periods of four weeks, each with luck of its own.

    services       one for each run; the same again where the parameters are known
    recorded_days  before the first day: intervals that began earlier no record can show
    """
    tasks = [(service, periods, recorded_days, seed, number) for number, service in enumerate(services)]
    found: dict[int, dict[str, Numbers]] = {}
    with closing(spread(_one, tasks, executor)) as results:
        for place, values in results:
            found[place] = values
    whole = {name: np.stack([found[place][name] for place in range(len(tasks))]) for name in found[0]}
    return {name: own * _off(name, len(tasks), seed)[:, None] for name, own in whole.items()}


def _off(measure: str, runs: int, seed: int) -> Numbers:
    """What each run is off by, as a factor."""
    if measure not in OFF:
        return np.ones(runs)
    return np.exp(OFF[measure] * generator(f"first day: {measure}", seed).standard_normal(runs))


def _one(service: Service, periods: int, recorded_days: int, seed: int, number: int) -> dict[str, Numbers]:
    ran = weekly(run(plan_of(service, periods * DAYS), seed, number), recorded_days)
    people, staff = ran.patients, ran.clinicians

    def mean(weeks: Numbers) -> Numbers:
        return np.asarray(weeks.reshape(periods, WEEKS).mean(axis=1))

    return {
        "visits": mean(people["attended"]), "no_shows": mean(people["missed"]),
        "caseload": mean(people["in_care"] - people["not_yet_seen"]),
        "return_interval": ran.return_interval, "intake_wait": ran.intake_wait,
        "leavers": WEEKS * mean(staff["left"].sum(axis=1)),
    }
