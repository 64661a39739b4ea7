"""Records in a database are measured there: only SELECT is asked, and nothing is changed."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.engines import in_duckdb, in_parquet, in_postgres, in_postgres_sorted_by_language, in_spark
from tests.support.made_rows import made_rows

from careload.history import read
from careload.history.database import closed, fetch, open_database
from careload.measure import measure

ROWS = made_rows(5, patients=40, clinicians=4)
VISITS = {"appointments": ROWS["appointments"]}
ALL_TABLES = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
SOME = ("no_show", "return_interval", "overload")


def reader(postgres: Any, url: str, *grants: str) -> str:
    """URL for a new role that may do nothing but what `grants` say; the server logs what it asks."""
    role = f"reader_{next(postgres.numbers)}"
    named = [grant.format(role=role) for grant in grants]
    logged = f"ALTER ROLE {role} SET log_statement = 'all'"
    postgres.execute(f"CREATE ROLE {role} LOGIN", logged, *named, url=url)
    return url.replace("careload@", f"{role}@")


def asked(log: Path, since: int) -> list[str]:
    """The first two words of every statement in the server's log."""
    text = log.read_bytes()[since:].decode()
    return re.findall(r"LOG:  (?:statement|execute [^:]+): *(\w+(?:\s+\w+)?)", text)


def snapshot(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


# PostgreSQL


def test_a_role_that_may_only_select_suffices_and_nothing_but_select_is_asked(
    postgres: Any, tmp_path: Path
) -> None:
    url = in_postgres(ROWS, postgres)
    key = tmp_path / "key"
    key.write_text("a key that must stay here")
    since = postgres.log.stat().st_size

    records = read(reader(postgres, url, ALL_TABLES), key_file=key)
    found = measure(records, by=("site",), only=SOME)

    assert {each.measure for each in found.estimates} == set(SOME)
    statements = asked(postgres.log, since)
    settings = [each for each in statements if each.startswith("SET")]
    others = {each.split()[0] for each in statements} - {"SET"}
    assert statements.count("BEGIN READ") > 20  # each question in a transaction that can only read
    assert others <= {"SELECT", "WITH", "BEGIN", "COMMIT"}
    assert set(settings) <= {"SET TIMEZONE", "SET default_transaction_read_only", "SET cursor_tuple_fraction"}
    log = postgres.log.read_text()
    assert "a key that must stay here" not in log
    assert b"a key that must stay here".hex() not in log


def test_not_even_the_owner_can_write_in_the_session(postgres: Any) -> None:
    import psycopg

    source = open_database(in_postgres(VISITS, postgres))
    for statement in ("CREATE TABLE x (a int)", "DELETE FROM appointments", "CREATE SCHEMA s"):
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            source.backend.raw_sql(statement)


def test_some_columns_may_be_granted_and_others_not(postgres: Any) -> None:
    url = in_postgres(VISITS, postgres)
    grant = "GRANT SELECT (patient, starts_at, status) ON appointments TO {role}"
    raw = open_database(reader(postgres, url, grant)).raws["appointments"]

    patients = raw.table.aggregate(n=raw.table.patient.nunique())

    assert fetch(patients) == [{"n": len({row["patient"] for row in ROWS["appointments"]})}]


def test_tables_of_another_schema_are_named_with_it(postgres: Any) -> None:
    url = in_postgres(VISITS, postgres, schema="clinic")
    raws = open_database(url).raws

    assert "clinic.appointments" in raws
    assert "appointments" not in raws
    assert fetch(raws["Clinic.Appointments"].table.limit(1).select("status"))
    assert "appointments" in open_database(f"{url}?options=-csearch_path%3Dclinic").raws


def test_a_mapping_names_the_schema(postgres: Any, tmp_path: Path) -> None:
    url = in_postgres(VISITS, postgres, schema="clinic")
    mapping = tmp_path / "clinic.toml"
    columns = 'patient = "patient"\nstarts_at = "starts_at"\nstatus = "status"\n'

    for source in (url, in_postgres(VISITS, postgres)):
        schema = "clinic" if source == url else "public"
        table = f'[appointments]\nfrom = "{schema}.appointments"\n[appointments.columns]\n'
        mapping.write_text(table + columns)
        assert read(source, mapping).counts["appointments"].rows == len(ROWS["appointments"])


def test_text_is_compared_by_bytes_whatever_the_database_does(postgres: Any) -> None:
    source = open_database(in_postgres_sorted_by_language({"clinicians": ROWS["clinicians"]}, postgres))
    table = source.raws["clinicians"].table

    row = fetch(table.aggregate(first=table.site.min(), last=table.site.max()))[0]

    sites = [person["site"] for person in ROWS["clinicians"]]
    assert (row["first"], row["last"]) == (min(sites), max(sites))


def test_types_of_the_database_s_own_are_read_as_text(postgres: Any) -> None:
    url = postgres.database()
    postgres.execute(
        "CREATE TYPE fate AS ENUM ('completed', 'no_show')",
        "CREATE TABLE appointments (patient uuid, starts_at timestamptz, status fate, site char(9), "
        "minutes numeric, notes tsvector)",
        "INSERT INTO appointments VALUES ('0b1c0f3e-3a4f-4a4e-8d26-0d1c5c3a7b11', '2024-05-06 07:00+02', "
        "'no_show', 'North', 50, 'x')",
        url=url,
    )
    table = read(url).tables["appointments"]

    assert fetch(table.select("starts_at", "status", "site", "minutes")) == [
        {"starts_at": datetime(2024, 5, 6, 5), "status": "no_show", "site": "North", "minutes": 50.0}
    ]


def test_a_finished_question_gives_the_same_rows(postgres: Any) -> None:
    raw = open_database(in_postgres(VISITS, postgres)).raws["appointments"].table
    counted = raw.group_by("status").aggregate(n=raw.count())

    def rows(table: Any) -> list[tuple[str, int]]:
        return sorted((row["status"], row["n"]) for row in fetch(table))

    assert rows(closed(counted)) == rows(counted)


# A DuckDB file


def test_a_duckdb_file_is_never_touched(tmp_path: Path) -> None:
    url = in_duckdb(ROWS, tmp_path)
    before = snapshot(tmp_path)

    assert measure(read(url), only=SOME).estimates

    assert snapshot(tmp_path) == before


def test_what_a_crashed_writer_left_beside_a_duckdb_file_is_read_and_left(tmp_path: Path) -> None:
    writer = (
        "import duckdb, os; c = duckdb.connect('clinic.duckdb'); c.execute('CREATE TABLE visits (n int)');"
        "c.execute('CHECKPOINT'); c.execute('INSERT INTO visits VALUES (7)'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", writer], cwd=tmp_path, check=True)
    before = snapshot(tmp_path)
    assert "clinic.duckdb.wal" in before

    source = open_database(f"duckdb:///{tmp_path}/clinic.duckdb")

    assert fetch(source.raws["visits"].table) == [{"n": 7}]
    assert snapshot(tmp_path) == before


def test_views_of_a_duckdb_file_find_their_tables(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "clinic.duckdb")) as connection:
        connection.execute("CREATE SCHEMA shown; CREATE TABLE visits AS SELECT 1 AS n")
        connection.execute("CREATE VIEW shown.later AS SELECT n + 1 AS n FROM visits")
    raws = open_database(f"duckdb:///{tmp_path}/clinic.duckdb").raws

    assert sorted(raws) == ["shown.later", "visits"]
    assert fetch(raws["shown.later"].table) == [{"n": 2}]
    assert fetch(raws["main.visits"].table) == [{"n": 1}]


def test_three_slashes_are_seen_from_the_working_directory(tmp_path: Path, monkeypatch: Any) -> None:
    in_duckdb(VISITS, tmp_path)
    monkeypatch.chdir(tmp_path)

    for url in ("duckdb:///clinic.duckdb", "duckdb://clinic.duckdb", f"duckdb:///{tmp_path}/clinic.duckdb"):
        assert list(open_database(url).raws) == ["appointments"]


# Spark


def test_spark_is_asked_through_a_copy_of_the_session(spark: Any, tmp_path: Path) -> None:
    url = in_spark(VISITS, spark, tmp_path)
    spark.conf.set("spark.sql.session.timeZone", "America/Sao_Paulo")
    try:
        spark.sql(
            "SELECT timestamp '2024-07-01 09:00:00' AS instant, timestamp_ntz '2024-07-01 09:00:00' AS clock"
        ).createOrReplaceTempView("stamps")
        source = open_database(url)
        row = fetch(source.raws["stamps"].table)[0]
    finally:
        zone = spark.conf.get("spark.sql.session.timeZone")
        spark.conf.set("spark.sql.session.timeZone", "UTC")

    assert {"appointments", "stamps"} <= set(source.raws)  # and what other tests left in the session
    assert row == {"instant": datetime(2024, 7, 1, 9), "clock": datetime(2024, 7, 1, 9)}
    assert zone == "America/Sao_Paulo"


def test_spark_reads_a_folder_of_parquet_and_leaves_the_session_s_views(spark: Any, tmp_path: Path) -> None:
    in_parquet(VISITS, tmp_path)
    before = [view.name for view in spark.catalog.listTables()]

    source = open_database(f"pyspark:///{tmp_path}")

    table = source.raws["appointments"].table
    assert fetch(table.aggregate(n=table.count())) == [{"n": len(ROWS["appointments"])}]
    assert [view.name for view in spark.catalog.listTables()] == before


def test_counts_are_numbers_on_spark_too(spark: Any, tmp_path: Path) -> None:
    table = open_database(in_spark(VISITS, spark, tmp_path)).raws["appointments"].table

    none = table.filter(table.status == "nobody writes this")

    assert fetch(none.aggregate(n=none.count(where=none.minutes > 1))) == [{"n": 0}]


# All


def test_only_the_table_asked_for_is_looked_up(postgres: Any) -> None:
    url = in_postgres(ROWS, postgres)
    since = postgres.log.stat().st_size

    open_database(reader(postgres, url, ALL_TABLES))

    assert len(asked(postgres.log, since)) < 10
    assert os.environ.get("PGPASSWORD") is None
