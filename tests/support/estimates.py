"""Estimates of one measure or one rule, nothing hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from careload.clinic import Estimate
from careload.measure import within
from careload.measure.answers import quiet
from careload.measure.definition import definitions
from careload.measure.kinds import Plan, estimates, plans
from careload.measure.view import View


def of_measure(name: str, view: View, by: Sequence[str] = ()) -> list[Estimate]:
    """What the measure `name` tells, for every margin of `by`."""
    return of_plans(plans(definitions()[name], view, by), view)


def of_rule(judged: within.Judged, view: View, by: Sequence[str] = ()) -> list[Estimate]:
    """Shares within the limit of a rule."""
    return of_plans(within.plans(judged, by), view)


def of_plans(asked: Iterable[Plan], view: View) -> list[Estimate]:
    """What the plans tell, one after another."""
    return [each for told in estimates(list(asked), view, quiet) for each in told.estimates]
