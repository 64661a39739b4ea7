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
from dataclasses import replace
from pathlib import Path

import duckdb
from region_sql_service import (
    clinicians,
    episodes,
    handed_over,
    per_week,
    slots,
)
from region_sums import (
    GONE,
    HELD,
    NEVER,
    SITE_AND_PROFESSION,
    Answers,
    Region,
    census,
    curves,
    durations,
    finest,
    group_sums,
    shares,
    t_pairs,
)

from careload.measure.definition import definitions
from careload.measure.passes import WEIGHT
from careload.measure.ratio import ratio, share_interval
from careload.measure.timing import fate_days

MEMORY_LIMIT = "2GB"
BANDS = {
    "0": "lead = 0", "1-7": "lead BETWEEN 1 AND 7", "8-14": "lead BETWEEN 8 AND 14",
    "15-28": "lead BETWEEN 15 AND 28", "29-56": "lead BETWEEN 29 AND 56", "over 56": "lead > 56",
}


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

    days = fate_days(definitions()["lead_time"])
    finest(region, "due", "patient", {
        "all": (lead, lead), "open": NEVER, **{f"t{t}": (lead, f"{lead} AND lead <= {t}") for t in days},
    })
    found = curves(region, "due", length="lead", outcome="'reached'", where=lead)
    durations(region, "lead_time", "patient", found)


def prescriptions(region: Region) -> None:
    """Intervals prescribed, by site and profession, and by month."""
    days = fate_days(definitions()["prescribed_interval"])
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
    days = fate_days(definition)
    decided = """prescribed IS NOT NULL AND window_days > prescribed
                 AND (event = 'seen' OR days > prescribed)"""
    beyond = f"{decided} AND days > prescribed"
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
    finest(region, "spans", "patient", t_pairs(fate_days(naive), where="event = 'seen'"))
    found = curves(region, "spans", where="event = 'seen'")
    durations(region, "return_interval", "patient", found, told_prefix="naive_", definition=naive)

    second = "(FROM spans WHERE kind = 'intake')"
    finest(region, second, "patient", t_pairs(fate_days(definitions()["second_visit_wait"])))
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
    in_care = """(SELECT patient, site, profession, unbooked FROM waiting
                  UNION ALL
                  SELECT DISTINCT patient, 'not recorded', 'not recorded', patient NOT IN (
                             SELECT patient FROM known
                             WHERE day > getvariable('as_of') AND status = 'booked') AS unbooked
                  FROM episodes_file
                  WHERE opened_on <= getvariable('as_of')
                    AND (closed_on IS NULL OR closed_on > getvariable('as_of'))
                    AND patient NOT IN (SELECT patient FROM waiting))"""
    census(region, definitions()["silent_backlog"], in_care, "unbooked", "1")
    loads = """(SELECT clinician, mode(site) AS site, mode(profession) AS profession, count(*) AS patients
                FROM waiting WHERE clinician IS NOT NULL GROUP BY clinician)"""
    census(region, definitions()["caseload"], loads, "true", "patients")


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
        days = fate_days(definitions()[measure])
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
    days = fate_days(definitions()["clocks_to_first_visit"])
    finest(region, "wait", "patient", t_pairs(days, window=None), by)
    durations(
        region, "clocks_to_first_visit", "patient", curves(region, "wait", by), by, needed=("clock",)
    )
    region.run("DROP TABLE wait; DROP TABLE asked")


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
