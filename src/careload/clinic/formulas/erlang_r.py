"""Erlang R: patients who come back. Visits and the time between them as two stations.

    new -> needy (visits: s servers, rate mu each) -> content (between visits: rate delta each) -> needy …
                                                   -> leaves care with probability 1 - p

After a visit a patient comes back with probability p, so the mean number of visits is 1 / (1 - p).

Source: Yom-Tov & Mandelbaum 2014, M&SOM: two stations, and that the needy one is like an M/M/s in the long
run (R, abstract); the formulas M, verified C.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from careload.clinic.errors import UsageError
from careload.clinic.formulas.erlang import Queue, mmc
from careload.clinic.formulas.inputs import not_negative, part, positive

if TYPE_CHECKING:
    from careload.clinic.formulas.backlog import Vector


@dataclass(frozen=True)
class Loads:
    """People in care when nobody has to wait for a visit.

    needy    R1, in a visit: clinicians that would be busy if there were enough
    content  R2, between visits
    """

    needy: float
    content: float

    @property
    def needy_share(self) -> float:
        """Share of their time in care that patients spend in visits, R1 / (R1 + R2) (formula M)."""
        return self.needy / (self.needy + self.content)


EMPTY = Loads(0.0, 0.0)


def erlang_r_loads(arrivals: float, service_rate: float, return_rate: float, p_return: float) -> Loads:
    """The loads of a service in the long run.

        R1 = lambda / ((1 - p) mu),   R2 = p lambda / ((1 - p) delta)

    arrivals      lambda, new patients per unit of time, above 0
    service_rate  mu, visits one clinician holds per unit of time, above 0
    return_rate   delta, 1 / mean time from a visit to the next (without waiting), above 0
    p_return      p, probability of another visit after a visit, at least 0 and below 1

    Gives `Loads` in people: the needy load does not depend on the gap, those between visits grow with it.
    Raises UsageError for numbers outside these ranges.
    Source: Yom-Tov & Mandelbaum 2014 (formula M, verified C).
    """
    _check(service_rate, return_rate, p_return)
    starts = positive("arrivals", arrivals, "new patients per unit of time") / (1 - p_return)
    return Loads(needy=starts / service_rate, content=p_return * starts / return_rate)


def erlang_r_queue(arrivals: float, service_rate: float, p_return: float, servers: int) -> Queue:
    """How long a due visit waits for a clinician: M/M/s with lambda / (1 - p) visits asked for.

    arrivals, service_rate, p_return  as for `erlang_r_loads`
    servers                           s, clinicians, 1 or more

    Gives a `Queue`. Raises UsageError for numbers outside these ranges and when the load is not below s.
    Source: Yom-Tov & Mandelbaum 2014 (R, abstract).
    """
    positive("arrivals", arrivals, "new patients per unit of time")
    return mmc(arrivals / (1 - part("p_return", p_return)), service_rate, servers)


def square_root_staffing(load: float, quality: float) -> float:
    """Clinicians for a load: s = R1 + beta sqrt(R1). Round up.

    load     R1, clinicians that would be busy, 0 or more
    quality  beta: 0 leaves no reserve; what it gives is `chance_of_waiting`

    Gives clinicians, not rounded. Raises UsageError for a negative load and a quality that is no number.
    Source: Yom-Tov & Mandelbaum 2014; Halfin & Whitt 1981 (M).
    """
    if not math.isfinite(quality):
        raise UsageError(f"quality is {quality:g}.", "a finite number", "Values between 0 and 3 are usual.")
    return not_negative("load", load, "clinicians that would be busy") + quality * math.sqrt(load)


def chance_of_waiting(quality: float) -> float:
    """The probability that a due visit must wait under square-root staffing, for a large load.

        P(wait) -> 1 / (1 + beta Phi(beta) / phi(beta))       Phi, phi of the standard normal law

    quality  beta, above 0

    Gives a probability. Raises UsageError when beta is not above 0: then there is no steady state.
    Source: Halfin & Whitt 1981, Oper. Res. (M), verified C: Erlang C comes to it as the load grows.
    """
    positive("quality", quality, "square roots of the load")
    below = (1 + math.erf(quality / math.sqrt(2))) / 2
    # beta / phi(beta), not its inverse: phi of a large beta is 0
    odds = math.log(quality) + math.log(below) + quality**2 / 2 + math.log(2 * math.pi) / 2
    return 1 / (1 + math.exp(odds)) if odds < 700 else 0.0


def erlang_r_over_time(
    arrivals: Callable[[float], float],
    service_rate: float,
    return_rate: float,
    p_return: float,
    times: Sequence[float],
    start: Loads = EMPTY,
) -> tuple[Loads, ...]:
    """The loads when arrivals change: the modified offered load, by solving its equations.

        dR1/dt = lambda(t) + delta R2 - mu R1
        dR2/dt = p mu R1 - delta R2

    arrivals                             lambda(t), new patients per unit of time; 0 or more at every t
    service_rate, return_rate, p_return  as for `erlang_r_loads`
    times                                increasing, two or more; no step is longer than the shortest distance
                                         between two, so let them be as close as arrivals change
    start                                loads at times[0]; nobody is there unless you say so

    Gives `Loads` at each time; staff by `square_root_staffing` of each needy load.
    Raises UsageError for numbers outside these ranges.
    Source: Yom-Tov & Mandelbaum 2014 (formula M, verified C).
    """
    # Imported here: solving takes longer to load than a whole `careload --help`.
    from scipy.integrate import solve_ivp

    _check(service_rate, return_rate, p_return)
    steps = [later - earlier for earlier, later in pairwise(times)]
    if not steps or min(steps) <= 0:
        raise UsageError(
            "times do not increase.", "two times or more, each later than the one before",
            "Sort them and leave out doubles.",
        )

    def change(time: float, loads: Vector) -> list[float]:
        needy, content = loads
        new = not_negative(f"arrivals at {time:g}", arrivals(time), "new patients per unit of time")
        return [
            new + return_rate * content - service_rate * needy,
            p_return * service_rate * needy - return_rate * content,
        ]

    solved = solve_ivp(
        change, (times[0], times[-1]), [start.needy, start.content],
        t_eval=times, max_step=min(steps), rtol=1e-9, atol=1e-9,
    )
    return tuple(Loads(float(needy), float(content)) for needy, content in solved.y.T)


def _check(service_rate: float, return_rate: float, p_return: float) -> None:
    positive("service_rate", service_rate, "visits per clinician and unit of time")
    positive("return_rate", return_rate, "returns per patient and unit of time")
    part("p_return", p_return)
