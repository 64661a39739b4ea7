"""`careload own`: what do my own patients get, what do I carry?"""

from __future__ import annotations

from typing import Annotated

import typer

from careload.commands.shared import (
    AsOf,
    KeyFile,
    Mapping,
    Source,
    as_day,
    check_asked,
    print_json,
    print_rich,
    progress_bar,
    read_records,
    say_what_else,
    words,
)


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
    day = as_day(as_of)
    check_asked(only=words(only))
    read = read_records(records, mapping, key_file, None)
    from careload.measure import measure_own

    with progress_bar("measuring"):
        found = measure_own(read, clinician, as_of=day, only=words(only))
    say_what_else(found.findings, read)
    if json_:
        print_json(found.as_json())
    else:
        from careload.measure.report import own_summary

        print_rich(own_summary(found))
