"""Is the model wrong in a way that its fit cannot show?

Takes the evidence a fit reads. Gives findings (`wrong`), each with what to do; beside each check a function
with the numbers behind it, by site and week or four weeks, for a page. Nothing is corrected or left out.

    severity   patients of one need group differ in what the records do not show         hazards-differ
    pressure   treatment is ended because others wait                                    discharge-by-pressure
    plans      plans written down follow what the calendar has to offer                  plans-follow-waits
    sooner     the sicker are booked sooner: delay and risk are confounded               sicker-sooner
    change     the system that keeps the records changed, and when                       change-of-system
    flows      what comes in, goes out and stays does not add up                         flows-do-not-close
    beyond     a run goes where the records have never been                              beyond-the-seen

    slopes     how a rate goes with something within strata; `overdue`: who is overdue, by site and week
    weeks      the weekly series that are searched for a change

A check speaks only where it is far beyond chance and large enough to matter; how often each speaks in records
of a world as believed, and of worlds that are wrong, `benchmarks/wrong_models.py` measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from careload.clinic import Finding
from careload.model.evidence import Evidence
from careload.model.trust.checks import change, flows, plans, pressure, severity, sooner
from careload.model.trust.checks.beyond import Ranges, beyond
from careload.model.trust.checks.sooner import Unchosen, unchosen

CHECKS: Mapping[str, Callable[[Evidence], Iterator[Finding]]] = {
    "hazards-differ": severity.check,
    "discharge-by-pressure": pressure.check,
    "plans-follow-waits": plans.check,
    "sicker-sooner": sooner.check,
    "change-of-system": change.check,
    "flows-do-not-close": flows.check,
}
"""Code to the check of the records that gives it."""


def wrong(evidence: Evidence) -> Iterator[Finding]:
    """What every check says."""
    for check in CHECKS.values():
        yield from check(evidence)


__all__ = ["CHECKS", "Ranges", "Unchosen", "beyond", "unchosen", "wrong"]
