"""How long people stay, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from careload.clinic import UsageError
from careload.model.tenure import Tenures, by_group, exponential, kaplan_meier, stepwise, weibull

FIVE = Tenures.of([1, 2, 2, 4, 5], [True, True, False, True, False])
"""One leaves after 1, one after 2 while another is last seen then, one after 4; the last is there after 5."""


def test_the_share_still_there() -> None:
    """4/5 after 1; times 3/4 after 2; times 1/2 after 4."""
    curve = kaplan_meier(FIVE)
    assert curve.time.tolist() == [1, 2, 4]
    assert curve.at_risk.tolist() == [5, 4, 2]
    assert curve.staying == pytest.approx([0.8, 0.6, 0.3])
    assert curve.at(np.array([0.5, 1, 3.9, 9])) == pytest.approx([1, 0.8, 0.6, 0.3])
    assert ((curve.low < curve.staying) & (curve.staying < curve.high)).all()


def test_who_comes_into_sight_later_is_not_at_risk_before() -> None:
    """The last two are seen from tenure 3 on: 2/3 after 1, a half of it after 2, a half of that after 4."""
    curve = kaplan_meier(Tenures.of(FIVE.until, FIVE.left, [0, 0, 0, 3, 3]))
    assert curve.at_risk.tolist() == [3, 2, 2]
    assert curve.staying == pytest.approx([2 / 3, 1 / 3, 1 / 6])


def test_a_constant_hazard() -> None:
    """Three left in 14 units of time; in 8 when two are seen from 3 on."""
    assert exponential(FIVE).value == pytest.approx(3 / 14)
    assert exponential(Tenures.of(FIVE.until, FIVE.left, [0, 0, 0, 3, 3])).value == pytest.approx(3 / 8)


def test_a_hazard_in_stretches() -> None:
    """Until 2: two left in 1 + 4 x 2 = 9. From 2 to 5: one in 2 + 3 = 5."""
    first, second = stepwise(FIVE, [2, 5])
    assert (first.leavers, first.in_sight) == (2, 9)
    assert (second.leavers, second.in_sight) == (1, 5)


def test_a_weibull_law_of_two_people() -> None:
    """Both left, after 1 and after e: shape k solves 1/k + 1/2 = e^k / (1 + e^k), scale^k = (1 + e^k) / 2."""
    law = weibull(Tenures.of([1, np.e], [True, True]))
    power = np.exp(law.shape)
    assert 1 / law.shape + 0.5 == pytest.approx(power / (1 + power), abs=1e-9)
    assert law.scale**law.shape == pytest.approx((1 + power) / 2)


def test_groups() -> None:
    groups = by_group(FIVE, ["b", "a", "b", "a", "b"])
    assert list(groups) == ["a", "b"]
    assert groups["a"].until.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("until", "since"), [([0.0], None), ([2.0], [2.0]), ([2.0], [-1.0]), ([2.0], [0.0, 0.0])]
)
def test_tenures_that_cannot_be(until: list[float], since: list[float] | None) -> None:
    with pytest.raises(UsageError):
        Tenures.of(until, [True] * len(until), since)


def test_thin_input() -> None:
    nobody_left = Tenures.of([3, 4], [False, False])
    assert not len(kaplan_meier(nobody_left).time)
    rate = exponential(nobody_left)
    assert rate.value == 0 and rate.high > 0
    for raises in (lambda: weibull(nobody_left), lambda: exponential(Tenures.of([], [])),
                   lambda: stepwise(FIVE, [9, 3]), lambda: stepwise(FIVE, [9, 12])):
        with pytest.raises(UsageError):
            raises()
