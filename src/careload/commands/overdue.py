"""`careload overdue`: who of one's own patients is overdue?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from careload.clinic import plural
from careload.commands.shared import (
    AsOf,
    Mapping,
    Source,
    as_day,
    check_places,
    progress_bar,
    read_records,
    say,
    say_what_else,
)


def overdue_command(
    records: Source,
    clinician: Annotated[str, typer.Option(help="Id of the clinician who treats them, as in the records.")],
    to: Annotated[Path, typer.Option(help="File for the list; only you can read it.")],
    mapping: Mapping = None,
    as_of: AsOf = None,
) -> None:
    """Who of one's own patients is overdue? The only list with ids, for those who treat them."""
    day = as_day(as_of)
    check_places((to,), (records, mapping))
    read = read_records(records, mapping, None, None)
    from careload.measure import noticed, write_overdue

    with progress_bar("measuring"):
        number = write_overdue(read, clinician, to, as_of=day)
    say_what_else(noticed(read, day), read)
    say(f"{number:,} {plural(number, 'patients')} overdue, written to {to} (readable by you alone).")
    if not read.has("episodes.closed_on"):
        say("The records do not say whose care has ended: people who have finished may be on the list.")
