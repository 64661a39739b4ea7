"""The bundled example: a fictional two-site clinic whose truth is known.

About 40 clinicians, 4,000 patients, two years. Intake is protected and on time;
patients wait six to eight weeks for their clinician's next free return slot.
A simulator will make it later; until then everything about it is in this folder:
`people.py` (words and numbers), `day.py` (what happens in a day),
`book.py` and `team.py` (how it is booked, who books), `truth.py` (what is true),
`extract.py` (what the records show of it). `on_time.py` is the opposite: a small
service in which nobody waits.
"""

from __future__ import annotations

import os
from pathlib import Path

from careload.clinic import TABLES, UsageError
from careload.history.example.day import run
from careload.history.example.extract import tables, write_tables, write_truth
from careload.history.example.on_time import on_time_service
from careload.history.example.people import AS_OF, FIRST, day_of
from careload.history.example.truth import Truth

__all__ = ["Truth", "on_time_service", "write_example"]


def write_example(folder: str | os.PathLike[str], seed: int = 1) -> Truth:
    """Write the example clinic's records (one CSV a table) and `_truth.json` into `folder`.

    folder  made if it is not there; an earlier example in it is written over
    seed    same seed, same bytes
    Returns what is true of the records, counted while they were made. Raises UsageError when the
    folder holds records that are no example.
    """
    _refuse_other_records(Path(folder))
    clinic, target = run(seed), Path(folder)
    rows = {name: list(table) for name, table in tables(clinic).items()}
    at_end = [p for p in clinic.patients if p.episode_opened is not None and p.episode_opened <= AS_OF]
    at_end = [p for p in at_end if p.episode_closed is None or p.episode_closed > AS_OF]
    waiting_list = {row[1] for row in rows["appointments"] if row[11] == "booked"}
    truth = clinic.tally.truth(
        as_of=day_of(AS_OF).isoformat(), patients=len(rows["patients"]), clinicians=len(rows["clinicians"]),
        leavers=sum(c.left is not None and FIRST <= c.left <= AS_OF for c in clinic.clinicians),
        in_care=len(at_end), unbooked=sum(p.id not in waiting_list for p in at_end),
    )
    write_tables(target, rows)
    write_truth(target, truth)
    return truth


def _refuse_other_records(folder: Path) -> None:
    theirs = [name for name in TABLES if (folder / f"{name}.csv").exists()]
    if theirs and not (folder / "_truth.json").exists():
        raise UsageError(
            f"{folder.name} holds {theirs[0]}.csv, which is not of an example.",
            "a new or empty folder, or one with an earlier example",
            "Name another folder; nothing has been written.",
        )
