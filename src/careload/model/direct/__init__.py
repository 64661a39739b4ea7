"""Parameters straight from records: one model per file, formula first.

Each file has one `Family`: what it needs of the records, and a function that finds its parameters. `FAMILIES`
names them in the order in which they are fitted; a later one may read what an earlier one found.
"""

from careload.model.direct import (
    absences,
    arrivals,
    booking,
    cadence,
    closed_days,
    coming_back,
    crises,
    filling,
    groups,
    hand_over,
    hours,
    leaving,
    no_show,
    professions,
    ramp_up,
    start,
    teams,
    template,
    treatment,
    urgency,
    waiting,
)
from careload.model.family import Family

FAMILIES: tuple[Family, ...] = (
    closed_days.FAMILY, urgency.FAMILY, no_show.FAMILY, booking.FAMILY, cadence.FAMILY,
    # Who asks for the first time may have left before: arrivals need what is found of asking again.
    groups.FAMILY, waiting.FAMILY, crises.FAMILY, coming_back.FAMILY, arrivals.FAMILY,
    # Treatment needs what overload leaves undone; a template days away and what overload takes; leaving the
    # notice; the ramp the template.
    teams.FAMILY, professions.FAMILY, absences.FAMILY, hours.FAMILY, treatment.FAMILY, template.FAMILY,
    hand_over.FAMILY, leaving.FAMILY, filling.FAMILY, ramp_up.FAMILY, start.FAMILY,
)
