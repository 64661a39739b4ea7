"""Codes of FHIR R4 and the words of our tables they become.

Source of the codes: the FHIR R4 (4.0.1) code systems named at each list. A code that stands
in no list passes as it is: it is no word of ours, so checking reports it and guesses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from careload.history.sql import literal

Words = Mapping[str, str]

# http://hl7.org/fhir/appointmentstatus. Who has arrived has been seen to come.
APPOINTMENT: Words = {
    "fulfilled": "completed", "arrived": "completed", "checked-in": "completed",
    "noshow": "no_show", "booked": "booked", "pending": "booked",
}
# No appointment yet: nobody has agreed to a time.
NOT_AGREED = ("proposed", "waitlist")
# Statuses that a finished Encounter of the same appointment overrules.
OPEN = ("proposed", "pending", "booked", "arrived", "checked-in", "waitlist")

# http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason. `other` and `oth-weath` (weather) are
# in neither list: by whom is then not known, and `cancelled` passes as it is.
BY_CLINIC = (
    "prov", "prov-pers", "prov-dch", "prov-edu", "prov-hosp", "prov-labs", "prov-mri", "prov-onc", "maint",
    "meds-inc", "oth-cms", "oth-err", "oth-int", "oth-iv", "oth-oerr", "oth-prv", "oth-room", "oth-swie",
)
BY_PATIENT = (
    "pat", "pat-crs", "pat-cpp", "pat-dec", "pat-fb", "pat-lt", "pat-mt", "pat-mv", "pat-preg", "pat-swl",
    "pat-uwo", "oth-fin",
)

# http://hl7.org/fhir/encounter-status, for visits of the outpatient service.
VISIT: Words = {
    "finished": "completed", "in-progress": "completed", "arrived": "completed", "triaged": "completed",
    "onleave": "completed", "planned": "booked",
}
# "unknown" is not among them: it does not say that anybody came.
HAPPENED = ("finished", "in-progress", "arrived", "triaged", "onleave")

# http://terminology.hl7.org/CodeSystem/v3-ActCode, ActEncounterCode.
OUTPATIENT: Words = {"AMB": "in person", "HH": "home", "VR": "virtual", "FLD": "field"}  # class to modality
STAY: Words = {
    "EMER": "ed", "IMP": "inpatient", "ACUTE": "inpatient", "NONAC": "inpatient", "OBSENC": "inpatient",
    "SS": "inpatient",
}

# http://terminology.hl7.org/CodeSystem/v2-0276. ROUTINE and WALKIN say how it was booked, not what it is for.
KIND: Words = {"FOLLOWUP": "return", "EMERGENCY": "crisis", "CHECKUP": "other"}

# http://hl7.org/fhir/slotstatus; tentatively taken is not free to offer.
SLOT: Words = {
    "busy": "busy", "busy-tentative": "busy", "free": "free", "busy-unavailable": "blocked",
}

# http://hl7.org/fhir/request-priority
URGENCY: Words = {"routine": "routine", "urgent": "urgent", "asap": "urgent", "stat": "emergency"}
# http://hl7.org/fhir/request-status
OUTCOME: Words = {"completed": "seen", "revoked": "rejected"}
NOT_ASKED = ("draft",)
# Intents that are no request of anybody for this patient (http://hl7.org/fhir/request-intent).
NOT_A_REQUEST = ("option", "reflex-order", "filler-order")
# SNOMED CT: patient referral to specialist, patient referral, referral to service.
REFERRAL = ("103696004", "3457005", "306206005")

# http://hl7.org/fhir/episode-of-care-status
EPISODE: Words = {"finished": "completed", "cancelled": "administrative"}
NOT_OPENED = ("planned", "waitlist")

ERROR = "entered-in-error"


def words(sql: str, mapping: Words, *, otherwise: str | None = None) -> str:
    """SQL that turns the codes in `sql` into our words; others become `otherwise`, by default themselves."""
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(word)}" for code, word in mapping.items())
    return f"(CASE {sql} {cases} ELSE {sql if otherwise is None else otherwise} END)"


def among(sql: str, codes: tuple[str, ...] | Words) -> str:
    """SQL that tells whether `sql` is one of `codes`; false for null."""
    return f"coalesce({sql} IN ({', '.join(map(literal, codes))}), false)"
