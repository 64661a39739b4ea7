"""A service as a file: TOML in, a `Service` out, or everything that is wrong with it at once.

    service = read_service("service.toml")
    service["policy"]["overbooking"]
    service["need"]["depression"]["visits_needed"]
"""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from careload.clinic.errors import SettingsError, nearest
from careload.clinic.problems import Problems
from careload.clinic.registry import Parameter, Section, registry
from careload.clinic.service_checks import check_together
from careload.clinic.service_values import Names, expected_of, read_value, with_unit
from careload.clinic.spot import Spot
from careload.clinic.toml_file import parse_toml, read_text
from careload.clinic.toml_lines import Lines

OWN_KEYS = ("name",)


@dataclass(frozen=True)
class Service:
    """One service, every parameter filled: as its file says, else with the default of the registry.

    name      of the service
    sections  section to parameter and value; where a section has many tables, to each by its name
    document  what the file says, and no default
    """

    name: str
    sections: Mapping[str, Mapping[str, Any]]
    document: Mapping[str, Any] = field(repr=False, hash=False, compare=False)

    def __getitem__(self, section: str) -> Mapping[str, Any]:
        """The parameters of a section, or its tables by name."""
        return self.sections[section]

    def changed(self, values: Mapping[str, Any], origin: str = "--set") -> Service:
        """The same service with other values.

        values  dotted place (``policy.overbooking``, ``need.depression.visits_needed``) to value
        origin  where they come from, for messages

        Raises `SettingsError` for a place nobody knows or a value that does not hold.
        """
        document = copy.deepcopy(dict(self.document))
        for place, value in values.items():
            *tables, key = _keys(place, document)
            table: dict[str, Any] = document
            for name in tables:
                # A number alone, of a service of one site, gives way to a number for each.
                table[name] = table[name] if isinstance(table.get(name), dict) else {}
                table = table[name]
            table[key] = value
        return _service({"name": self.name, **document}, Lines(""), origin)


def read_service(path: str | os.PathLike[str]) -> Service:
    """Read a service file.

    Raises `SettingsError` (exit code 4) when it is not there, is no TOML, or does not hold together;
    all errors are told at once, each with its line, what was expected, and what to do.
    """
    return parse_service(*read_text(path, "service", "Check the path."))


def parse_service(text: str, origin: str = "service") -> Service:
    """The same from text; `origin` names the file in messages."""
    expected = "key = value lines under [section] headings"
    document = parse_toml(text, origin, expected, "Correct that line.")
    return _service(document, Lines(text), origin)


def service_from(document: Mapping[str, Any], origin: str = "service") -> Service:
    """The same from the tables of a service file as they are parsed; `origin` names them in messages."""
    return _service(document, Lines(""), origin)


def _service(document: Mapping[str, Any], lines: Lines, origin: str) -> Service:
    problems = Problems(origin, whole="a service in which every parameter holds", page="docs/service.md")
    root = Spot(document, (), lines, problems)
    root.only_keys((*OWN_KEYS, *registry()), "a section of a service, or its name")
    tables = {name: _tables(root, section) for name, section in registry().items()}
    names: Names = {name: tuple(own) for name, own in tables.items() if registry()[name].many}
    filled = {
        name: {own: _filled(spot, registry()[name], names) for own, spot in found.items()}
        for name, found in tables.items()
    }
    name = root.text("name", origin.removesuffix(".toml"))
    sections = {key: own if registry()[key].many else own[""] for key, own in filled.items()}
    check_together(sections, root)
    problems.raise_all()
    return Service(name, sections, document)


def _tables(root: Spot, section: Section) -> dict[str, Spot]:
    """The tables of a section by name; the only one under ""."""
    found = root.table(section.name)
    return {name: found.table(name) for name in found.value} if section.many else {"": found}


def _filled(spot: Spot, section: Section, names: Names) -> dict[str, Any]:
    spot.only_keys(tuple(section.parameters), f"a parameter of a {section.title.lower()}")
    return {name: _value(spot, each, names) for name, each in section.parameters.items()}


def _value(spot: Spot, parameter: Parameter, names: Names) -> Any:
    if parameter.name in spot.value:
        return read_value(spot.at(parameter.name), parameter, names)
    if parameter.default is None:
        spot.tell(
            f"[{spot.name}] has no {parameter.name}.", with_unit(expected_of(parameter), parameter),
            f"Add {parameter.name} = … under [{spot.name}]. It means: {parameter.meaning}",
        )
        return None
    return read_value(Spot(parameter.default, (), Lines(""), Problems("")), parameter, names)


def _keys(place: str, document: Mapping[str, Any]) -> list[str]:
    """The keys of a dotted place; a name of a table may hold dots itself."""
    section, _, rest = place.partition(".")
    if section not in registry() or not rest:
        raise SettingsError(
            f"There is no parameter {place!r}.", "section.parameter or section.name.parameter",
            _places_like(place, document) or _parameters_of(section),
        )
    if not registry()[section].many:
        return [section, rest]
    own = next((name for name in document.get(section, {}) if rest.startswith(f"{name}.")), None)
    if own is None:
        raise SettingsError(
            f"There is no {section} in {place!r}.", f"one of {', '.join(document.get(section, {}))}",
            _places_like(place, document) or nearest(rest.partition(".")[0], document.get(section, {})),
        )
    key, _, site = rest.removeprefix(f"{own}.").partition(".")
    return [section, own, key, *([site] if site else [])]


def _parameters_of(section: str) -> str:
    """A remedy naming the parameters of a section, or the section nearest to one that nobody knows."""
    if section not in registry():
        return nearest(section, registry())
    return f"Name one of its parameters: {', '.join(registry()[section].parameters)}."


def _places_like(place: str, document: Mapping[str, Any]) -> str:
    """A remedy naming the whole places of a parameter that was named without; "" where there are none."""
    *before, last = place.split(".")
    if len(before) > 1 or (before and before[0] not in registry()):
        return ""
    places = [
        f"{section.name}.{table}{last}" for section in registry().values() if last in section.parameters
        for table in ([f"{name}." for name in document.get(section.name, {})] if section.many else [""])
        if before in ([], [section.name])
    ]
    one = f"Did you mean {places[0]}?" if places else ""
    return f"Choose one of: {', '.join(places)}." if len(places) > 1 else one
