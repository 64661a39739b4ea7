"""What the page tells, in order, before it is set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from careload.clinic import Estimate, Finding, plural
from careload.page import NBSP, DataTable
from careload.simulate import words
from careload.simulate.many import Simulated
from careload.simulate.report.dots import by_group, what_became
from careload.simulate.report.origins import marks_in_words, set_values, switched_off
from careload.simulate.report.panel import Panel
from careload.simulate.report.panels import bands_in_words, over_time, seen_again, span_lengths
from careload.simulate.report.sentences import (
    change_in_words,
    differences_told,
    what_clinicians_carry,
    what_patients_get,
)
from careload.simulate.report.shown import CHANGED, Shown, shown
from careload.simulate.report.tables import figures_table, groups_tables
from careload.simulate.report.way import waterfalls
from careload.simulate.versus import Comparison

FIRST = {"patients": "seen", "clinicians": "over-overload"}
"""The picture of each half that stands on the first screen."""
KEY_FIGURES = {
    "patients": (
        ("return_interval", "p90"),
        ("intake_wait", "median"),
        ("overdue", "mean"),
        ("dropouts", "rate"),
    ),
    "clinicians": (
        ("unpaid_hours", "mean"),
        ("exhaustion", "mean"),
        ("vacancy_rate", "share"),
        ("caseload", "mean"),
    ),
}
DIFFERENCES = (
    ("better", "What gets better"),
    ("worse", "What gets worse"),
    ("different", "What changes, better or worse according to what one wants"),
    ("same", "What these runs cannot tell apart"),
)

MOST_CHANGES = 20
"""Up to so many changes the second service is told by them, its other values being those of the first."""
ALWAYS = ("better", "worse")
"""Kinds of difference that are told also when there is none."""


@dataclass(frozen=True)
class KeyFigure:
    """One large figure: what it is, value, unit, doubt."""

    label: str
    figure: str
    unit: str
    doubt: str


@dataclass(frozen=True)
class Half:
    """One half: its first picture, large figures, all other pictures."""

    key: str
    title: str
    first: Panel | None
    figures: tuple[KeyFigure, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Made:
    """How one service was run."""

    letter: str
    name: str
    facts: tuple[tuple[str, str], ...]
    off: tuple[str, ...]
    values: DataTable | None


@dataclass(frozen=True)
class Story:
    """The whole page in the order in which it is read."""

    title: str
    where: str
    sentences: tuple[str, str]
    findings: tuple[Finding, ...]
    names: tuple[str, ...]
    bands: str
    changes: tuple[str, ...]
    halves: tuple[Half, ...]
    differences: tuple[tuple[str, str, tuple[str, ...]], ...]
    waterfalls: tuple[Panel, ...]
    fates: Panel
    groups: tuple[DataTable, ...]
    totals: tuple[DataTable, ...]
    made: tuple[Made, ...]
    one_run: bool


def tell(
    found: Simulated | Comparison, standard: str | None = None, noticed: Sequence[Finding] = ()
) -> Story:
    """The story of runs or of a comparison."""
    seen = shown(found, standard, noticed)
    told = differences_told(seen) if seen.compared else {}
    return Story(
        title=f"What patients get, what clinicians carry: {_names(seen)}",
        where=_where(seen),
        sentences=(what_patients_get(seen), what_clinicians_carry(seen)),
        findings=tuple(seen.findings),
        names=seen.names,
        bands=bands_in_words(seen),
        changes=_changes(seen),
        halves=(
            _half(seen, "patients", "What patients get"),
            _half(seen, "clinicians", "What clinicians carry"),
        ),
        differences=tuple(
            (key, title, tuple(told[key]))
            for key, title in DIFFERENCES
            if key in told and (told[key] or key in ALWAYS)
        ),
        waterfalls=tuple(waterfalls(seen)),
        fates=what_became(seen),
        groups=tuple(groups_tables(seen)),
        totals=tuple(figures_table(seen, side) for side in FIRST),
        made=tuple(_made(seen, i) for i in range(len(seen.founds))),
        one_run=min(len(f.summaries) for f in seen.founds) == 1,
    )


def _changes(seen: Shown) -> tuple[str, ...]:
    return tuple(change_in_words(change) for change in seen.compared.changes) if seen.compared else ()


def _names(seen: Shown) -> str:
    if seen.names and seen.names[1] == f"{seen.names[0]}{CHANGED}":
        return f"{seen.names[0]}, as it is and changed"
    return " and ".join(seen.names) or seen.founds[0].service.name


def _where(seen: Shown) -> str:
    return f"{_names(seen)}: {runs_in_words(seen.founds[0])}"


def runs_in_words(found: Simulated) -> str:
    """How many runs of how long: "60 runs of 5 years"."""
    runs = len(found.summaries)
    return f"{runs:,} {plural(runs, 'runs')} of {years_in_words(found)}"


def years_in_words(found: Simulated) -> str:
    """The time counted, in years, in weeks below one."""
    years = found.weeks * 7 / 365.25
    if years < 1:
        return f"{found.weeks} {plural(found.weeks, 'weeks')}"
    return f"{round(years, 1):g} {plural(round(years, 1), 'years')}"


def _half(seen: Shown, key: str, title: str) -> Half:
    panels = list(_panels(seen, key))
    first = next((panel for panel in panels if panel.key == FIRST[key]), None)
    rest = tuple(panel for panel in panels if panel is not first)
    return Half(key, title, first, () if seen.names else tuple(_key_figures(seen, key)), rest)


def _panels(seen: Shown, side: str) -> Iterator[Panel]:
    if side == "patients":
        own = [
            seen_again(seen),
            span_lengths(seen),
            by_group(seen, "return_interval", "median", "waits", "Who waits longest for the next visit"),
        ]
        yield from (panel for panel in own if panel)
        yield from over_time(seen, side)
        return
    yield from over_time(seen, side)
    load = by_group(seen, "overload", "ratio", "load", "Who carries most")
    yield from [load] if load else []


def _key_figures(seen: Shown, side: str) -> Iterator[KeyFigure]:
    for measure, statistic in KEY_FIGURES[side]:
        for each in seen.all(measure, statistic)[:1]:
            yield _key_figure(each)


def _key_figure(estimate: Estimate) -> KeyFigure:
    value, _, unit = words.figure(estimate).partition(NBSP)
    if estimate.unit == "share":
        value, unit = words.figure(estimate), ""
    if estimate.value is None:
        value, doubt = words.NOT_REACHED, estimate.note.removeprefix(f"{words.NOT_REACHED} ")
        return KeyFigure(words.title(estimate.measure, estimate.statistic), value, "", doubt)
    return KeyFigure(words.title(estimate.measure, estimate.statistic), value, unit, words.sure(estimate))


def _made(seen: Shown, place: int) -> Made:
    found = seen.founds[place]
    service, done = found.service, len(found.summaries)
    short = "" if done == found.asked else f", of {found.asked:,} asked for: it was interrupted"
    warm_up = f"{found.warm_up:,} {plural(found.warm_up, 'weeks')} before counting began"
    rules = "; ".join(f"{rule.words}: {rule.source}" for rule in seen.rules)
    facts = (
        ("Service", service.name),
        ("Runs", f"{done:,}{short}"),
        ("Time counted", f"{years_in_words(found)} in each run"),
        ("Warm-up", warm_up if found.warm_up else "none: the first day is counted"),
        ("First day", f"{service['start']['date']}"),
        ("Seed", f"{found.seed}"),
        ("Parameters", marks_in_words(service)),
        *(
            [("Legal limit", f"{rules}. Business days are those of the service's own calendar.")]
            if rules
            else []
        ),
    )
    letter = "AB"[place] if seen.names else ""
    values = None if place and len(_changes(seen)) <= MOST_CHANGES else set_values(service)
    return Made(letter, service.name, facts, tuple(switched_off(service)), values)
