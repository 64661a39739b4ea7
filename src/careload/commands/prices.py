"""`careload prices`: which prices, wages and quits are known, and a newer file of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from careload.clinic import UsageError, nearest
from careload.commands.shared import print_json, print_rich, say

ACTIONS = ("update", "reset")


def prices_command(
    action: Annotated[
        str | None, typer.Argument(help="`update` takes a newer FILE, `reset` goes back to what is bundled.")
    ] = None,
    file: Annotated[Path | None, typer.Argument(help="File of the bureau, for `update`.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="The list as JSON.")] = False,
) -> None:
    """Which prices, wages and quits are known? Or: take a newer file."""
    _check(action, file)
    if action == "update" and file is not None:
        _update(file)
    elif action == "reset":
        _reset()
    else:
        _show(as_json=json_)


def _check(action: str | None, file: Path | None) -> None:
    if action is not None and action not in ACTIONS:
        raise UsageError(f"`careload prices` knows no {action!r}.", "update FILE, reset, or nothing at all",
                         nearest(action, ACTIONS))
    if (action == "update") != (file is not None):
        found = "No file to take." if action == "update" else "A file, and nothing to do with it."
        raise UsageError(found, "`careload prices update FILE`", "Write the file behind `update`.")


def _update(file: Path) -> None:
    from careload.staff.money import update

    for kept in update(file):
        until = f" to {kept.last}" if kept.last else ""
        count = "rows" if kept.kind == "wages" else "series"
        say(f"{kept.kind}: {kept.count:,} {count}{until} of {file.name} now stand above what is bundled.")
        if not kept.newer:
            say("  It goes no further than what is bundled.")


def _reset() -> None:
    from careload.staff.money import KINDS, forget

    gone = [kind for kind in KINDS if forget(kind)]
    say(f"Back to what is bundled: {', '.join(gone)}." if gone else "There was nothing of your own.")


def _show(*, as_json: bool) -> None:
    from careload.staff.money import shelf, shelf_summary

    found = shelf()
    if as_json:
        print_json(found.as_json())
    else:
        print_rich(shelf_summary(found))
