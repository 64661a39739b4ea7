"""`careload measure`: what do patients get, what do clinicians carry?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from careload.clinic import UsageError
from careload.commands.shared import (
    AsOf,
    KeyFile,
    Mapping,
    Source,
    as_day,
    check_asked,
    check_places,
    print_json,
    print_rich,
    progress_bar,
    read_records,
    say,
    say_what_else,
    words,
)


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
    day = as_day(as_of)
    asked: dict[str, Any] = {"standard": standard, "by": words(by), "only": words(only)}
    check_asked(**asked)
    check_places((html, pdf, set_aside), (records, mapping, key_file))
    read = read_records(records, mapping, key_file, set_aside)
    from careload.measure import measure

    with progress_bar("measuring") as step:
        found = measure(read, as_of=day, smallest_posts=smallest_posts, progress=step, **asked)
    say_what_else(found.findings, read)
    _write_reports(found, html, pdf)
    _answer(found, json_=json_, csv_=csv_)


def _write_reports(found: Any, html: Path | None, pdf: Path | None) -> None:
    if html is None and pdf is None:
        return
    from careload.measure.report import write_html, write_pdf

    for path, write in ((html, write_html), (pdf, write_pdf)):
        if path is not None:
            with progress_bar("writing the report"):
                write(found, path)
            say(f"Report written to {path}.")


def _answer(found: Any, *, json_: bool, csv_: bool) -> None:
    if json_:
        print_json(found.as_json())
    elif csv_:
        sys.stdout.write(found.as_csv())
    else:
        from careload.measure.report import summary

        print_rich(summary(found))
