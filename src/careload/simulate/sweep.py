"""Many scenarios of a service, each run many times: on any workers, and on again after a crash."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from careload.clinic import CareloadError, Estimate, Service, made_folder, write_whole
from careload.simulate.design import Values, scenarios
from careload.simulate.kernel.records import Numbers
from careload.simulate.many import estimates_of, last_day, length, prepare, run_batch
from careload.simulate.pool import Interrupted, Progress, spread
from careload.simulate.store import GROUPED_BY, Store, digest

BATCH = 10
"""Replications of a task and a file."""
AT_A_TIME = 256
"""Scenarios under way at once, so that workers find tasks and memory holds few."""


@dataclass(frozen=True)
class Scenario:
    """One scenario of a sweep with its estimates.

    place      its number, from 0
    values     what was varied
    estimates  of everybody and of each site, profession and need group
    """

    place: int
    values: Values
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True)
class Swept:
    """A sweep.

    scenarios  in the order of the design
    computed   runs made now
    found      runs found finished
    table      the estimates of all scenarios as Parquet; the same as CSV beside it
    """

    scenarios: tuple[Scenario, ...]
    computed: int
    found: int
    table: Path


@dataclass(frozen=True)
class Kept:
    """How far an interrupted sweep is: runs that are kept, of all."""

    done: int
    of: int


def sweep(
    service: Service, design: Sequence[Values], years: float = 5, replications: int = 20, seed: int = 1, *,
    out: str | os.PathLike[str], executor: Executor | None = None, progress: Progress | None = None,
) -> Swept:
    """Run every scenario of a design, and write a table of estimates.

    service       `read_service`
    design        what each scenario changes: `grid`, `latin`, or a list of one's own
    years         years counted
    replications  runs of each scenario; the same number is the same luck in all
    seed          same seed, same bytes, on any number of workers
    out           folder of what is finished and of the table; given again, nothing in it is run again
    executor      where the runs are made; None for the processors of this machine
    progress      told after each batch of runs: name, done, of

    Raises `CannotWrite` for a folder that cannot be written, `CareloadError` when a worker dies; interrupted,
    `Interrupted` with how far it is. What is finished by then is kept.
    """
    services, target = scenarios(service, design), Path(out)
    length(service, years, replications)
    stores = [_store(target, each, years, seed) for each in services]
    once = list({store.folder: store for store in stores}.values())
    done, whole, computed = 0, replications * len(once), 0
    try:
        for first in range(0, len(once), AT_A_TIME):
            some = once[first: first + AT_A_TIME]
            missing = [_missing(store, replications) for store in some]
            done += replications * len(some) - sum(map(len, missing))
            for ran in _run(some, missing, years, seed, executor):
                done, computed = done + ran, computed + ran
                if progress:
                    progress("scenarios", done, whole)
    except KeyboardInterrupt:
        raise Interrupted(Kept(done, whole)) from None
    except BrokenExecutor as error:
        raise CareloadError(
            f"A worker died after {done:,} of {whole:,} runs.", "workers that stay",
            "Run the same again: what is finished is kept. Fewer workers need less memory.",
        ) from error
    answers = tuple(
        Scenario(place, values, tuple(_estimates(store, replications, years)))
        for place, (values, store) in enumerate(zip(design, stores, strict=True))
    )
    return Swept(answers, computed, whole - computed, _write_tables(answers, target))


def run_values(
    service: Service, weeks: int, warm_up: int, seed: int, replications: Sequence[int]
) -> Numbers:
    """Every figure of every group in some replications, (run, group, figure): a task for a worker."""
    prepared = prepare(service, weeks, warm_up)
    return np.array([summary.figures for summary in run_batch(prepared, seed, replications)])


def _store(target: Path, service: Service, years: float, seed: int) -> Store:
    runs = made_folder(target) / "runs" / digest(service, *length(service, years)) / f"seed-{seed}"
    return Store(made_folder(runs), service)


def _missing(store: Store, replications: int) -> list[int]:
    there = store.found()
    return [each for each in range(replications) if each not in there]


def _run(
    stores: Sequence[Store], missing: Sequence[Sequence[int]], years: float, seed: int,
    executor: Executor | None,
) -> Iterator[int]:
    """Run what is missing, keep each batch as it comes; the number of runs of each."""
    pieces = [(store, batch) for store, wanted in zip(stores, missing, strict=True)
              for batch in _batches(wanted)]
    tasks = [(store.service, *length(store.service, years), seed, batch) for store, batch in pieces]
    with closing(spread(run_values, tasks, executor)) as results:
        for place, values in results:
            store, batch = pieces[place]
            store.keep(batch, values)
            yield len(batch)


def _batches(wanted: Sequence[int]) -> list[list[int]]:
    """Pieces of at most `BATCH` replications that follow one another."""
    found: list[list[int]] = []
    for each in wanted:
        if found and len(found[-1]) < BATCH and found[-1][-1] == each - 1:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _estimates(store: Store, replications: int, years: float) -> Iterator[Estimate]:
    there = store.found()
    values = np.array([there[each] for each in range(replications)])
    return estimates_of(store.service, values, last_day(store.service, years))


def _write_tables(answers: Sequence[Scenario], target: Path) -> Path:
    """table.parquet and table.csv: a row for each estimate, a column for all that is varied anywhere.

    A cell is empty where a scenario does not say that value: it has the service's own.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    varied = tuple(dict.fromkeys(key for scenario in answers for key in scenario.values))
    rows = [_row(scenario, each, varied) for scenario in answers for each in scenario.estimates]
    text, binary = io.StringIO(), io.BytesIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    pq.write_table(pa.table({name: [row[name] for row in rows] for name in rows[0]}), binary)
    write_whole(target / "table.csv", text.getvalue().encode())
    return write_whole(target / "table.parquet", binary.getvalue())


def _row(scenario: Scenario, each: Estimate, varied: Sequence[str]) -> Mapping[str, Any]:
    return {
        "scenario": scenario.place, **{key: _plain(scenario.values.get(key)) for key in varied},
        "measure": each.measure, "statistic": each.statistic,
        **{column: each.by.get(column) for column in GROUPED_BY},
        "value": each.value, "low": each.low, "high": each.high, "unit": each.unit, "n": each.n,
        "interval": each.interval, "note": each.note,
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
