"""What is believed less where a check says that the service is not as the model takes it to be.

Each finding names the parameters that were counted under the law it speaks against (`DOUBTED`). Their values
stand, but in half of the draws the law is taken not to hold, and what was believed before any record is drawn
instead: so the interval holds both, and says how little is known.

Two are not believed at all. Who is booked sooner because they are sicker is overdue less and in crisis more:
the hazard counted is then that of another kind of patient. It is believed by half where waits lengthened by
what nobody chose (sickness of the clinician, a cancellation by the clinic, a strike) show the same hazard
with events enough; else the prior stands. And plans that follow the waits tell nothing of the cadence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from careload.clinic import SMALLEST_GROUP, Finding
from careload.model.belief import Belief, Beliefs, interval
from careload.model.evidence import Evidence
from careload.model.family import by_assumption, how_well
from careload.model.prior import draws_of, prior_of
from careload.model.trust.checks import Unchosen, unchosen

SOONER, FOLLOW = "sicker-sooner", "plans-follow-waits"
ONLY = "Association only: the sicker are booked sooner here, so what was counted is not the hazard of delay."
AGREES = "The sicker are booked sooner here, but delays nobody chose show the same hazard."
NO_PLANS = "Plans follow the waits here: what is written is what there was, not what treatment asks for."

HAZARDS = ("need.*.crisis_per_day", "need.*.dropout_per_day")
TREATMENT = ("need.*.visits_needed", "need.*.progress_lost_per_doubling")
CADENCE = ("need.*.cadence_days", "need.*.stage_from_visit")
DOUBTED: Mapping[str, tuple[str, ...]] = {
    "hazards-differ": (*HAZARDS, *TREATMENT),
    "discharge-by-pressure": TREATMENT,
    FOLLOW: (*HAZARDS, *TREATMENT),
    "change-of-system": (*HAZARDS, *TREATMENT, "no_show.*"),
    "flows-do-not-close": TREATMENT,
    SOONER: HAZARDS[:1],
}
"""Code of a finding to the parameters counted under what it speaks against."""
WHY: Mapping[str, str] = {
    "hazards-differ": "patients of one need group differ in what no record shows",
    "discharge-by-pressure": "treatment is ended because others wait",
    FOLLOW: "plans follow the waits, so who is overdue is not known",
    "change-of-system": "the records change in their midst",
    "flows-do-not-close": "who comes in, goes out and stays does not add up",
    SOONER: "few of the delays here are ones that nobody chose",
}


def believed_less(beliefs: Beliefs, findings: Sequence[Finding], evidence: Evidence) -> Beliefs:
    """Beliefs, those that findings speak against with the doubt they deserve."""
    codes = list(dict.fromkeys(found.code for found in findings))
    agrees = _agrees(evidence.once(unchosen)) if SOONER in codes else False
    return {place: _told(belief, codes, evidence, agrees=agrees) for place, belief in beliefs.items()}


def _agrees(found: Unchosen | None) -> bool:
    return found is not None and found.unchosen.events >= SMALLEST_GROUP and not found.differ


def _told(belief: Belief, codes: Sequence[str], evidence: Evidence, *, agrees: bool) -> Belief:
    if belief.origin != "records":
        return belief
    if FOLLOW in codes and _is_one_of(belief.place, CADENCE):
        return _without_records(belief, NO_PLANS, evidence)
    if SOONER in codes and belief.place.endswith(".crisis_per_day"):
        if not agrees:
            return _without_records(belief, ONLY, evidence)
        belief = replace(belief, note=AGREES)
    against = [code for code in codes if _is_one_of(belief.place, DOUBTED.get(code, ()))]
    return _doubted(belief, against, evidence) if against else belief


def _is_one_of(place: str, patterns: Sequence[str]) -> bool:
    """Whether a place is of one of the patterns: all of a section, or one parameter of all its tables."""
    section, parameter = place.partition(".")[0], place.rpartition(".")[2]
    return any(section == own.partition(".")[0] and own.rpartition(".")[2] in ("*", parameter)
               for own in patterns)


def _without_records(belief: Belief, note: str, evidence: Evidence) -> Belief:
    return replace(by_assumption(belief.place, evidence, note), formula=belief.formula, counts=belief.counts)


def _doubted(belief: Belief, codes: Sequence[str], evidence: Evidence) -> Belief:
    """The belief with draws from before the records in every second place."""
    prior = prior_of(belief.place)
    if prior is None or not len(belief.draws):
        return belief
    before = draws_of(prior, belief.place, evidence.seed)[:len(belief.draws)]
    draws = np.where(np.arange(len(belief.draws)) % 2, before, belief.draws)
    low, high = interval(draws)
    because = f"Believed by half only: {'; '.join(WHY[code] for code in codes)}."
    return replace(belief, low=low, high=high, draws=draws, note=f"{belief.note} {because}".strip(),
                   determined=how_well(low, high, belief.value, prior))
