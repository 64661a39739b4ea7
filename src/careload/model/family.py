"""Families of parameters: each fitted by one model, in one file of `direct/`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from careload.clinic import Parameter
from careload.model.belief import LEVEL, Belief, Beliefs, Determined, Found, interval
from careload.model.evidence import Evidence
from careload.model.prior import Prior, draws_of, parameter_at, prior_of

AGAINST_PRIOR: Mapping[Determined, float] = {"well": 0.2, "roughly": 0.5, "weakly": 0.9}
"""Width of an interval against that of the prior up to which the records determine a parameter so."""
RELATIVE = (0.1, 0.3)
"""Where there is no prior: width against the value up to which it is determined well, and roughly."""


@dataclass(frozen=True)
class Family:
    """Parameters fitted together by one model.

    name   in words, for progress
    needs  what the records must supply: ``referrals.requested_at``; alternatives with ``|``
    fit    finds them; told what is believed of those fitted before
    """

    name: str
    needs: tuple[str, ...]
    fit: Callable[[Evidence, Beliefs], Iterable[Found]]


def fitted(family: Family, evidence: Evidence, so_far: Beliefs) -> list[Belief]:
    """What a family finds, beside what is believed without it; nothing where the records lack its needs."""
    if not all(evidence.has(need) for need in family.needs):
        return []
    return [believed(found, evidence) for found in family.fit(evidence, so_far)]


def believed(found: Found, evidence: Evidence) -> Belief:
    """What the records say of a parameter as a belief: how well, against what was believed before."""
    if not found.trusted:
        seen = by_assumption(found.place, evidence, found.note)
        return replace(seen, formula=found.formula, counts=found.counts)
    parameter = parameter_at(found.place)
    belief = Belief(found.place, found.value, parameter.unit, origin=found.origin, formula=found.formula,
                    counts=found.counts, note=found.note, draws=found.draws)
    if found.origin == "prior":
        return replace(belief, determined="not identified", source="none", mark="assumed")
    if not len(found.draws):
        return belief
    low, high = _ends(found, parameter)
    determined = how_well(low, high, found.value, prior_of(found.place))
    return replace(belief, low=low, high=high, determined=determined)


def _ends(found: Found, parameter: Parameter) -> tuple[float, float]:
    if found.none_seen and parameter.low is not None:
        return parameter.low, float(np.quantile(found.draws, LEVEL))
    return interval(found.draws)


def how_well(low: float, high: float, value: float, prior: Prior | None) -> Determined:
    """How well an interval determines a parameter: its width against the prior's, or against the value."""
    if prior is None:
        share = (high - low) / abs(value) if value else math.inf
        return "well" if share <= RELATIVE[0] else "roughly" if share <= RELATIVE[1] else "weakly"
    share = prior.width_of(low, high) / prior.width
    return next((word for word, most in AGAINST_PRIOR.items() if share <= most), "not identified")


def by_assumption(place: str, evidence: Evidence, note: str) -> Belief:
    """What is believed of a parameter that the records do not determine."""
    parameter, prior = parameter_at(place), prior_of(place)
    if prior is None:
        return Belief(place, parameter.default, parameter.unit, origin="prior", determined="not identified",
                      note=note, source=parameter.source, mark=parameter.mark)
    draws = draws_of(prior, place, evidence.seed)
    low, high = interval(draws)
    return Belief(place, prior.middle, parameter.unit, low, high, "prior", "not identified", note=note,
                  source=prior.source, mark=prior.mark, draws=draws)
