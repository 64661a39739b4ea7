"""The answer of a fit as JSON: same records, same seed, same bytes. Nothing in it tells of few people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from careload.clinic import Finding
from careload.model.belief import LEVEL, Belief, Other
from careload.model.fit import Model
from careload.model.plain import number, numbers, plain, rounded
from careload.model.trust.against import Against, Followed
from careload.model.trust.books import Books, Residue
from careload.model.trust.changed import Changed
from careload.model.trust.checks import Ranges
from careload.model.trust.checks.beyond import Range
from careload.model.trust.hold_out import HoldOut, Scored
from careload.model.trust.weeks_seen import MEASURES

SCHEMA = "careload/fit/1"
FIELDS = ("place", "value", "unit", "low", "high", "origin", "determined", "formula", "counts", "note",
          "source", "mark")
OF_OTHERS = ("who", "value", "low", "high", "source", "mark", "inside")


def as_json(model: Model, *, draws: bool = False) -> dict[str, Any]:
    """A model as a JSON object.

    draws  with the draws of each parameter
    """
    return {
        "schema": SCHEMA, "records": model.name, "first": model.first.isoformat(),
        "as_of": model.as_of.isoformat(), "seed": model.seed, "level": LEVEL,
        "warnings": list(model.warnings), "findings": [_finding(each) for each in model.findings],
        "hold_out": _hold_out(model.hold_out) if model.hold_out else None,
        "against": _against(model.against) if model.against else None,
        "flows": _books(model.books) if model.books else None,
        "changes": [_changed(each) for each in model.changes],
        "seen": _ranges(model.seen),
        "beliefs": [_belief(belief, draws=draws) for belief in model.beliefs],
    }


def _finding(found: Finding) -> dict[str, Any]:
    names = ("code", "severity", "table", "rows", "found", "expected", "remedy")
    return {name: getattr(found, name) for name in names}


def _hold_out(found: HoldOut) -> dict[str, Any]:
    return {
        "fitted_to": found.fitted_to.isoformat(), "first": found.first.isoformat(), "periods": found.periods,
        "scored": [_scored(each) for each in found.scored],
    }


def _scored(found: Scored) -> dict[str, Any]:
    series = {name: numbers(getattr(found, name)) for name in ("middle", "low", "high")}
    series["happened"] = numbers(np.where(found.small, np.nan, found.happened))
    told = {name: number(getattr(found, name)) for name in ("score", "held", "error")}
    # Where a count is hidden, nothing is told from which it could be reckoned.
    told |= dict.fromkeys(("score", "error"), None) if found.small.any() else {}
    rivals = {name: number(score) for name, score in found.rivals.items()}
    return {"measure": found.measure, "unit": found.unit, **told, "rivals": rivals, **series}


def _against(found: Against) -> dict[str, Any]:
    return {
        "first": found.first.isoformat(), "weeks": found.weeks, "runs": found.runs,
        "followed": [_followed(each) for each in found.followed],
    }


def _followed(found: Followed) -> dict[str, Any]:
    by = {"site": found.site} if found.site else {}
    series = {name: numbers(getattr(found, name)) for name in ("middle", "low", "high")}
    return {
        "measure": found.measure, "by": by, "unit": MEASURES[found.measure].unit, "known": found.known,
        "inside": found.inside, "happened": numbers(found.shown), **series,
    }


def _books(found: Books) -> dict[str, Any]:
    rows = []
    for place, site in enumerate(["", *(found.sites if len(found.sites) > 1 else ())]):
        told = {name: None if found.hidden[name][place] else number(float(own[place]))
                for name, own in found.flows.items()}
        rows.append({"by": {"site": site} if site else {}, **told})
    return {
        "first": found.first.isoformat(), "last": found.last.isoformat(), "by_site": rows,
        "residual": [_residue(each) for each in found.residual],
    }


def _residue(found: Residue) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in ("number", "of")}
    told |= {name: number(getattr(found, name)) for name in ("low", "high")}
    return {"name": found.name, "what": found.words,
            **(dict.fromkeys(told, None) if found.small else told)}


def _changed(found: Changed) -> dict[str, Any]:
    change = found.change
    by = {"site": change.site} if change.site else {}
    ends = {name: number(getattr(change, name)) for name in ("before", "after", "chance")}
    return {
        "what": change.what, "by": by, "week": change.week.isoformat(), **ends,
        "unit": "share" if found.is_share else "ratio", "first": found.days[0].isoformat(),
        "weeks": found.weeks, "values": numbers(found.values),
    }


def _ranges(found: Ranges) -> dict[str, Any]:
    return {name: {"low": number(own.low), "high": number(own.high)} for name, own in found.seen.items()}


def _belief(belief: Belief, *, draws: bool) -> dict[str, Any]:
    found = {name: plain(getattr(belief, name)) for name in FIELDS}
    found["counts"] = plain(belief.shown_counts)
    found["otherwise"] = [_other(each) for each in belief.otherwise]
    if draws and len(belief.draws):
        found["draws"] = [rounded(each) for each in belief.draws.tolist()]
    return found


def _other(found: Other) -> dict[str, Any]:
    return {name: plain(getattr(found, name)) for name in OF_OTHERS}


def belief_from(row: Mapping[str, Any]) -> Belief:
    """A belief as it was written; KeyError or TypeError of anything else."""
    others = tuple(Other(**{name: each[name] for name in OF_OTHERS}) for each in row.get("otherwise", ()))
    draws = np.array(row.get("draws", []), dtype=float)
    return Belief(**{name: row[name] for name in FIELDS}, otherwise=others, draws=draws)


def ranges_from(row: Mapping[str, Any]) -> Ranges:
    """Ranges seen in records as they were written, likewise."""
    return Ranges({name: Range(own["low"], own["high"]) for name, own in row.items()})
