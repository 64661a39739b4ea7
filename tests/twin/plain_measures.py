"""Every measure again, in slow and obvious Python: name to statistic to (value, n)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.twin import plain_spans as plain
from tests.twin.plain_spans import Row, Tables

Told = dict[str, tuple[float | None, int]]
OUTCOME = {"seen": "reached", "discharged": "closed", "dropped": "lost"}


def share(rows: list[Row], hit: Callable[[Row], bool]) -> tuple[float | None, int]:
    return (sum(map(hit, rows)) / len(rows) if rows else None), len(rows)


def timed(rows: list[tuple[int, str]], days: tuple[int, ...], name: str = "seen_by") -> Told:
    weighted = [(day, outcome, 1.0) for day, outcome in rows]
    if not rows:
        return {}
    found: Told = {
        "median": (plain.quantile(weighted, 0.5), len(rows)),
        "p90": (plain.quantile(weighted, 0.9), len(rows)),
    }
    for day in days:
        value = plain.share_by(weighted, day)
        if value is not None:
            found[f"{name}_{day}"] = (value, len(rows))
    return found


def spanned(tables: Tables, as_of: date) -> list[Row]:
    return [{**row, "outcome": OUTCOME.get(row["event"], "open")} for row in plain.spans(tables, as_of)]


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


def no_show(tables: Tables, as_of: date) -> Told:
    held = [row for row in plain.due(tables, as_of) if row["status"] in ("completed", "no_show")]
    return {"share": share(held, lambda row: row["status"] == "no_show")}


def fate(status: str) -> Callable[[Tables, date], Told]:
    def measure(tables: Tables, as_of: date) -> Told:
        rows = [row for row in plain.due(tables, as_of) if row["status"] != "booked"]
        return {"share": share(rows, lambda row: row["status"] == status)}

    return measure


def lead_time(tables: Tables, as_of: date) -> Told:
    leads = [
        (row["day"] - row["booked_on"]).days
        for row in plain.due(tables, as_of)
        if row["status"] in ("completed", "no_show") and row["booked_on"] is not None
    ]
    return timed([(lead, "reached") for lead in leads if lead >= 0], (0, 7, 14, 28), "booked_by")


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


def return_beyond_prescribed(tables: Tables, as_of: date) -> Told:
    rows = []
    for row in spanned(tables, as_of):
        planned = row.get("prescribed_interval_days")
        if planned is None:
            continue
        ran_out = row["window"] > planned and not (row["event"] != "seen" and row["days"] <= planned)
        if ran_out:
            rows.append({**row, "beyond": row["days"] > planned and row["event"] != "discharged"})
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
    rows = in_care(tables, as_of)
    number = sum(row["patient"] not in booked for row in rows)
    return {"count": (number, len(rows)), "share": (number / len(rows) if rows else None, len(rows))}


def caseload(tables: Tables, as_of: date) -> Told:
    own = Counter(
        (row["clinician"], row.get("site"), row.get("profession"))
        for row in in_care(tables, as_of)
        if row.get("clinician") is not None
    )
    loads = list(own.values())
    return {
        "median": (plain.lower_quantile(loads, 0.5), len(loads)),
        "p90": (plain.lower_quantile(loads, 0.9), len(loads)),
        "mean": (sum(loads) / len(loads) if loads else None, len(loads)),
    }


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


def spell(start: date, stop: date | None, as_of: date) -> tuple[int, str]:
    ended = stop is not None and stop <= as_of
    return max(((stop if ended and stop else as_of) - start).days, 0), "reached" if ended else "open"


def ed_visits(tables: Tables, as_of: date) -> Told:
    first = min([row["starts_at"].date() for row in tables["appointments"]] + [as_of])
    days, events, people = 0, 0, set()
    for row in tables["episodes"]:
        died = [
            person["died_on"]
            for person in tables["patients"]
            if person["patient"] == row["patient"] and person.get("died_on")
        ]
        start, end = max(row["opened_on"], first), min([row.get("closed_on") or as_of, as_of, *died])
        if end <= start:
            continue
        days += (end - start).days
        people.add(row["patient"])
        events += sum(
            stay["kind"] == "ed"
            and stay["patient"] == row["patient"]
            and start <= stay["starts_at"].date() < end
            for stay in tables["encounters"]
        )
    return {"rate": (events * 36525 / days if days else None, len(people))}


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


def prescribed_interval(tables: Tables, as_of: date) -> Told:
    planned = [row.get("prescribed_interval_days") for row in plain.visits(tables, as_of)]
    return timed([(days, "reached") for days in planned if days is not None], ())


def longer_interval_approved(tables: Tables, as_of: date) -> Told:
    return {
        "share": share(
            plain.visits(tables, as_of), lambda row: bool(row.get("longer_interval_approved_by_clinician"))
        )
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


def restarted_clocks(tables: Tables, as_of: date) -> Told:
    return {"share": share(plain.due(tables, as_of), lambda row: row.get("replaces_appointment") is not None)}


TWINS: dict[str, Callable[[Tables, date], Told]] = {
    "return_interval": return_interval,
    "no_show": no_show,
    "overload": overload,
    "lead_time": lead_time,
    "cancellation_by_patient": fate("cancelled_by_patient"),
    "cancellation_by_clinic": fate("cancelled_by_clinic"),
    "contact_hours": hours("contact"),
    "non_contact_hours": hours("non_contact"),
    "after_hours": hours("after_hours"),
    "return_beyond_prescribed": return_beyond_prescribed,
    "second_visit_wait": second_visit_wait,
    "intake_wait": waits("attended", (7, 14, 28, 56)),
    "offered_wait": waits("offered", (7, 14, 28), "offered_by"),
    "booked_wait": waits("booked", (7, 14, 28), "booked_by"),
    "follow_up_after_ed": follow_up("ed"),
    "follow_up_after_discharge": follow_up("inpatient"),
    "overdue": overdue,
    "silent_backlog": silent_backlog,
    "caseload": caseload,
    "dose": dose,
    "dropout": dropout,
    "visits_per_episode": visits_per_episode,
    "episode_length": episode_length,
    "ed_visits": ed_visits,
    "same_clinician": same_clinician,
    "visits_per_week": weekly(lambda tables, as_of: [row["day"] for row in plain.visits(tables, as_of)]),
    "referrals_per_week": weekly(
        lambda tables, as_of: [
            row["requested_at"].date() for row in tables["referrals"] if row["requested_at"].date() <= as_of
        ],
        since="referrals",
    ),
    "prescribed_interval": prescribed_interval,
    "longer_interval_approved": longer_interval_approved,
    "new_to_return_ratio": new_to_return_ratio,
    "leaver_rate": leaver_rate,
    "tenure": tenure,
    "vacancy_rate": vacancy_rate,
    "time_to_fill": time_to_fill,
    "caseload_handed_over": caseload_handed_over,
    "burnout": survey("burned_out"),
    "intent_to_leave": survey("intend_to_leave"),
    "slot_fill": slot_fill,
    "third_next_available": third_next_available,
    "restarted_clocks": restarted_clocks,
}
