"""How long patients wait, again, in slow and obvious Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

from tests.twin import plain_spans as plain
from tests.twin.plain_spans import Row, Tables
from tests.twin.plain_told import Told, share, spanned, timed


def return_interval(tables: Tables, as_of: date) -> Told:
    rows = spanned(tables, as_of)
    if not rows:
        return {}
    found = timed([(row["days"], row["outcome"]) for row in rows], (7, 14, 28, 56))
    own = Counter(row["patient"] for row in rows)
    weighted = [(row["days"], row["outcome"], (1_000_000 // own[row["patient"]]) / 1_000_000) for row in rows]
    people = round(sum(weight for _, _, weight in weighted))
    found["per_patient_median"] = (plain.quantile(weighted, 0.5), people)
    for day in (7, 14, 28, 56):
        value = plain.share_by(weighted, day)
        if value is not None:
            found[f"per_patient_seen_by_{day}"] = (value, people)
    waiting = [row["days"] for row in rows if row["event"] == "waiting"]
    found["in_care_median"] = (plain.lower_quantile(waiting, 0.5), len(waiting))
    found["in_care_p90"] = (plain.lower_quantile(waiting, 0.9), len(waiting))
    seen = [row["days"] for row in rows if row["event"] == "seen"]
    if seen:
        found["naive_median"] = (plain.lower_quantile(seen, 0.5), len(seen))
    return found


def lead_time(tables: Tables, as_of: date) -> Told:
    leads = [
        (row["day"] - row["booked_on"]).days
        for row in plain.due(tables, as_of)
        if row["status"] in ("completed", "no_show") and row["booked_on"] is not None
    ]
    return timed([(lead, "reached") for lead in leads if lead >= 0], (0, 7, 14, 28), "booked_by")


def return_beyond_prescribed(tables: Tables, as_of: date) -> Told:
    rows = []
    for row in spanned(tables, as_of):
        planned = row.get("prescribed_interval_days")
        if planned is None:
            continue
        ran_out = row["window"] > planned and not (row["event"] != "seen" and row["days"] <= planned)
        if ran_out:
            rows.append({**row, "beyond": row["days"] > planned})
    return {
        "raw": share(rows, lambda row: row["beyond"]),
        "not_approved": share(
            rows, lambda row: row["beyond"] and not row.get("longer_interval_approved_by_clinician")
        ),
    }


def second_visit_wait(tables: Tables, as_of: date) -> Told:
    rows = [row for row in spanned(tables, as_of) if row.get("kind") == "intake"]
    return timed([(row["days"], row["outcome"]) for row in rows], (7, 14, 28, 56))


def waits(column: str, days: tuple[int, ...], name: str = "seen_by") -> Callable[[Tables, date], Told]:
    """Wait from each request to the first `column` of an intake on or after its day."""

    def measure(tables: Tables, as_of: date) -> Told:
        rows = [end_of_request(row, tables, as_of, column) for row in requests(tables, as_of)]
        return timed(rows, days, name)

    return measure


def requests(tables: Tables, as_of: date) -> list[Row]:
    """Requests made by the day, but not those closed as seen without any appointment."""
    return [
        row
        for row in tables["referrals"]
        if row["requested_at"].date() <= as_of
        and not (seen_and_closed(row, as_of) and not answers(row, tables, as_of))
    ]


def seen_and_closed(request: Row, as_of: date) -> bool:
    closed = request.get("closed_on")
    return closed is not None and closed <= as_of and request.get("outcome") == "seen"


def answers(request: Row, tables: Tables, as_of: date) -> list[Row]:
    """Appointments that may answer the request: intakes from its day to the end of the wait."""
    over, _ = over_without_a_visit(request, tables, as_of)
    return [
        row
        for row in plain.appointments(tables, as_of)
        if row["patient"] == request["patient"]
        and row.get("kind") == "intake"
        and row["day"] >= request["requested_at"].date()
        and (over is None or row["day"] <= over)
    ]


def over_without_a_visit(request: Row, tables: Tables, as_of: date) -> tuple[date | None, str]:
    closed, died = request.get("closed_on"), None
    if closed is not None and (closed > as_of or request.get("outcome") == "seen"):
        closed = None
    for person in tables.get("patients", []):
        if person["patient"] == request["patient"] and person.get("died_on") and person["died_on"] <= as_of:
            died = person["died_on"]
    if died is not None and (closed is None or died < closed):
        return died, "open"
    lost = {"rejected": "closed", "gave_up": "lost", "unreachable": "lost"}
    return closed, lost.get(request.get("outcome") or "", "open")


def end_of_request(request: Row, tables: Tables, as_of: date, column: str) -> tuple[int, str]:
    asked = request["requested_at"].date()
    over, how = over_without_a_visit(request, tables, as_of)
    rows = all_intakes(request, tables, as_of)
    moments = [moment for row in rows for moment in stops_of(row, column, as_of)]
    ends = [moment for moment in moments if moment <= as_of]
    if ends and (over is None or min(ends) <= over):
        return max((min(ends) - asked).days, 0), "reached"
    if over is not None:
        return max((over - asked).days, 0), how
    return (as_of - asked).days, "open"


def all_intakes(request: Row, tables: Tables, as_of: date) -> list[Row]:
    return [
        row
        for row in plain.appointments(tables, as_of)
        if row["patient"] == request["patient"]
        and row.get("kind") == "intake"
        and row["day"] >= request["requested_at"].date()
    ]


def stops_of(row: Row, column: str, as_of: date) -> list[date]:
    attended = [row["day"]] if row["status"] == "completed" and row["day"] <= as_of else []
    offered = [row["first_offered_at"].date()] if row.get("first_offered_at") else []
    return {"attended": attended, "offered": offered + attended, "booked": [row["day"]]}[column]


def follow_up(kind: str) -> Callable[[Tables, date], Told]:
    def measure(tables: Tables, as_of: date) -> Told:
        rows = []
        rows = [(days, outcome) for _, days, outcome in followed_up(kind, tables, as_of)]
        return timed(rows, (7, 14, 30))

    return measure


def followed_up(kind: str, tables: Tables, as_of: date) -> list[tuple[date, int, str]]:
    """(day left, days, outcome) of every stay of that kind."""
    found = []
    for stay in tables["encounters"]:
        left = stay.get("ends_at") or (stay["starts_at"] if kind == "ed" else None)
        if stay["kind"] != kind or left is None or left.date() > as_of:
            continue
        days = [
            row["day"]
            for row in plain.visits(tables, as_of)
            if row["patient"] == stay["patient"] and row["starts_at"] >= left
        ]
        died = [
            person["died_on"]
            for person in tables.get("patients", [])
            if person["patient"] == stay["patient"] and person.get("died_on") and person["died_on"] <= as_of
        ]
        end = min(days or died or [as_of])
        found.append((left.date(), max((end - left.date()).days, 0), "reached" if days else "open"))
    return found


def prescribed_interval(tables: Tables, as_of: date) -> Told:
    planned = [row.get("prescribed_interval_days") for row in plain.visits(tables, as_of)]
    return timed([(days, "reached") for days in planned if days is not None], ())
