"""What has to hold by when, and what may be decided?

Takes a goals file and the service it is about (`read_goals`). Gives `Goals`: each `Goal` with limit, days and
groups, the `Limits` of money and hiring, every `Lever` a plan may use, with ends, steps and price; and of a
`Plan` the service as it would be (`planned`).
"""

from careload.staff.goals.goal import Goal, Within
from careload.staff.goals.lever import Lever, LeverKind, lever_kinds, parts_of, value_at
from careload.staff.goals.limits import Limits
from careload.staff.goals.plan import Opening, Plan, planned
from careload.staff.goals.read import Goals, parse_goals, read_goals

__all__ = [
    "Goal", "Goals", "Lever", "LeverKind", "Limits", "Opening", "Plan", "Within", "lever_kinds",
    "parse_goals", "parts_of", "planned", "read_goals", "value_at",
]
