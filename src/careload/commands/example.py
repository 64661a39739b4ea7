"""`careload example`: the records of an invented clinic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from careload.commands.shared import progress_bar, say, say_if_compiling


def example_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder for the records.")],
    seed: Annotated[int, typer.Option(help="Same seed, same records.")] = 1,
) -> None:
    """Writes the records of an invented clinic: first visits soon, next visits after six to eight weeks."""
    from careload.simulate import write_example

    say_if_compiling()
    with progress_bar("inventing the records"):
        write_example(folder, seed=seed)
    say(f"Records of an invented clinic written to {folder}.")
