"""A model as files: the service, each value with its doubt beside it, and `….fit.json` with everything else.

    service.toml      what `careload simulate` runs
    service.fit.json  of every parameter what is believed, why, and draws; read by `explain` and by who plans
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from careload.clinic import SMALLEST_GROUP, Finding, SettingsError, registry, whole_file
from careload.model.assembled import keys_of
from careload.model.belief import LEVEL, ORIGINS, WORDS, Belief
from careload.model.fit import Model
from careload.model.trust.hold_out import HoldOut, Scored

SCHEMA = "careload/fit/1"
FIELDS = ("place", "value", "unit", "low", "high", "origin", "determined", "formula", "counts", "note",
          "source", "mark")
DIGITS = 6


def write_model(model: Model, path: str | os.PathLike[str]) -> None:
    """Write the service to `path` and what is believed beside it. Raises `CannotWrite`."""
    target = Path(path)
    with whole_file(target) as service:
        service.write(service_text(model).encode())
    with whole_file(beside(target)) as fitted:
        fitted.write((json.dumps(as_json(model, draws=True), ensure_ascii=False, indent=1) + "\n").encode())


def beside(path: str | os.PathLike[str]) -> Path:
    """Where what is believed of the parameters of a service file stands."""
    return Path(path).with_suffix(".fit.json")


def as_json(model: Model, *, draws: bool = False) -> dict[str, Any]:
    """A model as a JSON object.

    draws  with the draws of each parameter
    """
    return {
        "schema": SCHEMA, "records": model.name, "first": model.first.isoformat(),
        "as_of": model.as_of.isoformat(), "seed": model.seed, "level": LEVEL,
        "warnings": list(model.warnings), "findings": [_finding(each) for each in model.findings],
        "hold_out": _hold_out(model.hold_out),
        "beliefs": [_belief(belief, draws=draws) for belief in model.beliefs],
    }


def _finding(found: Finding) -> dict[str, Any]:
    names = ("code", "severity", "table", "rows", "found", "expected", "remedy")
    return {name: getattr(found, name) for name in names}


def _hold_out(found: HoldOut | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "fitted_to": found.fitted_to.isoformat(), "first": found.first.isoformat(), "periods": found.periods,
        "scored": [_scored(each) for each in found.scored],
    }


def _scored(found: Scored) -> dict[str, Any]:
    series = {name: [_number(each) for each in getattr(found, name).tolist()]
              for name in ("middle", "low", "high")}
    shown = np.where(found.small, np.nan, found.happened)
    series["happened"] = [_number(each) for each in shown.tolist()]
    numbers = {name: _number(getattr(found, name)) for name in ("score", "held", "error")}
    # Where a count is hidden, nothing is told from which it could be reckoned.
    numbers |= dict.fromkeys(("score", "error"), None) if found.small.any() else {}
    rivals = {name: _number(score) for name, score in found.rivals.items()}
    return {"measure": found.measure, "unit": found.unit, **numbers, "rivals": rivals, **series}


def _number(value: float) -> float | None:
    """A number to six digits; None where there is none."""
    return _rounded(value) if np.isfinite(value) else None


def _belief(belief: Belief, *, draws: bool) -> dict[str, Any]:
    found = {name: _plain(getattr(belief, name)) for name in FIELDS}
    found["counts"] = _plain(belief.shown_counts)
    if draws and len(belief.draws):
        found["draws"] = [_rounded(each) for each in belief.draws.tolist()]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, np.generic):
        return _plain(value.item())
    return _rounded(value) if isinstance(value, float) else value


def _rounded(value: float) -> float:
    """To six digits: the rest is noise, and differs between machines."""
    return float(f"{value:.{DIGITS}g}")


def read_beliefs(path: str | os.PathLike[str]) -> dict[str, Belief]:
    """What is believed of each parameter of a service file, from the file beside it; {} where there is none.

    Raises `SettingsError` when the file beside it is none of ours.
    """
    place = beside(path)
    if not place.exists():
        return {}
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
        rows = found["beliefs"] if found["schema"] == SCHEMA else [{}]
        return {row["place"]: _read(row) for row in rows}
    except (ValueError, KeyError, TypeError, OSError):
        raise SettingsError(
            f"{place.name} is not what a fit writes.", f"the file written with {Path(path).name}",
            "Fit the records again, or remove the file.",
        ) from None


def _read(row: Mapping[str, Any]) -> Belief:
    draws = np.array(row.get("draws", []), dtype=float)
    return Belief(**{name: row[name] for name in FIELDS}, draws=draws)


def service_text(model: Model) -> str:
    """The service file: every value, and behind it what is believed of it."""
    return "\n".join([*_head(model), *_body(model)]) + "\n"


def _head(model: Model) -> Iterator[str]:
    yield f"# Fitted to the records {_quoted(model.name)} from {model.first} to {model.as_of}."
    yield "# Behind each number: what holds it nine times in ten, and how well the records determine it."
    yield "# `careload explain` with this file and a parameter says where a number comes from."
    yield ""
    yield f"name = {_quoted(model.name)}"


def _body(model: Model) -> Iterator[str]:
    tables: dict[tuple[str, ...], list[Belief]] = {}
    for belief in model.beliefs:
        keys = keys_of(belief.place)
        tables.setdefault(tuple(keys[: 2 if registry()[keys[0]].many else 1]), []).append(belief)
    order = list(registry())
    for table in sorted(tables, key=lambda each: order.index(each[0])):
        yield ""
        yield f"[{'.'.join(_key(name) for name in table)}]"
        yield from _lines(tables[table], len(table))


def _lines(beliefs: list[Belief], depth: int) -> Iterator[str]:
    """One line for each parameter; the numbers of all sites in one table of their own lines."""
    for belief in beliefs:
        keys = ".".join(_key(each) for each in keys_of(belief.place)[depth:])
        yield f"{keys} = {_value(belief.value)}  # {about(belief)}"


def about(belief: Belief) -> str:
    """What is believed beside the value, in a few words."""
    words = [] if belief.low is None or belief.high is None else [f"{belief.low:.3g} to {belief.high:.3g}"]
    words.append(ORIGINS[belief.origin] if belief.determined == "given" else WORDS[belief.determined])
    words.append(counted(belief))
    return "; ".join(word for word in words if word)


def counted(belief: Belief) -> str:
    """What was counted, in words; "" where nothing was, or nothing may be shown."""
    if belief.counts and not belief.shown_counts:
        return f"counts of fewer than {SMALLEST_GROUP} are not shown"
    return ", ".join(f"{number:,.10g} {word}" for word, number in belief.shown_counts.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        return repr(_rounded(float(value)))
    return _quoted("" if value is None else str(value))


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
