"""Do the intervals of a fit hold the truth nine times in ten?

    python -m benchmarks.fit.recovery [--services 2000] [--minutes 55] [--out FILE]

Truths are drawn (`truths`), of 8, 40 and 200 clinicians, recorded over 6, 12 and 24 months, and fitted back
without the latent part, and without the checks that make some of it assumptions. Of each number that was
fitted from the records it is kept whether its 90 % interval holds the truth, and where among its draws the
truth lies. One line a service is added to the file; those
there are not made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.fit.goes_on import measure
from benchmarks.fit.recorded import recorded
from benchmarks.fit.truths import SITES, Truth, whole_truth

from careload.clinic import Service
from careload.model import Belief, fit
from careload.model.assembled import keys_of
from careload.model.early import OF_THE_FIRST_DAY
from careload.model.prior import pattern_of

KEPT = Path(__file__).parents[1] / "results" / "fit_recovery.jsonl"
MONTHS = (6, 12, 24)
BINS, DAYS_A_YEAR = 10, 365.25
CASE = ("clinicians", "months", "seed")
ARRIVALS = "need.*.arrivals_per_week"


def cases() -> Iterator[tuple[int, int, int]]:
    """Clinicians, months, seed: every size and length in turn, without end."""
    for seed in count():
        for clinicians in SITES:
            for months in MONTHS:
                yield clinicians, months, seed


def one(clinicians: int, months: int, seed: int) -> dict[str, Any]:
    """What became of one truth: by parameter, how many intervals held it, and ranks of it among the draws."""
    truth = whole_truth(clinicians, seed)
    model = fit(recorded(truth.service, months, seed), seed=seed, latent=False, held_out=False, checked=False)
    found: dict[str, dict[str, Any]] = {}
    for belief in model.beliefs:
        true = truth_at(truth, belief.place, model.as_of)
        # How the service stands on the last day is no parameter of the truth, which began two years before.
        of_the_day = pattern_of(belief.place) in OF_THE_FIRST_DAY
        fitted = belief.origin == "records" and belief.low is not None and not of_the_day
        if fitted and isinstance(true, int | float):
            own = found.setdefault(pattern_of(belief.place), {"n": 0, "held": 0, "ranks": []})
            own["n"] += 1
            own["held"] += int(belief.low <= true <= float(belief.high or 0.0))
            own["ranks"].append(rank(belief, float(true)))
    return {"clinicians": clinicians, "months": months, "seed": seed, "parameters": found}


def rank(belief: Belief, true: float) -> int:
    """In which of ten equal parts of the draws the truth lies."""
    return min(BINS - 1, int(BINS * float((belief.draws < true).mean())))


def truth_at(truth: Truth, place: str, as_of: date) -> Any:
    """The value of the truth at a place; None without any. Referrals as they have grown by the last day."""
    service, (section, *keys) = truth.service, keys_of(place)
    if section == "team":
        return truth.templates[keys[0]].get(keys[1])
    value = value_at(service, place)
    if value is None or pattern_of(place) != ARRIVALS:
        return value
    growth = value_at(service, f"need.{keys[0]}.trend_per_year") or 0.0
    return value * (1 + growth) ** ((as_of - service["start"]["date"]).days / DAYS_A_YEAR)


def value_at(service: Service, place: str) -> Any:
    """The value of the truth at a place; None where it has no such place."""
    found: Any = service.sections
    for key in keys_of(place):
        if not isinstance(found, Mapping) or key not in found:
            return None
        found = found[key]
    return found


def main() -> None:
    """Make what is not there yet."""
    measure(__doc__.splitlines()[0], cases(), CASE, one, KEPT, 2000)


if __name__ == "__main__":
    main()
