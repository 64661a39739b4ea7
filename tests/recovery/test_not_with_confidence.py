"""A world that is wrong in one way gets no sure and wrong answer about what its defect touches."""

from __future__ import annotations

import pytest
from tests.support.wrong_worlds import WRONG, evidence_of, service_named

from careload.model.belief import Belief
from careload.model.believed_less import believed_less
from careload.model.fit import beliefs_of
from careload.model.trust.checks import wrong

pytestmark = pytest.mark.slow

SERVICE, SEED = "mississippi", 2
TOUCHED: dict[str, tuple[str, ...]] = {
    "severity left out": ("crisis_per_day", "visits_needed"),
    "discharge under pressure": ("visits_needed", "progress_lost_per_doubling"),
    "plans follow waits": ("cadence_days", "visits_needed", "progress_lost_per_doubling", "crisis_per_day"),
    "sicker booked sooner": ("crisis_per_day",),
    "other words after a date": ("intake_soon", "intake_late", "return_soon", "return_late"),
    "new numbers after a date": ("crisis_per_day", "visits_needed"),
}
"""World to the parameters that its defect changes what is counted of."""
MEANS: dict[str, dict[str, float]] = {
    "severity left out": {"crisis_per_day": 2.6, "visits_needed": 1.4},
    "sicker booked sooner": {"crisis_per_day": 2.0},
}
"""Mean over all who ask for care, over the service's own parameter (`tests/support/wrong_worlds.py`)."""


def is_sure_and_wrong(belief: Belief, truth: float) -> bool:
    """Whether the belief claims to be known from the records, and its interval misses the truth."""
    sure = belief.origin == "records" and belief.determined in ("well", "roughly")
    return sure and belief.low is not None and belief.high is not None and not (
        belief.low <= truth <= belief.high)


@pytest.mark.parametrize("world", TOUCHED)
def test_what_a_wrong_world_touches_is_not_answered_with_confidence(world: str) -> None:
    make, code = WRONG[world]
    service = service_named(SERVICE)
    evidence = evidence_of(make(service, 1, SEED))
    signs = tuple(wrong(evidence))
    assert code in {sign.code for sign in signs}
    counted = beliefs_of(evidence)
    believed, missed = believed_less(counted, signs, evidence), set()
    for place, belief in believed.items():
        section, _, name = place.partition(".")
        table, _, parameter = name.rpartition(".")
        if parameter not in TOUCHED[world] or (table and table not in service[section]):
            continue
        truth = service[section][table][parameter] if table else service[section][parameter]
        if not belief.is_number:
            assert code != "plans-follow-waits" or belief.determined == "not identified", place
            continue
        truth = float(truth) * MEANS.get(world, {}).get(parameter, 1.0)
        assert not is_sure_and_wrong(belief, truth), place
        if is_sure_and_wrong(counted[place], truth):
            missed.add(place)
    assert missed, "without the doubt this world is answered wrongly, and surely"
