"""Does a plan hide harm?

    worse in a pair of runs  = figure of the plan > figure of today x (1 + margin), on the same luck;
                               of a share that is to be high, lower than today's x (1 - margin)
    a side is made worse     = worse in at least `SURE` of all pairs

Asked of everybody, and of each site, profession and need group: what is gained by some may be taken from
others. Runs of the plan and of the service as it is are paired: the same of what may be true, the same luck.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from careload.simulate import Simulated, figure_named, groups

Numbers = NDArray[np.float64]

SURE, MARGIN = 0.95, 0.05
"""A side is made worse where so many pairs of runs say so, by more than this part of today's figure
(assumed)."""
LEAST = 1e-6
"""Where today's figure is 0, more than this is worse."""


@dataclass(frozen=True)
class Side:
    """A side on which harm is easily hidden.

    name                as people call it
    measure, statistic  a figure of a run
    worse               ``more`` or ``less``: which way it gets worse
    why                 who bears it
    """

    name: str
    measure: str
    statistic: str
    worse: str
    why: str


@dataclass(frozen=True)
class Harm:
    """A side that a plan makes worse.

    side         which
    by           whose: {} for everybody, else a site, profession or need group
    today, plan  medians over the runs, in the unit of the figure; infinite where it is not reached
    unit         of the figure
    share        of pairs of runs in which it is worse by more than the margin
    margin       part of today's figure
    """

    side: Side
    by: Mapping[str, str]
    today: float
    plan: float
    unit: str
    share: float
    margin: float

    def __str__(self) -> str:
        whose = f" of {', '.join(self.by.values())}" if self.by else ""
        return (f"{self.side.name}{whose}: {self.today:.3g} {self.unit} today, {self.plan:.3g} with the "
                f"plan, worse by more than {100 * self.margin:g} % in {100 * self.share:.0f} of 100 pairs of "
                f"runs. {self.side.why}")


@cache
def sides() -> tuple[Side, ...]:
    """All there are, in the order of the file."""
    text = files("careload.staff.judging").joinpath("hidden.toml").read_text(encoding="utf-8")
    return tuple(Side(**own) for own in tomllib.loads(text)["side"])


def harms(today: Simulated, plan: Simulated, margin: float = MARGIN) -> tuple[Harm, ...]:
    """Every side that a plan makes worse, for everybody or for a group.

    today, plan  runs in pairs on the same luck
    margin       part of today's figure by which it may be worse
    """
    return tuple(_harms(today, plan, margin))


def _harms(today: Simulated, plan: Simulated, margin: float) -> Iterator[Harm]:
    others = {tuple(group.by.items()): group for group in groups(plan.service)}
    for side in sides():
        figure = figure_named(side.measure, side.statistic)
        for group in groups(today.service):
            before = today.values(figure, group)
            after = plan.values(figure, others[tuple(group.by.items())])
            known = ~(np.isnan(before) | np.isnan(after))
            if not known.any():
                continue
            before, after = before[known], after[known]
            share = float(_worse(before, after, margin, side.worse).mean())
            if share >= SURE:
                middles = float(np.median(before)), float(np.median(after))
                yield Harm(side, group.by, *middles, figure.unit, share, margin)


def _worse(before: Numbers, after: Numbers, margin: float, way: str) -> NDArray[np.bool_]:
    """(pairs,) whether each is worse by more than the margin; not reached in both is not."""
    if way == "less":
        return np.asarray(after < before * (1 - margin) - LEAST)
    return np.asarray((after > np.maximum(before * (1 + margin), LEAST)) & ~np.isinf(before))
