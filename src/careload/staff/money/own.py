"""Newer tables of one's own: a file of the bureau that stands above what is bundled, for this user alone.

They are kept in the folder that CARELOAD_TABLES names, else in `careload/tables` of the place where this
system keeps data of users; never inside the package. Only the series that Careload reads are kept, under the
name of the file they came from.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from careload.clinic import CannotWrite, SettingsError, UnreadableRecords, made_folder, write_whole
from careload.staff.money.source import MAIN, Kind

FROM = "# from "


def own_folder() -> Path:
    """Where this user's tables are kept; it need not be there."""
    if named := os.environ.get("CARELOAD_TABLES"):
        return Path(named)
    return _home(os.environ, sys.platform, Path.home()) / "careload" / "tables"


def _home(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    if named := environment.get("XDG_DATA_HOME"):
        return Path(named)
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
    return home / "Library" / "Application Support" if platform == "darwin" else home / ".local" / "share"


def own_text(kind: Kind) -> str | None:
    """The text of the user's table, None where there is none.

    Raises `SettingsError` where it cannot be read.
    """
    path = own_folder() / MAIN[kind]
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _spoilt(kind, type(error).__name__) from None


def own_origin(text: str | None) -> str:
    """Name of the file the user's table came from; "" for none."""
    first = (text or "").partition("\n")[0]
    return first.removeprefix(FROM) if first.startswith(FROM) else ""


def keep(kind: Kind, text: str, name: str) -> Path:
    """Keep a table for this user, whole or not at all. Raises `CannotWrite`."""
    comment = FROM + " ".join(name.split())
    folder = made_folder(own_folder())
    return write_whole(folder / MAIN[kind], f"{comment}\n{text}".encode())


def forget(kind: Kind) -> bool:
    """Go back to the bundled table; whether there was another. Raises `CannotWrite`."""
    path = own_folder() / MAIN[kind]
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise CannotWrite(f"{path.name} cannot be taken away: {reason}.", "a file of this account",
                          "Remove it by hand; nothing was changed.") from error
    return True


def spoilt(kind: Kind, error: UnreadableRecords) -> SettingsError:
    """The user's own table does not hold; it did when it was kept."""
    return _spoilt(kind, error.found.rstrip("."))


def _spoilt(kind: Kind, reason: str) -> SettingsError:
    return SettingsError(f"Your own table of {kind} cannot be read: {reason}.",
                         "a table as `careload prices update` keeps it",
                         "`careload prices reset` goes back to what is bundled.")
