"""The report on paper: the same story, set by Typst as a tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from typing import Any

from careload.measure.report.panels import Panel
from careload.measure.report.story import Half, Story, tell
from careload.measure.report.words import WHY_HIDDEN, Definitions
from careload.measure.result import Measurement
from careload.page import DataTable, chart_style, colours, part, with_style

WIDTH = 400.0
"""Pixels at which pictures are drawn; half a page shows them a little under two thirds as large."""
TABLES_LEFT_OUT = ("overdue",)
"""Pictures that print their own figures."""


FACTS_LEFT_OUT = ("Unit", "Needs", "Next review")
EVERY = 14
"""Days between the rows of the return interval's table on paper."""


def pdf(measurement: Measurement, definitions: Definitions | None = None) -> bytes:
    """The report as a PDF of a few pages; the same bytes for the same measurement.

    measurement  what was measured, small cells already hidden
    definitions  name of a measure to its definition; None for the program's own
    """
    import typst  # imported here: `careload --help` must not pay for it

    made = typst.Compiler(ignore_system_fonts=True).compile(
        input=part("paper.typ", "careload.measure.report").encode(),
        format="pdf",
        sys_inputs={"data": json.dumps(_data(tell(measurement, definitions)))},
        pdf_standards="ua-1",
        timestamp=datetime.combine(measurement.as_of, time(), UTC),
    )
    assert isinstance(made, bytes), "one PDF comes as one piece"
    return made


def _data(story: Story) -> dict[str, Any]:
    return {
        "title": story.title, "headline": story.headline, "cautions": story.cautions,
        "source": story.source, "as_of": story.as_of,
        "rulings": [asdict(ruling) for ruling in story.rulings],
        "halves": [_half(half) for half in story.halves],
        "findings": [asdict(finding) for finding in story.findings],
        "absent": story.absent,
        "entries": [
            {
                "name": e.name, "title": e.title, "why": e.definition.why if e.definition else "",
                "facts": [(term, text) for term, text in e.facts if term not in FACTS_LEFT_OUT],
            }
            for e in story.entries
        ],
        "rows": asdict(story.rows),
        "why_hidden": WHY_HIDDEN,
        "ink": colours("light"),
    }


def _half(half: Half) -> dict[str, Any]:
    return {
        "key": half.key, "title": half.title,
        "figures": [asdict(figure) for figure in half.figures],
        "panels": [_panel(panel, half.key) for panel in half.panels],
        "totals": asdict(half.totals),
    }


def _panel(panel: Panel, side: str) -> dict[str, Any]:
    style = chart_style("light", side) + "text{font-family:'Libertinus Serif'}"
    tables = () if panel.key in TABLES_LEFT_OUT else panel.tables
    return {
        "title": panel.title, "says": panel.says, "alt": f"{panel.title}. {panel.says}",
        "svg": with_style(panel.draw(WIDTH), style),
        "tables": [asdict(_thinned(table)) for table in tables],
    }


def _thinned(table: DataTable) -> DataTable:
    if table.columns[0].name != "Day":
        return table
    kept = (row for row in table.rows if not row[0].text.isdigit() or int(row[0].text) % EVERY == 0)
    return replace(table, rows=tuple(kept))
