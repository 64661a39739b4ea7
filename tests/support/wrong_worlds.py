"""Records of worlds that are not as a fit believes, each wrong in one way, and of the world that is.

A service is simulated and its records are kept as it would have kept them; a wrong world merges two truths
under one name, or edits what was written down. What chance an edit needs comes from the ids of the rows.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from careload.clinic import TABLES, Service, read_service, service_from
from careload.history import Records, RowCounts
from careload.measure import View, day_of
from careload.model.evidence import Evidence
from careload.simulate import as_records, run_logged

Tables = dict[str, pa.Table]
SERVICES = Path(__file__).parents[2] / "examples" / "services"
SPLIT_AT = 0.6
"""Share of the span of the records after which a change of system comes."""


def service_named(name: str) -> Service:
    """An example service by the name of its file."""
    return read_service(SERVICES / f"{name}.toml")


def evidence_of(tables: Tables) -> Evidence:
    """What a fit reads of tables as a service kept them, on the day of the last visit."""
    records = records_of(tables)
    return Evidence(View(records, day_of(records)))


def records_of(tables: Tables) -> Records:
    """Tables as accepted canonical records on an engine of their own."""
    backend = ibis.duckdb.connect()
    made = {name: backend.create_table(name, table) for name, table in tables.items() if len(table)}
    supplied = {name: _supplied(name, tables[name]) for name in made}
    counts = {name: RowCounts(len(tables[name]), len(tables[name])) for name in made}
    return Records("test", made, supplied, counts, (), backend)


def _supplied(name: str, table: pa.Table) -> frozenset[str]:
    return frozenset(
        each.name for each in TABLES[name].columns
        if each.rare or table[each.name].null_count < len(table)
    )


def as_kept(service: Service, years: float, seed: int) -> Tables:
    """The records of one run of a service."""
    return as_records(run_logged(service, years, seed), service)


def right(service: Service, years: float, seed: int) -> Tables:
    """The world as a fit believes it is."""
    return as_kept(service, years, seed)


def plans_vary(service: Service, years: float, seed: int) -> Tables:
    """A world as believed: a third of every need group is seen at shorter intervals, and is no sicker."""
    return _one_name(as_kept(_with_part(service, 1 / 3, {"cadence_days": 0.6}), years, seed))


def severity_left_out(service: Service, years: float, seed: int) -> Tables:
    """Of every need group two in five are frail: twice the visits, five times the hazards, under the same
    name."""
    frail = {"visits_needed": 2.0, "crisis_per_day": 5.0, "dropout_per_day": 5.0}
    return _one_name(as_kept(_with_part(service, 0.4, frail), years, seed))


def discharge_under_pressure(service: Service, years: float, seed: int) -> Tables:
    """Treatment is ended early, as completed, the likelier the more of the site's patients are overdue."""
    return _ended_early(as_kept(service, years, seed), 0.2)


def plans_follow_waits(service: Service, years: float, seed: int) -> Tables:
    """What is written as the plan is what the site has had to offer: its mean interval a month before."""
    return edited(as_kept(service, years, seed), appointments="""
        with held as (
            select patient, site, starts_at, datediff('day', lag(starts_at) over (
                partition by patient order by starts_at), starts_at) as gap
            from appointments where status = 'completed'),
        offered as (
            select site, date_trunc('month', starts_at) + interval 1 month as month, avg(gap) as gap
            from held group by all)
        select a.* replace (
            case when prescribed_interval_days is not null and gap is not null
            then cast(round(gap) as bigint) else prescribed_interval_days end as prescribed_interval_days)
        from appointments a left join offered o
        on a.site = o.site and date_trunc('month', a.starts_at) = o.month""")


def sicker_sooner(service: Service, years: float, seed: int) -> Tables:
    """A third of every need group is sicker: four times the crises, and seen at shorter intervals."""
    sick = {"crisis_per_day": 4.0, "cadence_days": 0.6}
    return _one_name(as_kept(_with_part(service, 1 / 3, sick), years, seed))


def rows_lost(service: Service, years: float, seed: int) -> Tables:
    """Of the appointments before a change of system a third was not taken over."""
    return edited(as_kept(service, years, seed), appointments=f"""
        select * from appointments where starts_at >= {_SPLIT} or {_chance("appointment", "lost")} > 1 / 3""")


def no_shows_renamed(service: Service, years: float, seed: int) -> Tables:
    """After a change of system two no-shows in three are written as cancelled by the patient."""
    return edited(as_kept(service, years, seed), appointments=f"""
        select * replace (
            case when status = 'no_show' and starts_at >= {_SPLIT}
                and {_chance("appointment", "word")} < 2 / 3
            then 'cancelled_by_patient' else status end as status) from appointments""")


def new_numbers(service: Service, years: float, seed: int) -> Tables:
    """A change of system gives everybody a new number."""
    tables = as_kept(service, years, seed)
    stamp = {"appointments": "starts_at", "referrals": "requested_at", "encounters": "starts_at"}
    return edited(tables, **{
        name: f"""select * replace (
            case when {column} >= {_SPLIT} then 'n' || patient else patient end as patient) from {name}"""
        for name, column in stamp.items()
    })


def plans_not_written_before(service: Service, years: float, seed: int) -> Tables:
    """Before a change of system no plan was written down."""
    return edited(as_kept(service, years, seed), appointments=f"""
        select * replace (
            case when starts_at >= {_SPLIT} then prescribed_interval_days end as prescribed_interval_days)
        from appointments""")


RIGHT: Mapping[str, Callable[[Service, float, int], Tables]] = {
    "right": right, "right, plans vary": plans_vary,
}
"""Worlds of which nothing must be told."""

WRONG: Mapping[str, tuple[Callable[[Service, float, int], Tables], str]] = {
    "severity left out": (severity_left_out, "hazards-differ"),
    "discharge under pressure": (discharge_under_pressure, "discharge-by-pressure"),
    "plans follow waits": (plans_follow_waits, "plans-follow-waits"),
    "sicker booked sooner": (sicker_sooner, "sicker-sooner"),
    "a third of rows lost before a date": (rows_lost, "change-of-system"),
    "other words after a date": (no_shows_renamed, "change-of-system"),
    "new numbers after a date": (new_numbers, "change-of-system"),
    "a column begins at a date": (plans_not_written_before, "change-of-system"),
}
"""Each wrong world, and the code of the finding that must tell it."""


def edited(tables: Tables, **queries: str) -> Tables:
    """Tables, some of them replaced by what a query over all of them gives."""
    with duckdb.connect() as engine:
        for name, table in tables.items():
            engine.register(name, table)
        made = {name: engine.sql(query).to_arrow_table() for name, query in queries.items()}
    return {**tables, **{name: table.cast(tables[name].schema) for name, table in made.items()}}


def _chance(column: str, cause: str) -> str:
    """A number from 0 to 1 for each id, in SQL."""
    return f"((hash({column} || '{cause}') % 1000003) / 1000003.0)"


_SPLIT = f"""(select min(starts_at) + {SPLIT_AT} * (max(starts_at) - min(starts_at))
    from appointments where status in ('completed', 'no_show'))"""
PART = " (part)"


def _with_part(service: Service, share: float, times: Mapping[str, float]) -> Service:
    """The service with each need group in two: a share of it has parameters so many times as large."""
    document: dict[str, Any] = copy.deepcopy(dict(service.document))
    for name, own in list(document["need"].items()):
        whole = own["arrivals_per_week"]
        part = copy.deepcopy(own)
        for need, of in ((own, 1 - share), (part, share)):
            need["arrivals_per_week"] = (
                {site: of * rate for site, rate in whole.items()} if isinstance(whole, dict) else of * whole
            )
        for parameter, factor in times.items():
            part[parameter] = _times(service["need"][name][parameter], factor)
        document["need"][name + PART] = part
    for own in document["profession"].values():
        own["treats"] = [*own["treats"], *(f"{need}{PART}" for need in own["treats"])]
    return service_from({"name": service.name, **document})


def _times(value: Any, factor: float) -> Any:
    return [max(1, round(each * factor)) for each in value] if isinstance(value, tuple | list) \
        else value * factor


def _one_name(tables: Tables) -> Tables:
    return edited(tables, patients=f"""
        select * replace (replace(need_group, '{PART}', '') as need_group) from patients""")


def _ended_early(tables: Tables, most: float) -> Tables:
    """Episodes closed as completed at a visit, with a chance of `most` in the worst month of the site, 0 in
    the best.

    Whatever followed in the episode did not happen.
    """
    with duckdb.connect() as engine:
        for name, table in tables.items():
            engine.register(name, table)
        engine.execute("""
            create table held as
            select a.patient, a.site, cast(a.starts_at as date) as day, e.episode, prescribed_interval_days,
                datediff('day', lag(a.starts_at) over w, a.starts_at) - lag(prescribed_interval_days) over w
                as late
            from appointments a join episodes e on a.patient = e.patient and
                cast(a.starts_at as date) between opened_on and coalesce(closed_on, date '9999-01-01')
            where a.status = 'completed' window w as (partition by e.episode order by a.starts_at)""")
        engine.execute("""
            create table pressure as
            with months as (
                select site, date_trunc('month', day) as month, avg(greatest(late, 0)) as late
                from held group by all)
            select *, percent_rank() over (partition by site order by late) as high from months""")
        engine.execute(f"""
            create table early as
            select h.episode, min(day) as day from held h join pressure p
            on h.site = p.site and date_trunc('month', h.day) = p.month
            where prescribed_interval_days is not null
                and {_chance("h.episode || cast(day as varchar)", "early")} < {most} * high
            group by h.episode""")
        episodes = engine.sql("""
            select e.* replace (coalesce(early.day, closed_on) as closed_on,
                case when early.day is not null then 'completed' else reason end as reason)
            from episodes e left join early on e.episode = early.episode""").to_arrow_table()
        gone = """select e.patient, early.day, coalesce(closed_on, date '9999-01-01') as until
            from early join episodes e on e.episode = early.episode"""
        kept = {
            name: engine.sql(f"""
                select * from {name} t where not exists (select 1 from ({gone}) g
                where g.patient = t.patient and cast({column} as date) > g.day
                    and cast({column} as date) <= g.until)""").to_arrow_table()
            for name, column in (("appointments", "starts_at"), ("encounters", "starts_at"))
        }
    found = {"episodes": episodes, **kept}
    return {**tables, **{name: table.cast(tables[name].schema) for name, table in found.items()}}
