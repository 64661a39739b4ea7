"""How long a vacant post stays vacant.

    P(filled on a day) = posts filled / days vacant                         (geometric, cut off at the end)
    days_to_fill = 1 / P x pay^hiring_elasticity                            (the mean at pay like that outside)

A post already vacant when the records begin counts from then.
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import numpy as np

from careload.clinic import registry
from careload.model.belief import Beliefs, Found
from careload.model.chances import rate_draws
from careload.model.direct.leaving import pay_factor
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family

FORMULA = "days vacant / posts filled x pay^hiring_elasticity"


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Mean days until a vacant post is filled."""
    filled, days, vacancies = counted(evidence)
    if days <= 0:
        return
    pay, _ = pay_factor(evidence, so_far, "workforce.hiring_elasticity")
    parameter = registry()["workforce"].parameters["days_to_fill"]
    draws = np.clip(pay / rate_draws(evidence.generator("days_to_fill"), filled, days), parameter.low, parameter.high)
    value = float(np.median(draws)) if not filled else float(np.clip(days / filled * np.median(pay),
                                                                     parameter.low, parameter.high))
    yield Found("workforce.days_to_fill", value, FORMULA,
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
