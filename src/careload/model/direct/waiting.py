"""What waiting does: dropping out, crises, quitting after a visit, dying and moving away.

    P(event at a midnight beyond due) = events / midnights beyond due           (geometric, competing risks)
    dropping out + getting well untreated = staying away                     (no record tells the two apart)
    dropout_per_visit = those who stayed away on the day of a visit / visits with a next one planned
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
from careload.model.courses import in_crisis
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.pooling import pooled_rates
from careload.model.prior import draws_of, generator, sure_prior_of

DAYS_A_MONTH, DAYS_A_YEAR = 365.25 / 12, 365.25
Column = NDArray[Any]
MANY, LEAST = 20_000, 1e-9
DROPPING_OUT = "stayed away while overdue / midnights beyond due - remission a day"
GETTING_WELL = "as believed beforehand, as far as dropping out is left beside it"
NOBODY_TELLS = "No record tells who got well from who dropped out."


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Hazards of every need group."""
    found = counted(evidence)
    yield from _staying_away(evidence, found)
    midnights = ("midnights", "midnights beyond due")
    if evidence.has("encounters"):
        yield from _rate(evidence, found, "crisis_per_day", ("crises", "crises beyond due"), midnights)
    yield from _rate(evidence, found, "dropout_per_visit", ("quits", "stayed away after a visit"),
                     ("visits", "visits with a next one planned"))
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
        midnights=(late * ibis.ifelse(waits, 1, 0)).sum(), dropped=(away & beyond & waits).sum(),
        crises=(in_crisis(rows) & beyond & waits).sum(),
        visits=planned.sum(), quits=(planned & away & at_once).sum(),
        # Why a request ended without a visit is often not written down.
        days=(rows.open_days * ibis.ifelse(rows.in_care, 1, 0)).sum(),
        died=((rows.end == "died") & rows.in_care).sum(),
        moved=((rows.end == "moved") & rows.in_care).sum(),
    )
    return columns_of(table.order_by("need"))


def _with(found: dict[str, Column], exposure: str) -> dict[str, Column]:
    """Need groups of which something could have happened."""
    return {name: own[found[exposure] > 0] for name, own in found.items()}


def _staying_away(evidence: Evidence, found: dict[str, Column]) -> Iterator[Found]:
    """Dropping out and getting well while overdue, which together are staying away."""
    found = _with(found, "midnights")
    draws = pooled_rates(found["dropped"], found["midnights"], evidence.generator("dropped"))
    for place, need in enumerate(found["need"]):
        rest, well = parted(draws[place], str(need), evidence.seed)
        counts = {"stayed away while overdue": int(found["dropped"][place]),
                  "midnights beyond due": int(found["midnights"][place])}
        yield Found(f"need.{need}.dropout_per_day", float(np.median(rest)), DROPPING_OUT, counts, rest,
                    note=NOBODY_TELLS)
        yield Found(f"need.{need}.remission_per_month", float(np.median(well)), GETTING_WELL, counts, well,
                    note=NOBODY_TELLS)


def parted(away: Draws, need: str, seed: int) -> tuple[Draws, Draws]:
    """Chance a day of dropping out and a month of getting well, from that of staying away for either reason.

    A draw is as likely as its remission, and as the dropping out that is left, were before any record: draws
    in which more got well than stayed away are impossible.
    """
    well, drop = f"need.{need}.remission_per_month", f"need.{need}.dropout_per_day"
    of_well, of_drop = sure_prior_of(well), sure_prior_of(drop)
    chance = generator(f"{drop} of those who stayed away", seed)
    monthly = draws_of(of_well, well, seed, MANY)
    rest = chance.choice(away, MANY) - per_day(monthly)
    odds = np.where(rest > 0, of_drop.density(np.maximum(rest, LEAST)), 0.0)
    if not odds.any():
        return np.full(len(away), LEAST), per_month(away)
    chosen = chance.choice(MANY, len(away), p=odds / odds.sum())
    return rest[chosen], monthly[chosen]


def per_day(per_month: Draws) -> Draws:
    """The chance a day of what has a chance a month: 1 - (1 - p)^(1 / days a month)."""
    return np.asarray(1 - (1 - per_month) ** (1 / DAYS_A_MONTH))


def per_month(per_day: Draws) -> Draws:
    """The chance a month of what has a chance a day."""
    return np.asarray(1 - (1 - per_day) ** DAYS_A_MONTH)


def _rate(
    evidence: Evidence, found: dict[str, Column], name: str, events: tuple[str, str],
    exposure: tuple[str, str],
) -> Iterator[Found]:
    """A chance of each need group, events over exposure; each a column and its words."""
    found = _with(found, exposure[0])
    draws = pooled_rates(found[events[0]], found[exposure[0]], evidence.generator(name))
    for place, need in enumerate(found["need"]):
        counts = {words: int(found[column][place]) for column, words in (events, exposure)}
        yield Found(
            f"need.{need}.{name}", float(np.median(draws[place])), f"{events[1]} / {exposure[1]}", counts,
            draws[place], none_seen=not found[events[0]][place],
        )


def _yearly(evidence: Evidence, found: dict[str, Column], name: str, word: str) -> Iterator[Found]:
    found = _with(found, "days")
    years = found["days"] / DAYS_A_YEAR
    draws = -np.expm1(-pooled_rates(found[word], years, evidence.generator(name)))
    for place, need in enumerate(found["need"]):
        counts = {word: int(found[word][place]), "years in care": round(float(years[place]), 1)}
        yield Found(
            f"need.{need}.{name}", float(np.median(draws[place])), f"1 - exp(-{word} / years in care)",
            counts, draws[place], none_seen=not found[word][place],
        )


NEEDS = ("episodes.closed_on", "appointments.prescribed_interval_days")
FAMILY = Family("waits and what ends them", NEEDS, find)
