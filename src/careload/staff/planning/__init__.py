"""Which posts, opened when, would bring everybody in time, as a flow of months sees it?

Takes a service and goals as numbers (`numbers_of`). Gives the cheapest plan by months (`cheapest`), proved or
not, with what binds it in plain sentences; and where there is none, which limits clash (`clash`).

    numbers      teams, what they can do, whom they may treat; who asks, who is there
    variables    what is decided
    constraints  what binds, each a function with its sentence
    objective    what is made least
    solve, clash

A flow sees no chance and no exhaustion, and takes patients of a need group for alike: it is where a search by
the simulator begins (`careload.staff.judge`), not where one ends.
"""

from careload.staff.planning.clash import clash
from careload.staff.planning.constraints import CONSTRAINTS, Constraint, Problem
from careload.staff.planning.numbers import Asked, Months, Teams, numbers_of
from careload.staff.planning.solve import Path, Status, Told, cheapest

__all__ = [
    "CONSTRAINTS", "Asked", "Constraint", "Months", "Path", "Problem", "Status", "Teams", "Told", "cheapest",
    "clash", "numbers_of",
]
