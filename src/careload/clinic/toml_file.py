"""A TOML file that a person wrote: its text, and what it says, or a message in three parts."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from careload.clinic.errors import SettingsError


def read_text(path: str | os.PathLike[str], what: str, remedy: str) -> tuple[str, str]:
    """Text and name of a file; SettingsError when it cannot be read.

    what    what it is, for the message: ``mapping``, ``service``
    remedy  what to do when it is not there
    """
    file = Path(path)
    try:
        return file.read_text(encoding="utf-8-sig"), file.name
    except (OSError, UnicodeDecodeError) as error:
        reason = str(error.strerror).lower() if isinstance(error, OSError) else "it is not UTF-8 text"
        found = f"The {what} {file.name} cannot be read: {reason}."
        raise SettingsError(found, "a TOML file", remedy) from None


def parse_toml(text: str, origin: str, expected: str, remedy: str) -> dict[str, Any]:
    """What a text says; SettingsError when it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = f"{str(error)[:1].lower()}{str(error)[1:]}"
        raise SettingsError(f"{origin} is no TOML: {reason}.", expected, remedy) from None
