"""The bundled example: two years of the clinic in `examples/services/trap.toml`, with clerical detail."""

from __future__ import annotations

import os
from datetime import date

from careload.clinic import Service, read_service
from careload.simulate.plan import plan_of
from careload.simulate.run import Run, run
from careload.simulate.services import ready_service
from careload.simulate.written import as_records, story_of
from careload.simulate.written.clerical import with_clerical_detail
from careload.simulate.written.files import check_folder, write_folder
from careload.simulate.written.truth import Truth, truth_of

LAST_DAY = date(2025, 12, 31)


def write_example(folder: str | os.PathLike[str], seed: int = 1) -> Truth:
    """Write the example clinic's records (one CSV a table) and `_truth.json` into `folder`.

    folder  made if it is not there; an earlier example in it is written over
    seed    same seed, same bytes

    Returns what the simulator counted. Raises UsageError when the folder holds records that are no example.
    """
    target = check_folder(folder)
    made, service = example_run(seed)
    counted = truth_of(story_of(made, service))
    write_folder(target, with_clerical_detail(as_records(made, service)), counted)
    return counted


def example_run(seed: int = 1, more_days: int = 0) -> tuple[Run, Service]:
    """The run behind the example and its service; `more_days` go on after the last day of the records."""
    service = read_service(ready_service("trap"))
    days = (LAST_DAY - service["start"]["date"]).days + 1
    return run(plan_of(service, days + more_days), seed, logged=True), service
