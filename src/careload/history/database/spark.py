"""Spark tables, asked through a copy of the session that is there, or through a local one."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from careload.clinic import SourceUnreachable
from careload.history.database.catalogue import Catalogue, Place, by_name
from careload.history.database.errors import query_errors
from careload.history.source import OpenSource

LABEL = "Spark"

# Where one of these is set, Spark has its own configuration and nothing is added to it.
CONFIGURED = ("SPARK_CONF_DIR", "SPARK_HOME", "SPARK_REMOTE", "MASTER", "PYSPARK_SUBMIT_ARGS")
LOCAL = {
    "spark.master": "local[*]", "spark.app.name": "careload", "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false", "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1", "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "8",
}


def open_spark(url: str) -> OpenSource:
    """Open ``pyspark://``, the current database of the running session, or ``pyspark:///folder`` of Parquet.

    Without a running session one is started by Spark's own configuration (SPARK_CONF_DIR, SPARK_REMOTE …),
    else on this machine. Settings, views and tables of a running session are not touched: a copy is used.
    In a folder each Parquet file, and each folder of Parquet files, is one table.

    Raises `SourceUnreachable` when there is no Java, no server, no folder, or the extra is not installed.
    """
    sql = _driver()
    folder = _folder(url)
    session = _session(sql)
    with query_errors(LABEL):
        clock = session.conf.get("spark.sql.session.timeZone")
        places = _parquet(session, folder) if folder else _tables(session)
        backend = ibis.pyspark.connect(session)  # sets the session's time zone to UTC

    def look(place: Place) -> ir.Table:
        with query_errors(LABEL):
            table = backend.table(place.name, database=place.schema or None)
            return _on_the_clock(table, _zoned(session, place), clock)

    label = folder.name if folder else LABEL
    return OpenSource(label, backend, Catalogue(by_name(places), look, label), can_store=False)


def _driver() -> Any:
    try:
        return importlib.import_module("pyspark.sql")
    except ImportError:
        raise SourceUnreachable(
            "Reading from Spark needs pyspark, which is not installed.",
            "Careload with its extra for Spark", "Run in Careload's folder: pip install '.[spark]'",
        ) from None


def _session(sql: Any) -> Any:
    """A copy of the running session, or a new one of ours."""
    _quiet()
    running = sql.SparkSession.getActiveSession()
    if running is not None:
        inner = getattr(running, "_jsparkSession", None)  # Spark Connect has none and cannot be copied
        return running if inner is None else sql.SparkSession(running.sparkContext, inner.cloneSession())
    try:
        return _started(sql)
    except Exception as error:
        raise _not_started(error) from None


def _quiet() -> None:
    """Keep what pyspark logs of a failed query to ourselves: it may quote a cell, and ends in a traceback."""
    logging.getLogger("SQLQueryContextLogger").disabled = True
    logging.getLogger().addFilter(_not_py4j)


def _not_py4j(record: logging.LogRecord) -> bool:
    return "py4j" not in record.pathname


def _started(sql: Any) -> Any:
    builder = sql.SparkSession.builder
    if any(name in os.environ for name in CONFIGURED):
        return builder.getOrCreate()
    for name, value in LOCAL.items():
        builder = builder.config(name, value)
    if Path("metastore_db").is_dir():  # the catalogue that a Hive-enabled Spark leaves where it was started
        builder = builder.enableHiveSupport()
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")  # its log may quote cells
    return session


def _not_started(error: Exception) -> SourceUnreachable:
    if "JAVA" in str(error).upper():
        return SourceUnreachable(
            "Spark cannot be started: no Java runtime answers.", "Java 17 or 21",
            "Install one (Debian: apt-get install openjdk-17-jre-headless) or set JAVA_HOME.",
        )
    return SourceUnreachable(
        f"Spark cannot be started or reached ({type(error).__name__}).",
        "a running session, or Spark's configuration in SPARK_CONF_DIR or SPARK_REMOTE",
        "Try `pyspark` by itself first; what stops it stops Careload too.",
    )


def _tables(session: Any) -> list[Place]:
    shown = session.sql("SHOW TABLES").collect()
    return [Place("" if row.isTemporary else row.namespace, row.tableName) for row in shown]


def _folder(url: str) -> Path | None:
    """The folder a URL names, seen from the working directory or else from the root; None without one."""
    written = unquote(urlsplit(url).netloc + urlsplit(url).path)
    if not written.strip("/"):
        return None
    for folder in (Path(written.removeprefix("/")), Path(written)):
        if folder.is_dir():
            return folder.resolve()
    raise SourceUnreachable(
        f"There is no folder {Path(written).name} for Spark to read.",
        "pyspark:// for the tables of a session, or pyspark:///folder of Parquet files",
        "Check the name and the working directory.",
    )


def _parquet(session: Any, folder: Path) -> list[Place]:
    """Each Parquet file or folder of them as a temporary view of our own session."""
    found = list(_parquet_of(folder))
    for path in found:
        session.read.parquet(str(path)).createOrReplaceTempView(path.stem)
    return [Place("", path.stem) for path in found]


def _parquet_of(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.iterdir()):
        if path.suffix == ".parquet" or (path.is_dir() and any(path.rglob("*.parquet"))):
            yield path


def _zoned(session: Any, place: Place) -> list[str]:
    """Columns of Spark's type TIMESTAMP: instants, which a session shows on the clock of its time zone."""
    name = f"`{place.schema}`.`{place.name}`" if place.schema else f"`{place.name}`"
    return [field.name for field in session.table(name).schema if field.dataType.typeName() == "timestamp"]


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def from_utc_timestamp(instant: dt.timestamp, zone: str) -> dt.timestamp:
    """Spark's own: the clock of `zone` at `instant`."""


def _on_the_clock(table: ir.Table, zoned: Iterable[str], clock: str) -> ir.Table:
    """`table` with its instants as the caller's session shows them; our copy of it runs on UTC."""
    if clock in ("UTC", "Etc/UTC", "Z"):
        return table
    return table.mutate(**{name: from_utc_timestamp(table[name], clock) for name in zoned})
