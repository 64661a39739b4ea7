"""What clinicians carry, again, in slow and obvious Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.twin import plain_spans as plain
from tests.twin.plain_care import in_care
from tests.twin.plain_spans import Row, Tables
from tests.twin.plain_told import Told, share, spanned, spell, timed


def overload(tables: Tables, as_of: date) -> Told:
    due = paid = 0
    clinicians = set()
    for row in tables["hours"]:
        work = row.get("worked")
        if work is None and row.get("contact") is not None and row.get("non_contact") is not None:
            work = row["contact"] + row["non_contact"]
        if row["week_start"] > as_of or work is None or not row.get("paid"):
            continue
        due += int((work + (row.get("after_hours") or 0)) * 60 + 0.5)
        paid += int(row["paid"] * 60 + 0.5)
        clinicians.add(row["clinician"])
    return {"ratio": (due / paid if paid else None, len(clinicians))}


def hours(column: str) -> Callable[[Tables, date], Told]:
    def measure(tables: Tables, as_of: date) -> Told:
        rows = [
            row
            for row in tables["hours"]
            if row["week_start"] <= as_of
            and row.get(column) is not None
            and (row.get("paid") is None or row["paid"] > 0)
        ]
        minutes = sum(int(row[column] * 60 + 0.5) for row in rows)
        return {"mean": (minutes / len(rows) / 60 if rows else None, len({row["clinician"] for row in rows}))}

    return measure


def caseload(tables: Tables, as_of: date) -> Told:
    own = Counter(
        row["clinician"] for row in in_care(tables, as_of) if row.get("clinician") is not None
    )
    loads = list(own.values())
    return {
        "median": (plain.lower_quantile(loads, 0.5), len(loads)),
        "p90": (plain.lower_quantile(loads, 0.9), len(loads)),
        "mean": (sum(loads) / len(loads) if loads else None, len(loads)),
    }


def new_to_return_ratio(tables: Tables, as_of: date) -> Told:
    rows = [row for row in plain.visits(tables, as_of) if row.get("clinician") is not None]
    new = sum(row.get("kind") == "intake" for row in rows)
    back = [row for row in rows if row.get("kind") == "return"]
    own = {row["clinician"] for row in rows if row.get("kind") in ("intake", "return")}
    return {"ratio": (new / len(back) if back else None, len(own))}


def leaver_rate(tables: Tables, as_of: date) -> Told:
    start, days, left = as_of - timedelta(365), 0, 0
    for row in tables["clinicians"]:
        if row.get("hired_on") is None:
            continue
        here = (min(row.get("left_on") or as_of, as_of) - max(row["hired_on"], start)).days
        if here > 0:
            days += here
            left += bool(row.get("left_on") and start < row["left_on"] <= as_of)
    return {"rate": (left * 36525 / days if days else None, left)}


def tenure(tables: Tables, as_of: date) -> Told:
    rows = [row for row in tables["clinicians"] if row.get("hired_on") and row["hired_on"] <= as_of]
    return timed(
        [spell(row["hired_on"], row.get("left_on"), as_of) for row in rows], (182, 365, 730), "left_by"
    )


def vacancy_rate(tables: Tables, as_of: date) -> Told:
    held = sum(
        (row.get("hired_on") is None or row["hired_on"] <= as_of)
        and (row.get("left_on") is None or row["left_on"] > as_of)
        for row in tables["clinicians"]
    )
    vacant = sum(
        row["vacant_from"] <= as_of and (row.get("filled_on") is None or row["filled_on"] > as_of)
        for row in tables["posts"]
    )
    posts = held + vacant
    return {"count": (vacant, posts), "share": (vacant / posts if posts else None, posts)}


def time_to_fill(tables: Tables, as_of: date) -> Told:
    rows = [row for row in tables["posts"] if row["vacant_from"] <= as_of]
    return timed(
        [spell(row["vacant_from"], row.get("filled_on"), as_of) for row in rows], (90, 182, 274), "filled_by"
    )


def caseload_handed_over(tables: Tables, as_of: date) -> Told:
    left = {
        row["clinician"]: row["left_on"]
        for row in tables["clinicians"]
        if row.get("left_on") and as_of - timedelta(365) < row["left_on"] <= as_of
    }
    rows = []
    for row in spanned(tables, as_of):
        if row.get("clinician") not in left:
            continue
        gone = (left[row["clinician"]] - row["day"]).days
        if 0 <= gone < row["days"]:
            rows.append((row["days"] - gone, row["outcome"]))
    return timed(rows, (14, 28, 56))


def survey(column: str) -> Callable[[Tables, date], Told]:
    def measure(tables: Tables, as_of: date) -> Told:
        rows = [row for row in tables["surveys"] if row["asked_on"] <= as_of and row.get(column) is not None]
        last = max((row["asked_on"] for row in rows), default=None)
        rows = [row for row in rows if row["asked_on"] == last]
        answered = sum(row["answered"] for row in rows)
        return {"share": (sum(row[column] for row in rows) / answered, answered)} if answered else {}

    return measure


def slot_fill(tables: Tables, as_of: date) -> Told:
    rows = [
        row for row in tables["slots"] if row["starts_at"].date() <= as_of and row.get("status") != "blocked"
    ]
    own: dict[Any, list[Row]] = defaultdict(list)
    for row in plain.due(tables, as_of):
        if row.get("clinician") is not None:
            own[row["clinician"], row["starts_at"]].append(row)

    def in_it(slot: Row) -> list[Row]:
        return own[slot.get("clinician"), slot["starts_at"]]

    def held(slot: Row) -> bool:
        return any(row["status"] == "completed" for row in in_it(slot))

    def late(row: Row) -> bool:
        if row["status"] == "no_show":
            return True
        cancelled = plain.day_of(row.get("cancelled_at"))
        return (
            row["status"].startswith("cancelled")
            and cancelled is not None
            and (row["day"] - cancelled).days <= 1
        )

    return {
        "booked": share(
            rows,
            lambda slot: (
                slot.get("status") == "busy"
                or any(row["status"] in ("completed", "no_show", "booked") for row in in_it(slot))
            ),
        ),
        "held": share(rows, held),
        "lost_late": share(rows, lambda slot: not held(slot) and any(map(late, in_it(slot)))),
    }


def third_next_available(tables: Tables, as_of: date) -> Told:
    ahead: dict[str, list[Row]] = defaultdict(list)
    for row in tables["slots"]:
        if row["starts_at"].date() > as_of and row.get("clinician") is not None:
            ahead[row["clinician"]].append(row)
    rows = []
    for slots in ahead.values():
        free = sorted(slot["starts_at"] for slot in slots if slot.get("status") == "free")
        last = max(slot["starts_at"] for slot in slots)
        end = free[2] if len(free) > 2 else last
        rows.append(((end.date() - as_of).days, "reached" if len(free) > 2 else "open"))
    return timed(rows, ())
