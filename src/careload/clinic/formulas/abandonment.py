"""Erlang A: a queue in which people give up (M/M/c+M), by its birth-death chain.

With n people there:

    n -> n + 1   at rate lambda
    n -> n - 1   at rate min(n, c) mu + max(n - c, 0) theta

lambda arrivals, mu service rate of one of c servers, 1/theta mean patience (exponential).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from careload.clinic.errors import UsageError
from careload.clinic.formulas.inputs import not_negative, part, positive, share, whole

NEGLIGIBLE = -45.0
"""States whose probability is below exp of this, compared with the likeliest, are left out."""

MOST_STATES = 5_000_000


@dataclass(frozen=True)
class ImpatientQueue:
    """The steady state of Erlang A; times are in the unit of the rates.

    servers         servers
    service_rate    services one server completes per unit of time
    mean_patience   mean time until somebody who waits gives up
    occupancy       share of the servers' time in use
    all_busy        probability that an arrival must wait
    queue           mean number waiting, Lq
    wait            mean time spent waiting by everybody, served or not
    abandoning      share of arrivals that give up
    law             probabilities of 0, 1, 2, … people there, as far as they are not negligible
    """

    servers: int
    service_rate: float
    mean_patience: float
    occupancy: float
    all_busy: float
    queue: float
    wait: float
    abandoning: float
    law: tuple[float, ...] = field(repr=False)

    def served_within(self, time: float) -> float:
        """Share of all arrivals that are served and wait at most `time`.

        Who finds j before them in line waits for j + 1 departures at rates c mu + i theta, i = j..0.
        With m = c mu / theta, exp(-theta V) of that wait V is Beta(m, j + 1), and patience lasts
        with probability exp(-theta V), so

            P(served, V <= t | j) = m / (m + j + 1) (1 - I_x(m + 1, j + 1)),   x = exp(-theta t)

        with I the regularised incomplete beta function. Derived here (C), checked by simulation.
        """
        # Imported here: whoever needs only a word of this room must not wait for scipy.
        from scipy.special import betainc

        kept = math.exp(-not_negative("time", time, "the unit of mean_patience") / self.mean_patience)
        m = self.servers * self.service_rate * self.mean_patience
        at_once = math.fsum(self.law[: self.servers])
        later = (
            chance * m / (m + ahead + 1) * (1 - float(betainc(m + 1, ahead + 1, kept)))
            for ahead, chance in enumerate(self.law[self.servers :])
        )
        return at_once + math.fsum(later)


def erlang_a(arrivals: float, service_rate: float, servers: int, mean_patience: float) -> ImpatientQueue:
    """Erlang A: waits, and who gives up, for c servers.

        P(abandon) = theta Lq / lambda,   E[W] = Lq / lambda     (W: time in line, served or not)

    arrivals       lambda, people per unit of time, above 0
    service_rate   mu, services one server completes per unit of time, above 0
    servers        c, 1 or more
    mean_patience  1 / theta, units of time, above 0

    Gives an `ImpatientQueue`. Raises UsageError for numbers outside these ranges, and when patience is so
    long that the chain would have millions of states (use `mmc`).
    Source: documentation of the Python package pyworkforce, same chain (R); as patience grows it becomes
    Erlang C (C).
    """
    positive("arrivals", arrivals, "people per unit of time")
    positive("service_rate", service_rate, "services per server and unit of time")
    positive("mean_patience", mean_patience, "units of time")
    law = _law(arrivals, service_rate, whole("servers", servers, "servers", 1), 1 / mean_patience)
    queue = math.fsum((n - servers) * chance for n, chance in enumerate(law) if n > servers)
    return ImpatientQueue(
        servers=servers,
        service_rate=service_rate,
        mean_patience=mean_patience,
        occupancy=math.fsum(min(n, servers) * chance for n, chance in enumerate(law)) / servers,
        all_busy=math.fsum(law[servers:]),
        queue=queue,
        wait=queue / arrivals,
        abandoning=queue / mean_patience / arrivals,
        law=law,
    )


def fewest_servers(
    arrivals: float,
    service_rate: float,
    mean_patience: float,
    *,
    within: float,
    served_within: float,
    max_occupancy: float = 1.0,
    max_abandoning: float = 1.0,
) -> ImpatientQueue:
    """The fewest servers with which enough people are served in time, by Erlang A.

    arrivals, service_rate, mean_patience  as for `erlang_a`
    within          units of time in which people should be served, 0 or more
    served_within   share of all arrivals to be served within that time, 0 or more and below 1
    max_occupancy   highest share of the servers' time in use, above 0
    max_abandoning  highest share of arrivals that give up, above 0

    Gives the `ImpatientQueue` with that many servers. Raises UsageError when no number would do.
    Source: the search is ours; case W8 of pyworkforce's guide (R) is reproduced.
    """
    part("served_within", served_within)
    positive("max_occupancy", share("max_occupancy", max_occupancy), "as a part of 1")
    positive("max_abandoning", share("max_abandoning", max_abandoning), "as a part of 1")

    def queue(servers: int) -> ImpatientQueue:
        return erlang_a(arrivals, service_rate, servers, mean_patience)

    def will_do(found: ImpatientQueue) -> bool:
        return (
            found.occupancy <= max_occupancy
            and found.abandoning <= max_abandoning
            and found.served_within(within) >= served_within
        )

    # More servers are never worse: double until they do, then halve the doubt.
    enough = 1
    while not will_do(queue(enough)):
        enough *= 2
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        enough, too_few = (middle, too_few) if will_do(queue(middle)) else (enough, middle)
    return queue(enough)


def with_shrinkage(servers: int, shrinkage: float) -> int:
    """People to employ so that `servers` are there: servers / (1 - shrinkage), rounded up.

    servers    servers needed at work, 0 or more
    shrinkage  share of paid time away from it (leave, sickness, training), below 1

    Gives people. Raises UsageError for numbers outside these ranges.
    Source: pyworkforce's guide, 13 raw and 19 with a shrinkage of .3 (R).
    """
    needed = whole("servers", servers, "servers") / (1 - part("shrinkage", shrinkage))
    return math.ceil(needed - 1e-9)  # 14 / 0.7 is 20, not 21


def _law(arrivals: float, service_rate: float, servers: int, patience_rate: float) -> tuple[float, ...]:
    """Probabilities of 0, 1, 2, …: in logarithms from the likeliest state, so that none overflows."""
    logs = list(_logs(arrivals, service_rate, servers, patience_rate))
    largest = max(logs)
    weights = [math.exp(each - largest) for each in logs]
    total = math.fsum(weights)
    return tuple(weight / total for weight in weights)


def _logs(arrivals: float, service_rate: float, servers: int, patience_rate: float) -> Iterator[float]:
    # What is negligible is so beside the likeliest state in which somebody waits: queues are told from these.
    log, largest, people = 0.0, 0.0, 0
    while people <= servers + 1 or log > largest + NEGLIGIBLE:
        yield log
        people += 1
        leaving = min(people, servers) * service_rate + max(people - servers, 0) * patience_rate
        log += math.log(arrivals / leaving)
        largest = log if people <= servers + 1 else max(largest, log)
        if people > MOST_STATES:
            raise UsageError(
                f"The chain has more than {MOST_STATES:,} states.",
                "fewer: fewer servers, or people who give up before the line is so long",
                "Use `mmc` when nobody gives up and the servers suffice.",
            )
