"""The summary in a terminal: two small tables, the verdicts, how much was noticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from careload.clinic import Estimate, Finding, plural
from careload.history import RowCounts
from careload.measure.definition import definitions as own_definitions
from careload.measure.groups import ALONE
from careload.measure.report import words
from careload.measure.report.first import FEW_REASONS, few_groups, told_first, too_many_groups
from careload.measure.report.headline import excepts, headline, in_order, main_figures
from careload.measure.report.story import SIDES, in_severity
from careload.measure.report.words import Definitions
from careload.measure.result import Measurement, Verdict

if TYPE_CHECKING:  # rich is imported where it is used: `careload --help` must not pay for it twice
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

SEVERITIES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
COLOURS = {"misses": "bold red", "meets": "bold green", "cannot be said": "bold yellow"}


def summary(measurement: Measurement, definitions: Definitions | None = None) -> Group:
    """What `careload measure` prints; a rich renderable, plain text where the output is no terminal.

    measurement  what was measured, small cells already hidden
    definitions  name of a measure to its definition; None for the program's own
    """
    return _told(measurement, headline(measurement), definitions)


def own_summary(measurement: Measurement, definitions: Definitions | None = None) -> Group:
    """What `careload own` prints: the same tables, of one clinician alone.

    measurement  what `measure_own` gives; every figure is of that clinician
    definitions  as in `summary`
    """
    alone = tuple(
        replace(e, by={column: value for column, value in e.by.items() if column != ALONE})
        for e in measurement.estimates
    )
    first = "Your own figures, for you alone: small numbers are not hidden here. Do not share them."
    return _told(replace(measurement, estimates=alone), first, definitions)


def _told(measurement: Measurement, first: str, definitions: Definitions | None) -> Group:
    from rich.console import Group
    from rich.text import Text

    parts: list[Text | Table] = [Text(first, style="bold"), Text()]
    for verdict in in_order(measurement.verdicts):
        asks = f"{words.rule(verdict.rule)}, within {verdict.limit} {words.clock(verdict.clock)}"
        if excepts(measurement, verdict.rule):
            asks += ", approved exceptions counted as in time"
        line = Text().append(f"{verdict.verdict:<15}", COLOURS[verdict.verdict])
        shares = _shares(verdict.share, verdict.required_share)
        parts.append(line.append(f"{asks}: {shares}{_if_planned(measurement, verdict)}{_doubt(verdict)}"))
    if measurement.verdicts:
        parts.append(Text())
    known = own_definitions() if definitions is None else definitions
    tables = [_table(key, title, measurement, known) for key, title in SIDES]
    for table in tables:
        parts += [table, Text()] if table.row_count else []
    return Group(*parts, Text(_noticed(measurement, known)))


def findings_table(counts: Mapping[str, RowCounts], findings: Sequence[Finding]) -> Group:
    """What `careload check` prints: what became of the rows, then every finding with its remedy.

    counts    canonical table to what became of its rows
    findings  in any order; errors are shown first
    """
    from rich.console import Group
    from rich.text import Text

    became = _plain_table("What became of the rows")
    for name in ("Table", "Read", "Accepted", "Set aside", "Duplicates"):
        became.add_column(name, justify="left" if name == "Table" else "right")
    for name, count in sorted(counts.items()):
        figures = (count.rows, count.accepted, count.set_aside, count.duplicates)
        became.add_row(Text(name), *(f"{figure:,}" for figure in figures))
    parts: list[Text | Table] = [became, Text()]
    for finding in in_severity(findings):
        head = Text().append(finding.severity, SEVERITIES[finding.severity])
        head.append(f" {finding.code}", "bold")
        place = f" in {finding.table}" if finding.table else ""
        rows = f", {finding.rows:,} {plural(finding.rows, 'rows')}" if finding.rows else ""
        parts.append(head.append(place + rows))
        parts.append(Text(f"  {finding.found} Expected {finding.expected}. {finding.remedy}"))
    return Group(*parts, Text(f"Findings: {_severities(findings)}."))


def _severities(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in in_severity(findings))
    return ", ".join(f"{n} {plural(n, f'{severity}s')}" for severity, n in counts.items()) or "none"


def _shares(share: float | None, required: float | None) -> str:
    found = "share not known" if share is None else f"{words.share(share)} in time"
    return found if required is None else f"{found}, {words.share(required)} required"


def _if_planned(measurement: Measurement, verdict: Verdict) -> str:
    """The share under the narrower bound, where there are two."""
    excepting = excepts(measurement, verdict.rule)
    for e in measurement.estimates:
        main = e.statistic == ("share_with_exceptions" if excepting else "share")
        if main and dict(e.by) == {"standard": verdict.rule, "open": "planned"} and e.value is not None:
            return f" ({words.share(e.value)} if only people with something planned count as waiting)"
    return ""


def _doubt(verdict: Verdict) -> str:
    """Why it cannot be said, as the verdict has it."""
    doubt = verdict.because.partition("It cannot be said, ")[2].partition(". ")[0].removesuffix(".")
    return f", {doubt}" if doubt and verdict.verdict == "cannot be said" else ""


def _table(key: str, title: str, measurement: Measurement, definitions: Definitions) -> Table:
    from rich.text import Text

    table = _plain_table(title)
    table.add_column("Measure", min_width=18)
    table.add_column("Figure", justify="right")
    table.add_column("95 % interval", justify="right", no_wrap=True)
    table.add_column("Counted", min_width=12)
    groups = few_groups(measurement)
    for name in told_first(measurement, key, definitions):
        about_all = [(_label(e, definitions), e) for e in main_figures(measurement, name)]
        by_column = [(f"  {words.group(e.by)}", e) for e in groups if e.measure == name]
        for label, e in about_all + by_column:
            cells = (label, words.figure(e), words.interval(e), words.basis(e))
            # Text, not str: rich would read [brackets] in a name as markup.
            table.add_row(*(Text(cell) for cell in cells))
    return table


def _label(estimate: Estimate, definitions: Definitions) -> str:
    reading = f" ({words.reading(estimate.by)})" if estimate.by else ""
    plain = estimate.statistic in ("share", "ratio", "rate")
    what = "" if plain else f", {words.statistic(estimate.statistic)}"
    return f"{words.measure_title(estimate.measure, definitions)}{what}{reading}"


def _plain_table(title: str) -> Table:
    from rich import box
    from rich.table import Table

    return Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )


def _noticed(measurement: Measurement, definitions: Definitions) -> str:
    rows = sum(count.rows for count in measurement.counts.values())
    aside = sum(count.set_aside for count in measurement.counts.values())
    twice = sum(count.duplicates for count in measurement.counts.values())
    noticed = _severities(measurement.findings)
    if measurement.findings:
        noticed += " (`careload check` shows them)"
    lines = [f"{rows:,} rows read, {aside:,} set aside, {twice:,} duplicates. Findings: {noticed}."]
    if too_many_groups(measurement):
        lines.append("Groups are in the output of --html, --json and --csv.")
    absent = [a for a in measurement.not_measurable if a.measure in definitions]
    others = [a for a in measurement.not_measurable if a not in absent]
    lines += [f"{words.sentence(a.measure)}: {a.because}." for a in others]
    if len(absent) > FEW_REASONS:
        lines.append(f"{len(absent)} measures not measurable: the reasons are in the output of --json.")
    else:
        lines += [
            f"Not measurable: {words.measure_title(a.measure, definitions)}. {words.sentence(a.because)}."
            for a in absent
        ]
    return "\n".join(lines)
