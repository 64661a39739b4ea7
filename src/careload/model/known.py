"""What whoever asks for a fit knows beside the records, by place; ``*`` stands for all tables of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careload.model.assumptions import AssumptionSet
from careload.model.prior import pattern_of


@dataclass(frozen=True)
class Known(Mapping[str, Any]):
    """Place to value; a place that is named stands above one with ``*``.

    values_by_place  place or pattern to value: ``profession.nurse.pay_per_year``, ``need.*.visits_needed``
    """

    values_by_place: Mapping[str, Any]

    def __getitem__(self, place: str) -> Any:
        if place in self.values_by_place:
            return self.values_by_place[place]
        return self.values_by_place[pattern_of(place)]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_place)

    def __len__(self) -> int:
        return len(self.values_by_place)


def known_of(sets: Iterable[AssumptionSet]) -> Known:
    """What assumption sets hold; of two that hold the same place the later one counts."""
    return Known({str(held.place): held.value for each in sets for held in each.values})
