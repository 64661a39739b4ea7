"""The composer: the commands in one program, and what a failure of any of them ends with."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NoReturn

import typer

from careload.clinic import CareloadError
from careload.commands import COMMANDS, complain, say

INTERRUPTED = 130

app = typer.Typer(
    name="careload",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # the help is there at once, without waiting for what would colour it
)
for name, command in COMMANDS.items():
    app.command(name)(command)


def _tell_version(asked: bool) -> None:
    if asked:
        from careload import __version__

        sys.stdout.write(f"careload {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """How long patients wait from visit to visit and what clinicians carry, from a service's records."""


def main() -> None:
    """Run the command line; every failure ends in three parts and an exit code."""
    try:
        # Without its own way of ending, the command line gives the exit code back, also that of Ctrl-C.
        code = app(standalone_mode=False) or 0
        if code == INTERRUPTED:
            _interrupted()
        sys.exit(code)
    except CareloadError as error:
        complain(error.found, error.expected, error.remedy)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _interrupted()
    except Exception as error:
        _from_the_command_line(error)
        _our_mistake(error)


def _from_the_command_line(error: Exception) -> None:
    """Exit as click would on its own exceptions; return for any other."""
    if hasattr(error, "exit_code") and hasattr(error, "format_message"):
        place = getattr(getattr(error, "ctx", None), "command_path", "careload")
        if message := error.format_message().strip():  # empty when a bare `careload` has just shown its help
            say(f"{message.removesuffix('.')}. See `{place} --help`.")
        sys.exit(error.exit_code)
    if type(error).__name__ == "Abort":
        _interrupted()


def _interrupted() -> NoReturn:
    say("Interrupted; nothing half-written is left.")
    sys.exit(INTERRUPTED)


def _our_mistake(error: Exception) -> NoReturn:
    """An error nobody foresaw, without its text, which may quote a cell."""
    if os.environ.get("CARELOAD_DEBUG"):
        raise error
    complain(
        f"Careload itself failed ({type(error).__name__}).",
        "an answer, or a message saying what is wrong with the records",
        "Please report it; CARELOAD_DEBUG=1 shows where, and may show values of the records.",
    )
    sys.exit(1)


if __name__ == "__main__":
    main()
