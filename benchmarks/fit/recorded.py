"""What a service would have recorded, in memory: as records that were read and accepted."""

from __future__ import annotations

import ibis

from careload.clinic import Service
from careload.history import Records, RowCounts
from careload.simulate import as_records, run_logged


def recorded(service: Service, months: int, seed: int) -> Records:
    """The records of one run of so many months."""
    tables = as_records(run_logged(service, months / 12, seed), service)
    backend = ibis.duckdb.connect()
    made = {name: backend.create_table(name, table) for name, table in tables.items()}
    supplied = {
        name: frozenset(column for column in table.column_names if table[column].null_count < len(table))
        for name, table in tables.items()
    }
    counts = {name: RowCounts(len(table), len(table)) for name, table in tables.items()}
    return Records(service.name, made, supplied, counts, (), backend)
