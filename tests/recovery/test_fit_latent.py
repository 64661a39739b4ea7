"""What nobody wrote down is identified in a rich design and not in an empty one: a short version of
`benchmarks/fit/latent.py`, on one service of each, with fewer runs and all else as it is in truth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from benchmarks.fit.latent import SPARED, WEEKS_BETWEEN, pooled, service_of
from benchmarks.fit.recorded import recorded

from careload.measure import View, day_of
from careload.model.belief import Belief
from careload.model.evidence import Evidence
from careload.model.latent.infer import infer
from careload.model.prior import sure_prior_of

YEARS, RUNS = 2, 120
TOLD_BY_LEAVERS = "workforce.leaving_per_year"
"""Leavers are recorded in both designs."""


def believed(rich: bool) -> Mapping[str, Belief]:
    service = service_of(0, 1, rich)
    records = recorded(
        service, 12 * YEARS, 1, without=() if rich else SPARED, weeks_between=WEEKS_BETWEEN)
    evidence = Evidence(View(records, day_of(records, None)), {}, 1)
    return {each.place: each for each in infer(evidence, service, RUNS)}


@pytest.mark.slow
def test_surveys_and_hours_tell_how_staff_tire() -> None:
    found = believed(rich=True)
    for place, most in (("workforce.exhaustion_rise", 0.6), ("workforce.exhaustion_start", 0.6)):
        prior, belief = sure_prior_of(place), found[place]
        assert belief.low is not None and belief.high is not None
        assert prior.width_of(belief.low, belief.high) < most * prior.width
        assert belief.origin == "simulation"


@pytest.mark.slow
def test_without_them_and_with_pay_alike_nothing_is_claimed() -> None:
    found = believed(rich=False)
    claimed = {place for place, each in found.items() if each.determined != "not identified"}
    assert claimed == {TOLD_BY_LEAVERS}


def test_services_together_are_surer_than_each() -> None:
    """Two services, each with a posterior of variance a half: precision 1 + 1 + 1; one that tells nothing
    takes none away."""
    each = {"rich": {"mean": {"rise": 0.0}, "covariance": [[0.5]]}}
    nothing = {"rich": {"mean": {"rise": 0.0}, "covariance": [[1.2]]}}
    assert pooled([each, each])["rise"] == pytest.approx(np.sqrt(1 / 3))
    assert pooled([each, nothing])["rise"] == pytest.approx(np.sqrt(1 / 2))
