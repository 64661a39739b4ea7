"""Does a fit forecast better than naive rivals, and nearly as well as one who knows the truth?

    python -m benchmarks.fit.forecasts [--services 300] [--minutes 55] [--out FILE]

Truths are drawn (`truths`), recorded, and cut where every fit cuts them: fitted up to the cut, forecast from
there, as `careload.model.trust` does. Of each measure it is kept, over the periods held out,

    level   mean of the absolute value of what happened
    score   mean CRPS of the fit; so for the oracle and for each rival
    held    share of periods that the 90 % interval holds
    shift   mean of the middle of the forecast less what happened

A scaled score is score / level: so that a service of 200 clinicians counts as much as one of 8. The oracle
knows every true parameter. It stands on the day of the cut where the fit does: the same patients, people
waiting, vacant posts and exhaustion, as estimated from the same records; of its own time it knows how far
referrals have grown. One line a service is added to the file; those there are not made again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.fit.recorded import recorded
from benchmarks.fit.recovery import cases
from benchmarks.fit.truths import truth

from careload.clinic import Service
from careload.measure import View, day_of
from careload.model.fit import OF_THE_FIRST_DAY, believed_on
from careload.model.prior import pattern_of
from careload.model.trust.forecast import drawn, forecast
from careload.model.trust.hold_out import RUNS, Scored, cut_of, happened, scores

KEPT = Path(__file__).parents[1] / "results" / "fit_forecasts.jsonl"
MEASURES = ("return_interval", "intake_wait", "visits", "caseload")
OF_THE_STATE = (*OF_THE_FIRST_DAY, "workforce.exhaustion_start")
DAYS_A_YEAR = 365.25


def one(clinicians: int, months: int, seed: int) -> dict[str, Any]:
    """What became of one truth: by measure its scores; none where the records are too short to be cut."""
    service = truth(clinicians, seed)
    view = _view(recorded(service, months, seed))
    cut = cut_of(view.first_day, view.as_of)
    found: dict[str, Any] = {"clinicians": clinicians, "months": months, "seed": seed, "measures": {}}
    if cut is None:
        return found
    beliefs = tuple(believed_on(View(view.records, cut.fitted_to), {}, seed).values())
    fitted = [drawn(beliefs, number, service.name) for number in range(RUNS)]
    whole = happened(view, cut)
    past, after = (whole.between(*ends) for ends in ((0, whole.number - cut.periods),
                                                    (whole.number - cut.periods, whole.number)))
    with ThreadPoolExecutor(1) as one_by_one:
        of_fit, of_oracle = (
            scores(past, after, forecast(services, cut.periods, seed, one_by_one), seed)
            for services in (fitted, [oracle(service, each) for each in fitted])
        )
    found["measures"] = {
        own.measure: _kept(own, knowing)
        for own, knowing in zip(of_fit, of_oracle, strict=True) if own.measure in MEASURES
    }
    return found


def _view(records: Any) -> View:
    return View(records, day_of(records, None))


def oracle(truth: Service, fitted: Service) -> Service:
    """The true service on the day on which a fitted one begins, in the state in which that one is.

    fitted  a draw of what is believed on that day
    """
    years = (fitted["start"]["date"] - truth["start"]["date"]).days / DAYS_A_YEAR
    sections = {name: _copied(tables) for name, tables in truth.sections.items()}
    for need in sections["need"].values():
        grown = (1 + need["trend_per_year"]) ** years
        need["arrivals_per_week"] = {site: rate * grown for site, rate in need["arrivals_per_week"].items()}
    for pattern in OF_THE_STATE:
        section, *_, key = pattern.split(".")
        for own, other in _tables(sections[section], fitted.sections[section], "*" in pattern):
            own[key] = other[key]
    return replace(truth, sections=sections)


def _copied(tables: Any) -> Any:
    return {name: _copied(own) for name, own in tables.items()} if hasattr(tables, "items") else tables


def _tables(own: Any, other: Any, many: bool) -> Sequence[tuple[Any, Any]]:
    """Tables of the truth beside those of the fit with the same name."""
    return [(own[name], other[name]) for name in own if name in other] if many else [(own, other)]


def _kept(own: Scored, knowing: Scored) -> dict[str, Any]:
    return {
        "level": _short(np.nanmean(np.abs(own.happened))), "score": _short(own.score),
        "oracle": _short(knowing.score), "rivals": {name: _short(each) for name, each in own.rivals.items()},
        "held": _short(own.held), "oracle_held": _short(knowing.held),
        "shift": _short(own.error), "oracle_shift": _short(knowing.error),
    }


def _short(number: Any) -> float:
    """Six digits, as a file keeps them."""
    return float(f"{float(number):.6g}")


def main() -> None:
    """Make what is not there yet, for so many minutes at most."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--services", type=int, default=300)
    options.add_argument("--minutes", type=float, default=55)
    options.add_argument("--out", type=Path, default=KEPT)
    asked = options.parse_args()
    lines = asked.out.read_text().splitlines() if asked.out.exists() else []
    done = {(row["clinicians"], row["months"], row["seed"]) for row in map(json.loads, lines)}
    end = time.monotonic() + 60 * asked.minutes
    for number, case in enumerate(islice(cases(), asked.services), 1):
        if time.monotonic() > end:
            break
        if case not in done:
            row = json.dumps(one(*case))
            with asked.out.open("a") as file:
                file.write(row + "\n")
            sys.stderr.write(f"\r{number:,} of {asked.services:,}")
    sys.stderr.write("\n")


if __name__ == "__main__":
    main()
