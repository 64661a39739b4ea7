"""How long a vacant post stays vacant.

    P(filled on a day) = posts filled / days vacant                         (geometric, cut off at the end)
    days_to_fill = 1 / P x pay^hiring_elasticity                            (mean at pay like that outside)

A post already vacant when the records begin counts from then. The mean is as likely as before any record,
times the likelihood.
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import numpy as np

from careload.model.belief import Beliefs, Found
from careload.model.chances import Numbers, believed_draws
from careload.model.direct.leaving import pay_factor
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.given import within_range
from careload.model.prior import sure_prior_of

PLACE = "workforce.days_to_fill"
FORMULA = "days vacant / posts filled x pay^hiring_elasticity, with what was believed beforehand"


@within_range
def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Mean days until a vacant post is filled."""
    filled, days, vacancies = counted(evidence)
    if days <= 0:
        return
    pay, _ = pay_factor(evidence, so_far, "workforce.hiring_elasticity")

    def log_likelihood(mean: Numbers) -> Numbers:
        rate = pay[:, None] / mean
        return np.asarray(filled * np.log(rate) - days * rate)

    draws = believed_draws(sure_prior_of(PLACE), log_likelihood, evidence.generator("days_to_fill"))
    yield Found(PLACE, float(np.median(draws)), FORMULA,
                {"posts filled": int(filled), "days vacant": int(days), "vacancies": int(vacancies)}, draws)


def counted(evidence: Evidence) -> tuple[float, float, float]:
    """Posts filled, days vacant since the records began, vacancies."""
    rows, as_of = evidence.view.table("posts"), ibis.literal(evidence.as_of)
    first = ibis.literal(evidence.first)
    rows = rows.filter((rows.vacant_from <= as_of) & (rows.filled_on.isnull() | (rows.filled_on >= first)))
    filled = (rows.filled_on <= as_of).fill_null(False)
    end = ibis.ifelse(filled, rows.filled_on, as_of)
    days = ibis.greatest(end.delta(ibis.greatest(rows.vacant_from, first), unit="day").cast("int64"), 0)
    found = columns_of(rows.agg(filled=filled.sum(), days=days.sum(), vacancies=rows.count()))
    return float(found["filled"][0] or 0), float(found["days"][0] or 0), float(found["vacancies"][0] or 0)


FAMILY = Family("posts filled", ("posts.vacant_from",), find)
