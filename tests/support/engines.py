"""The same canonical rows on every engine: each function writes them and returns what `careload.read` takes.

    rows = {"appointments": [{"patient": "p1", ...}], "episodes": [...]}
    careload.read(in_postgres(rows, postgres))

Only columns that some row has are written, as a real source would have them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from careload.clinic import TABLES
from tests.support.records import Rows, arrow_table

AllRows = Mapping[str, Rows]

POSTGRES_TYPES = {
    "id": "text", "text": "text", "choice": "text", "timestamp": "timestamp", "date": "date",
    "int": "bigint", "float": "double precision", "bool": "boolean",
}

def supplied(name: str, rows: Rows) -> list[str]:
    """Columns of table `name` that some row has, in canonical order."""
    given = {column for row in rows for column in row}
    return [column for column in TABLES[name].names if column in given]


def arrow(rows: AllRows) -> dict[str, pa.Table]:
    """Table name to Arrow table of the supplied columns."""
    return {name: arrow_table(name, table).select(supplied(name, table)) for name, table in rows.items()}


def in_csv(rows: AllRows, folder: Path) -> str:
    """A folder of CSV files."""
    for name, table in arrow(rows).items():
        pyarrow.csv.write_csv(table, folder / f"{name}.csv")
    return str(folder)


def in_parquet(rows: AllRows, folder: Path) -> str:
    """A folder of Parquet files."""
    for name, table in arrow(rows).items():
        pyarrow.parquet.write_table(table, folder / f"{name}.parquet")
    return str(folder)


def in_duckdb(rows: AllRows, folder: Path) -> str:
    """URL of a DuckDB file."""
    import duckdb

    with duckdb.connect(str(folder / "clinic.duckdb")) as connection:
        for name, table in arrow(rows).items():
            connection.register("given", table)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
            connection.unregister("given")
    return f"duckdb:///{folder}/clinic.duckdb"


def in_postgres(rows: AllRows, postgres: Any, *, schema: str = "public", database: str | None = None) -> str:
    """URL of a new database of the server `postgres`, or of `database`."""
    import psycopg

    url = database or postgres.database()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")  # type: ignore[arg-type]
        for name, table in rows.items():
            columns = supplied(name, table)
            kinds = [f'"{column}" {POSTGRES_TYPES[TABLES[name].column(column).kind]}' for column in columns]
            cursor.execute(f"CREATE TABLE {schema}.{name} ({', '.join(kinds)})")  # type: ignore[arg-type]
            with cursor.copy(f"COPY {schema}.{name} FROM STDIN") as copy:  # type: ignore[arg-type]
                for row in table:
                    copy.write_row([row.get(column) for column in columns])
    return url


def in_postgres_sorted_by_language(rows: AllRows, postgres: Any) -> str:
    """The same, in a database that sorts text as people do (ICU) instead of by bytes."""
    name = f"icu_{next(postgres.numbers)}"
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'")
    return in_postgres(rows, postgres, database=postgres.url(name))


def in_spark(rows: AllRows, spark: Any, folder: Path) -> str:
    """URL of the running session, which then has a temporary view for each table and no other."""
    for view in spark.catalog.listTables():
        spark.catalog.dropTempView(view.name)
    in_parquet(rows, folder)
    for name in rows:  # rows handed over from Python would pass through a Python worker at every question
        spark.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
    return "pyspark://"
