"""Parameters straight from records: one model per file, formula first.

Each file has one `Family`: what it needs of the records, and a function that finds its parameters. `FAMILIES` names
them in the order in which they are fitted; a later one may read what an earlier one found.
"""

from careload.model.direct import (
    absences,
    crises,
    filling,
    hand_over,
    hours,
    leaving,
    no_show,
    professions,
    ramp_up,
    teams,
    template,
    treatment,
    waiting,
)
from careload.model.family import Family

FAMILIES: tuple[Family, ...] = (
    no_show.FAMILY, waiting.FAMILY, crises.FAMILY, treatment.FAMILY,
    # A template needs days away and what overload takes; leaving needs the notice; the ramp needs the template.
    teams.FAMILY, professions.FAMILY, absences.FAMILY, hours.FAMILY, template.FAMILY,
    hand_over.FAMILY, leaving.FAMILY, filling.FAMILY, ramp_up.FAMILY,
)
