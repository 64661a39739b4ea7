"""What a family takes as given: what whoever asks knows, what earlier families found, else what is believed anyway."""

from __future__ import annotations

from typing import Any

import numpy as np

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Draws
from careload.model.evidence import Evidence
from careload.model.prior import draws_of, prior_of


def known_or(evidence: Evidence, place: str, otherwise: Any) -> Any:
    """What whoever asks knows of a place."""
    return evidence.known.get(place, otherwise)


def draws_at(evidence: Evidence, so_far: Beliefs, place: str) -> Draws:
    """Draws of a number: as it is known, as it was found, else as it is believed without records."""
    if place in evidence.known:
        return np.full(NUMBER_OF_DRAWS, float(evidence.known[place]))
    if place in so_far and len(so_far[place].draws):
        return so_far[place].draws
    if place in so_far and so_far[place].is_number:
        return np.full(NUMBER_OF_DRAWS, float(so_far[place].value))
    prior = prior_of(place)
    assert prior is not None
    return draws_of(prior, place, evidence.seed)
