"""`careload check`: what is wrong with these records?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from careload.commands.shared import (
    KeyFile,
    Mapping,
    Source,
    check_places,
    print_json,
    print_rich,
    read_records,
)


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
    check_places((set_aside,), (records, mapping, key_file))
    from careload.history import check, require_acceptable
    from careload.measure.report import findings_table

    # Errors are said where the answer does not show them.
    read = read_records(records, mapping, key_file, set_aside, by=check, say_errors=json_)
    if json_:
        from careload.measure import records_json

        print_json(records_json(read.counts, read.resources, read.findings))
    else:
        print_rich(findings_table(read.counts, read.findings))
    require_acceptable(read)
    if any(finding.severity == "error" for finding in read.findings):
        raise typer.Exit(1)
