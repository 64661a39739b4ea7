"""What if?

Takes a service (`read_service`). Gives its days run forward, person by person, many times over (`simulate`):
who asked, who waited how long, who was seen, what the clinicians carried, as estimates with intervals; and
two services on the same luck (`compare`): how they differ, and how much of it each change makes.
One run alone, with everything that happened in it, is `run(plan_of(service, days))`.
"""

from careload.simulate.changes import Change, changes_between
from careload.simulate.many import Interrupted, Simulated, simulate
from careload.simulate.plan import plan_of
from careload.simulate.run import Run, run
from careload.simulate.versus import Comparison, Difference, Share, Waterfall, compare

__all__ = [
    "Change",
    "Comparison",
    "Difference",
    "Interrupted",
    "Run",
    "Share",
    "Simulated",
    "Waterfall",
    "changes_between",
    "compare",
    "plan_of",
    "run",
    "simulate",
]
