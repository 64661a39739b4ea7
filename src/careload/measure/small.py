"""How many people or events a figure needs."""

from __future__ import annotations

from dataclasses import dataclass

from careload.clinic import SMALLEST_GROUP, Estimate


@dataclass(frozen=True)
class Rule:
    """How many people or events a figure needs.

    staff, posts    names of the measures protected as staff's or as posts'
    smallest_posts  smallest group shown for posts; for all else it is `SMALLEST_GROUP`
    """

    staff: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    smallest_posts: int = SMALLEST_GROUP

    def smallest(self, measure: str) -> int:
        """Smallest number of people shown for `measure`."""
        return self.smallest_posts if measure in self.posts else SMALLEST_GROUP

    def top(self, measure: str) -> float:
        """Largest number of people too small to show for `measure`."""
        return self.smallest(measure) - 1

    def is_few(self, estimate: Estimate) -> bool:
        """Whether too few people are behind `estimate`."""
        at_risk = estimate.n if estimate.at_risk is None else estimate.at_risk
        return at_risk is not None and 0 < at_risk < self.smallest(estimate.measure)

    def is_small(self, estimate: Estimate) -> bool:
        """Whether `estimate` must be hidden for its own numbers: few people, or few events of patients."""
        few_events = self.of_patients(estimate.measure) and 0 < (estimate.events or 0) < SMALLEST_GROUP
        return few_events or self.is_few(estimate)

    def cuts_off_few(self, estimate: Estimate) -> bool:
        """Whether so few patients were cut off that their number must be hidden."""
        return self.of_patients(estimate.measure) and 0 < (estimate.censored or 0) < SMALLEST_GROUP

    def of_patients(self, measure: str) -> bool:
        """Whether `measure` is protected as patients'."""
        return measure not in self.staff | self.posts
