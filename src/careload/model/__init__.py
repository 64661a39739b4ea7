"""What do we believe?

Takes a service, and what parties hold of it (`read_assumptions`). Gives the service as each of them sees it
(`with_assumptions`), and which single assumption decides what they disagree about (`differ`).

    assumptions    named values for what parties dispute, each with its source
    differ         two sets on one scenario: swapped one at a time, and Shapley
    disagreement   how that is told: in the terminal, as JSON, as a page
"""

from careload.model.assumptions import (
    AssumptionSet,
    Held,
    Place,
    parse_assumptions,
    read_assumptions,
    with_assumptions,
)
from careload.model.differ import Answer, Assumption, Disagreement, Swap, differ

__all__ = [
    "Answer", "Assumption", "AssumptionSet", "Disagreement", "Held", "Place", "Swap", "differ",
    "parse_assumptions", "read_assumptions", "with_assumptions",
]
