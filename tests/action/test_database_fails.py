"""A database that is not there, refuses, or goes away: told in three parts, without password or cell."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.engines import in_duckdb, in_postgres, in_spark
from tests.support.made_rows import made_rows

from careload.clinic import CareloadError, SourceUnreachable, UnreadableRecords, UsageError
from careload.history import read
from careload.history.database import fetch, open_database, query_errors

VISITS = {"appointments": made_rows(5, patients=10, clinicians=3)["appointments"]}
SECRET = "s3cret-pw"


def told(kind: type[CareloadError], attempt: Callable[[], object]) -> CareloadError:
    """The error of `attempt`: of this kind, in three parts, and with no secret even in its traceback."""
    with pytest.raises(kind) as caught:
        attempt()
    error = caught.value
    assert type(error) is kind
    assert error.found
    assert error.expected
    assert error.remedy
    shown = "".join(traceback.format_exception(error))
    assert SECRET not in shown
    assert "direct cause" not in shown
    return error


def asked(table: Any, label: str = "The database") -> Any:
    """What `table` holds, as the code asks it: with errors told in our own words."""
    with query_errors(label):
        return fetch(table)


# Opening


@pytest.mark.parametrize(
    ("url", "kind", "words"),
    [
        ("mysql://host/db", UsageError, "mysql://"),
        ("postgresq://host/db", UsageError, "Did you mean 'postgresql'?"),
        (f"postgresql://me:{SECRET}%zz@host/db", UsageError, "cannot be read"),
        (f"postgresql://me:{SECRET}@host/db?colour=red", UsageError, "cannot be read"),
        (f"postgresql://me:{SECRET}@127.0.0.1:1/db", SourceUnreachable, "127.0.0.1:1 does not answer"),
        (f"postgresql://me:{SECRET}@nowhere.invalid/db", SourceUnreachable, "nowhere.invalid"),
        (f"postgresql://me:{SECRET}/x@127.0.0.1:1/db", CareloadError, ""),
        ("duckdb:///nowhere.duckdb", SourceUnreachable, "nowhere.duckdb"),
        ("pyspark:///nowhere-at-all", SourceUnreachable, "nowhere-at-all"),
    ],
)
def test_an_address_that_leads_nowhere(url: str, kind: type[CareloadError], words: str) -> None:
    with pytest.raises(kind) as caught:
        open_database(url)
    assert words in str(caught.value)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert caught.value.exit_code in (2, 5)


def test_a_password_with_a_raw_slash_is_not_taken_for_the_host() -> None:
    with pytest.raises(CareloadError) as caught:
        open_database("postgresql://me:geheim/nis@127.0.0.1/db")
    assert "geheim" not in str(caught.value)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_server_that_never_answers(silent_port: int) -> None:
    from careload.history.database.postgresql import PARAMETERS

    started = time.monotonic()
    url = f"postgresql://me:{SECRET}@127.0.0.1:{silent_port}/db?connect_timeout=2"
    error = told(SourceUnreachable, lambda: open_database(url))

    assert time.monotonic() - started < 10
    assert "does not answer" in error.found
    assert PARAMETERS["connect_timeout"] == 10


def test_a_wrong_password(postgres: Any) -> None:
    postgres.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guarded') THEN "
        "CREATE ROLE guarded LOGIN PASSWORD 'right'; END IF; END $$"
    )
    server = f"127.0.0.1:{postgres.port}/postgres"
    error = told(SourceUnreachable, lambda: open_database(f"postgresql://guarded:{SECRET}@{server}"))
    assert "refused the user name or the password" in error.found
    error = told(SourceUnreachable, lambda: open_database(f"postgresql://guarded@{server}"))
    assert "PGPASSWORD" in error.expected
    assert open_database(f"postgresql://guarded:right@{server}").label == "PostgreSQL database postgres"


def test_a_database_that_is_not_there(postgres: Any) -> None:
    error = told(SourceUnreachable, lambda: open_database(postgres.url("no_such_clinic")))
    assert "no such database" in error.found


@pytest.mark.parametrize(
    ("module", "url", "extra"),
    [("psycopg", f"postgresql://me:{SECRET}@host/db", "postgres"), ("pyspark.sql", "pyspark://", "spark")],
)
def test_an_extra_that_is_not_installed(module: str, url: str, extra: str, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    error = told(SourceUnreachable, lambda: open_database(url))
    assert f"pip install '.[{extra}]'" in error.remedy


def test_a_duckdb_file_that_somebody_writes_to(tmp_path: Path) -> None:
    url = in_duckdb(VISITS, tmp_path)
    program = "import duckdb, sys; c = duckdb.connect('clinic.duckdb'); print('open', flush=True); input()"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        error = told(SourceUnreachable, lambda: open_database(url))
        writer.communicate(b"\n")
    assert "open for writing" in error.found


@pytest.mark.parametrize("kept", [0, 5000])
def test_a_duckdb_file_that_is_none_or_half_one(kept: int, tmp_path: Path) -> None:
    url = in_duckdb(VISITS, tmp_path)
    path = tmp_path / "clinic.duckdb"
    path.write_bytes(path.read_bytes()[:kept])
    error = told(UnreadableRecords, lambda: open_database(url))
    assert str(tmp_path) not in str(error)


# Asking


def test_a_table_that_this_account_may_not_read(postgres: Any) -> None:
    url = in_postgres(VISITS, postgres)
    role = f"nobody_{next(postgres.numbers)}"
    postgres.execute(f"CREATE ROLE {role} LOGIN", url=url)
    error = told(SourceUnreachable, lambda: read(postgres.url(url.rpartition("/")[2], role)))
    assert "does not let this account read the table appointments" in error.found
    assert error.exit_code == 5


def test_a_right_that_is_taken_back_meanwhile(postgres: Any) -> None:
    url = in_postgres(VISITS, postgres)
    role = f"guest_{next(postgres.numbers)}"
    postgres.execute(f"CREATE ROLE {role} LOGIN", f"GRANT SELECT ON appointments TO {role}", url=url)
    table = open_database(postgres.url(url.rpartition("/")[2], role)).raws["appointments"].table
    postgres.execute(f"REVOKE SELECT ON appointments FROM {role}", url=url)
    error = told(SourceUnreachable, lambda: asked(table.aggregate(n=table.count())))
    assert "the right to SELECT" in error.expected


def asleep(source: Any) -> Any:
    """A question that takes half a minute."""
    return source.backend.sql("SELECT pg_sleep(30)::text AS woke", schema={"woke": "string"})


def test_a_server_that_goes_away_in_the_middle_of_a_question(postgres: Any) -> None:
    source = open_database(postgres.database())
    backend = source.backend.con.info.backend_pid
    end = threading.Timer(1.0, postgres.execute, [f"SELECT pg_terminate_backend({backend})"])
    end.start()
    error = told(SourceUnreachable, lambda: asked(asleep(source), source.label))
    end.join()
    assert error.found == f"{source.label} went away while it was being asked."
    # and so it is told by whoever asks next
    assert "went away" in told(SourceUnreachable, lambda: asked(asleep(source), source.label)).found


def test_a_question_that_takes_longer_than_the_database_allows(postgres: Any) -> None:
    source = open_database(f"{postgres.database()}?options=-cstatement_timeout%3D300")
    error = told(SourceUnreachable, lambda: asked(asleep(source)))
    assert "longer than the database allows" in error.found


def test_a_cell_that_the_database_cannot_read_is_not_quoted(postgres: Any) -> None:
    source = open_database(in_postgres(VISITS, postgres))
    table = source.raws["appointments"].table
    error = told(SourceUnreachable, lambda: asked(table.mutate(patient=table.patient.cast("int64"))))
    assert VISITS["appointments"][0]["patient"] not in str(error)


def test_spark_refusals_are_told_without_cells(spark: Any, tmp_path: Path, capfd: Any) -> None:
    url = in_spark(VISITS, spark, tmp_path)
    source = open_database(url)
    table = source.raws["appointments"].table
    spark.sparkContext.setLogLevel("OFF")  # the executors' own log is the cluster's affair
    try:
        error = told(SourceUnreachable, lambda: asked(table.mutate(patient=table.patient.cast("int64"))))
        patient = VISITS["appointments"][0]["patient"]
        assert patient not in str(error)
        (tmp_path / "appointments.parquet").unlink()
        gone = told(SourceUnreachable, lambda: asked(table.aggregate(n=table.patient.nunique())))
    finally:
        spark.sparkContext.setLogLevel("ERROR")
    assert "Spark" in str(gone) or "database" in str(gone)
    assert patient not in capfd.readouterr().err


def test_our_own_mistakes_are_not_taken_for_the_database_s() -> None:
    with pytest.raises(ZeroDivisionError), query_errors("The database"):
        raise ZeroDivisionError
