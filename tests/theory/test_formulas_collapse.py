"""Congestion collapse with no-shows that rebook: the M/M/1/K table, its properties, and what its mean hides.

The table is computed from the formula (C); it is not the table of Green & Savin 2008, and the curves are
remembered (M). K = 400 places, 20 slots a day, .008 visits asked for per patient and day.
"""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careload.clinic.formulas import Backlog, NoShow, NoShowCurve, mm1k, settles

PLACES, SLOTS, ASKED = 400, 20, 0.008
IMAGING = NoShowCurve(soon=0.01, late=0.31, scale_days=50, slots_per_day=SLOTS)
COMMUNITY = NoShowCurve(soon=0.15, late=0.51, scale_days=9, slots_per_day=SLOTS)

# mean; same-day share; full calendar
TABLE = {
    1400: ("1.302; 1.0000; 0", "1.932; .9997; 2e-23", "2.333; .9992", "1.273"),
    1800: ("2.667; .9983; 0", "397.1; 0; .259", "9.000; .8784", "2.571"),
    2000: ("4.220; .9855; 2e-29", "398.0; 0; .333", "200.0; .0499", "4.000"),
    2200: ("8.176; .9002; 5e-13", "398.5; 0; .394", "390.0; 0", "7.333"),
    2300: ("14.818; .7464; 2e-5", "398.6; 0; .420", "393.3; 0", "11.500"),
    2400: ("384.8; .0002; .066", "398.7; 0; .444", "395.0; 0", "24.000"),
}
COLUMNS: list[tuple[NoShow, float]] = [(IMAGING, 1), (COMMUNITY, 1), (0.20, 1), (COMMUNITY, 0)]


def backlog(panel: float, no_show: NoShow, p_rebook: float = 1.0, places: int = PLACES) -> Backlog:
    return mm1k(ASKED * panel, SLOTS, places, no_show, p_rebook)


def agrees(value: float, told: str) -> bool:
    """Whether `value` is `told` at its digits; a bare 0 stands for less than the last of four."""
    number, _, power = told.partition("e")
    scale = 10 ** int(power or 0)
    digits = len(number.partition(".")[2]) if told != "0" else 4
    return abs(value / scale - float(number)) <= 0.5 * 10**-digits * (1 + 1e-9)


@pytest.mark.parametrize("panel", TABLE)
@pytest.mark.parametrize("column", range(4))
def test_the_table(panel: int, column: int) -> None:
    no_show, p_rebook = COLUMNS[column]
    found = backlog(panel, no_show, p_rebook)
    shown = (found.mean, found.share_below(SLOTS), found.full)
    told = TABLE[panel][column].split("; ")
    assert [one for one, text in zip(shown, told, strict=False) if not agrees(one, text)] == []


def test_the_comparison_can_fail() -> None:
    assert agrees(2.49e-29, "2e-29") and not agrees(2.51e-29, "2e-29")
    assert agrees(1.3023, "1.302") and not agrees(1.3026, "1.302")
    assert agrees(4e-5, "0") and not agrees(6e-5, "0")


@pytest.mark.parametrize("panel", TABLE)
def test_without_rebooking_every_curve_is_the_same(panel: int) -> None:
    assert backlog(panel, IMAGING, 0) == backlog(panel, COMMUNITY, 0) == backlog(panel, 0.0)


def test_exactly_full_load_is_a_flat_law() -> None:
    """N = 2000 and a constant .2: rho is 1, every backlog as likely, the mean half the places."""
    found = backlog(2000, 0.2)
    assert found.mean == pytest.approx(PLACES / 2)
    assert max(found.law) == pytest.approx(1 / (PLACES + 1)) == pytest.approx(min(found.law))


loads = st.floats(0.05, 2)
shares = st.floats(0, 0.95)


@given(loads, st.integers(1, 120))
def test_without_no_shows_it_is_m_m_1_k(load: float, places: int) -> None:
    total = math.fsum(load**k for k in range(places + 1))
    expected = [load**k / total for k in range(places + 1)]
    assert mm1k(load * SLOTS, SLOTS, places).law == pytest.approx(expected, rel=1e-9)
    assert mm1k(load * SLOTS, SLOTS, places, IMAGING, 0).law == pytest.approx(expected, rel=1e-9)


@given(loads, st.integers(1, 120), shares)
def test_a_constant_no_show_that_always_rebooks_is_more_load(load: float, places: int, chance: float) -> None:
    stretched = mm1k(load * SLOTS / (1 - chance), SLOTS, places)
    assert mm1k(load * SLOTS, SLOTS, places, chance, 1).law == pytest.approx(stretched.law, rel=1e-9)


def shorter(one: Backlog, other: Backlog) -> bool:
    """Whether `one` is stochastically shorter: whatever the number, it is less often exceeded."""
    return all(one.share_below(k) >= other.share_below(k) - 1e-12 for k in range(len(one.law)))


curves = st.builds(
    lambda soon, more, scale: NoShowCurve(soon, min(0.95, soon + more), scale, SLOTS),
    st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0.5, 60),
)


@given(loads, loads, curves, shares, shares)
def test_more_panel_and_more_rebooking_never_shorten_the_backlog(
    load: float, other: float, curve: NoShowCurve, p: float, q: float
) -> None:
    few, many = sorted((load, other))
    seldom, often = sorted((p, q))
    found = [
        mm1k(panel * SLOTS, SLOTS, 60, curve, p_rebook)
        for panel, p_rebook in [(few, seldom), (many, seldom), (many, often)]
    ]
    assert all(shorter(one, next_) for one, next_ in pairwise(found))


@given(loads, curves, curves)
def test_more_no_shows_never_shorten_the_backlog(load: float, curve: NoShowCurve, other: NoShowCurve) -> None:
    def either(k: int) -> float:
        return max(curve(k), other(k))

    assert shorter(mm1k(load * SLOTS, SLOTS, 60, curve), mm1k(load * SLOTS, SLOTS, 60, either))


@given(st.floats(0.2, 1.5), curves, st.floats(0, 1))
def test_it_settles_when_the_last_steps_lead_down(load: float, curve: NoShowCurve, p_rebook: float) -> None:
    """lambda < mu (1 - r gamma late), seen in the ratio of neighbours far out."""
    far = 200 * SLOTS * int(curve.scale_days + 1)
    ratio = load / (1 - p_rebook * curve(far))
    if abs(ratio - 1) > 1e-9:
        assert settles(load * SLOTS, SLOTS, curve.late, p_rebook) is (ratio < 1)


def test_the_mean_hides_two_humps_near_the_panel_that_tips() -> None:
    """At 2,350 patients the calendar is nearly empty or nearly full, and seldom at its mean."""
    found = backlog(2350, IMAGING)
    assert found.peaks == (0, PLACES)
    near_the_mean = math.fsum(found.law[int(found.mean) - 20 : int(found.mean) + 20])
    assert near_the_mean < 0.02
    assert found.share_below(SLOTS) > 0.2
    assert 1 - found.share_below(PLACES - SLOTS) > 0.3


def test_where_it_tips_depends_on_the_places() -> None:
    small, large = (backlog(2350, IMAGING, places=places) for places in (300, 500))
    assert small.mean / 300 < 0.2
    assert large.mean / 500 > 0.7


def test_the_curve() -> None:
    assert COMMUNITY(0) == COMMUNITY(SLOTS - 1) == pytest.approx(0.15)
    assert COMMUNITY(9 * SLOTS) == pytest.approx(0.51 - 0.36 / math.e)
    assert COMMUNITY(1000 * SLOTS) == pytest.approx(0.51)
