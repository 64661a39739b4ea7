"""The law of a backlog, and the two ways to find it: birth and death, and by matrix."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from careload.clinic.errors import UsageError
from careload.clinic.formulas.inputs import whole

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]
    Vector = npt.NDArray[np.float64]

LARGE = 1e100
ROUNDING = 1e-9


@dataclass(frozen=True)
class Backlog:
    """How many people are in the backlog: probabilities of 0, 1, …, as many as there are places.

    law  shape (places + 1,), sums to 1
    """

    law: tuple[float, ...] = field(repr=False)

    @property
    def mean(self) -> float:
        """Mean number of people in the backlog."""
        return math.fsum(people * chance for people, chance in enumerate(self.law))

    @property
    def full(self) -> float:
        """Probability that every place is taken."""
        return self.law[-1]

    def share_below(self, people: int) -> float:
        """Probability of fewer than `people`; with a day's slots, of being seen on the same day."""
        return math.fsum(self.law[: whole("people", people, "people")])

    @property
    def peaks(self) -> tuple[int, ...]:
        """Backlogs that are likelier than both neighbours, however little likely in all.

        Where two are likely, the clinic is now short of work and now overrun, and the mean says little.
        """
        around = (0.0, *self.law, 0.0)
        return tuple(
            at for at, chance in enumerate(self.law) if around[at] < chance and chance > around[at + 2]
        )

    def __str__(self) -> str:
        places = len(self.law) - 1
        return f"mean backlog {self.mean:.4g} of {places} places, full with probability {self.full:.2g}"


def birth_death(births: Sequence[float], deaths: Sequence[float]) -> Backlog:
    """The law of a chain that moves by one: pi_k = pi_0 prod_{i=1..k} births_{i-1} / deaths_i.

    births  rates up from 0, 1, …, K - 1, each above 0, shape (K,)
    deaths  rates down from 1, 2, …, K, each above 0, shape (K,)

    Gives a `Backlog` of K places; in logarithms, so that no product overflows. Raises UsageError when the two
    differ in length or a rate is not above 0.
    Source: textbooks (M), verified C.
    """
    if len(births) != len(deaths) or not all(0 < rate < math.inf for rate in (*births, *deaths)):
        raise UsageError(
            f"{len(births)} rates up and {len(deaths)} down do not make a chain.",
            "as many up as down, each finite and above 0",
            "Give the rates up from 0, 1, 2 and so on, and the rates down from 1, 2, 3.",
        )
    logs = [0.0]
    for up, down in zip(births, deaths, strict=True):
        logs.append(logs[-1] + math.log(up) - math.log(down))
    largest = max(logs)
    weights = [math.exp(log - largest) for log in logs]
    total = math.fsum(weights)
    return Backlog(tuple(weight / total for weight in weights))


def stationary(transitions: Matrix) -> Backlog:
    """The law that one step leaves as it is: pi P = pi, by the method of Grassmann, Taksar & Heyman.

    States are taken out from the last to the first, and the law is built up again; nothing is subtracted,
    so that small probabilities are as exact as large ones.

    transitions  probabilities of one step, from row to column, shape (K + 1, K + 1), rows sum to 1

    Gives a `Backlog` of K places. Raises UsageError when the rows are no probabilities.
    Source: Grassmann, Taksar & Heyman 1985, Oper. Res. (M), verified C by pi P = pi.
    """
    import numpy as np

    p = np.array(transitions, float)
    if p.ndim != 2 or p.shape[0] != p.shape[1] or p.min() < 0 or abs(p.sum(axis=1) - 1).max() > ROUNDING:
        raise UsageError(
            f"A table of shape {p.shape} is no table of transitions.",
            "a square of probabilities whose rows sum to 1",
            "Give one row for each state to come from.",
        )
    first = _take_out(p)
    law = np.zeros(len(p))
    law[first] = 1.0
    for state in range(first + 1, len(p)):
        law[state] = law[first:state] @ p[first:state, state]
        if law[state] > LARGE:
            law /= law[state]
    return Backlog(tuple((law / law.sum()).tolist()))


def _take_out(p: Matrix) -> int:
    """Fold each last state into those before it, in place; the first state that remains."""
    for last in range(len(p) - 1, 0, -1):
        back = p[last, :last].sum()
        if back == 0:  # nothing leads below this state: it is where the chain starts again
            return last
        p[:last, last] /= back
        p[:last, :last] += p[:last, last, None] * p[last, :last]
    return 0
