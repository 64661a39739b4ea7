"""What whoever asks for a fit knows beside the records, by place; ``*`` stands for all tables of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from careload.model.assumptions import AssumptionSet
from careload.model.prior import pattern_of


@dataclass(frozen=True)
class Known(Mapping[str, Any]):
    """Place to value; a place that is named stands above one with ``*``.

    values_by_place  place or pattern to value: ``profession.nurse.pay_per_year``, ``need.*.visits_needed``
    sources          place or pattern to where the value comes from, and how sure that is
    """

    values_by_place: Mapping[str, Any]
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)

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
    every = [held for each in sets for held in each.values]
    return Known({str(held.place): held.value for held in every},
                 {str(held.place): (held.source, held.mark) for held in every})


def source_of(known: Mapping[str, Any], place: str) -> tuple[str, str]:
    """Where what is known of a place comes from, and how sure that is; nothing where nobody said."""
    if not isinstance(known, Known):
        return "", ""
    return known.sources.get(place) or known.sources.get(pattern_of(place), ("", ""))
