"""A clinic day by day, exactly: its backlog is a Markov chain, and its law is found by matrix.

One day that begins with a backlog of n, with K slots:

    1. s = min(n, K) people have a slot
    2. each is a no-show with probability gamma(n) and rebooks with probability r:
       R ~ Binomial(s, r gamma(n)) are back in the backlog, for another day
    3. A ~ Poisson(lambda) people ask for a visit, on the next day at the earliest
    4. n' = min(n - s + R + A, places): who finds every place taken is turned away

This is the bare queue of a simulator that goes by days (a missed visit due again on the next day, every
other mechanism off); `mm1k` and `slot_law` are other chains, with other laws. A week with closed days is a
cycle of such days.

Source: ours; checked by pi P = pi, by the balance of people, and by simulation (C).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from careload.clinic.errors import UsageError
from careload.clinic.formulas.backlog import Backlog, stationary
from careload.clinic.formulas.counts import binomial, poisson
from careload.clinic.formulas.inputs import not_negative, share, whole
from careload.clinic.formulas.no_show import NoShow, chances

if TYPE_CHECKING:
    from careload.clinic.formulas.backlog import Matrix, Vector


@dataclass(frozen=True)
class ClinicDay:
    """A day of the chain in the long run; all but the backlog are people per day.

    backlog      as the day's slots begin
    seen         who attend
    missed       no-shows
    rebooked     no-shows who are back in the backlog
    turned_away  who find every place taken (of those who ask or rebook)
    """

    backlog: Backlog
    seen: float
    missed: float
    rebooked: float
    turned_away: float

    @property
    def used(self) -> float:
        """Slots given to somebody, attended or missed, per day."""
        return self.seen + self.missed


class Moments(NamedTuple):
    """Mean and variance of tomorrow's backlog, when no place limits it."""

    mean: float
    variance: float


def day_moments(
    backlog: int, slots_per_day: int, arrivals_per_day: float, no_show: NoShow = 0.0, p_rebook: float = 1.0
) -> Moments:
    """Mean and variance of tomorrow's backlog after n today, without a limit of places.

        E[n'] = n - s + s q + lambda,   Var[n'] = s q (1 - q) + lambda,   s = min(n, K),  q = r gamma(n)

    backlog           n, people in the backlog as the slots begin, 0 or more
    slots_per_day     K, slots on the day, 0 or more
    arrivals_per_day  lambda, mean number of requests on the day, 0 or more
    no_show           gamma: a probability, or a function of the backlog n
    p_rebook          r, share of no-shows that ask again, 0 to 1

    Gives `Moments`, in people and people squared. Raises UsageError for numbers outside these ranges.
    Source: as this module (C).
    """
    whole("backlog", backlog, "people")
    served = min(backlog, whole("slots_per_day", slots_per_day, "slots per day"))
    not_negative("arrivals_per_day", arrivals_per_day, "requests per day")
    again = share("p_rebook", p_rebook) * chances(no_show, backlog)[backlog]
    mean = backlog - served + served * again + arrivals_per_day
    return Moments(mean, served * again * (1 - again) + arrivals_per_day)


def day_transitions(
    slots_per_day: int,
    arrivals_per_day: float,
    places: int,
    no_show: NoShow = 0.0,
    p_rebook: float = 1.0,
) -> Matrix:
    """The probabilities of one day: from the backlog as its slots begin to the backlog a day later.

    slots_per_day     K, slots on the day, 0 or more
    arrivals_per_day  lambda, mean number of requests on the day, 0 or more
    places            largest backlog, 1 or more
    no_show           gamma: a probability, or a function of the backlog n
    p_rebook          r, share of no-shows that ask again, 0 to 1

    Gives an array of shape (places + 1, places + 1): row n is the law of tomorrow's backlog after n today.
    Raises UsageError for numbers outside these ranges.
    Source: as this module (C).
    """
    import numpy as np

    whole("slots_per_day", slots_per_day, "slots per day")
    not_negative("arrivals_per_day", arrivals_per_day, "requests per day")
    again = share("p_rebook", p_rebook) * np.array(chances(no_show, whole("places", places, "people", 1)))
    asked = poisson(arrivals_per_day, places)
    return np.array([_tomorrow(n, min(n, slots_per_day), float(again[n]), asked) for n in range(places + 1)])


def day_law(
    slots_per_day: int,
    arrivals_per_day: float,
    places: int,
    no_show: NoShow = 0.0,
    p_rebook: float = 1.0,
) -> ClinicDay:
    """A clinic that is open every day, in the long run: pi with pi P = pi for P of `day_transitions`.

    Arguments and errors are those of `day_transitions`. Gives a `ClinicDay`.
    Source: as this module (C).
    """
    return week_law([slots_per_day], [arrivals_per_day], places, no_show, p_rebook)[0]


def week_law(
    slots: Sequence[int],
    arrivals: Sequence[float],
    places: int,
    no_show: NoShow = 0.0,
    p_rebook: float = 1.0,
) -> tuple[ClinicDay, ...]:
    """A clinic whose days differ, in the long run: slots 20, 20, 20, 20, 20, 0, 0 are a week.

        pi_0 P_0 P_1 … P_6 = pi_0,   pi_{d+1} = pi_d P_d

    slots     slots on each day of the cycle, each 0 or more, shape (days,)
    arrivals  mean number of requests on each day, each 0 or more, shape (days,)

    The other arguments and the errors are those of `day_transitions`; further, as many days of slots as of
    arrivals. Gives a `ClinicDay` for each day of the cycle.
    Source: as this module (C).
    """
    import numpy as np

    if not slots or len(slots) != len(arrivals):
        raise UsageError(
            f"{len(slots)} days of slots and {len(arrivals)} of arrivals.", "the same number, one or more",
            "Give both for each day of the cycle, 0 slots for a closed day.",
        )
    days = [
        day_transitions(offered, asked, places, no_show, p_rebook)
        for offered, asked in zip(slots, arrivals, strict=True)
    ]
    whole_cycle = days[0]
    for day in days[1:]:
        whole_cycle = whole_cycle @ day
    law = np.array(stationary(whole_cycle).law)
    found = []
    for day, offered, asked in zip(days, slots, arrivals, strict=True):
        after = law @ day
        found.append(_told(law, after, offered, asked, np.array(chances(no_show, places)), p_rebook))
        law = after
    return tuple(found)


def _tomorrow(n: int, served: int, again: float, asked: Vector) -> Vector:
    """The law of min(n - served + Binomial(served, again) + asked, places)."""
    import numpy as np

    places = len(asked) - 1
    came = np.convolve(binomial(served, again), asked)
    room = places - (n - served)
    law = np.zeros(places + 1)
    law[n - served : places] = came[:room]
    law[places] = came[room:].sum()
    return law


def _told(
    law: Vector, after: Vector, offered: int, asked: float, missing: Vector, p_rebook: float
) -> ClinicDay:
    """A day in people; who is turned away is what the balance of people leaves over."""
    import numpy as np

    people = np.arange(len(law))
    served = np.minimum(people, offered)
    missed = float(law @ (served * missing))
    used = float(law @ served)
    expected = float(law @ people) - used + p_rebook * missed + asked
    return ClinicDay(
        backlog=Backlog(tuple(law.tolist())),
        seen=used - missed,
        missed=missed,
        rebooked=p_rebook * missed,
        turned_away=max(0.0, expected - float(after @ people)),
    )
