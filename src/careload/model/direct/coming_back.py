"""Asking for care again.

    P(back within t days of an end of care) = share (1 - (1 - 1/mean)^t)

of those who dropped out (`reentry_share`) and of those discharged (`relapse_share`), with one mean, by need
group. Cut off at the end of the records, so that in short ones few who come back soon look like many who come
back late: share and mean are as likely as before any record, times the likelihood. Of those who stayed away
some got well, who do not come back as dropouts do: the share of dropouts is that of all who stayed away, over
the part of them who did drop out. Worked out on a grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Draws, Found
from careload.model.direct.waiting import per_day
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.prior import sure_prior_of

Numbers = NDArray[np.float64]

MEANS, SHARES = np.geomspace(20, 1000, 120), np.geomspace(1e-4, 0.99, 300)
TINY, NEVER = 1e-6, -700.0
WAYS = {"dropped": "reentry_share", "completed": "relapse_share"}
WORDS = {"dropped": "stayed away", "completed": "discharged"}
FORMULA = "P(back within t days) = share (1 - (1 - 1/mean)^t), cut off at the end of the records"


@dataclass(frozen=True)
class Ended:
    """Ends of care of one need group and way: days until asking again or the end of the records."""

    need: str
    way: str
    days: Numbers
    back: NDArray[np.bool_]
    people: Numbers

    @property
    def numbers(self) -> tuple[int, int]:
        """Ends of care, and of these how many asked again."""
        return int(self.people.sum()), int(self.people[self.back].sum())


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Shares of every need group of whom somebody asked again, and the mean number of days."""
    ended = counted(evidence)
    for need in dict.fromkeys(own.need for own in ended):
        ways = [own for own in ended if own.need == need]
        if any(own.numbers[1] for own in ways):
            yield from _of_need(need, ways, evidence, so_far)


def _of_need(need: str, ways: list[Ended], evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    chance, part = evidence.generator(f"coming back {need}"), who_dropped_out(need, so_far)
    parts = {"dropped": part, "completed": np.ones(NUMBER_OF_DRAWS)}
    fits = [likelihood(own) + _believed(own, float(np.median(parts[own.way]))) for own in ways]
    of_means = sum((np.logaddexp.reduce(logs, axis=1) for logs in fits), _means_believed(need))
    place = _drawn(of_means, chance, NUMBER_OF_DRAWS)
    for own, logs in zip(ways, fits, strict=True):
        share = _between(SHARES, np.array([_drawn(logs[each], chance, 1)[0] for each in place]), chance)
        share = np.minimum(share / parts[own.way], 1.0)
        ends, back = own.numbers
        yield Found(f"need.{need}.{WAYS[own.way]}", float(np.median(share)), FORMULA,
                    {WORDS[own.way]: ends, "asked again": back}, share, none_seen=not back)
    ends, back = (sum(own.numbers[which] for own in ways) for which in range(2))
    means = _between(MEANS, place, chance)
    yield Found(f"need.{need}.return_after_days", float(np.median(means)), FORMULA,
                {"ends of care": ends, "asked again": back}, means)


def _between(grid: Numbers, place: NDArray[np.int64], chance: np.random.Generator) -> Draws:
    """Values evenly between the steps of a grid of even ratios, half a step about each place."""
    return np.asarray(grid[place] * (grid[1] / grid[0]) ** chance.uniform(-0.5, 0.5, len(place)))


def likelihood(own: Ended) -> Numbers:
    """Log-likelihood, (means, shares)."""
    stays = np.log1p(-1 / MEANS)[:, None] * own.days
    gone = -np.expm1(stays)
    found = np.zeros((len(MEANS), len(SHARES)))
    back = own.back
    found += (own.people[back] * (stays[:, back] - np.log(MEANS)[:, None])).sum(axis=1)[:, None]
    found += own.people[back].sum() * np.log(SHARES)
    for days in np.flatnonzero(~back):
        found += own.people[days] * np.log1p(-SHARES * gone[:, days][:, None] + 1e-15)
    return found


def counted(evidence: Evidence) -> list[Ended]:
    """Ends of care by need group, way and weeks until asking again or the end of the records."""
    rows = _ends(evidence)
    weeks = (rows.days / 7).floor().cast("int64") * 7 + 3
    table = rows.group_by("need", "way", "back", days=weeks).agg(people=rows.patient.count())
    found = columns_of(table.order_by("need", "way", "back", "days"))
    kinds = dict.fromkeys(zip(found["need"].tolist(), found["way"].tolist(), strict=True))
    return [
        Ended(need, way, found["days"][own].astype(float), found["back"][own].astype(bool),
              found["people"][own].astype(float))
        for need, way in kinds for own in [(found["need"] == need) & (found["way"] == way)]
    ]


def _ends(evidence: Evidence) -> ir.Table:
    """Discharges and dropouts: patient, need, way, back, days until back or the end of the records."""
    spells = evidence.courses.spells
    ends = spells.filter(spells.end.isin(list(WAYS)) & (spells.end_day <= evidence.as_of))
    ends = ends.select("patient", "need", "end_day", way=ends.end)
    asked = spells.filter(spells.opened == "asked").select(whose="patient", asked="day")
    again = ends.left_join(asked, [ends.patient == asked.whose, asked.asked > ends.end_day])
    first = again.group_by("patient", "need", "way", "end_day").agg(again=again.asked.min())
    as_of = ibis.literal(evidence.as_of)
    days = ibis.coalesce(first.again, as_of).delta(first.end_day, unit="day").cast("int64")
    return first.mutate(back=first.again.notnull(), days=days)


def who_dropped_out(need: str, so_far: Beliefs) -> Draws:
    """Of all who stayed away the part that dropped out, as far as waits tell: the rest got well."""
    drop, well = f"need.{need}.dropout_per_day", f"need.{need}.remission_per_month"
    if drop not in so_far or not len(so_far[drop].draws):
        return np.ones(NUMBER_OF_DRAWS)
    remission = per_day(so_far[well].draws)
    waiting = so_far[drop].draws
    stayed = so_far[drop].counts.get("stayed away while overdue", 0.0)
    visit = so_far.get(f"need.{need}.dropout_per_visit")
    after = visit.counts.get("stayed away after a visit", 0.0) if visit else 0.0
    part = waiting / (waiting + remission)
    if not stayed + after:
        return np.ones(NUMBER_OF_DRAWS)
    return np.asarray((stayed * part + after) / (stayed + after))


def coming_back(need: str, way: str, so_far: Beliefs) -> tuple[Draws, Draws] | None:
    """Of those who left in a way: the chance of coming back, and q = 1 - 1/mean, still away a day later.

    None where neither was found.
    """
    share, mean = (so_far.get(f"need.{need}.{name}") for name in (WAYS[way], "return_after_days"))
    if share is None or mean is None or not (len(share.draws) and len(mean.draws)):
        return None
    part = who_dropped_out(need, so_far) if way == "dropped" else np.ones(NUMBER_OF_DRAWS)
    return np.minimum(share.draws * part, 1.0), 1 - 1 / np.maximum(mean.draws, 1 + 1e-9)


def _believed(own: Ended, part: float) -> Numbers:
    """Logarithm of how likely each of `SHARES` of all who ended so is beforehand.

    part  of them who may come back
    """
    prior = sure_prior_of(f"need.{own.need}.{WAYS[own.way]}")
    likely = prior.log_density(np.minimum(SHARES / part, 1 - TINY)) + np.log(np.gradient(SHARES))
    return np.asarray(np.where(part > SHARES, likely, NEVER))


def _means_believed(need: str) -> Numbers:
    """The same of each of `MEANS`."""
    prior = sure_prior_of(f"need.{need}.return_after_days")
    return np.asarray(prior.log_density(MEANS) + np.log(np.gradient(MEANS)))


def _drawn(logs: Numbers, chance: np.random.Generator, number: int) -> NDArray[np.int64]:
    odds = np.exp(logs - logs.max())
    return np.asarray(chance.choice(len(odds), number, p=odds / odds.sum()))


FAMILY = Family("asking again", ("referrals.requested_at", "episodes.closed_on"), find)
