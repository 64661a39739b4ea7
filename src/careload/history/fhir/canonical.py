"""One query per canonical table over the flattened resources."""

from __future__ import annotations

from careload.history.fhir.words import (
    APPOINTMENT, BY_CLINIC, BY_PATIENT, EPISODE, HAPPENED, KIND, NOT_ASKED, NOT_OPENED, OPEN, OUTCOME,
    OUTPATIENT, SLOT, STAY, URGENCY, VISIT, among, words,
)

MACROS = """
CREATE OR REPLACE MACRO fhir.minutes_between(a, b) AS CASE
    WHEN length(a) > 10 AND length(b) > 10 THEN
        coalesce(date_diff('microsecond', try_cast(a AS TIMESTAMPTZ), try_cast(b AS TIMESTAMPTZ)),
                 date_diff('microsecond', try_cast(a AS TIMESTAMP), try_cast(b AS TIMESTAMP))) / 60e6 END;

CREATE OR REPLACE MACRO fhir.first_of(refs, kind) AS
    list_filter(refs, lambda x: starts_with(x, kind))[1];

-- The one in charge (primary performer or attender), else the first named.
CREATE OR REPLACE MACRO fhir.clinician_of(refs, roles) AS coalesce(
    CASE WHEN len(list_filter(roles, lambda x: x IN ('PPRF', 'ATND'))) > 0 THEN list_filter(list_zip(refs, roles),
        lambda x: starts_with(x[1], 'Practitioner') AND x[2] IN ('PPRF', 'ATND'))[1][1] END,
    fhir.first_of(refs, 'Practitioner'));

CREATE OR REPLACE MACRO fhir.day(stamp) AS CASE WHEN length(stamp) > 10 THEN left(stamp, 10) ELSE stamp END;
"""

# Which visits are the same event as an appointment in the records.
FULFILLED = f"""
CREATE OR REPLACE TABLE fhir.fulfilled AS
SELECT visit.resource_id AS encounter, a.resource_id AS appointment, {among('visit.status', HAPPENED)} AS happened
FROM (SELECT resource_id, status, unnest(appointments) AS ref FROM fhir."Encounter"
      WHERE NOT copy AND {among('class', OUTPATIENT)}) AS visit
JOIN fhir."Appointment" AS a ON 'Appointment/' || a.resource_id = visit.ref
WHERE NOT a.copy AND a.status <> 'entered-in-error'
"""

# The first appointment made on each request: only for it does the request tell when it was asked for.
ASKED = """
CREATE OR REPLACE TABLE fhir.asked AS
SELECT a.resource_id AS appointment, request.authored AS requested_at
FROM fhir."Appointment" AS a JOIN fhir."ServiceRequest" AS request
  ON a.based_on = 'ServiceRequest/' || request.resource_id AND NOT request.copy
WHERE NOT a.copy
QUALIFY row_number() OVER (PARTITION BY a.based_on ORDER BY a.created NULLS LAST, a.start NULLS LAST,
                           a.resource_id) = 1
"""

_CANCELLED = f"""CASE
    WHEN {among('a.reason', BY_PATIENT)} THEN 'cancelled_by_patient'
    WHEN {among('a.reason', BY_CLINIC)} THEN 'cancelled_by_clinic'
    WHEN {among('a.local_reason', BY_PATIENT)} THEN 'cancelled_by_patient'
    WHEN {among('a.local_reason', BY_CLINIC)} THEN 'cancelled_by_clinic'
    WHEN fhir.declined(a.actors, a.answers, 'Practitioner') THEN 'cancelled_by_clinic'
    ELSE 'cancelled_by_patient' END"""

DECLINED = """
CREATE OR REPLACE MACRO fhir.declined(refs, answers, kind) AS coalesce(len(list_filter(list_zip(refs, answers),
    lambda x: starts_with(x[1], kind) AND x[2] = 'declined')) > 0, false)
"""

# Appointments held by Encounter and not also in the book have no booking.
APPOINTMENTS = f"""
WITH a AS (
    SELECT *, rowid + 1 AS _row, coalesce(own_id, resource_id) AS id,
           list_filter(actors, lambda x: starts_with(x, 'Patient')) AS patients,
           fhir.clinician_of(actors, roles) AS clinician_ref, fhir.first_of(actors, 'Location') AS place
    FROM fhir."Appointment"),
booked AS (
    SELECT a.* EXCLUDE (id), id, patients[1] AS patient_ref FROM a
    UNION ALL BY NAME
    SELECT a.* EXCLUDE (id), id || '#' || n AS id, patients[n] AS patient_ref
    FROM (SELECT *, unnest(range(2, len(patients) + 1)) AS n FROM a WHERE len(patients) > 1) AS a)
SELECT a._row, a.id AS appointment, coalesce(p.patient, fhir.id_of(a.patient_ref)) AS patient,
       coalesce(c.clinician, fhir.id_of(a.clinician_ref)) AS clinician,
       CASE WHEN a.has_profession IS NULL THEN c.profession ELSE a.own_profession END AS profession,
       CASE WHEN a.has_site IS NULL THEN coalesce(s.site, fhir.id_of(a.place), c.site) ELSE a.own_site END AS site,
       coalesce(a.own_kind, CASE WHEN len(a.patients) > 1 THEN 'group' END,
                {words('a.type', KIND, otherwise='NULL')}) AS kind,
       a.own_modality AS modality,
       coalesce(a.own_requested, asked.requested_at) AS requested_at,
       a.created AS booked_at, a.start AS starts_at,
       coalesce(a.own_minutes, a.minutes, fhir.minutes_between(a.start, a."end")::VARCHAR) AS minutes,
       CASE WHEN a.status = 'cancelled' THEN {_CANCELLED}
            WHEN f.happened AND {among('a.status', OPEN)} THEN 'completed'
            ELSE {words('a.status', APPOINTMENT)} END AS status,
       coalesce(a.own_cancelled, a.r5_cancelled) AS cancelled_at,
       a.first_offered_at, a.offer_declined,
       fhir.id_of(coalesce(a.replaces, a.r5_replaces)) AS replaces_appointment,
       a.prescribed_interval_days,
       a.longer_interval_approved AS longer_interval_approved_by_clinician,
       coalesce(a.group_id, CASE WHEN len(a.patients) > 1 THEN coalesce(a.own_id, a.resource_id) END) AS group_id
FROM booked AS a
LEFT JOIN fhir.known_patients AS p ON p.ref = a.patient_ref
LEFT JOIN fhir.known_clinicians AS c ON c.ref = a.clinician_ref
LEFT JOIN fhir.sites AS s ON s.ref = a.place
LEFT JOIN fhir.asked ON asked.appointment = a.resource_id
LEFT JOIN (SELECT appointment, bool_or(happened) AS happened FROM fhir.fulfilled GROUP BY ALL) AS f
  ON f.appointment = a.resource_id
UNION ALL BY NAME
SELECT e._row + (SELECT count(*) FROM fhir."Appointment") AS _row, 'Encounter/' || e.id AS appointment,
       coalesce(p.patient, fhir.id_of(e.patient)) AS patient,
       coalesce(c.clinician, fhir.id_of(e.clinician_ref)) AS clinician, c.profession,
       coalesce(s.site, fhir.id_of(e.place), c.site) AS site,
       {words('e.class', OUTPATIENT)} AS modality, e.start AS starts_at,
       coalesce(CASE e.length_unit WHEN 'min' THEN e.length::DOUBLE WHEN 'h' THEN 60 * e.length::DOUBLE END,
                fhir.minutes_between(e.start, e."end"))::VARCHAR AS minutes,
       {words('e.status', VISIT)} AS status
FROM (SELECT *, rowid + 1 AS _row, coalesce(own_id, resource_id) AS id,
             fhir.clinician_of(actors, roles) AS clinician_ref, fhir.first_of(places, 'Location') AS place
      FROM fhir."Encounter" WHERE {among('class', OUTPATIENT)} AND own_kind IS NULL) AS e
LEFT JOIN fhir.known_patients AS p ON p.ref = e.patient
LEFT JOIN fhir.known_clinicians AS c ON c.ref = e.clinician_ref
LEFT JOIN fhir.sites AS s ON s.ref = e.place
WHERE e.resource_id IS NULL OR e.resource_id NOT IN (SELECT encounter FROM fhir.fulfilled)
"""

# A stay that began in the emergency department is both: classHistory tells when it turned.
ENCOUNTERS = f"""
WITH e AS (
    SELECT *, rowid + 1 AS _row, coalesce(own_id, resource_id) AS id,
           list_zip(past_classes, past_starts, past_ends) AS past
    FROM fhir."Encounter" WHERE own_kind IS NOT NULL OR NOT {among('class', OUTPATIENT)}),
spells AS (
    SELECT _row, id, patient, status, own_kind, class,
           coalesce(list_filter(past, lambda x: x[1] = class)[1][2], start) AS start, "end"
    FROM e
    UNION ALL BY NAME
    SELECT _row, id || '#' || past_class AS id, patient, status, past_class AS class, past_start AS start,
           past_end AS "end"
    FROM (SELECT *, unnest(past)[1] AS past_class, unnest(past)[2] AS past_start, unnest(past)[3] AS past_end
          FROM e WHERE len(past) > 0)
    WHERE {among('past_class', STAY)} AND past_class <> class)
SELECT e._row, e.id AS encounter, coalesce(p.patient, fhir.id_of(e.patient)) AS patient,
       CASE WHEN NOT {among('e.status', HAPPENED)} THEN e.status
            ELSE coalesce(e.own_kind, {words('e.class', STAY)}) END AS kind,
       e.start AS starts_at, e."end" AS ends_at
FROM spells AS e LEFT JOIN fhir.known_patients AS p ON p.ref = e.patient
"""

QUERIES: dict[str, str] = {"appointments": APPOINTMENTS, "encounters": ENCOUNTERS}
