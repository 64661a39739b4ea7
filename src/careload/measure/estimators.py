"""One way from rows to estimates per kind of measure.

share   rows with y (0 or 1)                 -> share, Wilson with design effect
ratio   rows with n and y (whole numbers)    -> sum(y)/sum(n), robust by cluster
rate    rows with n (exposure) and y         -> events per exposure, exact Poisson
time    rows with days and outcome           -> `careload.measure.timing`
weekly  rows with day                        -> `careload.measure.weekly`
census  rows of everybody there is           -> `careload.measure.census`
survey  rows with asked, n answered and y    -> share, bounds for those who did not answer
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import ibis
import ibis.expr.types as ir

from careload.clinic import Estimate
from careload.measure.clusters import sums_by_group
from careload.measure.definition import Definition
from careload.measure.ratio import Sums, ratio, ratio_interval, share_interval
from careload.measure.view import View


def blank(definition: Definition, view: View, statistic: str, by: dict[str, str]) -> Estimate:
    """An estimate of `definition` without figures yet."""
    return Estimate(
        definition.name,
        statistic,
        None,
        None,
        None,
        definition.unit,
        None,
        by,
        as_of=view.as_of,
        counted=definition.counted,
    )


def shares(definition: Definition, rows: ir.Table, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    """Share of rows with y = 1; several shares of the same rows where there are several statistics."""
    n = rows.n if "n" in rows.columns else ibis.literal(1, type="int64")
    one = len(definition.statistics) == 1
    pairs = {name: (n, rows["y" if one else f"y_{name}"]) for name in definition.statistics}
    for group, sums in sums_by_group(definition, rows, view, by, pairs):
        for name in definition.statistics:
            yield from _share(blank(definition, view, name, group), sums[name])


def _share(start: Estimate, sums: Sums) -> Iterator[Estimate]:
    if not sums.n and start.by:
        return
    low, high = share_interval(sums) or (None, None)
    yield replace(
        start,
        value=ratio(sums),
        low=low,
        high=high,
        n=sums.n,
        at_risk=sums.clusters,
        events=sums.y,
        interval="wilson" if sums.independent else "wilson-design-effect",
    )


def ratios(definition: Definition, rows: ir.Table, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    """Sum of y over sum of n, in the definition's unit."""
    scale = definition.per / definition.divide_by
    for group, sums in _sums(definition, rows, view, by):
        value = ratio(sums)
        low, high = ratio_interval(sums) or (None, None)
        yield replace(
            blank(definition, view, definition.statistic, group),
            value=None if value is None else value * scale,
            low=None if low is None else max(0.0, low * scale),
            high=None if high is None else high * scale,
            n=sums.clusters,
            at_risk=sums.clusters,
            events=sums.y if definition.suppress == "patients" else 0,
            interval="cluster-robust",
        )


def survey(definition: Definition, rows: ir.Table, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    """Share of answers with y, between what it would be if all who did not answer said no, or yes."""
    pairs = {"answered": (rows.n, rows.y), "asked": (rows.asked, rows.y)}
    for group, sums in sums_by_group(definition, rows, view, by, pairs):
        answered, asked = sums["answered"], sums["asked"].n
        if answered.n:
            yield replace(
                blank(definition, view, definition.statistic, group),
                value=answered.y / answered.n,
                low=answered.y / asked,
                high=(answered.y + asked - answered.n) / asked,
                n=answered.n,
                at_risk=answered.n,
                events=0,
                interval="nonresponse-bounds",
                note=f"{answered.n:,} of {asked:,} asked answered",
            )


def rates(definition: Definition, rows: ir.Table, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    """Events y per exposure n, times the definition's scale, with the exact Poisson interval."""
    for group, sums in _sums(definition, rows, view, by):
        scale = definition.per / sums.n if sums.n else None
        low, high = poisson_interval(sums.y)
        yield replace(
            blank(definition, view, definition.statistic, group),
            value=None if scale is None else sums.y * scale,
            low=None if scale is None else low * scale,
            high=None if scale is None else high * scale,
            n=sums.y,
            at_risk=sums.clusters,
            events=sums.y,
            interval="poisson-exact",
        )


def poisson_interval(events: int) -> tuple[float, float]:
    """Exact 95 % interval of a Poisson mean from a count (Garwood 1936, by gamma quantiles)."""
    from scipy.special import gammaincinv

    low = float(gammaincinv(events, 0.025)) if events else 0.0
    return low, float(gammaincinv(events + 1, 0.975))


def _sums(
    definition: Definition, rows: ir.Table, view: View, by: Sequence[str]
) -> Iterator[tuple[dict[str, str], Sums]]:
    pairs = {"all": (rows.n, rows.y)}
    for group, sums in sums_by_group(definition, rows, view, by, pairs):
        if sums["all"].n or not group:
            yield group, sums["all"]
