"""Do patients of one need group differ in what the records do not show?

    hazard of an end of waiting at each midnight beyond due: the same in every class of days overdue, and the
        same after an earlier crisis as before one                        (strata: need group, what opened it)
    visits to discharge: 1 + Poisson(m - 1), thinned by what long gaps cost       (`direct.treatment`)

Where some are frailer than others, the frail go first, so that hazards fall with days overdue (Vaupel, Manton
& Stallard 1979); crises come back to those who had one; visits to discharge vary more than their law allows:

    score of a spread = sum of L''(m) / L(m) over patients, less what m and the loss explain   (L: likelihood)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import Finding
from careload.model.courses import in_crisis, planned_waits
from careload.model.direct.treatment import around_top, counted
from careload.model.discharge import Treated, chances_of
from careload.model.evidence import Evidence
from careload.model.trust.checks.overdue import Column, by_class
from careload.model.trust.checks.slopes import FAR_BEYOND_CHANCE, NOTHING_TOLD, Slope, slope_of

Numbers = NDArray[np.float64]

NEEDS = ("episodes.closed_on", "appointments.prescribed_interval_days")
ALONE = 3.3
"""Standard errors from which on one of four signs speaks alone: by chance one of them does once in 500."""
BEYOND_CHANCE = 2.0
"""Standard errors from which on a sign is named, once one alone or all together are far beyond chance."""
LEAST_PATIENTS = 30
STEP, TINY = 0.02, 1e-300


@dataclass(frozen=True)
class Severity:
    """What speaks for patients of one need group being different.

    dropping_out  how the hazard of dropping out goes with the class of days overdue
    crisis        how that of a crisis does
    again         hazard of a crisis after an earlier one, against before
    visits        need group to how visits to discharge vary
    """

    dropping_out: Slope
    crisis: Slope
    again: Slope
    visits: dict[str, Spread]

    @property
    def of_visits(self) -> float:
        """How visits vary in all need groups together, in standard errors."""
        return together([each.away for each in self.visits.values()])

    @property
    def signs(self) -> tuple[float, ...]:
        """Each sign in standard errors, above 0 where it speaks for patients being different."""
        slopes = ((self.dropping_out, -1), (self.crisis, -1), (self.again, 1))
        of_visits = [self.of_visits] if self.visits else []
        return (*(way * each.away for each, way in slopes if each.events), *of_visits)

    @property
    def speaks(self) -> bool:
        """Whether one of them, or all together, are far beyond chance."""
        return max(self.signs, default=0.0) > ALONE or together(self.signs) > FAR_BEYOND_CHANCE


@dataclass(frozen=True)
class Spread:
    """How visits to discharge vary between patients of one need group.

    away      standard errors of the score above what their law allows
    share     standard deviation between patients of the visits needed beyond the first, over their mean
    patients  whose treatment was completed
    """

    away: float
    share: float
    patients: int


def together(signs: Sequence[float]) -> float:
    """Independent signs as one, in standard errors: sum over the root of their number (Stouffer 1949)."""
    return float(sum(signs) / max(1, len(signs)) ** 0.5)


def severity(evidence: Evidence) -> Severity | None:
    """The numbers; None where the records do not tell who was due when and what became of them."""
    if not all(evidence.has(need) for need in NEEDS):
        return None
    rows = _with_earlier(planned_waits(evidence.courses.spells, evidence.first))
    events = {"dropped": rows.end == "dropped", "crises": in_crisis(rows)}
    found = by_class(rows, events, "need", "opened", "had")
    return Severity(_by_days(found, "dropped"), _by_days(found, "crises"), _again(found),
                    dict(_visits(evidence)))


def _with_earlier(rows: ir.Table) -> ir.Table:
    """With had: 1 for waits that began after a crisis of the patient, else 0."""
    first = rows.filter(in_crisis(rows)).group_by(whose="patient").agg(first=ibis._.end_day.min())
    both = rows.left_join(first, rows.patient == first.whose)
    return both.mutate(had=ibis.ifelse((both["first"] <= both.day).fill_null(False), 1, 0))


def _by_days(found: dict[str, Column], events: str) -> Slope:
    if not len(found["need"]):
        return NOTHING_TOLD
    strata = [found["need"], found["opened"]]
    return slope_of(strata, found[events], found["midnights"], found["class_"])


def _again(found: dict[str, Column]) -> Slope:
    """The hazard of a crisis in waits that began after one, against the others."""
    if not len(found["need"]):
        return NOTHING_TOLD
    strata = [found["need"], found["opened"], found["class_"]]
    return slope_of(strata, found["crises"], found["midnights"], found["had"])


def _visits(evidence: Evidence) -> Iterator[tuple[str, Spread]]:
    for own in counted(evidence, {}):
        if own.patients[own.discharged].sum() >= LEAST_PATIENTS:
            yield own.need, spread_of(own)


def spread_of(treated: Treated) -> Spread:
    """How visits to discharge vary beyond their law: the score of a spread of m between patients."""
    def logs(loss: float, means: Numbers) -> Numbers:
        return np.log(np.maximum(chances_of(treated, loss, means), TINY))

    losses, means, likely = around_top(treated)
    row, column = divmod(int(likely.argmax()), len(means))
    loss, mean = float(losses[row]), float(means[column])
    step = STEP * mean
    below, at, above = logs(loss, np.array([mean - step, mean, mean + step])).T
    of_mean = (above - below) / (2 * step)
    of_spread = (np.exp(above - at) - 2 + np.exp(below - at)) / step**2
    of_loss = (logs(loss + STEP, np.array([mean])) - logs(loss - STEP, np.array([mean])))[:, 0] / (2 * STEP)
    completed = int(treated.patients[treated.discharged].sum())
    return _spread(of_spread, np.column_stack([of_mean, of_loss]), treated.patients, mean, completed)


def _spread(score: Numbers, explained: Numbers, patients: Numbers, mean: float, completed: int) -> Spread:
    root = np.sqrt(patients)
    slope = np.linalg.lstsq(explained * root[:, None], score * root, rcond=None)[0]
    rest = score - explained @ slope
    information = float(patients @ rest**2)
    if information <= 0:
        return Spread(0.0, 0.0, completed)
    # Half the score is the slope of the logarithm of the likelihood in the variance of m.
    variance = max(0.0, 2 * float(patients @ rest) / information)
    return Spread(float(patients @ rest / np.sqrt(information)), float(np.sqrt(variance)) / mean, completed)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Whether patients of one need group differ in what the records do not show."""
    found = severity(evidence)
    if found and found.speaks:
        yield Finding(
            "hazards-differ", "warning", "", 0,
            f"Patients of one need group differ in what the records do not show: {'; '.join(_signs(found))}.",
            "one hazard for all patients of a need group, whatever happened to them before",
            "Name finer need groups in patients.need_group, by severity. Until then take answers about who "
            "is harmed by waiting for those of a mixture: the frail are harmed more, and go first.",
        )


def _signs(found: Severity) -> Iterator[str]:
    for words, slope in (("dropping out becomes", found.dropping_out), ("crises become", found.crisis)):
        if slope.away < -BEYOND_CHANCE:
            yield (f"{words} rarer the longer somebody is overdue, {slope.ratio:.2f} times from class to "
                   "class (up to 1, 4, 13 weeks, longer)")
    if found.again.away > BEYOND_CHANCE:
        yield (f"whoever has had a crisis has another {found.again.ratio:.1f} times as often as others "
               "have a first")
    if found.of_visits > BEYOND_CHANCE:
        yield ("visits to discharge vary more than one law allows, most in "
               + max(found.visits, key=lambda need: found.visits[need].away))
