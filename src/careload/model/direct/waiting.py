"""What waiting does: dropping out, crises, quitting after a visit, dying and moving away.

    P(event at a midnight beyond due) = events / midnights beyond due           (geometric, competing risks;
                                        midnights from the first day of the records on)
    dropping out + getting well untreated = staying away                     (no record tells the two apart)
    dropout_per_visit = those who stayed away on the day of a visit / visits with a next one planned
    died, moved per year = 1 - exp(-events / years in care)

Rates of need groups with few events lean on those of the others (`pooling`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from careload.model.belief import Beliefs, Draws, Found
from careload.model.courses import in_crisis, midnights_overdue
from careload.model.direct.hand_over import WITHIN_DAYS
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.pooling import pooled_rates
from careload.model.prior import generator, sure_prior_of

DAYS_A_MONTH, DAYS_A_YEAR = 365.25 / 12, 365.25
Column = NDArray[Any]
LONG, MANY = 90, 11
"""So many requests open for longer than so many days, and none closed without a visit: nobody closes them."""
LOGIT, GRID = 12.0, 481
"""Log-odds between which the part that got well is sought, and steps of the grid."""
DROPPING_OUT = "stayed away while overdue / midnights beyond due - remission a day"
GETTING_WELL = "as believed beforehand, as far as dropping out is left beside it"
NOBODY_TELLS = "No record tells who got well from who dropped out."


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Hazards of every need group."""
    found = counted(evidence)
    yield from _staying_away(evidence, found)
    if evidence.has("encounters"):
        yield from _rate(evidence, found, "crisis_per_day", ("crises", "crises beyond due"),
                         ("crisis_midnights", "midnights beyond due"))
    yield from _rate(evidence, found, "dropout_per_visit", ("quits", "stayed away after a visit"),
                     ("visits", "visits with a next one planned"))
    for name, word in (("died_per_year", "died"), ("moved_per_year", "moved")):
        yield from _yearly(evidence, found, name, word)


def counted(evidence: Evidence) -> dict[str, Column]:
    """By need group: events and the time or visits in which they could have happened."""
    rows = evidence.courses.spells
    people = evidence.staffing.people.select(whose="clinician", left_on="left_on")
    rows = rows.left_join(people, rows.clinician == people.whose)
    # Of others nobody would have written down that they left.
    followed = rows.in_care | (rows.asked & _told_who_gave_up(evidence))
    rows = rows.filter((rows.due.notnull() | (rows.opened == "held")) & followed)
    late = midnights_overdue(rows, evidence.first)
    crises_from = evidence.begins("encounters.starts_at")
    waits, beyond = rows.opened != "crisis", late > 0
    planned = (rows.opened == "held") & rows.due.notnull()
    away, at_once = (rows.end == "dropped") & ~_handed_over(rows), rows.open_days == 0
    table = rows.group_by("need").agg(
        midnights=(late * ibis.ifelse(waits, 1, 0)).sum(),
        crisis_midnights=(midnights_overdue(rows, crises_from) * ibis.ifelse(waits, 1, 0)).sum(),
        dropped=(away & beyond & waits).sum(),
        crises=(in_crisis(rows) & beyond & waits).sum(),
        visits=planned.sum(), quits=(planned & away & at_once).sum(),
        # Why a request ended without a visit is often not written down.
        days=(rows.open_days * ibis.ifelse(rows.in_care, 1, 0)).sum(),
        died=((rows.end == "died") & rows.in_care).sum(),
        moved=((rows.end == "moved") & rows.in_care).sum(),
    )
    return columns_of(table.order_by("need"))


def _handed_over(rows: ir.Table) -> ir.BooleanValue:
    """Whether a wait ended as its clinician left: `hand_over` counts who dropped out then."""
    since = rows.end_day.delta(rows.left_on, unit="day").cast("int64")
    return since.between(0, WITHIN_DAYS).fill_null(False)


def _told_who_gave_up(evidence: Evidence) -> bool:
    """Whether requests that end without a visit are closed: some are, or none has been open for long."""
    if not evidence.has("referrals.closed_on"):
        return False
    rows = evidence.courses.spells
    rows = rows.filter(rows.opened == "asked")
    left, long = rows.end.isin(["dropped", "other"]), (rows.end == "waiting") & (rows.open_days > LONG)
    found = columns_of(rows.agg(left=left.sum(), long=long.sum()))
    return bool(found["left"][0]) or int(found["long"][0] or 0) < MANY


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
    """Chance a day of dropping out and a month of getting well, which together are that of staying away.

    Of each draw of staying away a part got well: as likely as this remission, and as the dropping out that is
    left, were before any record.
    """
    well, drop = f"need.{need}.remission_per_month", f"need.{need}.dropout_per_day"
    part = expit(np.linspace(-LOGIT, LOGIT, GRID))
    daily = part * away[:, None]
    monthly = per_month(daily)
    # Densities are of monthly and daily chances, the grid is even in log-odds: the last terms are the slopes.
    log_odds = (
        sure_prior_of(well).log_density(monthly) + sure_prior_of(drop).log_density(away[:, None] - daily)
        + (DAYS_A_MONTH - 1) * np.log1p(-daily) + np.log(part * (1 - part))
    )
    odds = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    reached = np.cumsum(odds, axis=1)
    levels = generator(f"{drop} of those who stayed away", seed).uniform(size=(len(away), 1))
    chosen = (reached < levels * reached[:, -1:]).sum(axis=1)
    got_well = daily[np.arange(len(away)), chosen]
    return away - got_well, per_month(got_well)


def per_day(monthly: Draws) -> Draws:
    """The chance a day of what has a chance a month: 1 - (1 - p)^(1 / days a month)."""
    return np.asarray(1 - (1 - monthly) ** (1 / DAYS_A_MONTH))


def per_month(daily: Draws) -> Draws:
    """The chance a month of what has a chance a day: 1 - (1 - p)^days a month."""
    return np.asarray(1 - (1 - daily) ** DAYS_A_MONTH)


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
