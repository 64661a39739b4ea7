"""A model as files: the service, each value with its doubt beside it, and `….fit.json` with everything else.

    service.toml      what `careload simulate` runs
    service.fit.json  of every parameter what is believed, why, and draws; read by `explain` and by who plans
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from careload.clinic import SettingsError, beside, registry, whole_file
from careload.model.assembled import keys_of
from careload.model.belief import ORIGINS, WORDS, Belief
from careload.model.fit import Model
from careload.model.json_form import SCHEMA, as_json, belief_from, ranges_from
from careload.model.plain import rounded
from careload.model.trust.checks import Ranges

Part = TypeVar("Part")

def write_model(model: Model, path: str | os.PathLike[str]) -> None:
    """Write the service to `path` and what is believed beside it. Raises `CannotWrite`."""
    target = Path(path)
    with whole_file(target) as service:
        service.write(service_text(model).encode())
    with whole_file(beside(target)) as fitted:
        fitted.write((json.dumps(as_json(model, draws=True), ensure_ascii=False, indent=1) + "\n").encode())


def read_beliefs(path: str | os.PathLike[str]) -> dict[str, Belief]:
    """What is believed of each parameter of a service file, from the file beside it; {} where there is none.

    Raises `SettingsError` when the file beside it is none of ours.
    """
    return _read(path, lambda found: {row["place"]: belief_from(row) for row in found["beliefs"]}, {})


def read_ranges(path: str | os.PathLike[str]) -> Ranges:
    """The ranges seen in the records a service file was fitted to; none where that is not known.

    Raises `SettingsError` when the file beside it is none of ours.
    """
    return _read(path, lambda found: ranges_from(found.get("seen", {})), Ranges({}))


def _read(path: str | os.PathLike[str], part: Callable[[Any], Part], none: Part) -> Part:
    place = beside(path)
    if not place.exists():
        return none
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
        if found["schema"] != SCHEMA:
            raise KeyError(SCHEMA)
        return part(found)
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        raise SettingsError(
            f"{place.name} is not what a fit writes.", f"the file written with {Path(path).name}",
            "Fit the records again, or remove the file.",
        ) from None


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
    words.append(belief.counted)
    return "; ".join(word for word in words if word)


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
        return repr(rounded(float(value)))
    return _quoted("" if value is None else str(value))


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
