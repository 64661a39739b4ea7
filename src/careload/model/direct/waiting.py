"""What waiting does: dropping out, crises, quitting after a visit, dying and moving away.

    P(event at a midnight beyond due) = events / midnights beyond due           (geometric, competing risks)
    dropping out = all who stayed away - those who got well untreated           (no record tells the two apart)
    dropout_per_visit = who stayed away before the next visit was due / visits with one planned
    died, moved per year = 1 - exp(-events / years in care)

Rates of need groups with few events lean on those of the others (`pooling`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray

from careload.model.belief import Beliefs, Draws, Found
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.pooling import pooled_rates
from careload.model.prior import draws_of, prior_of

DAYS_A_MONTH, DAYS_A_YEAR = 365.25 / 12, 365.25
Column = NDArray[Any]


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Hazards of every need group."""
    found = counted(evidence)
    yield from _staying_away(evidence, found)
    yield from _rate(evidence, found, "crisis_per_day", "crises", "midnights", "crises / midnights beyond due",
                     {"crises": "crises", "midnights": "midnights beyond due"})
    yield from _rate(evidence, found, "dropout_per_visit", "quits", "visits",
                     "stayed away before the next visit was due / visits with one planned",
                     {"quits": "stayed away before due", "visits": "visits with one planned"})
    for name, word in (("died_per_year", "died"), ("moved_per_year", "moved")):
        yield from _yearly(evidence, found, name, word)


def counted(evidence: Evidence) -> dict[str, Column]:
    """By need group: events and the time or visits in which they could have happened."""
    rows = evidence.courses.spells
    rows = rows.filter(rows.due.notnull() | (rows.opened == "held"))
    late = ibis.greatest(rows.late_days, 0).fill_null(0)
    waits, beyond = rows.opened != "crisis", late > 0
    planned = (rows.opened == "held") & rows.due.notnull()
    away, at_once = rows.end == "dropped", rows.open_days == 0
    table = rows.group_by("need").agg(
        midnights=(late * waits.cast("int64")).sum(), dropped=(away & beyond & waits).sum(),
        crises=(rows.end.isin(["crisis", "admitted"]) & beyond & waits).sum(),
        visits=planned.sum(), quits=(planned & away & at_once).sum(),
        days=rows.open_days.sum(), died=(rows.end == "died").sum(), moved=(rows.end == "moved").sum(),
    )
    return columns_of(table.order_by("need"))


def _staying_away(evidence: Evidence, found: dict[str, Column]) -> Iterator[Found]:
    """Dropping out while overdue: all who stayed away, less those who got well, of whom no record tells."""
    values, draws = pooled_rates(found["dropped"], found["midnights"], evidence.generator("dropped"))
    for place, need in enumerate(found["need"]):
        well = f"need.{need}.remission_per_month"
        prior = prior_of(well)
        assert prior is not None
        recovered = per_day(draws_of(prior, well, evidence.seed))
        # Of all who stay away the share that got well is no surer than the prior, and never all of them.
        share = np.minimum(recovered / (recovered + _usual(evidence, str(need))), 1.0)
        rest = np.where(draws[place] > recovered, draws[place] - recovered, draws[place] * (1 - share))
        middle = float(per_day(np.array(prior.middle)))
        value = values[place] - middle if values[place] > middle else float(np.median(rest))
        yield Found(
            f"need.{need}.dropout_per_day", value,
            "stayed away while overdue / midnights beyond due - remission a day", {
                "stayed away while overdue": int(found["dropped"][place]),
                "midnights beyond due": int(found["midnights"][place]),
            }, rest,
            note="No record tells who got well from who dropped out: the remission of the literature is taken off.",
        )


def _usual(evidence: Evidence, need: str) -> Draws:
    place = f"need.{need}.dropout_per_day"
    prior = prior_of(place)
    assert prior is not None
    return draws_of(prior, place, evidence.seed)


def per_day(per_month: Draws) -> Draws:
    """The chance a day of what has a chance a month: 1 - (1 - p)^(1 / days a month)."""
    return np.asarray(1 - (1 - per_month) ** (1 / DAYS_A_MONTH))


def _rate(
    evidence: Evidence, found: dict[str, Column], name: str, events: str, exposure: str, formula: str,
    words: dict[str, str],
) -> Iterator[Found]:
    if not evidence.has("encounters") and name == "crisis_per_day":
        return
    values, draws = pooled_rates(found[events], found[exposure], evidence.generator(name))
    for place, need in enumerate(found["need"]):
        counts = {words[key]: int(found[key][place]) for key in (events, exposure)}
        yield Found(f"need.{need}.{name}", float(values[place]), formula, counts, draws[place])


def _yearly(evidence: Evidence, found: dict[str, Column], name: str, word: str) -> Iterator[Found]:
    values, draws = pooled_rates(found[word], found["days"] / DAYS_A_YEAR, evidence.generator(name))
    for place, need in enumerate(found["need"]):
        yield Found(
            f"need.{need}.{name}", float(-np.expm1(-values[place])), f"1 - exp(-{word} / years in care)",
            {word: int(found[word][place]), "years in care": round(float(found["days"][place]) / DAYS_A_YEAR, 1)},
            np.asarray(-np.expm1(-draws[place])),
        )


FAMILY = Family("waits and what ends them", ("episodes.closed_on", "appointments.prescribed_interval_days"), find)
