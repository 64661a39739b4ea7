"""The records as they stood on a day, in slow and obvious Python. Imports nothing of the rooms it checks."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]


def day_of(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def appointments(tables: Tables, as_of: date) -> list[Row]:
    """Appointments known on the day, with the status they had then."""
    known = []
    for row in tables["appointments"]:
        day, booked = row["starts_at"].date(), day_of(row.get("booked_at"))
        cancelled = row["status"] in ("cancelled_by_patient", "cancelled_by_clinic")
        if day > as_of and booked is not None and booked > as_of:
            continue
        if day > as_of and booked is None and not cancelled and row["status"] != "booked":
            continue
        status = row["status"]
        if day > as_of:
            cancelled_on = day_of(row.get("cancelled_at"))
            gone = cancelled and (cancelled_on is None or cancelled_on <= as_of)
            status = status if gone else "booked"
        known.append({**row, "day": day, "booked_on": booked, "status": status})
    return known


def due(tables: Tables, as_of: date) -> list[Row]:
    return [row for row in appointments(tables, as_of) if row["day"] <= as_of]


def visits(tables: Tables, as_of: date) -> list[Row]:
    return [row for row in due(tables, as_of) if row["status"] == "completed"]


def booked_ahead(tables: Tables, as_of: date) -> set[str]:
    """Patients with an appointment still to come."""
    return {
        row["patient"]
        for row in appointments(tables, as_of)
        if row["day"] > as_of and row["status"] == "booked"
    }


def closures(tables: Tables, as_of: date) -> dict[str, list[tuple[date, str]]]:
    """Days on which each patient's care ended, and how."""
    found: dict[str, list[tuple[date, str]]] = defaultdict(list)
    episodes = tables.get("episodes", [])
    for row in episodes:
        closed = row.get("closed_on")
        if closed is None or closed > as_of:
            continue
        goes_on = any(
            other["patient"] == row["patient"]
            and other["opened_on"] <= closed
            and (other.get("closed_on") is None or other["closed_on"] > closed)
            for other in episodes
        )
        if not goes_on:
            how = {"completed": "discharged", "dropped": "dropped"}.get(row.get("reason") or "", "ended")
            found[row["patient"]].append((closed, how))
    for row in tables.get("patients", []):
        if row.get("died_on") and row["died_on"] <= as_of:
            found[row["patient"]].append((row["died_on"], "ended"))
    return found


def tie_break(row: Row) -> str:
    parts = [row.get(name) or "" for name in ("appointment", "clinician", "site", "profession", "kind")]
    return hashlib.md5("|".join(parts).encode()).hexdigest()


def spans(tables: Tables, as_of: date) -> list[Row]:
    """The visit that opens each span, with `event`, `days`, `next_clinician` and `window`."""
    seen: dict[str, list[Row]] = defaultdict(list)
    for row in visits(tables, as_of):
        seen[row["patient"]].append(row)
    ends = closures(tables, as_of)
    found = []
    for patient, rows in seen.items():
        rows.sort(key=lambda row: (row["starts_at"], tie_break(row)))
        for place, row in enumerate(rows):
            later = rows[place + 1] if place + 1 < len(rows) else None
            if later is not None and later["day"] == row["day"]:
                continue
            end = min((each for each in ends[patient] if each[0] >= row["day"]), default=None)
            opens = whole_day([each for each in rows if each["day"] == row["day"]])
            found.append({**opens, **what_came_next(row, later, end, as_of)})
    if "planned_only" in tables:
        ahead = booked_ahead(tables, as_of)
        return [row for row in found if row["event"] != "waiting" or has_plan(row) or row["patient"] in ahead]
    return found


def whole_day(rows: list[Row]) -> Row:
    """The last visit of a day, with what those before it that day tell."""
    last = dict(rows[-1])
    if any(row.get("kind") == "intake" for row in rows):
        last["kind"] = "intake"
    written = [row.get("prescribed_interval_days") for row in rows]
    plans = [days for days in written if days is not None]
    if plans and last.get("prescribed_interval_days") is None:
        last["prescribed_interval_days"] = min(plans)
    if any(row.get("longer_interval_approved_by_clinician") for row in rows):
        last["longer_interval_approved_by_clinician"] = True
    return last


def has_plan(row: Row) -> bool:
    prescribed = row.get("prescribed_interval_days")
    return prescribed is not None and row["window"] <= prescribed + 90


def what_came_next(row: Row, later: Row | None, end: tuple[date, str] | None, as_of: date) -> Row:
    if end is not None and (later is None or end[0] < later["day"]):
        event, day, clinician = end[1], end[0], None
    elif later is not None:
        event, day, clinician = "seen", later["day"], later.get("clinician")
    else:
        event, day, clinician = "waiting", as_of, None
    return {
        "event": event,
        "days": (day - row["day"]).days,
        "next_clinician": clinician,
        "window": (as_of - row["day"]).days,
    }


def incidence(rows: Iterable[tuple[int, str, float]]) -> list[tuple[int, float, float, float, float]]:
    """(day, reached, closed, lost, waiting) from rows of (day, outcome, weight), one step at a time."""
    rows = sorted(rows)
    at_risk = sum(weight for _, _, weight in rows)
    waiting, reached, closed, lost = 1.0, 0.0, 0.0, 0.0
    steps = []
    for day in sorted({day for day, _, _ in rows}):
        here = [(outcome, weight) for when, outcome, weight in rows if when == day]
        number = {
            kind: sum(w for k, w in here if k == kind) for kind in ("reached", "closed", "lost", "open")
        }
        reached += waiting * number["reached"] / at_risk
        closed += waiting * number["closed"] / at_risk
        lost += waiting * number["lost"] / at_risk
        waiting *= 1 - (number["reached"] + number["closed"] + number["lost"]) / at_risk
        at_risk -= sum(number.values())
        steps.append((day, reached, closed, lost, waiting))
    return steps


def quantile(rows: list[tuple[int, str, float]], q: float) -> int | None:
    """First day by which a share q of those not closed was reached."""
    for day, reached, closed, _, _ in incidence(rows):
        if closed < 1 and reached / (1 - closed) >= q - 1e-12:
            return day
    return None


def share_by(rows: list[tuple[int, str, float]], day: int) -> float | None:
    """Share reached by `day` among those not closed; None where the records do not reach that far."""
    steps = incidence(rows)
    if not steps or (day > steps[-1][0] and steps[-1][4] >= 1e-12):
        return None
    passed = [step for step in steps if step[0] <= day]
    if not passed:
        return 0.0
    return passed[-1][1] / (1 - passed[-1][2]) if passed[-1][2] < 1 else None


def lower_quantile(values: list[int], q: float) -> int | None:
    """First value by which a share q of all is reached."""
    values = sorted(values)
    return next((v for place, v in enumerate(values, 1) if place >= q * len(values) - 1e-9), None)
