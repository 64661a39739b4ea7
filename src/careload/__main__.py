"""The commands: one thin function per question. Stdout holds only the answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from careload.clinic import CareloadError, UsageError, plural

if TYPE_CHECKING:
    from rich.progress import Progress

    from careload.clinic import Finding
    from careload.history import Records

INTERRUPTED = 130

app = typer.Typer(
    name="careload",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

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


@app.command("measure")
def measure_command(
    records: Source,
    mapping: Mapping = None,
    standard: Annotated[
        str | None,
        typer.Option(help="Timely-access rules to judge by: a jurisdiction, a rule or a TOML file."),
    ] = None,
    by: Annotated[str, typer.Option(help="Columns to break down by, for example site,profession.")] = "",
    as_of: AsOf = None,
    only: Annotated[str, typer.Option(help="Measures to give, for example return_interval,overload.")] = "",
    smallest_posts: Annotated[
        int, typer.Option(min=5, max=11, help="Smallest group shown for hours and posts, where it agreed.")
    ] = 11,
    json_: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    csv_: Annotated[bool, typer.Option("--csv", help="The estimates as CSV.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Write the report as PDF.")] = None,
    set_aside: Annotated[
        Path | None, typer.Option(help="Write the rows set aside, with reasons, as CSV.")
    ] = None,
    key_file: KeyFile = None,
) -> None:
    """What do patients get, what do clinicians carry?"""
    if json_ and csv_:
        raise UsageError("Both --json and --csv are given.", "one form of answer", "Leave one of them out.")
    day = _day(as_of)
    asked: dict[str, Any] = {"standard": standard, "by": _words(by), "only": _words(only)}
    _check_options(**asked)
    _check_outputs((html, pdf, set_aside), (records, mapping, key_file))
    read = _read(records, mapping, key_file, set_aside)
    from careload.measure import measure

    with _progress("measuring") as step:
        found = measure(read, as_of=day, smallest_posts=smallest_posts, progress=step, **asked)
    _say_what_else(found.findings, read)
    _write_reports(found, html, pdf)
    _answer(found, json_=json_, csv_=csv_)


@app.command("check")
def check_command(
    records: Source,
    mapping: Mapping = None,
    json_: Annotated[bool, typer.Option("--json", help="The findings as JSON.")] = False,
    set_aside: Annotated[
        Path | None, typer.Option(help="Where the rows set aside are written, with reasons.")
    ] = None,
    key_file: KeyFile = None,
) -> None:
    """What is wrong with these records, and what to do about it?"""
    _check_outputs((set_aside,), (records, mapping, key_file))
    from careload.history import check, require_acceptable
    from careload.measure.report import findings_table

    read = _read(records, mapping, key_file, set_aside, by=check, say_errors=json_)  # else in the answer
    if json_:
        from careload.measure import records_json

        _print_json(records_json(read.counts, read.resources, read.findings))
    else:
        _print_rich(findings_table(read.counts, read.findings))
    require_acceptable(read)
    if any(finding.severity == "error" for finding in read.findings):
        raise typer.Exit(1)


@app.command("map")
def map_command(
    records: Annotated[str, typer.Argument(metavar="FILE", help="File or folder of an extract.")],
    to: Annotated[Path | None, typer.Option(help="Write the draft here instead of printing it.")] = None,
) -> None:
    """Which column is which? Drafts a mapping file, with a line of doubt per guess."""
    _check_outputs((to,), (records,))
    from careload.history import draft

    with _progress("looking at the columns"):
        text = draft(records)
    if to is None:
        sys.stdout.write(text)
    else:
        from careload.clinic import write_whole

        write_whole(to, text.encode("utf-8"))
        _say(f"Draft written to {to}. Read every line of doubt before you use it.")


@app.command("overdue")
def overdue_command(
    records: Source,
    clinician: Annotated[str, typer.Option(help="Id of the clinician who treats them, as in the records.")],
    to: Annotated[Path, typer.Option(help="File for the list; only you can read it.")],
    mapping: Mapping = None,
    as_of: AsOf = None,
) -> None:
    """Who of one's own patients is overdue? The only list with ids, for those who treat them."""
    day = _day(as_of)
    _check_outputs((to,), (records, mapping))
    read = _read(records, mapping, None, None)
    from careload.measure import noticed, write_overdue

    with _progress("measuring"):
        number = write_overdue(read, clinician, to, as_of=day)
    _say_what_else(noticed(read, day), read)
    _say(f"{number:,} {plural(number, 'patients')} overdue, written to {to} (readable by you alone).")
    if not read.has("episodes.closed_on"):
        _say("The records do not say whose care has ended: people who have finished may be on the list.")


@app.command("own")
def own_command(
    records: Source,
    clinician: Annotated[str, typer.Option(help="Your own id, as in the records.")],
    mapping: Mapping = None,
    as_of: AsOf = None,
    only: Annotated[str, typer.Option(help="Measures to give, for example caseload,overload.")] = "",
    json_: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    key_file: KeyFile = None,
) -> None:
    """What do my own patients get, what do I carry? For that clinician alone, not for sharing."""
    day = _day(as_of)
    _check_options(only=_words(only))
    read = _read(records, mapping, key_file, None)
    from careload.measure import measure_own

    with _progress("measuring"):
        found = measure_own(read, clinician, as_of=day, only=_words(only))
    _say_what_else(found.findings, read)
    if json_:
        _print_json(found.as_json())
    else:
        from careload.measure.report import own_summary

        _print_rich(own_summary(found))


@app.command("example")
def example_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder for the records.")],
    seed: Annotated[int, typer.Option(help="Same seed, same records.")] = 1,
) -> None:
    """Writes the records of an invented clinic: first visits soon, next visits after six weeks."""
    from careload.simulate import write_example

    with _progress("inventing the records"):
        write_example(folder, seed=seed)
    _say(f"Records of an invented clinic written to {folder}.")


def main() -> None:
    """Run the command line; every failure ends in three parts and an exit code."""
    try:
        # Without its own way of ending, the command line gives the exit code back, also that of Ctrl-C.
        code = app(standalone_mode=False) or 0
        if code == INTERRUPTED:
            _interrupted()
        sys.exit(code)
    except CareloadError as error:
        _complain(error.found, error.expected, error.remedy)
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
            _say(f"{message.removesuffix('.')}. See `{place} --help`.")
        sys.exit(error.exit_code)
    if type(error).__name__ == "Abort":
        _interrupted()


def _interrupted() -> NoReturn:
    _say("Interrupted; nothing half-written is left.")
    sys.exit(INTERRUPTED)


def _our_mistake(error: Exception) -> NoReturn:
    """An error nobody foresaw, without its text, which may quote a cell."""
    if os.environ.get("CARELOAD_DEBUG"):
        raise error
    _complain(
        f"Careload itself failed ({type(error).__name__}).",
        "an answer, or a message saying what is wrong with the records",
        "Please report it; CARELOAD_DEBUG=1 shows where, and may show values of the records.",
    )
    sys.exit(1)


def _check_options(**asked: Any) -> None:
    from careload.measure import check_options

    check_options(**asked)


def _check_outputs(outputs: Iterable[Path | None], inputs: Iterable[str | Path | None]) -> None:
    from careload.clinic import check_outputs
    from careload.history import file_of

    check_outputs(outputs, [file_of(each) if isinstance(each, str) else each for each in inputs])


def _read(
    records: str,
    mapping: Path | None,
    key_file: Path | None,
    set_aside: Path | None,
    *,
    by: Any = None,
    say_errors: bool = True,
) -> Records:
    from careload.history import read, write_set_aside

    with _progress("reading"):
        found = (by or read)(records, mapping, key_file=key_file)
    if set_aside is not None:
        write_set_aside(found, set_aside)
    for finding in found.findings:
        if finding.severity == "error" and say_errors:
            _say(str(finding))
    return found


def _say_what_else(findings: Iterable[Finding], read: Records) -> None:
    """What was noticed only in measuring."""
    for finding in findings:
        if finding not in read.findings:
            _say(str(finding))


def _write_reports(found: Any, html: Path | None, pdf: Path | None) -> None:
    if html is None and pdf is None:
        return
    from careload.measure.report import write_html, write_pdf

    for path, write in ((html, write_html), (pdf, write_pdf)):
        if path is not None:
            with _progress("writing the report"):
                write(found, path)
            _say(f"Report written to {path}.")


def _answer(found: Any, *, json_: bool, csv_: bool) -> None:
    if json_:
        _print_json(found.as_json())
    elif csv_:
        sys.stdout.write(found.as_csv())
    else:
        from careload.measure.report import summary

        _print_rich(summary(found))


def _print_json(value: Any) -> None:
    import json

    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def _print_rich(renderable: Any) -> None:
    from rich.console import Console

    Console().print(renderable)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--as-of {text!r} is not a day.", "a date such as 2024-06-30", "Write it as YYYY-MM-DD."
        ) from None


@contextmanager
def _progress(verb: str) -> Iterator[Any]:
    """A bar on stderr, shown only to a person while work is under way; gives a callback (name, done, of)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(verb, total=None)
        yield _stepper(bars, task, verb)


def _stepper(bars: Progress, task: Any, verb: str) -> Any:
    def step(name: str, done: int, of: int) -> None:
        bars.update(task, description=f"{verb} {name}", completed=done, total=of)

    return step


def _complain(found: str, expected: str, remedy: str) -> None:
    _say(f"{found}\n  Expected: {expected}\n  What to do: {remedy}")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
