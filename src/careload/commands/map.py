"""`careload map`: which column is which?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from careload.commands.shared import check_places, progress_bar, say


def map_command(
    records: Annotated[str, typer.Argument(metavar="FILE", help="File or folder of an extract.")],
    to: Annotated[Path | None, typer.Option(help="Write the draft here instead of printing it.")] = None,
) -> None:
    """Which column is which? Drafts a mapping file, with a line of doubt per guess."""
    check_places((to,), (records,))
    from careload.history import draft

    with progress_bar("looking at the columns"):
        text = draft(records)
    if to is None:
        sys.stdout.write(text)
    else:
        from careload.clinic import write_whole

        write_whole(to, text.encode("utf-8"))
        say(f"Draft written to {to}. Read every line of doubt before you use it.")
