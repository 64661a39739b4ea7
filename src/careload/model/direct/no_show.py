"""No-shows by lead time.

    P(missed | booked d days ahead) = late - (late - soon) exp(-d / scale)

soon and late for intakes and for return visits, one scale for both; each visit held or missed is one case
(binomial by days ahead), on log-odds of soon and late and the logarithm of the scale.
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import numpy as np
from scipy.special import expit

from careload.model.belief import Beliefs, Found
from careload.model.chances import Numbers, most_likely
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.prior import TO, Z, prior_of

PLACES = ("intake_soon", "intake_late", "return_soon", "return_late", "scale_days")
FORMULA = "P(missed | booked d days ahead) = late - (late - soon) exp(-d / scale_days)"
LEAST, MOST = 1e-6, 1 - 1e-6


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Soon, late and scale, from visits held and missed by kind and days booked ahead."""
    lead, first, missed, cases = counted(evidence)
    if not missed.sum() or missed.sum() == cases.sum():
        return

    def minus_log_likelihood(x: Numbers) -> float:
        p = np.clip(curve(x, lead, first), LEAST, MOST)
        fit = missed * np.log(p) + (cases - missed) * np.log1p(-p)
        return float(-fit.sum()) + _doubt(x)

    start = [*(_middle(name) for name in PLACES)]
    top, draws = most_likely(minus_log_likelihood, start, evidence.generator("no_show"))
    back = [expit] * 4 + [np.exp]
    for place, name in enumerate(PLACES):
        own = first if name.startswith("intake") else ~first if name.startswith("return") else first | True
        yield Found(
            f"no_show.{name}", float(back[place](top[place])), FORMULA,
            {"visits held or missed": int(cases[own].sum()), "no-shows": int(missed[own].sum())},
            np.asarray(back[place](draws[:, place])),
        )


def curve(x: Numbers, lead: Numbers, first: np.ndarray) -> Numbers:
    """Chance of a no-show by days booked ahead, of first and of return visits.

    x  log-odds of intake soon, intake late, return soon, return late; logarithm of the scale in days
    """
    soon = np.where(first, expit(x[0]), expit(x[2]))
    late = np.where(first, expit(x[1]), expit(x[3]))
    return np.asarray(late - (late - soon) * np.exp(-lead / np.exp(x[4])))


def counted(evidence: Evidence) -> tuple[Numbers, np.ndarray, Numbers, Numbers]:
    """Days booked ahead, whether a first visit, no-shows, visits held or missed: by day ahead and kind."""
    rows = evidence.view.due
    rows = rows.filter(rows.status.isin(["completed", "no_show"]) & rows.booked_on.notnull())
    lead = ibis.greatest(rows.day.delta(rows.booked_on, unit="day").cast("int64"), 0)
    rows = rows.mutate(lead=lead, first=(rows.kind == "intake").fill_null(False))
    rows = rows.group_by("lead", "first").agg(
        missed=(rows.status == "no_show").sum(), cases=rows.status.count(),
    )
    found = columns_of(rows)
    return (found["lead"].astype(float), found["first"].astype(bool), found["missed"].astype(float),
            found["cases"].astype(float))


def _doubt(x: Numbers) -> float:
    """Minus the logarithm of the prior, so that what no visit tells of stays where the literature has it."""
    away = [(value - _middle(name)) / _spread(name) for value, name in zip(x, PLACES, strict=True)]
    return float(0.5 * np.square(away).sum())


def _middle(name: str) -> float:
    prior = prior_of(f"no_show.{name}")
    assert prior is not None
    return float(TO[prior.scale](prior.low) + TO[prior.scale](prior.high)) / 2


def _spread(name: str) -> float:
    prior = prior_of(f"no_show.{name}")
    assert prior is not None
    return prior.width / (2 * Z)


FAMILY = Family("no-shows", ("appointments.booked_at",), find)
