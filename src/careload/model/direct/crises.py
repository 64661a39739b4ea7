"""What becomes of crises: in an emergency department, admitted, or neither.

    share = crises that ended so / all crises          (binomial; few lean on the other need groups)
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from careload.model.belief import Beliefs, Found
from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.pooling import pooled_shares

KINDS = {"ed_share": ("ed", "emergency visits"), "admission_share": ("inpatient", "admissions")}


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Shares of crises by what became of them, of every need group."""
    rows = evidence.view.table("encounters")
    rows = rows.left_join(evidence.courses.needs, "patient").drop("patient_right")
    rows = rows.filter(rows.starts_at.date() <= evidence.as_of).mutate(need=rows.need.fill_null(EVERYBODY))
    table = rows.group_by("need").agg(
        crises=rows.kind.count(), ed=(rows.kind == "ed").sum(), inpatient=(rows.kind == "inpatient").sum(),
    )
    found = columns_of(table.order_by("need"))
    for name, (kind, words) in KINDS.items():
        draws = pooled_shares(found[kind], found["crises"], evidence.generator(name))
        for place, need in enumerate(found["need"]):
            counts = {words: int(found[kind][place]), "crises": int(found["crises"][place])}
            yield Found(
                f"need.{need}.{name}", float(np.median(draws[place])), f"{words} / crises", counts,
                draws[place], none_seen=not found[kind][place],
            )


FAMILY = Family("crises", ("encounters.kind",), find)
