"""What a service would have recorded, in memory: as records that were read and accepted."""

from __future__ import annotations

from collections.abc import Collection

import ibis

from careload.clinic import Service
from careload.history import Records, RowCounts
from careload.simulate import Run, as_records, run_logged

A_YEAR = 52


def recorded(
    service: Service, months: int, seed: int, *, without: Collection[str] = (), weeks_between: int = A_YEAR
) -> Records:
    """The records of one run of so many months.

    without        tables that were not kept
    weeks_between  from one staff survey to the next
    """
    return records_of(run_logged(service, months / 12, seed), service, without, weeks_between)


def records_of(
    ran: Run, service: Service, without: Collection[str] = (), weeks_between: int = A_YEAR
) -> Records:
    """The records of a run made with its log, likewise."""
    tables = as_records(ran, service, weeks_between_surveys=weeks_between, waiting_before=True)
    tables = {name: table for name, table in tables.items() if name not in without}
    backend = ibis.duckdb.connect()
    made = {name: backend.create_table(name, table) for name, table in tables.items()}
    supplied = {
        name: frozenset(column for column in table.column_names if table[column].null_count < len(table))
        for name, table in tables.items()
    }
    counts = {name: RowCounts(len(table), len(table)) for name, table in tables.items()}
    return Records(service.name, made, supplied, counts, (), backend)
