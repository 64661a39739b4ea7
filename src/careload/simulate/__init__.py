"""What if?

Takes a service (`read_service`) and a number of days. Gives its days run forward, person by person:
who asked, who waited how long, who was seen, what the clinicians carried (`plan_of`, `run`).
"""

from careload.simulate.plan import plan_of
from careload.simulate.run import Run, run

__all__ = ["Run", "plan_of", "run"]
