"""The answer of runs as JSON: same service, same options, same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from careload.clinic import Finding
from careload.simulate.many import Simulated
from careload.simulate.versus import Comparison, Waterfall

SCHEMA = "careload/simulate/1"


def as_json(found: Simulated | Comparison, findings: Sequence[Finding]) -> dict[str, Any]:
    """The JSON object of the contract; `versus` only of a comparison."""
    runs = found.here if isinstance(found, Comparison) else found
    whole: dict[str, Any] = {
        "schema": SCHEMA, "service": runs.service.name, "years": runs.years,
        "replications": len(runs.summaries), "seed": runs.seed,
        "findings": [asdict(finding) for finding in findings],
        "estimates": [each.as_json() for each in runs.estimates()],
    }
    return whole | {"versus": _versus(found)} if isinstance(found, Comparison) else whole


def _versus(found: Comparison) -> dict[str, Any]:
    return {
        "service": found.there.service.name,
        "changes": [
            {"key": each.key, "before": plain(each.before), "after": plain(each.after)}
            for each in found.changes
        ],
        "differences": [
            {"here": each.here.as_json(), "there": each.there.as_json(),
             "difference": each.difference.as_json()}
            for each in found.differences()
        ],
        "waterfalls": [_waterfall(each) for each in found.waterfalls],
    }


def _waterfall(each: Waterfall) -> dict[str, Any]:
    return {
        "measure": each.measure, "statistic": each.statistic, "by": dict(each.by), "unit": each.unit,
        "start": each.start, "end": each.end, "method": each.method,
        "shares": [
            {"key": share.change.key, "before": plain(share.change.before),
             "after": plain(share.change.after), "difference": share.difference.as_json()}
            for share in each.shares
        ],
    }


def plain(value: Any) -> Any:
    """A value of a service as JSON has it: lists for tuples, ISO days."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return {key: plain(each) for key, each in value.items()} if isinstance(value, dict) else value
