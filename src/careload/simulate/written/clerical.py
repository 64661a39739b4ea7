"""Clerical detail: what a front desk writes down and no simulator knows. For the example only, all invented.

Nothing here changes a visit held or missed, nor when it was booked. Each detail is drawn by a key of whom it
is about, for a cause of its own, as the simulator draws: a patient keeps language and area whatever changes.

Invented: language, coverage, year of birth and area; in person, video or phone; which date was offered first;
appointments that were moved, each with the cancelled one it replaces (a moved appointment keeps the day on
which it was first booked); preferred dates; that a longer interval is fine; how long somebody stayed in
hospital; questionnaires; first days of those there from the start; who answers a survey and means to leave.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from careload.simulate.kernel.chance import GOLDEN
from careload.simulate.written.columns import ids, masked, table, with_columns
from careload.simulate.written.story import mixed

Keys = NDArray[np.uint64]
Numbers = NDArray[np.float64]

LANGUAGES, LANGUAGE_SHARES = ("English", "Spanish"), (0.84, 0.16)
COVERAGES, COVERAGE_SHARES = ("commercial", "Medicaid", "Medicare"), (0.52, 0.36, 0.12)
MODALITIES, MODALITY_SHARES = ("in person", "video", "phone"), (0.58, 0.36, 0.06)
AREAS = ("Uptown", "Mill Valley", "Orchard", "Docks", "Old Town", "Eastside")
BORN_FROM, BORN_YEARS = 1942, 65
MOVED_BY_PATIENT, MOVED_BY_CLINIC, DECLINED = 0.07, 0.025, 0.06
PREFERS_A_DATE, APPROVED = 0.15, {"North": 0.03, "Harbor": 0.09}
EVERY_THIRD = 3
ANSWERS, MEANS_TO_LEAVE = 0.72, 0.2
YEARS_BEFORE = 9


def with_clerical_detail(records: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Records with invented clerical detail in columns that were empty, and appointments that were moved."""
    found = dict(records)
    found["patients"] = _patients(found["patients"], found["appointments"])
    found["appointments"] = _appointments(found["appointments"], found["slots"])
    found["referrals"] = _referrals(found["referrals"])
    found["encounters"] = _encounters(found["encounters"])
    found["clinicians"] = _clinicians(found["clinicians"], found["hours"])
    found["surveys"] = _surveys(found["surveys"])
    found["outcomes"] = _outcomes(found["appointments"], found["patients"])
    return found


def share(keys: Keys, cause: str) -> Numbers:
    """A number in [0, 1) for each key, for one cause."""
    stream = np.uint64(int.from_bytes(hashlib.blake2b(cause.encode(), digest_size=8).digest(), "little"))
    return np.asarray((mixed(keys + stream + GOLDEN) >> np.uint64(11)) * 2.0**-53)


def keys_of(column: pa.Array) -> Keys:
    """A key of each id."""
    made = [hashlib.blake2b(str(each).encode(), digest_size=8).digest() for each in column.to_pylist()]
    return np.frombuffer(b"".join(made), dtype="<u8").astype(np.uint64)


def pick(keys: Keys, cause: str, words: Sequence[str], shares: Sequence[float] | None = None) -> NDArray[Any]:
    """One of the words for each key, evenly or by shares that sum to one."""
    upper = np.cumsum(shares if shares is not None else np.full(len(words), 1 / len(words)))
    place = np.minimum(np.searchsorted(upper, share(keys, cause), side="right"), len(words) - 1)
    return np.array(words, dtype=object)[place]


def _values(found: pa.Table, column: str) -> NDArray[Any]:
    return np.asarray(found[column].to_numpy(zero_copy_only=False))


def _words(found: pa.Table, column: str) -> NDArray[Any]:
    return np.array(found[column].to_pylist(), dtype=object)


def _patients(found: pa.Table, appointments: pa.Table) -> pa.Table:
    keys = keys_of(found["patient"])
    return with_columns(
        found, "patients",
        language=pick(keys, "language", LANGUAGES, LANGUAGE_SHARES),
        coverage=pick(keys, "coverage", COVERAGES, COVERAGE_SHARES),
        birth_year=BORN_FROM + np.floor(share(keys, "birth") * BORN_YEARS).astype(np.int64),
        area=_areas(keys, found, appointments),
    )


def _areas(keys: Keys, found: pa.Table, appointments: pa.Table) -> NDArray[Any]:
    """An area near the site where somebody is seen."""
    sites = dict(zip(appointments["patient"].to_pylist(), appointments["site"].to_pylist(), strict=True))
    names = sorted(set(sites.values()))
    half = len(AREAS) // max(1, len(names))
    near = {site: AREAS[half * place: half * (place + 1)] for place, site in enumerate(names)}
    whose = [near.get(sites.get(patient), AREAS) for patient in found["patient"].to_pylist()]
    return np.array([
        areas[int(level * len(areas))] for areas, level in zip(whose, share(keys, "area"), strict=True)
    ], dtype=object)


def _appointments(found: pa.Table, slots: pa.Table) -> pa.Table:
    """Modality, offers and approvals, and beside them the appointments that were moved."""
    keys, status = keys_of(found["appointment"]), _words(found, "status")
    starts, alone = _values(found, "starts_at"), _words(found, "group_id") == np.array(None)
    earlier = _earlier_slot(found, slots, share(keys, "earlier"))
    can = alone & ~np.isnat(earlier) & np.isin(_words(found, "kind"), ("intake", "return"))
    level = share(keys, "moved")
    moved = can & (level < MOVED_BY_PATIENT + MOVED_BY_CLINIC) & (status != "booked")
    declined = can & ~moved & (share(keys, "declined") < DECLINED)
    plan = found["prescribed_interval_days"].to_numpy(zero_copy_only=False)
    fine = np.array([APPROVED.get(site, 0.0) for site in found["site"].to_pylist()])
    modality = pick(keys, "modality", MODALITIES, MODALITY_SHARES)
    modality[~alone] = "in person"
    replaced = np.cumsum(moved) - 1
    new_ids = ids("m", np.where(moved, replaced, -1), 6)
    dressed = with_columns(
        found, "appointments", modality=modality, replaces_appointment=new_ids, offer_declined=declined,
        first_offered_at=np.where(moved | declined, earlier, starts),
        longer_interval_approved_by_clinician=masked(
            (np.nan_to_num(plan) >= 14) & (share(keys, "approved") < fine), status == "completed"
        ),
    )
    who = np.where(level < MOVED_BY_PATIENT, "cancelled_by_patient", "cancelled_by_clinic").astype(object)
    others = _moved(dressed.filter(moved), new_ids[moved], earlier[moved], who[moved])
    return pa.concat_tables([dressed, others])


def _earlier_slot(found: pa.Table, slots: pa.Table, level: Numbers) -> NDArray[np.datetime64]:
    """A slot of the same clinician between booking and visit, NaT where there was none."""
    clinician, start = _words(slots, "clinician"), _values(slots, "starts_at")
    names = {name: place for place, name in enumerate(sorted({*clinician.tolist()} - {None}))}
    number = np.array([names.get(each, -1) for each in clinician.tolist()], dtype=np.int64)
    order = np.lexsort((start, number))
    book = _in_order(number, start)[order]
    whose = np.array([names.get(each, -2) for each in found["clinician"].to_pylist()], dtype=np.int64)
    booked: Any = _values(found, "booked_at").astype("datetime64[D]") + np.timedelta64(1, "D")
    first = np.searchsorted(book, _in_order(whose, booked))
    last = np.searchsorted(book, _in_order(whose, _values(found, "starts_at").astype("datetime64[D]")))
    place = np.minimum(first + np.floor(level * (last - first)).astype(np.int64), max(0, len(book) - 1))
    chosen = start[order][place]
    return np.where((last > first) & (whose >= 0), chosen, np.datetime64("NaT"))


def _in_order(number: NDArray[np.int64], at: NDArray[np.datetime64]) -> NDArray[np.int64]:
    return (number << 36) + at.astype("datetime64[s]").astype(np.int64)


def _moved(
    of: pa.Table, new_ids: NDArray[Any], starts: NDArray[np.datetime64], status: NDArray[Any]
) -> pa.Table:
    """The appointments that others replaced: cancelled some time between booking and start."""
    keys, booked = keys_of(pa.array(new_ids.tolist())), _values(of, "booked_at").astype("datetime64[s]")
    room = (starts.astype("datetime64[s]") - booked).astype(np.int64)
    # Half of all cancellations come within the last two days.
    notice = np.where(share(keys, "late") < 0.5, np.minimum(2 * 86400, room), room) * share(keys, "notice")
    notice = np.clip(notice, 900, np.maximum(room - 300, 0)).astype(np.int64)
    empty = np.zeros(len(of), dtype=bool)
    return with_columns(
        of, "appointments", appointment=new_ids, starts_at=starts, first_offered_at=starts, status=status,
        cancelled_at=starts.astype("datetime64[s]") - notice.astype("timedelta64[s]"),
        replaces_appointment=np.full(len(of), None, dtype=object), offer_declined=empty,
        prescribed_interval_days=masked(np.zeros(len(of), dtype=np.int64), empty),
        longer_interval_approved_by_clinician=masked(empty, empty),
    )


def _referrals(found: pa.Table) -> pa.Table:
    keys, asked = keys_of(found["referral"]), _values(found, "requested_at").astype("datetime64[D]")
    wanted = asked + (7 + np.floor(28 * share(keys, "wanted"))).astype("timedelta64[D]")
    prefers = share(keys, "prefers") < PREFERS_A_DATE
    return with_columns(
        found, "referrals", preferred_date=np.where(prefers, wanted, np.datetime64("NaT"))
    )


def _encounters(found: pa.Table) -> pa.Table:
    """Hours in the emergency department, all before the morning; days in hospital, some not over yet."""
    keys, kind = keys_of(found["encounter"]), _words(found, "kind")
    starts = _values(found, "starts_at").astype("datetime64[s]")
    level = share(keys, "stay")
    hours = np.where(kind == "inpatient", 24 * (2 - 6 * np.log1p(-level)), 0.5 + level)
    ends = starts + (3600 * hours).astype("timedelta64[s]")
    not_over = ends > starts.max()
    return with_columns(found, "encounters", ends_at=np.where(not_over, np.datetime64("NaT"), ends))


def _clinicians(found: pa.Table, hours: pa.Table) -> pa.Table:
    """First days of those there from the start, spread over the years before."""
    keys, hired = keys_of(found["clinician"]), _values(found, "hired_on").astype("datetime64[D]")
    first = _values(hours, "week_start").min().astype("datetime64[D]")
    before = first - (366 + np.floor(365 * YEARS_BEFORE * share(keys, "hired"))).astype("timedelta64[D]")
    return with_columns(found, "clinicians", hired_on=np.where(hired < first, before, hired))


def _surveys(found: pa.Table) -> pa.Table:
    """Not everybody answers; of those who do, some mean to leave, more where more are burned out."""
    asked, tired = (_values(found, column).astype(np.int64) for column in ("asked", "burned_out"))
    rows = np.arange(len(found)).astype(np.uint64)
    answered = np.maximum(1, np.rint(ANSWERS * asked + share(rows, "answers") - 0.5).astype(np.int64))
    answered = np.minimum(answered, asked)
    burned = np.rint(tired * answered / np.maximum(asked, 1)).astype(np.int64)
    leaving = np.floor(MEANS_TO_LEAVE * answered + 0.4 * burned + share(rows, "leaving")).astype(np.int64)
    return with_columns(
        found, "surveys", answered=answered, burned_out=burned, intend_to_leave=np.minimum(leaving, answered)
    )


def _outcomes(appointments: pa.Table, patients: pa.Table) -> pa.Table:
    """A questionnaire at every third visit: a score that falls from visit to visit, whatever was done."""
    held = appointments.filter(_words(appointments, "status") == "completed").select(["patient", "starts_at"])
    held = held.sort_by([("patient", "ascending"), ("starts_at", "ascending")])
    whose = _words(held, "patient")
    first = np.append(True, whose[1:] != whose[:-1])
    number = np.arange(len(held)) - np.maximum.accumulate(np.where(first, np.arange(len(held)), 0))
    asked = np.flatnonzero(number % EVERY_THIRD == 0)
    need = dict(zip(patients["patient"].to_pylist(), patients["need_group"].to_pylist(), strict=True))
    anxious = np.array([need[each] == "anxiety" for each in whose[asked].tolist()], dtype=bool)
    keys = keys_of(pa.array(whose[asked].tolist()))
    score = (10 + 9 * share(keys, "score")) * 0.94 ** number[asked]
    score += 3 * (share(keys + number[asked].astype(np.uint64), "noise") - 0.5)
    item = np.searchsorted((0.8, 0.93, 0.98), share(keys + number[asked].astype(np.uint64), "item"))
    return table(
        "outcomes", patient=whose[asked], instrument=np.where(anxious, "GAD-7", "PHQ-9").astype(object),
        score=np.clip(np.rint(score), 0, 21), risk_item=masked(item.astype(float), ~anxious),
        measured_on=_values(held, "starts_at")[asked].astype("datetime64[D]"),
    )
