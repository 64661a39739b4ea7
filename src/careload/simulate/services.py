"""Where the ready services are: TOML files that describe invented services, to be looked at and changed."""

from __future__ import annotations

from pathlib import Path

from careload.clinic import UsageError, nearest

INSTALLED = Path(__file__).parent / "services"
IN_A_CLONE = Path(__file__).parents[3] / "examples" / "services"
"""People look for examples there, so that is where they are kept; building the package copies them in."""


def ready_service(name: str) -> Path:
    """The file of a ready service, such as ``trap``. Raises UsageError for a name that is none."""
    folder = INSTALLED if INSTALLED.is_dir() else IN_A_CLONE
    names = sorted(path.stem for path in folder.glob("*.toml"))
    if name not in names:
        raise UsageError(
            f"There is no ready service {name!r}.", f"one of {', '.join(names)}", nearest(name, names)
        )
    return folder / f"{name}.toml"
