"""Is a plan honest?

Takes the service as it is and as a plan would have it. Gives every reason to refuse the plan (`refusals`): it
looks better without anybody being better off, or changes what nobody can decide.
"""

from careload.staff.honesty.refusal import Refusal
from careload.staff.honesty.refused import planned_gaps, refusals, slots_of
from careload.staff.honesty.shortcuts import Shortcut, shortcuts

__all__ = ["Refusal", "Shortcut", "planned_gaps", "refusals", "shortcuts", "slots_of"]
