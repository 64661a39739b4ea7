"""What would it take?

Takes a service, and what is to hold by when. Gives the posts that would see everybody in time, by arithmetic
alone (`needed`), line by line, and the two methods of the field beside it (`wisn`, `core_multiplier`).
"""

from careload.staff.need import (
    Activity,
    Course,
    Default,
    Demand,
    InTime,
    Needed,
    Presence,
    Staffing,
    Wisn,
    WorkingYear,
    balanced_partnerships,
    capacity_share,
    choice_appointments,
    core_multiplier,
    course_of,
    demands,
    half_days,
    half_days_needed,
    hours_multiplier,
    hours_per_referral,
    needed,
    new_partnerships,
    presence_of,
    wisn,
)

__all__ = [
    "Activity", "Course", "Default", "Demand", "InTime", "Needed", "Presence", "Staffing", "Wisn",
    "WorkingYear", "balanced_partnerships", "capacity_share", "choice_appointments", "core_multiplier",
    "course_of", "demands", "half_days", "half_days_needed", "hours_multiplier", "hours_per_referral",
    "needed", "new_partnerships", "presence_of", "wisn",
]
