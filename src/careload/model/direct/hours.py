"""Where a clinician's week goes, and what becomes of work beyond the hours paid.

    work due = contact + note x visits attended + missed x no-shows + patient x caseload + fixed x FTE present
               + displaced x excess of the week before,   excess = max(0, work due - paid)

Work due is hours worked and hours after; least squares over clinician-weeks, no coefficient below 0 (Lawson &
Hanson 1974), around the means of each clinician's quarter; doubt by clinician and quarter (sandwich), that of
patient_hours wider by SHARED_OUT of those of whom nobody can tell whose they are (`caseload`). FTE present =
paid / paid_hours.

    unpaid = hours after / excess;  undone = 1 - displaced - unpaid
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Draws, Found
from careload.model.caseload import caseload_by_week
from careload.model.chances import Numbers
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.given import within_range
from careload.model.prior import sure_prior_of
from careload.model.staffing import week_of

X = ("attended", "missed", "caseload", "paid", "put_off")
NAMES = ("note_hours", "missed_hours", "patient_hours", "fixed_hours", "overflow_displaced")
WEEKS_A_QUARTER = 13
FULL = 0.9
"""The quantile of hours paid in a week that is taken for a full one: fewer are paid in weeks with days
away."""
NEAR, HUNDREDTH = 0.05, 0.01
"""Quantiles so near tell how sure it is; hours are written in hundredths."""
LEAST_EXCESS = 10.0
"""Fewer hours beyond those paid say nothing of what becomes of them (assumed)."""
WIDER = {"caseload": 1.4, "put_off": 1.5}
OTHERS_WIDER = 1.25
"""Weeks of one clinician are off together, where it is not known whose a patient is: by so much the doubt is
wider than their scatter says (found by simulation of services whose truth is known)."""
SHARED_OUT = 0.5
"""Relative standard deviation of patient_hours if nobody could tell whose any patient is (assumed)."""
LEAST_WEEKS = 20
"""Fewer clinician-weeks say nothing (assumed)."""
LOOSE = 5.0
"""How much wider than the prior a coefficient is believed to scatter before the weeks are looked at."""
FORMULA = "work due - contact, by visits attended, no-shows, caseload, hours paid and last week's excess"
FULL_WEEK = "hours paid in a full week / FTE"
SHARES = "of hours beyond those paid; the three shares sum to one"


@dataclass(frozen=True)
class Weeks:
    """Sums over clinician-weeks of one profession.

    squares    (clusters, 5, 5) products of X around the means of the cluster, a clinician's quarter
    with_y     (clusters, 5) the same with work due - contact
    y_squares  (clusters,) of that alone
    sums       (5,) of X
    weeks, clinicians  how many
    shared_out share of the caseload of which nobody can tell whose it is
    """

    squares: Numbers
    with_y: Numbers
    y_squares: Numbers
    sums: Numbers
    weeks: int
    clinicians: int
    shared_out: float


@within_range
def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Hours of each kind of work, hours paid, and the three ways of the overflow, by profession."""
    paid = full_weeks(evidence)
    for profession, (hours, draws, counts) in paid.items():
        yield Found(f"profession.{profession}.paid_hours", hours, FULL_WEEK, counts, draws)
    overflow = overflow_by_profession(evidence)
    for profession, weeks in counted(evidence).items():
        if profession not in paid:
            continue
        value, draws = coefficients(weeks, *paid[profession][:2], evidence.generator(f"hours {profession}"))
        counts = {"clinician-weeks": weeks.weeks, "clinicians": weeks.clinicians}
        for place, name in enumerate(NAMES[:-1]):
            if weeks.sums[place] > 0:
                place_ = f"profession.{profession}.{name}"
                yield Found(place_, float(value[place]), FORMULA, counts, draws[place])
        if profession in overflow and overflow[profession][1].sum() >= LEAST_EXCESS:
            yield from _shares(evidence, profession, value[-1], draws[-1], *overflow[profession])


def _shares(
    evidence: Evidence, profession: str, displaced: float, draws: Draws, after: Numbers, excess: Numbers
) -> Iterator[Found]:
    """The three ways, from the regression and from hours after against excess, by clinician."""
    share = float(after.sum() / excess.sum())
    apart = after - share * excess
    members = len(excess)
    error = float(np.sqrt((apart**2).sum() * members / max(members - 1, 1)) / excess.sum())
    error = max(error, ROUNDING / float(excess.sum()))
    chance = evidence.generator(f"overflow {profession}")
    unpaid = np.clip(share + error * chance.standard_t(max(members - 1, 1), NUMBER_OF_DRAWS), 0, 1)
    put_off = np.clip(draws, 0, 1)
    room = np.maximum(put_off + unpaid, 1)
    all_of = {"displaced": put_off / room, "unpaid": unpaid / room}
    first, second = min(displaced, 1.0), min(share, 1.0)
    values = {"displaced": first / max(first + second, 1.0), "unpaid": second / max(first + second, 1.0)}
    values["undone"] = max(0.0, 1 - values["displaced"] - values["unpaid"])
    all_of["undone"] = np.maximum(0.0, 1 - all_of["displaced"] - all_of["unpaid"])
    counts = {"hours beyond those paid": round(float(excess.sum()), 1),
              "hours after": round(float(after.sum()), 1), "clinicians": members}
    for way, share_draws in all_of.items():
        yield Found(f"profession.{profession}.overflow_{way}", values[way], SHARES, counts, share_draws)


ROUNDING = 0.1
"""Hours by which sums over a year of hours written in hundredths may be off."""


def full_weeks(evidence: Evidence) -> dict[str, tuple[float, Draws, dict[str, float]]]:
    """By profession: hours paid in a full week for each FTE, draws, counts."""
    rows = clinician_weeks(evidence)
    rows = rows.mutate(each=rows.paid / rows.fte)
    table = rows.group_by("profession").agg(
        low=rows.each.quantile(FULL - NEAR), hours=rows.each.quantile(FULL),
        high=rows.each.quantile(FULL + NEAR), weeks=rows.count(), clinicians=rows.clinician.nunique(),
    )
    found = columns_of(table.order_by("profession"))
    by: dict[str, tuple[float, Draws, dict[str, float]]] = {}
    for row, profession in enumerate(found["profession"].tolist()):
        if found["weeks"][row] < LEAST_WEEKS:
            continue
        hours, wide = float(found["hours"][row]), float(found["high"][row] - found["low"][row]) / 2
        chance = evidence.generator(f"paid {profession}")
        draws = hours + np.hypot(wide, HUNDREDTH) * chance.standard_normal(NUMBER_OF_DRAWS)
        by[profession] = hours, np.maximum(draws, 1.0), {
            "clinicians": int(found["clinicians"][row]), "clinician-weeks": int(found["weeks"][row]),
        }
    return by


def coefficients(
    weeks: Weeks, paid_hours: float, paid_draws: Draws, chance: np.random.Generator
) -> tuple[Numbers, Draws]:
    """Coefficients in the units of the registry, (5,), and draws, (5, draws)."""
    squares, with_y = weeks.squares.sum(axis=0), weeks.with_y.sum(axis=0)
    middle, precision = _before(paid_hours)
    start = np.linalg.solve(squares + np.diag(precision), with_y + precision * middle)
    left = weeks.y_squares.sum() - 2 * start @ with_y + start @ squares @ start
    noise = max(float(left) / max(weeks.weeks - len(weeks.squares) - len(X), 1), 1e-6)
    whole = squares / noise + np.diag(precision)
    right = with_y / noise + precision * middle
    best = np.linalg.solve(whole, right)
    scores = (weeks.with_y - weeks.squares @ best) / noise
    number = len(scores)
    spread = scores.T @ scores * number / max(number - 1, 1) + np.diag(precision)
    inverse = np.linalg.inv(whole)
    # By few clusters the sandwich sees too little: never less than the plain doubt.
    doubt = inverse @ (spread if number > 2 * len(X) else spread + whole) @ inverse
    root = np.linalg.cholesky(whole)
    value = nnls(root.T, np.linalg.solve(root, right))[0]
    wider = np.array([WIDER.get(name, OTHERS_WIDER) for name in X])
    doubt = doubt * np.outer(wider, wider)
    draws = chance.multivariate_normal(best, doubt, NUMBER_OF_DRAWS, method="eigh").T
    unit, fixed = np.ones(len(X)), X.index("paid")
    unit[fixed] = paid_hours
    draws[fixed] *= paid_draws
    draws[X.index("caseload")] *= 1 + SHARED_OUT * weeks.shared_out * chance.standard_normal(NUMBER_OF_DRAWS)
    return value * unit, np.maximum(draws, 0)


def _before(paid_hours: float) -> tuple[Numbers, Numbers]:
    """What is believed of the coefficients beforehand, loosely: middles and 1 / variance."""
    priors = [sure_prior_of(f"profession.any.{name}") for name in NAMES]
    ends = np.array([(prior.low, prior.high) for prior in priors])
    ends[NAMES.index("fixed_hours")] /= paid_hours
    return ends.mean(axis=1), 1 / (LOOSE * (ends[:, 1] - ends[:, 0])) ** 2


def clinician_weeks(evidence: Evidence) -> ir.Table:
    """Whole weeks of clinicians: clinician, profession, fte, week, paid, due, contact, after, excess,
    put_off.

    put_off  excess of the clinician's week before; null in the first
    """
    rows = evidence.records.tables["hours"]
    first, last = (ibis.literal(day - timedelta(days=6)) for day in (evidence.first, evidence.as_of))
    rows = rows.filter((rows.week_start <= last) & (rows.week_start >= first))
    work = ibis.coalesce(rows.worked, rows.contact + rows.non_contact)
    rows = rows.mutate(
        due=work + rows.after_hours.fill_null(0.0), after=rows.after_hours, week=week_of(rows.week_start),
    )
    rows = evidence.staffing.theirs(rows.filter(work.notnull() & rows.paid.notnull() & (rows.paid > 0)))
    rows = rows.filter(rows.fte > 0).mutate(excess=ibis.greatest(rows.due - rows.paid, 0.0))
    before = ibis.window(group_by=rows.clinician, order_by=[rows.week])
    return rows.mutate(put_off=rows.excess.lag().over(before)).select(
        "clinician", "site", "profession", "fte", "hired_on", "week", "week_start", "paid", "due", "contact",
        "after", "excess", "put_off",
    )


def counted(evidence: Evidence) -> dict[str, Weeks]:
    """By profession: sums over clinician-weeks with all of X known."""
    rows = clinician_weeks(evidence)
    rows = rows.filter(rows.put_off.notnull() & rows.contact.notnull())
    rows = evidence.view.keep("model_weeks", _with_visits(rows, evidence))
    rows = _with_caseload(rows, evidence)
    rows = rows.mutate(y=rows.due - rows.contact, quarter=(rows.week // WEEKS_A_QUARTER).cast("int64"))
    pairs = [(i, j) for i in range(len(X)) for j in range(i + 1)]
    sums: dict[str, Any] = {f"s{i}_{j}": (rows[X[i]] * rows[X[j]]).sum() for i, j in pairs}
    sums |= {f"t{i}": rows[X[i]].sum() for i in range(len(X))}
    sums |= {f"y{i}": (rows[X[i]] * rows.y).sum() for i in range(len(X))}
    sums |= {"y": rows.y.sum(), "yy": (rows.y * rows.y).sum(), "shared_out": rows.shared_out.sum(),
             "weeks": rows.count()}
    table = rows.group_by("profession", "clinician", "quarter").agg(**sums)
    found = columns_of(table.order_by("profession", "clinician", "quarter"))
    professions = dict.fromkeys(found["profession"].tolist())
    return {each: _weeks(found, found["profession"] == each) for each in professions}


def _weeks(found: dict[str, NDArray[Any]], own: NDArray[np.bool_]) -> Weeks:
    def of(name: str) -> Numbers:
        return found[name][own].astype(float)

    number = int(own.sum())
    squares = np.zeros((number, len(X), len(X)))
    for i in range(len(X)):
        for j in range(i + 1):
            squares[:, i, j] = squares[:, j, i] = of(f"s{i}_{j}")
    with_y = np.stack([of(f"y{i}") for i in range(len(X))], axis=1)
    sums = np.stack([of(f"t{i}") for i in range(len(X))], axis=1)
    weeks, y = of("weeks"), of("y")
    # Around means: how many patients a clinician has may be off by the same number for long.
    return Weeks(
        squares - sums[:, :, None] * sums[:, None, :] / weeks[:, None, None],
        with_y - sums * (y / weeks)[:, None], of("yy") - y**2 / weeks,
        sums.sum(axis=0), int(weeks.sum()), len(set(found["clinician"][own])),
        float(of("shared_out").sum() / max(sums[:, X.index("caseload")].sum(), 1.0)),
    )


def _with_visits(rows: ir.Table, evidence: Evidence) -> ir.Table:
    """With visits attended and missed in the week."""
    visits = evidence.view.due
    visits = visits.filter(visits.status.isin(["completed", "no_show"]))
    each = visits.group_by(whose=visits.clinician, when=week_of(visits.day)).agg(
        attended=(visits.status == "completed").sum(), missed=(visits.status == "no_show").sum(),
    )
    both = rows.left_join(each, [rows.clinician == each.whose, rows.week == each.when]).drop("whose", "when")
    return both.mutate(attended=both.attended.fill_null(0).cast("float64"),
                       missed=both.missed.fill_null(0).cast("float64"))


def _with_caseload(rows: ir.Table, evidence: Evidence) -> ir.Table:
    """With patients on the caseload at the end of the week."""
    stock = caseload_by_week(evidence.courses, evidence.staffing, rows.select("clinician", "week"))
    stock = stock.rename(whose="clinician", when="week")
    return rows.join(stock, [rows.clinician == stock.whose, rows.week == stock.when]).drop("whose", "when")


def overflow_by_profession(evidence: Evidence) -> dict[str, tuple[Numbers, Numbers]]:
    """By profession: hours after and hours beyond those paid, of each clinician with any."""
    if not evidence.has("hours.after_hours"):
        return {}
    rows = clinician_weeks(evidence)
    rows = rows.filter(rows.after.notnull())
    table = rows.group_by("profession", "clinician").agg(after=rows.after.sum(), excess=rows.excess.sum())
    found = columns_of(table.filter(table.excess > 0).order_by("profession", "clinician"))
    by = {}
    for each in dict.fromkeys(found["profession"].tolist()):
        own = found["profession"] == each
        by[each] = found["after"][own].astype(float), found["excess"][own].astype(float)
    return by


def beyond_paid(evidence: Evidence) -> dict[tuple[str, str], float]:
    """By site and profession: hours beyond those paid in the week before, mean over the settled, by share
    present."""
    rows = clinician_weeks(evidence)
    full = evidence.staffing.settled_from.rename(whose="clinician")
    rows = rows.join(full, rows.clinician == full.whose)
    rows = rows.filter(rows.put_off.notnull() & (rows.week_start >= rows.settled_from))
    there = rows.paid / rows.fte
    table = rows.group_by("site", "profession").agg(hours=(there * rows.put_off).sum(), there=there.sum())
    found = columns_of(table)
    each = zip(found["site"], found["profession"], found["hours"], found["there"], strict=True)
    return {(site, profession): hours / there for site, profession, hours, there in each if there > 0}


FAMILY = Family("hours", ("hours.paid", "hours.worked|hours.contact", "appointments.clinician"), find)
