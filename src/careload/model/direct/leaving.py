"""How often clinicians leave.

    hazard of leaving by tenure = leavers / years employed, in the first year and later
    leaving_if_new = hazard in the first year / later
    leaving_per_year = hazard later / (mean of leaving_if_exhausted^exhaustion x pay^elasticity x quit_index)

Time counts from the first day of the records, and from the end of a notice after being hired: who leaves on a
day gave notice before, and a newcomer can leave only when a notice has run out. Leaving is drawn from

    later hazard given the ratio of newcomers ~ Gamma(leavers + 1/2) / (years later + ratio x years new)

with the ratio as believed before, weighted by how likely it makes what was seen; and then by how likely the
leaving_per_year that follows was beforehand. What exhaustion and pay do is not seen here: their doubt is that
of the literature, carried on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import registry
from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Draws, Found
from careload.model.chances import JEFFREYS
from careload.model.direct.exhaustion import answers, course_of
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.given import draws_at, within_range
from careload.model.prior import sure_prior_of
from careload.model.staffing import HERE_FOR_LONG, days_after

A_YEAR, DAYS_A_YEAR = 365, 365.25
CANDIDATES, HAZARDS = 20_000, 4_000
"""Ratios tried; hazards among which those as likely as believed are chosen."""
PLACE = "workforce.leaving_per_year"
LEAST_YEARS, LEAST_NEW_YEARS = 1.0, 0.5
"""Fewer years employed say nothing; fewer years of newcomers nothing of them (assumed)."""
FORMULA = "leavers / years employed / (leaving_if_exhausted^exhaustion, mean x pay^elasticity x quit index)"
BESIDE = "Exhaustion from {source}; what exhaustion does to leaving is of the literature."
NO_PAY = "Pay is taken to be like that outside: nobody has said otherwise."


@dataclass(frozen=True)
class ByTenure:
    """Leavers and years employed, in the first year of tenure (new) and later."""

    new_leavers: float
    new_years: float
    leavers: float
    years: float


@within_range
def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Leaving at no exhaustion, and how many times likelier newcomers leave."""
    seen = counted(evidence, notice_days(evidence, so_far))
    if seen.years + seen.new_years < LEAST_YEARS:
        return
    chance = evidence.generator("leaving")
    ratio, hazard = hazards(seen, chance, HAZARDS)
    exhaustion, source = exhaustion_of(evidence, so_far)
    exhausted = draws_at(evidence, so_far, "workforce.leaving_if_exhausted")
    pay, paid = pay_factor(evidence, so_far)
    quits = registry()["workforce"].parameters["quit_index"].default
    quits = max(float(evidence.known.get("workforce.quit_index", quits)), 1e-9)
    factor = np.exp(np.log(exhausted) * exhaustion) * pay * quits
    chosen = as_believed(hazard, factor, chance)
    ratio, rested = ratio[chosen], hazard[chosen] / factor
    counts = {
        "leavers": int(seen.leavers + seen.new_leavers),
        "years employed": round(seen.years + seen.new_years, 1),
        "mean exhaustion": round(float(np.median(exhaustion)), 2),
        "pay factor": round(float(np.median(pay)), 3),
    }
    note = BESIDE.format(source=source) + ("" if paid else " " + NO_PAY)
    yield Found(PLACE, float(np.median(rested)), FORMULA, counts, rested, note=note)
    if seen.new_years >= LEAST_NEW_YEARS:
        yield Found(
            "workforce.leaving_if_new", float(np.median(ratio)), "hazard in the first year / hazard later",
            {"leavers in their first year": int(seen.new_leavers), "years in it": round(seen.new_years, 1),
             "leavers later": int(seen.leavers), "years later": round(seen.years, 1)}, ratio,
        )


def as_believed(hazard: Draws, factor: Draws, chance: np.random.Generator) -> NDArray[np.int64]:
    """For each factor a place among the draws of the hazard: as likely as hazard / factor was beforehand.

    hazard  (candidates,) a year
    factor  (draws,) what exhaustion, pay and the quit index make of leaving_per_year

    Jeffreys' prior by which the hazard was drawn, hazard^(-1/2), is taken off. Gives places, (draws,).
    """
    odds = sure_prior_of(PLACE).density(hazard / factor[:, None]) * hazard**JEFFREYS + np.finfo(float).tiny
    reached = np.cumsum(odds, axis=1)
    levels = chance.uniform(size=(len(factor), 1)) * reached[:, -1:]
    return np.asarray((reached < levels).sum(axis=1))


def hazards(
    seen: ByTenure, chance: np.random.Generator, number: int = NUMBER_OF_DRAWS
) -> tuple[Draws, Draws]:
    """Draws of the ratio of newcomers and of the hazard of the others a year."""
    ratios = sure_prior_of("workforce.leaving_if_new").at(chance.standard_normal(CANDIDATES))
    leavers = seen.leavers + seen.new_leavers + JEFFREYS
    years = seen.years + ratios * seen.new_years
    likely = seen.new_leavers * np.log(ratios) - leavers * np.log(years)
    weights = np.exp(likely - likely.max())
    chosen = chance.choice(CANDIDATES, number, p=weights / weights.sum())
    return ratios[chosen], np.asarray(chance.gamma(leavers, 1 / years[chosen]))


def counted(evidence: Evidence, notice: int) -> ByTenure:
    """Leavers and years employed since the records began, by tenure; `notice` in days."""
    # Who is on no list and was seen a few times was lent: nobody knows when they came.
    rows = evidence.staffing.people.filter(ibis._.listed)
    first = ibis.literal(evidence.first)
    # Who is on the list without a first day has been here for long, as far as anybody knows.
    hired = rows.hired_on.fill_null(HERE_FOR_LONG)
    last = rows.left_on.fill_null(evidence.as_of)
    rows = rows.mutate(
        last=last, begin=ibis.greatest(days_after(hired, notice), first),
        old=ibis.greatest(days_after(hired, A_YEAR + notice), first),
    ).filter(last >= first)
    new, later = _days(rows.begin, ibis.least(rows.old, rows["last"])), _days(rows.old, rows["last"])
    left = rows.left_on.notnull()
    found = columns_of(rows.agg(
        new_years=new.sum(), years=later.sum(), new_leavers=(left & (rows["last"] < rows.old)).sum(),
        leavers=(left & (rows["last"] >= rows.old)).sum(),
    ))
    new_leavers, new_years, leavers, years = (
        float(found[name][0] or 0) for name in ("new_leavers", "new_years", "leavers", "years")
    )
    return ByTenure(new_leavers, new_years / DAYS_A_YEAR, leavers, years / DAYS_A_YEAR)


def _days(begin: ir.DateValue, end: ir.DateValue) -> ir.IntegerValue:
    return ibis.greatest(end.delta(begin, unit="day").cast("int64"), 0)


def notice_days(evidence: Evidence, so_far: Beliefs) -> int:
    """Days of notice: as known, as found, else as usual."""
    return 7 * int(np.ceil(np.median(draws_at(evidence, so_far, "workforce.notice_weeks")) - 1e-9))


def exhaustion_of(evidence: Evidence, so_far: Beliefs) -> tuple[Draws, str]:
    """Draws of mean exhaustion (0 to 1): those who said they were burned out, else what unpaid work has
    made of it, else what is believed at the start."""
    if evidence.has("surveys.burned_out"):
        rows = answers(evidence, evidence.first - timedelta(days=A_YEAR))
        found = columns_of(rows.agg(tired=rows.burned_out.sum(), all_of=rows.answered.sum()))
        tired, all_of = (float(found[name][0] or 0) for name in ("tired", "all_of"))
        if all_of > 0:
            chance = evidence.generator("exhaustion")
            return chance.beta(tired + JEFFREYS, all_of - tired + JEFFREYS, NUMBER_OF_DRAWS), "staff surveys"
    course = course_of(evidence, so_far)
    if course is not None:
        return course.mean(axis=0), "hours worked after hours"
    return draws_at(evidence, so_far, "workforce.exhaustion_start"), "the literature"


def pay_factor(
    evidence: Evidence, so_far: Beliefs, elasticity: str = "workforce.pay_elasticity"
) -> tuple[Draws, bool]:
    """Draws of what own pay against pay outside does, mean over clinicians; whether pay is known.

    elasticity  place of the exponent: of leaving or of hiring
    """
    people = evidence.staffing.people
    table = people.group_by("site", "profession").agg(people=people.count())
    found = columns_of(table.order_by("site", "profession"))
    if not len(found["people"]):
        return np.ones(NUMBER_OF_DRAWS), False
    exponent = draws_at(evidence, so_far, elasticity)
    factors, known = np.zeros(NUMBER_OF_DRAWS), False
    for site, profession, number in zip(found["site"], found["profession"], found["people"], strict=True):
        own, outside = (evidence.known.get(f"profession.{profession}.{name}")
                        for name in ("pay_per_year", "outside_pay_per_year"))
        index = float(evidence.known.get(f"site.{site}.outside_pay_index", 1.0))
        ratio = None if own is None or outside is None else float(own) / (float(outside) * index)
        known = known or ratio is not None
        factors += number * (ratio**exponent if ratio is not None else 1.0)
    return factors / float(found["people"].sum()), known


FAMILY = Family("leaving", ("clinicians.left_on",), find)
