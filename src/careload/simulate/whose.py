"""Of two services, which one a finding is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from careload.clinic import Finding, Service
from careload.simulate.differences import HERE, THERE
from careload.simulate.doubts import doubts
from careload.simulate.many import Simulated
from careload.simulate.start import held_at_first
from careload.simulate.versus import Comparison

BOTH = f"{HERE} and {THERE}"


def all_doubts(found: Simulated | Comparison, precision: float | None = None) -> list[Finding]:
    """The doubts of runs; of two services, the table of each finding is ``A``, ``B`` or ``A and B``."""
    if isinstance(found, Simulated):
        return doubts(found, precision)
    here, there = doubts(found.here, precision, HERE), doubts(found.there, precision, THERE)
    return [*_together(here, there), *_unlike_starts(found)]


def _unlike_starts(found: Comparison) -> Iterator[Finding]:
    """Posts added bring patients of their own, since the start is given for each post."""
    if found.there.warm_up:
        return
    start, posts = zip(*(_start(each.service) for each in (found.here, found.there)), strict=True)
    if posts[0] != posts[1] and round(start[0]) != round(start[1]):
        alike = found.there.service["start"]["patients"] * start[0] / start[1]
        yield Finding(
            "starts-differ", "warning", BOTH, 0,
            f"{HERE} begins with {start[0]:,.0f} people in care and {THERE} with {start[1]:,.0f}, since "
            "start.patients is for each post and posts differ.",
            "the same people in care on the first day, if posts are to be added to the service of today",
            f"Set start.patients = {alike:.4g} in {THERE}, or give both a start.warm_up_weeks of some years.",
        )


def _start(service: Service) -> tuple[float, int]:
    """People in care on the first day, and posts."""
    teams = service["team"].values()
    patients = sum(team["start_patients"] * held_at_first(service, team) for team in teams)
    return service["start"]["patients"] * patients, sum(team["posts"] for team in teams)


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
