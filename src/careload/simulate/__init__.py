"""What if?

Takes a service (`read_service`). Gives its days run forward, person by person, many times over (`simulate`):
who asked, who waited how long, who was seen, what the clinicians carried, as estimates with intervals.
One run alone, with everything that happened in it, is `run(plan_of(service, days))`.
"""

from careload.simulate.many import Interrupted, Simulated, simulate
from careload.simulate.plan import plan_of
from careload.simulate.run import Run, run

__all__ = ["Interrupted", "Run", "Simulated", "plan_of", "run", "simulate"]
