"""The same mapping on DuckDB, PostgreSQL and Spark: text columns of a database are read alike."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import ibis
import pytest
from tests.support.raws import cells

from careload.history.mapping import parse_mapping
from careload.history.shape import shape
from careload.history.source import Raw

MAPPING = parse_mapping("""
    [source]
    date_order = "dmy"
    time_zone = "America/Los_Angeles"
    empty = ["NA"]
    [appointments]
    from = "visits"
    join = [{ from = "episodes", on = { org = "org", episode = "episode" } }]
    only = { row = ["1", "2", "3", "4", "5", "6"] }
    [appointments.columns]
    appointment = { columns = ["org", "row"], separator = ":" }
    patient = "client"
    starts_at = "start"
    booked_at = { columns = ["day", "time"] }
    requested_at = { column = "asked", format = "%d%m%Y" }
    first_offered_at = { column = "offered", format = ["%m/%d/%y %I:%M %p", "%d-%b-%Y"] }
    status = { column = "outcome", words = { Yes = "no_show", No = "completed", "?" = "" } }
    kind = { cases = [{ when = { people = "2" }, value = "group" }], otherwise = "return" }
    minutes = { column = "length", unit = "h:mm" }
    prescribed_interval_days = { column = "weeks", unit = "weeks" }
    offer_declined = "declined"
    modality = { constant = "phone" }
    [patients]
    from = "visits"
    columns = { patient = "org", birth_year = { column = "born", part = "year" } }
""")

VISITS: list[dict[str, str | None]] = [
    {"start": "2024-03-01T23:30:00Z", "day": "01/02/2024", "time": "9:05", "asked": "9032016",
     "offered": "3/9/16 12:05 AM", "outcome": "YES ", "people": "2", "length": "1:30", "weeks": "2",
     "declined": "Yes", "born": "29/02/1984", "episode": "1"},
    {"start": "1/7/2024 23:30:15.25+0530", "day": "01/02/2024", "time": None, "asked": "29022015",
     "offered": "09-mar-2016", "outcome": " no", "people": "1", "length": "0:75", "weeks": "1.5",
     "declined": "0", "born": "1984-02-30", "episode": "2"},
    {"start": "2024-11-03 01:30", "day": "NA", "time": "9:05", "asked": "31122016", "offered": "9 Mar 2016",
     "outcome": "perhaps", "people": None, "length": "x", "weeks": "1e3", "declined": "maybe",
     "born": "epoch", "episode": "3"},
    {"start": "31/04/2024", "day": "31.01.2024", "time": "24:00", "asked": "", "offered": " ", "outcome": "?",
     "people": "", "length": "NA", "weeks": "", "declined": "", "born": "0001-01-01", "episode": "9"},
    {"start": "infinity", "day": "1/1/2024", "time": "9:05:07", "asked": "99999999",
     "offered": "12/31/69 1:00 p.m.", "outcome": None, "people": " 2", "length": "12:00",
     "weeks": "+2.", "declined": "T", "born": "2000/2/29", "episode": None},
    {},
    {"start": "2024-03-01"},
]
EPISODES = [("A", "1", "p1"), ("A", "1", "p1"), ("A", "2", "p2"), ("A", "3", "p3"), ("A", "3", "p4"),
            ("B", "9", "p5")]

EXPECTED = {
    "appointment": ["A:1", "A:2", "A:3", "A:4", "A:5", "A:6"],
    "patient": ["p1", "p2", None, None, None, None],
    "starts_at": [datetime(2024, 3, 1, 15, 30), datetime(2024, 7, 1, 11, 0, 15), datetime(2024, 11, 3, 1, 30),
                  "?", "?", None],
    "booked_at": [datetime(2024, 2, 1, 9, 5), datetime(2024, 2, 1), None, "?", datetime(2024, 1, 1, 9, 5, 7),
                  None],
    "requested_at": [datetime(2016, 3, 9), "?", datetime(2016, 12, 31), None, "?", None],
    "first_offered_at": [datetime(2016, 3, 9, 0, 5), datetime(2016, 3, 9), "?", None,
                         datetime(1969, 12, 31, 13), None],
    "status": ["no_show", "completed", "?", None, None, None],
    "kind": ["group", "return", None, None, "group", None],
    "minutes": [90.0, "?", "?", None, 720.0, None],
    "prescribed_interval_days": [14, "?", "?", None, 14, None],
    "offer_declined": [True, False, "?", None, True, None],
    "modality": ["phone"] * 6,
}
BORN = [1984, "?", "?", "?", 2000, None, None]


def rows() -> list[dict[str, str | None]]:
    names = dict.fromkeys(VISITS[0])
    numbered = enumerate(VISITS, start=1)
    return [{**names, **visit, "org": "A", "row": str(number)} for number, visit in numbered]


def check(connection: Any) -> None:
    made = shape({name: Raw(name, connection.table(name), name) for name in ("visits", "episodes")}, MAPPING)
    visits = made["appointments"]
    assert {name: by_id(visits.table, name) for name in EXPECTED} == EXPECTED
    assert sorted(map(str, by_id(made["patients"].table, "birth_year", None))) == sorted(map(str, BORN))
    assert [found.code for found in visits.findings] == ["ambiguous-join"]


def by_id(table: Any, column: str, key: str | None = "appointment") -> list[Any]:
    """As `cells`, for tables without row numbers."""
    bad = f"_bad_{column}"
    there = bad in table.columns
    if key:
        table = table.order_by(key)
    made = table.select(column, *([bad] if there else [])).to_pyarrow().to_pylist()
    return ["?" if row.get(bad) else row[column] for row in made]


@pytest.mark.slow
def test_duckdb_by_the_portable_definition_too(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = ibis.duckdb.connect()
    connection.create_table("visits", ibis.memtable(rows(), schema=dict.fromkeys(rows()[0], "string")))
    connection.create_table("episodes", ibis.memtable(
        [dict(zip(("org", "episode", "client"), row, strict=True)) for row in EPISODES]))
    check(connection)
    monkeypatch.setattr("careload.history.shape.engine_of", lambda table: "")
    check(connection)


@pytest.mark.postgres
def test_postgres(postgres: Any) -> None:
    import psycopg

    url = postgres.database()
    names = list(rows()[0])
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE visits ({', '.join(f'{name} text' for name in names)})")  # type: ignore[arg-type]
        cursor.execute("CREATE TABLE episodes (org text, episode text, client text)")
        for table, values in (("visits", [tuple(row.values()) for row in rows()]), ("episodes", EPISODES)):
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[arg-type]
                for value in values:
                    copy.write_row(value)
    check(ibis.connect(url))


@pytest.mark.postgres
def test_postgres_keeps_times_with_a_zone(postgres: Any) -> None:
    """`timestamptz` is an instant: it is turned into the zone of the site, or told to be in UTC."""
    url = postgres.database()
    postgres.execute(
        "CREATE TABLE appointments (patient bigint, starts_at timestamptz, status text, booked_at date)",
        "INSERT INTO appointments VALUES (7, '2024-03-01 23:30:00+00', 'completed', '2024-02-01')",
        f"ALTER DATABASE {url.rsplit('/', 1)[1]} SET timezone = 'Asia/Tokyo'",
        url=url,
    )
    raws = {"appointments": Raw("appointments", ibis.connect(url).table("appointments"), "appointments")}
    plain = shape(raws)["appointments"]
    assert by_id(plain.table, "starts_at") == [datetime(2024, 3, 1, 23, 30)]
    assert [found.code for found in plain.findings] == ["zone-not-stated"]
    local = shape(raws, parse_mapping('source.time_zone = "America/Los_Angeles"'))["appointments"]
    assert by_id(local.table, "starts_at") == [datetime(2024, 3, 1, 15, 30)]
    assert by_id(local.table, "booked_at") == [datetime(2024, 2, 1)]
    assert by_id(local.table, "patient") == ["7"]
    assert local.findings == ()


@pytest.mark.spark
def test_spark(spark: Any) -> None:
    visits = ", ".join(f"{name} string" for name in rows()[0])
    episodes = "org string, episode string, client string"
    spark.createDataFrame([tuple(row.values()) for row in rows()], visits).createOrReplaceTempView("visits")
    spark.createDataFrame(EPISODES, episodes).createOrReplaceTempView("episodes")
    try:
        check(ibis.pyspark.connect(spark))
    finally:
        for name in ("visits", "episodes"):
            spark.catalog.dropTempView(name)


@pytest.mark.spark
def test_spark_typed_columns(spark: Any) -> None:
    moment = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
    schema = "patient bigint, starts_at timestamp, booked_at date, status string, minutes double"
    values = [(7, moment, date(2024, 2, 1), "No show", 50.0), (8, None, None, "completed", float("nan"))]
    spark.createDataFrame(values, schema).createOrReplaceTempView("appointments")
    try:
        raws = {"appointments": Raw("appointments", ibis.pyspark.connect(spark).table("appointments"), "a")}
        made = shape(raws)["appointments"].table
        assert by_id(made, "patient", "patient") == ["7", "8"]
        assert by_id(made, "starts_at", "patient") == [datetime(2024, 3, 1, 9, 30), None]
        assert by_id(made, "booked_at", "patient") == [datetime(2024, 2, 1), None]
        assert by_id(made, "status", "patient") == ["no_show", "completed"]
        assert by_id(made, "minutes", "patient") == [50.0, None]
    finally:
        spark.catalog.dropTempView("appointments")


def test_cells_helper_agrees_with_by_id() -> None:
    """The two ways in which tests look at a column."""
    from tests.support.raws import text_raws

    made = shape(text_raws(appointments="patient | starts_at | status\np1 | 2024-13-01 | completed"))
    assert cells(made["appointments"], "starts_at") == by_id(made["appointments"].table, "starts_at") == ["?"]
