"""No-shows by lead time.

    P(missed | booked d days ahead) = late - (late - soon) exp(-d / scale)

soon and late for intakes and for return visits, one scale for both; each visit held or missed is one case
(binomial by days ahead), on log-odds of soon and late and the logarithm of the scale.

    lack of fit = sum over stretches of days ahead of (missed - expected)^2 / sum of P (1 - P)

Where the curve does not fit, the likelihood is divided by that over its degrees of freedom (quasi-binomial),
for intervals as wide as the curve is wrong, and the note names the stretch where it is worst.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import ibis
import numpy as np
from scipy.special import expit
from scipy.stats import chi2

from careload.clinic import SMALLEST_GROUP
from careload.model.belief import Beliefs, Found
from careload.model.chances import Numbers, most_likely
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.prior import Prior, sure_prior_of

Counts = tuple[Numbers, np.ndarray, Numbers, Numbers]
PLACES = ("intake_soon", "intake_late", "return_soon", "return_late", "scale_days")
FORMULA = "P(missed | booked d days ahead) = late - (late - soon) exp(-d / scale_days)"
LEAST, MOST = 1e-6, 1 - 1e-6
STRETCHES = (0, 1, 2, 4, 8, 15, 31, 61)
"""First day ahead of each stretch in which the curve is held against what was counted."""
LEAST_EXPECTED = float(SMALLEST_GROUP)
"""Fewest no-shows, and fewest visits held, expected in a stretch that is looked at: no small cell is told."""
BY_CHANCE, MATTERS = 0.01, 0.02
"""A curve does not fit when chance alone would so seldom do as badly; told from so large a difference on."""


@dataclass(frozen=True)
class LackOfFit:
    """A curve against what was counted, by stretch of days booked ahead and kind of visit.

    first_day, last_day  (stretches,) days ahead, both counted
    intake               (stretches,) whether of first visits
    cases, missed        (stretches,) counted
    expected             (stretches,) no-shows by the curve
    chi_square           (stretches,)
    freedom              degrees of freedom of their sum
    """

    first_day: Numbers
    last_day: Numbers
    intake: np.ndarray
    cases: Numbers
    missed: Numbers
    expected: Numbers
    chi_square: Numbers
    freedom: int

    @property
    def by_chance(self) -> float:
        """How often chance alone would do as badly or worse, if the curve were right."""
        return float(chi2.sf(self.chi_square.sum(), self.freedom)) if self.freedom else 1.0

    @property
    def surplus(self) -> float:
        """By what the variance exceeds that of a curve that fits: 1 where chance may have done it."""
        return float(self.chi_square.sum() / self.freedom) if self.by_chance < BY_CHANCE else 1.0

    @property
    def note(self) -> str:
        """Where the curve is worst, in words; nothing where it fits or the difference is small."""
        shown = (self.missed >= SMALLEST_GROUP) & (self.cases - self.missed >= SMALLEST_GROUP)
        away = np.where(shown, np.abs(self.missed - self.expected) / self.cases, 0.0)
        if self.surplus == 1 or away.max() < MATTERS:
            return ""
        worst = int(away.argmax())
        seen, told = (each[worst] / self.cases[worst] for each in (self.missed, self.expected))
        first, last = self.first_day[worst], self.last_day[worst]
        days = f"{first:.0f}" if first == last else f"{first:.0f} to {last:.0f}"
        return (f"The curve does not fit: of visits booked {days} days ahead {seen:.1%} were missed, "
                f"by the curve {told:.1%}.")


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Soon, late and scale, from visits held and missed by kind and days booked ahead."""
    counts = counted(evidence)
    _, first, missed, cases = counts
    if not missed.sum() or missed.sum() == cases.sum():
        return
    top, draws, fit = fitted(counts, evidence.generator("no_show"))
    back = [expit] * 4 + [np.exp]
    for place, name in enumerate(PLACES):
        own = first if name.startswith("intake") else ~first if name.startswith("return") else first | True
        yield Found(
            f"no_show.{name}", float(back[place](top[place])), FORMULA,
            {"visits held or missed": int(cases[own].sum()), "no-shows": int(missed[own].sum())},
            np.asarray(back[place](draws[:, place])), note=fit.note,
        )


def fitted(counts: Counts, chance: np.random.Generator) -> tuple[Numbers, Numbers, LackOfFit]:
    """The most likely curve, draws of it, and how well it fits; see `curve` for its parameters."""
    start = [_prior(name).centre for name in PLACES]
    top, draws = most_likely(_against(counts, 1.0), start, chance)
    fit = lack_of_fit(top, *counts)
    if fit.surplus > 1:
        # Only the spread is taken from it: so weak a likelihood would let the prior draw the middle away.
        middle, wide = most_likely(_against(counts, fit.surplus), top.tolist(), chance)
        draws = top + wide - middle
    return top, draws, fit


def _against(counts: Counts, surplus: float) -> Callable[[Numbers], float]:
    """Minus the logarithm of the likelihood, over the surplus of variance, and of the prior."""
    lead, first, missed, cases = counts

    def minus_log_likelihood(x: Numbers) -> float:
        p = np.clip(curve(x, lead, first), LEAST, MOST)
        fit = missed * np.log(p) + (cases - missed) * np.log1p(-p)
        return float(-fit.sum()) / surplus + _doubt(x)

    return minus_log_likelihood


def lack_of_fit(
    x: Numbers, lead: Numbers, first: np.ndarray, missed: Numbers, cases: Numbers
) -> LackOfFit:
    """A curve against what was counted.

        chi-square of a stretch = (missed - sum of cases P)^2 / sum of cases P (1 - P)

    x                           the curve, as in `curve`
    lead, first, missed, cases  as `counted` gives them

    Stretches in which few no-shows or visits held are expected are left out. Source: Pearson's test.
    """
    p = np.clip(curve(x, lead, first), LEAST, MOST)
    stretch = np.searchsorted(STRETCHES, lead, side="right") - 1 + len(STRETCHES) * first
    each = np.stack([cases, missed, cases * p, cases * p * (1 - p)])
    of, seen, expected, variance = each @ (stretch[:, None] == np.arange(2 * len(STRETCHES)))
    told = (expected >= LEAST_EXPECTED) & (of - expected >= LEAST_EXPECTED)
    place = np.flatnonzero(told)
    ends = np.append(STRETCHES[1:], max(float(lead.max()), STRETCHES[-1]) + 1) - 1
    day = place % len(STRETCHES)
    kinds = len(set((place // len(STRETCHES)).tolist()))
    chi_square = (seen - expected)[told] ** 2 / variance[told]
    return LackOfFit(
        np.array(STRETCHES, dtype=float)[day], ends[day], place >= len(STRETCHES), of[told], seen[told],
        expected[told], chi_square, max(0, len(place) - 2 * kinds - 1),
    )


def curve(x: Numbers, lead: Numbers, first: np.ndarray) -> Numbers:
    """Chance of a no-show by days booked ahead, of first and of return visits.

    x  log-odds of intake soon, intake late, return soon, return late; logarithm of the scale in days
    """
    soon = np.where(first, expit(x[0]), expit(x[2]))
    late = np.where(first, expit(x[1]), expit(x[3]))
    return np.asarray(late - (late - soon) * np.exp(-lead / np.exp(x[4])))


def counted(evidence: Evidence) -> Counts:
    """Days booked ahead, whether a first visit, no-shows, visits held or missed: by day ahead and kind."""
    rows = evidence.view.due
    rows = rows.filter(rows.status.isin(["completed", "no_show"]) & rows.booked_on.notnull())
    lead = ibis.greatest(rows.day.delta(rows.booked_on, unit="day").cast("int64"), 0)
    rows = rows.mutate(lead=lead, first=(rows.kind == "intake").fill_null(False))
    rows = rows.group_by("lead", "first").agg(
        missed=(rows.status == "no_show").sum(), cases=rows.status.count(),
    )
    found = columns_of(rows.order_by("lead", "first"))
    return (found["lead"].astype(float), found["first"].astype(bool), found["missed"].astype(float),
            found["cases"].astype(float))


def _doubt(x: Numbers) -> float:
    """Minus the logarithm of the prior, so that what no visit tells of stays where the literature has it."""
    away = [_prior(name).away(value) for value, name in zip(x, PLACES, strict=True)]
    return float(0.5 * np.square(away).sum())


def _prior(name: str) -> Prior:
    return sure_prior_of(f"no_show.{name}")


FAMILY = Family("no-shows", ("appointments.booked_at",), find)
