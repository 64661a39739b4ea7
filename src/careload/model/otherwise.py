"""Who says otherwise of a parameter: the literature, the records, parties to a dispute.

    the literature says otherwise where its 90 % range does not hold the value
    the records say otherwise where a value was given, and their 90 % interval does not hold it
    a party's value stands beside, whether it lies in the interval or not; it is never used in a fit
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from careload.model.assumptions import AssumptionSet
from careload.model.belief import Belief, Beliefs, Other
from careload.model.prior import SPREAD_SOURCE, pattern_of, prior_of

LITERATURE, ASSUMED, RECORDS = "the literature", "what was assumed beforehand", "the records"


def by_prior(belief: Belief) -> Iterator[Other]:
    """The literature, where it does not hold the value; silent of values that come from it."""
    prior = prior_of(belief.place)
    if prior is None or not belief.is_number or belief.origin == "prior" or prior.source == SPREAD_SOURCE:
        return
    if not prior.low <= belief.value <= prior.high:
        who = ASSUMED if prior.mark == "assumed" else LITERATURE
        yield Other(who, None, prior.low, prior.high, prior.source, prior.mark)


def by_records(given: Any, found: Belief) -> Iterator[Other]:
    """The records, where they do not hold a value that was given in their place.

    given  the value taken
    found  what was found in the records
    """
    if found.origin in ("prior", "given"):
        return
    if not (_holds(found, given) if found.low is not None else given == found.value):
        yield Other(RECORDS, found.value, found.low, found.high, found.counted, "")


def by_parties(belief: Belief, parties: Sequence[AssumptionSet]) -> Iterator[Other]:
    """What parties hold of a parameter, but those whose value is the one taken."""
    for party in parties:
        named = {str(each.place): each for each in party.values}
        held = named.get(belief.place) or named.get(pattern_of(belief.place))
        if held is not None and held.value != belief.value:
            yield Other(party.name, held.value, None, None, held.source, held.mark,
                        _holds(belief, held.value))


def _holds(belief: Belief, value: Any) -> bool:
    """Whether the interval of a belief holds a value."""
    if belief.low is None or belief.high is None or not isinstance(value, int | float):
        return False
    return belief.low <= value <= belief.high


def with_others(beliefs: Beliefs, parties: Sequence[AssumptionSet]) -> dict[str, Belief]:
    """Beliefs, each with who says otherwise."""
    return {
        place: replace(own, otherwise=(*own.otherwise, *by_prior(own), *by_parties(own, parties)))
        for place, own in beliefs.items()
    }


def nowhere(beliefs: Beliefs, parties: Sequence[AssumptionSet]) -> list[str]:
    """Places of which parties speak and which the service does not have, with whose they are."""
    there = {*beliefs, *map(pattern_of, beliefs)}
    return [f"{party.name}: {each.place}" for party in parties for each in party.values
            if str(each.place) not in there]
