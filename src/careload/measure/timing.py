"""Time until something, with those still waiting counted: rows to medians and shares by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import ibis
import numpy as np

from careload.clinic import Estimate
from careload.measure.answers import Answer
from careload.measure.counted import Counted
from careload.measure.definition import Definition
from careload.measure.estimators import blank
from careload.measure.incidence import EDGE, Counts, Incidence, log_log_band, quantile_interval
from careload.measure.passes import WEIGHT
from careload.measure.questions import Pairs, Question
from careload.measure.ratio import NORMAL, Sums, design_effect, wilson
from careload.measure.view import View

EFFECT_DAYS = (14, 56, 182)
"""Days at which the design effect is measured; between them it is interpolated."""

METHOD = "aalen-johansen-log-log-design-effect"


@dataclass(frozen=True)
class Durations:
    """One group's durations, ready to be told.

    by        the group
    curve     its competing-risk estimate
    sums      name of the day (``t14``) to sums over clusters; ``all`` for everything
    days      days at which there are sums
    weighted  every cluster weighs the same, in millionths
    """

    by: dict[str, str]
    curve: Incidence
    sums: Mapping[str, Sums]
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


def time_question(question: Question, *, even: bool = False) -> Question:
    """What is asked to tell how long: fates by day per cluster, and how many took how long.

    question  rows with `days` (whole), `outcome` (reached, closed, lost, open) and, where rows are cut off
              by the end of the records, `window_days` until then
    even      ask also how it would be if every cluster weighed the same
    """
    counted = question.counted
    return replace(
        question,
        pairs=_pairs(counted, fate_days(question.definition)),
        cells={"days": counted["days"], "outcome": counted["outcome"]},
        even="all" if even else "",
    )


def fate_days(definition: Definition) -> tuple[int, ...]:
    """Days at which sums per cluster are needed."""
    return tuple(sorted({*EFFECT_DAYS, *definition.days}))


def _pairs(counted: Counted, days: Sequence[int]) -> Pairs:
    """Rows whose fate by each day is known whatever happens later, and those of them reached by then."""
    length, outcome = counted["days"], counted["outcome"]
    reached, still_open = outcome == "reached", outcome == "open"
    pairs = {"all": (ibis.literal(True), reached), "open": (still_open, still_open)}
    for day in days:
        known = ~((outcome == "closed") & (length <= day)) & ~(still_open & (length < day))
        if "window_days" in counted:
            known = known & (counted["window_days"] >= day)
        pairs[f"t{day}"] = (known, known & reached & (length <= day))
    return pairs


def durations(answer: Answer, *, even: bool = False) -> Iterator[Durations]:
    """Durations of every group; with `even`, as if every cluster weighed the same."""
    sums, cells = (answer.even_sums, answer.even_cells) if even else (answer.sums, answer.cells)
    days = fate_days(answer.question.definition)
    scale = WEIGHT if even else 1
    for group, own in sums.items():
        if found := cells.get(group):
            counts = Counts.of({cell: number / scale for cell, number in found.items()})
            yield Durations(dict(group), Incidence(counts), own, days, even)


def times(answer: Answer, view: View) -> Iterator[Estimate]:
    """Quantiles and shares by day of every group."""
    for each in durations(answer):
        yield from told(answer.question.definition, view, each)


def told(definition: Definition, view: View, each: Durations, prefix: str = "") -> Iterator[Estimate]:
    """The estimates of one group's durations; `prefix` names the view they are taken in."""
    curve, total, still = each.curve, each.sums["all"], each.sums["open"]
    scale = WEIGHT if each.weighted else 1
    start = replace(
        blank(definition, view, "", tuple(each.by.items())),
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
