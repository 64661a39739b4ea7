"""What is read from each FHIR R4 resource: one view per resource type, column to path.

In the manner of SQL-on-FHIR ViewDefinitions. `columns` are read as text; `references`
become a short form ("Practitioner/x" or "Practitioner?identifier=system|value").
Names, telecom, address lines, notes and narrative are in no path, so they are never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from careload.history.fhir.path import REFERENCE

# What R4 has no element for is carried by extensions of these names, written and read alike.
URN = "urn:careload:"

REASONS = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment."
CAPACITY = "http://fhir-registry.smarthealthit.org/StructureDefinition/slot-capacity"
ANIMAL = "http://hl7.org/fhir/StructureDefinition/patient-animal"


def extension(name: str, value: str) -> str:
    """Path of one of our own extensions, for example ``extension("fte", "Decimal")``."""
    return f"extension[url={URN}{name}].value{value}"


def _present(name: str) -> str:
    return f"extension[url={URN}{name}].url"


@dataclass(frozen=True)
class View:
    """What is read of one resource type.

    columns     column to path
    references  column to (path of a Reference, type it has when it does not say)
    """

    columns: Mapping[str, str]
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def paths(self) -> list[str]:
        """Every path that must be read."""
        parts = [f"{path}.{leaf}" for path, _ in self.references.values() for leaf in REFERENCE]
        return [*EVERY.values(), *CONTAINED, *self.columns.values(), *parts]


EVERY = {
    "resource_type": "resourceType",
    "resource_id": "id",
    "own_id": f"identifier[system={URN}id].value",
    "updated": "meta.lastUpdated",
}
CONTAINED = (
    "contained[*].resourceType", "contained[*].id",
    "contained[*].identifier[0].system", "contained[*].identifier[0].value",
    "contained[*].practitioner.reference",
)
_IDENTIFIERS = {"systems": "identifier[*].system", "identifiers": "identifier[*].value"}

VIEWS: dict[str, View] = {
    "Appointment": View(
        {
            "status": "status",
            "reason": f"cancelationReason.coding[system={REASONS}].code",
            "local_reason": "cancelationReason.coding[0].code",
            "type": "appointmentType.coding[0].code",
            "created": "created",
            "start": "start",
            "end": "end",
            "minutes": "minutesDuration",
            "wished": "requestedPeriod[0].start",
            "roles": "participant[*].type[0].coding[0].code",
            "answers": "participant[*].status",
            "own_kind": extension("kind", "Code"),
            "own_modality": extension("modality", "String"),
            "own_profession": extension("profession", "String"),
            "has_profession": _present("profession"),
            "has_site": _present("site"),
            "own_site": extension("site", "String"),
            "own_minutes": extension("minutes", "Decimal"),
            "own_requested": extension("requested-at", "DateTime"),
            "own_cancelled": extension("cancelled-at", "DateTime"),
            "r5_cancelled": f"extension[url={R5}cancellationDate].valueDateTime",
            "first_offered_at": extension("first-offered-at", "DateTime"),
            "offer_declined": extension("offer-declined", "Boolean"),
            "prescribed_interval_days": extension("prescribed-interval-days", "Integer"),
            "longer_interval_approved": extension("longer-interval-approved-by-clinician", "Boolean"),
            "group_id": extension("group-id", "String"),
        },
        {
            "actors": ("participant[*].actor", ""),
            "based_on": ("basedOn[0]", "ServiceRequest"),
            "replaces": (f"extension[url={URN}replaces].valueReference", "Appointment"),
            "r5_replaces": (f"extension[url={R5}replaces].valueReference", "Appointment"),
        },
    ),
    "Encounter": View(
        {
            "status": "status",
            "class": "class.code",
            "past_classes": "classHistory[*].class.code",
            "past_starts": "classHistory[*].period.start",
            "past_ends": "classHistory[*].period.end",
            "start": "period.start",
            "end": "period.end",
            "length": "length.value",
            "length_unit": "length.code",
            "roles": "participant[*].type[0].coding[0].code",
            "own_kind": extension("kind", "Code"),
        },
        {
            "patient": ("subject", "Patient"),
            "actors": ("participant[*].individual", "Practitioner"),
            "places": ("location[*].location", "Location"),
            "appointments": ("appointment[*]", "Appointment"),
            "based_on": ("basedOn[0]", "ServiceRequest"),
        },
    ),
    "Slot": View(
        {
            "status": "status",
            "start": "start",
            "end": "end",
            "type": "appointmentType.coding[0].code",
            "smart_capacity": f"extension[url={CAPACITY}].valueInteger",
            "own_capacity": extension("capacity", "Integer"),
            "own_kind": extension("kind", "Code"),
            "own_minutes": extension("minutes", "Decimal"),
            "own_profession": extension("profession", "String"),
            "has_profession": _present("profession"),
            "own_site": extension("site", "String"),
            "has_site": _present("site"),
        },
        {"schedule": ("schedule", "Schedule")},
    ),
    "Schedule": View({}, {"actors": ("actor[*]", "")}),
    "ServiceRequest": View(
        {
            "status": "status",
            "intent": "intent",
            "not_to_do": "doNotPerform",
            "categories": "category[*].coding[0].code",
            "category_words": "category[*].coding[0].display",
            "code": "code.coding[0].code",
            "code_words": "code.coding[0].display",
            "authored": "authoredOn",
            "priority": "priority",
            "wished_day": "occurrenceDateTime",
            "wished_period": "occurrencePeriod.start",
            "profession_text": "performerType.text",
            "profession_words": "performerType.coding[0].display",
            "profession_code": "performerType.coding[0].code",
            "own_urgency": extension("urgency", "Code"),
            "own_preferred": extension("preferred-date", "Date"),
            "closed_on": extension("closed-on", "Date"),
            "own_outcome": extension("outcome", "Code"),
            "own_site": extension("site", "String"),
            "has_site": _present("site"),
            "own_profession": extension("profession", "String"),
            "has_profession": _present("profession"),
        },
        {
            "patient": ("subject", "Patient"),
            "actors": ("performer[*]", "Practitioner"),
            "places": ("locationReference[*]", "Location"),
        },
    ),
    "EpisodeOfCare": View(
        {
            "status": "status",
            "start": "period.start",
            "end": "period.end",
            "own_reason": extension("reason", "Code"),
        },
        {"patient": ("patient", "Patient"), "requests": ("referralRequest[*]", "ServiceRequest")},
    ),
    "Patient": View(
        {
            **_IDENTIFIERS,
            "birth": "birthDate",
            "died": "deceasedDateTime",
            "dead": "deceasedBoolean",
            "preferred_language": "communication[preferred=true].language.coding[0].code",
            "preferred_language_text": "communication[preferred=true].language.text",
            "language": "communication[0].language.coding[0].code",
            "language_text": "communication[0].language.text",
            "district": "address[0].district",
            "postal_code": "address[0].postalCode",
            "state": "address[0].state",
            "animal": f"extension[url={ANIMAL}].url",
            "need_group": extension("need-group", "String"),
            "coverage": extension("coverage", "String"),
            "age": extension("age", "Integer"),
        },
        {"replaced_by": ("link[type=replaced-by].other", "Patient")},
    ),
    "Practitioner": View(
        {
            **_IDENTIFIERS,
            "qualification_text": "qualification[0].code.text",
            "qualification_words": "qualification[0].code.coding[0].display",
        },
    ),
    "PractitionerRole": View(
        {
            **_IDENTIFIERS,
            "active": "active",
            "start": "period.start",
            "end": "period.end",
            "code_text": "code[0].text",
            "code_words": "code[0].coding[0].display",
            "code": "code[0].coding[0].code",
            "specialty_text": "specialty[0].text",
            "specialty_words": "specialty[0].coding[0].display",
            "fte": extension("fte", "Decimal"),
            "away_starts": "notAvailable[*].during.start",
            "away_ends": "notAvailable[*].during.end",
        },
        {"practitioner": ("practitioner", "Practitioner"), "places": ("location[*]", "Location")},
    ),
    "Location": View(
        {**_IDENTIFIERS, "name": "name", "status": "status", "physical": "physicalType.coding[0].code"},
        {"part_of": ("partOf", "Location")},
    ),
    "Basic": View({"table": f"code.coding[system={URN}table].code", "cells": "extension[*].valueString",
                   "names": "extension[*].url"}),
}
