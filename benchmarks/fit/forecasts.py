"""Does a fit forecast better than naive rivals, and nearly as well as one who knows the truth?

    python -m benchmarks.fit.forecasts [--services 300] [--minutes 55] [--out FILE]

Truths are drawn (`truths`), recorded, and cut where every fit cuts them: fitted up to the cut, forecast from
there, as `careload.model.trust` does. Of each measure it is kept, over the periods held out,

    level   mean of the absolute value of what happened
    score   mean CRPS of the fit; so for the oracle and for each rival
    held    share of periods that the 90 % interval holds
    shift   mean of the middle of the forecast less what happened

A scaled score is score / level: so that a service of 200 clinicians counts as much as one of 8. The oracle
knows every true parameter. It stands on the day of the cut before the same records, and reads from them what
that day is like as the fit does (`careload.model.direct.start`: patients in care, when they are due and what
they still need, people waiting, who is new at a post and how exhausted staff are, vacant posts, who will ask
again), by its own parameters. One line a service is added to the file; those there are not made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.fit.goes_on import measure
from benchmarks.fit.recorded import recorded
from benchmarks.fit.recovery import CASE, cases, value_at
from benchmarks.fit.truths import truth

from careload.clinic import Service
from careload.measure import View, day_of
from careload.model import Belief
from careload.model.assembled import keys_of
from careload.model.direct import start
from careload.model.early import OF_THE_FIRST_DAY
from careload.model.evidence import Evidence
from careload.model.family import fitted
from careload.model.fit import beliefs_of
from careload.model.prior import pattern_of
from careload.model.trust.forecast import drawn, forecast, value_of
from careload.model.trust.hold_out import RUNS, Scored, cut_of, happened, scores

KEPT = Path(__file__).parents[1] / "results" / "fit_forecasts.jsonl"
MEASURES = ("return_interval", "intake_wait", "visits", "caseload")
DAYS_A_YEAR = 365.25
KNOWN = {"calendar.country": "US"}
"""Whoever asks knows in which country the service is, however few holidays its records hold."""


def one(clinicians: int, months: int, seed: int) -> dict[str, Any]:
    """What became of one truth: by measure its scores; none where the records are too short to be cut."""
    service = truth(clinicians, seed)
    view = _view(recorded(service, months, seed))
    cut = cut_of(view.first_day, view.as_of)
    found: dict[str, Any] = {"clinicians": clinicians, "months": months, "seed": seed, "measures": {}}
    if cut is None:
        return found
    then = Evidence(View(view.records, cut.fitted_to), KNOWN, seed)
    beliefs = tuple(beliefs_of(then).values())
    services = [drawn(beliefs, number, service.name) for number in range(RUNS)]
    whole = happened(view, cut)
    past, after = (whole.between(*ends) for ends in ((0, whole.number - cut.periods),
                                                    (whole.number - cut.periods, whole.number)))
    recorded_days = (cut.first - view.first_day).days
    with ThreadPoolExecutor(1) as one_by_one:
        of_fit, of_oracle = (
            scores(past, after, forecast(each, cut.periods, recorded_days, seed, one_by_one), seed)
            for each in (services, oracles(service, then, beliefs))
        )
    found["measures"] = {
        own.measure: _kept(own, knowing)
        for own, knowing in zip(of_fit, of_oracle, strict=True) if own.measure in MEASURES
    }
    return found


def _view(records: Any) -> View:
    return View(records, day_of(records, None))


def oracles(truth: Service, then: Evidence, beliefs: Sequence[Belief]) -> list[Service]:
    """The true service, one for each run, in the state in which the records show it on a day.

    then     the records as they stood on that day
    beliefs  of the fit to them
    """
    known = {each.place: _as_it_is(each, value_at(truth, each.place)) for each in beliefs}
    state = {each.place: each for each in fitted(start.FAMILY, then, known)}
    there = [state.get(each.place, each) for each in beliefs if pattern_of(each.place) in OF_THE_FIRST_DAY]
    draws = [{each.place: value_of(each, number) for each in there} for number in range(RUNS)]
    return [_standing(truth, each) for each in draws]


def _as_it_is(belief: Belief, true: Any) -> Belief:
    """What whoever knows the true value believes."""
    if not isinstance(true, int | float) or not len(belief.draws):
        return belief
    return replace(belief, value=true, draws=np.full(len(belief.draws), float(true)))


def _standing(truth: Service, state: Mapping[str, Any]) -> Service:
    """The true service with another first day, to which its referrals have grown.

    state  place to value
    """
    years = (state["start.date"] - truth["start"]["date"]).days / DAYS_A_YEAR
    sections = {name: _copied(tables) for name, tables in truth.sections.items()}
    for need in sections["need"].values():
        grown = (1 + need["trend_per_year"]) ** years
        need["arrivals_per_week"] = {site: rate * grown for site, rate in need["arrivals_per_week"].items()}
    for place, value in {**state, "start.warm_up_weeks": 0}.items():
        *tables, key = keys_of(place)
        table = sections
        for each in tables:
            table = table.setdefault(each, {})
        table[key] = value
    return replace(truth, sections=sections)


def _copied(tables: Any) -> Any:
    return {name: _copied(own) for name, own in tables.items()} if hasattr(tables, "items") else tables


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
    """Make what is not there yet."""
    measure(__doc__.splitlines()[0], cases(), CASE, one, KEPT, 300)


if __name__ == "__main__":
    main()
