"""Appointments and encounters out of the resources Appointment and Encounter.

Each query gives `_row`, the columns of its table, and `aside`: why a row is no such record, or null.
"""

from __future__ import annotations

from careload.history.fhir.words import (
    APPOINTMENT,
    BY_CLINIC,
    BY_PATIENT,
    ERROR,
    HAPPENED,
    KIND,
    NOT_AGREED,
    OPEN,
    OUTPATIENT,
    STAY,
    VISIT,
    among,
    words,
)

MACROS = """
CREATE OR REPLACE MACRO fhir.minutes_between(a, b) AS CASE
    WHEN length(a) > 10 AND length(b) > 10 THEN
        coalesce(date_diff('microsecond', try_cast(a AS TIMESTAMPTZ), try_cast(b AS TIMESTAMPTZ)),
                 date_diff('microsecond', try_cast(a AS TIMESTAMP), try_cast(b AS TIMESTAMP))) / 60e6 END;

CREATE OR REPLACE MACRO fhir.first_of(refs, kind) AS list_filter(refs, lambda x: starts_with(x, kind))[1];

-- The one in charge (primary performer or attender), else the first named.
CREATE OR REPLACE MACRO fhir.clinician_of(refs, roles) AS coalesce(
    CASE WHEN len(list_filter(roles, lambda x: x IN ('PPRF', 'ATND'))) > 0 THEN
        list_filter(list_zip(refs, roles),
                    lambda x: starts_with(x[1], 'Practitioner') AND x[2] IN ('PPRF', 'ATND'))[1][1] END,
    fhir.first_of(refs, 'Practitioner'));

CREATE OR REPLACE MACRO fhir.declined(refs, answers, kind) AS coalesce(len(list_filter(
    list_zip(refs, answers), lambda x: starts_with(x[1], kind) AND x[2] = 'declined')) > 0, false);

-- The local day of a stamp, as written.
CREATE OR REPLACE MACRO fhir.day(stamp) AS CASE WHEN length(stamp) > 10 THEN left(stamp, 10) ELSE stamp END;
"""

# Visits that are the same event as an appointment in the records: they are counted once, as the appointment.
FULFILLED = f"""
CREATE OR REPLACE TABLE fhir.fulfilled AS
SELECT visit.resource_id AS encounter, a.resource_id AS appointment, a.status,
       {among('visit.status', HAPPENED)} AS happened
FROM (SELECT resource_id, status, unnest(appointments) AS ref FROM fhir."Encounter"
      WHERE NOT copy AND {among('class', OUTPATIENT)} AND own_kind IS NULL AND status <> '{ERROR}') AS visit
JOIN fhir."Appointment" AS a ON 'Appointment/' || a.resource_id = visit.ref
WHERE NOT a.copy AND a.status <> '{ERROR}'
"""

# A request tells when the first appointment made on it was asked for, if both are of the same patient.
ASKED = """
CREATE OR REPLACE TABLE fhir.asked AS
SELECT a.resource_id AS appointment, request.authored AS requested_at
FROM fhir."Appointment" AS a JOIN fhir."ServiceRequest" AS request
  ON a.based_on = 'ServiceRequest/' || request.resource_id AND NOT request.copy
LEFT JOIN fhir.known_patients AS p ON p.ref = fhir.first_of(a.actors, 'Patient')
LEFT JOIN fhir.known_patients AS q ON q.ref = request.patient
WHERE NOT a.copy AND coalesce(p.patient, fhir.id_of(fhir.first_of(a.actors, 'Patient')))
                   = coalesce(q.patient, fhir.id_of(request.patient))
QUALIFY row_number() OVER (PARTITION BY a.based_on ORDER BY a.created NULLS LAST, a.start NULLS LAST,
                           a.resource_id) = 1
"""

_CANCELLED = f"""CASE
    WHEN {among('a.reason', BY_PATIENT)} THEN 'cancelled_by_patient'
    WHEN {among('a.reason', BY_CLINIC)} THEN 'cancelled_by_clinic'
    WHEN {among('a.local_reason', BY_PATIENT)} THEN 'cancelled_by_patient'
    WHEN {among('a.local_reason', BY_CLINIC)} THEN 'cancelled_by_clinic'
    WHEN fhir.declined(a.actors, a.answers, 'Practitioner') THEN 'cancelled_by_clinic'
    WHEN fhir.declined(a.actors, a.answers, 'Patient') THEN 'cancelled_by_patient'
    ELSE 'cancelled' END"""

# From the book: one row per patient of the appointment.
_BOOKED = f"""
WITH read AS (
    SELECT *, rowid + 1 AS _row, coalesce(own_id, resource_id) AS id,
           list_filter(actors, lambda x: starts_with(x, 'Patient')) AS patients,
           fhir.clinician_of(actors, roles) AS clinician_ref, fhir.first_of(actors, 'Location') AS place
    FROM fhir."Appointment"),
a AS (
    SELECT *, id AS own, patients[1] AS patient_ref FROM read
    UNION ALL BY NAME
    SELECT * EXCLUDE (n), id || '#' || n AS own, patients[n] AS patient_ref
    FROM (SELECT *, unnest(range(2, len(patients) + 1)) AS n FROM read WHERE len(patients) > 1))
SELECT a._row, a.own AS appointment, coalesce(p.patient, fhir.id_of(a.patient_ref)) AS patient,
       coalesce(c.clinician, fhir.id_of(a.clinician_ref)) AS clinician,
       CASE WHEN a.has_profession IS NULL THEN c.profession ELSE a.own_profession END AS profession,
       CASE WHEN a.has_site IS NULL THEN coalesce(s.site, fhir.id_of(a.place), c.site)
            ELSE a.own_site END AS site,
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
       coalesce(a.group_id, CASE WHEN len(a.patients) > 1 THEN a.id END) AS group_id,
       CASE WHEN a.status = '{ERROR}' THEN 'fhir-entered-in-error'
            WHEN {among('a.status', NOT_AGREED)} AND f.happened IS NOT TRUE THEN 'fhir-not-agreed'
            END AS aside
FROM a
LEFT JOIN fhir.known_patients AS p ON p.ref = a.patient_ref
LEFT JOIN fhir.known_clinicians AS c ON c.ref = a.clinician_ref
LEFT JOIN fhir.sites AS s ON s.ref = a.place
LEFT JOIN fhir.asked ON asked.appointment = a.resource_id
LEFT JOIN (SELECT appointment, bool_or(happened) AS happened FROM fhir.fulfilled GROUP BY ALL) AS f
  ON f.appointment = a.resource_id
"""

# Held and in no book: there is no booking to know of.
_HELD = f"""
SELECT e._row + (SELECT count(*) FROM fhir."Appointment") AS _row, 'Encounter/' || e.id AS appointment,
       coalesce(p.patient, fhir.person(e.patient)) AS patient,
       coalesce(c.clinician, fhir.id_of(e.clinician_ref)) AS clinician, c.profession,
       coalesce(s.site, fhir.id_of(e.place), c.site) AS site,
       {words('e.class', OUTPATIENT)} AS modality, e.start AS starts_at,
       coalesce(CASE e.length_unit WHEN 'min' THEN e.length
                                   WHEN 'h' THEN (60 * try_cast(e.length AS DOUBLE))::VARCHAR END,
                fhir.minutes_between(e.start, e."end")::VARCHAR) AS minutes,
       {words('e.status', VISIT)} AS status,
       CASE WHEN e.status = '{ERROR}' THEN 'fhir-entered-in-error' END AS aside
FROM (SELECT *, rowid + 1 AS _row, coalesce(own_id, resource_id) AS id,
             fhir.clinician_of(actors, roles) AS clinician_ref, fhir.first_of(places, 'Location') AS place
      FROM fhir."Encounter" WHERE {among('class', OUTPATIENT)} AND own_kind IS NULL) AS e
LEFT JOIN fhir.known_patients AS p ON p.ref = e.patient
LEFT JOIN fhir.known_clinicians AS c ON c.ref = e.clinician_ref
LEFT JOIN fhir.sites AS s ON s.ref = e.place
WHERE e.resource_id IS NULL OR e.resource_id NOT IN (SELECT encounter FROM fhir.fulfilled)
"""

APPOINTMENTS = f"({_BOOKED}) UNION ALL BY NAME ({_HELD})"

# A stay that began in the emergency department is two spells: classHistory tells when it turned.
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
    SELECT _row, id || '#' || spell[1] AS id, patient, status, spell[1] AS class, spell[2] AS start,
           spell[3] AS "end"
    FROM (SELECT *, unnest(past) AS spell FROM e WHERE len(past) > 0)
    WHERE {words('spell[1]', STAY, otherwise="'none'")}
          NOT IN ('none', {words('class', STAY, otherwise="''")}))
SELECT e._row, e.id AS encounter, coalesce(p.patient, fhir.person(e.patient)) AS patient,
       coalesce(e.own_kind, {words('e.class', STAY)}) AS kind, e.start AS starts_at, e."end" AS ends_at,
       CASE WHEN e.status = '{ERROR}' THEN 'fhir-entered-in-error'
            WHEN NOT {among('e.status', HAPPENED)} THEN 'fhir-did-not-happen' END AS aside
FROM spells AS e LEFT JOIN fhir.known_patients AS p ON p.ref = e.patient
"""
