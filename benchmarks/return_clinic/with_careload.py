"""`return-clinic` run by Careload's general engine, every other mechanism switched off.

`service.toml` says the model as a service; `service_of` gives it the parameters of `text.py`, so that it is
the same at every size. One run is one replication, in this process and on one thread. Three things are made
beforehand and not timed: the service, its plan (the same for every replication), and the machine code of the
engine, which comes from its cache or, the first time ever, takes a minute or two to compile.

One thing differs from the text, before anything is counted: patients in care on the first day have been
seen already, so none of their waits counts as an intake's.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import numpy as np
from benchmarks.return_clinic.text import (
    MEDIAN,
    NINE_TENTHS,
    STANDARD_DAYS,
    Outputs,
    ReturnClinic,
    lower_quantile,
    without_trailing_zeros,
)

from careload.clinic import Service, read_service
from careload.simulate import Run, plan_of
from careload.simulate import run as run_plan
from careload.simulate.kernel.records import CELL_COUNTS, INTERVALS, TEAM_COUNTS, WAITS, Plan

SERVICE = Path(__file__).with_name("service.toml")
DAYS_A_WEEK, DAYS_OF_A_BLOCK = 7, 28


def service_of(clinic: ReturnClinic) -> Service:
    """The service of `service.toml` with the parameters of a clinic."""
    visits, misses = 1 + clinic.further_visits, clinic.no_show
    return read_service(SERVICE).changed({
        "team.clinicians.posts": clinic.clinicians,
        "team.clinicians.return_slots": clinic.slots_per_clinician * clinic.working_days,
        "need.everybody.arrivals_per_week": clinic.arrivals * clinic.week,
        "need.everybody.visits_needed": visits,
        "need.everybody.cadence_days": [clinic.gap],
        "need.everybody.crisis_per_day": clinic.crisis,
        "need.everybody.dropout_per_day": clinic.dropout,
        "need.everybody.ed_share": clinic.ed,
        **{f"no_show.{kind}_{when}": misses for kind in ("return", "intake") for when in ("soon", "late")},
        "policy.rebook_days": clinic.gap,
        "start.patients": clinic.start_per_clinician,
    }, SERVICE.name)


@cache
def plan(clinic: ReturnClinic) -> Plan:
    """The service as numbers, made once for all replications.

    Raises `ValueError` for a clinic that the engine's weeks, and its histograms of four weeks, cannot say.
    """
    if clinic.days % DAYS_A_WEEK or clinic.warm_up % DAYS_OF_A_BLOCK:
        raise ValueError(
            f"{clinic.days} days of which {clinic.warm_up} warm up: the engine counts by weeks and by four "
            f"weeks. Take days that are a multiple of {DAYS_A_WEEK}, a warm-up of {DAYS_OF_A_BLOCK}."
        )
    return plan_of(service_of(clinic), clinic.days, counted_from=clinic.warm_up)


def warm_up(clinic: ReturnClinic) -> None:
    """Make the plan and fetch the machine code, so that neither is timed."""
    run_plan(plan_of(service_of(ReturnClinic(clinicians=1)), 28))
    plan(clinic)


def run(clinic: ReturnClinic, seed: int) -> Outputs:
    """One replication of `clinic` with the luck of `seed`: the ten outputs."""
    return outputs_of(run_plan(plan(clinic), seed), clinic)


def timed(clinic: ReturnClinic, seed: int, replications: int) -> list[tuple[Outputs, float]]:
    """So many replications, with seeds counted from `seed`: outputs and seconds of simulation of each."""
    warm_up(clinic)
    found = []
    for each in range(seed, seed + replications):
        start = time.perf_counter()
        done = run_plan(plan(clinic), each)
        seconds = time.perf_counter() - start
        found.append((outputs_of(done, clinic), seconds))
    return found


def outputs_of(done: Run, clinic: ReturnClinic) -> Outputs:
    """The ten outputs of a run, over the counted days.

    Intervals and waits belong to the day on which they end, as the text has it: they are taken from the
    histograms by four weeks of that day. Longer ones than a histogram has places for count as its last
    place, and in the mean as long as they were.
    """
    block, week = clinic.warm_up // DAYS_OF_A_BLOCK, clinic.warm_up // DAYS_A_WEEK
    intervals, waits = done.tally.monthly[:, block:].sum(axis=1, dtype=np.int64)
    beyond = done.tally.sums["beyond"]
    histogram = without_trailing_zeros(tuple(intervals.tolist()))
    cells = _by_name(CELL_COUNTS, done.tally.cells[week:])
    teams = _by_name(TEAM_COUNTS, done.tally.teams[week:])
    return Outputs(
        mean=_mean(intervals, int(beyond[INTERVALS])),
        median=lower_quantile(histogram, MEDIAN),
        p90=lower_quantile(histogram, NINE_TENTHS),
        pct14=float(intervals[: STANDARD_DAYS + 1].sum() / intervals.sum()),
        ed=round(cells["ed_visits"]),
        crises=round(cells["crises"]),
        drop=round(cells["dropped_waiting"]),
        util=teams["used"] / teams["offered"],
        visits=round(cells["attended"]),
        intake=_mean(waits, int(beyond[WAITS])),
        slots_served=round(_by_name(TEAM_COUNTS, done.tally.teams)["used"]),
        histogram=histogram,
    )


def _by_name(names: tuple[str, ...], counts: np.ndarray) -> dict[str, float]:
    """Counts summed over weeks and over cells or teams."""
    return dict(zip(names, counts.sum(axis=(0, 1)).tolist(), strict=True))


def _mean(days: np.ndarray, beyond: int) -> float:
    """Mean of a histogram; `beyond` are the days above its last place, summed."""
    if not days.any():
        raise ValueError("no interval or no intake after the warm-up: simulate more days or clinicians")
    return float((days @ np.arange(len(days)) + beyond) / days.sum())
