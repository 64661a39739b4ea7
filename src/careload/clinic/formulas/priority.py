"""Some before others: waits of priority classes that share the same servers.

Class 1 is seen first, then class 2, and so on; all classes have the same service rate mu, c servers.

    sigma_k = sum_{i<=k} lambda_i / (c mu)       load of class k and those before it

In a clinic that protects intake slots, return visits are the last class: a class whose sigma_k reaches 1
waits for ever while those before it are still seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

from careload.clinic.errors import UsageError
from careload.clinic.formulas.erlang import erlang_c, mmc
from careload.clinic.formulas.inputs import positive, whole


def priority_waits(arrivals: Sequence[float], service_rate: float, servers: int = 1) -> tuple[float, ...]:
    """Mean waits of classes when nobody in service is interrupted (non-preemptive M/M/c, Cobham).

        Wq_k = W0 / ((1 - sigma_{k-1}) (1 - sigma_k)),   W0 = C / (c mu)

    with C the probability that all servers are busy: Erlang C of the total load, 1 when it is not below c.

    arrivals      lambda_k, people per unit of time, first class first; each above 0, shape (classes,)
    service_rate  mu, services one server completes per unit of time, above 0
    servers       c, 1 or more

    Gives mean waits before service, shape (classes,); infinite for a class that is never reached.
    Raises UsageError for no class and for numbers outside these ranges.
    Source: Cobham 1954 (M), verified C by the conservation law and by simulation.
    """
    loads = _loads(arrivals, service_rate, servers)
    total = loads[-1] * servers
    all_busy = erlang_c(total, servers) if total < servers else 1.0
    residual = all_busy / (servers * service_rate)
    return tuple(
        residual / ((1 - before) * (1 - upto)) if upto < 1 else math.inf
        for before, upto in zip((0.0, *loads), loads, strict=False)
    )


def preemptive_waits(arrivals: Sequence[float], service_rate: float, servers: int = 1) -> tuple[float, ...]:
    """Mean waits of classes when a higher class interrupts a lower one, which resumes later (M/M/c).

    Classes 1..k together see only one another, so they are an M/M/c of their own:

        L_k = L(lambda_1 + … + lambda_k) - L(lambda_1 + … + lambda_{k-1}),   wait_k = L_k / lambda_k - 1/mu

    arrivals, service_rate, servers  as for `priority_waits`

    Gives mean times in the system less the mean service time, shape (classes,): time in line, before and
    between pieces of service; infinite for a class that is never finished.
    Raises UsageError for no class and for numbers outside these ranges.
    Source: textbooks (M), verified C.
    """
    loads = _loads(arrivals, service_rate, servers)
    upto = list(accumulate(arrivals))
    people = [
        mmc(rate, service_rate, servers).in_system if load < 1 else math.inf
        for rate, load in zip(upto, loads, strict=True)
    ]
    return tuple(
        (now - before) / rate - 1 / service_rate if now < math.inf else math.inf
        for before, now, rate in zip((0.0, *people), people, arrivals, strict=False)
    )


def weighted_wait(arrivals: Sequence[float], waits: Sequence[float]) -> float:
    """The wait that no order can change: the mean over all people, sum lambda_k Wq_k / sum lambda_k.

    Kleinrock's conservation law: with equal service rates it is the wait of first come, first served,
    whatever the order, as long as no server stands idle while somebody waits and nobody in service is
    interrupted. (With exponential service it holds for `preemptive_waits` as well.)

    arrivals  people per unit of time, each above 0, shape (classes,)
    waits     mean waits, shape (classes,)

    Gives a time in the unit of `waits`. Raises UsageError when the two differ in length.
    Source: conservation law M, verified C.
    """
    if not arrivals or len(arrivals) != len(waits):
        raise UsageError(
            f"{len(arrivals)} classes arrive and {len(waits)} wait.", "one wait for each class",
            "Give arrivals and waits in the same order.",
        )
    each = zip(arrivals, waits, strict=True)
    return math.fsum(rate * wait for rate, wait in each) / math.fsum(arrivals)


def _loads(arrivals: Sequence[float], service_rate: float, servers: int) -> tuple[float, ...]:
    """sigma_1, sigma_2, …"""
    if not arrivals:
        raise UsageError("There is no class.", "arrivals of one class or more", "Give a list of rates.")
    for place, rate in enumerate(arrivals, 1):
        positive(f"arrivals of class {place}", rate, "people per unit of time")
    capacity = whole("servers", servers, "servers", 1) * positive(
        "service_rate", service_rate, "services per server and unit of time"
    )
    return tuple(upto / capacity for upto in accumulate(arrivals))
