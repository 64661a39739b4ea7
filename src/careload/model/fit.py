"""From records to a service: every parameter fitted, or believed as before, and said which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from careload.clinic import Service
from careload.history import Records, query_errors
from careload.measure import View, day_of
from careload.model.assembled import completed, service_of
from careload.model.belief import Belief
from careload.model.direct import FAMILIES
from careload.model.evidence import Evidence
from careload.model.family import fitted

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Model:
    """The fitted description of one service.

    name         of the records it was fitted to
    first, as_of first and last day of what was read
    seed         of all draws
    beliefs      of every parameter, in the order of a service file
    service      the service with the values believed in
    """

    name: str
    first: date
    as_of: date
    seed: int
    beliefs: tuple[Belief, ...]
    service: Service

    def __getitem__(self, place: str) -> Belief:
        """What is believed of the parameter at a place; KeyError when there is none."""
        return {belief.place: belief for belief in self.beliefs}[place]

    @property
    def not_identified(self) -> tuple[Belief, ...]:
        """Beliefs about numbers that rest on assumptions."""
        return tuple(each for each in self.beliefs if each.determined == "not identified" and each.is_number)


def fit(
    records: Records, *, as_of: date | None = None, known: Mapping[str, Any] | None = None, seed: int = 1,
    progress: Progress | None = None,
) -> Model:
    """A service fitted to records.

    records   `careload.read`
    as_of     the day at whose end they are read; default: day of the last visit held or missed
    known     place to value: what is known beside them (pay, licences, a calendar); it stands above them
    seed      same seed, same draws
    progress  told before each step: name, done, of

    Raises `UsageError` for a day before the records begin, `UnreadableRecords` when no visit was held or
    missed.
    """
    with query_errors(records.source):
        evidence = Evidence(View(records, day_of(records, as_of)), known or {}, seed)
        found = direct(evidence, progress)
    beliefs = completed(found, evidence)
    service = service_of(beliefs.values(), records.source)
    return Model(records.source, evidence.first, evidence.as_of, seed, tuple(beliefs.values()), service)


def direct(evidence: Evidence, progress: Progress | None = None) -> dict[str, Belief]:
    """What is found straight from the records, family by family."""
    found: dict[str, Belief] = {}
    for done, family in enumerate(FAMILIES):
        if progress:
            progress(family.name, done, len(FAMILIES))
        found |= {belief.place: belief for belief in fitted(family, evidence, found)}
    return found
