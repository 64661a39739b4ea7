"""Is a program the same model as the oracle? Equivalence with a stated margin, from replications of both.

Not to find a difference proves little when there are few replications. So here the burden is turned round
(two one-sided tests, Schuirmann 1987): two programs are *equivalent* when for every quantity below the whole
interval of their difference lies inside a margin. The intervals hold together with 99 %.

    means         the outputs that are means, shares or counts, at each size. Margin: 0.4 standard deviations
                  of a replication at S (0.4 days of the mean interval), at M the same in per cent: less than
                  half of what luck alone puts between two runs of 20 clinicians
    chances       the five that the model is made of, read back from the outputs, all sizes together. Margin:
                  1 %, so that an error of 1 % in any of them passes less than once in a hundred times
    distribution  of all intervals: the days by which those of one program would have to be moved, on average,
                  to be those of the other (the area between both laws). It stands for the median and the p90,
                  which are whole days and jump where the mean hardly moves. Margin: half a day

Intervals within a replication depend on one another, so replications are what is counted: means and their
standard errors are over replications, shares and chances are ratios of sums with the error of a ratio.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from benchmarks.return_clinic.text import SIZES, Outputs, ReturnClinic
from numpy.typing import NDArray

LEVEL = 0.99
MEANS = ("mean", "pct14", "ed", "crises", "drop", "util", "visits", "intake")
"""The outputs that are means or counts; the other two, the median and p90, are judged by the distribution."""

MARGIN_FROM = "S"
SPREADS_ALLOWED, CHANCE_ALLOWED, DAYS_ALLOWED = 0.4, 0.01, 0.5
LEAST_MARGIN = 1e-4
"""In parts of the mean: every slot is used in every replication, so the spread of `util` is none."""

RESAMPLED = 1000
Numbers = NDArray[np.float64]
BySize = Mapping[str, Sequence[Outputs]]


@dataclass(frozen=True)
class Interval:
    """One quantity of a program less the oracle's, with its interval, beside the margin."""

    quantity: str
    difference: float
    half: float
    margin: float

    @property
    def inside(self) -> bool:
        """Whether the whole interval lies inside the margin."""
        return abs(self.difference) + self.half <= self.margin


def equivalent(found: BySize, expected: BySize) -> bool:
    """Whether every interval lies inside its margin."""
    return all(each.inside for each in intervals(found, expected))


def intervals(found: BySize, expected: BySize) -> list[Interval]:
    """All quantities of a program beside the oracle's, which holds the same sizes."""
    told = []
    for size in found:
        told += [_mean(output, size, found[size], expected) for output in MEANS]
        told.append(_distance(size, found[size], expected[size]))
    return told + [_chance_apart(name, found, expected) for name in CHANCES]


def errors_allowed(sizes: int) -> float:
    """Standard errors in half an interval, so that all intervals hold together with 99 % (Bonferroni)."""
    return NormalDist().inv_cdf(1 - (1 - LEVEL) / 2 / quantities(sizes))


def quantities(sizes: int) -> int:
    """How many quantities are compared."""
    return (len(MEANS) + 1) * sizes + len(CHANCES)


def margin(output: str, size: str, expected: BySize) -> float:
    """The margin of a mean at a size: what is allowed at S, in the same part of the mean."""
    at_s, here = (np.array([getattr(each, output) for each in expected[where]])
                  for where in (MARGIN_FROM, size))
    part = max(SPREADS_ALLOWED * float(at_s.std(ddof=1)) / float(at_s.mean()), LEAST_MARGIN)
    return part * float(here.mean())


def _mean(output: str, size: str, found: Sequence[Outputs], expected: BySize) -> Interval:
    values, others = (
        np.array([getattr(each, output) for each in some]) for some in (found, expected[size])
    )
    error = math.hypot(*(float(some.std(ddof=1)) / len(some) ** 0.5 for some in (values, others)))
    return Interval(
        f"{output} {size}", float(values.mean() - others.mean()), errors_allowed(len(expected)) * error,
        margin(output, size, expected),
    )


def _distance(size: str, found: Sequence[Outputs], expected: Sequence[Outputs]) -> Interval:
    """The area between both laws; its upper end by weights of replications (Bayesian bootstrap, Rubin 1981).

    Weighed anew, two samples of the very same law are some area apart too: the end errs to the safe side.
    """
    days = max(len(each.histogram) for each in (*found, *expected))
    one, other = (_counts(some, days) for some in (found, expected))
    area = float(np.abs(_law(one.sum(axis=0)) - _law(other.sum(axis=0))).sum())
    luck = np.random.default_rng(1)
    drawn = [_law(luck.exponential(1.0, (RESAMPLED, len(some))) @ some) for some in (one, other)]
    areas = np.abs(drawn[0] - drawn[1]).sum(axis=1)
    # As many errors above the mean as any other interval has: the far tail itself is not drawn often enough.
    highest = float(areas.mean() + errors_allowed(2) * areas.std())
    return Interval(f"days apart {size}", area, max(0.0, highest - area), DAYS_ALLOWED)


def _counts(outputs: Sequence[Outputs], days: int) -> Numbers:
    counts = [np.pad(each.histogram, (0, days - len(each.histogram))) for each in outputs]
    return np.array(counts, dtype=np.float64)


def _law(counts: Numbers) -> Numbers:
    """The distribution function of histograms in the last axis."""
    return np.asarray(counts.cumsum(axis=-1) / counts.sum(axis=-1, keepdims=True))


def ratio(tops: Numbers, bottoms: Numbers) -> tuple[Numbers, Numbers]:
    """A ratio of sums over replications (the first axis), and its standard error by linearisation."""
    value = tops.sum(axis=0) / bottoms.sum(axis=0)
    error = (tops - value * bottoms).std(axis=0, ddof=1) / bottoms.mean(axis=0) / len(tops) ** 0.5
    return value, error


def days_overdue(outputs: Outputs, clinic: ReturnClinic) -> float:
    """Patient-days beyond due of those who were seen: days waited less the gap of every slot used.

    A return interval is a gap and what one waits beyond it, and again both after each no-show; a first visit
    is due the day after arrival. Nearly the days on which the hazards work, the same way for every program.
    """
    returns = sum(outputs.histogram)
    first = outputs.visits - returns
    waited = outputs.mean * returns + outputs.intake * first
    return waited - clinic.gap * (used(outputs, clinic) - first) - first


def used(outputs: Outputs, clinic: ReturnClinic) -> float:
    """Slots used on the counted days."""
    return outputs.util * clinic.slots_offered()


CHANCES: dict[str, Callable[[Outputs, ReturnClinic], tuple[float, float]]] = {
    "no-shows per slot": lambda o, c: (used(o, c) - o.visits, used(o, c)),
    "dropouts per day overdue": lambda o, c: (o.drop, days_overdue(o, c)),
    "crises per day overdue": lambda o, c: (o.crises, days_overdue(o, c)),
    "ED visits per crisis": lambda o, c: (o.ed, o.crises),
    "slots used per slot": lambda o, c: (o.slots_served, c.slots * sum(map(c.is_open, range(c.days)))),
}
"""The chances of the model as ratios of outputs."""


def _chance_apart(name: str, found: BySize, expected: BySize) -> Interval:
    (value, error), (other, other_error) = (_chance(name, some) for some in (found, expected))
    half = errors_allowed(len(expected)) * math.hypot(error, other_error)
    return Interval(name, value / other - 1, half / other, CHANCE_ALLOWED)


def _chance(name: str, outputs: BySize) -> tuple[float, float]:
    """A chance and its standard error: the sizes by how exact each is."""
    values, weights = [], []
    for size, some in outputs.items():
        clinic = ReturnClinic(clinicians=SIZES[size])
        pairs = np.array([CHANCES[name](each, clinic) for each in some], dtype=np.float64)
        value, error = ratio(pairs[:, 0], pairs[:, 1])
        values.append(float(value))
        weights.append(1 / max(float(error), 1e-12) ** 2)
    return float(np.average(values, weights=weights)), sum(weights) ** -0.5


def needed(expected: BySize, size: str, power: float = 0.9) -> dict[str, int]:
    """Replications of the oracle at a size that let a program that is the same pass with this power.

        n = ((z + z_power) s / margin)^2

    with z of `errors_allowed` and s the spread of a replication, when the program itself is run so often that
    its own error does not count. Not for the distribution, for which there is no such formula.
    """
    errors = errors_allowed(len(expected)) + NormalDist().inv_cdf((1 + power) / 2)
    clinic, found = ReturnClinic(clinicians=SIZES[size]), {}
    for output in MEANS:
        spread = float(np.std([getattr(each, output) for each in expected[size]], ddof=1))
        found[output] = spread / margin(output, size, expected)
    for name, of in CHANCES.items():
        pairs = np.array([of(each, clinic) for each in expected[size]], dtype=np.float64)
        value, error = ratio(pairs[:, 0], pairs[:, 1])
        found[name] = float(error / value) * len(pairs) ** 0.5 / CHANCE_ALLOWED
    return {name: max(2, math.ceil((errors * spreads) ** 2)) for name, spreads in found.items()}


def table(told: Sequence[Interval]) -> str:
    """The intervals as a table."""
    lines = ["| quantity | difference | ± | margin | |", "|---|--:|--:|--:|---|"]
    lines += [
        f"| {each.quantity} | {each.difference:+.4g} | {each.half:.3g} | {each.margin:.3g} "
        f"| {'inside' if each.inside else 'NOT inside'} |"
        for each in told
    ]
    return "\n".join(lines)
