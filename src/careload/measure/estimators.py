"""From sums per cluster to estimates, one way per kind of measure.

share   rows with y (true or not)            -> share, Wilson with design effect
ratio   rows with n and y (whole numbers)    -> sum(y)/sum(n), robust by cluster
rate    rows with n (exposure) and y         -> events per exposure, exact Poisson
survey  rows with asked, n answered and y    -> share, bounds for those who did not answer
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import ibis

from careload.clinic import Estimate
from careload.measure.answers import Answer
from careload.measure.counted import Counted
from careload.measure.definition import Definition
from careload.measure.groups import Group
from careload.measure.questions import Pairs
from careload.measure.ratio import Sums, ratio, ratio_interval, share_interval
from careload.measure.view import View


def blank(definition: Definition, view: View, statistic: str, by: Group) -> Estimate:
    """An estimate of `definition` without figures yet."""
    return Estimate(
        definition.name,
        statistic,
        None,
        None,
        None,
        definition.unit,
        None,
        dict(by),
        as_of=view.as_of,
        counted=definition.counted,
    )


def share_pairs(definition: Definition, counted: Counted) -> Pairs:
    """n and y of the share; several shares of the same rows where there are several statistics."""
    n = counted["n"] if "n" in counted else ibis.literal(True)
    one = len(definition.statistics) == 1
    return {name: (n, counted["y" if one else f"y_{name}"]) for name in definition.statistics}


def shares(answer: Answer, view: View) -> Iterator[Estimate]:
    """Share of rows with y."""
    definition = answer.question.definition
    for group, sums in answer.sums.items():
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


def ratio_pairs(definition: Definition, counted: Counted) -> Pairs:
    """n and y of a ratio or rate."""
    return {definition.statistic: (counted["n"], counted["y"])}


def ratios(answer: Answer, view: View) -> Iterator[Estimate]:
    """Sum of y over sum of n, in the definition's unit."""
    definition = answer.question.definition
    scale = definition.per / definition.divide_by
    for group, found in answer.sums.items():
        sums = found[definition.statistic]
        if not sums.n and group:
            continue
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


def survey_pairs(_: Definition, counted: Counted) -> Pairs:
    """Answers and those asked."""
    return {"answered": (counted["n"], counted["y"]), "asked": (counted["asked"], counted["y"])}


def survey(answer: Answer, view: View) -> Iterator[Estimate]:
    """Share of answers with y, between what it would be if all who did not answer said no, or yes."""
    definition = answer.question.definition
    for group, sums in answer.sums.items():
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


def rates(answer: Answer, view: View) -> Iterator[Estimate]:
    """Events y per exposure n, times the definition's scale, with the exact Poisson interval."""
    definition = answer.question.definition
    for group, found in answer.sums.items():
        sums = found[definition.statistic]
        if not sums.n and group:
            continue
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
