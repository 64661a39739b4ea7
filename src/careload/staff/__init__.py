"""What would it take?

Takes a service, and what is to hold by when. Gives what a plan may not do (`refusals`).
"""

from careload.staff.honesty import Refusal, Shortcut, refusals, shortcuts

__all__ = ["Refusal", "Shortcut", "refusals", "shortcuts"]
