"""How many posts would see everybody in time, by arithmetic alone?

Takes a service (`read_service`). Gives its posts needed by site and profession, with every number in between
(`needed`), so that a person with a pocket calculator can go through them; beside it the two methods of the
field, WHO's Workload Indicators of Staffing Need (`wisn`) and the Choice and Partnership Approach
(`core_multiplier` and what goes with it).

    course    one patient's way through care when every visit is on time
    loads     who asks, visits and patients in care, by site and need group
    presence  how much of a post there is: holidays, sickness, leave, vacancy, ramp-up
    slack     what is kept free so that chance does not make people wait
    hours     hours a patient causes, by profession
    split     who treats whom where several may: a linear program
    staffing  posts needed by site and profession
    needed    all of it; `answer`: what comes out, `tables`: its columns with their formulas
    defaults  numbers it rests on that the service file does not say
    wisn, capa  the two methods of the field

The arithmetic sees no queue, no doubt and no feedback: for these there is the simulator.
"""

from careload.staff.need.answer import Needed
from careload.staff.need.capa import (
    balanced_partnerships,
    capacity_share,
    choice_appointments,
    core_multiplier,
    half_days,
    half_days_needed,
    hours_multiplier,
    hours_per_referral,
    new_partnerships,
)
from careload.staff.need.course import Course, course_of
from careload.staff.need.defaults import Default
from careload.staff.need.loads import Demand, demands
from careload.staff.need.needed import needed
from careload.staff.need.presence import Presence, presence_of
from careload.staff.need.slack import InTime
from careload.staff.need.staffing import Staffing
from careload.staff.need.wisn import Activity, Wisn, WorkingYear, wisn

__all__ = [
    "Activity", "Course", "Default", "Demand", "InTime", "Needed", "Presence", "Staffing", "Wisn",
    "WorkingYear", "balanced_partnerships", "capacity_share", "choice_appointments", "core_multiplier",
    "course_of", "demands", "half_days", "half_days_needed", "hours_multiplier", "hours_per_referral",
    "needed", "new_partnerships", "presence_of", "wisn",
]
