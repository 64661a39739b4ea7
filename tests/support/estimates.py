"""Estimates of one measure or one rule, nothing hidden."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import pytest

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


@contextmanager
def unhidden() -> Iterator[None]:
    """Meanwhile `measure` shows small cells too, and spends no time on hiding them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["careload.measure.run"], "hide_small_cells", lambda each, **_: tuple(each))
        yield
