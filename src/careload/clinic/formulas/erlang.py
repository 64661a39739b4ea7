"""Queues in which nobody gives up: Erlang B, Erlang C, M/M/c.

    a = arrivals / service rate     offered load: servers that would be busy if there were enough
    rho = a / c                     utilisation of c servers

One server is one clinician (or one slot at a time); arrivals come at random (Poisson), and service
times are exponential.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from careload.clinic.errors import UsageError
from careload.clinic.formulas.inputs import not_negative, positive, whole


@dataclass(frozen=True)
class Queue:
    """The steady state of M/M/c; times are in the unit of the rates.

    servers         servers
    arrivals        arrivals per unit of time
    service_rate    services one server completes per unit of time
    utilisation     share of the servers' time in use, rho
    empty           probability that nobody is there
    all_busy        probability that an arrival must wait, Erlang C
    queue           mean number waiting, Lq
    wait            mean wait before service, Wq
    in_system       mean number waiting or in service, L
    time_in_system  mean time from arrival to the end of service, W
    """

    servers: int
    arrivals: float
    service_rate: float
    utilisation: float
    empty: float
    all_busy: float
    queue: float
    wait: float
    in_system: float
    time_in_system: float

    def longer_than(self, time: float) -> float:
        """Probability of a wait longer than `time`: P(Wq > t) = C exp(-(c mu - lambda) t) (M, verified C)."""
        spare = self.servers * self.service_rate - self.arrivals
        return self.all_busy * math.exp(-spare * not_negative("time", time, "the unit of 1 / service_rate"))


def erlang_b(load: float, servers: int) -> float:
    """Erlang B: the probability that all servers are busy when nobody waits (who finds no server is lost).

        B(c, a) = (a^c / c!) / sum_{k=0..c} a^k / k!
        B_0 = 1,  B_k = a B_{k-1} / (k + a B_{k-1})       computed thus: no factorial, no overflow

    load     offered load a, 0 or more
    servers  c, 0 or more

    Gives a probability. Raises UsageError when load or servers are negative.
    Source: documentation of the Octave package queueing (R); the recursion M, checked against the sum (C).
    """
    not_negative("load", load, "servers that would be busy")
    blocked = 1.0
    for k in range(1, whole("servers", servers, "servers") + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    """Erlang C: the probability that an arrival must wait when everybody waits until served.

        C(c, a) = B / (1 - rho (1 - B)),   B = B(c, a),  rho = a / c < 1

    load     offered load a, 0 or more and below servers
    servers  c, 1 or more

    Gives a probability. Raises UsageError when the load is not below the servers: then the queue has no
    steady state.
    Source: documentation of the Octave package queueing (R); this form M, verified C.
    """
    not_negative("load", load, "servers that would be busy")
    utilisation = load / whole("servers", servers, "servers", 1)
    if utilisation >= 1:
        raise no_steady_state(load, servers)
    blocked = erlang_b(load, servers)
    return blocked / (1 - utilisation * (1 - blocked))


def mmc(arrivals: float, service_rate: float, servers: int) -> Queue:
    """M/M/c: how long people wait for c servers, first come, first served.

        Wq = C / (c mu - lambda),   Lq = lambda Wq,   W = Wq + 1/mu,   L = lambda W

    arrivals      lambda, people per unit of time, above 0
    service_rate  mu, services one server completes per unit of time, above 0
    servers       c, 1 or more

    Gives a `Queue`. Raises UsageError when arrivals are not below what the servers complete.
    Source: textbooks (M), verified against Hillier & Lieberman's county hospital (M) and by simulation (C).
    """
    load = positive("arrivals", arrivals, "people per unit of time") / positive(
        "service_rate", service_rate, "services per server and unit of time"
    )
    all_busy = erlang_c(load, servers)
    wait = all_busy / (servers * service_rate - arrivals)
    return Queue(
        servers=servers,
        arrivals=arrivals,
        service_rate=service_rate,
        utilisation=load / servers,
        empty=_empty(load, servers),
        all_busy=all_busy,
        queue=arrivals * wait,
        wait=wait,
        in_system=arrivals * wait + load,
        time_in_system=wait + 1 / service_rate,
    )


def no_steady_state(load: float, servers: int) -> UsageError:
    """The message that a queue grows for ever."""
    return UsageError(
        f"A load of {load:g} for {servers} servers: the queue grows without bound.",
        "a load below the number of servers",
        "Add servers, lower the load, or use `erlang_a`, in which people give up waiting.",
    )


def _empty(load: float, servers: int) -> float:
    """1 / (sum_{k<c} a^k/k! + (a^c/c!) / (1 - rho)), in logarithms so that large loads do not overflow."""
    logs = [k * math.log(load) - math.lgamma(k + 1) for k in range(servers + 1)]
    logs[-1] -= math.log1p(-load / servers)
    largest = max(logs)
    return math.exp(-largest) / sum(math.exp(each - largest) for each in logs)
