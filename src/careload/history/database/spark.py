"""Spark tables, asked through the session that is there or a local one."""

from __future__ import annotations

import importlib
from typing import Any

import ibis.expr.types as ir

from careload.clinic import SourceUnreachable
from careload.history.database.catalogue import Catalogue, Place, by_name
from careload.history.database.errors import query_errors
from careload.history.source import OpenSource

LABEL = "Spark"


def open_spark(url: str) -> OpenSource:
    """Open ``pyspark://``: tables and views of the current database of the running session.

    Without a running session one is started from Spark's own configuration (spark-defaults.conf,
    SPARK_REMOTE), else locally. Session settings of the caller are not touched: a copy of it is used.

    Raises `SourceUnreachable` when there is no Java or no server, or the extra is not installed.
    """
    session = _session(_driver())
    with query_errors(LABEL):
        import ibis

        backend = ibis.pyspark.connect(session)
        shown = session.sql("SHOW TABLES").collect()
    places = [Place(row.namespace, row.tableName) for row in shown]

    def look(place: Place) -> ir.Table:
        with query_errors(LABEL):
            return backend.table(place.name, database=place.schema or None)

    return OpenSource(LABEL, backend, Catalogue(by_name(places), look, LABEL), can_store=False)


def _driver() -> Any:
    try:
        return importlib.import_module("pyspark.sql")
    except ImportError:
        raise SourceUnreachable(
            "Reading from Spark needs pyspark, which is not installed.",
            "Careload with its extra for Spark", "Run: pip install 'careload[spark]'",
        ) from None


def _session(sql: Any) -> Any:
    return sql.SparkSession.builder.getOrCreate()
