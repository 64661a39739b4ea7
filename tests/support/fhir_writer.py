"""Canonical rows to a folder of FHIR R4 NDJSON from which `careload.history.fhir` reads the same rows.

What R4 has no element for goes into extensions `urn:careload:<name>`; tables without a resource
go into Basic, one resource per row. docs/fhir.md lists them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

URN = "urn:careload:"
ABSENT = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
CARRIED = ("leaves", "posts", "hours", "outcomes", "surveys")

Row = Mapping[str, Any]
Resource = dict[str, Any]


def write_fhir(folder: Path, tables: Mapping[str, Any]) -> Path:
    """Write canonical tables (rows as dicts, Arrow or Ibis tables) as one NDJSON file per resource type."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, list[str]] = {}
    for resource in resources({name: _rows(table) for name, table in tables.items()}):
        files.setdefault(resource["resourceType"], []).append(json.dumps(resource, ensure_ascii=False))
    for kind, lines in files.items():
        (folder / f"{kind}.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def resources(tables: Mapping[str, Sequence[Row]]) -> Iterator[Resource]:
    """Every resource of the tables; sites become one Location each, slots share their Schedules."""
    makers = {
        "appointments": _appointment, "encounters": _encounter, "episodes": _episode,
        "referrals": _referral, "patients": _patient, "slots": _slot,
    }
    for name, make in makers.items():
        yield from (_without_nulls(make(row)) for row in tables.get(name, ()))
    for row in tables.get("clinicians", ()):
        yield from (_without_nulls(resource) for resource in (_practitioner(row), _role(row)))
    places = {row["site"] for rows in tables.values() for row in rows if row.get("site") is not None}
    yield from ({"resourceType": "Location", "id": _site_id(site), "name": site} for site in sorted(places))
    held = {(row.get("clinician"), row.get("site")) for row in tables.get("slots", ())}
    yield from (_without_nulls(_schedule(*pair)) for pair in sorted(held, key=str))
    for name in CARRIED:
        yield from (_basic(name, row) for row in tables.get(name, ()))


def _rows(table: Any) -> Sequence[Row]:
    if hasattr(table, "to_pyarrow"):
        table = table.to_pyarrow()
    return table.to_pylist() if hasattr(table, "to_pylist") else table


# One function per resource


def _appointment(row: Row) -> Resource:
    status, reason = {
        "completed": ("fulfilled", None), "no_show": ("noshow", None), "booked": ("booked", None),
        "cancelled_by_patient": ("cancelled", "pat"), "cancelled_by_clinic": ("cancelled", "prov"),
    }[row["status"]]
    system = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
    return {
        "resourceType": "Appointment",
        **_id(row.get("appointment")),
        "status": status,
        "cancelationReason": reason and {"coding": [{"system": system, "code": reason}]},
        "created": _instant(row.get("booked_at")),
        **_span(row),
        "participant": [
            {"actor": actor, "status": "accepted"}
            for actor in (_to("Patient", row["patient"]), _to("Practitioner", row.get("clinician")),
                          _site(row.get("site")))
            if actor
        ],
        "extension": [
            *_cell("kind", "Code", row.get("kind")),
            *_cell("modality", "String", row.get("modality")),
            *_cell("profession", "String", row.get("profession"), absent=True),
            *_cell("site", "String", None, absent=row.get("site") is None),
            *_cell("requested-at", "DateTime", _instant(row.get("requested_at"))),
            *_cell("cancelled-at", "DateTime", _instant(row.get("cancelled_at"))),
            *_cell("first-offered-at", "DateTime", _instant(row.get("first_offered_at"))),
            *_cell("offer-declined", "Boolean", row.get("offer_declined")),
            *_cell("replaces", "Reference", _to("Appointment", row.get("replaces_appointment"))),
            *_cell("prescribed-interval-days", "Integer", row.get("prescribed_interval_days")),
            *_cell("longer-interval-approved-by-clinician", "Boolean",
                   row.get("longer_interval_approved_by_clinician")),
            *_cell("group-id", "String", row.get("group_id")),
            *_minutes(row),
        ],
    }


def _encounter(row: Row) -> Resource:
    kind = row["kind"]
    return {
        "resourceType": "Encounter",
        **_id(row.get("encounter")),
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                  "code": "IMP" if kind == "inpatient" else "EMER"},
        "subject": _to("Patient", row["patient"]),
        "period": {"start": _instant(row["starts_at"]), "end": _instant(row.get("ends_at"))},
        "extension": _cell("kind", "Code", "crisis" if kind == "crisis" else None),
    }


def _episode(row: Row) -> Resource:
    reason, closed = row.get("reason"), row.get("closed_on")
    own = None if reason == "completed" or (reason is None and closed is None) else reason or "unknown"
    return {
        "resourceType": "EpisodeOfCare",
        **_id(row.get("episode")),
        "status": "active" if reason is None and closed is None else "finished",
        "patient": _to("Patient", row["patient"]),
        "period": {"start": _day(row["opened_on"]), "end": _day(closed)},
        "extension": _cell("reason", "Code", own),
    }


def _referral(row: Row) -> Resource:
    outcome = row.get("outcome")
    status = {None: "active", "seen": "completed"}.get(outcome, "revoked")
    site = _site(row.get("site"))
    return {
        "resourceType": "ServiceRequest",
        **_id(row.get("referral")),
        "status": status,
        "intent": "order",
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}]}],
        "subject": _to("Patient", row["patient"]),
        "authoredOn": _instant(row["requested_at"]),
        "occurrenceDateTime": _day(row.get("preferred_date")),
        "priority": "stat" if row.get("urgency") == "emergency" else row.get("urgency"),
        "performerType": row.get("profession") and {"text": row["profession"]},
        "locationReference": [site] if site else None,
        "extension": [
            *_cell("closed-on", "Date", _day(row.get("closed_on"))),
            *_cell("outcome", "Code", outcome if outcome not in (None, "seen", "rejected") else None),
        ],
    }


def _patient(row: Row) -> Resource:
    year = row.get("birth_year")
    return {
        "resourceType": "Patient",
        **_id(row["patient"]),
        "birthDate": None if year is None else f"{year:04d}",
        "deceasedDateTime": _day(row.get("died_on")),
        "communication": row.get("language") and [{"language": {"text": row["language"]}}],
        "address": row.get("area") and [{"district": row["area"]}],
        "extension": [
            *_cell("need-group", "String", row.get("need_group")),
            *_cell("coverage", "String", row.get("coverage")),
            *_cell("age", "Integer", row.get("age")),
        ],
    }


def _practitioner(row: Row) -> Resource:
    return {"resourceType": "Practitioner", **_id(row["clinician"])}


def _role(row: Row) -> Resource:
    site = _site(row.get("site"))
    return {
        "resourceType": "PractitionerRole",
        "id": f"role-{_digest(row['clinician'])}",
        "practitioner": _to("Practitioner", row["clinician"]),
        "code": row.get("profession") and [{"text": row["profession"]}],
        "location": [site] if site else None,
        "period": {"start": _day(row.get("hired_on")), "end": _day(row.get("left_on"))},
        "extension": _cell("fte", "Decimal", row.get("fte")),
    }


def _slot(row: Row) -> Resource:
    status = {"busy": "busy", "free": "free", "blocked": "busy-unavailable"}.get(row.get("status") or "")
    return {
        "resourceType": "Slot",
        **_id(row.get("slot")),
        "status": status,
        "_status": None if status else {"extension": [ABSENT]},
        "schedule": {"reference": f"Schedule/{_schedule_id(row.get('clinician'), row.get('site'))}"},
        **_span(row),
        "extension": [
            *_cell("kind", "Code", row.get("kind")),
            *_cell("capacity", "Integer", row.get("capacity")),
            *_cell("profession", "String", row.get("profession"), absent=True),
            *_cell("site", "String", None, absent=row.get("site") is None),
            *_minutes(row),
        ],
    }


def _schedule(clinician: str | None, site: str | None) -> Resource:
    actors = [actor for actor in (_to("Practitioner", clinician), _site(site)) if actor]
    return {
        "resourceType": "Schedule",
        "id": _schedule_id(clinician, site),
        "actor": actors or [{"display": "unassigned"}],
    }


def _basic(name: str, row: Row) -> Resource:
    cells = [{"url": URN + column, "valueString": _text(value)} for column, value in row.items()
             if value is not None]
    return {"resourceType": "Basic", "code": {"coding": [{"system": f"{URN}table", "code": name}]},
            "extension": cells}


# Elements


def _id(value: str | None) -> Resource:
    """An id of ours as the id of a resource, or as an identifier where FHIR does not allow it as one."""
    if value is None:
        return {}
    if re.fullmatch(r"[A-Za-z0-9.\-]{1,64}", value):
        return {"id": value}
    return {"id": _digest(value), "identifier": [{"system": f"{URN}id", "value": value}]}


def _to(kind: str, value: str | None) -> Resource | None:
    if value is None:
        return None
    if re.fullmatch(r"[A-Za-z0-9.\-]{1,64}", value):
        return {"reference": f"{kind}/{value}"}
    return {"type": kind, "identifier": {"system": f"{URN}id", "value": value}}


def _cell(name: str, kind: str, value: Any, *, absent: bool = False) -> list[Resource]:
    """Our own extension; `absent` writes one that says that there is no value."""
    if value is not None:
        return [{"url": URN + name, f"value{kind}": value}]
    return [{"url": URN + name, "extension": [ABSENT]}] if absent else []


def _span(row: Row) -> Resource:
    start, minutes = row["starts_at"], row.get("minutes")
    if minutes is None:
        return {"start": _instant(start), "_end": {"extension": [ABSENT]}}
    return {"start": _instant(start), "end": _instant(start + timedelta(minutes=minutes))}


def _minutes(row: Row) -> list[Resource]:
    minutes = row.get("minutes")
    return _cell("minutes", "Decimal", None if minutes is None or minutes == int(minutes) else minutes)


def _site(site: str | None) -> Resource | None:
    return None if site is None else {"reference": f"Location/{_site_id(site)}"}


def _site_id(site: str) -> str:
    return f"site-{_digest(site)}"


def _schedule_id(clinician: str | None, site: str | None) -> str:
    return f"schedule-{_digest(repr((clinician, site)))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _instant(stamp: datetime | None) -> str | None:
    """A wall clock time as an instant: FHIR wants an offset, and the reader keeps the clock as written."""
    return None if stamp is None else f"{stamp.isoformat()}+00:00"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _without_nulls(resource: Resource) -> Resource:
    """FHIR has neither null nor empty elements."""
    kept = ((name, _without_nulls(value) if isinstance(value, dict) else value)
            for name, value in resource.items())
    return {name: value for name, value in kept if value not in (None, [], {}, "")}
