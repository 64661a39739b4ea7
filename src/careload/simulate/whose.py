"""Of two services, which one a finding is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from careload.clinic import Finding
from careload.simulate.differences import HERE, THERE
from careload.simulate.doubts import doubts
from careload.simulate.many import Simulated
from careload.simulate.versus import Comparison

BOTH = f"{HERE} and {THERE}"


def all_doubts(found: Simulated | Comparison, precision: float | None = None) -> list[Finding]:
    """The doubts of runs; of two services, the table of each finding is ``A``, ``B`` or ``A and B``."""
    if isinstance(found, Simulated):
        return doubts(found, precision)
    here, there = doubts(found.here, precision, HERE), doubts(found.there, precision, THERE)
    return _together(here, there)


def _together(here: Sequence[Finding], there: Sequence[Finding]) -> list[Finding]:
    """What is found in both is told once."""
    both = {replace(each, table=BOTH) for each in here} & {replace(each, table=BOTH) for each in there}
    every = dict.fromkeys(
        alike if (alike := replace(each, table=BOTH)) in both else each for each in (*here, *there)
    )
    return list(every)


def whose(finding: Finding) -> str:
    """What stands before a finding: "In A: ", "In both: ", or the name of what it is about."""
    if finding.table == BOTH:
        return "In both: "
    if finding.table in (HERE, THERE):
        return f"In {finding.table}: "
    return f"{finding.table}: " if finding.table else ""
