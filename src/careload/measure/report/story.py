"""What the report tells, in order, before it is set as a page or on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from careload.clinic import Finding
from careload.measure.definition import Definition
from careload.measure.definition import definitions as own_definitions
from careload.measure.report import words
from careload.measure.report.headline import (
    KeyFigure,
    cautions,
    excepts,
    headline,
    in_order,
    key_figures,
    main_figures,
)
from careload.measure.report.panels import Panel, clinician_panels, patient_panels
from careload.measure.report.tables import all_figures, definition_link, rows_table, totals_table
from careload.measure.report.words import Definitions
from careload.measure.result import Measurement, Verdict
from careload.page import DataTable

NOT_SO = "Does not apply."
"""What a definition says of a clock that its measure does not have."""
SIDES = (("patients", "What patients get"), ("clinicians", "What clinicians carry"))


@dataclass(frozen=True)
class Ruling:
    """A verdict in words."""

    verdict: str
    kind: str
    rule: str
    asks: str
    share: str
    required: str
    because: str
    citation: str
    mark: str


@dataclass(frozen=True)
class Half:
    """One half: large figures, pictures, every measure about everyone."""

    key: str
    title: str
    figures: tuple[KeyFigure, ...]
    panels: tuple[Panel, ...]
    totals: DataTable


@dataclass(frozen=True)
class Entry:
    """One definition with every figure that was measured by it."""

    name: str
    title: str
    definition: Definition | None
    facts: tuple[tuple[str, str], ...]
    figures: DataTable | None


@dataclass(frozen=True)
class Story:
    """The whole report in the order in which it is read."""

    title: str
    headline: str
    cautions: tuple[str, ...]
    source: str
    as_of: str
    rulings: tuple[Ruling, ...]
    halves: tuple[Half, ...]
    findings: tuple[Finding, ...]
    absent: tuple[tuple[str, str, str], ...]
    entries: tuple[Entry, ...]
    rows: DataTable
    resources: tuple[tuple[str, int], ...]
    anything_hidden: bool
    titles: Mapping[str, str]


def tell(measurement: Measurement, chosen: Definitions | None = None) -> Story:
    """The story of one measurement; `chosen` definitions, or the program's own."""
    definitions = own_definitions() if chosen is None else chosen
    return Story(
        title=f"What patients get, what clinicians carry: {measurement.source}",
        headline=headline(measurement),
        cautions=tuple(f"{finding.found} {finding.remedy}" for finding in cautions(measurement)),
        source=measurement.source,
        as_of=words.day(measurement.as_of),
        rulings=tuple(_ruling(v, excepts(measurement, v.rule)) for v in in_order(measurement.verdicts)),
        halves=tuple(_half(key, title, measurement, definitions) for key, title in SIDES),
        findings=tuple(in_severity(measurement.findings)),
        absent=tuple(
            (words.measure_title(a.measure, definitions), definition_link(a.measure), a.because)
            for a in sorted(measurement.not_measurable, key=lambda a: _title(a.measure, definitions))
        ),
        entries=_entries(measurement, definitions),
        rows=rows_table(dict(measurement.counts)),
        resources=tuple(sorted(measurement.resources.items())),
        anything_hidden=_anything_hidden(measurement),
        titles={n: words.measure_title(n, definitions) for n in names(measurement, definitions)},
    )


def in_severity(findings: Sequence[Finding]) -> list[Finding]:
    """Errors first, then warnings, then notes."""
    order = ("error", "warning", "note")
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _ruling(verdict: Verdict, excepting: bool) -> Ruling:
    counted = ", approved exceptions counted as in time" if excepting else ""
    return Ruling(
        verdict=verdict.verdict,
        kind=verdict.verdict.split()[0],
        rule=words.rule(verdict.rule),
        asks=f"within {verdict.limit} {words.clock(verdict.clock)}{counted}",
        share="" if verdict.share is None else words.share(verdict.share),
        required="" if verdict.required_share is None else words.share(verdict.required_share),
        because=verdict.because,
        citation=verdict.citation,
        mark=words.MARKS.get(verdict.mark, verdict.mark),
    )


def _half(key: str, title: str, measurement: Measurement, definitions: Definitions) -> Half:
    panels = patient_panels if key == "patients" else clinician_panels
    measures = [name for name in names(measurement, definitions) if words.side(name, definitions) == key]
    totals = [estimate for name in measures for estimate in main_figures(measurement, name)]
    table = totals_table(f"{title}: the main figure of every measure", totals, definitions)
    return Half(
        key, title, tuple(key_figures(measurement, key, definitions)),
        tuple(panels(measurement, definitions)), table,
    )


def _entries(measurement: Measurement, definitions: Definitions) -> tuple[Entry, ...]:
    return tuple(_entry(name, measurement, definitions) for name in names(measurement, definitions))


def names(measurement: Measurement, definitions: Definitions) -> list[str]:
    """Every measure that is defined, measured or not measurable, by the title that a reader looks for."""
    named = [e.measure for e in measurement.estimates] + [a.measure for a in measurement.not_measurable]
    return sorted({*definitions, *named}, key=lambda name: (_title(name, definitions), name))


def _title(measure: str, definitions: Definitions) -> str:
    return words.measure_title(measure, definitions).casefold()


def _entry(name: str, measurement: Measurement, definitions: Definitions) -> Entry:
    title = words.measure_title(name, definitions)
    definition = definitions.get(name)
    facts: tuple[tuple[str, str], ...] = ()
    if definition is not None:
        facts = (
            ("Clock starts", definition.clock_start),
            ("Clock stops", definition.clock_stop),
            ("Left out", definition.left_out),
            ("Where no ends of care are recorded", definition.without_ends),
            ("Unit", definition.unit),
            ("Needs", ", ".join(definition.needs)),
            ("Source", definition.source),
            ("Next review", str(definition.next_review)),
        )
    kept = tuple((term, text) for term, text in facts if text and text != NOT_SO)
    return Entry(name, title, definition, kept, all_figures(name, title, measurement))


def _anything_hidden(measurement: Measurement) -> bool:
    points = (value for series in measurement.series for point in series.points for value in point.values())
    figures = any(e.hidden or e.censored is None for e in measurement.estimates)
    return figures or any(value is None for value in points)
