"""A service over time: how a figure spreads over the runs, at each time."""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.records import Numbers
from careload.simulate.spans import lower_quantile
from careload.simulate.summary import Summary

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles over runs of which a fan is made: nine in ten lie between the outer, half between the inner."""


def medians(summary: Summary, which: int) -> list[float]:
    """Lower median of the waits that ended with a visit, by four weeks."""
    return [lower_quantile(days, 0.5) for days in summary.monthly[which]]


def quantiles(values: Numbers) -> Numbers:
    """Quantiles over runs, (SHARES, time), of (run, time); runs without a value are left out of a time."""
    found = np.full((len(SHARES), values.shape[1]), np.nan)
    some = ~np.isnan(values).all(axis=0)
    found[:, some] = np.nanquantile(values[:, some], SHARES, axis=0)
    return found
