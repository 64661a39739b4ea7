"""What the runs rest on: parameters by how sure they are, and which of them the service file sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from careload.clinic import Parameter, Service, registry
from careload.page import Cell, Column, DataTable
from careload.simulate.report.sentences import value_in_words

MARKS = {
    "read": "read in the source",
    "second-hand": "known second-hand",
    "computed": "computed from a source",
    "assumed": "assumed, without a source",
}
MOST_ROWS = 200


def marks_in_words(service: Service) -> str:
    """How many parameters the file sets, and how many stand at defaults of which mark."""
    every = [each for section in registry().values() for each in section.parameters.values()]
    at_default = [each for each in every if not _is_set(service, each)]
    marks = Counter[str](each.mark for each in at_default)
    told = "; ".join(f"{marks[mark]} {words}" for mark, words in MARKS.items() if marks[mark])
    set_ = len(every) - len(at_default)
    return (
        f"Of {len(every)} kinds of parameters, {set_} are set by the service file, on the word of "
        f"whoever wrote it. The other {len(at_default)} stand at their defaults: {told}."
    )


def switched_off(service: Service) -> list[str]:
    """Mechanisms that are off, with what they would do."""
    own = registry()["mechanisms"].parameters
    return [
        f"{name.replace('_', ' ')}: {own[name].meaning}"
        for name, on in service["mechanisms"].items()
        if not on
    ]


def set_values(service: Service) -> DataTable:
    """Every value of the service file that is not the default."""
    rows = [
        (
            Cell(place),
            Cell(value_in_words(value)),
            Cell(_default(parameter)),
            Cell(parameter.unit),
            Cell(_mark(parameter)),
            Cell(parameter.who),
        )
        for place, value, parameter in _set(service)
        if value != parameter.default
    ]
    more = len(rows) - MOST_ROWS
    columns = (
        Column("Parameter"),
        Column("Value", True),
        Column("Default", True),
        Column("Unit"),
        Column("The default is"),
        Column("May be changed by"),
    )
    note = f"{more:,} more are in the service file." if more > 0 else ""
    return DataTable("Values that are not the default", columns, tuple(rows[:MOST_ROWS]), note)


def _mark(parameter: Parameter) -> str:
    return parameter.mark if parameter.default is not None else "none: the service says it"


def _default(parameter: Parameter) -> str:
    return "–" if parameter.default is None else value_in_words(parameter.default)


def _is_set(service: Service, parameter: Parameter) -> bool:
    own = service.document.get(parameter.section, {})
    tables = own.values() if registry()[parameter.section].many else [own]
    return any(isinstance(table, Mapping) and parameter.name in table for table in tables)


def _set(service: Service) -> Iterator[tuple[str, Any, Parameter]]:
    for section in registry().values():
        own = service.document.get(section.name, {})
        for name, table in own.items() if section.many else (("", own),):
            for key, parameter in section.parameters.items():
                if isinstance(table, Mapping) and key in table:
                    place = ", ".join(part for part in (section.title, name, key.replace("_", " ")) if part)
                    yield place, table[key], parameter
