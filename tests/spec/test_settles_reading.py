"""How it is decided whether a service settles, on paths made up for it: no simulator runs here."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from careload.clinic import UsageError, parse_service
from careload.simulate.settles.doubt import Doubt, mean_of, rank_correlation, ratio_of, share_of, told
from careload.simulate.settles.draws import (
    OVERFLOW,
    Draw,
    Prior,
    drawn,
    hypercube,
    priors_of,
    what_decides,
    with_values,
)
from careload.simulate.settles.echo import STEP, echo_of
from careload.simulate.settles.paths import WATCHED
from careload.simulate.settles.settles import settles_or_spirals
from careload.simulate.settles.states import read_states

YEARS, RUNS = 12, 10
Numbers = NDArray[np.float64]

SERVICE = parse_service("""
[site.A]
[profession.therapist]
treats = ["adults", "children"]
[need.adults]
arrivals_per_week = 5
[need.children]
arrivals_per_week = 2
dropout_per_day = 0.002
[team.all]
site = "A"
profession = "therapist"
posts = 3
return_slots = 25
""")


def paths(level: list[float] | Numbers, noise: float = 2.0, seed: int = 1) -> Numbers:
    """Yearly numbers overdue about a level, in many runs."""
    chance = np.random.Generator(np.random.PCG64(seed))
    return np.asarray(level) + noise * chance.standard_normal((RUNS, YEARS))


def constant(level: float) -> list[float]:
    return [level] * YEARS


YEAR = np.arange(YEARS)


@pytest.mark.parametrize(
    ("short", "long", "verdict"),
    [
        (constant(100), 100 + 400 * 0.3**YEAR, "one"),
        (constant(20), constant(200), "two"),
        (20.0 + 30 * YEAR, 200.0 + 30 * YEAR, "drift"),
        (20.0 + 30 * YEAR, 22.0 + 30 * YEAR, "drift"),
        (600.0 - 30 * YEAR, 700.0 - 30 * YEAR, "drift"),
        # Half of the distance goes in four years: neither the same yet, nor two.
        (100 * (1 - 0.84**YEAR), 100 + 400 * 0.84**YEAR, "cannot be said"),
        # Both rise, slower and slower, towards 200: that is no drift.
        (200 * (1 - 0.85**YEAR), 200 * (1 - 0.9 * 0.85**YEAR), "cannot be said"),
        (constant(20), 20.0 + 60 * YEAR, "two"),
    ],
)
def test_verdicts(short: list[float], long: list[float], verdict: str) -> None:
    found = read_states(paths(short), paths(long, seed=2), 0.1)
    assert found.verdict == verdict, found.because
    assert (found.remedy == "") == (verdict != "cannot be said")


def test_beyond_the_tipping_point_there_may_be_no_rest() -> None:
    assert read_states(paths(constant(20)), paths(20.0 + 60 * YEAR), 0.1).open
    assert not read_states(paths(constant(20)), paths(constant(500)), 0.1).open


def test_a_few_runs_that_change_sides_leave_two_states_two() -> None:
    short, long = paths(constant(20)), paths(constant(200), seed=2)
    short[:2, 9:] = 200
    found = read_states(short, long, 0.1)
    assert found.verdict == "two" and found.level is not None and 20 < found.level < 200


def test_runs_too_unlike_to_say_ask_for_more_of_them() -> None:
    found = read_states(paths(constant(100), noise=80), paths(constant(100), noise=80, seed=2), 0.1)
    assert found.verdict == "cannot be said" and "replications" in found.remedy


def test_the_horizon_asked_for_would_settle_it() -> None:
    """What is said of half of a distance in four years holds when that horizon is given."""
    found = read_states(paths(100 * (1 - 0.84**YEAR)), paths(100 + 400 * 0.84**YEAR, seed=2), 0.1)
    years = np.arange(int("".join(each for each in found.remedy if each.isdigit())))
    chance = np.random.Generator(np.random.PCG64(3))
    noise = 2 * chance.standard_normal((2, RUNS, len(years)))
    longer = read_states(100 * (1 - 0.84**years) + noise[0], 100 + 400 * 0.84**years + noise[1], 0.1)
    assert longer.verdict == "one"


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.98])
def test_a_geometric_echo_is_read_exactly(kept: float) -> None:
    base = np.zeros((RUNS, 400, len(WATCHED)))
    pushed = base.copy()
    steps = np.arange(80)
    pushed[:, 80:, 0] = np.repeat(50 * kept**steps, STEP)
    pushed[:, 80:, 0] *= np.linspace(0.9, 1.1, RUNS)[:, None]
    found = echo_of(base, pushed, 80, 4, 0.5)
    assert found.gain.value == pytest.approx(kept**13)
    assert found.half_life.value == pytest.approx(4 * math.log(0.5) / math.log(kept))
    assert found.peak.value == pytest.approx(50)


def test_an_echo_that_grows_has_a_gain_above_one_and_no_half_life() -> None:
    base = np.zeros((RUNS, 200, len(WATCHED)))
    pushed = base.copy()
    pushed[:, :, 0] = np.repeat(np.concatenate([np.geomspace(8, 10, 26), np.full(24, 9.99)]), STEP)
    pushed[:, :, 0] += np.linspace(-1, 1, RUNS)[:, None]
    grown = echo_of(base, pushed, 0, 4, 0.5)
    assert grown.gain.value == pytest.approx(1, abs=0.01)


def test_no_echo_above_chance_is_said_to_be_none() -> None:
    chance = np.random.Generator(np.random.PCG64(1))
    base, pushed = chance.standard_normal((2, 4, 200, len(WATCHED)))
    pushed[0] += 9  # one run alone is no evidence
    assert not echo_of(base, pushed, 0, 4, 0.5).seen


def test_intervals_hold_what_they_promise() -> None:
    """Of 400 samples, about 95 % of the intervals hold the truth: mean 2, ratio 2 / 5."""
    chance = np.random.Generator(np.random.PCG64(1))
    means = ratios = 0
    for _ in range(400):
        top = 2 + chance.standard_normal(8)
        bottom = 5 + 0.5 * (top - 2) + chance.standard_normal(8)
        mean, ratio = mean_of(top), ratio_of(top, bottom)
        means += mean.low <= 2 <= mean.high
        ratios += ratio.low <= 0.4 <= ratio.high
    assert 0.92 < means / 400 < 0.98
    assert 0.92 < ratios / 400 < 0.98


def test_a_ratio_over_nothing_has_no_ends() -> None:
    ratio = ratio_of(np.array([1.0, 2.0, 3.0]), np.array([-1.0, 0.1, 1.0]))
    assert (ratio.low, ratio.high) == (-math.inf, math.inf)


def test_wilson_by_hand() -> None:
    """8 of 40: (0.2 + 1.92 / 40) / (1 + 3.84 / 40) = 0.2263 in the middle, 0.1211 to each side."""
    share = share_of(8, 40)
    assert share.low == pytest.approx(0.1050, abs=1e-4) and share.high == pytest.approx(0.3476, abs=1e-4)
    assert share_of(0, 10).low == 0 and share_of(10, 10).high == 1


@pytest.mark.parametrize(("measure", "unit", "low", "high"), [
    ("overdue", "patients", 0.0, 3.0), ("exhaustion", "0 to 1", 0.0, 1.0), ("verdict", "share", 0.0, 1.0),
    ("change_in_last_third", "patients", -2.0, 3.0), ("push_that_tips", "share", -2.0, 3.0),
    ("decides", "rank correlation", -2.0, 3.0),
])
def test_a_figure_is_no_less_than_it_can_be(measure: str, unit: str, low: float, high: float) -> None:
    found = told(measure, Doubt(0.5, -2.0, 3.0), unit, 2, "x")
    assert (found.low, found.value, found.high) == (low, 0.5, high)
    assert told(measure, Doubt(0.5, -math.inf, math.inf), "patients", 2, "x").high is None


@pytest.mark.parametrize("horizon", [1_000_000, 5, 6.5, math.inf])
def test_a_horizon_that_is_no_horizon_is_refused(horizon: float) -> None:
    with pytest.raises(UsageError, match="6 to 1,000 whole years"):
        settles_or_spirals(SERVICE, horizon)  # type: ignore[arg-type]


def test_a_hypercube_has_one_draw_in_every_part_of_every_range() -> None:
    levels = hypercube(40, 5, seed=1)
    assert (np.sort((levels * 40).astype(int), axis=0) == np.arange(40)[:, None]).all()
    assert (hypercube(40, 5, seed=1) == levels).all()
    assert (hypercube(40, 5, seed=2) != levels).any()


@pytest.mark.parametrize(
    ("prior", "middle"),
    [
        (Prior("a", 1, 3), 2.0),
        (Prior("a", 0.5, 2, times=True), 1.0),
        (Prior("a", 0, 10, mode=10), math.sqrt(50)),
        (Prior("a", 0, 10, mode=0), 10 - math.sqrt(50)),
    ],
)
def test_half_of_a_range_lies_below_its_middle(prior: Prior, middle: float) -> None:
    assert prior.at(0.5) == pytest.approx(middle)
    assert prior.at(0) == pytest.approx(prior.low) and prior.at(1) == pytest.approx(prior.high)


def test_what_is_disputed_is_drawn_with_either_sign_where_that_is_possible() -> None:
    priors = priors_of(SERVICE)
    places = {prior.place for prior in priors}
    assert places >= {*OVERFLOW, "need.*.dropout_per_day", "workforce.leaving_per_year"}
    assert "need.*.ed_share" not in places  # it moves nobody
    assert "need.*.reentry_share" not in places  # twice nothing is nothing
    for place in ("need.*.progress_lost_per_doubling", "need.*.referrals_per_wait"):
        assert sum(values[place] < 0 for values in drawn(priors, 20, seed=1)) == 10


def test_what_is_switched_off_is_not_drawn() -> None:
    quiet = SERVICE.changed({"mechanisms.exhaustion": False, "mechanisms.overload": False})
    places = {prior.place for prior in priors_of(quiet)}
    assert places.isdisjoint({*OVERFLOW, "workforce.exhaustion_rise"})


def test_every_draw_is_a_service() -> None:
    priors = priors_of(SERVICE)
    for values in drawn(priors, 20, seed=1):
        service = with_values(SERVICE, priors, values)
        shares = [service["profession"]["therapist"][place.rpartition(".")[2]] for place in OVERFLOW]
        assert sum(shares) == pytest.approx(1)
        needs = service["need"]
        assert needs["children"]["dropout_per_day"] == pytest.approx(2 * needs["adults"]["dropout_per_day"])


@pytest.mark.parametrize("ranges", [{"policy.overbooking": (0.3, 0.1)}, {"policy.overbooking": (0.1,)}])
def test_ranges_out_of_order_are_refused(ranges: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(UsageError):
        priors_of(SERVICE, ranges)


@pytest.mark.parametrize("place", ["policy.overboking", "team.all.site", "nowhere.at_all"])
def test_what_is_no_number_cannot_be_drawn(place: str) -> None:
    with pytest.raises(UsageError):
        with_values(SERVICE, [Prior(place, 0, 1)], {place: 0.5})


def test_the_parameter_that_decides_is_named_first() -> None:
    levels = hypercube(30, 2, seed=1)
    draws = [
        Draw({"a": float(a), "b": float(b)}, "two" if a > 0.6 else "one", 10 * float(b)) for a, b in levels
    ]
    assert what_decides(draws)[0][0] == "a"
    same = [Draw(draw.values, "one", draw.overdue) for draw in draws]
    (place, correlation), _ = what_decides(same)
    assert place == "b" and correlation.value == pytest.approx(1)


def test_a_rank_correlation_of_nothing_is_unknown() -> None:
    assert math.isnan(rank_correlation(np.ones(9), np.arange(9.0)).value)
