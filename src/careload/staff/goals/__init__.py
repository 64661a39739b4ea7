"""What has to hold by when, and what may be decided?

Takes a goals file and the service it is about (`read_goals`). Gives `Goals`: each `Goal` with limit, days and
groups, the `Limits` of money and hiring, and every `Lever` a plan may use, with its ends, steps and price.
"""

from careload.staff.goals.goal import Goal, Within
from careload.staff.goals.lever import Lever, LeverKind, lever_kinds, pulled, value_at
from careload.staff.goals.limits import Limits
from careload.staff.goals.read import Goals, parse_goals, read_goals

__all__ = [
    "Goal", "Goals", "Lever", "LeverKind", "Limits", "Within", "lever_kinds", "parse_goals", "pulled",
    "read_goals", "value_at",
]
