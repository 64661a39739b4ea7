"""The cadence of treatment, stage by stage.

    cadence = the interval most often planned after so many visits; a stage begins where that changes

Short records may have nobody who came to the last stage since they began. It is told by those in care before:
an interval often planned for them, and not yet among the stages, begins after the last visit that was told.

Plans written down tell the cadence only where they do not follow what slots there are. Whether they do is
told by

    log(plan) = mean of the need group and number of visits + slope log(return interval of the site's month)

A slope near 1 says that people write down what they can get; near 0 that they plan what treatment asks for.
Where it is surely above `FOLLOWS`, the plans are not believed and the cadence rests on the assumption.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.model.belief import Beliefs, Found
from careload.model.evidence import Evidence, columns_of, rows_of
from careload.model.family import Family

Numbers = NDArray[np.float64]

LEAST_PLANS = 5
"""Fewest plans after a number of visits from which its interval is told."""
OFTEN = 0.2
"""Share of the plans of those in care before the records that tells of a further stage (assumed)."""
NOBODY_KNOWS = -1
MOST_STAGES = 8
FOLLOWS, SURELY = 0.1, 1.645
"""Slope from which plans follow waits, and how many standard errors above it (assumed)."""
NOTE = ("Planned intervals rise with the waits of the month (slope {slope:.2f}): what is written is what "
        "there was, not what treatment asks for.")
FORMULA = "the interval most often planned after so many visits"


@dataclass(frozen=True)
class Following:
    """By how much planned intervals follow the waits.

    slope, error  of log(plan) on log(mean return interval of the site's month), and its standard error
    plans         how many were looked at
    """

    slope: float
    error: float
    plans: int

    @property
    def follows(self) -> bool:
        """Whether plans surely follow the waits."""
        return self.slope - SURELY * self.error > FOLLOWS


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Intervals and the visits from which they hold, of every need group."""
    rows = evidence.courses.visits
    rows = rows.filter(rows.plan.notnull() & (rows.plan > 0))
    rows = rows.mutate(number=ibis.ifelse(rows.whole, rows.number, NOBODY_KNOWS))
    table = rows.group_by("need", "number", "plan").agg(plans=rows.patient.count())
    found = columns_of(table.order_by("need", "number", "plan"))
    following = following_waits(evidence)
    for need in sorted(set(found["need"].tolist())):
        own = {name: column[found["need"] == need] for name, column in found.items()}
        number, plan, plans = (own[name].astype(int) for name in ("number", "plan", "plans"))
        cadence, starts = stages(number + 1, plan, plans)
        if not cadence:
            continue
        note = NOTE.format(slope=following.slope) if following.follows else ""
        counts = {"plans": int(own["plans"].sum())}
        for name, value in (("cadence_days", cadence), ("stage_from_visit", starts)):
            yield Found(f"need.{need}.{name}", value, FORMULA, counts, note=note,
                        trusted=not following.follows)


def stages(after: NDArray[np.int64], plan: NDArray[np.int64], plans: NDArray[np.int64]) -> tuple[
    tuple[float, ...], tuple[float, ...]
]:
    """Intervals, and the visits attended from which each holds; none where there are too few plans.

    after  (rows,) visits attended so far; below 1 where nobody knows
    plan   (rows,) days planned
    plans  (rows,) how often
    """
    usual = []
    for number in range(1, int(after.max(initial=0)) + 1):
        own = after == number
        if plans[own].sum() < LEAST_PLANS:
            break
        usual.append(int(plan[own][np.argmax(plans[own])]))
    if not usual:
        return (), ()
    usual += _later(plan[after < 1], plans[after < 1], usual)
    begins = [place for place in range(len(usual)) if place == 0 or usual[place] != usual[place - 1]]
    begins = begins[:MOST_STAGES]
    starts = (float(place + 1 if place else 0) for place in begins)
    return tuple(float(usual[place]) for place in begins), tuple(starts)


def _later(plan: NDArray[np.int64], plans: NDArray[np.int64], usual: list[int]) -> list[int]:
    """The interval of a stage that only those came to who were in care before the records; or none."""
    new = ~np.isin(plan, usual)
    if not new.any() or plans[new].max() < max(LEAST_PLANS, OFTEN * plans.sum()):
        return []
    return [int(plan[new][np.argmax(plans[new])])]


def following_waits(evidence: Evidence) -> Following:
    """By how much planned intervals follow the waits of their site and month."""
    rows = evidence.courses.visits
    rows = rows.mutate(month=rows.day.truncate("month"), site=rows.site.fill_null(""))
    held = rows.filter(rows.gap_days > 0)
    waits = held.group_by(at="site", then="month").agg(gap=held.gap_days.mean(), seen=held.gap_days.count())
    waits = waits.filter(waits.seen >= LEAST_PLANS)
    planned = rows.filter(rows.plan.notnull() & (rows.plan > 0))
    alike = planned.group_by("need", "number", "site", "month").agg(
        plans=planned.plan.count(), y=planned.plan.cast("float64").ln().mean())
    alike = alike.join(waits, [alike.site == waits["at"], alike.month == waits.then])
    return _slope(rows_of(_around_usual(alike.mutate(x=alike.gap.ln()))))


def _around_usual(alike: ir.Table) -> ir.Table:
    """By site and month: sums of x x and x y around the means of the same visit of the same need group.

    alike  need, number, site, month; plans, how many; y, the mean logarithm of their days; x, that of the gap
    """
    window = ibis.window(group_by=[alike.need, alike.number])
    whole = alike.plans.sum().over(window)
    centred = alike.mutate(
        dy=alike.y - (alike.plans * alike.y).sum().over(window) / whole,
        dx=alike.x - (alike.plans * alike.x).sum().over(window) / whole,
    )
    return centred.group_by("site", "month").agg(
        xx=(centred.plans * centred.dx * centred.dx).sum(),
        xy=(centred.plans * centred.dx * centred.dy).sum(), plans=centred.plans.sum())


def _slope(rows: list[dict[str, float]]) -> Following:
    """Least squares, its doubt by site and month: plans of one month are alike."""
    xx, xy, plans = (np.array([row[name] or 0.0 for row in rows]) for name in ("xx", "xy", "plans"))
    if xx.sum() <= 1e-9:
        return Following(0.0, np.inf, int(plans.sum()))
    slope = xy.sum() / xx.sum()
    error = np.sqrt(((xy - slope * xx) ** 2).sum()) / xx.sum()
    return Following(float(slope), float(error), int(plans.sum()))


FAMILY = Family("cadence", ("appointments.prescribed_interval_days",), find)
