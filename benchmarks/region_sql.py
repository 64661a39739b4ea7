"""The same measures as hand-written DuckDB SQL: what an experienced analyst would send.

    python benchmarks/region_sql.py FOLDER

Written for this one folder of Parquet: everything known about it is used. Passes over
the rows are shared between measures, rows are grouped once to the finest cells and
rolled up with GROUPING SETS, and the weights per patient are applied after grouping.
Only the closed forms that turn sums into intervals are Careload's own, because they
work on a few numbers per group: what is compared is the work on the rows.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb

from careload.clinic import Estimate
from careload.measure.definition import Definition, definitions
from careload.measure.estimators import poisson_interval
from careload.measure.incidence import Counts, Incidence
from careload.measure.ratio import Sums, ratio, ratio_interval, share_interval, sums_of
from careload.measure.timing import EFFECT_DAYS, WEIGHT, Durations, told

MEMORY_LIMIT = "2GB"

Key = tuple[str, str, tuple[tuple[str, str], ...]]
Answer = tuple[float | None, float | None, float | None, int | None]
Answers = dict[Key, Answer]
Pair = tuple[str, str]
"""SQL conditions (or whole-number expressions) counted as n and as y."""
NEVER: Pair = ("false", "false")

HELD = "status IN ('completed', 'no_show')"
GONE = "status IN ('cancelled_by_patient', 'cancelled_by_clinic')"
BANDS = {
    "0": "lead = 0", "1-7": "lead BETWEEN 1 AND 7", "8-14": "lead BETWEEN 8 AND 14",
    "15-28": "lead BETWEEN 15 AND 28", "29-56": "lead BETWEEN 29 AND 56", "over 56": "lead > 56",
}
SITE_AND_PROFESSION = ("site", "profession")


@dataclass
class Region:
    """A connection to the folder, the day it is read at, and the answers so far."""

    sql: duckdb.DuckDBPyConnection
    folder: Path
    as_of: date
    first_day: date
    answers: Answers

    def run(self, query: str) -> None:
        """Send a statement."""
        self.sql.execute(query)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query as dicts."""
        found = self.sql.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def keep(self, estimates: Iterator[Estimate]) -> None:
        """Write estimates among the answers."""
        for e in estimates:
            self.say(e.measure, e.statistic, e.by, e.value, (e.low, e.high), e.n)

    def say(
        self, measure: str, statistic: str, by: Mapping[str, str],
        value: float | None, interval: tuple[float | None, float | None] | None, n: int | None,
    ) -> None:
        """Write one answer."""
        low, high = interval or (None, None)
        self.answers[(measure, statistic, tuple(sorted(by.items())))] = (value, low, high, n)


def answers(folder: Path) -> Answers:
    """Every measure by total, site, profession, and site with profession."""
    with tempfile.TemporaryDirectory() as spill:
        sql = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill})
        sql.execute("SET preserve_insertion_order = false")
        region = _open(sql, folder)
        for step in STEPS:
            step(region)
        sql.close()
        return region.answers


def _open(sql: duckdb.DuckDBPyConnection, folder: Path) -> Region:
    for file in folder.glob("*.parquet"):
        sql.execute(f"CREATE VIEW {file.stem}_file AS FROM read_parquet('{file}')")
    found = sql.execute(
        f"SELECT max(starts_at) FILTER ({HELD})::date, min(starts_at)::date FROM appointments_file"
    ).fetchone()
    assert found is not None
    region = Region(sql, folder, found[0], found[1], {})
    region.run(f"SET VARIABLE as_of = DATE '{region.as_of}'")
    region.run(f"""
        CREATE VIEW known AS
        SELECT * REPLACE (
            CASE WHEN day > getvariable('as_of')
                  AND NOT ({GONE} AND coalesce(cancelled_at::date <= getvariable('as_of'), true))
                 THEN 'booked' ELSE status END AS status)
        FROM (SELECT *, starts_at::date AS day, booked_at::date AS booked_on,
                     starts_at::date - booked_at::date AS lead FROM appointments_file)
        WHERE booked_on IS NULL OR booked_on <= getvariable('as_of')""")
    region.run("CREATE VIEW due AS FROM known WHERE day <= getvariable('as_of')")
    region.run("CREATE VIEW visits AS FROM due WHERE status = 'completed'")
    return region


# From rows to sums per cluster, to sums per group.


def finest(
    region: Region, rows: str, cluster: str, pairs: Mapping[str, Pair],
    by: Sequence[str] = SITE_AND_PROFESSION,
) -> None:
    """Temp table `finest`: n and y of each pair by cluster and finest group."""
    region.run("DROP TABLE IF EXISTS finest")
    region.run(
        f"CREATE TEMP TABLE finest AS SELECT {_columns([cluster, *by])}, {_counted(pairs)}"
        f" FROM {rows} GROUP BY ALL"
    )


def _columns(names: Sequence[str]) -> str:
    return ", ".join(name for name in names if name) or "1 AS one"


def _counted(pairs: Mapping[str, Pair]) -> str:
    parts = []
    for name, (n, y) in pairs.items():
        parts += [f"{_count(n)} AS {name}_n", f"{_count(y)} AS {name}_y"]
    return ", ".join(parts)


def _count(what: str) -> str:
    return f"sum({what[4:]})::bigint" if what.startswith("sum:") else f"count(*) FILTER ({what})"


def group_sums(
    region: Region, pairs: Sequence[str], cluster: str, by: Sequence[str] = SITE_AND_PROFESSION,
    source: str = "finest", scale: str = "",
) -> Iterator[tuple[dict[str, str], dict[str, Sums]]]:
    """Cluster sums of every margin, from `finest`; scale multiplies n and y of a cluster."""
    sets = ", ".join(f"({_columns([cluster, *margin])})" for margin in _margins(by))
    columns = ", ".join(f"sum({p}_{x}) AS {p}_{x}" for p in pairs for x in "ny")
    if scale:
        columns = ", ".join(f"sum({p}_{x}) * {scale} AS {p}_{x}" for p in pairs for x in "ny")
    mask = f"GROUPING({', '.join(by)})" if by else "0"
    sums = ", ".join(_seven(pair) for pair in pairs)
    names = "".join(f", {column}" for column in by)
    query = f"""
        SELECT mask{names}, {sums}
        FROM (SELECT {mask} AS mask{names}, {columns} FROM {source} GROUP BY GROUPING SETS ({sets}))
        GROUP BY ALL"""
    for row in region.rows(query):
        yield _group(row, by), {pair: sums_of(row, pair) for pair in pairs}


def _seven(pair: str) -> str:
    n, y = f"{pair}_n", f"{pair}_y"
    return (
        f"count(*) FILTER ({n} > 0) AS {pair}_clusters, count(*) FILTER ({y} > 0) AS {pair}_hit,"
        f" sum({n}) AS {n}, sum({y}) AS {y}, sum({n}::hugeint * {n}) AS {pair}_nn,"
        f" sum({y}::hugeint * {y}) AS {pair}_yy, sum({y}::hugeint * {n}) AS {pair}_yn"
    )


def _margins(by: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for column in by:
        found += [[*margin, column] for margin in found]
    return found


def _group(row: Mapping[str, Any], by: Sequence[str]) -> dict[str, str]:
    # GROUPING has one bit per column, the first column highest; 0 where the column is grouped by.
    last = len(by) - 1
    there = [column for place, column in enumerate(by) if not row["mask"] >> (last - place) & 1]
    return {column: row[column] for column in there}


def shares(region: Region, measures: Mapping[str, tuple[str, str]], cluster: str, by: Sequence[str]) -> None:
    """Shares: pair to (measure, statistic)."""
    for group, sums in group_sums(region, list(measures), cluster, by):
        for pair, (measure, statistic) in measures.items():
            own = sums[pair]
            if own.n or not group:
                region.say(measure, statistic, group, ratio(own), share_interval(own), own.n)


def ratios(region: Region, measures: Mapping[str, str], cluster: str, by: Sequence[str]) -> None:
    """Ratios: pair to measure."""
    for group, found in group_sums(region, list(measures), cluster, by):
        for pair, measure in measures.items():
            sums, definition = found[pair], definitions()[measure]
            if not sums.n and group:
                continue
            scale = definition.per / definition.divide_by
            value, interval = ratio(sums), ratio_interval(sums)
            figure = None if value is None else value * scale
            doubt = None if interval is None else (max(0.0, interval[0] * scale), interval[1] * scale)
            region.say(measure, definition.statistic, group, figure, doubt, sums.clusters)


# Durations.


def t_days(definition: Definition) -> tuple[int, ...]:
    """Days at which sums per cluster are needed."""
    return tuple(sorted({*EFFECT_DAYS, *definition.days}))


def t_pairs(
    days: Sequence[int], where: str = "true", length: str = "days", outcome: str = "outcome",
    window: str | None = "window_days", prefix: str = "",
) -> dict[str, Pair]:
    """n and y of all durations, and of those whose fate by each day is known."""
    still = f"{where} AND {outcome} = 'open'"
    pairs = {f"{prefix}all": (where, f"{where} AND {outcome} = 'reached'"), f"{prefix}open": (still, still)}
    for t in days:
        known = f"{where} AND NOT ({outcome} = 'closed' AND {length} <= {t})"
        known += f" AND NOT ({outcome} = 'open' AND {length} < {t})"
        known += f" AND {window} >= {t}" if window else ""
        pairs[f"{prefix}t{t}"] = (known, f"{known} AND {outcome} = 'reached' AND {length} <= {t}")
    return pairs


Curves = dict[tuple[tuple[str, str], ...], dict[tuple[int, str], int]]


def curves(
    region: Region, rows: str, by: Sequence[str] = SITE_AND_PROFESSION, length: str = "days",
    outcome: str = "outcome", where: str = "true", number: str = "count(*)",
) -> Curves:
    """Durations of every margin: group to (days, outcome) to number."""
    sets = ", ".join(f"({', '.join([*margin, 'days', 'outcome'])})" for margin in _margins(by))
    mask = f"GROUPING({', '.join(by)})" if by else "0"
    names = "".join(f", {column}" for column in by)
    # Grouped once; the few finest cells are then rolled up.
    query = f"""
        SELECT {mask} AS mask{names}, days, outcome, sum(number)::bigint AS number
        FROM (SELECT {length} AS days, {outcome} AS outcome{names}, {number} AS number
              FROM {rows} WHERE {where} GROUP BY ALL)
        GROUP BY GROUPING SETS ({sets})"""
    found: Curves = {}
    for row in region.rows(query):
        group = tuple(sorted(_group(row, by).items()))
        found.setdefault(group, {})[(row["days"], row["outcome"])] = int(row["number"])
    return found


def durations(
    region: Region, measure: str, cluster: str, found: Curves,
    by: Sequence[str] = SITE_AND_PROFESSION, *,
    prefix: str = "", told_prefix: str = "", scale: str = "", source: str = "finest",
    definition: Definition | None = None, needed: Sequence[str] = (),
) -> None:
    """Say everything about one kind of duration, from `finest` and its curves."""
    definition = definition or definitions()[measure]
    days = t_days(definition)
    names = [f"{prefix}all", f"{prefix}open", *(f"{prefix}t{t}" for t in days)]
    view: Any = SimpleNamespace(as_of=region.as_of)
    for group, sums in group_sums(region, names, cluster, by, source, scale):
        cells = found.get(tuple(sorted(group.items())))
        if not cells or not set(needed) <= set(group):
            continue
        unit = WEIGHT if scale else 1
        curve = Incidence(Counts.of({cell: number / unit for cell, number in cells.items()}))
        own = {name.removeprefix(prefix): each for name, each in sums.items()}
        region.keep(told(definition, view, Durations(group, curve, own, days, bool(scale)), told_prefix))


# The steps, in the order in which tables are needed.


def appointments(region: Region) -> None:
    """One pass: no-shows, cancellations, restarted clocks, lead times, approvals, prescriptions."""
    known = f"({HELD} OR {GONE})"
    done = "status = 'completed'"
    lead = f"{HELD} AND booked_on IS NOT NULL AND lead >= 0"
    pairs = {
        "missed": (HELD, "status = 'no_show'"),
        "patient": (known, "status = 'cancelled_by_patient'"),
        "clinic": (known, "status = 'cancelled_by_clinic'"),
        "restart": ("true", "replaces_appointment IS NOT NULL"),
        "approved": (done, f"{done} AND longer_interval_approved_by_clinician"),
    }
    finest(region, "due", "patient", pairs)
    shares(region, {
        "missed": ("no_show", "share"), "patient": ("cancellation_by_patient", "share"),
        "clinic": ("cancellation_by_clinic", "share"), "restart": ("restarted_clocks", "share"),
        "approved": ("longer_interval_approved", "share"),
    }, "patient", SITE_AND_PROFESSION)

    bands = {f"b{place}": (f"{HELD} AND {band}", f"status = 'no_show' AND {band}")
             for place, band in enumerate(BANDS.values())}
    finest(region, "due", "patient", bands, ())
    for _, sums in group_sums(region, list(bands), "patient", ()):
        for place, band in enumerate(BANDS):
            own = sums[f"b{place}"]
            if own.n:
                region.say("no_show", "share", {"lead_days": band}, ratio(own), share_interval(own), own.n)

    days = t_days(definitions()["lead_time"])
    finest(region, "due", "patient", {
        "all": (lead, lead), "open": NEVER, **{f"t{t}": (lead, f"{lead} AND lead <= {t}") for t in days},
    })
    found = curves(region, "due", length="lead", outcome="'reached'", where=lead)
    durations(region, "lead_time", "patient", found)


def prescriptions(region: Region) -> None:
    """Intervals prescribed, by site and profession, and by month."""
    days = t_days(definitions()["prescribed_interval"])
    rows = """(SELECT *, prescribed_interval_days AS days, strftime(day, '%Y-%m') AS month
               FROM visits WHERE prescribed_interval_days IS NOT NULL)"""
    pairs = {"all": ("true", "true"), "open": NEVER, **{f"t{t}": ("true", f"days <= {t}") for t in days}}
    for by in (SITE_AND_PROFESSION, ("month",)):
        finest(region, rows, "patient", pairs, by)
        found = curves(region, rows, by, outcome="'reached'")
        needed = () if by == SITE_AND_PROFESSION else by
        durations(region, "prescribed_interval", "patient", found, by, needed=needed)


def spans(region: Region) -> None:
    """Temp table `spans`: one row per attended visit and day, and what came next."""
    region.run("""
        CREATE TEMP TABLE spans AS
        WITH ends AS (
            SELECT patient, closed_on AS day,
                   CASE reason WHEN 'completed' THEN 'discharged' WHEN 'dropped' THEN 'dropped'
                               ELSE 'ended' END AS event
            FROM episodes_file AS ends
            WHERE closed_on <= getvariable('as_of') AND NOT EXISTS (
                FROM episodes_file AS other
                WHERE other.patient = ends.patient AND other.opened_on <= ends.closed_on
                  AND (other.closed_on IS NULL OR other.closed_on > ends.closed_on))
            UNION ALL
            SELECT patient, died_on, 'ended' FROM patients_file WHERE died_on <= getvariable('as_of')
        ), events AS (
            SELECT patient, day, 0::tinyint AS rank, starts_at, appointment,
                   clinician, site, profession, kind, prescribed_interval_days::smallint AS prescribed,
                   longer_interval_approved_by_clinician AS approved, 'seen' AS event
            FROM visits
            UNION ALL
            SELECT patient, day, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, event FROM ends
        ), following AS (
            SELECT *, lead(day) OVER next AS next_day, lead(event) OVER next AS next_event,
                   lead(clinician) OVER next AS next_clinician
            FROM events
            WINDOW next AS (PARTITION BY patient ORDER BY day, rank, starts_at, appointment)
        )
        SELECT patient, clinician, site, profession, kind, day, prescribed, approved, next_clinician,
               coalesce(next_event, 'waiting') AS event,
               (coalesce(next_day, getvariable('as_of')) - day)::int AS days,
               (getvariable('as_of') - day)::int AS window_days,
               CASE next_event WHEN 'seen' THEN 'reached' WHEN 'discharged' THEN 'closed'
                               WHEN 'dropped' THEN 'lost' ELSE 'open' END AS outcome
        FROM following
        WHERE rank = 0 AND NOT coalesce(next_event = 'seen' AND next_day = day, false)""")


def return_intervals(region: Region) -> None:
    """The return interval per interval, per patient, naive, and in care today; and what spans also tell."""
    definition = definitions()["return_interval"]
    days = t_days(definition)
    decided = """prescribed IS NOT NULL AND window_days > prescribed
                 AND (event = 'seen' OR days > prescribed)"""
    beyond = f"{decided} AND days > prescribed AND event <> 'discharged'"
    both = "event = 'seen' AND clinician IS NOT NULL AND next_clinician IS NOT NULL"
    finest(region, "spans", "patient", {
        **t_pairs(days),
        "raw": (decided, beyond),
        "bad": (decided, f"{beyond} AND NOT coalesce(approved, false)"),
        "same": (both, f"{both} AND clinician = next_clinician"),
    })
    shares(region, {
        "raw": ("return_beyond_prescribed", "raw"), "bad": ("return_beyond_prescribed", "not_approved"),
        "same": ("same_clinician", "share"),
    }, "patient", SITE_AND_PROFESSION)
    durations(region, "return_interval", "patient", curves(region, "spans"))

    # Every patient weighs the same: whole millionths, applied after grouping.
    region.run(f"""
        CREATE TEMP TABLE own AS
        SELECT patient, ({WEIGHT} // sum(all_n))::bigint AS weight FROM finest GROUP BY patient""")
    region.run("CREATE TEMP TABLE weighted AS FROM finest JOIN own USING (patient)")
    weighted = curves(region, "(FROM spans JOIN own USING (patient))", number="sum(weight)")
    durations(
        region, "return_interval", "patient", weighted, told_prefix="per_patient_", scale="any_value(weight)",
        source="weighted",
    )
    region.run("DROP TABLE weighted")

    naive = replace(definition, quantiles=(0.5,), days=())
    finest(region, "spans", "patient", t_pairs(t_days(naive), where="event = 'seen'"))
    found = curves(region, "spans", where="event = 'seen'")
    durations(region, "return_interval", "patient", found, told_prefix="naive_", definition=naive)

    second = "(FROM spans WHERE kind = 'intake')"
    finest(region, second, "patient", t_pairs(t_days(definitions()["second_visit_wait"])))
    durations(region, "second_visit_wait", "patient", curves(region, second))


def in_care(region: Region) -> None:
    """Everybody waiting on the day: days since the last visit, overdue, backlog, caseloads."""
    region.run("""
        CREATE TEMP TABLE waiting AS
        SELECT s.*, b.patient IS NULL AS unbooked
        FROM (FROM spans WHERE event = 'waiting') AS s
        LEFT JOIN (SELECT DISTINCT patient FROM known
                   WHERE day > getvariable('as_of') AND status = 'booked') AS b USING (patient)""")
    counted = replace(definitions()["return_interval"], statistic="median p90", counted="patients")
    census(region, counted, "waiting", "true", "days", prefix="in_care_")
    census(
        region, definitions()["overdue"], "(FROM waiting WHERE prescribed IS NOT NULL)", "days > prescribed",
        "days - prescribed",
    )
    census(region, definitions()["silent_backlog"], "waiting", "unbooked", "1")
    loads = """(SELECT clinician, site, profession, count(*) AS patients FROM waiting
                WHERE clinician IS NOT NULL GROUP BY ALL)"""
    census(region, definitions()["caseload"], loads, "true", "patients")


def census(
    region: Region, definition: Definition, rows: str, meant: str, value: str, prefix: str = ""
) -> None:
    """Complete counts: value and number of every margin, then quantiles of what is meant."""
    sets = ", ".join(f"({', '.join([*margin, 'value'])})" for margin in _margins(SITE_AND_PROFESSION))
    groups: dict[tuple[tuple[str, str], ...], list[tuple[int, int, int]]] = {(): []}
    for row in region.rows(f"""
            SELECT GROUPING(site, profession) AS mask, site, profession, value, sum(n)::bigint AS n,
                   sum(hits)::bigint AS hits
            FROM (SELECT site, profession, {value} AS value, count(*) AS n,
                         count(*) FILTER ({meant}) AS hits
                  FROM {rows} GROUP BY ALL)
            GROUP BY GROUPING SETS ({sets}) ORDER BY value"""):
        group = tuple(_group(row, SITE_AND_PROFESSION).items())
        groups.setdefault(group, []).append((row["value"], row["n"], row["hits"]))
    for found, cells in groups.items():
        n, hits = sum(cell[1] for cell in cells), sum(cell[2] for cell in cells)
        for statistic in definition.statistics:
            figure = _figure(statistic, cells, n, hits)
            region.say(definition.name, prefix + statistic, dict(found), figure, (figure, figure), n)


def _figure(statistic: str, cells: Sequence[tuple[int, int, int]], n: int, hits: int) -> float | None:
    if statistic == "count":
        return hits
    if statistic == "share":
        return hits / n if n else None
    if not hits:
        return None
    if statistic == "mean":
        return sum(value * number for value, _, number in cells) / hits
    wanted, reached = {"median": 0.5, "p90": 0.9}[statistic] * hits, 0
    for value, _, number in cells:
        reached += number
        if number and reached >= wanted - 1e-9:
            return value
    return None


def requests(region: Region) -> None:
    """Referrals and the first appointments that answer them."""
    region.run("""
        CREATE TEMP TABLE asked AS
        WITH intakes AS (
            SELECT patient, day, first_offered_at, starts_at, booked_on,
                   CASE WHEN status = 'completed' AND day <= getvariable('as_of') THEN starts_at END
                       AS attended
            FROM known WHERE kind = 'intake'
        ), r AS (
            SELECT patient, site, profession, urgency, requested_at::date AS day, referral,
                   CASE WHEN closed_on <= getvariable('as_of') THEN closed_on END AS closed,
                   CASE WHEN closed_on <= getvariable('as_of') THEN outcome END AS referral_outcome,
                   preferred_date AS preferred
            FROM referrals_file WHERE requested_at::date <= getvariable('as_of')
        )
        SELECT r.*, offered, booked, attended, booked_on
        FROM r LEFT JOIN (
            SELECT referral, min(first_offered_at)::date AS offered, min(starts_at)::date AS booked,
                   min(attended)::date AS attended,
                   min(booked_on) FILTER (attended IS NOT NULL) AS booked_on
            FROM r JOIN intakes ON r.patient = intakes.patient AND intakes.day >= r.day
            GROUP BY referral) USING (referral)""")
    stops = {"intake_wait": "attended", "offered_wait": "offered", "booked_wait": "booked"}
    for measure, stop in stops.items():
        ended = "closed IS NOT NULL AND coalesce(referral_outcome <> 'seen', false)"
        region.run(f"""
            CREATE OR REPLACE TEMP TABLE wait AS
            SELECT patient, site, profession, urgency,
                   greatest(CASE WHEN {stop} IS NOT NULL THEN {stop} WHEN {ended} THEN closed
                                 ELSE getvariable('as_of') END - day, 0)::int AS days,
                   (getvariable('as_of') - day)::int AS window_days,
                   CASE WHEN {stop} IS NOT NULL THEN 'reached'
                        WHEN {ended} AND referral_outcome = 'rejected' THEN 'closed'
                        WHEN {ended} THEN 'lost' ELSE 'open' END AS outcome
            FROM asked""")
        days = t_days(definitions()[measure])
        finest(region, "wait", "patient", t_pairs(days))
        durations(region, measure, "patient", curves(region, "wait"))
        if measure == "intake_wait":
            finest(region, "wait", "patient", t_pairs(days), ("urgency",))
            by_urgency = curves(region, "wait", ("urgency",))
            durations(region, measure, "patient", by_urgency, ("urgency",), needed=("urgency",))
    clocks = {"request": "day", "preferred_date": "preferred", "booking": "booked_on", "offer": "offered"}
    region.run("CREATE OR REPLACE TEMP TABLE wait AS " + " UNION ALL ".join(
        f"SELECT patient, site, profession, '{name}' AS clock, greatest(attended - {start}, 0)::int AS days,"
        f" 'reached' AS outcome FROM asked WHERE attended IS NOT NULL AND {start} IS NOT NULL"
        for name, start in clocks.items()))
    by = ("clock", *SITE_AND_PROFESSION)
    days = t_days(definitions()["clocks_to_first_visit"])
    finest(region, "wait", "patient", t_pairs(days, window=None), by)
    durations(
        region, "clocks_to_first_visit", "patient", curves(region, "wait", by), by, needed=("clock",)
    )
    region.run("DROP TABLE wait; DROP TABLE asked")


def episodes(region: Region) -> None:
    """Dropout, length, visits within, emergencies, dose, follow-up: courses of care as wholes."""
    closed = "closed_on <= getvariable('as_of')"
    finest(region, "episodes_file", "patient", {"drop": (closed, f"{closed} AND reason = 'dropped'")}, ())
    shares(region, {"drop": ("dropout", "share")}, "patient", ())

    rows = f"""(SELECT patient, (getvariable('as_of') - opened_on)::int AS window_days,
                    greatest(CASE WHEN {closed} THEN closed_on ELSE getvariable('as_of') END
                             - opened_on, 0)::int AS days,
                    CASE WHEN {closed} THEN 'reached' ELSE 'open' END AS outcome
                FROM episodes_file WHERE opened_on <= getvariable('as_of'))"""
    finest(region, rows, "patient", t_pairs(t_days(definitions()["episode_length"])), ())
    durations(region, "episode_length", "patient", curves(region, rows, ()), ())

    region.run(f"""
        CREATE OR REPLACE TEMP TABLE finest AS
        SELECT patient, sum(n)::bigint AS held_n, sum(y)::bigint AS held_y FROM (
            SELECT patient, 1 AS n, 0 AS y FROM episodes_file WHERE {closed}
            UNION ALL
            SELECT e.patient, 0, 1 FROM episodes_file AS e JOIN visits AS v
              ON e.patient = v.patient AND v.day BETWEEN e.opened_on AND e.closed_on WHERE {closed})
        GROUP BY patient""")
    ratios(region, {"held": "visits_per_episode"}, "patient", ())

    region.run(f"""
        CREATE OR REPLACE TEMP TABLE finest AS
        WITH care AS (
            SELECT patient, greatest(opened_on, DATE '{region.first_day}') AS begins,
                   least(coalesce(closed_on, getvariable('as_of')), getvariable('as_of')) AS ends
            FROM episodes_file)
        SELECT patient, sum(n)::bigint AS ed_n, sum(y)::bigint AS ed_y FROM (
            SELECT patient, ends - begins AS n, 0 AS y FROM care WHERE ends > begins
            UNION ALL
            SELECT care.patient, 0, 1 FROM care JOIN encounters_file AS x ON care.patient = x.patient
              AND x.starts_at::date >= begins AND x.starts_at::date < ends
            WHERE ends > begins AND x.kind = 'ed')
        GROUP BY patient""")
    ratios(region, {"ed": "ed_visits"}, "patient", ())

    region.run("""
        CREATE OR REPLACE TEMP TABLE finest AS
        WITH first AS (
            SELECT patient, min(day) AS first_day, arg_min(site, starts_at) AS site,
                   arg_min(profession, starts_at) AS profession
            FROM visits WHERE kind = 'intake' GROUP BY patient
            HAVING first_day <= getvariable('as_of') - 84)
        SELECT patient, first.site, first.profession, 1 AS dose_n, count(*) AS dose_y
        FROM visits AS v JOIN first USING (patient)
        WHERE day >= first_day AND day < first_day + 84 GROUP BY ALL""")
    ratios(region, {"dose": "dose"}, "patient", SITE_AND_PROFESSION)

    for measure, kind in (("follow_up_after_ed", "ed"), ("follow_up_after_discharge", "inpatient")):
        region.run(f"""
            CREATE OR REPLACE TEMP TABLE stays AS
            WITH stay AS (
                SELECT row_number() OVER () AS id, patient, coalesce(ends_at, starts_at) AS ended,
                       ended::date AS day
                FROM encounters_file
                WHERE kind = '{kind}' AND coalesce(ends_at, starts_at)::date <= getvariable('as_of')
            ), seen AS (
                SELECT id, min(v.day) AS seen_on FROM stay JOIN visits AS v
                  ON v.patient = stay.patient AND v.starts_at >= ended GROUP BY id)
            SELECT patient, (coalesce(seen_on, getvariable('as_of')) - day)::int AS days,
                   (getvariable('as_of') - day)::int AS window_days,
                   CASE WHEN seen_on IS NULL THEN 'open' ELSE 'reached' END AS outcome
            FROM stay LEFT JOIN seen USING (id)""")
        finest(region, "stays", "patient", t_pairs(t_days(definitions()[measure])), ())
        durations(region, measure, "patient", curves(region, "stays", ()), ())


def per_week(region: Region) -> None:
    """Referrals and visits per complete week."""
    first = region.first_day + timedelta(days=-region.first_day.weekday() % 7)
    weeks = (region.as_of + timedelta(days=1) - first).days // 7
    sources = {
        "referrals_per_week": "(SELECT *, requested_at::date AS day FROM referrals_file)",
        "visits_per_week": "visits",
    }
    sets = ", ".join(f"({', '.join([*margin, 'week'])})" for margin in _margins(SITE_AND_PROFESSION))
    for measure, rows in sources.items():
        numbers: dict[tuple[tuple[str, str], ...], list[int]] = {(): []}
        for row in region.rows(f"""
                SELECT GROUPING(site, profession) AS mask, site, profession, sum(number)::bigint AS number
                FROM (SELECT site, profession, (day - DATE '{first}') // 7 AS week, count(*) AS number
                      FROM {rows}
                      WHERE day >= DATE '{first}' AND day < DATE '{first}' + {7 * weeks} GROUP BY ALL)
                GROUP BY GROUPING SETS ({sets})"""):
            numbers.setdefault(tuple(_group(row, SITE_AND_PROFESSION).items()), []).append(row["number"])
        for group, found in numbers.items():
            total = sum(found)
            sums = Sums(weeks, len(found), weeks, total, weeks, sum(x * x for x in found), total)
            low, high = ratio_interval(sums) or (0.0, None)
            region.say(measure, "mean", dict(group), total / weeks, (max(0.0, low), high), weeks)


def clinicians(region: Region) -> None:
    """What clinicians carry, stay and leave; posts and slots."""
    worked = "coalesce(worked, contact + coalesce(non_contact, 0))"
    ok = f"paid > 0 AND {worked} IS NOT NULL"
    due = f"{worked} + coalesce(after_hours, 0)"

    def minutes(what: str, where: str) -> str:
        return f"sum:CASE WHEN {where} THEN floor(({what}) * 60 + 0.5)::bigint ELSE 0 END"

    paid = "(paid IS NULL OR paid > 0)"
    finest(region, "(FROM hours_file WHERE week_start <= getvariable('as_of'))", "clinician", {
        "over": (minutes("paid", ok), minutes(due, ok)),
        **{name: (f"{paid} AND {name} IS NOT NULL", minutes(name, f"{paid} AND {name} IS NOT NULL"))
           for name in ("contact", "non_contact", "after_hours")},
    })
    ratios(region, {
        "over": "overload", "contact": "contact_hours", "non_contact": "non_contact_hours",
        "after_hours": "after_hours",
    }, "clinician", SITE_AND_PROFESSION)

    finest(region, "(FROM visits WHERE clinician IS NOT NULL)", "clinician",
           {"new": ("kind = 'return'", "kind = 'intake'")})
    ratios(region, {"new": "new_to_return_ratio"}, "clinician", SITE_AND_PROFESSION)

    region.run("""
        CREATE OR REPLACE TEMP TABLE finest AS
        SELECT clinician, site, profession,
               (least(coalesce(left_on, getvariable('as_of')), getvariable('as_of'))
                - greatest(hired_on, getvariable('as_of') - 365))::bigint AS left_n,
               coalesce(left_on > getvariable('as_of') - 365 AND left_on <= getvariable('as_of'), false)
                   ::bigint AS left_y
        FROM clinicians_file WHERE hired_on IS NOT NULL AND left_n > 0""")
    for group, sums in group_sums(region, ["left"], "clinician"):
        own = sums["left"]
        if own.n:
            low, high = poisson_interval(own.y)
            scale = definitions()["leaver_rate"].per / own.n
            region.say("leaver_rate", "rate", group, own.y * scale, (low * scale, high * scale), own.y)

    spells(region, "tenure", "clinician", "clinicians_file", "hired_on", "left_on")
    region.run("CREATE TEMP TABLE numbered AS SELECT row_number() OVER () AS number, * FROM posts_file")
    spells(region, "time_to_fill", "number", "numbered", "vacant_from", "filled_on")
    vacancies = """(SELECT site, profession, false AS vacant FROM clinicians_file
                    WHERE coalesce(hired_on <= getvariable('as_of'), true)
                      AND coalesce(left_on > getvariable('as_of'), true)
                    UNION ALL SELECT site, profession, true FROM posts_file
                    WHERE vacant_from <= getvariable('as_of')
                      AND coalesce(filled_on > getvariable('as_of'), true))"""
    census(region, definitions()["vacancy_rate"], vacancies, "vacant", "1")


def spells(region: Region, measure: str, cluster: str, rows: str, start: str, stop: str) -> None:
    """Days from start to stop, or to the day the records are read at."""
    ended = f"coalesce({stop} <= getvariable('as_of'), false)"
    table = f"""(SELECT {cluster}, site, profession, (getvariable('as_of') - {start})::int AS window_days,
                     greatest(CASE WHEN {ended} THEN {stop} ELSE getvariable('as_of') END - {start}, 0)::int
                         AS days,
                     CASE WHEN {ended} THEN 'reached' ELSE 'open' END AS outcome
                 FROM {rows} WHERE {start} <= getvariable('as_of'))"""
    finest(region, table, cluster, t_pairs(t_days(definitions()[measure])))
    durations(region, measure, cluster, curves(region, table))


def handed_over(region: Region) -> None:
    """Patients of clinicians who left in the past year."""
    region.run("""
        CREATE OR REPLACE TEMP TABLE gone AS
        SELECT patient, site, profession, days - (left_on - day) AS days, outcome,
               window_days - (left_on - day) AS window_days
        FROM spans JOIN (SELECT clinician, left_on FROM clinicians_file
                         WHERE left_on > getvariable('as_of') - 365 AND left_on <= getvariable('as_of'))
             USING (clinician)
        WHERE left_on - day >= 0 AND left_on - day < days""")
    finest(region, "gone", "patient", t_pairs(t_days(definitions()["caseload_handed_over"])))
    durations(region, "caseload_handed_over", "patient", curves(region, "gone"))


def slots(region: Region) -> None:
    """Slots filled, and the third next available."""
    region.run(f"""
        CREATE OR REPLACE TEMP TABLE filled AS
        SELECT s.clinician, s.site, s.profession,
               s.status = 'busy' OR coalesce(booked > 0, false) AS booked, coalesce(held > 0, false) AS held,
               NOT coalesce(held > 0, false) AND coalesce(late > 0, false) AS late
        FROM (FROM slots_file WHERE starts_at::date <= getvariable('as_of')
              AND status IS DISTINCT FROM 'blocked') AS s
        LEFT JOIN (
            SELECT clinician, starts_at, count(*) FILTER ({HELD} OR status = 'booked') AS booked,
                   count(*) FILTER (status = 'completed') AS held,
                   count(*) FILTER (status = 'no_show'
                                    OR ({GONE} AND day - cancelled_at::date <= 1)) AS late
            FROM due WHERE clinician IS NOT NULL
              AND starts_at >= (SELECT min(starts_at) FROM slots_file) GROUP BY ALL) AS a
        USING (clinician, starts_at)""")
    finest(region, "filled", "clinician", {x: ("true", x) for x in ("booked", "held", "late")})
    shares(region, {
        "booked": ("slot_fill", "booked"), "held": ("slot_fill", "held"), "late": ("slot_fill", "lost_late"),
    }, "clinician", SITE_AND_PROFESSION)

    ahead = """(
        WITH ahead AS (
            FROM slots_file WHERE starts_at::date > getvariable('as_of') AND clinician IS NOT NULL
        ), third AS (
            SELECT clinician, starts_at::date AS third FROM ahead WHERE status = 'free'
            QUALIFY row_number() OVER (PARTITION BY clinician ORDER BY starts_at, slot) = 3)
        SELECT clinician, c.site, c.profession,
               (coalesce(third, last) - getvariable('as_of'))::int AS days,
               CASE WHEN third IS NULL THEN 'open' ELSE 'reached' END AS outcome
        FROM (SELECT clinician, max(starts_at)::date AS last FROM ahead GROUP BY clinician)
        LEFT JOIN third USING (clinician) LEFT JOIN clinicians_file AS c USING (clinician))"""
    finest(region, ahead, "clinician", t_pairs(t_days(definitions()["third_next_available"]), window=None))
    durations(region, "third_next_available", "clinician", curves(region, ahead))


STEPS = (
    appointments, prescriptions, spans, return_intervals, in_care, handed_over, requests, episodes, per_week,
    clinicians, slots,
)


def main() -> None:
    """Answer everything, step by step, and say how long each step took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as spill:
        sql = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill})
        sql.execute("SET preserve_insertion_order = false")
        region = _open(sql, folder)
        for step in STEPS:
            began = time.perf_counter()
            step(region)
            print(f"{step.__name__:20} {time.perf_counter() - began:7.2f} s")
        print(f"{len(region.answers):,} answers")


if __name__ == "__main__":
    main()
