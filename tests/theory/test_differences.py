"""Differences between groups: Newcombe's interval, and nothing about hidden groups."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy import stats

from careload.clinic import Estimate
from careload.measure.differences import difference, differences


def share(site: str, hits: int, n: int) -> Estimate:
    interval = stats.binomtest(hits, n).proportion_ci(method="wilson")
    return Estimate(
        "no_show",
        "share",
        hits / n,
        interval.low,
        interval.high,
        "share",
        n,
        {"site": site},
        interval="wilson",
    )


def test_two_shares_have_newcombes_interval() -> None:
    # Newcombe 1998, his method 10, for 56/70 and 48/80: difference 0.2, interval 0.0524 to 0.3339.
    found = difference(share("a", 56, 70), share("b", 48, 80), "site")
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.by == {"site": "a", "versus": "b"}


def test_each_group_is_held_against_the_largest() -> None:
    found = list(differences([share("a", 10, 50), share("b", 30, 200), share("c", 9, 60)], ["site"]))
    assert [each.by for each in found] == [{"site": "a", "versus": "b"}, {"site": "c", "versus": "b"}]


def test_nothing_is_said_about_a_hidden_group() -> None:
    hidden = replace(share("a", 10, 50), value=None, low=None, high=None, n=None, hidden=True)
    assert list(differences([hidden, share("b", 30, 200)], ["site"])) == []


def test_complete_counts_differ_exactly() -> None:
    a, b = (replace(share(site, 20, 40), interval="census", low=0.5, high=0.5) for site in "ab")
    found = difference(a, b, "site")
    assert (found.low, found.value, found.high) == (0, 0, 0)


def test_an_open_bound_stays_open() -> None:
    a = replace(share("a", 10, 50), high=None)
    assert difference(a, share("b", 30, 200), "site").high is None
