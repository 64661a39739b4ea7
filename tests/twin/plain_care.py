"""Appointments and courses of care, again, in slow and obvious Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from tests.twin import plain_spans as plain
from tests.twin.plain_spans import Row, Tables
from tests.twin.plain_told import Told, share, spell, timed


def no_show(tables: Tables, as_of: date) -> Told:
    held = [row for row in plain.due(tables, as_of) if row["status"] in ("completed", "no_show")]
    return {"share": share(held, lambda row: row["status"] == "no_show")}


def fate(status: str) -> Callable[[Tables, date], Told]:
    def measure(tables: Tables, as_of: date) -> Told:
        rows = [row for row in plain.due(tables, as_of) if row["status"] != "booked"]
        return {"share": share(rows, lambda row: row["status"] == status)}

    return measure


def in_care(tables: Tables, as_of: date) -> list[Row]:
    return [row for row in plain.spans(tables, as_of) if row["event"] == "waiting"]


def overdue(tables: Tables, as_of: date) -> Told:
    rows = [row for row in in_care(tables, as_of) if row.get("prescribed_interval_days") is not None]
    late = [row["days"] - row["prescribed_interval_days"] for row in rows]
    late = [days for days in late if days > 0]
    return {
        "count": (len(late), len(rows)),
        "share": (len(late) / len(rows) if rows else None, len(rows)),
        "median": (plain.lower_quantile(late, 0.5), len(rows)),
        "p90": (plain.lower_quantile(late, 0.9), len(rows)),
    }


def silent_backlog(tables: Tables, as_of: date) -> Told:
    booked = plain.booked_ahead(tables, as_of)
    people = [row["patient"] for row in in_care(tables, as_of)]
    people += sorted(not_seen_yet(tables, as_of) - set(people))
    number = sum(patient not in booked for patient in people)
    return {"count": (number, len(people)), "share": (number / len(people) if people else None, len(people))}


def not_seen_yet(tables: Tables, as_of: date) -> set[str]:
    """Patients with an open episode and no visit since its first day."""
    visits = plain.visits(tables, as_of)
    dead = {
        row["patient"] for row in tables.get("patients", []) if row.get("died_on") and row["died_on"] <= as_of
    }
    return {
        row["patient"]
        for row in tables["episodes"]
        if row["opened_on"] <= as_of and (row.get("closed_on") is None or row["closed_on"] > as_of)
        and not any(v["patient"] == row["patient"] and v["day"] >= row["opened_on"] for v in visits)
    } - dead


def dose(tables: Tables, as_of: date) -> Told:
    seen: dict[str, list[Row]] = defaultdict(list)
    for row in plain.visits(tables, as_of):
        seen[row["patient"]].append(row)
    doses = []
    for rows in seen.values():
        intakes = [row["day"] for row in rows if row.get("kind") == "intake"]
        if intakes and min(intakes) + timedelta(84) <= as_of:
            doses.append(sum(min(intakes) <= row["day"] < min(intakes) + timedelta(84) for row in rows))
    return {"mean": (sum(doses) / len(doses) if doses else None, len(doses))}


def ended_episodes(tables: Tables, as_of: date) -> list[Row]:
    return [row for row in tables["episodes"] if row.get("closed_on") and row["closed_on"] <= as_of]


def dropout(tables: Tables, as_of: date) -> Told:
    return {"share": share(ended_episodes(tables, as_of), lambda row: row.get("reason") == "dropped")}


def visits_per_episode(tables: Tables, as_of: date) -> Told:
    rows = ended_episodes(tables, as_of)
    held = sum(
        visit["patient"] == row["patient"] and row["opened_on"] <= visit["day"] <= row["closed_on"]
        for row in rows
        for visit in plain.visits(tables, as_of)
    )
    return {"mean": (held / len(rows) if rows else None, len({row["patient"] for row in rows}))}


def episode_length(tables: Tables, as_of: date) -> Told:
    rows = [
        spell(row["opened_on"], row.get("closed_on"), as_of)
        for row in tables["episodes"]
        if row["opened_on"] <= as_of
    ]
    return timed(rows, (84, 182, 364), "closed_by")


def ed_visits(tables: Tables, as_of: date) -> Told:
    first = min([row["starts_at"].date() for row in tables["appointments"]] + [as_of])
    in_care: set[tuple[str, date]] = set()
    for row in tables["episodes"]:
        died = [
            person["died_on"]
            for person in tables["patients"]
            if person["patient"] == row["patient"] and person.get("died_on")
        ]
        start, end = max(row["opened_on"], first), min([row.get("closed_on") or as_of, as_of, *died])
        in_care |= {(row["patient"], start + timedelta(day)) for day in range((end - start).days)}
    events = sum(
        stay["kind"] == "ed" and (stay["patient"], stay["starts_at"].date()) in in_care
        for stay in tables["encounters"]
    )
    people = {patient for patient, _ in in_care}
    return {"rate": (events * 36525 / len(in_care) if in_care else None, len(people))}


def same_clinician(tables: Tables, as_of: date) -> Told:
    rows = [
        row
        for row in plain.spans(tables, as_of)
        if row["event"] == "seen" and row.get("clinician") is not None and row["next_clinician"] is not None
    ]
    return {"share": share(rows, lambda row: row["clinician"] == row["next_clinician"])}


def weekly(days: Callable[[Tables, date], list[date]], since: str = "") -> Callable[[Tables, date], Told]:
    """Per complete week; `since` names a table whose records may begin later than the appointments."""

    def measure(tables: Tables, as_of: date) -> Told:
        first = min([row["starts_at"].date() for row in tables["appointments"]] + [as_of])
        if since:
            first = max(first, min([row["requested_at"].date() for row in tables[since]] + [as_of]))
        while first.weekday():
            first += timedelta(1)
        weeks = (as_of + timedelta(1) - first).days // 7
        if weeks < 1:
            return {}
        inside = [day for day in days(tables, as_of) if first <= day < first + timedelta(7 * weeks)]
        return {"mean": (len(inside) / weeks, weeks)}

    return measure


def longer_interval_approved(tables: Tables, as_of: date) -> Told:
    return {
        "share": share(
            plain.visits(tables, as_of), lambda row: bool(row.get("longer_interval_approved_by_clinician"))
        )
    }


def restarted_clocks(tables: Tables, as_of: date) -> Told:
    return {"share": share(plain.due(tables, as_of), lambda row: row.get("replaces_appointment") is not None)}
