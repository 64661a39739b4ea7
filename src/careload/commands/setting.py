"""`--set key=value`: values of a service given on the command line."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from careload.clinic import SettingsError, UsageError

if TYPE_CHECKING:
    from careload.clinic import Service


def with_settings(service: Service, settings: list[str]) -> Service:
    """The service with the values of ``section.parameter=value`` words.

    Raises `UsageError` for a place nobody knows, with the nearest one, and for a value that does not hold.
    """
    if not settings:
        return service
    try:
        return service.changed(dict(setting(each) for each in settings))
    except SettingsError as error:
        raise UsageError(error.found, error.expected, error.remedy) from None


def setting(text: str, option: str = "--set") -> tuple[str, Any]:
    """Place and value of ``place=value``, the value as TOML has it."""
    place, equals, value = text.partition("=")
    if not equals or not place.strip():
        raise UsageError(f"{option} {text!r} names no value.", "section.parameter=value",
                         f"Write for example {option} policy.overbooking=0.1.")
    return place.strip(), toml_value(value.strip(), f"{option} {text!r}")


def toml_value(text: str, where: str) -> Any:
    """A value as TOML has it: a number, true, "text", a date, [a list]."""
    try:
        document = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        document = {}
    if set(document) != {"value"}:
        raise UsageError(
            f"{where}: {text!r} is no value.",
            'a number, true or false, a date, "text" in quotes, or a [list]',
            "Put text in double quotes, and the whole in single ones for the shell.",
        )
    return document["value"]
