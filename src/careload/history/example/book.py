"""The clinic and its book: who is suitable, what is free, booking, cancelling, the end of care."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field

from careload.history.example.people import (
    AREAS,
    COVERAGE_WEIGHTS,
    COVERAGES,
    DAY,
    MAY_TREAT,
    MODALITIES,
    MODALITY_WEIGHTS,
    NEED_WEIGHTS,
    NEEDS,
    POSTS_BY_SITE,
    Appointment,
    Clinician,
    Dice,
    Patient,
    Referral,
    Slot,
)
from careload.history.example.truth import Tally


@dataclass
class Clinic:
    """Everything the clinic is on one day, and everything that was written down."""

    dice: Dice
    tally: Tally = field(default_factory=Tally)
    day: int = 0
    clinicians: list[Clinician] = field(default_factory=list)
    patients: list[Patient] = field(default_factory=list)
    in_care: list[Patient] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    vacancies: list[tuple[Clinician, int, int]] = field(default_factory=list)
    hours: list[tuple[Clinician, int, float, float, float, float, float]] = field(default_factory=list)
    encounters: list[tuple[Patient, str, int, int]] = field(default_factory=list)
    outcomes: list[tuple[Patient, str, float, float | None, int]] = field(default_factory=list)
    surveys: list[tuple[int, str, str, int, int, int, int]] = field(default_factory=list)
    agenda: dict[int, list[Appointment]] = field(default_factory=lambda: defaultdict(list))
    diary: dict[int, list[tuple[Appointment, str]]] = field(default_factory=lambda: defaultdict(list))
    recall: dict[int, list[Patient]] = field(default_factory=lambda: defaultdict(list))
    starters: dict[int, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))


def new_patient(clinic: Clinic) -> Patient:
    """A patient as the front desk writes one down."""
    dice = clinic.dice
    site = dice.pick(tuple(POSTS_BY_SITE), (0.61, 0.39))
    patient = Patient(
        id=f"p{len(clinic.patients) + 1:05d}", need=dice.pick(NEEDS, NEED_WEIGHTS), site=site,
        spanish=dice.chance(0.16), coverage=dice.pick(COVERAGES, COVERAGE_WEIGHTS),
        birth_year=dice.between(1942, 2006), area=dice.pick(AREAS[site]), score=12 + 9 * dice.uniform(),
    )
    clinic.patients.append(patient)
    return patient


def suitable(clinic: Clinic, patient: Patient) -> list[Clinician]:
    """Clinicians of the site who may treat the need and speak the language, as far as there are any."""
    here = [c for c in clinic.clinicians if c.site == patient.site and c.employed(clinic.day)]
    able = [c for c in here if c.profession in MAY_TREAT[patient.need]] or here
    return [c for c in able if c.spanish] or able if patient.spanish else able


def least_full(clinic: Clinic, patient: Patient) -> Clinician:
    """The suitable clinician with the fewest patients per return slot."""
    return min(suitable(clinic, patient), key=lambda c: (c.fullness, c.id))


def book_intake(clinic: Clinic, patient: Patient, requested: int, now: int, replaces: str = "") -> None:
    """Within a week with whoever is least full; else with whoever is free first."""
    here = [c for c in clinic.clinicians if c.site == patient.site and c.free["intake"]]
    for pool in (suitable(clinic, patient), here):
        free = [s for c in pool for s in c.free["intake"] if s.start > now + 18 * 60]
        soon = [s for s in free if s.day <= clinic.day + 7]
        if soon:
            slot = min(soon, key=lambda s: (s.clinician.fullness, s.start, s.id))
            break
    else:
        slot = min(free, key=lambda s: (s.start, s.id))
    offered, declined = slot, clinic.dice.chance(0.07)
    if declined:
        later = [s for s in slot.clinician.free["intake"] if s.start > slot.start + DAY]
        slot = later[0] if later else slot
    book(clinic, patient, slot, requested, now, offered, declined, replaces)


def book_return(clinic: Clinic, patient: Patient, earliest: int, now: int, replaces: str = "") -> None:
    """The clinician's next free return slot; if the calendar is full, the recall list."""
    assert patient.clinician is not None
    free, taken = patient.clinician.free["return"], {a.slot.day for a in patient.live}
    place = bisect_left(free, max(earliest * DAY, now + 60), key=lambda s: s.start)
    options = [slot for slot in free[place:place + 6] if slot.day not in taken]
    if not options:
        clinic.recall[clinic.day + 7].append(patient)
        return
    declined = clinic.dice.chance(0.1) and len(options) > 1
    book(clinic, patient, options[1] if declined else options[0], now, now, options[0], declined, replaces)


def book(
    clinic: Clinic, patient: Patient, slot: Slot, requested: int, now: int,
    offered: Slot | None = None, declined: bool = False, replaces: str = "",
) -> None:
    """Write an appointment; draw here whether and when somebody will cancel it."""
    dice = clinic.dice
    appointment = Appointment(
        f"a{len(clinic.appointments) + 1:06d}", patient, slot, dice.pick(MODALITIES, MODALITY_WEIGHTS),
        requested, now, (offered or slot).start, declined, replaces,
    )
    if slot.kind == "group":
        appointment.modality, appointment.group = "in person", "g" + slot.id[1:]
    else:
        slot.clinician.free[slot.kind].remove(slot)
    patient.live.append(appointment)
    clinic.appointments.append(appointment)
    clinic.agenda[slot.day].append(appointment)
    fate = dice.pick(("", "cancelled_by_patient", "cancelled_by_clinic"), (0.905, 0.07, 0.025))
    days_ahead = slot.day - max(clinic.day, now // DAY)
    if fate and days_ahead >= 1 and slot.kind in ("intake", "return"):
        # Half of all cancellations come within the last two days.
        longest = days_ahead - 1
        before = dice.between(0, min(2, longest) if dice.chance(0.5) else longest)
        clinic.diary[slot.day - before].append((appointment, fate))


def cancel(clinic: Clinic, appointment: Appointment, status: str, now: int) -> None:
    """Take an appointment out of the book; its slot is free again."""
    appointment.status, appointment.cancelled = status, now
    appointment.patient.live.remove(appointment)
    slot = appointment.slot
    if slot.blocked is None and slot.kind in slot.clinician.free:
        insort(slot.clinician.free[slot.kind], slot, key=lambda s: s.start)
    clinic.tally.cancelled(status, appointment)


def rebook(clinic: Clinic, old: Appointment, now: int) -> None:
    """Book again what was cancelled; a few do not, some are written as new requests."""
    patient, dice = old.patient, clinic.dice
    if old.slot.kind == "intake":
        if old.status == "cancelled_by_patient" and dice.chance(0.25):
            close_referral(clinic, patient, "gave_up")
            return
        restarted = dice.chance(0.3 if patient.site == "Harbor" else 0.05)
        clinic.tally.restarted_clock(restarted, clinic.day)
        book_intake(clinic, patient, now - 5 if restarted else old.requested, now, old.id)
    elif old.slot.kind == "return" and patient.in_care:
        if dice.chance(0.08):
            clinic.recall[clinic.day + 20 + dice.wait(60)].append(patient)
        else:
            book_return(clinic, patient, clinic.day + 3, now, old.id)


def close_referral(clinic: Clinic, patient: Patient, outcome: str) -> None:
    """Write down how a referral ended."""
    if patient.referral and not patient.referral.outcome:
        patient.referral.outcome, patient.referral.closed = outcome, clinic.day


def end_care(clinic: Clinic, patient: Patient, reason: str) -> None:
    """Close the episode; what was still booked is cancelled."""
    patient.episode_closed, patient.reason = clinic.day, reason
    if patient.clinician:
        patient.clinician.caseload -= 1
    for appointment in list(patient.live):
        tonight = clinic.day * DAY + 18 * 60
        cancel(clinic, appointment, "cancelled_by_patient", max(appointment.booked + 5, tonight))
    clinic.tally.ended(patient, reason, clinic.day)
