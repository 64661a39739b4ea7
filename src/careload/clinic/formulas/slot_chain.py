"""Green & Savin's backlog, looked at whenever a slot ends (M/D/1/K with no-shows that rebook).

A slot lasts T = 1 / slots per day. In it A ~ Poisson(lambda T) people ask for a visit. From a backlog of
i > 0, the person of the slot taken out, j = i - 1 + A are left behind; the person is a no-show with
probability gamma(j) and rebooks with probability r:

    i -> j       with probability 1 - r gamma(j)
    i -> j + 1   with probability r gamma(j)

An empty backlog waits for one to come, whose slot then begins: it goes where i = 1 goes. In a calendar of K
places at most K - 1 can be left behind, and who rebooks takes the place just left.

Source: structure read in the e-companion of Green & Savin 2008, Oper. Res., doi 10.1287/opre.1080.0575 (R).
The rule at the full calendar is ours: that page could not be read to its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from careload.clinic.formulas.backlog import Backlog, stationary
from careload.clinic.formulas.counts import poisson
from careload.clinic.formulas.inputs import positive, share, whole
from careload.clinic.formulas.no_show import NoShow, chances

if TYPE_CHECKING:
    from careload.clinic.formulas.backlog import Matrix


def slot_transitions(
    arrivals_per_day: float,
    slots_per_day: float,
    places: int,
    no_show: NoShow = 0.0,
    p_rebook: float = 1.0,
) -> Matrix:
    """The probabilities of one slot: from the backlog at its beginning to the backlog at its end.

    arrivals_per_day  lambda N, requests per day, above 0
    slots_per_day     1 / T, slots per day, above 0
    places            K, places in the calendar, 1 or more; who finds it full is turned away
    no_show           gamma: a probability, or a function of the backlog left behind
    p_rebook          r, share of no-shows that ask again, 0 to 1

    Gives an array of shape (K + 1, K + 1), row i the law after a backlog of i. Raises UsageError for numbers
    outside these ranges.
    Source: Green & Savin 2008 (R), see above.
    """
    import numpy as np

    positive("arrivals_per_day", arrivals_per_day, "requests per day")
    positive("slots_per_day", slots_per_day, "slots per day")
    whole("places", places, "people", 1)
    again = share("p_rebook", p_rebook) * np.array(chances(no_show, places - 1))
    table = np.zeros((places + 1, places + 1))
    for ahead in range(places):  # others in the backlog while the slot goes on
        left_behind = np.zeros(places)
        left_behind[ahead:] = poisson(arrivals_per_day / slots_per_day, places - 1 - ahead)
        table[ahead + 1, :-1] += left_behind * (1 - again)
        table[ahead + 1, 1:] += left_behind * again
    table[0] = table[1]
    return table


def slot_law(
    arrivals_per_day: float,
    slots_per_day: float,
    places: int,
    no_show: NoShow = 0.0,
    p_rebook: float = 1.0,
) -> Backlog:
    """The backlog as slots end, in the long run: the law with pi P = pi for P of `slot_transitions`.

    Arguments and errors are those of `slot_transitions`. Gives a `Backlog`.
    Source: Green & Savin 2008 (R) for the chain; none of the paper's tables is claimed to be reproduced.
    """
    return stationary(slot_transitions(arrivals_per_day, slots_per_day, places, no_show, p_rebook))
