"""Who holds the posts on the first day of the service.

    new_share         = clinicians hired in the year before the first day / clinicians employed; of fewer than
                        11 as many as leave in a year (assumed)
    new_days          = quantiles of days since these were hired
    new_caseload_days = D with  patients of these = sum of their team's usual caseload x min(1, days / D)
    new_overdue       = patients overdue of those there for less than D / sum of their patients x the share
                        overdue of others in their team
    exhaustion        `exhaustion`
    under_notice      = 1, as many as usual (assumed): nobody writes down who has given notice
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP
from careload.model.belief import Beliefs, Found
from careload.model.direct.exhaustion import find_exhaustion
from careload.model.evidence import Evidence, columns_of
from careload.model.quantiles import BY_QUANTILES, told
from careload.model.staffing import HERE_FOR_LONG

Numbers = NDArray[np.float64]
A_YEAR, HALVINGS = 365, 40
MOST_OVERDUE = 2.0
AS_USUAL = "assumed: as many as leaving_per_year leads one to expect"
AS_MANY_AS_LEAVE = "assumed, of fewer than 11 clinicians: as many are new as leave in a year"
_ = ibis._


def find_posts(evidence: Evidence, in_care: ir.Table, monday: date, so_far: Beliefs) -> Iterator[Found]:
    """Who is new, with how many patients; how exhausted all are, and how many are under notice.

    in_care  patient, clinician, days
    monday   the first day of the service
    """
    yield from find_exhaustion(evidence, so_far)
    # Where nobody writes down who left, nobody knows who is still there.
    if "workforce.leaving_per_year" not in so_far:
        return
    yield Found("start.under_notice", 1.0, AS_USUAL, origin="prior")
    if evidence.has("clinicians.hired_on"):
        yield from _new(evidence, in_care, monday, float(so_far["workforce.leaving_per_year"].value))


def _new(evidence: Evidence, in_care: ir.Table, monday: date, leaving_per_year: float) -> Iterator[Found]:
    people = evidence.staffing.people
    here = people.filter(people.left_on.isnull())
    hired = here.hired_on.fill_null(HERE_FOR_LONG)
    days = ibis.literal(monday).delta(hired, unit="day").cast("int64")
    until = ibis.literal((monday - evidence.as_of).days)
    theirs = in_care.group_by(whose=in_care.clinician).agg(
        patients=_.patient.count(), planned=_.days.count(), overdue=(in_care.days < until).sum()
    )
    rows = here.mutate(days=days).left_join(theirs, here.clinician == theirs.whose)
    counted = {name: rows[name].fill_null(0) for name in ("patients", "planned", "overdue")}
    table = columns_of(rows.select("clinician", "site", "profession", "days", **counted)
                       .order_by("days", "clinician"))
    held, since, new = len(table["days"]), table["days"].astype(float), table["days"] < A_YEAR
    if held < SMALLEST_GROUP:
        yield Found("start.new_share", round(min(1.0, leaving_per_year), 3), AS_MANY_AS_LEAVE, origin="prior")
        return
    number = int(new.sum())
    yield Found("start.new_share", number / held,
                "clinicians hired in the year before the first day / clinicians employed",
                {"clinicians employed": held})
    if number >= SMALLEST_GROUP:
        values, people_of = np.unique(since[new], return_counts=True)
        yield Found("start.new_days", told(values, people_of.astype(float)), BY_QUANTILES,
                    {"clinicians hired in the year before": number})
    teams = np.array([f"{site}\n{profession}" for site, profession
                      in zip(table["site"], table["profession"], strict=True)])
    patients, planned, overdue = (table[name].astype(float) for name in ("patients", "planned", "overdue"))
    usual = _of_others(teams, patients, np.ones(held), ~new)
    new &= ~np.isnan(usual)
    if not (new.any() and patients.sum() >= SMALLEST_GROUP):
        return
    fills = filling_days(since[new], patients[new], usual[new])
    yield Found("start.new_caseload_days", fills,
                "days after which the caseload of a newcomer is as large as that of the others",
                {"clinicians employed": held, "patients in care": int(patients.sum())})
    new &= since < fills
    usually = planned * _of_others(teams, overdue, planned, since >= fills)
    if planned[new].sum() >= SMALLEST_GROUP and np.nansum(usually[new]) > 0:
        ratio = min(float(overdue[new].sum() / np.nansum(usually[new])), MOST_OVERDUE)
        yield Found("start.new_overdue", ratio,
                    "share overdue of the patients of newcomers, against that of the others of their team",
                    {"patients of newcomers": int(planned[new].sum())})


def _of_others(
    teams: NDArray[np.str_], amount: Numbers, size: Numbers, others: NDArray[np.bool_]
) -> Numbers:
    """(clinicians,) amount for each of size of the others in their team; nan without any."""
    amount, size = amount * others, size * others
    with np.errstate(invalid="ignore", divide="ignore"):
        _names, team = np.unique(teams, return_inverse=True)
        return np.asarray((np.bincount(team, amount) / np.bincount(team, size))[team])


def filling_days(since: Numbers, patients: Numbers, usual: Numbers) -> float:
    """D with  sum of patients = sum of usual x min(1, since / D),  0 to 365 days; by halving.

    since     (newcomers,) days since they were hired
    patients  (newcomers,) in care
    usual     (newcomers,) patients of others in their team
    """
    least, most = 0.0, float(A_YEAR)
    for _turn in range(HALVINGS):
        middle = (least + most) / 2
        enough = usual @ np.minimum(1.0, since / middle) <= patients.sum()
        least, most = (least, middle) if enough else (middle, most)
    return float(round(most))
