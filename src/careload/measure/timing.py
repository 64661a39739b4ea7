"""Time until something, with those still waiting counted: rows to medians and shares by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import numpy as np

from careload.clinic import Estimate
from careload.measure.clusters import sums_by_group
from careload.measure.definition import Definition
from careload.measure.engine import fetch, flag, key
from careload.measure.estimators import blank
from careload.measure.groups import margins, with_groups
from careload.measure.incidence import EDGE, Counts, Incidence, log_log_band, quantile_interval
from careload.measure.ratio import NORMAL, Sums, design_effect, wilson
from careload.measure.view import View

EFFECT_DAYS = (14, 56, 182)
"""Days at which the design effect is measured; between them it is interpolated."""

METHOD = "aalen-johansen-log-log-design-effect"
WEIGHT = 1_000_000
"""Weight of one patient where every patient weighs the same: whole millionths, exact on every engine."""


@dataclass(frozen=True)
class Durations:
    """One group's durations, ready to be told.

    by      the group
    curve   its competing-risk estimate
    sums    name of the day (``t14``) to sums over clusters; ``all`` for everything
    """

    by: dict[str, str]
    curve: Incidence
    sums: dict[str, Sums]
    days: tuple[int, ...]
    weighted: bool = False

    @property
    def people(self) -> int:
        """Clusters behind the durations."""
        return self.sums["all"].clusters

    def effect(self, day: float) -> float:
        """Design effect at `day`; never below 1 where rows, not people, are counted."""
        known = [design_effect(self.sums[f"t{t}"]) if self.sums[f"t{t}"].n else None for t in self.days]
        points = [(t, e) for t, e in zip(self.days, known, strict=True) if e is not None]
        if not points:
            return 1.0
        found = float(np.interp(day, [t for t, _ in points], [e for _, e in points]))
        # Weighted counts sum to people but are summed in millionths: the effect scales with the weight.
        return found / WEIGHT if self.weighted else max(1.0, found)

    def share_by(self, day: int) -> tuple[float, float, float] | None:
        """Share reached by `day` among those not closed, with its 95 % interval; None if all are closed."""
        index = self.curve.at(day)
        if index >= 0 and self.curve.share["closed"][index] > 1 - EDGE:
            return None
        value = float(self.curve.of_those_not_closed[index]) if index >= 0 else 0.0
        if not EDGE < value < 1 - EDGE:
            return float(round(value)), *self._none_or_all(day, round(value))
        variance = self.curve.variance[index : index + 1] * self.effect(day)
        low, high = log_log_band(self.curve.of_those_not_closed[index : index + 1], variance)
        return value, float(low[0]), float(high[0])

    def _none_or_all(self, day: int, share: int) -> tuple[float, float]:
        """Wilson's interval where none or all were reached: a log-log band has no width there."""
        known = self.sums[f"t{day}"].n / (WEIGHT if self.weighted else 1)
        return wilson(share, max(known / self.effect(day), EDGE), NORMAL)

    def quantile(self, q: float) -> tuple[float | None, float | None, float | None]:
        """Day by which a share q was reached, with its 95 % interval; None where never."""
        value = self.curve.quantile(q)
        effect = self.effect(self.curve.last_day if value is None else value)
        return value, *quantile_interval(self.curve, q, effect, NORMAL)


def durations(
    definition: Definition, rows: ir.Table, view: View, by: Sequence[str], *, weighted: bool = False
) -> Iterator[Durations]:
    """Durations of every group of every margin of `by`.

    rows      cluster column, `days` (whole), `outcome` (reached, closed, lost, open) and, where
              rows are cut off by the end of the records, `window_days` until then
    weighted  every cluster weighs the same in all, instead of every row
    """
    days = tuple(sorted({*EFFECT_DAYS, *definition.days}))
    if "window_days" not in rows.columns:
        rows = rows.mutate(window_days=ibis.literal(10**6, type="int64"))
    one = ibis.literal(1, type="int64")
    rows = _weighted(definition, rows, view) if weighted else rows.mutate(weight=one)
    counts = _counts(definition, rows, view, by)
    for group, sums in sums_by_group(definition, rows, view, by, _pairs(rows, days)):
        found = counts.get(tuple(sorted(group.items())))
        if found:
            scale = WEIGHT if weighted else 1
            curve = Incidence(Counts.of({cell: number / scale for cell, number in found.items()}))
            yield Durations(group, curve, sums, days, weighted)


def times(definition: Definition, rows: ir.Table, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    """Quantiles and shares by day of every group."""
    for each in durations(definition, rows, view, by):
        yield from told(definition, view, each)


def told(definition: Definition, view: View, each: Durations, prefix: str = "") -> Iterator[Estimate]:
    """The estimates of one group's durations; `prefix` names the view they are taken in."""
    curve, total, still = each.curve, each.sums["all"], each.sums["open"]
    scale = WEIGHT if each.weighted else 1
    start = replace(
        blank(definition, view, "", each.by),
        n=total.clusters if each.weighted else total.n,
        censored=still.clusters if each.weighted else still.n,
        at_risk=total.clusters,
        events=round(total.y / scale),
        interval=METHOD,
        counted="patients" if each.weighted else definition.counted,
    )
    for q in definition.quantiles:
        value, low, high = each.quantile(q)
        name = "median" if q == 0.5 else f"p{round(100 * q)}"
        note = "" if value is not None else f"not reached within {curve.last_day:.0f} days of records"
        yield replace(
            start,
            statistic=prefix + name,
            value=value,
            high=high,
            note=note,
            low=curve.last_day if low is None and value is None else low,
        )
    for day in definition.days:
        known = day <= curve.last_day or curve.waiting[-1] < EDGE
        if known and (share := each.share_by(day)) is not None:
            value, low, high = share
            reached = round(float(curve.counts.reached[: curve.at(day) + 1].sum()))
            yield replace(
                start,
                statistic=f"{prefix}{definition.share_name}_{day}",
                unit="share",
                value=value,
                low=low,
                high=high,
                events=reached,
            )


def _weighted(definition: Definition, rows: ir.Table, view: View) -> ir.Table:
    """`rows` with whole millionths such that the rows of one cluster together weigh one."""
    own = rows.group_by(whose_=rows[definition.cluster]).agg(number=rows.count())
    weights = own.select("whose_", weight=(ibis.literal(WEIGHT) / own.number).floor().cast("int64"))
    weights = view.keep(f"{definition.name}_weights", weights)
    return rows.join(weights, rows[definition.cluster] == weights.whose_).drop("whose_")


def _pairs(rows: ir.Table, days: Sequence[int]) -> dict[str, tuple[ir.Value, ir.Value]]:
    """Rows whose fate by each day is known whatever happens later, and those of them reached by then."""
    reached = rows.outcome == "reached"
    is_open = flag(rows.outcome == "open")
    pairs = {"all": (rows.weight, rows.weight * flag(reached)), "open": (is_open, is_open)}
    for day in days:
        closed = (rows.outcome == "closed") & (rows.days <= day)
        cut = (rows.outcome == "open") & (rows.days < day)
        known = (rows.window_days >= day) & ~closed & ~cut
        pairs[f"t{day}"] = (
            rows.weight * flag(known),
            rows.weight * flag(known & reached & (rows.days <= day)),
        )
    return pairs


def _counts(
    definition: Definition, rows: ir.Table, view: View, by: Sequence[str]
) -> dict[tuple[tuple[str, str], ...], dict[tuple[int, str], int]]:
    """Group (its items, sorted) to (days, outcome) to weight, for every margin."""
    values = {"days": rows.days, "outcome": rows.outcome, "weight": rows.weight}
    rows, usable = with_groups(rows, view, definition.table, by, **values)
    finest = fetch(rows.group_by([*usable, "days", "outcome"]).agg(number=rows.weight.sum().cast("int64")))
    found: dict[tuple[tuple[str, str], ...], dict[tuple[int, str], int]] = {}
    for row in finest:
        for subset in margins(usable):
            group = tuple(sorted(zip(subset, key(row, subset), strict=True)))
            cell = (int(row["days"]), row["outcome"])
            cells = found.setdefault(group, {})
            cells[cell] = cells.get(cell, 0) + int(row["number"])
    return found
