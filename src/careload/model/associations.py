"""Crises by days overdue where the sicker are booked sooner: an association, unless other delays agree.

Who is booked sooner because they are sicker is overdue less and in crisis more: the hazard counted is then
that of another kind of patient. It is believed all the same where waits lengthened by what nobody chose
(sickness of the clinician, a cancellation by the clinic, a strike) show the same hazard with events enough;
else the prior stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from careload.clinic import SMALLEST_GROUP, Finding
from careload.model.belief import Belief, Beliefs
from careload.model.evidence import Evidence
from careload.model.family import by_assumption
from careload.model.trust.checks import Unchosen, unchosen

CODE = "sicker-sooner"
ONLY = "Association only: the sicker are booked sooner here, so what was counted is not the hazard of delay."
AGREES = "The sicker are booked sooner here, but delays nobody chose show the same hazard."


def only_associations(beliefs: Beliefs, findings: Sequence[Finding], evidence: Evidence) -> Beliefs:
    """Beliefs in which hazards of crises that may not be those of delay rest on the prior."""
    if not any(found.code == CODE for found in findings):
        return beliefs
    agrees = _agrees(unchosen(evidence))
    return {place: _told(belief, evidence, agrees=agrees) if place.endswith(".crisis_per_day") else belief
            for place, belief in beliefs.items()}


def _agrees(found: Unchosen | None) -> bool:
    return found is not None and found.unchosen.events >= SMALLEST_GROUP and not found.differ


def _told(belief: Belief, evidence: Evidence, *, agrees: bool) -> Belief:
    if belief.origin != "records":
        return belief
    if agrees:
        return replace(belief, note=AGREES)
    return replace(by_assumption(belief.place, evidence, ONLY), formula=belief.formula, counts=belief.counts)
