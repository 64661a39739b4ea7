"""Families of parameters: each fitted by one model, in one file of `direct/`, from what the records supply."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from careload.model.belief import Belief, Beliefs, Found, interval
from careload.model.evidence import Evidence
from careload.model.prior import TO, Prior, draws_of, parameter_at, prior_of

WELL, ROUGHLY, WEAKLY = 0.2, 0.5, 0.9
"""Width of an interval against that of the prior up to which the records determine a parameter so."""
RELATIVE = (0.1, 0.3)
"""Width of an interval against the value up to which it is determined well, roughly, where there is no prior."""


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
    """What a family finds, set beside what is believed without records; nothing where the records lack its needs."""
    if not all(evidence.has(need) for need in family.needs):
        return []
    return [believed(found, evidence) for found in family.fit(evidence, so_far)]


def believed(found: Found, evidence: Evidence) -> Belief:
    """What the records say of a parameter as a belief: how well determined, against what was believed before."""
    parameter, prior = parameter_at(found.place), prior_of(found.place)
    if not found.trusted:
        return by_assumption(found.place, evidence, found.note, found)
    low, high = interval(found.draws) if len(found.draws) else (None, None)
    determined = "well" if low is None or high is None else how_well(low, high, found.value, prior)
    return Belief(
        found.place, found.value, parameter.unit, low, high, found.origin, determined, found.formula, found.counts,
        found.note, draws=found.draws,
    )


def how_well(low: float, high: float, value: float, prior: Prior | None) -> str:
    """How well an interval determines a parameter, a key of `WORDS`."""
    if prior is None:
        share = (high - low) / abs(value) if value else float("inf")
        return next((word for word, most in zip(("well", "roughly"), RELATIVE, strict=True) if share <= most), "weakly")
    to = TO[prior.scale]
    ends = (max(end, 1e-9) if prior.scale != "plain" else end for end in (low, high))
    left, right = (float(to(min(end, 1 - 1e-9) if prior.scale == "logit" else end)) for end in ends)
    share = (right - left) / prior.width
    words = zip(("well", "roughly", "weakly"), (WELL, ROUGHLY, WEAKLY), strict=True)
    return next((word for word, most in words if share <= most), "not identified")


def by_assumption(place: str, evidence: Evidence, note: str, found: Found | None = None) -> Belief:
    """What is believed of a parameter that the records do not determine."""
    parameter, prior = parameter_at(place), prior_of(place)
    seen = {"formula": found.formula, "counts": found.counts} if found else {}
    if prior is None:
        return Belief(place, parameter.default, parameter.unit, origin="prior", determined="not identified",
                      note=note, source=parameter.source, mark=parameter.mark, **seen)
    draws = draws_of(prior, place, evidence.seed)
    low, high = interval(draws)
    return Belief(place, prior.middle, parameter.unit, low, high, "prior", "not identified", note=note,
                  source=prior.source, mark=prior.mark, draws=draws, **seen)
