"""Courses of care and clinicians' weeks as hand-written DuckDB SQL; the other half of region_sql.py."""

from __future__ import annotations

from datetime import timedelta

from region_sums import (
    GONE,
    HELD,
    SITE_AND_PROFESSION,
    Region,
    census,
    curves,
    durations,
    finest,
    group_named,
    group_sums,
    margins,
    ratios,
    shares,
    t_pairs,
)

from careload.measure.definition import definitions
from careload.measure.estimators import poisson_interval
from careload.measure.ratio import Sums, ratio_interval
from careload.measure.timing import fate_days


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
    finest(region, rows, "patient", t_pairs(fate_days(definitions()["episode_length"])), ())
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
        finest(region, "stays", "patient", t_pairs(fate_days(definitions()[measure])), ())
        durations(region, measure, "patient", curves(region, "stays", ()), ())


def per_week(region: Region) -> None:
    """Referrals and visits per complete week."""
    first = region.first_day + timedelta(days=-region.first_day.weekday() % 7)
    weeks = (region.as_of + timedelta(days=1) - first).days // 7
    sources = {
        "referrals_per_week": "(SELECT *, requested_at::date AS day FROM referrals_file)",
        "visits_per_week": "visits",
    }
    sets = ", ".join(f"({', '.join([*margin, 'week'])})" for margin in margins(SITE_AND_PROFESSION))
    for measure, rows in sources.items():
        numbers: dict[tuple[tuple[str, str], ...], list[int]] = {(): []}
        for row in region.rows(f"""
                SELECT GROUPING(site, profession) AS mask, site, profession, sum(number)::bigint AS number
                FROM (SELECT site, profession, (day - DATE '{first}') // 7 AS week, count(*) AS number
                      FROM {rows}
                      WHERE day >= DATE '{first}' AND day < DATE '{first}' + {7 * weeks} GROUP BY ALL)
                GROUP BY GROUPING SETS ({sets})"""):
            numbers.setdefault(tuple(group_named(row, SITE_AND_PROFESSION).items()), []).append(row["number"])
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
    finest(region, table, cluster, t_pairs(fate_days(definitions()[measure])))
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
    finest(region, "gone", "patient", t_pairs(fate_days(definitions()["caseload_handed_over"])))
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
    finest(region, ahead, "clinician", t_pairs(fate_days(definitions()["third_next_available"]), window=None))
    durations(region, "third_next_available", "clinician", curves(region, ahead))
