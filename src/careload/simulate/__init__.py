"""What if?

Takes a service (`read_service`). Gives its days run forward, person by person, many times over (`simulate`):
who asked, who waited how long, who was seen, what the clinicians carried, as estimates with intervals.
One run alone, with everything that happened in it, is `run(plan_of(service, days), logged=True)`, and
`write_records` writes it down as the service would have.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from careload.simulate.many import Interrupted, Simulated, simulate
from careload.simulate.plan import plan_of
from careload.simulate.run import Run, run
from careload.simulate.services import ready_service

if TYPE_CHECKING:
    from careload.simulate.written import Truth, as_records, write_records
    from careload.simulate.written.example import write_example

__all__ = [
    "Interrupted", "Run", "Simulated", "Truth", "as_records", "plan_of", "ready_service", "run", "simulate",
    "write_example", "write_records",
]

_WRITTEN = {
    "Truth": "careload.simulate.written",
    "as_records": "careload.simulate.written",
    "write_records": "careload.simulate.written",
    "write_example": "careload.simulate.written.example",
}


def __getattr__(name: str) -> Any:
    # Who only runs a service need not wait for what tables are made of.
    if name not in _WRITTEN:
        raise AttributeError(f"module 'careload.simulate' has no attribute {name!r}")
    return getattr(import_module(_WRITTEN[name]), name)
