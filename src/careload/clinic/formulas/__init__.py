"""What does the theory say?

Takes plain numbers. Gives the closed forms of queues, panels, caseloads and hazards, to call and to test
against: numbers, small frozen records, and the tables of transitions of the chains. An input that no formula
can take is a `UsageError`.

    erlang       everybody waits until served: Erlang B and C, M/M/c
    abandonment  people give up: Erlang A
    priority     some before others: Cobham, preemption, the conservation law
    panel        how many patients: M/D/1, M/M/1/K with no-shows that rebook, overflow
    slot_chain   Green & Savin's backlog, slot by slot
    daily_chain  a clinic's backlog, day by day or by the week, exactly
    no_show      how no-shows grow with the wait
    erlang_r     patients who come back: loads and staffing, steady and over time
    little       caseload = visits per week x gap
    hazards      conversion, two hazards at once, stepwise hazards, exhaustion
    risks        one risk split between two groups
    real_pay     pay against prices

Each formula says where it comes from: R read in the source, S second-hand, C computed or checked by
computation, M from memory.
"""

from careload.clinic.formulas.abandonment import ImpatientQueue, erlang_a, fewest_servers, with_shrinkage
from careload.clinic.formulas.backlog import Backlog, birth_death, stationary
from careload.clinic.formulas.daily_chain import (
    ClinicDay,
    Moments,
    day_law,
    day_moments,
    day_transitions,
    week_law,
)
from careload.clinic.formulas.erlang import Queue, erlang_b, erlang_c, mmc
from careload.clinic.formulas.erlang_r import (
    Loads,
    chance_of_waiting,
    erlang_r_loads,
    erlang_r_over_time,
    erlang_r_queue,
    square_root_staffing,
)
from careload.clinic.formulas.hazards import (
    Race,
    chance,
    convert,
    exhaustion_after,
    half_life,
    hazard,
    hazards_between,
    race,
    share_by,
)
from careload.clinic.formulas.little import (
    Window,
    between_visits,
    capacity_left,
    caseload,
    gap,
    little_in_window,
    visits_needed,
)
from careload.clinic.formulas.no_show import NoShow, NoShowCurve, attendance
from careload.clinic.formulas.panel import largest_panel, md1_queue, mm1k, overflow_share, settles
from careload.clinic.formulas.priority import preemptive_waits, priority_waits, weighted_wait
from careload.clinic.formulas.real_pay import real_change
from careload.clinic.formulas.risks import Split, split_by_odds_ratio, split_by_risk_ratio
from careload.clinic.formulas.slot_chain import slot_law, slot_transitions

__all__ = [
    "Backlog",
    "ClinicDay",
    "ImpatientQueue",
    "Loads",
    "Moments",
    "NoShow",
    "NoShowCurve",
    "Queue",
    "Race",
    "Split",
    "Window",
    "attendance",
    "between_visits",
    "birth_death",
    "capacity_left",
    "caseload",
    "chance",
    "chance_of_waiting",
    "convert",
    "day_law",
    "day_moments",
    "day_transitions",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "erlang_r_loads",
    "erlang_r_over_time",
    "erlang_r_queue",
    "exhaustion_after",
    "fewest_servers",
    "gap",
    "half_life",
    "hazard",
    "hazards_between",
    "largest_panel",
    "little_in_window",
    "md1_queue",
    "mm1k",
    "mmc",
    "overflow_share",
    "preemptive_waits",
    "priority_waits",
    "race",
    "real_change",
    "settles",
    "share_by",
    "slot_law",
    "slot_transitions",
    "split_by_odds_ratio",
    "split_by_risk_ratio",
    "square_root_staffing",
    "stationary",
    "visits_needed",
    "week_law",
    "weighted_wait",
    "with_shrinkage",
]
