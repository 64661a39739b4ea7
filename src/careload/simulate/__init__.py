"""What if?

Takes a service (`read_service`, one of one's own or a `ready_service`). Gives its days run forward, person by
person, many times over (`simulate`): who asked, who waited how long, who was seen, what the clinicians
carried, as estimates with intervals; two services on the same luck (`compare`): how they differ, and how much
of it each change makes; many scenarios (`sweep`). One run alone, with everything that happened in it, is
`run(plan_of(service, days), logged=True)`, and `write_records` writes it down as the service would have.
Rooms after this one tell figures in the same words (`words`, `differences`, `change_in_words`) and draw how
much each change makes in the same way (`waterfall_panels`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from careload.simulate import differences, words
from careload.simulate.answer import as_json, plain
from careload.simulate.changes import Change, changes_between
from careload.simulate.design import Vary, grid, latin
from careload.simulate.doubts import doubts
from careload.simulate.figures import FIGURES, Figure, Group, figure_named, groups
from careload.simulate.kernel.records import Plan
from careload.simulate.machine_code import is_compiled
from careload.simulate.many import UNITS, Simulated, run_logged, simulate, simulate_each
from careload.simulate.parquet import write_parquet
from careload.simulate.plan import plan_of, teams_by_site, with_another_workforce
from careload.simulate.pool import Interrupted, Progress, processes, spread
from careload.simulate.run import Run, run
from careload.simulate.services import ready_service
from careload.simulate.student import estimate_of
from careload.simulate.sweep import Scenario, Swept, sweep
from careload.simulate.terminal import summary, sweep_table
from careload.simulate.versus import (
    OVER_PAIRS,
    WATERFALLS,
    Comparison,
    Difference,
    Share,
    Waterfall,
    compare,
)
from careload.simulate.weekly import BySite, Weekly, by_site, weekly, weekly_of
from careload.simulate.whose import all_doubts, whose

if TYPE_CHECKING:
    from careload.simulate.report import Panel, change_in_words, page_style, value_in_words, waterfall_panels
    from careload.simulate.written import Truth, as_records, write_records
    from careload.simulate.written.example import write_example

__all__ = [
    "FIGURES",
    "OVER_PAIRS",
    "UNITS",
    "WATERFALLS",
    "BySite",
    "Change",
    "Comparison",
    "Difference",
    "Figure",
    "Group",
    "Interrupted",
    "Panel",
    "Plan",
    "Progress",
    "Run",
    "Scenario",
    "Share",
    "Simulated",
    "Swept",
    "Truth",
    "Vary",
    "Waterfall",
    "Weekly",
    "all_doubts",
    "as_json",
    "as_records",
    "by_site",
    "change_in_words",
    "changes_between",
    "compare",
    "differences",
    "doubts",
    "estimate_of",
    "figure_named",
    "grid",
    "groups",
    "is_compiled",
    "latin",
    "page_style",
    "plain",
    "plan_of",
    "processes",
    "ready_service",
    "run",
    "run_logged",
    "simulate",
    "simulate_each",
    "spread",
    "summary",
    "sweep",
    "sweep_table",
    "teams_by_site",
    "value_in_words",
    "waterfall_panels",
    "weekly",
    "weekly_of",
    "whose",
    "with_another_workforce",
    "words",
    "write_example",
    "write_parquet",
    "write_records",
]

_LATER = {
    "Panel": "careload.simulate.report",
    "change_in_words": "careload.simulate.report",
    "page_style": "careload.simulate.report",
    "value_in_words": "careload.simulate.report",
    "waterfall_panels": "careload.simulate.report",
    "Truth": "careload.simulate.written",
    "as_records": "careload.simulate.written",
    "write_records": "careload.simulate.written",
    "write_example": "careload.simulate.written.example",
}


def __getattr__(name: str) -> Any:
    # Who only runs a service need not wait for what tables and pages are made of.
    if name not in _LATER:
        raise AttributeError(f"module 'careload.simulate' has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
