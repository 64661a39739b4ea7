"""What a plan by months makes least: pay and on-costs over all its months.

    sum over teams and months of held posts x cost of a post a month

Of two plans that cost as much the one that opens fewer posts, and later, is taken.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from careload.staff.planning.constraints import Problem

A_TOUCH = 1e-3
"""Of a month's cost, for each post opened: it decides only between plans that cost as much."""


def cost(problem: Problem) -> NDArray[np.float64]:
    """(variables,) currency for one more of each."""
    found = np.zeros(problem.at.number)
    found[problem.at.held] = problem.teams.cost[:, None]
    found[problem.at.opened] = A_TOUCH * problem.teams.cost[:, None]
    return found
