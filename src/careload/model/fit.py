"""From records to a service: every parameter fitted, or believed as before, and said which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from careload.clinic import Finding, Service
from careload.history import Records, fetch, query_errors
from careload.measure import View, day_of
from careload.model.assembled import completed, service_of
from careload.model.assumptions import AssumptionSet
from careload.model.belief import Belief, Beliefs
from careload.model.believed_less import believed_less
from careload.model.direct import FAMILIES
from careload.model.direct.exhaustion import find_exhaustion
from careload.model.early import as_it_stood, first_week
from careload.model.evidence import Evidence
from careload.model.family import believed, fitted
from careload.model.latent.infer import LEAST_WEEKS, infer
from careload.model.otherwise import with_others
from careload.model.trust.against import Against, against
from careload.model.trust.books import Books, books
from careload.model.trust.changed import Changed, changed
from careload.model.trust.checks import Ranges, wrong
from careload.model.trust.forecast import drawn
from careload.model.trust.hold_out import RUNS, HoldOut, cut_of, hold_out
from careload.model.window import since

Progress = Callable[[str, int, int], None]

DAYS_A_WEEK, FEW_WEEKS = 7, 26
NOTHING_KEPT = (None, (), Ranges({}))


@dataclass(frozen=True)
class Model:
    """The fitted description of one service.

    name         of the records it was fitted to
    first, as_of first and last day of what was read
    seed         of all draws
    beliefs      of every parameter, in the order of a service file
    service      the service with the values believed in
    hold_out     how a fit on the first part of the records forecasts the rest; None where they are too short
    warnings     what must be known before anything else, in sentences
    findings     signs that the service is not as the model takes it to be
    against      the fit run forward beside the records, week by week; None where nobody asked
    books        who came, went and stayed by site, and what does not add up; None without episodes
    changes      of the system that keeps the records, the surest first
    seen         the range of main figures in the records: beyond it no record tells what happens
    """

    name: str
    first: date
    as_of: date
    seed: int
    beliefs: tuple[Belief, ...]
    service: Service
    hold_out: HoldOut | None
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    against: Against | None = None
    books: Books | None = None
    changes: tuple[Changed, ...] = ()
    seen: Ranges = field(default_factory=lambda: Ranges({}))

    def __getitem__(self, place: str) -> Belief:
        """What is believed of the parameter at a place; KeyError when there is none."""
        return {belief.place: belief for belief in self.beliefs}[place]

    @property
    def not_identified(self) -> tuple[Belief, ...]:
        """Beliefs about numbers that rest on assumptions."""
        return tuple(each for each in self.beliefs if each.determined == "not identified" and each.is_number)

    def drawn(self, number: int) -> Service:
        """The service in which every parameter has the value of its draw of that number."""
        return drawn(self.beliefs, number, self.name)


def fit(
    records: Records, *, first: date | None = None, as_of: date | None = None,
    known: Mapping[str, Any] | None = None, parties: Sequence[AssumptionSet] = (), seed: int = 1,
    latent: bool = True, held_out: bool = True, checked: bool = True, followed: bool = False,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Model:
    """A service fitted to records.

    records   `careload.read`
    first     leave out what happened before this day, for example before a change of system
    as_of     the day at whose end they are read; default: day of the last visit held or missed
    known     place to value: what is known beside them (pay, licences, a calendar); it stands above them
    parties   what they hold: to be shown beside what is believed, never used
    seed      same seed, same draws
    latent    look for what nobody wrote down too, by running the service many times
    held_out  fit their first three quarters too, and see how that forecasts the rest
    checked   look for signs that the service is not as the model takes it to be; keep the books
    followed  run the fitted service beside the records, week by week
    executor  where the service is run; None for the processors of this machine
    progress  told before each step: name, done, of

    Raises `UsageError` for a day before the records begin, `UnreadableRecords` when no visit was held or
    missed.
    """
    with query_errors(records.source):
        records = records if first is None else since(records, first)
        evidence = Evidence(View(records, day_of(records, as_of)), known or {}, seed)
        beliefs = beliefs_of(evidence, progress)
        signs = tuple(wrong(evidence)) if checked else ()
        beliefs = believed_less(beliefs, signs, evidence)
        if latent:
            beliefs = {**beliefs, **_latent(evidence, beliefs, executor, progress)}
        found = _held_out(evidence, executor, progress) if held_out else None
        if followed and progress:
            progress("running beside the records", 0, 1)
        weeks = against(evidence, beliefs, executor) if followed else None
        kept = _kept(evidence) if checked else NOTHING_KEPT
    every = tuple(with_others(beliefs, parties).values())
    warnings = [*about_forecasts(found)] * held_out + [*_about_records(evidence.view, every)]
    service = service_of(every, records.source)
    first, last = evidence.first, evidence.as_of
    return Model(records.source, first, last, seed, every, service, found, tuple(warnings), signs, weeks,
                 *kept)


def _kept(evidence: Evidence) -> tuple[Books | None, tuple[Changed, ...], Ranges]:
    """What the records say of themselves: the books, the changes, the ranges they showed."""
    return books(evidence), changed(evidence), Ranges.from_records(evidence)


def beliefs_of(evidence: Evidence, progress: Progress | None = None) -> Beliefs:
    """What is believed of every parameter at the end of the day of the evidence, but for the latent part."""
    found: dict[str, Belief] = {}
    for done, family in enumerate(FAMILIES):
        if progress:
            progress(family.name, done, len(FAMILIES))
        found |= {belief.place: belief for belief in fitted(family, evidence, found)}
    return completed(found, evidence)


def _latent(
    evidence: Evidence, beliefs: Beliefs, executor: Executor | None, progress: Progress | None
) -> Beliefs:
    """Latent parameters, from runs of the service that begin as it stood early in the records."""
    monday = first_week(evidence, LEAST_WEEKS)
    if monday is None:
        return {}
    every = as_it_stood(evidence, monday - timedelta(days=1), beliefs)
    service = service_of(every.values(), evidence.records.source)
    found = infer(evidence, service, executor=executor, progress=progress)
    latent = {belief.place: belief for belief in found}
    tired = find_exhaustion(evidence, {**beliefs, **latent}, monday)
    return latent | {each.place: believed(each, evidence) for each in tired}


def _held_out(evidence: Evidence, executor: Executor | None, progress: Progress | None) -> HoldOut | None:
    cut = cut_of(evidence.first, evidence.as_of)
    if cut is None:
        return None
    beliefs = beliefs_of(evidence.until(cut.fitted_to), progress)
    services = [drawn(list(beliefs.values()), number, evidence.records.source) for number in range(RUNS)]
    return hold_out(evidence.view, cut, services, evidence.seed, executor)


def about_forecasts(found: HoldOut | None) -> Iterator[str]:
    """Where a naive rival forecasts better; that nobody knows how well this forecasts."""
    if found is None:
        yield "The records are too short to hold a part of them out: how well this forecasts is not known."
    for each in found.scored if found else ():
        if each.lost_to:
            yield (f"Forecasting {each.measure.replace('_', ' ')}, this fit loses to a naive rival: "
                   f"{', '.join(each.lost_to)}.")


def _about_records(view: View, beliefs: Sequence[Belief]) -> Iterator[str]:
    """What is thin about the records."""
    weeks = ((view.as_of - view.first_day).days + 1) // DAYS_A_WEEK
    if weeks < FEW_WEEKS:
        yield f"The records span {weeks} weeks: too few for seasons, leaving, treatments."
    (row,) = fetch(view.spans.agg(again=(view.spans.event == "seen").sum()))
    if not row["again"]:
        yield "No return visit is recorded: all about them rests on assumptions."
    numbers = [belief for belief in beliefs if belief.is_number]
    resting = [belief for belief in numbers if belief.determined == "not identified"]
    if 2 * len(resting) > len(numbers):
        yield (f"Of {len(numbers)} numbers {len(resting)} rest on assumptions: this describes the literature "
               "more than this service.")
