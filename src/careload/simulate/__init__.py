"""What if?

Takes a service (`read_service`). Gives its days run forward, person by person, many times over (`simulate`):
who asked, who waited how long, who was seen, what the clinicians carried, as estimates with intervals.
One run alone, with everything that happened in it, is `run(plan_of(service, days), logged=True)`, and
`write_records` writes it down as the service would have.
"""

from careload.simulate.many import Interrupted, Simulated, simulate
from careload.simulate.plan import plan_of
from careload.simulate.run import Run, run
from careload.simulate.services import ready_service
from careload.simulate.written import Truth, as_records, write_records
from careload.simulate.written.example import write_example

__all__ = [
    "Interrupted", "Run", "Simulated", "Truth", "as_records", "plan_of", "ready_service", "run", "simulate",
    "write_example", "write_records",
]
