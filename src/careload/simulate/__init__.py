"""What if?

Takes a service (`read_service`). Gives its days run forward, person by person, many times over (`simulate`):
who asked, who waited how long, who was seen, what the clinicians carried, as estimates with intervals; and
two services on the same luck (`compare`): how they differ, and how much of it each change makes.
One run alone, with everything that happened in it, is `run(plan_of(service, days))`.
"""

from careload.simulate.answer import as_json
from careload.simulate.changes import Change, changes_between
from careload.simulate.design import Vary, grid, latin
from careload.simulate.doubts import doubts
from careload.simulate.many import Simulated, run_logged, simulate
from careload.simulate.parquet import write_parquet
from careload.simulate.plan import plan_of
from careload.simulate.pool import Interrupted, processes
from careload.simulate.run import Run, run
from careload.simulate.series import Fan, over_time
from careload.simulate.sweep import Scenario, Swept, sweep
from careload.simulate.terminal import summary, sweep_table
from careload.simulate.versus import Comparison, Difference, Share, Waterfall, compare

__all__ = [
    "Change",
    "Comparison",
    "Difference",
    "Fan",
    "Interrupted",
    "Run",
    "Scenario",
    "Share",
    "Simulated",
    "Swept",
    "Vary",
    "Waterfall",
    "as_json",
    "changes_between",
    "compare",
    "doubts",
    "grid",
    "latin",
    "over_time",
    "plan_of",
    "processes",
    "run",
    "run_logged",
    "simulate",
    "summary",
    "sweep",
    "sweep_table",
    "write_parquet",
]
