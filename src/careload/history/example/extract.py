"""The example clinic's records as they stand on the day of the extract, as canonical CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from careload.clinic import TABLES
from careload.history.example.book import Clinic
from careload.history.example.people import AS_OF, DAY, FIRST, Appointment, day_of, moment
from careload.history.example.truth import Truth

Cell = str | int | float | bool | date | datetime | None
Row = tuple[Cell, ...]


def write_tables(folder: Path, tables: Mapping[str, Iterable[Row]]) -> None:
    """One CSV a table, columns in canonical order, ISO stamps, empty cells for what is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(TABLES[name].names)
            writer.writerows([_cell(value) for value in row] for row in rows)


def write_truth(folder: Path, truth: Truth) -> None:
    """The truth beside the records, as JSON; the underscore tells readers that it is not records."""
    (folder / "_truth.json").write_text(json.dumps(asdict(truth), indent=1) + "\n", encoding="utf-8")


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def tables(clinic: Clinic) -> dict[str, Iterable[Row]]:
    """Canonical name to rows, everything as known on the last day of the extract."""
    shown = [a for a in clinic.appointments if a.slot.day >= FIRST and a.booked // DAY <= AS_OF]
    return {
        "appointments": map(_appointment, shown),
        "episodes": _episodes(clinic),
        "referrals": _referrals(clinic),
        "patients": _patients(clinic, shown),
        "clinicians": _clinicians(clinic),
        "leaves": _leaves(clinic),
        "posts": _posts(clinic),
        "slots": _slots(clinic, shown),
        "hours": _hours(clinic),
        "encounters": _encounters(clinic),
        "outcomes": (
            (patient.id, instrument, score, item, day_of(day))
            for patient, instrument, score, item, day in clinic.outcomes
            if FIRST <= day <= AS_OF
        ),
        "surveys": ((day_of(row[0]), *row[1:]) for row in clinic.surveys if FIRST <= row[0] <= AS_OF),
    }


def known_status(appointment: Appointment) -> str:
    """Status as it stands on the last day of the extract."""
    if appointment.cancelled is not None and appointment.cancelled // DAY <= AS_OF:
        return appointment.status
    return "booked" if appointment.slot.day > AS_OF else appointment.status


def _appointment(a: Appointment) -> Row:
    who, status = a.slot.clinician, known_status(a)
    visit, cancelled = status == "completed", status.startswith("cancelled")
    return (
        a.id, a.patient.id, who.id, who.profession, who.site, a.slot.kind, a.modality,
        moment(a.requested), moment(a.booked), moment(a.slot.start), a.slot.minutes, status,
        moment(a.cancelled) if cancelled and a.cancelled is not None else None,
        moment(a.first_offered), a.declined, a.replaces or None,
        a.prescribed if visit else None, a.approved if visit else None, a.group or None,
    )


def _episodes(clinic: Clinic) -> Iterator[Row]:
    number = 0
    for patient in clinic.patients:
        opened, closed = patient.episode_opened, patient.episode_closed
        if opened is None or opened > AS_OF or (closed is not None and closed < FIRST):
            continue
        number += 1
        known = closed is not None and closed <= AS_OF
        end = (day_of(closed), patient.reason) if known and closed is not None else (None, None)
        yield f"e{number:05d}", patient.id, day_of(opened), *end


def _referrals(clinic: Clinic) -> Iterator[Row]:
    for referral in clinic.referrals:
        if not FIRST <= referral.requested // DAY <= AS_OF:
            continue
        patient, known = referral.patient, referral.closed is not None and referral.closed <= AS_OF
        yield (
            referral.id, patient.id, None, patient.site, moment(referral.requested), referral.urgency,
            day_of(referral.preferred) if referral.preferred is not None else None,
            day_of(referral.closed) if known and referral.closed is not None else None,
            referral.outcome if known else None,
        )


def _patients(clinic: Clinic, shown: list[Appointment]) -> Iterator[Row]:
    present = {a.patient.id for a in shown}
    present |= {r.patient.id for r in clinic.referrals if FIRST <= r.requested // DAY <= AS_OF}
    present |= {str(row[1]) for row in _episodes(clinic)}
    for patient in clinic.patients:
        if patient.id in present:
            died = day_of(patient.died) if patient.died is not None and patient.died <= AS_OF else None
            language = "Spanish" if patient.spanish else "English"
            equity = (patient.need, language, patient.coverage, patient.birth_year, None, patient.area)
            yield patient.id, *equity, died


def _clinicians(clinic: Clinic) -> Iterator[Row]:
    for who in clinic.clinicians:
        if who.hired <= AS_OF and (who.left is None or who.left >= FIRST):
            left = day_of(who.left) if who.left is not None and who.left <= AS_OF else None
            yield who.id, who.profession, who.site, who.fte, day_of(who.hired), left


def _leaves(clinic: Clinic) -> Iterator[Row]:
    for who in clinic.clinicians:
        for start, end, reason in sorted(who.away):
            employed = who.hired <= start and (who.left is None or start <= who.left)
            if employed and end >= FIRST and start <= AS_OF:
                yield who.id, day_of(start), day_of(end), reason


def _posts(clinic: Clinic) -> Iterator[Row]:
    for who, start, end in clinic.vacancies:
        if end >= FIRST and start <= AS_OF:
            filled = day_of(end) if end <= AS_OF else None
            yield who.post, who.profession, who.site, who.fte, day_of(start), filled


def _slots(clinic: Clinic, shown: list[Appointment]) -> Iterator[Row]:
    # A slot given up on its own day was still taken; one given up earlier could be used again.
    taken = {
        a.slot.id for a in shown
        if a.cancelled is None or a.cancelled // DAY > min(AS_OF, a.slot.day - 1)
    }
    for slot in sorted(clinic.slots, key=lambda s: (s.start, s.id)):
        if slot.day < FIRST or slot.opened > AS_OF:
            continue
        who, blocked = slot.clinician, slot.blocked is not None and slot.blocked <= AS_OF
        status = "busy" if slot.id in taken else "blocked" if blocked else "free"
        seats = 8 if slot.kind == "group" else 1
        place = (who.id, who.profession, who.site, slot.kind)
        yield slot.id, *place, moment(slot.start), slot.minutes, status, seats


def _hours(clinic: Clinic) -> Iterator[Row]:
    for who, monday, worked, paid, contact, non_contact, after_hours in clinic.hours:
        if monday >= FIRST and monday + 6 <= AS_OF:
            yield (
                who.id, who.profession, who.site, day_of(monday),
                worked, paid, round(contact, 2), non_contact, after_hours,
            )


def _encounters(clinic: Clinic) -> Iterator[Row]:
    shown = [e for e in clinic.encounters if FIRST <= e[2] // DAY <= AS_OF]
    for number, (patient, kind, start, end) in enumerate(sorted(shown, key=lambda e: (e[2], e[0].id)), 1):
        yield f"x{number:05d}", patient.id, kind, moment(start), moment(end) if end // DAY <= AS_OF else None
