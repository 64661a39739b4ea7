"""What commands share: their common options, progress, messages, the ways of answering."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from careload.clinic import UsageError

if TYPE_CHECKING:
    from rich.progress import Progress

    from careload.clinic import Finding
    from careload.history import Records

Source = Annotated[
    str, typer.Argument(metavar="RECORDS", help="Folder, file or database URL of the records.")
]
Mapping = Annotated[
    Path | None,
    typer.Option("--mapping", help="TOML file saying which column is which; `careload map` drafts one."),
]
AsOf = Annotated[str | None, typer.Option(help="Day the records are read at, YYYY-MM-DD.")]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key-file", help="File with the key that hashes ids; else CARELOAD_KEY, else a fresh one."
    ),
]


def check_asked(**asked: Any) -> None:
    """Raise `UsageError` for a standard, column or measure that nobody knows."""
    from careload.measure import check_options

    check_options(**asked)


def check_places(outputs: Iterable[Path | None], inputs: Iterable[str | Path | None]) -> None:
    """Raise before any work when an output cannot be written, or would be written over an input."""
    from careload.clinic import check_outputs
    from careload.history import file_of

    check_outputs(outputs, [file_of(each) if isinstance(each, str) else each for each in inputs])


def read_records(
    records: str,
    mapping: Path | None,
    key_file: Path | None,
    set_aside: Path | None,
    *,
    by: Any = None,
    say_errors: bool = True,
) -> Records:
    """The records, with what is wrong with them told on stderr."""
    from careload.history import read, write_set_aside

    with progress_bar("reading"):
        found = (by or read)(records, mapping, key_file=key_file)
    if set_aside is not None:
        write_set_aside(found, set_aside)
    for finding in found.findings:
        if finding.severity == "error" and say_errors:
            say(str(finding))
    return found


def say_what_else(findings: Iterable[Finding], read: Records) -> None:
    """What was noticed only in measuring."""
    for finding in findings:
        if finding not in read.findings:
            say(str(finding))


def print_json(value: Any) -> None:
    """One object on stdout; what is not a number has no place in it."""
    import json

    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def print_rich(renderable: Any) -> None:
    """Tables and text on stdout, for a terminal."""
    from rich.console import Console

    Console().print(renderable)


def words(text: str) -> tuple[str, ...]:
    """The words of a list with commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def as_day(text: str | None, option: str = "--as-of") -> date | None:
    """A day given as YYYY-MM-DD with an option. Raises `UsageError` for any other text."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{option} {text!r} is not a day.", "a date such as 2024-06-30", "Write it as YYYY-MM-DD."
        ) from None


@contextmanager
def progress_bar(verb: str, of: int | None = None) -> Iterator[Any]:
    """A bar on stderr, shown only to a person while work is under way; gives a callback (name, done, of).

    of  how much there is to do, where it is known before the work begins
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"),
               TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(verb, total=of, count=_count(0, of))
        yield _stepper(bars, task, verb)


def say_if_compiling() -> None:
    """That the first run takes long, and why; on stderr, whoever reads it."""
    from careload.simulate import is_compiled

    if not is_compiled():
        say("Compiling the simulator, once: a minute or two.")


def complain(found: str, expected: str, remedy: str) -> None:
    """An error in its three parts, on stderr."""
    say(f"{found}\n  Expected: {expected}\n  What to do: {remedy}")


def say(text: str) -> None:
    """A message, on stderr."""
    sys.stderr.write(text + "\n")


def _stepper(bars: Progress, task: Any, verb: str) -> Any:
    def step(name: str, done: int, of: int) -> None:
        bars.update(task, description=f"{verb} {name}", completed=done, total=of, count=_count(done, of))

    return step


def _count(done: int, of: int | None) -> str:
    return "" if of is None else f"{done:,} of {of:,}"
