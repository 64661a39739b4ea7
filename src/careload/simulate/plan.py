"""A service as the numbers the compiled day runs on.

What is switched off is given the value at which it does nothing, so the day itself knows no switches.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from careload.clinic import BusinessCalendar, Service
from careload.simulate.kernel.chance import limit
from careload.simulate.kernel.records import (
    CELL,
    DAYS_SHOWN,
    FIRST_ROUTINE,
    LINES_OF_A_CELL,
    NEED,
    POOL,
    RULES,
    SITE,
    TEAM,
    Numbers,
    Plan,
    Records,
    Whole,
)
from careload.simulate.needs import DAYS_A_YEAR, if_on, log_survival, need_numbers, quantiles
from careload.simulate.start import cadences_of, mix_of, start_of_team

WEEKS_A_YEAR, WORKING_DAYS = 365.25 / 7, 5
WORKING_DAYS_A_YEAR = WEEKS_A_YEAR * WORKING_DAYS
NO_DAY = -1
Days = NDArray[np.datetime64]


def plan_of(service: Service, days: int, counted_from: int = 0) -> Plan:
    """The service as numbers, for a run of `days` days of which those from `counted_from` are counted."""
    cells = [(site, need) for site in range(len(service["site"])) for need in range(len(service["need"]))]
    teams = teams_by_site(service)
    team_records = _teams(service, teams)
    treats = _treats(service, teams, cells)
    arrivals = _arrivals(service, days)
    needs = _records([need_numbers(service, need) for need in service["need"].values()], NEED)
    mix, business = mix_of(service, teams, treats, arrivals), _business_days(service, days)
    team_records["start_longest"], team_records["start_late_days"] = cadences_of(
        team_records, needs, treats, mix)
    return Plan(
        rules=_rules(service, counted_from, _no_show(service)),
        teams=team_records,
        needs=needs,
        cells=_cells(service, team_records, treats, cells),
        sites=_sites(service, team_records),
        treats=treats,
        mix=mix,
        arrivals=arrivals,
        open=business & ~np.isin(_dates(service, days), _days_of(service["calendar"]["closed"])),
        # Business days up to and including each day, as a legal clock counts them.
        business=np.cumsum(business).astype(np.int32),
    )


def with_another_workforce(plan: Plan, service: Service) -> Plan:
    """The plan of a service that differs in `workforce` alone from the one of which there is a plan."""
    teams = plan.teams.copy()
    for place, name in enumerate(teams_by_site(service)):
        team = service["team"][name]
        profession, site = service["profession"][team["profession"]], service["site"][team["site"]]
        for field, value in _leaving_and_filling(service, profession, site["outside_pay_index"]).items():
            teams[field][place] = value
    rules = _rules(service, int(plan.rules["counted_from"]), plan.rules["no_show"])
    return plan._replace(rules=rules, teams=teams)


def teams_by_site(service: Service) -> list[str]:
    """Names of the teams, those of a site together, as the plan numbers them."""
    sites = list(service["site"])
    return sorted(service["team"], key=lambda name: sites.index(service["team"][name]["site"]))


def _records(rows: list[dict[str, Any]], dtype: np.dtype[Any]) -> Records:
    found = np.zeros(len(rows), dtype=dtype)
    for place, row in enumerate(rows):
        for name, value in row.items():
            found[name][place] = value
    return found


def _rules(service: Service, counted_from: int, no_show: NDArray[np.uint64]) -> np.void:
    workforce, policy = service["workforce"], service["policy"]
    exhausts = service["mechanisms"]["exhaustion"]
    strike_from, strike_to = _strike(service)
    found = _records([{
        "own_clinician": policy["own_clinician"],
        "rebook": policy["rebook_days"],
        "most_missed": policy["drop_after_no_shows"],
        "outside_after": policy["outside_after_days"],
        "exhaustion_start": workforce["exhaustion_start"] if exhausts else 0.0,
        "exhaustion_rise": workforce["exhaustion_rise"] if exhausts else 0.0,
        "exhaustion_kept": 1.0 - workforce["exhaustion_recovery"],
        "log_exhausted": math.log(workforce["leaving_if_exhausted"]),
        "if_new": workforce["leaving_if_new"],
        "hand_over_loss": limit(workforce["hand_over_loss"]),
        "notice": 7 * math.ceil(workforce["notice_weeks"]),
        "replaced_at_once": not service["mechanisms"]["hiring"],
        "ramp_days": if_on(service, "hiring", 7 * workforce["ramp_weeks"]),
        "ramp_from": workforce["ramp_from"],
        "sick": limit(workforce["sick_days_per_year"] / WORKING_DAYS_A_YEAR),
        "leave_rate": workforce["leave_days_per_year"] / WORKING_DAYS_A_YEAR,
        "strike": limit(service["calendar"]["strike_share"]),
        "strike_from": strike_from, "strike_to": strike_to,
        "new_share": service["start"]["new_share"], **quantiles("new_days", service["start"]["new_days"]),
        "new_caseload_days": service["start"]["new_caseload_days"],
        "new_overdue": service["start"]["new_overdue"],
        "first_exhaustion": min(1.0, service["start"]["exhaustion"] * workforce["exhaustion_start"])
        if exhausts else 0.0,
        "under_notice": service["start"]["under_notice"],
        "counted_from": counted_from, "no_show": no_show,
    }], RULES)
    return cast(np.void, found[0])


def _strike(service: Service) -> tuple[int, int]:
    first, last = service["calendar"]["strike_from"], service["calendar"]["strike_to"]
    origin: date = service["start"]["date"]
    return (NO_DAY, NO_DAY - 1) if first is None else ((first - origin).days, (last - origin).days)


def _teams(service: Service, teams: list[str]) -> Records:
    sites, professions, first = list(service["site"]), list(service["profession"]), 0
    rows: list[dict[str, Any]] = []
    for name in teams:
        team = service["team"][name]
        profession, site = service["profession"][team["profession"]], sites.index(team["site"])
        rows.append({
            "key": (site << 32) + 1 + sum(row["site"] == site for row in rows),
            "site": site, "profession": professions.index(team["profession"]),
            "first_post": first, "posts": team["posts"], "shares_slots": team["intake_slots"] == 0,
            "fte": team["fte"], **_template(service, team),
            "ceiling": service["policy"]["caseload_ceiling"] * team["fte"],
            **{key: profession[key] for key in (
                "visit_hours", "intake_hours", "group_hours", "note_hours", "missed_hours", "patient_hours",
                "fixed_hours", "paid_hours",
            )},
            **{way: if_on(service, "overload", profession[f"overflow_{way}"])
               for way in ("displaced", "unpaid", "undone")},
            **_leaving_and_filling(service, profession, service["site"][team["site"]]["outside_pay_index"]),
            **start_of_team(service, team),
        })
        rows[-1]["start_before"] = sum(
            row["start_patients"] * (row["posts"] - row["vacant"]) for row in rows[:-1] if row["site"] == site
        )
        first += team["posts"]
    return _records(rows, TEAM)


def _template(service: Service, team: Mapping[str, Any]) -> dict[str, float]:
    """Slots per working day, by kind."""
    policy = service["policy"]
    protected, returns = policy["protected_intake"], team["return_slots"] * (1 + policy["overbooking"])
    sessions = if_on(service, "groups", team["group_sessions"])
    weekly = team["intake_slots"] + returns + sessions * team["group_seats"]
    return {
        "seats": team["group_seats"], "weekly_slots": max(weekly, 1e-6),
        "crisis_rate": team["crisis_slots"] / WORKING_DAYS,
        "intake_rate": team["intake_slots"] * protected / WORKING_DAYS,
        "open_rate": team["intake_slots"] * (1 - protected) / WORKING_DAYS,
        "return_rate": returns / WORKING_DAYS,
        "session_rate": sessions / WORKING_DAYS,
    }


def _leaving_and_filling(service: Service, profession: Mapping[str, Any], index: float) -> dict[str, float]:
    """Hazard of leaving per week at no exhaustion; logarithm of the chance that a post stays vacant a day."""
    workforce = service["workforce"]
    pay = profession["pay_per_year"] / (profession["outside_pay_per_year"] * index)
    leaving = workforce["leaving_per_year"] * workforce["quit_index"] / WEEKS_A_YEAR
    leaving *= pay ** workforce["pay_elasticity"]
    filled = 1 / workforce["days_to_fill"] * pay ** workforce["hiring_elasticity"]
    return {"leaving": if_on(service, "leaving", leaving), "filling": log_survival(min(filled, 1 - 1e-12))}


def _sites(service: Service, teams: Records) -> Records:
    posts = [int(teams["posts"][teams["site"] == site].sum()) for site in range(len(service["site"]))]
    return _records([{
        "first_post": sum(posts[:place]), "posts": posts[place],
        "outside": if_on(service, "demand", site["outside_per_week"]) / WORKING_DAYS,
    } for place, site in enumerate(service["site"].values())], SITE)


def _treats(service: Service, teams: list[str], cells: list[tuple[int, int]]) -> Whole:
    needs, sites = list(service["need"]), list(service["site"])
    found = np.zeros((len(teams), len(needs) + 1), dtype=np.int32)
    for place, name in enumerate(teams):
        team = service["team"][name]
        treated = service["profession"][team["profession"]]["treats"]
        site = sites.index(team["site"])
        own = [cell for cell, (where, need) in enumerate(cells) if where == site and needs[need] in treated]
        found[place, 0], found[place, 1: 1 + len(own)] = len(own), own
    return found


def _cells(service: Service, teams: Records, treats: Whole, cells: list[tuple[int, int]]) -> Records:
    names, rows = list(service["site"]), []
    sites, needs = list(service["site"].values()), list(service["need"].values())
    for cell, (site, need) in enumerate(cells):
        where, own = names[site], needs[need]
        treating = [team for team in range(len(teams)) if cell in treats[team, 1: 1 + treats[team, 0]]]
        # One line for all where visits belong to nobody, no slot is kept, and first waits decide nothing.
        told = sites[site]["outside_per_week"], if_on(service, "demand", own["referrals_per_wait"])
        alike = not service["policy"]["own_clinician"] and all(teams["shares_slots"][t] for t in treating)
        shared = alike and not any(told)
        line = cell * LINES_OF_A_CELL + (POOL if shared else FIRST_ROUTINE)
        ratio = own["waiting_ratio"].get(where, 1.0)
        away = if_on(service, "demand", own["away"].get(where, 0.0))
        rows.append({
            "site": site, "need": need, "first": line, "start_away": round(away),
            "start_waiting": round(own["waiting"].get(where, 0)),
            "start_waited": max(1, round(7 * own["waiting_weeks"] * ratio)),
            "waiting_put_off": own["waiting_put_off_days"] * ratio,
        })
    return _records(rows, CELL)


def _arrivals(service: Service, days: int) -> Numbers:
    """Mean number of referrals by day and cell: weekday, season, trend."""
    columns, sites, day = [], list(service["site"]), np.arange(days)
    dates = _dates(service, days)
    of_year = (dates - dates.astype("datetime64[Y]").astype(dates.dtype)).astype(np.int64) + 1
    for need in service["need"].values():
        weights = np.array(need["weekday_weights"])
        share = np.tile(weights / weights.sum(), days // 7 + 1)[:days]
        season = 1 + need["season_amplitude"] * np.cos(
            2 * math.pi * (of_year - need["season_peak_day"]) / DAYS_A_YEAR
        )
        trend = (1 + need["trend_per_year"]) ** (day / DAYS_A_YEAR)
        columns.append(share * season * trend)
    weekly = [need["arrivals_per_week"] for need in service["need"].values()]
    rates = [[each.get(site, 0.0) for each in weekly] for site in sites]
    found = np.concatenate([np.array(rate) * np.array(columns).T for rate in rates], axis=1)
    return np.ascontiguousarray(found)


def _dates(service: Service, days: int) -> Days:
    """(days,) the dates of a run."""
    return np.asarray(np.datetime64(service["start"]["date"], "D") + np.arange(days))


def _days_of(dates: Iterable[date]) -> Days:
    return np.array(sorted(dates), dtype="datetime64[D]")


def _business_days(service: Service, days: int) -> NDArray[np.bool_]:
    """(days,) whether each is a weekday and no public holiday."""
    calendar = BusinessCalendar(service["calendar"]["country"], service["calendar"]["subdivision"])
    first: date = service["start"]["date"]
    years = range(first.year, (first + timedelta(days=days)).year + 1)
    holidays = _days_of(day for year in years for day in calendar.holidays(year))
    return np.is_busday(_dates(service, days), holidays=holidays)


def _no_show(service: Service) -> NDArray[np.uint64]:
    """Limit of missing a visit by lead time: soon + (late - soon) (1 - exp(-lead / scale))."""
    parameters = service["no_show"]
    lead = np.arange(DAYS_SHOWN) * if_on(service, "lead_time", 1.0)
    grown = 1 - np.exp(-lead / parameters["scale_days"])
    return np.array([
        [limit(p) for p in parameters[f"{kind}_soon"]
         + (parameters[f"{kind}_late"] - parameters[f"{kind}_soon"]) * grown]
        for kind in ("intake", "return")
    ], dtype=np.uint64)
