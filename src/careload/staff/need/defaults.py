"""What the arithmetic rests on that the service file does not say: defaults, each with mark and source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from careload.clinic import Mark, Parameter, Service, registry

WIDTH = 110

USED = {
    "profession": ("visit_hours", "intake_hours", "group_hours", "note_hours", "missed_hours",
                   "patient_hours", "fixed_hours", "paid_hours"),
    "need": ("visits_needed", "cadence_days", "stage_from_visit", "progress_chance",
             "progress_lost_per_doubling", "group_share", "dropout_per_visit", "died_per_year",
             "moved_per_year", "reentry_share", "relapse_share"),
    "team": ("fte", "group_seats"),
    "no_show": ("return_soon", "return_late", "intake_soon", "intake_late", "scale_days"),
    "workforce": ("leaving_per_year", "quit_index", "pay_elasticity", "leaving_if_new", "days_to_fill",
                  "hiring_elasticity", "ramp_weeks", "ramp_from", "notice_weeks", "sick_days_per_year",
                  "leave_days_per_year"),
    "policy": ("own_clinician", "rebook_days", "caseload_ceiling", "drop_after_no_shows"),
}
"""The parameters whose values turn the answer, by section; what must be given is not among them."""


@dataclass(frozen=True)
class Default:
    """A number that the service file leaves to the registry.

    place   section and parameter
    value   the default
    unit    of it
    mark    how sure it is
    source  where it comes from
    tables  names of the tables that leave it out; () of a section with only one
    """

    place: str
    value: Any
    unit: str
    mark: Mark
    source: str
    tables: tuple[str, ...]


def defaults_of(service: Service) -> tuple[Default, ...]:
    """The defaults that the posts needed of a service rest on, in the order of the registry."""
    return tuple(_each(service))


def _each(service: Service) -> Iterator[Default]:
    for section, names in USED.items():
        told, many = service.document.get(section, {}), registry()[section].many
        for name in names:
            parameter = registry()[section].parameters[name]
            silent = tuple(own for own in service[section] if name not in told.get(own, {})) if many else ()
            if silent or (not many and name not in told):
                yield _default(parameter, silent)


def _default(parameter: Parameter, tables: tuple[str, ...]) -> Default:
    return Default(
        f"{parameter.section}.{parameter.name}", parameter.default, parameter.unit, parameter.mark,
        parameter.source, tables,
    )


def in_words(defaults: tuple[Default, ...]) -> str:
    """The defaults by mark: what is least sure first."""
    told = []
    for mark in ("assumed", "computed", "second-hand", "read"):
        own = [f"{each.place} {_value(each.value)}" for each in defaults if each.mark == mark]
        if own:
            told.append(fill(
                f"{mark}: {', '.join(own)}", WIDTH, initial_indent="  ", subsequent_indent="    ",
                break_on_hyphens=False,
            ))
    return "\n".join(["Numbers that the file leaves to defaults:", *told])


def _value(value: Any) -> str:
    if isinstance(value, list):
        return " and ".join(f"{each:g}" for each in value)
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"
