"""Are the latent parameters identified where they should be, and are they called not identified elsewhere?

    python -m benchmarks.fit.latent [--services 60] [--minutes 55] [--out FILE]

**The rich design.** About 40 clinicians at four sites, in three professions, over three years. Staff are
asked every quarter; hours are recorded, after hours too. Work beyond the hours paid differs by profession
and site: other work of 4 to 14 hours a week, templates of 16 to 30 return visits, 0.9 to 1.4 visits asked
for each offered; at least half of the excess is done unpaid. What others pay differs between sites by a
factor of two (0.7 to 1.4 of the mean), and it is told to the fit.

**The empty design.** The same service over the same time with neither surveys nor hours, at which everybody
is paid what others pay: nothing shows how anybody tires, nor what pay does.

**Pooled.** Sixty services, twenty for each of three truths of the latent parameters: twenty services of one
health system, whose clinicians are alike and whose work and pay are not. Each is fitted alone
(`careload.model.fit`, the latent part included). The posteriors of twenty are multiplied, as normal laws on
the scale on which the prior is a standard normal: precision = I + sum of (V^-1 - I), where V is that of one
service and no service takes precision away. Kept of each service: the width of its 90 % interval over that
of the prior, mean and covariance of its draws on that scale, in which of ten equal parts of the draws the
truth lies, and what the fit calls it in a word; of four of each twenty in the empty design too. One line a
service is added to the file; those there are not made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.fit.goes_on import measure
from benchmarks.fit.recorded import recorded
from benchmarks.fit.recovery import rank
from benchmarks.fit.truths import drawn_of_prior, truth
from numpy.typing import NDArray

from careload.clinic import Service
from careload.model import fit
from careload.model.latent.infer import Latent, latent_of

Numbers = NDArray[np.float64]

KEPT = Path(__file__).parents[1] / "results" / "fit_latent.jsonl"
CLINICIANS, SITES, YEARS, WEEKS_BETWEEN = 40, 4, 3, 13
TRUTHS, OF_EACH, EMPTY_OF_EACH = 3, 20, 4
OTHER_WORK, TEMPLATE, LOAD, PAY = (4.0, 14.0), (16.0, 30.0), (0.9, 1.4), (0.7, 1.4)
SPARED = ("surveys", "hours")
"""Tables the empty design has not."""
PAY_ELSEWHERE, NEARLY_0 = "outside_pay_index", 1e-9


def cases() -> Iterator[tuple[int, int]]:
    """Number of the truth and of the service: every truth in turn."""
    for number in range(OF_EACH):
        for which in range(TRUTHS):
            yield which, number


def service_of(which: int, number: int, rich: bool) -> Service:
    """A service of the design; its latent parameters are those of a truth, all else is its own.

    which   of the truths
    number  of the service
    """
    seed = 1000 * (which + 1) + number
    service = truth(CLINICIANS, seed, sites=SITES, load=LOAD)
    chance, shared = np.random.default_rng([3, seed]), np.random.default_rng([4, which])
    # Exhaustion at first is one of the parameters looked for: nothing runs before the records.
    changes: dict[str, Any] = {
        "start.date": date(2022, 1, 3), "start.warm_up_weeks": 0, "start.under_notice": 1,
    }
    changes |= {each.place: drawn_of_prior(each.place, shared) for each in latent_of({})}
    for name in service["profession"]:
        unpaid = chance.uniform(0.5, 0.9)
        changes |= {f"profession.{name}.fixed_hours": _between(OTHER_WORK, chance),
                    f"profession.{name}.overflow_unpaid": round(unpaid, 3),
                    f"profession.{name}.overflow_displaced": round((1 - unpaid) / 2, 3),
                    f"profession.{name}.overflow_undone": 1 - round(unpaid, 3) - round((1 - unpaid) / 2, 3)}
    for name in service["team"]:
        changes[f"team.{name}.return_slots"] = _between(TEMPLATE, chance)
    for site in service["site"]:
        index = _between(PAY, chance)
        changes[f"site.{site}.outside_pay_index"] = index if rich else 1.0
    return service.changed(changes)


def _between(ends: tuple[float, float], chance: np.random.Generator) -> float:
    return round(float(chance.uniform(*ends)), 3)


def one(which: int, number: int) -> dict[str, Any]:
    """What became of one service, by latent parameter, in the rich design and in the empty one."""
    found: dict[str, Any] = {"truth": which, "number": number, "rich": {}, "empty": {}}
    for design in ("rich", "empty") if number < EMPTY_OF_EACH else ("rich",):
        service = service_of(which, number, design == "rich")
        found[design] = _believed(service, design == "rich", 1000 * which + number)
    return found


def _believed(service: Service, rich: bool, seed: int) -> dict[str, Any]:
    records = recorded(service, 12 * YEARS, seed, without=() if rich else SPARED, weeks_between=WEEKS_BETWEEN)
    known = {f"site.{name}.{PAY_ELSEWHERE}": own[PAY_ELSEWHERE] for name, own in service["site"].items()}
    with ThreadPoolExecutor(1) as one_by_one:
        model = fit(records, known=known, seed=seed, held_out=False, checked=False, executor=one_by_one)
    latent = latent_of({})
    places = [each for each in latent if len(model[each.place].draws)]
    normal = np.stack([_normal(each, model[each.place].draws) for each in places])
    return {
        "mean": {each.place: _short(own) for each, own in zip(places, normal.mean(axis=1), strict=True)},
        "covariance": [[_short(each) for each in row] for row in np.cov(normal)],
        "parameters": {
            each.place: _told(each, model[each.place], value_of(service, each)) for each in places},
    }


def _told(each: Latent, belief: Any, true: float) -> dict[str, Any]:
    return {
        "width": _short(each.prior.width_of(belief.low, belief.high) / each.prior.width),
        "held": int(belief.low <= true <= belief.high), "rank": rank(belief, true), "word": belief.determined,
    }


def value_of(service: Service, each: Latent) -> float:
    """The true value of a latent parameter."""
    return float(service["workforce"][each.parameter.name])


def _normal(each: Latent, draws: Numbers) -> Numbers:
    """Draws on the scale on which the prior is a standard normal."""
    from careload.model.prior import TO

    inside = {"plain": draws, "log": np.maximum(draws, NEARLY_0),
              "logit": np.clip(draws, NEARLY_0, 1 - NEARLY_0)}
    return each.prior.away(TO[each.prior.scale](inside[each.prior.scale]))


def pooled(rows: list[Mapping[str, Any]], design: str = "rich") -> dict[str, float]:
    """By latent parameter the width of the interval of services of one truth together, over the prior's."""
    names = list(rows[0][design]["mean"])
    one_more, whole = np.eye(len(names)), np.eye(len(names))
    for row in rows:
        values, vectors = np.linalg.eigh(np.linalg.inv(np.array(row[design]["covariance"])) - one_more)
        whole = whole + (vectors * np.maximum(values, 0.0)) @ vectors.T
    widths = np.sqrt(np.diag(np.linalg.inv(whole)))
    return dict(zip(names, (float(each) for each in widths), strict=True))


def _short(number: Any) -> float:
    """Four digits, as a file keeps them."""
    return float(f"{float(number):.4g}")


def main() -> None:
    """Make what is not there yet."""
    measure(__doc__.splitlines()[0], cases(), ("truth", "number"), one, KEPT, TRUTHS * OF_EACH)


if __name__ == "__main__":
    main()
