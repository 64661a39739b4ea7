"""A disagreement as JSON: same service, same sets, same options, same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from careload.clinic import Finding
from careload.model.assumptions import AssumptionSet, Held
from careload.model.differ import Answer, Assumption, Disagreement, Swap
from careload.simulate import plain

SCHEMA = "careload/differ/1"


def as_json(found: Disagreement, findings: Sequence[Finding]) -> dict[str, Any]:
    """The JSON object: both sets, what each holds, and of each figure what decides."""
    runs = found.compared.here
    return {
        "schema": SCHEMA, "service": found.scenario.name, "years": runs.years,
        "replications": len(runs.summaries), "seed": runs.seed,
        "a": _set(found.a), "b": _set(found.b),
        "findings": [asdict(finding) for finding in findings],
        "assumptions": [_assumption(each) for each in found.assumptions],
        "answers": [_answer(each) for each in found.answers],
    }


def _set(held: AssumptionSet) -> dict[str, str]:
    return {"name": held.name, "whose": held.whose}


def _assumption(each: Assumption) -> dict[str, Any]:
    a, b = ([_held(one) for one in held] for held in (each.a, each.b))
    return {"place": str(each.place), "a": a, "b": b}


def _held(each: Held) -> dict[str, Any]:
    return {"place": str(each.place), "value": plain(each.value), "source": each.source, "mark": each.mark}


def _answer(each: Answer) -> dict[str, Any]:
    return {
        "measure": each.measure, "statistic": each.statistic, "verdict": each.verdict,
        "decides": each.decides.key if each.decides else None,
        "under_a": each.difference.here.as_json(), "under_b": each.difference.there.as_json(),
        "difference": each.difference.difference.as_json(), "method": each.method,
        "swaps": [_swap(one) for one in each.swaps],
    }


def _swap(each: Swap) -> dict[str, Any]:
    return {
        "places": [str(one.place) for one in each.assumptions],
        "before": plain(each.change.before), "after": plain(each.change.after),
        "from_a": each.from_a.as_json(), "from_b": each.from_b.as_json(), "share": each.share.as_json(),
        "is_enough": each.is_enough, "is_against": each.is_against,
    }
