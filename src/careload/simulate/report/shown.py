"""What a page shows: one service or two, every figure of them, and the limit they are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from careload.clinic import Estimate, Finding
from careload.simulate.many import Simulated
from careload.simulate.report.charts.frame import Limit
from careload.simulate.report.reached import Waits, seen_within, waits
from careload.simulate.versus import Comparison, Difference

Key = tuple[str, str, tuple[tuple[str, str], ...]]
"""Measure, statistic, group."""
CHANGED = ", changed"
EVEN = Limit(1.0, "1.0: as much work as paid time")
IN_DAYS = {"business_days": 7 / 5, "calendar_days": 1.0, "weeks": 7.0}


@dataclass(frozen=True)
class Rule:
    """A legal limit on the return interval.

    days      calendar days at which it is drawn; five business days stand for seven
    words     as the rule says it: "10 business days"
    business  business days it allows; None where it counts calendar days
    source    where it is written
    """

    days: float
    words: str
    business: int | None
    source: str


@dataclass(frozen=True)
class Shown:
    """What is shown.

    founds       one service, or two
    names        of both; none where there is one
    figures      of each, by measure, statistic, group
    differences  by the same; none where there is one service
    compared     the comparison; None for one service
    waits        for a next visit, of each; empty where nobody waits in one of them
    rules        limits on the return interval
    unruled      a standard that was asked for and has no such limit, "" for none
    noticed      findings about the runs
    """

    founds: tuple[Simulated, ...]
    names: tuple[str, ...]
    figures: tuple[Mapping[Key, Estimate], ...]
    differences: Mapping[Key, Difference]
    compared: Comparison | None
    waits: tuple[Waits, ...]
    rules: tuple[Rule, ...]
    unruled: str
    noticed: tuple[Finding, ...]

    def all(self, measure: str, statistic: str, by: Mapping[str, str] | None = None) -> list[Estimate]:
        """A figure of each service that has it."""
        wanted = key_of(measure, statistic, by or {})
        return [own[wanted] for own in self.figures if wanted in own]

    def difference(
        self, measure: str, statistic: str, by: Mapping[str, str] | None = None
    ) -> Difference | None:
        """A figure's difference; None where there is none."""
        return self.differences.get(key_of(measure, statistic, by or {}))

    @property
    def limits(self) -> list[Limit]:
        """The rules as lines in pictures."""
        return [Limit(rule.days, f"legal limit: {rule.words}") for rule in self.rules]

    @property
    def findings(self) -> list[Finding]:
        """What was noticed in the runs, the gravest first, without saying it twice."""
        order = ("error", "warning", "note")
        return sorted(dict.fromkeys(self.noticed), key=lambda finding: order.index(finding.severity))


def shown(
    found: Simulated | Comparison, standard: str | None = None, noticed: Sequence[Finding] = ()
) -> Shown:
    """What a page shows of runs or of a comparison.

    standard  name of a standard whose limits on the return interval are drawn; None for none
    noticed   findings about the runs
    """
    founds = (found,) if isinstance(found, Simulated) else (found.here, found.there)
    compared = None if isinstance(found, Simulated) else found
    differences = {} if compared is None else {_key(d.here): d for d in compared.differences()}
    rules = return_rules(standard) if standard else ()
    waited = [known for each in founds if (known := waits(each))]
    return Shown(
        founds,
        names_of(founds),
        tuple(figures_of(each) for each in founds),
        differences,
        compared,
        tuple(waited) if len(waited) == len(founds) else (),
        rules,
        standard if standard and not rules else "",
        tuple(noticed),
    )


def key_of(measure: str, statistic: str, by: Mapping[str, str]) -> Key:
    """By what a figure is found."""
    return measure, statistic, tuple(by.items())


def _key(estimate: Estimate) -> Key:
    return key_of(estimate.measure, estimate.statistic, estimate.by)


def names_of(founds: Sequence[Simulated]) -> tuple[str, ...]:
    """Names of two services; where both are called the same, the second is the first with changes."""
    if len(founds) < 2:
        return ()
    first, second = (found.service.name for found in founds)
    return first, second if second != first else f"{second}{CHANGED}"


def figures_of(found: Simulated) -> dict[Key, Estimate]:
    """Every figure over the runs."""
    return {_key(estimate): estimate for estimate in found.estimates()}


def return_rules(standard: str) -> tuple[Rule, ...]:
    """The limits a standard sets on the wait from one visit to the next."""
    from careload.measure import standards_named  # imported here: most pages name no standard

    found = [rule for rule in standards_named(standard) if rule.clock == "prior_appointment"]
    return tuple(
        Rule(
            rule.limit * IN_DAYS[rule.unit],
            rule.limit_words,
            rule.limit if rule.unit == "business_days" else None,
            f"{rule.title}, {rule.citation}",
        )
        for rule in found
        if rule.unit in IN_DAYS
    )


def share_in_time(waits: Waits, rule: Rule) -> Estimate:
    """The share seen again within a rule's limit, counted in its own days."""
    if rule.business is not None:
        return seen_within(waits, rule.business, business=True)
    return seen_within(waits, int(rule.days))
