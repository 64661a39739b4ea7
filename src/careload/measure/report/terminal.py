"""The summary in a terminal: two small tables, the verdicts, how much was noticed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from careload.measure.report import words
from careload.measure.report.headline import headline, in_order, main_figures
from careload.measure.report.story import SIDES, names
from careload.measure.report.words import Definitions
from careload.measure.result import Measurement

if TYPE_CHECKING:  # rich is imported where it is used: `careload --help` must not pay for it twice
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

COLOURS = {"misses": "bold red", "meets": "bold green", "cannot be said": "bold yellow"}


def summary(measurement: Measurement, definitions: Definitions) -> Group:
    """What `careload measure` prints; a rich renderable, plain text where the output is no terminal.

    measurement  what was measured, small cells already hidden
    definitions  name of a measure to its definition
    """
    from rich.console import Group
    from rich.text import Text

    parts: list[Text | Table] = [Text(headline(measurement), style="bold"), Text()]
    for verdict in in_order(measurement.verdicts):
        asks = f"{words.rule(verdict.rule)}, within {verdict.limit} {words.clock(verdict.clock)}"
        line = Text().append(f"{verdict.verdict:<15}", COLOURS[verdict.verdict])
        parts.append(line.append(f"{asks}: {_shares(verdict.share, verdict.required_share)}"))
    if measurement.verdicts:
        parts.append(Text())
    tables = [_table(key, title, measurement, definitions) for key, title in SIDES]
    for table in tables:
        parts += [table, Text()] if table.row_count else []
    return Group(*parts, Text(_noticed(measurement)))


def _shares(share: float | None, required: float | None) -> str:
    found = "share not known" if share is None else f"{words.share(share)} in time"
    return found if required is None else f"{found}, {words.share(required)} required"


def _table(key: str, title: str, measurement: Measurement, definitions: Definitions) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )
    table.add_column("Measure")
    table.add_column("Figure", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="right", no_wrap=True)
    table.add_column("Counted")
    for name in names(measurement, definitions):
        if words.side(name, definitions) != key:
            continue
        for e in main_figures(measurement, name):
            reading = f" ({', '.join(e.by.values())})" if e.by else ""
            what = "" if e.statistic in ("share", "ratio") else f", {words.statistic(e.statistic)}"
            label = f"{words.measure_title(name, definitions)}{what}{reading}"
            # Text, not str: rich would read [brackets] in a site's name as markup.
            table.add_row(*(Text(cell) for cell in (label, words.figure(e), words.interval(e), words.basis(e))))
    return table


def _noticed(measurement: Measurement) -> str:
    counts = Counter(finding.severity for finding in measurement.findings)
    noticed = ", ".join(f"{n} {severity}{'' if n == 1 else 's'}" for severity, n in sorted(counts.items()))
    rows = sum(count.rows for count in measurement.counts.values())
    aside = sum(count.set_aside for count in measurement.counts.values())
    twice = sum(count.duplicates for count in measurement.counts.values())
    absent = len(measurement.not_measurable)
    return (
        f"{rows:,} rows read, {aside:,} set aside, {twice:,} duplicates. "
        f"Findings: {noticed or 'none'}. {absent} measure{'' if absent == 1 else 's'} not measurable."
    )
