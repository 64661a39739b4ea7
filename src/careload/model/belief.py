"""One parameter with its doubt: what is believed, how surely, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP

Draws = NDArray[np.float64]
Origin = Literal["records", "lower bound", "simulation", "prior", "given"]
Determined = Literal["well", "roughly", "weakly", "not identified", "given"]

LEVEL = 0.90
"""Of every interval of a fit."""
NUMBER_OF_DRAWS = 400
ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)

OF_STAFF = (
    "clinician", "leaver", "post", "vacanc", "employed", "survey", "year", "hours", "runs", "slots a week",
)
"""Words of counts that are not of patients."""
OF_TIME = ("week", "day", "midnight", "share")
"""Words of counts that are of no people at all."""

ORIGINS: Mapping[Origin, str] = {
    "records": "from the records",
    "lower bound": "from the records, as a lower bound",
    "simulation": "from the records, by simulating the service many times",
    "prior": "not from the records: from the literature, or assumed",
    "given": "given by whoever asked for the fit",
}
WORDS: Mapping[Determined, str] = {
    "well": "the records determine it well",
    "roughly": "the records determine it roughly",
    "weakly": "the records say little of it",
    "not identified": "not identified: the answer rests on the assumption",
    "given": "taken as given",
}


@dataclass(frozen=True)
class Other:
    """What somebody else says of a parameter.

    who        the literature, the records, or the name of a party's assumption set
    value      None where only a range is said
    low, high  90 % range; None where only a value is said
    source     where it comes from; of records what was counted
    mark       how sure that source is; "" for records
    inside     whether the value lies in the interval of what is believed, and so does not contradict it
    """

    who: str
    value: Any
    low: float | None
    high: float | None
    source: str
    mark: str
    inside: bool = False


@dataclass(frozen=True)
class Belief:
    """What is believed of one parameter of a service.

    place       dotted, as ``--set`` takes it: ``need.anxiety.dropout_per_day``
    value       as a service file holds it
    unit        of the value
    low, high   90 % interval; None where the value is no number, or nobody has said how sure it is
    origin      where it comes from, a key of `ORIGINS`
    determined  how well the records determine it, a key of `WORDS`
    formula     how it follows from what was counted, in one line
    counts      what was counted: words to number
    note        what a reader must know beside the number; what would settle it where it is not identified
    source      where a value that is not from the records comes from
    mark        how sure that source is: read, second-hand, computed, assumed; "" for one from the records
    otherwise   who says otherwise: the literature, the records, parties
    draws       values as likely as each other, joint with those of other parameters at the same place of
                theirs; empty where there is one value only
    """

    place: str
    value: Any
    unit: str = ""
    low: float | None = None
    high: float | None = None
    origin: Origin = "records"
    determined: Determined = "well"
    formula: str = ""
    counts: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    source: str = ""
    mark: str = ""
    otherwise: tuple[Other, ...] = ()
    draws: Draws = field(default_factory=lambda: np.zeros(0), repr=False, compare=False)

    @property
    def shown_counts(self) -> Mapping[str, float]:
        """What was counted, to be shown: nothing of fewer than 11 patients, nor that leaves fewer of another
        count; no count of few staff."""
        patients = {words: number for words, number in self.counts.items() if not _one_of(OF_STAFF, words)}
        people = [number for words, number in patients.items() if not _one_of(OF_TIME, words)]
        between = [abs(one - other) for one, other in combinations(people, 2)]
        if any(0 < number < SMALLEST_GROUP for number in (*patients.values(), *between)):
            return {}
        return {words: number for words, number in self.counts.items()
                if not 0 < number < SMALLEST_GROUP}

    @property
    def counted(self) -> str:
        """What was counted, in words; "" where nothing was, or that it may not be shown."""
        if self.counts and not self.shown_counts:
            return f"counts of fewer than {SMALLEST_GROUP} are not shown"
        return ", ".join(f"{number:,.10g} {word}" for word, number in self.shown_counts.items())

    @property
    def is_number(self) -> bool:
        """Whether the value is one number."""
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)


def _one_of(several: tuple[str, ...], words: str) -> bool:
    return any(each in words for each in several)


Beliefs = Mapping[str, Belief]
"""Place to what is believed of it."""


@dataclass(frozen=True)
class Found:
    """What the records say of one parameter, before it is set beside what was believed without them.

    place, value, formula, counts, note  as in `Belief`
    draws   values as likely as each other given the records; empty for what was counted whole
    origin  ``records``, ``lower bound``, or ``prior`` for what is assumed
    trusted False where the figure is an association that no change would have to follow: then the prior
            stands, and `note` says so
    none_seen  nothing of the kind was seen: the interval reaches down to the least the parameter can be
    """

    place: str
    value: Any
    formula: str
    counts: Mapping[str, float] = field(default_factory=dict)
    draws: Draws = field(default_factory=lambda: np.zeros(0), repr=False)
    origin: Origin = "records"
    note: str = ""
    trusted: bool = True
    none_seen: bool = False


def interval(draws: Draws) -> tuple[float, float]:
    """The middle 90 % of draws."""
    low, high = np.quantile(draws, ENDS)
    return float(low), float(high)
