"""What a family takes as given: what whoever asks knows, what earlier families found, else what is believed
anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import wraps

import numpy as np

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Draws, Found
from careload.model.evidence import Evidence
from careload.model.prior import draws_of, parameter_at, sure_prior_of


def draws_at(evidence: Evidence, so_far: Beliefs, place: str) -> Draws:
    """Draws of a number: as it is known, as it was found, else as it is believed without records."""
    if place in evidence.known:
        return np.full(NUMBER_OF_DRAWS, float(evidence.known[place]))
    if place in so_far and len(so_far[place].draws):
        return so_far[place].draws
    if place in so_far and so_far[place].is_number:
        return np.full(NUMBER_OF_DRAWS, float(so_far[place].value))
    return draws_of(sure_prior_of(place), place, evidence.seed)


Finds = Callable[[Evidence, Beliefs], Iterable[Found]]


def within_range(find: Finds) -> Finds:
    """A function that finds parameters, with no value or draw beyond what a service may have."""
    @wraps(find)
    def found(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
        yield from (_clipped(each) for each in find(evidence, so_far))
    return found


def _clipped(found: Found) -> Found:
    parameter = parameter_at(found.place)
    if parameter.kind not in ("number", "share", "whole"):
        return found
    least, most = parameter.low, parameter.high
    value = min(max(found.value, least), most)
    return replace(found, value=value, draws=np.clip(found.draws, least, most))
