"""Published outcomes against the laws that are fitted: what passes through them, and what cannot.

Each is a published output that was read: remission without treatment (Whiteford 2013), drop-out (Swift &
Greenberg 2012), turnover (an abstract of the Society for Social Work and Research), reliable recovery (NHS,
April 2025), follow-up after an emergency visit (Psychiatric Services, ps.201900466), first contact in an
emergency department (Kurdyak 2021).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq, minimize

from careload.clinic.formulas import convert, hazards_between, share_by
from careload.model.belief import interval
from careload.model.chances import share_draws
from careload.model.pooling import pooled_shares
from careload.model.tenure import Tenures, exponential, stepwise, weibull

MONTHS, REMITTED = np.array([3.0, 6.0, 12.0]), np.array([0.23, 0.32, 0.53])
WITHIN = 0.01


# ── W10: remission without treatment ───────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def untreated() -> Tenures:
    """20,000 people whose remission follows the published course, seen for a year or less."""
    chance = np.random.default_rng(10)
    ends = [0.0, *MONTHS]
    spent = -np.log1p(-np.concatenate([[0.0], REMITTED]))
    gone = np.interp(chance.exponential(size=20_000), spent, ends, right=np.inf)
    seen = np.where(chance.random(20_000) < 0.2, chance.uniform(1, 12, 20_000), 12.0)
    return Tenures.of(np.minimum(gone, seen), gone <= seen)


def test_w10_a_stepwise_hazard_passes_through_all_three(untreated: Tenures) -> None:
    hazards = [rate.value for rate in stepwise(untreated, MONTHS.tolist())]
    found = [share_by(month, MONTHS.tolist(), hazards) for month in MONTHS]
    assert found == pytest.approx(REMITTED, abs=WITHIN)
    exact = hazards_between(MONTHS.tolist(), REMITTED.tolist())
    assert [share_by(month, MONTHS.tolist(), exact) for month in MONTHS] == pytest.approx(REMITTED, abs=1e-12)


def test_w10_neither_law_of_one_piece_fitted_to_people_does(untreated: Tenures) -> None:
    for law in (exponential(untreated), weibull(untreated)):
        assert np.abs(1 - law.staying(MONTHS) - REMITTED).max() > WITHIN


def test_w10_no_exponential_could() -> None:
    """The hazard that 23 % at 3 months ask for and the one that 32 % at 6 do exclude each other."""
    least_at_3 = -math.log1p(-(REMITTED[0] - WITHIN)) / 3
    most_at_6 = -math.log1p(-(REMITTED[1] + WITHIN)) / 6
    assert least_at_3 > most_at_6
    worst = [np.abs(1 - np.exp(-rate * MONTHS) - REMITTED).max() for rate in np.linspace(0.001, 0.3, 3000)]
    assert min(worst) > WITHIN


def test_w10_no_weibull_could() -> None:
    """Its cumulative hazard at 6 is the geometric mean of those at 3 and at 12: more than 33 % allow."""
    at_3, at_12 = -np.log1p(-(REMITTED[[0, 2]] - WITHIN))
    assert math.sqrt(at_3 * at_12) > -math.log1p(-(REMITTED[1] + WITHIN))

    def worst(x: np.ndarray) -> float:
        return float(np.abs(-np.expm1(-((MONTHS / np.exp(x[0])) ** np.exp(x[1]))) - REMITTED).max())

    best = min(minimize(worst, [start, 0.0], method="Nelder-Mead").fun for start in (1.0, 2.0, 3.0))
    assert best > WITHIN


def test_w10_the_chance_a_month_that_a_service_takes_reproduces_the_year() -> None:
    """53 % in a year as one chance a month: right at 12, and by how much it is wrong at 3."""
    monthly = convert(0.53, "year", "month")
    assert 1 - (1 - monthly) ** 12 == pytest.approx(0.53, abs=1e-12)
    assert 1 - (1 - monthly) ** 3 < REMITTED[0] - WITHIN


# ── W11 to W15: shares ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("yes", "of", "told", "digits"),
    [
        pytest.param(48, 186, 0.26, 2, id="W12 turnover in 12 months"),
        pytest.param(26_457, 54_672, 0.484, 3, id="W13 reliable recovery"),
        pytest.param(57_797, 143_662, 0.402, 3, id="W14 follow-up within 14 days"),
        pytest.param(298_924, 659_084, 0.454, 3, id="W15 no contact before"),
    ],
)
def test_a_share_is_the_published_one_with_its_doubt(yes: int, of: int, told: float, digits: int) -> None:
    draws = share_draws(np.random.default_rng(1), yes, of)
    low, high = interval(draws)
    assert round(yes / of, digits) == told
    assert low < yes / of < high
    assert (high - low) / 2 == pytest.approx(1.645 * math.sqrt(yes / of * (1 - yes / of) / of), rel=0.15)


def test_w12_turnover_as_a_hazard() -> None:
    """48 of 186 gone within 12 months, whenever in the year: the fitted hazard brings 26 % in a year."""
    chance = np.random.default_rng(12)
    hazard = -math.log1p(-48 / 186)
    left = -np.log1p(-chance.random(48) * 48 / 186) / hazard
    staff = Tenures.of([*left, *[1.0] * 138], [*[True] * 48, *[False] * 138])
    rate = exponential(staff)
    assert 1 - rate.staying(1.0) == pytest.approx(0.26, abs=0.01)
    assert 1 - math.exp(-rate.low) < 0.26 < 1 - math.exp(-rate.high)


def test_w11_drop_out_of_many_studies_leans_on_what_they_have_in_common() -> None:
    """669 studies of 83,834 clients around 19.7 %: pooling finds the common share within 18.7 to 20.7 %.

    The studies' sizes and their spread are assumed; that they scatter by more than chance is published.
    """
    chance = np.random.default_rng(11)
    sizes = np.maximum(10, chance.lognormal(np.log(70), 1.0, 669)).round()
    sizes = np.maximum(10, (sizes * 83_834 / sizes.sum()).round())
    centre = brentq(lambda x: float(_share(x + 0.6 * np.linspace(-3, 3, 601))) - 0.197, -3, 0)
    shares = 1 / (1 + np.exp(-(centre + 0.6 * chance.standard_normal(669))))
    draws = pooled_shares(chance.binomial(sizes.astype(int), shares), sizes, chance)
    assert 0.187 <= draws.mean() <= 0.207
    own = np.abs(chance.binomial(sizes.astype(int), shares) / sizes - shares).mean()
    assert np.abs(draws.mean(axis=1) - shares).mean() < own


def _share(logits: np.ndarray) -> float:
    """Mean share of a normal law of log-odds with standard deviation 0.6, over three of them to each side."""
    weights = np.exp(-0.5 * np.linspace(-3, 3, len(logits)) ** 2)
    return float((weights / (1 + np.exp(-logits))).sum() / weights.sum())
